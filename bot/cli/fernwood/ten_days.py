"""Lives Fernwood's past through the real App, courier and clock, in a time of its own that runs up to the present."""

from collections.abc import Callable
from dataclasses import replace
from typing import Self

from adapters.web import Web
from adapters.web.people import web_identity, web_place
from bot.app import Effects
from bot.cli import fernwood
from bot.cli.compose import web_of
from bot.cli.fernwood import Step, Story, person_id
from bot.cli.house import House
from bot.cli.people import member
from bot.clock import Clock
from bot.commands import Appoint, Enrol
from bot.courier import Courier
from bot.model import Identity, Place, QuestionId
from bot.ports import Asked, Heard, Reply, Wrote

# Their sentence names the text it is about: the last one that was written.
WITH_NUMBER = ("undo", "approve", "revise", "helped", "not yet", "correct")
WROTE = ("answer", "clarify", "override")


class Past:
    """`refused` are the steps that the policy of this house did not allow, by story and verb."""

    def __init__(self, house: House, web: Web, begun: int) -> None:
        self._stories = {story.key: story for story in fernwood.past()}
        self._plan = sorted(moment for story in self._stories.values() for moment in _moments(story, begun))
        self._now = self._plan[0][0]
        self._until = begun
        self._house = house
        self._app = replace(house.app, now=lambda: self._now, effects=Effects())
        self._courier = Courier(
            store=house.store,
            views=house.views,
            adapters={"web": web},
            render=self._app.render,
            apply=self._app.apply,
            now=self._app.now,
            policy=house.app.policy,
        )
        self._clock = Clock(
            store=house.store, views=house.views, handle=self._app.handle, now=self._app.now, policy=house.app.policy
        )
        self._questions: dict[str, QuestionId] = {}
        self._texts: dict[str, int] = {}
        self.refused: list[str] = []

    @classmethod
    async def of(cls, house: House, begun: int) -> Self:
        return cls(house, await web_of(house), begun)

    @property
    def length(self) -> int:
        """How many steps there are."""
        return len(self._plan)

    async def bring_people(self) -> None:
        for each in fernwood.members():
            person = await member(self._house, each.name, as_staff=each.role is not None, id=each.id)
            if each.role is not None:
                await self._house.do(Appoint(person=person, role=each.role), key=f"fernwood/{each.id}")
            if each.rank is not None:
                enrol = Enrol(person=person, rank=each.rank, categories=each.categories)
                await self._house.do(enrol, key=f"fernwood/{each.id}")

    async def live(self, stepped: Callable[[], None]) -> None:
        for at, key, number in self._plan:
            await self._pass_until(at)
            await (self._ask(self._stories[key]) if number == 0 else self._step(self._stories[key], number))
            stepped()
        await self._pass_until(self._until)

    async def _pass_until(self, at: int) -> None:
        """Everything that the courier and the clock have to do up to then, each at its moment."""
        while True:
            await self._courier.flush()
            next_at = await self._next_moment()
            if next_at is None or next_at > at:
                break
            self._now = max(self._now, next_at)
            await self._clock.send_due()
        self._now = max(self._now, at)

    async def _next_moment(self) -> int | None:
        views, store = self._house.views, self._house.store
        recipients = await views.pending_recipients()
        moments = await store.run(lambda work: [work.next_post_at(each) for each in recipients])
        return min((each for each in (*moments, await views.next_due()) if each is not None), default=None)

    async def _ask(self, story: Story) -> None:
        who = web_identity(person_id(story.customer))
        asked = Asked(
            key=f"fernwood/{story.key}/0",
            who=who,
            text=story.text,
            origin=Place(""),  # their own page
            name=story.customer.capitalize(),
            category=story.category,
            staff_wanted=story.staff_wanted,
        )
        told = await self._app.hear(asked)
        number = told.receipt.question if isinstance(told, Reply) and told.receipt else None
        if number is None:
            self.refused.append(f"{story.key}: ask")
        else:
            self._questions[story.key] = number

    async def _step(self, story: Story, number: int) -> None:
        step, question = story.steps[number - 1], self._questions.get(story.key)
        if question is None:
            return
        key = f"fernwood/{story.key}/{number}"
        who = web_identity(person_id(step.who))
        if step.verb == "reply":
            told = await self._app.hear(Wrote(key=key, who=who, question=question, text=step.words))
        else:
            told = await self._app.hear(_heard(key, who, step, question, self._texts.get(story.key, 0)))
        receipt = told.receipt if isinstance(told, Reply) else None
        if receipt is None or receipt.refused:
            self.refused.append(f"{story.key}: {step.verb}")
        elif step.verb in WROTE and receipt.message is not None:
            self._texts[story.key] = receipt.message


def _moments(story: Story, begun: int) -> list[tuple[int, str, int]]:
    """When each step of the story is: (milliseconds UTC, its key, its number), 0 being the question itself."""
    at = begun - story.ago_ms
    moments = [(at, story.key, 0)]
    for number, step in enumerate(story.steps, start=1):
        at += step.after_ms
        assert at <= begun, f"{story.key} has steps in the future"
        moments.append((at, story.key, number))
    return moments


def _heard(key: str, who: Identity, step: Step, question: QuestionId, text: int) -> Heard:
    """What somebody says in the question's thread; their words go beside the sentence, as from a form."""
    verb = step.verb
    sentence = next(
        (
            f"{each} {text}{verb.removeprefix(each)}"
            for each in WITH_NUMBER
            if verb.split()[: len(each.split())] == each.split()
        ),
        verb,
    )
    reason, apart, words = step.words.rpartition(" || ")
    values = {"words": words, **({"reason": reason} if apart else {})} if step.words else {}
    member_of_house = step.who[0].isupper()
    return Heard(
        key=key,
        who=who,
        sentence=sentence,
        question=question,
        place=web_place(person_id(step.who)) if member_of_house else None,
        values=values,
    )
