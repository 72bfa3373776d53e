"""Why something did not happen, in one sentence that also says what to do next."""

from collections.abc import Callable
from typing import Final

from bot.card import Button, Card, Tone
from bot.change import Reason, Receipt
from bot.model import State
from bot.wording.moments import length_text
from bot.wording.writer import Eyes, Writer, plain_name

_AUTHOR: Final = frozenset({"undo", "send-now", "try-now", "correct"})
_REVIEWER: Final = frozenset({"approve", "revise", "veto"})
_CUSTOMER: Final = frozenset({"reply", "helped", "not-yet", "staff-please", "withdraw", "reword", "take-back"})
_CLAIMER: Final = frozenset({"answer", "clarify", "extend", "release", "escalate", "note"})
# What the author loses nothing of: a text refused is kept.
_KEEPS_DRAFT: Final = frozenset({"answer", "clarify", "correct", "override", "claim"})
_MINUTE_MS: Final = 60_000

Told = tuple[str, tuple[Button, ...]]


def refusal(w: Writer, receipt: Receipt, reason: Reason) -> Card:
    sentence, buttons = _REASONS.get(reason, _plainly)(w, receipt)
    if w.facts.draft and receipt.verb in _KEEPS_DRAFT:
        sentence = f"{sentence}\n{w.say('no.draft')}"
    return w.card(sentence, tone=Tone.ALERT, buttons=buttons)


def _plainly(w: Writer, receipt: Receipt) -> Told:
    """A reason that is always the same sentence."""
    return w.say(f"no.{receipt.reason}"), ()


def _not_found(w: Writer, receipt: Receipt) -> Told:
    return w.say("no.not-found" if receipt.question is not None else "no.not-found.bare"), ()


def _not_allowed(w: Writer, receipt: Receipt) -> Told:
    question = w.facts.question
    if question is None or w.number is None:
        return w.say("no.not-allowed"), ()
    if receipt.verb in _CUSTOMER:
        return w.say("no.not-allowed.customer"), ()
    if receipt.verb == "flag":
        return w.say("no.not-allowed.flag"), ()
    if receipt.verb in _AUTHOR:
        return w.say("no.not-allowed.author"), ()
    if receipt.verb in _REVIEWER:
        return w.say("no.not-allowed.reviewer"), ()
    if receipt.verb in _CLAIMER and question.holder not in (None, receipt.actor):
        return w.say("no.not-allowed.held"), _queue(w)
    if receipt.verb in _CLAIMER and question.state is State.OPEN:
        return w.say("no.not-allowed.claim-first"), (w.button("claim", main=True),)
    return w.say("no.not-allowed"), ()


def _not_expert(w: Writer, receipt: Receipt) -> Told:
    if receipt.person is not None and receipt.person != receipt.actor:
        return w.say("no.not-expert.person", person=w.name(receipt.person)), ()
    if receipt.names:
        return w.say("no.not-expert.category", category=plain_name(receipt.names[0])), ()
    return w.say("no.not-expert"), ()


def _wrong_state(w: Writer, receipt: Receipt) -> Told:
    question = w.facts.question
    if receipt.names:
        return w.say("no.wrong-state.category", name=plain_name(receipt.names[0])), ()
    if question is None:
        return w.say("no.wrong-state.bare"), ()
    if w.eyes is Eyes.CUSTOMER:
        return w.say("no.wrong-state.customer"), ()
    if question.state is State.OPEN:
        return w.say("no.wrong-state.open"), (w.button("claim", main=True),)
    if question.state is State.CLAIMED and question.holder == receipt.actor:
        return w.say("no.wrong-state.claimed-yours"), (w.button("answer", main=True),)
    if w.eyes is Eyes.STAFF:
        return w.say("no.wrong-state"), (w.button("reopen"),) if question.state is State.CLOSED else ()
    return w.say(f"no.wrong-state.{question.state}"), _queue(w)


