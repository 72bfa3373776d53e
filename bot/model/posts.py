"""A post is desired state: what a place should show, which the courier makes true."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from bot.model.ids import Place, QuestionId

Ref = NewType("Ref", str)  # the platform's own id of a message


class PostKind(StrEnum):
    CARD = "card"  # edited for ever; only its newest state is ever sent
    LINE = "line"  # said once, in order within its thread


class PostState(StrEnum):
    READY = "ready"  # nothing under way; pending when shown < revision
    SENDING = "sending"  # a request is, or was, under way: after a restart the outcome is unknown
    UNKNOWN = "unknown"  # may have been applied: settle, find, then send again
    PARKED = "parked"  # blocked: waits for `retry_at` or [Try now]
    GONE = "gone"  # its thread or channel no longer exists


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a place should now show: numbers and ids only, never words; rendering reads those.

    `slot` names the post within `recipient` ("Q7K3/card", "Q7K3/m/4"); `about` says which card or sentence of the
    wording it is ("question", "message", "answer", "claim-ends", ...); `parent` is the slot of the card whose
    thread it belongs to, `after` that of a post outside threads which has to be there first; `absent` asks for the
    post to be removed; `person` is whose eyes it is written for, when that is one person; `args` are further ids and
    numbers of the sentence.
    """

    recipient: Place
    slot: str
    kind: PostKind
    about: str
    question: QuestionId | None = None
    message: int | None = None
    person: str | None = None
    parent: str | None = None
    after: str | None = None
    not_before: int = 0
    absent: bool = False
    args: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A notice with what has become of it. `shown` is the revision the platform shows; 0 before the first.

    `wanted_at` is when it was wanted, or when the first try began that may have been applied (milliseconds UTC): no
    older message of the platform can be this post.
    """

    id: int
    notice: Notice
    revision: int
    shown: int = 0
    ref: Ref | None = None
    parent_ref: Ref | None = None
    state: PostState = PostState.READY
    retry_at: int = 0
    tries: int = 0
    why: str = ""
    wanted_at: int = 0

    @property
    def key(self) -> str:
        """Names this post on its platform, so that it can be looked for: at most 25 characters."""
        return f"g{self.id}"
