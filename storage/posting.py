"""The part of `Work` about posts: what is wanted, what is sent next, and what became of it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Notice, Place, Post, PostKind, PostState, QuestionId, Ref
from storage.codec import encode
from storage.queries import Connection, Queries
from storage.rows import read_post

_OLDEST_EVERY = 4  # fresh work overtakes, but nothing waits for ever
_NOBODY_WAITS = 2**62
_EVERYBODY_WAITS = 0
_FOLLOWED = ("answer", "clarify", "correction")  # lines outside threads behind which files may wait


class Posting:
    """Needs a transaction to be open on its connection.

    Within a recipient, a thread is a card with the posts whose `parent` it is, or a text with those that come `after`
    it. They are posted for the first time in the order in which they were wanted, behind it; one that is parked lets
    the later ones pass. What is already there is edited without waiting. Across threads the newest goes first, and
    every fourth time the oldest.
    """

    sql: Queries
    connection: Connection

    def want(self, notices: Sequence[Notice], at: int) -> None:
        for notice in notices:
            self._want(notice, at)

    def next_post(self, recipient: Place, now: int) -> Post | None:
        row = self.sql.newest_ready(self.connection, recipient=recipient, now=now)
        if row is None:
            return None
        if self.sql.take_turn(self.connection, recipient=recipient) % _OLDEST_EVERY == 0:
            row = self.sql.oldest_ready(self.connection, recipient=recipient, now=now)
        post = read_post(row)
        if parent := post.notice.parent:
            post = replace(post, parent_ref=self._ref_of(recipient, parent))
        if post.ref is None and post.state is not PostState.UNKNOWN:
            self.sql.mark_sending(self.connection, post=post.id, now=now)
            post = replace(post, state=PostState.SENDING)
        return post

    def next_post_at(self, recipient: Place) -> int | None:
        at: int | None = self.sql.next_ready_at(self.connection, recipient=recipient)
        return at

    def shown(self, post: Post, ref: Ref | None) -> None:
        self.sql.mark_shown(self.connection, post=post.id, revision=post.revision, ref=ref)
        if ref != post.ref:
            self._rearrange(post.notice)

    def set_back(self, post: Post, *, state: str, retry_at: int, why: str = "") -> None:
        self.sql.set_back(self.connection, post=post.id, state=PostState(state), retry_at=retry_at, why=why)
        # It was to be taken away, and is not there: nothing is left to do.
        self.sql.drop_if_absent(self.connection, post=post.id)
        if post.ref is None or state == PostState.GONE:
            self._rearrange(post.notice)

    def hurry(self, recipient: Place, slot: str, now: int) -> None:
        """An outcome that is unknown still settles first, so that nothing is said twice."""
        self.sql.hurry(self.connection, recipient=recipient, slot=slot, now=now)

    def recover_sending(self, now: int, retry_at: int) -> int:
        assert retry_at >= now, "an unknown outcome needs time to settle"
        return int(self.sql.recover_sending(self.connection, retry_at=retry_at))

    def refresh(self, question: QuestionId, message: int) -> None:
        self.show_anew(question)
        self.say_anew(question, message)

    def show_anew(self, question: QuestionId) -> int:
        """Every card of the question gets a new revision, so that it is rendered once more. How many."""
        return int(self.sql.show_cards_anew(self.connection, question=question))

    def show_files_anew(self, question: QuestionId) -> frozenset[Place]:
        return frozenset(Place(place) for (place,) in self.sql.show_files_anew(self.connection, question=question))

    def say_anew(self, question: QuestionId, message: int) -> int:
        """The same for every line with that text."""
        return int(self.sql.show_lines_anew(self.connection, question=question, message=message))

    def _want(self, notice: Notice, at: int) -> None:
        if notice.absent and self._never_there(notice):
            return
        self.sql.want(
            self.connection,
            recipient=notice.recipient,
            slot=notice.slot,
            kind=notice.kind,
            about=notice.about,
            parent=_first(notice),
            question=notice.question,
            message=notice.message,
            notice=encode(notice),
            absent=int(notice.absent),
            not_before=notice.not_before,
            wanted_at=at,
            waits=int(_first(notice) is not None),
        )
        self._arrange_behind(notice)

    def _never_there(self, notice: Notice) -> bool:
        """Whether nobody can have seen the post that is to be taken away; then it is forgotten."""
        slot = {"recipient": notice.recipient, "slot": notice.slot}
        if not self.sql.post_exists(self.connection, **slot):
            return True
        dropped = bool(self.sql.drop_unsent(self.connection, **slot))
        if dropped:
            self._arrange_behind(notice)
        return dropped

    def _rearrange(self, notice: Notice) -> None:
        """After a post appeared, disappeared or was set back: who in its threads waits for whom now?"""
        self._arrange_behind(notice)
        if notice.kind is PostKind.CARD or notice.about in _FOLLOWED:
            self._arrange(notice.recipient, notice.slot)

    def _arrange_behind(self, notice: Notice) -> None:
        if first := _first(notice):
            self._arrange(notice.recipient, first)

    def _arrange(self, recipient: Place, parent: str) -> None:
        head = _EVERYBODY_WAITS
        if self._ref_of(recipient, parent) is not None:
            first = self.sql.thread_head(self.connection, recipient=recipient, parent=parent)
            head = _NOBODY_WAITS if first is None else first
        self.sql.arrange_thread(self.connection, recipient=recipient, parent=parent, head=head)

    def _ref_of(self, recipient: Place, slot: str) -> Ref | None:
        ref: Ref | None = self.sql.ref_of(self.connection, recipient=recipient, slot=slot)
        return ref


def _first(notice: Notice) -> str | None:
    """The slot of the post that has to be there before this one."""
    return notice.parent or notice.after
