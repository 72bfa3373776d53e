"""A question's private page: where it stands, what was said, and what its customer can do about it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from adapters.web.adapter import Web, question_topic
from adapters.web.links import has_expired, link_path, opens
from adapters.web.pages.enclosures import stored_for_customer
from adapters.web.pages.standing import standing_of
from adapters.web.pages.telling import forget_told, read_told, tell
from adapters.web.people import identity_of, web_of
from adapters.web.refusals import Refused
from adapters.web.rendering import page
from adapters.web.signing import fingerprint, form_token, same
from adapters.web.uploads import ACCEPTED, Files, file_response, prints_of, uploads_of
from adapters.web.wording import page_tongue
from bot.card import Card
from bot.card import Form as CardForm
from bot.model import Complaint, Question, QuestionId, read_number, spoken_number
from bot.ports import Facts, Heard, Reply, Wrote
from bot.wording import plain_card
from bot.wording.verb_words import verb_tongue

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
Line = Annotated[str, Form(max_length=200)]
Carried = Annotated[str, Form(alias="form_token", max_length=200)]
_QUIET_SECONDS: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A private page that its address has opened; whoever has the address acts for the customer."""

    web: Web
    token: str
    question: Question
    facts: Facts

    @property
    def id(self) -> QuestionId:
        return self.question.id

    @property
    def path(self) -> str:
        return link_path(self.web, self.id)

    @property
    def form_token(self) -> str:
        """Bound to the address and not to a cookie, so that the page works where cookies are refused."""
        return form_token(self.web.settings.secret, self.token)

    def key(self, *said: str) -> str:
        """The same for one form sent twice, another as soon as anything has changed."""
        return f"web:{fingerprint('page', self.token, *said)}"


async def opened(request: Request, number: str, token: str) -> Opened:
    """Raises Refused: 404 for an address that opens nothing, 410 for one whose question was over long ago."""
    web, question = web_of(request), read_number(number)
    # The token is looked at first: a wrong one learns nothing, not even whether the question exists.
    if question is None or not opens(web, question, token):
        raise Refused(404, "not-found", page_tongue().say("no.question"))
    facts = await web.views.facts(question, now=web.now())
    if facts.question is None:
        raise Refused(404, "not-found", page_tongue().say("no.question"))
    if has_expired(facts.question, web.policy, web.now()):
        raise Refused(410, "expired", page_tongue().say("no.expired", days=web.policy.link_days))
    return Opened(web=web, token=token, question=facts.question, facts=facts)


This = Annotated[Opened, Depends(opened)]


@router.get("/q/{number}/{token}")
async def show(request: Request, this: This, choice: str = "") -> Response:
    """`choice` marks what a link in a message named; nothing happens before it is pressed here."""
    told = read_told(this.web, this.path, request)
    response = await _page(this, choice=choice, told=told)
    if told:
        forget_told(response, this.path)
    return response


@router.get("/q/{number}/{token}/file/{place}")
async def file(this: This, place: int) -> Response:
    """One of the customer's own files, or one that went out to them; whether they may is looked at each time."""
    attachment = this.question.file_numbered(place)
    stored = stored_for_customer(attachment, this.facts) if attachment is not None else None
    content = await this.web.views.file_content(stored.id) if stored is not None else None
    if stored is None or content is None:
        raise Refused(404, "not-found", page_tongue().say("no.file"))
    return file_response(stored, content)


@router.get("/q/{number}/{token}/live")
async def live(this: This) -> Response:
    """Server-sent events: the question's revision now and whenever it changes; the page then reads itself again."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_revisions(this), media_type="text/event-stream", headers=headers)


@router.post("/q/{number}/{token}/reply")
async def reply(this: This, text: Text = "", at: Line = "", carried: Carried = "", files: Files = ()) -> Response:
    if not same(carried, this.form_token):
        return await _foreign(this, text)
    who = await identity_of(this.web, this.question.customer)
    uploads = await uploads_of(files, this.web.policy)
    key = this.key("reply", at, text, *prints_of(uploads))
    told = await this.web.hear(Wrote(key=key, who=who, question=this.id, text=text, files=uploads))
    return await _told(this, told, text)


@router.post("/q/{number}/{token}/show-file")
async def show_file(this: This, file: Line = "", choice: Line = "", at: Line = "", carried: Carried = "") -> Response:
    """Who may see a file of the customer's."""
    if not same(carried, this.form_token):
        return await _foreign(this)
    return await _told(this, await _say(this, "show-file", at, {"file": file, "choice": choice}))


