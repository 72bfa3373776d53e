"""The language that stories are written in: people do things, the world observes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.app import App
from bot.card import Card, Form
from bot.change import Actor, Receipt
from bot.clock import Clock
from bot.commands import CreateCategory
from bot.courier import Courier
from bot.grammar import VERBS
from bot.market.audit import audit
from bot.model import (
    Category,
    CategoryName,
    Expert,
    Identity,
    Person,
    PersonId,
    Place,
    PostState,
    Question,
    QuestionId,
    Rank,
    StaffRole,
    State,
    Unit,
    spoken_number,
)
from bot.policy import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Policy
from bot.ports import Asked, Envelope, Heard, Reply, Upload, Wrote
from bot.wording.plain import plain_card
from storage import SqliteStore, open_store
from tests.fakes.screen import Screen, Shown

MONDAY_NOON = 20_612 * DAY_MS + 12 * HOUR_MS  # 2026-06-08, a Monday

# Verbs whose sentence names a text; stories leave the number out and mean the newest that fits.
NAMING = frozenset(slot_verb.word for slot_verb in VERBS if any(slot.name == "message" for slot in slot_verb.slots))


@dataclass(frozen=True, slots=True)
class Said:
    """What a person was told, at once and alone."""

    reply: Reply | Form

    @property
    def text(self) -> str:
        if isinstance(self.reply, Form):
            return self.reply.title
        return plain_card(self.reply.card)

    @property
    def receipt(self) -> Receipt:
        assert isinstance(self.reply, Reply), f"a form came: {self.text}"
        assert self.reply.receipt is not None, f"nothing was done: {self.text}"
        return self.reply.receipt

    @property
    def refused(self) -> bool:
        return self.receipt.refused

    @property
    def form(self) -> Form:
        assert isinstance(self.reply, Form), f"no form came: {self.text}"
        return self.reply

    @property
    def buttons(self) -> tuple[str, ...]:
        assert isinstance(self.reply, Reply)
        return tuple(button.sentence for button in self.reply.card.buttons)


@dataclass(slots=True)
class Someone:
    """A person in a story."""

    world: "World"
    name: str
    id: PersonId

    @property
    def who(self) -> Identity:
        return Identity(platform="web", workspace="", external=self.name)

    @property
    def home(self) -> Place:
        return Place(f"web:@{self.name}")

    async def says(
        self,
        sentence: str,
        question: QuestionId | None = None,
        *,
        key: str | None = None,
        values: Mapping[str, str] | None = None,
        files: tuple[Upload, ...] = (),
    ) -> Said:
        """A sentence in the question's thread: typed, pressed or submitted, it is all the same."""
        if question is not None:
            sentence = await self.world.numbered(sentence, question, self)
        heard = Heard(
            key=key or self.world.event(),
            who=self.who,
            sentence=sentence,
            name=self.name,
            question=question,
            place=self.home,
            values=values or {},
            files=files,
        )
        said = Said(await self.world.app.hear(heard))
        await self.world.settles()
        return said

    async def asks(self, text: str, **more: object) -> QuestionId:
        said = await self.tries_to_ask(text, **more)
        assert not said.refused, said.text
        assert said.receipt.question is not None
        return said.receipt.question

    async def tries_to_ask(self, text: str, **more: object) -> Said:
        key = more.pop("key", None) or self.world.event()
        asked = Asked(key=str(key), who=self.who, text=text, origin=self.home, name=self.name, **more)  # type: ignore[arg-type]
        said = Said(await self.world.app.hear(asked))
        await self.world.settles()
        return said

    async def writes(self, text: str, question: QuestionId, *, files: tuple[Upload, ...] = ()) -> Said:
        """A customer's further line: words, never a command."""
        wrote = Wrote(key=self.world.event(), who=self.who, question=question, text=text, files=files)
        said = Said(await self.world.app.hear(wrote))
        await self.world.settles()
        return said

    async def owns(self, pocket: str = "pending", unit: str = "USD") -> int:
        return (await self.world.app.views.balances(self.id)).get((pocket, Unit(unit)), 0)

    async def earned(self) -> int:
        return await self.owns("pending") + await self.owns("payable")

    async def points(self) -> int:
        return await self.owns("points", "points")

    async def draft(self, question: QuestionId) -> str:
        return await self.world.app.views.draft(question, self.id)

    def sees(self) -> str:
        """Everything that was said to this person alone, as posts."""
        return self.world.sees(self.home)


