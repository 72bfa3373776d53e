"""One's desk: what one has in hand, what one began to write, and what one has earned."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.web.workspace.cards import Telling
from adapters.web.workspace.parts import Words, box, link, press_button
from adapters.web.workspace.sitting import Sitting
from adapters.web.workspace.statement import StatementTable
from bot.app.gathering import SOLVED_DAYS, solved_lately
from bot.card import Moment, Weight
from bot.model import (
    POINTS,
    Category,
    CategoryName,
    Person,
    Question,
    QuestionId,
    State,
    Unit,
    money_text,
    spoken_number,
)
from bot.policy import MINUTE_MS, SECOND_MS
from bot.wording import moment_text
from bot.wording.home import way_up

_IN_HAND: Final = (State.CLAIMED, State.WAITING, State.REVIEW)
_POCKETS: Final = (("pending", "Pending"), ("payable", "Payable"), ("paid", "Paid out"))
_STATES: Final = {State.WAITING: "waiting for the customer", State.REVIEW: "with a reviewer"}


class Desk:
    """The page "My desk"."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._drawing = asyncio.Lock()
        self._drawn: object = None
        with box(look="g-scrolled g-desk"):
            self._telling = Telling(sitting)
            self._top = box("section", "g-panel", aria_label="You")
            self._hand = box("section", "g-panel", aria_label="In hand")
            self._drafts = box("section", "g-panel", aria_label="Drafts")
            self._money = box("section", "g-panel", aria_label="Earnings")
            self._statement = StatementTable(sitting)

    async def refresh(self) -> None:
        """Raises SignedOut."""
        async with self._drawing:
            person, views = await self._sitting.person(), self._sitting.web.views
            claims = (await views.questions(states=_IN_HAND, holder=person.id, limit=50)).rows
            drafts = await views.drafts(person.id)
            balances = dict(await views.balances(person.id))
            now = self._sitting.web.now()
            solved = await solved_lately(views, person.id, now)
            left = tuple(_left(each, now) for each in claims)
            drawn = (person, tuple(claims), tuple(drafts), tuple(balances.items()), solved, left)
            if drawn == self._drawn or self._top.is_deleted:
                return
            self._drawn = drawn
            categories = await self._sitting.categories()
            self._draw_top(person, solved)
            self._draw_hand(claims, categories)
            self._draw_drafts(drafts)
            self._draw_money(balances)
            await self._statement.refresh()

    # --- the parts

    def _draw_top(self, person: Person, solved: int) -> None:
        self._top.clear()
        with self._top:
            Words("h2", person.name)
            with box(look="g-tiles"):
                _tile(str(solved), f"solved in {SOLVED_DAYS} days")
                if person.expert is not None:
                    _tile(str(person.expert.rank), way_up(person.expert, self._sitting.web.policy))
            self._draw_breaks(person)

    def _draw_breaks(self, person: Person) -> None:
        expert = person.expert
        if expert is None:
            return
        now = self._sitting.web.now()
        with box(look="g-buttons"):
            if expert.paused_until is not None and expert.paused_until > now:
                until = moment_text(Moment(at=expert.paused_until, style="day"), now, self._sitting.timezone)
                Words("span", f"You have a break until {until}.")
                press_button("I am back", lambda: self._say("resume"), Weight.MAIN)
            else:
                press_button("Take a break", lambda: self._say("pause"))
            quiet = f"{expert.quiet_from_hour}:00 to {expert.quiet_until_hour}:00"
            press_button(f"Quiet hours: {quiet}", lambda: self._say("quiet"))

    def _draw_hand(self, claims: Sequence[Question], categories: Mapping[CategoryName, Category]) -> None:
        self._hand.clear()
        with self._hand:
            Words("h2", "In hand")
            if not claims:
                Words("p", "You hold no question. The channels show what is open.", "g-none")
            for question in claims:
                self._claim(question, categories.get(question.category))

    def _claim(self, question: Question, category: Category | None) -> None:
        number = spoken_number(question.id)
        with box(look="g-row"):
            link(number, f"/workspace/desk?thread={number}", "g-number")
            Words("span", category.title if category else question.category, "g-grow")
            left = _left(question, self._sitting.web.now())
            Words("span", left, "g-left g-urgent" if "min left" in left and int(left.split()[0]) < 3 else "g-left")
            press_button("Answer", lambda: self._say(f"answer {number}", question.id), Weight.MAIN)

    def _draw_drafts(self, drafts: Sequence[tuple[QuestionId, str]]) -> None:
        self._drafts.clear()
        self._drafts.set_visibility(bool(drafts))
        with self._drafts:
            Words("h2", "Drafts")
            for number, text in drafts:
                self._draft(number, text)

    def _draft(self, question: QuestionId, text: str) -> None:
        with box(look="g-row"):
            Words("span", spoken_number(question), "g-number")
            Words("span", text, "g-grow g-cut")
            press_button("Go on writing", lambda: self._say(f"answer {spoken_number(question)}", question))

    def _draw_money(self, balances: dict[tuple[str, Unit], int]) -> None:
        self._money.clear()
        units = [unit for unit in dict.fromkeys(unit for _, unit in balances) if unit != POINTS]
        with self._money:
            Words("h2", "Earnings")
            with box(look="g-tiles"):
                for unit in units or [Unit("USD")]:
                    for pocket, label in _POCKETS:
                        _tile(money_text(balances.get((pocket, unit), 0), unit), label)
                _tile(str(balances.get(("points", POINTS), 0)), "Points")

    async def _say(self, sentence: str, question: QuestionId | None = None) -> None:
        await self._telling.say(sentence, question=question)


def _tile(value: str, label: str) -> None:
    with box(look="g-tile"):
        Words("strong", value)
        Words("span", label)


def _left(question: Question, now: int) -> str:
    """`12 min left`, `40 s left`; in other states what it waits for."""
    if question.state is not State.CLAIMED or question.held_until is None:
        return _STATES.get(question.state, "")
    left = max(0, question.held_until - now)
    return f"{left // MINUTE_MS} min left" if left >= MINUTE_MS else f"{left // SECOND_MS} s left"
