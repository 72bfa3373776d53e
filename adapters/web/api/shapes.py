"""What requests and answers of the API look like; their descriptions and examples are the API's manual."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.model import CloseReason, Complaint, Rank, Sharing, StaffRole, State
from bot.privacy import clean


def iso(at: int) -> str:
    """Milliseconds UTC as `2026-03-02T14:09:00.000Z`."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def one_line(text: str) -> str:
    """A name or a number as one line without anything invisible."""
    return " ".join(clean(text).split())


def decoded(text: object) -> bytes:
    """The bytes of a text in base64 (RFC 4648). Raises PydanticCustomError for anything else."""
    try:
        return base64.b64decode(text.encode() if isinstance(text, str) else b"!", validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("base64", "this is not base64") from None


Base64 = Annotated[
    bytes,
    BeforeValidator(decoded),
    WithJsonSchema({"type": "string", "contentEncoding": "base64", "examples": ["aGk="]}),
]
Time = Annotated[
    int,
    PlainSerializer(iso, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-02T14:09:00.000Z"]}),
]
Line = Annotated[str, Field(max_length=200), AfterValidator(one_line)]
CustomerId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
_EXAMPLE_NUMBER: Final = "Q7K3"


class Said(BaseModel):
    """The ground of everything that is sent in: an unknown field is an error, because it would be lost."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """The ground of everything that is sent out."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


# --- sent in -----------------------------------------------------------------------------------------------------


class KnownValue(Said):
    """Something of the customer that no expert may read, hidden wherever it turns up."""

    kind: Literal["name", "company", "email", "phone", "order", "account", "address", "username"]
    value: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]


class Customer(Said):
    """Who asks. `id` is the customer's id in your own system: the same id is the same customer."""

    id: Annotated[CustomerId, Field(examples=["c-1042"])]
    name: Annotated[Line, Field(examples=["Ann Marsh"])] = ""
    email: Annotated[Line, Field(examples=["ann@customer.example"])] = ""
    phone: Line = ""
    known: Annotated[list[KnownValue], Field(max_length=50)] = []


class FileSent(Said):
    """A picture, a PDF or plain text. What it is, is read off its bytes; one that is not taken costs no words."""

    name: Annotated[str, Field(max_length=300, description="As its owner calls it.", examples=["screenshot.png"])]
    content: Annotated[Base64, Field(description="The bytes, in base64.")]


Files = Annotated[list[FileSent], Field(max_length=20, description="Files that go along.")]


class NewQuestion(Said):
    """A question of one of your customers."""

    text: Annotated[str, Field(examples=["I changed phones and the app asks for a code I never get."])]
    customer: Customer
    category: Annotated[str, Field(max_length=40, description="Empty: the first that fits.", examples=["login"])] = ""
    language: Annotated[str, Field(max_length=35, description="A language tag; empty: the category's.")] = ""
    staff_wanted: Annotated[bool, Field(strict=True, description="Straight to staff, whatever the wait.")] = False
    files: Files = []


class NewReply(Said):
    """A further line of the customer."""

    text: Annotated[str, Field(examples=["It is an Android phone, if that matters."])]
    files: Files = []


class Verdict(Said):
    """The customer's verdict on one answer, which is named so that a late verdict credits the right person."""

    answer: Annotated[int, Field(strict=True, ge=1, le=999_999, description="The answer's number.", examples=[2])]
    verdict: Literal["helped", "not-yet"]
    complaint: Annotated[Complaint | None, Field(description="Only, and always, with `not-yet`.")] = None
    text: Annotated[str, Field(description="Thanks, or what is still wrong.")] = ""


class Sentence(Said):
    """A command as a person would type it."""

    sentence: Annotated[str, Field(examples=["claim Q7K3", "queue billing"])]
    question: Annotated[str, Field(description="The one it is about, when the sentence does not say.")] = ""


class Paging(Said):
    """Which page of a list."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many at most.")] = 50
    after: Annotated[str | None, Field(max_length=200, description="The `after` of the page before.")] = None


class Wanted(Paging):
    """Which questions."""

    state: Annotated[list[State], Field(description="Only in these states; may be repeated.")] = []
    category: Annotated[str | None, Field(max_length=40)] = None
    customer: Annotated[str | None, Field(min_length=1, max_length=200, description="Your own id of one.")] = None
    oldest_first: bool = False


# --- sent out ----------------------------------------------------------------------------------------------------


class Money(Shown):
    """An amount in minor units, and as people read it."""

    amount: Annotated[int, Field(examples=[140])]
    unit: Annotated[str, Field(examples=["USD"])]
    text: Annotated[str, Field(examples=["$1.40"])]


class AnswerMark(Shown):
    """How far a text for the customer has come. Its words are the message of the same number."""

    number: int
    kind: Literal["answer", "clarify", "correction"]
    author: str
    by_staff: bool
    state: Literal["review", "sending", "delivered", "undelivered"]
    rejected: bool
    at: Time


class QuestionRow(Shown):
    """A question without its words."""

    number: Annotated[str, Field(description="How people say it.", examples=[_EXAMPLE_NUMBER])]
    id: int
    state: State
    state_since: Time
    category: str
    language: str
    asked_at: Time
    with_staff: bool
    closed_as: CloseReason | None


class QuestionShown(QuestionRow):
    """One question as this token may see it. For experts `text` has personal data masked; `text` is null where the
    words are for the claimer and staff only. `customer` is your own id for them, for the program that asked, or their
    name, for staff.
    """

    text: str | None
    customer: str | None
    holder: Annotated[str | None, Field(description="The name of whoever works on it.")]
    held_until: Time | None
    reward: Annotated[Money | None, Field(description="What an expert gets for it; not for customers' programs.")]
    answers: list[AnswerMark]
    link: Annotated[str | None, Field(description="The customer's private page; for whoever may give it to them.")]


class QuestionPage(Shown):
    """`after` is what to ask for to get the next page; null on the last. A page may hold fewer rows than asked for."""

    questions: list[QuestionRow]
    after: str | None


class FileShown(Shown):
    """A file that came with a text. `sharing` is what its customer said about it: null as long as they said nothing."""

    number: Annotated[int, Field(description="Names it in its question.", examples=[1])]
    name: Annotated[str, Field(examples=["screenshot.png"])]
    media_type: Annotated[str, Field(examples=["image/png"])]
    size_bytes: int
    blurred: Annotated[bool, Field(description="Whether it is a copy of a picture on which nothing can be read.")]
    sharing: Sharing | None


class FileContent(Shown):
    """A file with its bytes, in base64."""

    number: int
    name: str
    media_type: str
    size_bytes: int
    content: str


class MessageShown(Shown):
    """One text of the conversation. `author` is a role; `name` is the pseudonym of an expert or member of staff."""

    number: int
    kind: Literal["question", "reply", "thanks", "clarify", "answer", "correction", "note", "reason"]
    audience: Literal["everyone", "internal", "staff", "person"]
    author: Literal["customer", "expert", "staff", "product"]
    name: str | None
    text: str
    shown_text: Annotated[str | None, Field(description="What experts see of it; for staff only.")]
    at: Time
    redacted: bool
    files: list[FileShown]


class Messages(Shown):
    messages: list[MessageShown]


class Asked(Shown):
    """What became of a new question. `link` opens its private page; whoever has it can reply and judge."""

    number: Annotated[str, Field(examples=[_EXAMPLE_NUMBER])]
    id: int
    state: State
    link: str
    said: Annotated[str, Field(description="The same in a sentence, with what became of files.")]


class Done(Shown):
    """What became of a command."""

    verb: Annotated[str, Field(examples=["claim"])]
    outcome: Annotated[str, Field(examples=["done"])]
    question: Annotated[str | None, Field(examples=[_EXAMPLE_NUMBER])]
    state: Annotated[str | None, Field(description="The question's state afterwards.", examples=["claimed"])]
    message: Annotated[int | None, Field(description="The number of the text this added or was about.")]
    said: Annotated[str, Field(description="The same in a sentence.", examples=["Q7K3 is yours until 14:22 UTC."])]


class Next(Shown):
    """Something that can be said next."""

    label: str
    sentence: str


class Told(Shown):
    """What a sentence brought: what was read (`text`), and `done` when it changed something."""

    text: str
    done: Done | None
    next: list[Next]


class CategoryShown(Shown):
    """`reward` is the bounty, for experts and staff; `staff_by` when staff would answer something asked now."""

    name: Annotated[str, Field(examples=["login"])]
    title: Annotated[str, Field(examples=["Login and access"])]
    language: str
    open_to_experts: bool
    private: bool
    staff_by: Time
    reward: Money | None


class Categories(Shown):
    categories: list[CategoryShown]


class Balance(Shown):
    pocket: Annotated[str, Field(examples=["pending"])]
    money: Money


class StatementRow(Shown):
    """One line of a statement; `money` is positive when it came in."""

    at: Time
    account: str
    money: Money
    why: str
    question: str | None


class Statement(Shown):
    rows: list[StatementRow]
    after: str | None


class DraftShown(Shown):
    question: str
    text: str


class Me(Shown):
    """The person this token acts for: one's desk."""

    name: str
    rank: Rank | None
    staff: StaffRole | None
    paused_until: Time | None
    claims: list[QuestionRow]
    drafts: list[DraftShown]
    balances: list[Balance]
    statement: Statement


class Flaw(Shown):
    field: str
    sentence: str


class Problem(Shown):
    """Why something was not done (RFC 9457): `detail` is for people, the end of `type` is a word for programs."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=False)

    type: Annotated[str, Field(examples=["/api/v1/docs#already-taken"])]
    title: Annotated[str, Field(examples=["Conflict"])]
    status: Annotated[int, Field(examples=[409])]
    detail: Annotated[str, Field(examples=["Ana took Q7K3 2 seconds before you."])]
    flaws: Annotated[list[Flaw], Field(description="For a request that does not fit its description.")] = []