@router.post("/q/{number}/{token}/verdict")
async def verdict(
    this: This,
    choice: Line = "",
    answer: Line = "",
    complaint: Line = "",
    text: Text = "",
    at: Line = "",
    carried: Carried = "",
) -> Response:
    """`choice` is helped or not-yet; the answer's number comes with it, so that an old page credits nobody else."""
    if not same(carried, this.form_token):
        return await _foreign(this, text)
    if choice not in ("helped", "not-yet") or (choice == "not-yet" and complaint not in list(Complaint)):
        return await _page(this, choice="not-yet", text=text, status=422)
    values = {"message": answer, "complaint": complaint if choice == "not-yet" else "", "words": text}
    return await _told(this, await _say(this, choice, at, values), text)


@router.post("/q/{number}/{token}/{verb}")
async def other(this: This, verb: str, at: Line = "", carried: Carried = "") -> Response:
    """What needs no more than a press: `staff-please` and `withdraw`."""
    if verb not in ("staff-please", "withdraw"):
        raise Refused(404, "not-found", page_tongue().say("no.question"))
    if not same(carried, this.form_token):
        return await _foreign(this)
    return await _told(this, await _say(this, verb, at, {}))


async def _say(this: Opened, verb: str, at: str, values: dict[str, str]) -> Reply | CardForm:
    who = await identity_of(this.web, this.question.customer)
    key, sentence = this.key(verb, at, *values.values()), f"{verb} {spoken_number(this.id)}"
    return await this.web.hear(Heard(key=key, who=who, sentence=sentence, question=this.id, values=values))


async def _told(this: Opened, told: Reply | CardForm, text: str = "") -> Response:
    """What was done is seen on the page, loaded anew; what was refused keeps the words that came with it."""
    if isinstance(told, CardForm):
        return await _again(this, page_tongue().say("question.stale"), text, 422)
    if told.receipt is None or told.receipt.refused:
        return await _again(this, plain_card(told.card), text, 409)
    response = RedirectResponse(this.path, 303)
    said = Card(title=told.card.title, body=told.card.body, moments=told.card.moments)
    tell(this.web, this.path, response, plain_card(said))
    return response


async def _foreign(this: Opened, text: str = "") -> Response:
    return await _again(this, page_tongue().say("no.form"), text, 403)


async def _again(this: Opened, flaw: str, text: str, status: int) -> Response:
    """The page as it is by now, with what kept the form from being done."""
    facts = await this.web.views.facts(this.id, now=this.web.now())
    assert facts.question is not None, "questions are never removed"
    now = Opened(web=this.web, token=this.token, question=facts.question, facts=facts)
    return await _page(now, flaw=flaw, text=text, status=status)


async def _page(
    this: Opened, *, choice: str = "", told: str = "", flaw: str = "", text: str = "", status: int = 200
) -> Response:
    standing = await standing_of(this.web, this.facts)
    return page(
        "question.html",
        company=this.web.settings.company,
        status=status,
        language=this.question.language,
        number=spoken_number(this.id),
        path=this.path,
        at=this.question.revision,
        form_token=this.form_token,
        standing=standing,
        chosen=standing.offer(choice),
        told=told,
        flaw=flaw,
        text=text,
        accepted=ACCEPTED,
        complaints=[(each, verb_tongue().say(f"choice.complaint.{each}")) for each in Complaint],
    )


async def _revisions(this: Opened) -> AsyncIterator[str]:
    """One event at once, and one for each change; a comment now and then shows both sides that the line is up."""
    told = -1
    with this.web.changes(question_topic(this.id)) as rings:
        while not rings.closed:
            facts = await this.web.views.facts(this.id, now=this.web.now())
            if facts.question is not None and facts.question.revision != told:
                told = facts.question.revision
                yield f"event: revision\ndata: {told}\n\n"
            if not await rings.wait(_QUIET_SECONDS):
                yield ": still here\n\n"
