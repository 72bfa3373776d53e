"""Joins what one person is called on several platforms: a code said on the one, and said again on the other."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot import commands as c
from bot.announce import card_notices, linked_notice
from bot.app import speakers
from bot.change import Actor, Outcome, Receipt, Refusal
from bot.decide import Context
from bot.decide.linking import Joined, decide_link
from bot.market.joining import join_balances
from bot.model import LINK_CODES, PersonId, QuestionId, link_code, platform_of
from bot.policy import HOUR_MS, MINUTE_MS
from bot.ports import Envelope, Heard, Reply, Work
from bot.wording import link_code_card

if TYPE_CHECKING:
    from bot.app.app import App
    from bot.app.transaction import Transaction

# A code lives for minutes and is guessed five times at most, so this need only hold off whoever reads the database:
# trying them all takes months (RFC 7914, 1 MB each).
_SCRYPT_COST: Final = 2**10


async def said_link(app: App, heard: Heard, command: c.Link) -> Reply:
    """A new code for whoever says no code; whoever says one becomes one person with whoever made it."""
    if not command.code:
        return await _new_code(app, heard)
    digest = _digest(command.code)

    def act(work: Work) -> Receipt:
        person = speakers.speaker_in(app, work, heard)
        work.seen(person.id, app.now(), heard.place)
        actor = Actor(person=person, guest=heard.guest)
        return app.apply(work, Envelope(key=heard.key, actor=actor, command=replace(command, code=digest)))

    receipt = await app.store.run(act)
    return await app.told(receipt, await speakers.speaker(app, heard))


async def _new_code(app: App, heard: Heard) -> Reply:
    """Not a command: nothing about anybody changes. A repeat of the event gets a code of its own, and the first is
    void; it could not be said again, since nobody keeps it."""
    code = link_code(secrets.randbelow(LINK_CODES))
    expires_at = app.now() + app.policy.link_code_minutes * MINUTE_MS

    def act(work: Work) -> PersonId:
        person = speakers.speaker_in(app, work, heard).id
        work.seen(person, app.now(), heard.place)
        work.save_link_code(person, _digest(code), expires_at)
        return person

    person = await app.store.run(act)
    facts = await app.reader.facts(None, people=(person,))
    return Reply(card=link_code_card(facts, person, code))


def _digest(code: str) -> str:
    plain = code.replace("-", "").encode()
    return hashlib.scrypt(plain, salt=b"guildhall link", n=_SCRYPT_COST, r=8, p=1, dklen=32).hex()


# --- inside the transaction


def carry_out_link(transaction: Transaction, command: c.Link, actor: Actor) -> Receipt | Refusal:
    """`command.code` is the digest. Whoever speaks is taken as they are, and not as a guest of the platform."""
    work, now, policy = transaction.work, transaction.now, transaction.policy
    person = work.person(actor.id) if actor.id is not None else None
    assert person is not None, "whoever speaks is somebody"
    found = work.link_code_of(command.code, now)
    context = Context(actor=actor, now=now, policy=policy, named=work.person(found) if found else None)
    command = replace(command, person=person.id)
    decision = decide_link(command, person, context, work.wrong_codes(person.id, now - HOUR_MS))
    if isinstance(decision, Joined):
        return _join(transaction, decision)
    if context.named is None and decision.at is None:
        work.note_wrong_code(person.id, now, now - HOUR_MS)
    return decision


def _join(transaction: Transaction, joined: Joined) -> Receipt:
    work, now = transaction.work, transaction.now
    kept, gone = joined.kept.after.id, joined.gone.after.id
    moved = work.balances(gone)
    asked, held = work.unfinished_of(gone), work.held_by(gone)
    here = joined.gone.before.home if joined.gone.before else None
    there = joined.kept.before.home if joined.kept.before else None
    work.save_person(joined.gone, None)  # first, since members are told apart by name
    work.save_person(joined.kept, None)
    work.book(join_balances(moved, gone, kept), now)
    work.join(gone, kept, now)
    for number in sorted({*asked, *held}):
        _show_anew(transaction, number)
    notice = linked_notice(joined.kept, platform_of(here) if here else "")
    if notice is not None:
        work.want([notice], now)
        transaction.wake_places([notice])
    amounts: dict[str, str | int] = {f"{pocket} {unit}": amount for (pocket, unit), amount in moved.items() if amount}
    found: dict[str, str | int] = {"asked": len(asked), "held": len(held), "there": platform_of(there) if there else ""}
    return Receipt(verb="link", outcome=Outcome.DONE, actor=kept, person=kept, args={**amounts, **found})


def _show_anew(transaction: Transaction, number: QuestionId) -> None:
    """Its cards name somebody who may be called otherwise now, and the customer's page somebody else."""
    question = transaction.work.question(number)
    assert question is not None, "it was just listed"
    category = transaction.work.category(question.category)
    assert category is not None, "a question has a category"
    notices = tuple(card_notices(question, category))
    transaction.work.want(notices, transaction.now)
    transaction.wake(question, notices, None)
