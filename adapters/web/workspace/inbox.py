"""The staff inbox: what waits for staff and for how long, and what could not be delivered."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.web.workspace.cards import Telling
from adapters.web.workspace.parts import Words, box, link, press_button
from adapters.web.workspace.sitting import SignedOut, Sitting
from bot.card import Moment, Weight
from bot.model import Category, CategoryName, Person, Post, Question, State, spoken_number
from bot.wording import moment_text

_WAITING: Final = (
    (State.ESCALATED, "With staff"),
    (State.HELD, "Held: look before experts see them"),
    (State.REVIEW, "Texts awaiting review"),
)
_TEXTS: Final = ("answer", "clarify", "correction")
_ROWS: Final = 100


class Inbox:
    """The page "Inbox", for staff alone."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._drawing = asyncio.Lock()
        self._drawn: object = None
        with box(look="g-scrolled g-desk"):
            self._telling = Telling(sitting)
            self._lists = box()

    async def refresh(self) -> None:
        """Raises SignedOut, also for somebody who is no longer staff."""
        async with self._drawing:
            await self._staff()
            views = self._sitting.web.views
            states = [state for state, _ in _WAITING]
            waiting = (await views.questions(states=states, oldest_first=True, limit=_ROWS)).rows
            asking = [each for each in await views.asking_staff(_ROWS) if each.state not in states]
            troubled = await views.troubled_posts()
            minute = self._sitting.web.now() // 60_000
            drawn = (
                tuple(waiting),
                tuple(asking),
                tuple((post.id, post.why, post.retry_at) for post in troubled),
                minute,
            )
            if drawn == self._drawn or self._lists.is_deleted:
                return
            self._drawn = drawn
            categories = await self._sitting.categories()
            self._lists.clear()
            with self._lists:
                self._draw(waiting, asking, troubled, categories)

    async def _staff(self) -> Person:
        person = await self._sitting.person()
        if person.staff is None:
            raise SignedOut
        return person

    def _draw(
        self,
        waiting: Sequence[Question],
        asking: Sequence[Question],
        troubled: Sequence[Post],
        categories: Mapping[CategoryName, Category],
    ) -> None:
        if not waiting and not asking and not troubled:
            Words("p", "Nothing waits for staff.", "g-none")
        for state, title in _WAITING:
            self._section(title, [each for each in waiting if each.state is state], categories)
        self._section("Flagged or appealed", asking, categories)
        if troubled:
            with box("section", "g-panel", aria_label="Not delivered"):
                Words("h2", f"Not delivered ({len(troubled)})")
                for post in troubled:
                    self._undelivered(post)

    def _section(self, title: str, questions: Sequence[Question], categories: Mapping[CategoryName, Category]) -> None:
        if not questions:
            return
        with box("section", "g-panel", aria_label=title):
            Words("h2", f"{title} ({len(questions)})")
            for each in questions:
                self._question(each, categories.get(each.category))

    def _question(self, question: Question, category: Category | None) -> None:
        number = spoken_number(question.id)
        with box(look="g-row"):
            link(number, f"/workspace/inbox?thread={number}", "g-number")
            Words("span", category.title if category else question.category, "g-grow")
            if question.why_held:
                Words("span", ", ".join(each.replace("-", " ") for each in question.why_held), "g-why")
            Words("span", f"for {self._ago(question.since)}", "g-left")

    def _undelivered(self, post: Post) -> None:
        notice = post.notice
        number = spoken_number(notice.question) if notice.question is not None else ""
        with box(look="g-row"):
            if number:
                link(number, f"/workspace/inbox?thread={number}", "g-number")
            what = f"{notice.about.replace('-', ' ').capitalize()} to {notice.recipient.partition(':')[0]}"
            Words("span", what, "g-grow")
            Words("span", post.why.replace("-", " "), "g-why")
            if post.retry_at > self._sitting.web.now():
                again = moment_text(Moment(at=post.retry_at), self._sitting.web.now(), self._sitting.timezone)
                Words("span", f"next try {again}", "g-left")
            if number and notice.about in _TEXTS and notice.message is not None:
                sentence = f"try-now {number} {notice.message}"
                press_button("Try now", lambda: self._telling.say(sentence), Weight.MAIN)

    def _ago(self, at: int) -> str:
        return moment_text(Moment(at=at, style="ago"), self._sitting.web.now(), self._sitting.timezone)