def _already_taken(w: Writer, receipt: Receipt) -> Told:
    """`Ana took Q7K3 2 seconds before you.` After a few minutes that is no news any more."""
    person = w.name(receipt.person)
    if receipt.at is None:
        return w.say("no.already-taken.has", person=person), _queue(w)
    earlier_ms = w.facts.now - receipt.at
    if earlier_ms < 1_000:
        return w.say("no.already-taken.now", person=person), _queue(w)
    if earlier_ms < _MINUTE_MS:
        length = w.tongue.count("length.seconds", earlier_ms // 1_000)
    else:
        length = length_text(earlier_ms, w.tongue)
    return w.say("no.already-taken", person=person, length=length), _queue(w)


def _already_yours(w: Writer, receipt: Receipt) -> Told:
    question = w.facts.question
    timed = question is not None and question.held_until is not None and not question.with_staff
    return w.say("no.already-yours" if timed else "no.already-yours.free"), _answer(w)


def _own_question(w: Writer, receipt: Receipt) -> Told:
    if receipt.person is not None and receipt.person != receipt.actor:
        return w.say("no.own-question.person", person=w.name(receipt.person)), ()
    return w.say("no.own-question"), ()


def _too_many_claims(w: Writer, receipt: Receipt) -> Told:
    count = _limit(w, receipt, w.facts.policy.claims_per_expert_max)
    if receipt.person is not None and receipt.person != receipt.actor:
        key = w.tongue.plural_key("no.too-many-claims.person", count)
        return w.say(key, count=count, person=w.name(receipt.person)), ()
    return w.say(w.tongue.plural_key("no.too-many-claims", count), count=count), (_plain_button(w, "desk"),)


def _too_many_open(w: Writer, receipt: Receipt) -> Told:
    count = _limit(w, receipt, w.facts.policy.open_questions_per_customer_max)
    return w.say(w.tongue.plural_key("no.too-many-open", count), count=count), ()


def _rank_too_low(w: Writer, receipt: Receipt) -> Told:
    rank = next(iter(receipt.names), "journeyman")
    return w.say("no.rank-too-low", rank=w.say(f"rank.{rank}")), ()


def _category(w: Writer, receipt: Receipt) -> Told:
    if not receipt.names:
        return w.say(f"no.{receipt.reason}.bare"), ()
    return w.say(f"no.{receipt.reason}", name=plain_name(receipt.names[0])), ()


def _category_off(w: Writer, receipt: Receipt) -> Told:
    return w.say("no.category-off" if w.facts.category else "no.category-off.bare"), ()


def _no_more_extensions(w: Writer, receipt: Receipt) -> Told:
    if receipt.limit is None:
        return w.say("no.no-more-extensions.none"), ()
    until = w.time(receipt.at if receipt.at is not None else w.facts.now)
    return w.say("no.no-more-extensions", limit=receipt.limit, until=until), _answer(w)


def _length(w: Writer, receipt: Receipt) -> Told:
    """The count is that of the draft, which holds the text that was refused."""
    chars = int(receipt.args.get("chars", len(w.facts.draft.strip())))
    limit = receipt.limit or 0
    if chars:
        return w.say(f"no.{receipt.reason}", chars=chars, limit=limit), _again(w, receipt)
    return w.say(f"no.{receipt.reason}.uncounted", limit=limit), _again(w, receipt)


def _too_fast(w: Writer, receipt: Receipt) -> Told:
    return w.say("no.too-fast", limit=_limit(w, receipt, w.facts.policy.essay_seconds)), _again(w, receipt)


def _objectionable(w: Writer, receipt: Receipt) -> Told:
    lines = [w.first(f"objection.{name}", "objection.other", name=plain_name(name)) for name in receipt.names]
    return "\n".join([w.say("no.objectionable"), *(f"• {line}" for line in lines)]), _again(w, receipt)


def _too_late(w: Writer, receipt: Receipt) -> Told:
    if receipt.verb in ("helped", "not-yet"):
        return w.say("no.too-late.verdict"), ()
    if receipt.verb == "correct":
        return w.say("no.too-late.correct"), ()
    question = w.facts.question
    text = question.answer_numbered(receipt.message) if question and receipt.message is not None else None
    if text is None or text.delivered_at is None:
        return w.say("no.too-late"), ()
    correct = (w.button("correct", message=text.message, main=True),) if receipt.verb == "undo" else ()
    return w.say("no.too-late.delivered", at=w.time(text.delivered_at)), correct


def _no_such_person(w: Writer, receipt: Receipt) -> Told:
    if not receipt.names:
        return w.say("no.no-such-person.bare"), ()
    return w.say("no.no-such-person", name=plain_name(receipt.names[0])), ()


def _bad_amount(w: Writer, receipt: Receipt) -> Told:
    if receipt.limit is None:
        return w.say("no.bad-amount.bare"), ()
    if receipt.verb == "raise" and w.facts.question is not None:
        return w.say("no.bad-amount", limit=w.money(receipt.limit)), ()
    return w.say("no.bad-amount.number", limit=receipt.limit), ()


def _bad_setting(w: Writer, receipt: Receipt) -> Told:
    names = [plain_name(name) for name in receipt.names]
    if len(names) < 2:
        return w.say("no.bad-setting.bare", name=names[0] if names else "?"), ()
    return w.say("no.bad-setting", name=names[0], wanted=names[1]), ()


def _bad_name(w: Writer, receipt: Receipt) -> Told:
    if receipt.names:
        return w.say("no.bad-name.taken", name=plain_name(receipt.names[0])), ()
    return w.say("no.bad-name", limit=_limit(w, receipt, w.facts.policy.name_chars_max)), ()


def _name_taken(w: Writer, receipt: Receipt) -> Told:
    return w.say("no.name-taken", name=plain_name(next(iter(receipt.names), ""))), ()


def _too_many_codes(w: Writer, receipt: Receipt) -> Told:
    at = w.time(receipt.at if receipt.at is not None else w.facts.now)
    return w.say("no.too-many-codes", limit=_limit(w, receipt, w.facts.policy.wrong_codes_per_hour_max), at=at), ()


def _no_such_code(w: Writer, receipt: Receipt) -> Told:
    return w.say("no.no-such-code", limit=_limit(w, receipt, w.facts.policy.link_code_minutes)), ()


def _limit(w: Writer, receipt: Receipt, otherwise: int) -> int:
    return receipt.limit if receipt.limit is not None else otherwise


def _again(w: Writer, receipt: Receipt) -> tuple[Button, ...]:
    """The form once more, with the draft in it."""
    return _answer(w) if receipt.verb == "answer" else ()


def _answer(w: Writer) -> tuple[Button, ...]:
    return (w.button("answer", main=True),) if w.number is not None else ()


def _queue(w: Writer) -> tuple[Button, ...]:
    return (_plain_button(w, "queue"),) if w.eyes is Eyes.EXPERT else ()


def _plain_button(w: Writer, verb: str) -> Button:
    return Button(label=w.say(f"button.{verb}"), sentence=verb)


_REASONS: Final[dict[Reason, Callable[[Writer, Receipt], Told]]] = {
    Reason.NOT_FOUND: _not_found,
    Reason.NOT_ALLOWED: _not_allowed,
    Reason.NOT_EXPERT: _not_expert,
    Reason.WRONG_STATE: _wrong_state,
    Reason.ALREADY_TAKEN: _already_taken,
    Reason.ALREADY_YOURS: _already_yours,
    Reason.OWN_QUESTION: _own_question,
    Reason.TOO_MANY_CLAIMS: _too_many_claims,
    Reason.TOO_MANY_OPEN: _too_many_open,
    Reason.RANK_TOO_LOW: _rank_too_low,
    Reason.CATEGORY_OFF: _category_off,
    Reason.CATEGORY_UNKNOWN: _category,
    Reason.CATEGORY_EXISTS: _category,
    Reason.NO_MORE_EXTENSIONS: _no_more_extensions,
    Reason.TOO_SHORT: _length,
    Reason.TOO_LONG: _length,
    Reason.TOO_FAST: _too_fast,
    Reason.OBJECTIONABLE: _objectionable,
    Reason.TOO_LATE: _too_late,
    Reason.NO_SUCH_PERSON: _no_such_person,
    Reason.BAD_AMOUNT: _bad_amount,
    Reason.BAD_SETTING: _bad_setting,
    Reason.BAD_NAME: _bad_name,
    Reason.NAME_TAKEN: _name_taken,
    Reason.NO_SUCH_CODE: _no_such_code,
    Reason.TOO_MANY_CODES: _too_many_codes,
}