async def house(path: Path, moment: list[int], policy: Policy | None = None, people_before: int = 0) -> App:
    """The product over a database at `path`, at the time that stands in `moment`."""
    store = await open_store(str(path))
    ids = count(1 + people_before)
    return App(
        store=store,
        views=store.views,
        now=lambda: moment[0],
        policy=policy or Policy(),
        company="Acme",
        new_person=lambda: PersonId(f"p{next(ids)}"),
    )


@dataclass(slots=True)
class World:
    """One installation with a clock of its own."""

    app: App
    store: SqliteStore
    courier: Courier
    clock: Clock
    screen: Screen
    moment: list[int]
    people: dict[str, Someone] = field(default_factory=dict)
    _events: "count[int]" = field(default_factory=count)

    @classmethod
    async def begins(cls, path: Path, *, policy: Policy | None = None, people_before: int = 0) -> "World":
        moment = [MONDAY_NOON]
        app = await house(path, moment, policy, people_before)
        store, now, policy = app.store, app.now, app.policy
        assert isinstance(store, SqliteStore)
        screen = Screen()
        courier = Courier(
            store=store,
            views=store.views,
            adapters={"web": screen},
            render=app.render,
            apply=app.apply,
            now=now,
            policy=policy,
        )
        clock = Clock(store=store, views=store.views, handle=app.handle, now=now, policy=policy)
        world = cls(app=app, store=store, courier=courier, clock=clock, screen=screen, moment=moment)
        await world.category("billing", title="Billing")
        return world

    async def ends(self) -> None:
        try:
            assert await self.findings() == ()
        finally:
            await self.app.store.close()

    async def begins_again(self, path: Path, *, after_ms: int = 0) -> "World":
        """The program was stopped and starts again on the same database, in front of the same screens."""
        await self.app.store.close()
        self.moment[0] += after_ms
        again = await World.begins(path, people_before=1_000 * (1 + next(self._events)))
        again.moment[0] = self.moment[0]
        again._events = self._events
        again.screen.messages.update(self.screen.messages)
        again.screen.first_posts, again.screen.ever = self.screen.first_posts, self.screen.ever
        again.screen.closed, again.screen._refs = self.screen.closed, self.screen._refs
        again.people.update({name: Someone(again, name, each.id) for name, each in self.people.items()})
        await again.courier.recover()
        await again.clock.catch_up()
        await again.settles()
        return again

    # --- people and categories

    def place(self, name: str) -> Place:
        """Where the category of that name is read, or "staff"."""
        return Place(f"web:{name}")

    def someone(self, person: Person, number: PersonId) -> Someone:
        """A person of this world, as they will be known there."""
        return Someone(self, person.name, number)

    async def category(self, name: str, **more: object) -> Category:
        fields: dict[str, object] = {
            "title": name.title(),
            "channels": (self.place(name),),
            "staff_channel": self.place("staff"),
            **more,
        }
        category = Category(name=CategoryName(name), **fields)  # type: ignore[arg-type]
        founder = Actor(person=Person(id=PersonId("founder"), name="Founder", staff=StaffRole.ADMIN))
        create = CreateCategory(category=category.name, as_=category)
        receipt = await self.app.handle(Envelope(key=self.event(), actor=founder, command=create))
        assert not receipt.refused, receipt
        return category

    async def customer(self, name: str, *, known: tuple[tuple[str, str], ...] = ()) -> Someone:
        return await self._joins(Person(id=PersonId(""), name=name), known)

    async def expert(self, name: str, rank: Rank = Rank.JOURNEYMAN, categories: tuple[str, ...] = ()) -> Someone:
        expert = Expert(rank=rank, categories=tuple(CategoryName(each) for each in categories))
        return await self._joins(Person(id=PersonId(""), name=name, expert=expert))

    async def staff(self, name: str, role: StaffRole = StaffRole.ADMIN) -> Someone:
        return await self._joins(Person(id=PersonId(""), name=name, staff=role))

    async def _joins(self, person: Person, known: tuple[tuple[str, str], ...] = ()) -> Someone:
        someone = self.someone(person, self.app.new_person())
        joined = Person(id=someone.id, name=person.name, home=someone.home, expert=person.expert, staff=person.staff)

        def act(work: object) -> None:
            work.add_person(joined, someone.who, self.now)  # type: ignore[attr-defined]
            work.know(someone.id, known)  # type: ignore[attr-defined]
            work.seen(someone.id, self.now, someone.home)  # type: ignore[attr-defined]

        await self.app.store.run(act)
        self.people[person.name] = someone
        return someone

    # --- time

    @property
    def now(self) -> int:
        return self.moment[0]

    def event(self) -> str:
        return f"test/{next(self._events)}"

    async def passes(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Time goes by; everything that comes due on the way happens at its moment."""
        span = seconds * SECOND_MS + minutes * MINUTE_MS + hours * HOUR_MS + days * DAY_MS
        end = self.now + int(span)
        while True:
            upcoming = [at for at in await self._upcoming() if at <= end]
            self.moment[0] = max(self.now, min(upcoming, default=end))
            await self.settles()
            if not upcoming:
                return

    async def _upcoming(self) -> list[int]:
        found = [await self.app.views.next_due()]
        for recipient in await self.app.views.pending_recipients():
            found.append(await self.app.store.run(lambda work, to=recipient: work.next_post_at(to)))
        return [at for at in found if at is not None and at > self.now]

    async def settles(self) -> None:
        """Whatever is due now happens, and is shown."""
        await self.courier.flush()
        for _ in range(50):
            if await self.clock.tick() > self.now:
                break
        else:
            raise AssertionError("the clock comes to no end")
        await self.courier.flush()

    # --- what there is to see

    async def question(self, number: QuestionId) -> Question:
        facts = await self.app.views.facts(number, now=self.now)
        assert facts.question is not None
        return facts.question

    async def state(self, number: QuestionId) -> State:
        return (await self.question(number)).state

    def sees(self, place: str) -> str:
        """What a place shows, as text: `#billing` is the channel of that name."""
        return "\n\n".join(shown.text for shown in self.shown(place))

    def shown(self, place: str) -> list[Shown]:
        return self.screen.at(Place(place.replace("#", "web:")))

    def card(self, question: QuestionId, place: str = "#billing") -> Card:
        number = spoken_number(question)
        found = [each for each in self.shown(place) if each.parent is None and number in each.card.title]
        assert found, f"no card of {number} in {place}"
        return found[0].card

    def buttons(self, question: QuestionId, place: str = "#billing") -> set[str]:
        return {button.sentence.split()[0] for button in self.card(question, place).buttons}

    async def findings(self) -> tuple[object, ...]:
        """What the audit has to say: nothing, when all is well."""
        rows = await self.store.views.audit_rows()
        return audit(rows.totals, rows.mismatches, rows.escrow_left, rows.negatives, rows.repeated)

    async def undelivered(self) -> list[str]:
        posts = await self.app.views.troubled_posts()
        return [each.notice.slot for each in posts if each.state is not PostState.READY]

    async def numbered(self, sentence: str, number: QuestionId, speaker: Someone) -> str:
        """The sentence with the number of the text it means, where its verb needs one and none is there."""
        for word in sorted(NAMING, key=len, reverse=True):
            said = re.sub(r"[- ]", "[- ]", word)
            found = re.fullmatch(rf"({said})(\s+(?!\d)(.*))?", sentence, re.DOTALL)
            if found:
                question = await self.question(number)
                texts = [each.message for each in question.answers]
                message = texts[-1] if texts else 1
                return f"{found[1]} {spoken_number(number)} {message} {found[3] or ''}".strip()
        return sentence
