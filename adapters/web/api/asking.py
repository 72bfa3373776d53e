"""What a program does for its customers: ask, reply, judge."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from adapters.web.adapter import Web
from adapters.web.api.access import Caller, requires
from adapters.web.api.answers import ANSWERS
from adapters.web.api.files import sent_files
from adapters.web.api.outcomes import done, done_response, json_response, sentence_of
from adapters.web.api.repeats import Once, once
from adapters.web.api.seeing import Sight, sight_of
from adapters.web.api.shapes import Asked as AskedShape
from adapters.web.api.shapes import Customer, Done, NewQuestion, NewReply, Verdict
from adapters.web.links import link_to
from adapters.web.people import identity_of, web_of
from adapters.web.refusals import Refused
from adapters.web.tokens import Scope
from bot.card import Form
from bot.model import Complaint, Identity, Place, State, spoken_number
from bot.ports import Asked, Heard, Reply, Upload, Wrote

router = APIRouter(tags=["Customers"])
Asker = Annotated[Caller, Depends(requires(Scope.ASK))]
Repeatable = Annotated[Once, Depends(once, scope="function")]


@router.post("/questions", status_code=201, response_model=AskedShape, responses=ANSWERS, summary="Ask a question")
async def ask(request: Request, question: NewQuestion, caller: Asker, once: Repeatable) -> Response:
    """Asks for one of your customers. The answer says its number and the customer's private page.

    Personal data in the text, and everything named under `customer`, is hidden before an expert reads it.
    """
    web = web_of(request)

    async def act(key: str) -> Response:
        receipt, card = done(await web.hear(_asked(key, question, caller, sent_files(question, web.policy))))
        assert receipt.question is not None, "a question that was asked has a number"
        shape = AskedShape(
            number=spoken_number(receipt.question),
            id=receipt.question,
            state=State(receipt.after or State.OPEN),
            link=link_to(web, receipt.question),
            said=sentence_of(card),
        )
        return json_response(shape, 201)

    return await once.perform(act)


@router.post("/questions/{number}/reply", response_model=Done, responses=ANSWERS, summary="Add the customer's words")
async def reply(request: Request, number: str, reply: NewReply, caller: Asker, once: Repeatable) -> Response:
    """A further line of the customer, at any time. A line that only says thanks moves nothing."""
    web = web_of(request)
    sight = await own_question(web, caller, number)

    async def act(key: str) -> Response:
        who = await identity_of(web, sight.question.customer)
        files = sent_files(reply, web.policy)
        wrote = Wrote(key=key, who=who, question=sight.question.id, text=reply.text, files=files)
        return done_response(await web.hear(wrote))

    return await once.perform(act)


@router.post("/questions/{number}/verdict", response_model=Done, responses=ANSWERS, summary="Say whether it helped")
async def judge(request: Request, number: str, verdict: Verdict, caller: Asker, once: Repeatable) -> Response:
    """`helped` pays the expert; `not-yet` goes back to that expert, to another or to staff, as the complaint says."""
    web = web_of(request)
    sight = await own_question(web, caller, number)
    if (verdict.verdict == "not-yet") != (verdict.complaint is not None):
        raise Refused(422, "complaint", f"“not-yet” needs a complaint, and only that: {', '.join(Complaint)}.")
    values = {"message": str(verdict.answer), "complaint": verdict.complaint or "", "words": verdict.text}

    async def act(key: str) -> Response:
        return done_response(await say_as_customer(web, sight, key, verdict.verdict, values))

    return await once.perform(act)


async def own_question(web: Web, caller: Caller, number: str) -> Sight:
    """A question of one of this program's customers. Raises Refused with 404 for any other."""
    sight = await sight_of(web, caller, number)
    if sight.external is None:
        raise Refused(
            404, "not-found", f"{spoken_number(sight.question.id)} is not a question of one of your customers."
        )
    return sight


async def say_as_customer(web: Web, sight: Sight, key: str, verb: str, values: dict[str, str]) -> Reply | Form:
    """A customer's verb; their words travel as values, so that nothing in them is read as a command."""
    who = await identity_of(web, sight.question.customer)
    sentence = f"{verb} {spoken_number(sight.question.id)}"
    heard = Heard(key=key, who=who, sentence=sentence, question=sight.question.id, values=values)
    return await web.hear(heard)


def _asked(key: str, question: NewQuestion, caller: Caller, files: tuple[Upload, ...]) -> Asked:
    customer = question.customer
    return Asked(
        key=key,
        who=Identity(platform="api", workspace=caller.token.client, external=customer.id),
        text=question.text,
        origin=Place(""),  # the customer's own page
        name=customer.name,
        category=question.category,
        language=question.language,
        known=_known(customer),
        staff_wanted=question.staff_wanted,
        by_integration=True,
        files=files,
    )


def _known(customer: Customer) -> tuple[tuple[str, str], ...]:
    named = (("name", customer.name), ("email", customer.email), ("phone", customer.phone))
    listed = ((each.kind, each.value) for each in customer.known)
    return tuple(dict.fromkeys((kind, value) for kind, value in (*named, *listed) if value))
