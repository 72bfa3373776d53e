"""Guildhall in a terminal: the smallest adapter, and the first one to copy."""

import asyncio
import re
import secrets
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final, TextIO

from bot.card import Card, Form
from bot.model import Identity, Post, Ref, direct_place, read_number
from bot.ports import Asked, Hear, Heard, Reply, Wrote
from bot.wording import plain_card

# What a terminal would obey instead of showing: escape sequences, bells, deletions.
OBEYED: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Console:
    """The adapter of places such as `console:billing` and `console:@ann`; everything appears in the one terminal.

    Each line typed is a sentence, but for `/as NAME` (speak as somebody else), `/ask TEXT` and `/reply NUMBER TEXT`
    (a customer's words). `lines` are what is typed, `say` shows a text.
    """

    name = "console"

    def __init__(self, lines: AsyncIterator[str], say: Callable[[str], None], *, who: str = "you") -> None:
        self._lines, self._say, self._who = lines, say, who
        self._session, self._count = secrets.token_hex(4), 0

    async def run(self, hear: Hear) -> None:
        """Listens until cancelled, or until there is nothing more to read."""
        async for line in self._lines:
            said = self._heard(line.strip())
            answer = await hear(said) if said is not None else None
            while isinstance(answer, Form):
                filled = await self._filled(answer)
                answer = await hear(filled) if filled is not None else None
            if isinstance(answer, Reply):
                self._say(_text(answer.card))

    async def put(self, post: Post, card: Card) -> Ref:
        """A terminal cannot edit, so an edit is said again under the same name."""
        self._say(f"[{post.key}] {post.notice.recipient}\n{_text(card)}")
        return Ref(post.key)

    async def find(self, post: Post) -> Ref | None:
        """Nobody can tell what was on a screen before a restart: it is said again."""
        return None

    async def remove(self, post: Post) -> None:
        self._say(f"[{post.key}] -")

    def _heard(self, line: str) -> Heard | Asked | Wrote | None:
        word, _, rest = line.partition(" ")
        match word:
            case "":
                return None
            case "/as":
                self._who = rest.strip() or self._who
                return None
            case "/ask":
                origin = direct_place(self.name, self._who)
                return Asked(key=self._key(), who=self._identity(), text=rest, origin=origin, name=self._who)
            case "/reply":
                number, _, text = rest.strip().partition(" ")
                question = read_number(number)
                if question is not None:
                    return Wrote(key=self._key(), who=self._identity(), question=question, text=text)
        return self._sentence(line)

    def _sentence(self, sentence: str, values: dict[str, str] | None = None) -> Heard:
        return Heard(
            key=self._key(),
            who=self._identity(),
            sentence=sentence,
            name=self._who,
            place=direct_place(self.name, self._who),
            values=values or {},
        )

    async def _filled(self, form: Form) -> Heard | None:
        """The form's entries, a line each; None when a required one is left empty, which leaves the form."""
        self._say("\n".join(part for part in (form.title, form.intro) if part))
        values = {}
        for entry in form.entries:
            choices = "".join(f"\n  {each.value}: {each.label}" for each in entry.choices)
            self._say(f"{entry.label}{choices}")
            values[entry.name] = (await anext(self._lines, "")).strip() or entry.value
            if entry.required and not values[entry.name]:
                return None
        return self._sentence(form.sentence, values)

    def _identity(self) -> Identity:
        return Identity(platform=self.name, workspace="", external=self._who)

    def _key(self) -> str:
        """A line is typed once, so that its place in the session names it."""
        self._count += 1
        return f"{self.name}/{self._session}/{self._count}"


def _text(card: Card) -> str:
    """The card and, since nobody can press anything here, what its buttons say."""
    sentences = [f"  {button.label}: {button.sentence}" for button in card.buttons]
    return OBEYED.sub("", "\n".join([plain_card(card), *sentences]))


async def typed(stream: TextIO = sys.stdin) -> AsyncIterator[str]:
    """The lines of a stream, read beside the event loop, so that an idle terminal keeps nothing waiting."""
    loop, arrived = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        with suppress(RuntimeError):  # the program has ended while somebody was still typing
            for line in stream:
                loop.call_soon_threadsafe(arrived.put_nowait, line)
            loop.call_soon_threadsafe(arrived.put_nowait, None)

    threading.Thread(target=read, name="console", daemon=True).start()
    while (line := await arrived.get()) is not None:
        yield line
