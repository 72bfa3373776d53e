"""Lets Fernwood's people live on while the demo runs: now and then somebody asks, answers, is glad or is not."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final

from adapters.web.people import web_identity, web_place
from bot.app import App
from bot.cli import fernwood
from bot.cli.fernwood import Coming, person_id
from bot.model import PersonId, Place, QuestionId
from bot.ports import Asked, Heard, Reply, Store

ASK_SECONDS: Final = (20, 60)  # between two questions
ACT_SECONDS: Final = (8, 25)  # between two acts on one question
VERDICT_SECONDS: Final = (35, 70)  # an answer is on its way for 20


class Living:
    """The questions that are still to come, one after the other; a visitor who is quicker simply has it."""

    def __init__(self, app: App, store: Store, *, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._app, self._store, self._wait_for = app, store, wait
        self._dice = random.Random()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as lives:
            for story in fernwood.coming():
                if await self._is_over(story):
                    continue
                await self._wait(ASK_SECONDS)
                lives.create_task(self._live(story))

    async def _live(self, story: Coming) -> None:
        customer, expert = person_id(story.customer), person_id(story.expert)
        asked = Asked(
            key=_key(story, "ask"),
            who=web_identity(customer),
            text=story.text,
            origin=Place(""),
            name=story.customer.capitalize(),
            category=story.category,
        )
        told = await self._app.hear(asked)
        if not isinstance(told, Reply) or told.receipt is None or told.receipt.question is None:
            return
        question = told.receipt.question
        text = await self._answer(story, expert, question, story.answer, claim=True)
        if text is None:
            return
        await self._wait(VERDICT_SECONDS)
        verb, _, complaint = story.verdict.partition(" did")
        sentence = f"{verb} {text}" + (f" did{complaint}" if complaint else "")
        await self._say(story, "verdict", customer, sentence, question, story.complaint)
        if story.second and (second := await self._answer(story, expert, question, story.second, claim=False)):
            await self._wait(VERDICT_SECONDS)
            await self._say(story, "thanks", customer, f"helped {second}", question, "")

    async def _answer(
        self, story: Coming, expert: PersonId, question: QuestionId, words: str, *, claim: bool
    ) -> int | None:
        """The number of the text, or None when somebody else has the question."""
        if claim:
            await self._wait(ACT_SECONDS)
            if await self._say(story, "claim", expert, "claim", question, "") is None:
                return None
        await self._wait(ACT_SECONDS)
        return await self._say(story, "answer" if claim else "second", expert, "answer", question, words)

    async def _say(
        self, story: Coming, act: str, who: PersonId, sentence: str, question: QuestionId, words: str
    ) -> int | None:
        """The number of the text that this was about (0 when about none), or None when it was refused."""
        place = web_place(who) if act in ("claim", "answer", "second") else None
        heard = Heard(
            key=_key(story, act),
            who=web_identity(who),
            sentence=sentence,
            question=question,
            place=place,
            values={"words": words} if words else {},
        )
        told = await self._app.hear(heard)
        receipt = told.receipt if isinstance(told, Reply) else None
        return None if receipt is None or receipt.refused else receipt.message or 0

    async def _is_over(self, story: Coming) -> bool:
        last = _key(story, "thanks" if story.second else "verdict")
        return await self._store.run(lambda work: work.receipt(last)) is not None

    async def _wait(self, seconds: tuple[float, float]) -> None:
        await self._wait_for(self._dice.uniform(*seconds))


def _key(story: Coming, act: str) -> str:
    return f"fernwood/coming/{story.key}/{act}"
