"""Simulated experts and staff, who work through the API: they look, take what is free, write, and make mistakes."""

import asyncio
import hashlib
import random
import re
import secrets
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.traffic.house import Program, kind_of

LOOK_SECONDS = 0.3
MORE_WORDS = "If that does not do it, tell me what you see and I will look at it again."
ASKED_BACK = "Which version is it, and since when does this happen to you?"
NO_IDEA = "I have not seen this before, so I would rather not guess. Could staff have a look, please?"
STAFF_ANSWER = "We looked into this for you. There is no good answer yet; we will write to you as soon as there is one."
LAST_WORD = "We are sorry for the detour. Here is what our own people say about it, and it holds for every account."
LINKS = re.compile(r"https?://|www\.|@|\b\w+\.(?:com|org|net|de|uk)\b|\d{5,}", re.IGNORECASE)


@dataclass(slots=True)
class Day:
    """What everybody of this day shares. `answers` are the texts that experts know, by the question's number; `sent`
    and `taken_back` are by question and number of the text."""

    seed: int
    answers: dict[str, str] = field(default_factory=dict)
    sent: dict[tuple[str, int], str] = field(default_factory=dict)
    edited: dict[tuple[str, int], str] = field(default_factory=dict)
    taken_back: set[tuple[str, int]] = field(default_factory=set)
    did: Counter[str] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _tried: set[tuple[str, str]] = field(default_factory=set)

    def gone_out(self) -> dict[tuple[str, int], str]:
        """What customers should have, unless somebody's later text took its place in time."""
        return {which: text for which, text in {**self.sent, **self.edited}.items() if which not in self.taken_back}

    def draw(self, number: str, what: str) -> float:
        """Between 0 and 1: the same for this question and purpose whoever asks, and whenever."""
        digest = hashlib.sha256(f"{self.seed}/{number}/{what}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    def once(self, number: str, what: str, share: float) -> bool:
        """Whether this happens to the question, now and never again."""
        if (number, what) in self._tried or self.draw(number, what) >= share:
            return False
        self._tried.add((number, what))
        return True


class Person:
    """Somebody with a key. A tenth of what they do is sent twice at once, as nervous programs do."""

    def __init__(self, program: Program, name: str, day: Day) -> None:
        self.api, self.name, self.day = program, name, day
        self._dice = random.Random(f"{day.seed}/{name}")

    async def does(self, verb: str, number: str, **body: object) -> httpx.Response:
        path, key = f"/questions/{number}/{verb}", secrets.token_hex(8)
        twice = self.day.once(number, f"nervous {verb}", 0.1)
        posts = [self.api.post(path, body or None, key=key) for _ in range(2 if twice else 1)]
        answers = await asyncio.gather(*posts)
        first = next(each for each in answers if kind_of(each) != "in-flight")
        if twice:
            again = await self.api.post(path, body or None, key=key)
            assert again.content == first.content, (again.text, first.text)
            self.day.did["sent three times"] += 1
        self.day.did[f"{verb} {kind_of(first)}".strip()] += 1
        return first

    async def lives(self) -> None:
        while not self.day.over.is_set():
            if not await self.acts():
                await asyncio.sleep(LOOK_SECONDS)

    async def acts(self) -> bool:
        raise NotImplementedError

    async def sends(self, verb: str, number: str, text: str, **more: object) -> str:
        """Writes to the customer; the kind of the refusal, or nothing."""
        answer = await self.does(verb, number, text=text, **more)
        if kind := kind_of(answer):
            return kind
        self.day.sent[number, answer.json()["message"]] = text
        return ""


class Expert(Person):
    """Takes what is free, and answers it with what is known of it."""

    async def acts(self) -> bool:
        desk = (await self.api.get("/me", limit=1)).raise_for_status().json()
        mine = [each["number"] for each in desk["claims"] if each["state"] == "claimed"]
        done = [await self._works_on(number) for number in mine]
        return any(done) or await self._claims()

    async def _claims(self) -> bool:
        found = (await self.api.get("/questions", state="open", oldest_first=True, limit=10)).raise_for_status()
        free = [each["number"] for each in found.json()["questions"]]
        self._dice.shuffle(free)  # so that it is seldom, and not always, that two want the same
        for number in free[:3]:
            if self.day.once(number, f"{self.name} passes", 0.02):
                await self.does("pass", number, reason="I do not know this one.")
                continue
            kind = kind_of(await self.does("claim", number))
            if not kind:
                return True
            if kind == "too-many-claims":
                return False
        return False

    async def _works_on(self, number: str) -> bool:
        day = self.day
        if day.once(number, "release", 0.06):
            await self.does("release", number)
        elif day.once(number, "clarify", 0.08):
            await self.sends("clarify", number, ASKED_BACK)
        elif day.once(number, "note", 0.1):
            await self.does("note", number, text="I had a question like this last week.")
        elif not day.answers[number] or day.once(number, "escalate", 0.06):
            await self.does("escalate", number, reason="other", text=NO_IDEA)
        else:
            return await self._answers(number)
        return True

    async def _answers(self, number: str) -> bool:
        """False when it has to wait: nobody writes a long text in the first seconds."""
        text = self.day.answers[number]
        match kind := await self.sends("answer", number, text):
            case "":
                if self.day.once(number, "undo", 0.1):
                    await self._takes_back(number, text)
            case "too-short":
                self.day.answers[number] = f"{text} {MORE_WORDS}"
            case "objectionable":
                self.day.answers[number] = plain(text) if plain(text) != text else ""
            case "too-fast":
                return False
            case _:
                assert kind in ("not-allowed", "already-taken", "wrong-state"), kind  # somebody else has it now
        return True

    async def _takes_back(self, number: str, text: str) -> None:
        message = max(each for of, each in self.day.sent if of == number)
        if not kind_of(await self.does("undo", number, message=message)):
            self.day.taken_back.add((number, message))
            await self.sends("answer", number, f"{text} {MORE_WORDS}")


class Staff(Person):
    """Lets through what is held, reads what is to be reviewed, and answers what came up to them."""

    async def acts(self) -> bool:
        rows = await self.api.every_question("held", "review", "escalated")
        for row in rows:
            number = str(row["number"])
            match row["state"]:
                case "held":
                    await self.does("admit", number)
                case "review":
                    await self._reviews(number)
                case _:
                    await self._answers(number)
        return bool(rows)

    async def _reviews(self, number: str) -> None:
        shown = (await self.api.get(f"/questions/{number}")).raise_for_status().json()
        waiting = [each["number"] for each in shown["answers"] if each["state"] == "review"]
        for message in waiting:
            if self.day.once(number, "revise", 0.3):
                if not kind_of(await self.does("revise", number, message=message, text="Say it a little warmer.")):
                    self.day.taken_back.add((number, message))
            elif self.day.once(number, "edit", 0.2):
                text = f"{await self._text(number, message)} {MORE_WORDS}"
                if not kind_of(await self.does("approve", number, message=message, text=text)):
                    self.day.edited[number, message] = text
            else:
                await self.does("approve", number, message=message)

    async def _text(self, number: str, message: int) -> str:
        found = (await self.api.get(f"/questions/{number}/messages")).raise_for_status().json()["messages"]
        return next(str(each["text"]) for each in found if each["number"] == message)

    async def _answers(self, number: str) -> None:
        day = self.day
        if day.once(number, "deny", 0.3):
            await self.does("deny", number)
        if day.answers[number] and day.once(number, "hand back", 0.3):
            await self.does("hand-back", number)
        elif day.once(number, "override", 0.3):
            await self.sends("override", number, LAST_WORD, reason="It is about what we promised.")
        else:
            await self.sends("answer", number, STAFF_ANSWER)


def plain(text: str) -> str:
    """Without the sentences that name addresses, links or long numbers: what an expert takes out when told why."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    kept = " ".join(each for each in sentences if not LINKS.search(each))
    return f"{kept} {MORE_WORDS}".strip() if kept != text else text
