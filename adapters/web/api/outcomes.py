"""Turns what the product tells a person into what a program reads: a status, numbers, and one sentence."""

from typing import Final

from pydantic import BaseModel
from starlette.responses import Response

from adapters.web.api.shapes import Done, Next, Told
from adapters.web.refusals import Refused
from bot.card import Card, Form
from bot.change import Reason, Receipt
from bot.model import spoken_number
from bot.ports import Reply
from bot.wording.plain import plain_card

# What is not the caller's to do, what is not there, what does not fit; everything else is a matter of the moment.
_STATUS: Final[dict[Reason, int]] = {
    Reason.NOT_FOUND: 404,
    Reason.NO_SUCH_MESSAGE: 404,
    Reason.NO_SUCH_PERSON: 404,
    Reason.CATEGORY_UNKNOWN: 422,
    Reason.NOT_ALLOWED: 403,
    Reason.NOT_STAFF: 403,
    Reason.NOT_EXPERT: 403,
    Reason.OWN_QUESTION: 403,
    Reason.SOMEONE_ELSE: 403,
    Reason.SUSPENDED: 403,
    Reason.RANK_TOO_LOW: 403,
    Reason.BLOCKED: 403,
    Reason.TOO_SHORT: 422,
    Reason.TOO_LONG: 422,
    Reason.EMPTY: 422,
    Reason.OBJECTIONABLE: 422,
    Reason.BAD_AMOUNT: 422,
    Reason.BAD_SETTING: 422,
    Reason.BAD_NAME: 422,
}


def done(told: Reply | Form) -> tuple[Receipt, Card]:
    """What was carried out. Raises Refused for a refusal, and for what was not a whole command."""
    if isinstance(told, Form):
        missing = [entry.name for entry in told.entries if entry.required and not entry.value]
        raise Refused(
            422, "incomplete", f"This still needs {', '.join(missing) or 'something'}.", more={"missing": missing}
        )
    if told.receipt is None:
        raise Refused(422, "not-understood", sentence_of(told.card))
    if told.receipt.reason is not None:
        raise refused(told.receipt, told.card)
    return told.receipt, told.card


def refused(receipt: Receipt, card: Card) -> Refused:
    """A refusal as a problem; what the sentence names stands beside it for programs."""
    assert receipt.reason is not None, "only refusals are refused"
    more: dict[str, object] = {"verb": receipt.verb}
    if receipt.question is not None:
        more["question"] = spoken_number(receipt.question)
    if receipt.names:
        more["names"] = list(receipt.names)
    if receipt.limit is not None:
        more["limit"] = receipt.limit
    return Refused(status_of(receipt.reason), receipt.reason, sentence_of(card), more=more)


def status_of(reason: Reason) -> int:
    return _STATUS.get(reason, 409)


def done_shape(receipt: Receipt, card: Card) -> Done:
    assert receipt.outcome is not None, "this was carried out"
    return Done(
        verb=receipt.verb,
        outcome=receipt.outcome,
        question=spoken_number(receipt.question) if receipt.question is not None else None,
        state=receipt.after if receipt.question is not None else None,
        message=receipt.message,
        said=sentence_of(card),
    )


def done_response(told: Reply | Form) -> Response:
    return json_response(done_shape(*done(told)))


def told_response(told: Reply | Form) -> Response:
    """For a sentence that may be a look: help, the queue, one's desk."""
    if isinstance(told, Reply) and told.receipt is None:
        return json_response(_told(told.card, None))
    receipt, card = done(told)
    return json_response(_told(card, done_shape(receipt, card)))


def json_response(shape: BaseModel, status: int = 200) -> Response:
    return Response(shape.model_dump_json(), status, media_type="application/json")


def _told(card: Card, change: Done | None) -> Told:
    following = [Next(label=each.label, sentence=each.sentence) for each in card.buttons]
    return Told(text=plain_card(card), done=change, next=following)


def sentence_of(card: Card) -> str:
    """Title and body in one line each, times in UTC; the words of people that a card quotes stay out of it."""
    bare = Card(title=card.title, body=card.body, moments=card.moments)
    return " ".join(plain_card(bare).split())
