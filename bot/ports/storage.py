"""What the core asks of a database: transactions, and in them everything a command reads and writes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.change import Change, Due, Receipt
from bot.model import (
    Account,
    Attachment,
    Category,
    CategoryName,
    Enclosed,
    Identity,
    Message,
    Notice,
    Person,
    PersonId,
    Place,
    Post,
    Question,
    QuestionId,
    Ref,
    Transfer,
    Unit,
)

T = TypeVar("T")


class StorageTrouble(Exception):
    """The database could not do this just now. Nothing of it was kept; try again."""

    def __init__(self, detail: str = "") -> None:
        sentence = " ".join((type(self).__doc__ or "").split())
        super().__init__(f"{sentence} ({detail})" if detail else sentence)
        self.detail = detail

    def again(self) -> "StorageTrouble":
        """The same for one more caller, since an exception that was raised carries its traceback."""
        return type(self)(self.detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A program's key. Only the SHA-256 of the secret is kept (`digest`, hexadecimal); `client` names the program,
    and its customers are known by (api, client, their id). `person` is who it acts for; None: only customers.
    """

    id: str
    digest: str
    client: str
    scopes: tuple[str, ...]
    made_at: int
    person: PersonId | None = None
    expires_at: int | None = None
    revoked_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRequest:
    """A request that came with a key of its own; `status` is None while it was not answered yet."""

    fingerprint: str
    at: int
    status: int | None = None
    body: str = ""


