"""Simulated customers, experts and staff on the rehearsal chat server, who see and press what people see and press."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import httpx

from adapters.rehearsal.wire import Aside, Bubble, Event, Shown, ShownAside, WireForm

LOOK_SECONDS: Final = 0.05
ASIDE_SECONDS: Final = 30.0
AGAIN_SECONDS: Final = 1.0
OPEN_AT_ONCE: Final = 2
BACK_TO_ONE: Final = frozenset({"returned", "replied", "assigned"})  # lines that say: it is your turn again

PROBLEMS: Final = (
    "My last invoice shows the same amount twice. Which of the two do I have to pay?",
    "After the update the app closes as soon as I open the settings. What can I do?",
    "How do I move my saved games to a new phone without losing them?",
    "The code you sent me never arrived. Is there another way to sign in?",
    "Can I change the delivery day of an order that is already packed?",
)
ANSWERS: Final = (
    "One of the two is only a hold; it goes away by itself within three working days.",
    "Please delete the app's cache in the phone's own settings and start it again; that cures it.",
    "Sign in with the same account on the new phone first, then choose Restore in the menu.",
    "Look into the folder for unwanted mail; otherwise ask for the code by telephone instead.",
    "Until the parcel is handed over you can change the day on the order's own page.",
)
ASKED_BACK: Final = "Which version do you have? You find it at the bottom of the settings."
REPLIED: Final = "It says version 7.2, and it is a phone from last year."


class Person:
    """Somebody in front of a screen. What they do depends on `seed` and their name alone, and on what they see."""

    def __init__(self, http: httpx.AsyncClient, name: str, seed: int) -> None:
        self.name = name
        self.dice = random.Random(f"{seed}/{name}")
        self._http = http
        self._seen: dict[str, int] = {}
        self._asides = 0
        self._told: dict[str, Aside] = {}

    async def news(self, channel: str) -> list[Shown]:
        """Messages of a channel that are new or different since the last look."""
        where: dict[str, str | int] = {"channel": channel, "after": self._seen.get(channel, 0)}
        found = (await self._http.get("/screen", params=where)).raise_for_status().json()
        self._seen[channel] = found["turn"]
        return [Shown.model_validate(each) for each in found["messages"]]

    async def presses(self, where: str, value: str) -> Aside | None:
        """None when the button was not there any more, or nobody answered."""
        what = {"where": where, "value": value, "name": self.name}
        answer = await self._http.post(f"/people/{self.name}/press", params=what)
        return await self._answer_to(answer)

    async def says(self, kind: str, text: str, *, under: str | None = None, **more: object) -> Aside | None:
        what = {"kind": kind, "person": self.name, "name": self.name, "text": text, **more}
        params = {"under": under} if under else None
        return await self._answer_to(await self._http.post(f"/people/{self.name}/say", json=what, params=params))

    async def fills(self, form: WireForm, words: str) -> Aside | None:
        """Chooses where there is a choice, and writes `words` wherever something has to be written."""
        values = {}
        for entry in form.entries:
            if entry.choices:
                values[entry.name] = self.dice.choice(entry.choices)[1]
            elif entry.required:
                values[entry.name] = entry.value or words
        return await self.says("submit", form.value, values=values)

    async def _answer_to(self, answer: httpx.Response) -> Aside | None:
        if answer.status_code == 404:
            return None
        event = Event.model_validate(answer.raise_for_status().json())
        with suppress(TimeoutError):
            async with asyncio.timeout(ASIDE_SECONDS):
                while event.id not in self._told:
                    await asyncio.sleep(LOOK_SECONDS)
                    await self._look_aside()
        return self._told.pop(event.id, None)

    async def _look_aside(self) -> None:
        found = await self._http.get(f"/people/{self.name}/asides", params={"after": self._asides})
        for each in found.raise_for_status().json():
            shown = ShownAside.model_validate(each)
            self._asides = shown.number
            self._told[shown.event] = shown.aside


class Customer(Person):
    """Asks `questions` times, two at once at most, and judges what comes: now and then "not yet", once a question."""

    def __init__(self, http: httpx.AsyncClient, name: str, seed: int, *, questions: int, category: str = "") -> None:
        super().__init__(http, name, seed)
        self._questions, self._category = questions, category
        self.asked: list[str] = []
        self._solved: set[int] = set()
        self._returned: set[int] = set()
        self._to_judge: dict[int, Shown] = {}
        self._judged_at: dict[int, float] = {}

    @property
    def done(self) -> bool:
        return len(self._solved) >= self._questions

    def asks_no_more(self) -> None:
        self._questions = len(self.asked)

    async def act(self) -> bool:
        for shown in await self.news(f"@{self.name}"):
            await self._read(shown)
        if len(self.asked) < self._questions and len(self.asked) - len(self._solved) < OPEN_AT_ONCE:
            await self._ask()
            return True
        return await self._judge()

    async def _ask(self) -> None:
        text = f"{self.dice.choice(PROBLEMS)} (This is my question no. {len(self.asked) + 1}, says {self.name}.)"
        self.asked.append(text)
        await self.says("ask", text, category=self._category)

    async def _read(self, shown: Shown) -> None:
        question = shown.tag.question
        if question is None:
            return
        if shown.tag.about == "solved":
            self._solved.add(question)
            self._to_judge.pop(question, None)
        elif shown.tag.about == "clarify":
            await self.says("reply", REPLIED, under=shown.id)
        elif button(shown.bubble, "helped"):
            self._to_judge[question] = shown

    async def _judge(self) -> bool:
        """Presses until the card says that it is solved: a press that comes too early is refused."""
        now = asyncio.get_running_loop().time()
        for question, shown in self._to_judge.items():
            if now - self._judged_at.get(question, -AGAIN_SECONDS) < AGAIN_SECONDS:
                continue
            self._judged_at[question] = now
            not_yet = button(shown.bubble, "not-yet")
            if not_yet and question not in self._returned and self.dice.random() < 0.15:
                self._returned.add(question)
                await self._return(shown, not_yet)
            else:
                await self.presses(shown.id, button(shown.bubble, "helped") or "")
            return True
        return False

    async def _return(self, shown: Shown, value: str) -> None:
        told = await self.presses(shown.id, value)
        if told is not None and told.form is not None:
            await self.fills(told.form, "It is still the same as before, I am afraid.")


class Expert(Person):
    """Claims what is free in a channel and answers it; sometimes asks back first, sometimes takes a text back."""

    def __init__(self, http: httpx.AsyncClient, name: str, seed: int, *, channel: str) -> None:
        super().__init__(http, name, seed)
        self._channel = channel
        self._cards: dict[int, Shown] = {}
        self._my_turn: set[int] = set()

    async def act(self) -> bool:
        for shown in await self.news(self._channel):
            if shown.tag.about == "question" and shown.tag.question is not None:
                self._cards[shown.tag.question] = shown
        for shown in await self.news(f"@{self.name}"):
            if shown.tag.about in BACK_TO_ONE and shown.tag.question is not None:
                self._my_turn.add(shown.tag.question)
        return await self._answer_again() or await self._claim()

    async def _claim(self) -> bool:
        free = [(each, value) for each in self._cards.values() if (value := button(each.bubble, "claim"))]
        if not free:
            return False
        shown, value = self.dice.choice(free)
        told = await self.presses(shown.id, value)
        if told is None or shown.tag.question is None:
            return False
        self._cards.pop(shown.tag.question, None)  # until it changes again
        if self.dice.random() < 0.1:
            await self.says("type", f"!clarify {ASKED_BACK}", under=shown.id)
        else:
            await self._answer(shown)
        return True

    async def _answer_again(self) -> bool:
        """What came back is answered again once its card is there."""
        ready = sorted(self._my_turn & self._cards.keys())
        for question in ready[:1]:
            self._my_turn.discard(question)
            await self._answer(self._cards[question])
        return bool(ready)

    async def _answer(self, shown: Shown) -> None:
        told = await self.says("type", f"!answer {self.dice.choice(ANSWERS)}", under=shown.id)
        undo = button(told.bubble, "undo") if told is not None and told.bubble is not None else None
        if undo and self.dice.random() < 0.1:
            await self.says("type", f"!{undo}", under=shown.id)
            await self.says("type", f"!answer {self.dice.choice(ANSWERS)}", under=shown.id)


class Lead(Person):
    """Raises the bounty of every other question that is still free."""

    def __init__(self, http: httpx.AsyncClient, name: str, seed: int, *, channel: str) -> None:
        super().__init__(http, name, seed)
        self._channel = channel
        self._raised: set[int] = set()

    async def act(self) -> bool:
        for shown in await self.news(self._channel):
            question = shown.tag.question
            if question is None or question in self._raised or not button(shown.bubble, "claim"):
                continue
            self._raised.add(question)
            if self.dice.random() < 0.5:
                await self.says("type", f"!raise {self.dice.randint(3, 9)}.00", under=shown.id)
        return False


async def play(*, customers: Sequence[Customer], others: Sequence[Expert | Lead]) -> None:
    """Everybody acts until every customer's last question is solved."""
    everybody: list[Customer | Expert | Lead] = [*customers, *others]
    tasks = [asyncio.create_task(_live(each, customers)) for each in everybody]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _live(person: Customer | Expert | Lead, customers: Sequence[Customer]) -> None:
    while not all(each.done for each in customers):
        if not await person.act():
            await asyncio.sleep(LOOK_SECONDS)


def button(bubble: Bubble | None, verb: str) -> str | None:
    """What the button for that verb says, if there is one."""
    values = [each.value for each in bubble.buttons] if bubble else []
    return next((value for value in values if value.split(" ", 1)[0] == verb), None)
