"""What adapters may ask on behalf of one person, beside what they hear from them."""

from dataclasses import dataclass, replace

from bot import commands as c
from bot.announce import platform_notices
from bot.app.effects import Effects
from bot.app.files import content_of
from bot.app.home import home
from bot.app.preparing import whole
from bot.app.reader import Reader
from bot.app.suggesting import suggestions
from bot.app.transaction import DRAFT_CHARS_MAX
from bot.card import Card, Choice, Form
from bot.change import Actor
from bot.decide import Context, may
from bot.grammar import verb_said
from bot.lifecycle import ACTIVE
from bot.model import FileId, Identity, Person, PersonId, Place, QuestionId, Words
from bot.ports import Facts, Store, Work
from bot.wording import DRAFTED, ask_form, customers_card, offer_card


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDesk:
    """`bot.ports.Desk`, over the database."""

    store: Store
    reader: Reader
    effects: Effects

    async def offer(self, who: Identity, question: QuestionId) -> Card | None:
        """For the holder, and for staff where they may answer. Everybody else is left in peace; nothing is kept."""
        person = await self.reader.views.person_of(who)
        if person is None:
            return None
        facts = await self.reader.facts(question, person)
        if facts.question is None or facts.question.state not in ACTIVE or facts.question.customer == person.id:
            return None
        if person.id != facts.question.holder and person.staff is None:
            return None
        words = Words.plain("")
        answer = _may(c.SendAnswer(question=question, words=words), person, facts)
        clarify = _may(c.Clarify(question=question, words=words), person, facts)
        note = _may(c.Note(question=question, words=words), person, facts)
        return offer_card(facts, person, answer=answer, clarify=clarify, note=note)

    async def typing(self, who: Identity, question: QuestionId, verb: str, text: str) -> Card | None:
        """Nothing is kept for somebody who neither answers questions nor looks after them."""
        person = await self.reader.views.person_of(who)
        known = verb_said(verb)
        if person is None or known is None or not person.is_crew:
            return None
        facts = await self.reader.facts(question, person)
        if facts.question is None:
            return None
        text = whole(text)[:DRAFT_CHARS_MAX]
        if known.word in DRAFTED:
            now = self.reader.now()
            await self.store.run(lambda work: work.keep_draft(question, person.id, text, now))
        return customers_card(known.word, person.id, text.strip() or "…", facts)

    async def home(self, who: Identity, *, guest: bool = False) -> tuple[Card, ...]:
        person = await self.reader.views.person_of(who) or Person(id=PersonId(""), name="")
        return await home(self.reader, replace(person, staff=None) if guest else person)

    async def suggest(
        self, who: Identity, kind: str, typed: str, verb: str = "", guest: bool = False
    ) -> tuple[Choice, ...]:
        person = await self.reader.views.person_of(who)
        person = replace(person, staff=None) if person is not None and guest else person
        return await suggestions(self.reader, person, kind, typed, verb)

    async def content(self, file: FileId) -> bytes:
        return await content_of(self.reader.views, file)

    async def asking(self) -> Form:
        categories = [each for each in await self.reader.views.categories() if each.open_to_experts]
        return ask_form(categories, self.reader.company, self.reader.policy)

    async def report(self, where: Place, why: str = "") -> None:
        categories, now = await self.reader.views.categories(), self.reader.now()
        about = "platform-lost" if why else "platform-back"

        def act(work: Work) -> None:
            leads = work.staff_homes(leads_only=True).values()
            notices = tuple(platform_notices(about, where, why, now, categories, leads))
            work.want(notices, now)
            places = frozenset(each.recipient for each in notices)
            work.after_commit(lambda: self.effects.look(places))

        await self.store.run(act)

    async def taken(self, key: str) -> bool:
        return await self.store.run(lambda work: work.receipt(key) is not None)

    async def recall(self, name: str) -> str | None:
        return await self.store.run(lambda work: work.setting(f"adapter/{name}"))

    async def keep(self, name: str, value: str) -> None:
        await self.store.run(lambda work: work.set_setting(f"adapter/{name}", value))


def _may(command: c.QuestionCommand, person: Person, facts: Facts) -> bool:
    assert facts.question is not None
    context = Context(actor=Actor(person=person), now=facts.now, policy=facts.policy, category=facts.category)
    return may(command, facts.question, context)