class Work(Protocol):
    """One transaction, synchronous: what it did commits together, or none of it. Lock order: the subject, people
    by id, the category."""

    # Repeats
    def receipt(self, key: str) -> Receipt | None: ...
    def remember(self, key: str, receipt: Receipt, at: int) -> None: ...

    # Subjects: reading one locks it until the end of the transaction
    def next_question(self) -> QuestionId: ...
    def question(self, question: QuestionId) -> Question | None: ...
    def person(self, person: PersonId) -> Person | None: ...
    def category(self, name: CategoryName) -> Category | None: ...
    def message(self, question: QuestionId, number: int) -> Message | None: ...

    def messages_from(self, source: Place) -> Sequence[Message]:
        """The texts that this message of a platform was, the oldest first."""

    # Facts that rules need
    def claims_held(self, person: PersonId) -> int:
        """How many questions this person has claimed; those waiting for the customer do not count."""

    def open_asked(self, customer: PersonId) -> int:
        """How many unfinished questions this customer has."""

    def unfinished(self, category: CategoryName) -> Sequence[QuestionId]:
        """The category's questions that are neither solved nor closed."""

    def unfinished_of(self, customer: PersonId) -> Sequence[QuestionId]:
        """This customer's questions that are neither solved nor closed."""

    def origins_of(self, customer: PersonId) -> Sequence[Place]:
        """Where the answers to this customer's last questions went, the newest first."""

    def master_seen(self, category: CategoryName, since: int, but: PersonId) -> bool:
        """Whether an active master of the category, other than `but`, was heard from since then."""

    def person_named(self, name: str) -> PersonId | None: ...
    def homes(self, people: Iterable[PersonId]) -> Mapping[PersonId, Place]: ...
    def staff_homes(self, leads_only: bool = False) -> Mapping[PersonId, Place]: ...
    def master_homes(self, category: CategoryName) -> Mapping[PersonId, Place]:
        """Where the category's active masters read notices."""

    def held_by(self, person: PersonId) -> Sequence[QuestionId]:
        """The unfinished questions that this person holds."""

    # Identities
    def person_of(self, who: Identity) -> PersonId | None: ...
    def add_person(self, person: Person, who: Identity | None, at: int) -> None: ...
    def add_identity(self, person: PersonId, who: Identity, at: int) -> None: ...
    def seen(self, person: PersonId, at: int, home: Place | None = None) -> None:
        """This person was heard from; `home` becomes the place for notices to them."""

    def know(self, person: PersonId, values: Iterable[tuple[str, str]]) -> None:
        """Values of a customer that must be masked: (kind, value)."""

    def known(self, person: PersonId) -> tuple[tuple[str, str], ...]: ...

    # Two people who turn out to be one
    def save_link_code(self, person: PersonId, digest: str, expires_at: int) -> None:
        """The one code by which this person can be joined: an earlier one is void."""

    def link_code_of(self, digest: str, now: int) -> PersonId | None:
        """Whose code that is, if it has not expired."""

    def note_wrong_code(self, person: PersonId, at: int, forget_before: int) -> None:
        """This person said a code that is nobody's. What was noted before `forget_before` does not matter any more."""

    def wrong_codes(self, person: PersonId, since: int) -> Sequence[int]:
        """When this person said wrong codes, after `since`, the earliest first."""

    def join(self, person: PersonId, into: PersonId, at: int) -> None:
        """From now on `person` is `into`, whichever id is read: identities, questions, drafts, tokens and known values
        are theirs, and the codes of both are used up. Rows of the books and of history stay as they are. What the two
        are as people, and what they own, is the caller's to save and to book."""

    # Writing
    def save_question(self, change: Change[Question], due: Due | None) -> None:
        """The question's row, its messages and one journal row."""

    def save_person(self, change: Change[Person], due: Due | None) -> None: ...
    def save_category(self, change: Change[Category], due: Due | None) -> None: ...

    def book(self, transfers: Sequence[Transfer], at: int) -> None:
        """Append to the ledger and keep the balances; a key that is there already adds nothing."""

    def balance(self, account: Account, unit: Unit) -> int: ...
    def balances(self, person: PersonId) -> Mapping[tuple[str, Unit], int]:
        """By (pocket, unit): "pending", "payable", "paid", "points"."""

    def want(self, notices: Sequence[Notice], at: int) -> None:
        """Each notice makes a post, or a new revision of the post in its slot. An absent notice for a slot that has
        no post does nothing."""

    def refresh(self, question: QuestionId, message: int) -> None:
        """Every post of the question that shows this text, cards included, gets a new revision: its words changed.
        Makes no new posts."""

    def add_file(self, question: QuestionId, attachment: Attachment, enclosed: Enclosed) -> None:
        """Keeps the file, and the unreadable copy of a picture, once the question knows of it."""

    def remove_files(self, question: QuestionId, message: int) -> int:
        """Every copy of the files that came with this text. How many copies."""

    def show_files_anew(self, question: QuestionId) -> frozenset[Place]:
        """Every post that shows one of the question's files to somebody gets a new revision: who may see what has
        changed. Where they are."""

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call this on the event loop once the transaction is durable; never when it was rolled back."""

    def draft(self, question: QuestionId, person: PersonId) -> str:
        """What this person has not sent for this question yet; empty when there is nothing."""

    def keep_draft(self, question: QuestionId, person: PersonId, text: str, at: int) -> None:
        """An empty text forgets the draft."""

    # The clock
    def due_questions(self, now: int, limit: int) -> Sequence[tuple[QuestionId, Due]]:
        """Timers that have come due, the earliest first."""

    def beat(self, now: int) -> int | None:
        """Notes that the product is alive, and returns when it last was."""

    def due_since(self, since: int, until: int) -> Sequence[QuestionId]:
        """Questions with a timer in that span."""

    # The courier
    def next_post(self, recipient: Place, now: int) -> Post | None:
        """What to send to this recipient next: the head of one of its threads that is ready now. A first post is
        marked SENDING in the same transaction."""

    def next_post_at(self, recipient: Place) -> int | None:
        """When something for this recipient becomes ready, or None when nothing is pending."""

    def shown(self, post: Post, ref: Ref | None) -> None:
        """The platform shows this revision (ref None: it was removed)."""

    def set_back(self, post: Post, *, state: str, retry_at: int, why: str = "") -> None:
        """Not shown: try again then. Counts one more try."""

    def hurry(self, recipient: Place, slot: str, now: int) -> None:
        """Send now: no `not_before`, no waiting for a retry."""

    # Doors: programs' tokens, one-time links, and the answers that programs got
    def save_token(self, token: Token) -> None:
        """Adds it, or replaces the one with the same id."""

    def token(self, digest: str) -> Token | None: ...
    def tokens(self) -> Sequence[Token]: ...
    def add_door(self, digest: str, person: PersonId, expires_at: int) -> None: ...
    def door(self, digest: str, now: int) -> PersonId | None:
        """Whom this one-time link lets in, if it is unused and has not expired; looking does not use it."""

    def use_door(self, digest: str, now: int) -> PersonId | None:
        """The same, and from now on it is used."""

    def saved_request(self, key: str) -> SavedRequest | None: ...
    def open_request(self, key: str, fingerprint: str, at: int) -> None:
        """Keep that this request has begun; harmless when it is kept already."""

    def answer_request(self, key: str, status: int, body: str) -> None: ...
    def forget_requests(self, before: int) -> None: ...

    # Keeping house
    def setting(self, key: str) -> str | None: ...
    def set_setting(self, key: str, value: str) -> None: ...
    def recover_sending(self, now: int, retry_at: int) -> int:
        """At the start: what was being sent becomes UNKNOWN, to be looked for from `retry_at` on. How many."""

    def log_reveal(self, staff: PersonId, question: QuestionId | None, message: int | None, why: str, at: int) -> None:
        """Notes for ever that this member of staff looked at what others may not see."""

    def erase_person(self, person: PersonId, at: int) -> Mapping[str, int]:
        """Blanks everything this person wrote and is known by, in every copy, whoever they were before they were
        joined; the books stay, under no name.

        Returns how many "messages", "files" (copies), "drafts", "known values", "identities" and "posts" it reached.
        """


class Store(Protocol):
    """A database."""

    async def run(self, act: Callable[[Work], T]) -> T:
        """Run `act` (a plain function: read, decide, write) in a transaction; its exception rolls it back."""

    async def close(self) -> None: ...
