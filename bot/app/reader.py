"""What rendering and looking things up read: facts by their numbers, at one moment, under the house's name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.model import Category, CategoryName, Person, PersonId, QuestionId
from bot.policy import Policy
from bot.ports import Facts, Views


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """`now` is milliseconds UTC."""

    views: Views
    now: Callable[[], int]
    policy: Policy
    company: str

    async def facts(
        self,
        question: QuestionId | None,
        person: Person | None = None,
        *,
        people: Iterable[PersonId] = (),
        draft: bool = False,
    ) -> Facts:
        """Everything about the question, and those people; with `draft`, what `person` has begun to write."""
        wanted = {*people, *((person.id,) if person else ())}
        draft_of = person.id if person is not None and draft else None
        facts = await self.views.facts(question, now=self.now(), people=wanted, draft_of=draft_of)
        known = facts.people.get(person.id) if person is not None else None
        if person is not None and known is not None and person.staff is None and known.staff is not None:
            # Staff as guests of a platform: read with the eyes they have there.
            facts = replace(facts, people={**facts.people, person.id: replace(known, staff=None)})
        return replace(facts, company=self.company, policy=self.policy)

    async def categories(self) -> dict[CategoryName, Category]:
        return {each.name: each for each in await self.views.categories()}
