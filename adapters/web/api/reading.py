"""Questions, conversations, categories and one's own desk, as far as the token may see them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from adapters.web.adapter import Web
from adapters.web.api.access import Caller, requires
from adapters.web.api.answers import ANSWERS
from adapters.web.api.files import content_shape, visible_copy
from adapters.web.api.seeing import sight_of, visible_to_expert
from adapters.web.api.shapes import (
    Balance,
    Categories,
    CategoryShown,
    DraftShown,
    FileContent,
    Me,
    Messages,
    Paging,
    QuestionPage,
    QuestionShown,
    Statement,
    StatementRow,
    Wanted,
)
from adapters.web.api.showing import message_shape, money_shape, question_shape, row_shape
from adapters.web.links import link_to
from adapters.web.people import web_of
from adapters.web.refusals import Refused
from adapters.web.tokens import Scope
from bot.lifecycle.hours import staffed_from
from bot.model import Category, CategoryName, Identity, Person, PersonId, Question, State, Unit, spoken_number
from bot.ports import Page

router = APIRouter(tags=["Reading"])
Reader = Annotated[Caller, Depends(requires(Scope.ASK, Scope.READ, Scope.EXPERT, Scope.STAFF))]
Member = Annotated[Caller, Depends(requires(Scope.EXPERT, Scope.STAFF))]
_HANDS = (State.CLAIMED, State.WAITING, State.REVIEW)


@router.get("/questions", response_model=QuestionPage, responses=ANSWERS, summary="List questions")
async def questions(request: Request, caller: Reader, wanted: Annotated[Wanted, Query()]) -> QuestionPage:
    """Staff see all of them, experts those of their channels, a program those of the `customer` it names."""
    web = web_of(request)
    whose = await _customer(web, caller, wanted.customer)
    if wanted.customer is not None and whose is None:
        return QuestionPage(questions=[], after=None)
    try:
        page = await web.views.questions(
            states=tuple(wanted.state),
            category=CategoryName(wanted.category) if wanted.category else None,
            customer=whose,
            oldest_first=wanted.oldest_first,
            after=wanted.after,
            limit=wanted.limit,
        )
    except ValueError:
        raise bad_after() from None
    rows = [row_shape(each) for each in await _visible(web, caller, page, whose)]
    return QuestionPage(questions=rows, after=page.after)


@router.get("/questions/{number}", response_model=QuestionShown, responses=ANSWERS, summary="Read a question")
async def question(request: Request, number: str, caller: Reader) -> QuestionShown:
    """`number` is read forgivingly: `q7k3`, `Q7K-3` and `#Q7K3` are the same, O is read as 0, I and L as 1."""
    web = web_of(request)
    sight = await sight_of(web, caller, number)
    return question_shape(sight, web.policy, link_to(web, sight.question.id))


@router.get("/questions/{number}/messages", response_model=Messages, responses=ANSWERS, summary="Read its conversation")
async def messages(request: Request, number: str, caller: Reader) -> Messages:
    """For a customer's program: the customer's words and what went out to them. For experts: masked words and notes."""
    sight = await sight_of(web_of(request), caller, number)
    return Messages(messages=[message_shape(each, sight) for each in sight.messages()])


@router.get("/questions/{number}/files/{file}", response_model=FileContent, responses=ANSWERS, summary="Read a file")
async def file(
    request: Request, number: str, file: Annotated[int, Path(ge=1, le=999_999)], caller: Reader
) -> FileContent:
    """The copy that this token may see at this moment, by the file's number in its question."""
    web = web_of(request)
    sight = await sight_of(web, caller, number)
    attachment = sight.question.file_numbered(file)
    messages = {each.number for each in sight.messages()}
    stored = visible_copy(attachment, sight) if attachment is not None and attachment.message in messages else None
    content = await web.views.file_content(stored.id) if stored is not None else None
    if stored is None or content is None:
        raise Refused(404, "not-found", f"There is no file {file} of that question that this token may see.")
    return content_shape(stored, content)


@router.get("/categories", response_model=Categories, responses=ANSWERS, summary="List the categories")
async def categories(request: Request, caller: Reader) -> Categories:
    """The kinds of questions there are, and when staff would answer one that is asked now."""
    web = web_of(request)
    return Categories(categories=[_category(web, caller, each) for each in await web.views.categories()])


@router.get("/me", response_model=Me, responses=ANSWERS, summary="See one's desk")
async def me(request: Request, caller: Member, wanted: Annotated[Paging, Query()]) -> Me:
    """What its person holds, has begun to write and has earned; `limit` and `after` are those of the statement."""
    web, person = web_of(request), caller.person
    assert person is not None, "these scopes belong to a person"
    held = await web.views.questions(states=_HANDS, holder=person.id, oldest_first=True)
    drafts = await web.views.drafts(person.id)
    balances = await web.views.balances(person.id)
    return Me(
        name=person.name,
        rank=person.expert.rank if person.expert else None,
        staff=person.staff,
        paused_until=person.expert.paused_until if person.expert else None,
        claims=[row_shape(each) for each in held.rows],
        drafts=[DraftShown(question=spoken_number(number), text=text) for number, text in drafts],
        balances=[
            Balance(pocket=pocket, money=money_shape(amount, unit)) for (pocket, unit), amount in balances.items()
        ],
        statement=await _statement(web, person, wanted.limit, wanted.after),
    )


async def _statement(web: Web, person: Person, limit: int, after: str | None) -> Statement:
    try:
        page = await web.views.statement(person.id, after=after, limit=limit)
    except ValueError:
        raise bad_after() from None
    rows = [
        StatementRow(
            at=each.at,
            account=each.account.partition(":")[0],
            money=money_shape(each.amount, each.unit),
            why=each.why,
            question=spoken_number(each.question) if each.question is not None else None,
        )
        for each in page.rows
    ]
    return Statement(rows=rows, after=page.after)


async def _customer(web: Web, caller: Caller, external: str | None) -> PersonId | None:
    """The customer whose questions are asked for; a program without a person has to name one."""
    if external is None:
        if not caller.has(Scope.STAFF, Scope.EXPERT):
            raise Refused(422, "customer", "Say whose questions: ?customer= with your own id of the customer.")
        return None
    person = await web.views.person_of(Identity(platform="api", workspace=caller.token.client, external=external))
    return person.id if person else None


async def _visible(web: Web, caller: Caller, page: Page[Question], whose: PersonId | None) -> list[Question]:
    if caller.has(Scope.STAFF) or (whose is not None and caller.has(Scope.ASK, Scope.READ)):
        return list(page.rows)
    known = {each.name: each for each in await web.views.categories()}
    return [each for each in page.rows if visible_to_expert(caller, each, known.get(each.category))]


def _category(web: Web, caller: Caller, category: Category) -> CategoryShown:
    paid = caller.has(Scope.EXPERT, Scope.STAFF)
    return CategoryShown(
        name=category.name,
        title=category.title,
        language=category.language,
        open_to_experts=category.open_to_experts,
        private=category.private,
        staff_by=staffed_from(category.staff_hours, web.now(), web.policy.staff_answer_staffed_minutes),
        reward=money_shape(category.bounty, Unit(category.unit)) if paid else None,
    )


def bad_after() -> Refused:
    return Refused(422, "after", "This `after` is not from a page of this list. Begin without one.")
