"""Simulated customers: some are behind a program with a token, some sit before the private page of their question."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Protocol

import httpx

from tests.traffic.house import Program, kind_of

CLOSED_TO_OTHERS = (404, 403)


class Customer(Protocol):
    """One customer of one question, who can do what customers do. Each answer is the kind of a refusal, or nothing."""

    number: str

    async def reads(self) -> list[str]:
        """The texts that came back, oldest first."""

    async def helped(self, answer: int, words: str = "") -> str: ...

    async def not_yet(self, answer: int, complaint: str, words: str) -> str: ...

    async def replies(self, words: str) -> str: ...

    async def presses(self, verb: str) -> str: ...

    async def keeps_out(self, stranger: Program) -> bool:
        """Whether somebody else, with a key or an address of their own, finds nothing here."""


@dataclass(frozen=True, slots=True)
class ByProgram:
    """Somebody whose shop asks for them."""

    program: Program
    number: str

    async def reads(self) -> list[str]:
        answer = (await self.program.get(f"/questions/{self.number}/messages")).raise_for_status()
        return [each["text"] for each in answer.json()["messages"] if each["author"] != "customer"]

    async def helped(self, answer: int, words: str = "") -> str:
        return await self._says("verdict", {"answer": answer, "verdict": "helped", "text": words})

    async def not_yet(self, answer: int, complaint: str, words: str) -> str:
        body = {"answer": answer, "verdict": "not-yet", "complaint": complaint, "text": words}
        return await self._says("verdict", body)

    async def replies(self, words: str) -> str:
        return await self._says("reply", {"text": words})

    async def presses(self, verb: str) -> str:
        return await self._says(verb, None)

    async def keeps_out(self, stranger: Program) -> bool:
        tried = [await stranger.get(f"/questions/{self.number}{more}") for more in ("", "/messages")]
        return all(each.status_code in CLOSED_TO_OTHERS for each in tried)

    async def _says(self, what: str, body: object) -> str:
        return kind_of(await self.program.post(f"/questions/{self.number}/{what}", body))


@dataclass(frozen=True, slots=True)
class ByPage:
    """Somebody who was given the address of their page, and sends the forms that stand on it."""

    http: httpx.AsyncClient
    number: str
    path: str

    async def reads(self) -> list[str]:
        html = (await self._looks()).text
        bubbles = re.findall(r'<article class="bubble theirs">.*?<p class="words">(.*?)</p>', html, re.DOTALL)
        return [unescape(each) for each in bubbles]

    async def helped(self, answer: int, words: str = "") -> str:
        done = await self._sends("verdict", choice="helped", answer=str(answer))
        return done or (await self.replies(words) if words else "")

    async def not_yet(self, answer: int, complaint: str, words: str) -> str:
        return await self._sends("verdict", choice="not-yet", answer=str(answer), complaint=complaint, text=words)

    async def replies(self, words: str) -> str:
        return await self._sends("reply", text=words)

    async def presses(self, verb: str) -> str:
        return await self._sends(verb)

    async def keeps_out(self, stranger: Program) -> bool:
        start, _, token = self.path.rpartition("/")
        wrong = [f"{start}/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}", f"{start}/{'x' * len(token)}"]
        tried = [await self.http.get(path) for path in wrong]
        tried.append(await stranger.get(f"/questions/{self.number}/messages"))
        return all(each.status_code in CLOSED_TO_OTHERS for each in tried)

    async def _looks(self) -> httpx.Response:
        return (await self.http.get(self.path)).raise_for_status()

    async def _sends(self, form: str, **entries: str) -> str:
        html = (await self._looks()).text
        hidden = dict(re.findall(r'<input type="hidden" name="(form_token|at)" value="([^"]*)">', html))
        answer = await self.http.post(f"{self.path}/{form}", data={**hidden, **entries})
        assert answer.status_code < 500, answer.text
        return "" if answer.status_code == 303 else f"page {answer.status_code}"
