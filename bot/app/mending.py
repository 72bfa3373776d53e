"""What customers change or delete on their own platform, found by the message that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import commands as c
from bot.app.preparing import looked_at
from bot.change import Actor, Reason, Receipt
from bot.knowledge import only_thanks
from bot.ports import Envelope, Reply, Reworded, TookBack, Work
from bot.wording import reply as reply_card

if TYPE_CHECKING:
    from bot.app.app import App


async def reworded(app: App, said: Reworded) -> Reply:
    """The newest text that this message was gets the new words, or is followed by them."""
    texts = await app.views.messages_from(said.source)
    person = await app.views.person_of(said.who)
    if not texts or person is None:
        return await _not_found(app, "reword")
    text = texts[-1]
    words = looked_at(said.text, await app.surroundings(text.question, but=text.number))
    command = c.Reword(question=text.question, message=text.number, words=words, thanks=only_thanks(words.text))
    envelope = Envelope(key=said.key, actor=Actor(person=person), command=command)
    return await app.told(await app.handle(envelope), person)


async def took_back(app: App, said: TookBack) -> Reply:
    """Every text that this message was goes. Whoever deleted it on the platform, it is its author's doing here."""
    texts = await app.views.messages_from(said.source)
    author = await app.views.person(texts[0].author) if texts and texts[0].author else None
    if author is None:
        return await _not_found(app, "take-back")

    def act(work: Work) -> list[Receipt]:
        return [
            app.apply(
                work,
                Envelope(
                    key=f"{said.key}/{place}" if place else said.key,
                    actor=Actor(person=author),
                    command=c.TakeBack(question=text.question, message=text.number),
                ),
            )
            for place, text in enumerate(texts)
        ]

    return await app.told((await app.store.run(act))[0], author)


async def _not_found(app: App, verb: str) -> Reply:
    """Most messages that change on a platform were never ours."""
    receipt = Receipt(verb=verb, reason=Reason.NOT_FOUND)
    return Reply(card=reply_card(receipt, await app.reader.facts(None)), receipt=receipt)
