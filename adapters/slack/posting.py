"""Makes Slack show what it should: first posts that can be found again, edits, removals, files, direct messages."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NoReturn

from adapters.slack.blocks import message
from adapters.slack.calling import Calls, Refused
from adapters.slack.enclosing import FILE_GONE, Enclosing, Find
from adapters.slack.files import handed_over, is_shown, name_with_key
from adapters.slack.places import Spot, spot
from adapters.slack.reading import read_it_blocks
from bot.card import Card
from bot.model import FileId, Place, Post, PostKind, QuestionId, Ref, spoken_number
from bot.ports import Blocked, Gone, StorageTrouble, Unknown, Views

EVENT_TYPE: Final = "guildhall_post"
PAGE: Final = 200
PAGES_MAX: Final = 25
SLACK_CLOCKS_SECONDS: Final = 300  # how far Slack's clock and ours may be apart
FILE_SIGN: Final = "F"  # ids of files begin with it, a message's ts with a digit

CHANNEL_GONE: Final = frozenset({"channel_not_found", "channel_is_deleted"})
THREAD_GONE: Final = frozenset({"message_not_found", "thread_not_found", "cant_update_message", "cant_delete_message"})
NOBODY: Final = frozenset({"user_not_found", "users_not_found", "user_disabled"})  # not in this workspace any more
NO_DIRECT: Final = NOBODY | {"cannot_dm_bot", "user_not_visible", "not_allowed"}
CURES: Final[Mapping[str, tuple[str, str]]] = {
    "not_in_channel": ("slack-not-in-channel", "Invite the bot: /invite @guildhall in that channel."),
    "is_archived": ("slack-archived", "Unarchive the channel, or give the category another one."),
    "restricted_action": ("slack-not-allowed", "The channel's settings let only some people post; allow apps."),
    "restricted_action_read_only_channel": ("slack-not-allowed", "The channel is read-only; allow apps to post."),
    "missing_scope": ("slack-scope", "A permission is missing: run `guildhall doctor slack`, then reinstall the app."),
}


@dataclass(slots=True, kw_only=True)
class Posting:
    """The showing half of one workspace. `content` gives the bytes of a file that a card shows; `enclosing` are the
    files of texts that are too long for a message."""

    calls: Calls
    workspace: str
    views: Views
    content: Callable[[FileId], Awaitable[bytes]]
    enclosing: Enclosing
    _directs: dict[str, str] = field(default_factory=dict)

    async def put(self, post: Post, card: Card) -> Ref:
        """Raises Busy, Unknown, Blocked or Gone."""
        try:
            return await self._put(post, card)
        except Refused as refusal:
            _raise(refusal, post)
        except StorageTrouble as trouble:
            raise Unknown(str(trouble)) from trouble

    async def find(self, post: Post) -> Ref | None:
        """Looks through the channel or thread since the post was wanted. Raises as `put` does."""
        try:
            return await self._find(post)
        except Refused as refusal:
            if refusal.error in THREAD_GONE | CHANNEL_GONE | NO_DIRECT:
                return None
            _raise(refusal, post)

    async def remove(self, post: Post) -> None:
        if post.ref is None:
            return
        try:
            if post.ref.startswith(FILE_SIGN):
                await self.calls.call("files.delete", file=post.ref)
                return
            channel, ts = await self._address(post)
            await self.enclosing.take_away(post, self._finding(post, channel))
            await self.calls.call("chat.delete", channel=channel, ts=ts)
        except Refused as refusal:
            if refusal.error not in THREAD_GONE | CHANNEL_GONE | FILE_GONE:
                _raise(refusal, post)
        except StorageTrouble as trouble:
            raise Unknown(str(trouble)) from trouble

    async def direct(self, user: str) -> str:
        """The id of the conversation with one person. Raises Refused when there can be none."""
        if user not in self._directs:
            answer = await self.calls.call("conversations.open", users=user)
            self._directs[user] = str(answer["channel"]["id"])
        return self._directs[user]

    # Showing

    async def _put(self, post: Post, card: Card) -> Ref:
        if post.ref is not None:
            return await self._edit(post, card, post.ref)
        target = spot(post.notice.recipient)
        try:
            channel, thread = await self._where(target)
        except Refused as refusal:
            if refusal.error in NO_DIRECT:
                return await self._mention(post, target.user, refusal)
            raise
        thread = post.parent_ref or thread
        if card.files:
            return await self._hand_over(post, card, channel, thread)
        await self.enclosing.enclose(post, card, channel, thread, self._finding(post, channel))
        return Ref(await self._say(post, channel, thread, **shown(card)))

    async def _edit(self, post: Post, card: Card, ref: Ref) -> Ref:
        if ref.startswith(FILE_SIGN) or "/" in ref:
            return ref  # a file does not change, and a mention only points at what is shown when it is asked for
        channel, ts = await self._address(post)
        try:
            await self.calls.call("chat.update", channel=channel, ts=ts, metadata=tagged(post), **shown(card))
        except Refused as refusal:
            if refusal.error not in THREAD_GONE or post.notice.kind is not PostKind.LINE:
                raise  # a line that somebody took away needs no edit
        thread = post.parent_ref or spot(post.notice.recipient).thread
        await self.enclosing.follow(post, card, channel, thread, self._finding(post, channel))
        return ref

    async def _say(self, post: Post, channel: str, thread: str | None, **what: Any) -> str:
        answer = await self.calls.call(
            "chat.postMessage",
            channel=channel,
            thread_ts=thread or None,
            metadata=tagged(post),
            unfurl_links=False,
            unfurl_media=False,
            **what,
        )
        return str(answer["ts"])

    async def _hand_over(self, post: Post, card: Card, channel: str, thread: str | None) -> Ref:
        """The file with its caption as one message of Slack's own."""
        attached = card.files[0]
        try:
            content = await self.content(attached.id)
        except LookupError:
            raise Blocked("file-gone", "The file was removed meanwhile.") from None
        name = name_with_key(attached.name, post.key)
        what = message(replace(card, files=()))
        file = await handed_over(self.calls, content, name, channel=channel, thread=thread or "", comment=what.text)
        return Ref(file)

    async def _mention(self, post: Post, user: str, refusal: Refused) -> Ref:
        """Somebody who takes no direct messages is called to the question's thread; the words stay theirs alone.

        Never a customer: they do not read that thread, and whoever does would learn who they are.
        """
        question = post.notice.question
        if question is None or refusal.error in NOBODY or await self._is_customers(post, question):
            raise refusal
        cards = await self.views.cards_of(question)
        here = [each for each in cards if each.ref and _is_open_channel(each, self.workspace)]
        if not here:
            raise refusal
        channel, thread = spot(here[0].notice.recipient).channel, str(here[0].ref)
        what = read_it_blocks(user, spoken_number(question), post.notice.recipient, post.notice.slot)
        ts = await self._say(post, channel, thread, text=what.text, blocks=list(what.blocks))
        return Ref(f"{channel}/{thread}/{ts}")

    async def _is_customers(self, post: Post, question: QuestionId) -> bool:
        facts = await self.views.facts(question, now=post.wanted_at)
        return facts.question is None or facts.question.origin == post.notice.recipient

    # Finding

    async def _find(self, post: Post) -> Ref | None:
        channel, thread = await self._where(spot(post.notice.recipient))
        async for found in self._messages(channel, post.parent_ref or thread, post):
            if key_of(found) == post.key:
                return Ref(str(found["ts"]))
            for file in found.get("files") or ():
                if is_shown(file, post.key) and not str(file.get("name", "")).endswith(".txt"):
                    return Ref(str(file["id"]))
        return None

    def _finding(self, post: Post, channel: str) -> Find:
        """Looks for the file that goes with the post."""

        async def find() -> str | None:
            async for found in self._messages(channel, post.parent_ref or spot(post.notice.recipient).thread, post):
                for file in found.get("files") or ():
                    if is_shown(file, post.key):
                        return str(file["id"])
            return None

        return find

    async def _messages(self, channel: str, thread: str | None, post: Post) -> AsyncIterator[dict[str, Any]]:
        """What was said there since the post was wanted, as Slack pages it."""
        method = "conversations.replies" if thread else "conversations.history"
        oldest = max(0.0, post.wanted_at / 1000 - SLACK_CLOCKS_SECONDS)
        cursor: str | None = None
        for _ in range(PAGES_MAX):
            answer = await self.calls.call(
                method,
                channel=channel,
                ts=thread or None,
                oldest=f"{oldest:.6f}",
                limit=PAGE,
                cursor=cursor,
                include_all_metadata=True,
            )
            for each in answer.get("messages") or ():
                yield each
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    # Addresses

    async def _where(self, target: Spot) -> tuple[str, str | None]:
        """Channel and thread of a place."""
        channel = await self.direct(target.user) if target.user else target.channel
        return channel, target.thread or None

    async def _address(self, post: Post) -> tuple[str, str]:
        """Channel and ts of a message that is shown."""
        assert post.ref is not None
        if "/" in post.ref:
            channel, _, ts = post.ref.split("/")
            return channel, ts
        channel, _ = await self._where(spot(post.notice.recipient))
        return channel, post.ref


def shown(card: Card) -> dict[str, Any]:
    """Both text and blocks, every time: Slack keeps the old blocks of an edit that leaves them out."""
    what = message(card)
    return {"text": what.text, "blocks": list(what.blocks)}


def tagged(post: Post) -> dict[str, Any]:
    """Metadata that other apps may read: our own ids, and nothing about people."""
    payload: dict[str, Any] = {"key": post.key, "revision": post.revision}
    if post.notice.about == "question" and post.notice.question is not None:
        payload["question"] = post.notice.question
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def question_shown(found: Mapping[str, Any]) -> QuestionId | None:
    """The question whose card this message of ours is."""
    metadata = found.get("metadata") or {}
    number = (metadata.get("event_payload") or {}).get("question")
    return QuestionId(number) if metadata.get("event_type") == EVENT_TYPE and isinstance(number, int) else None


def key_of(found: Mapping[str, Any]) -> str:
    metadata = found.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("key", ""))


def _is_open_channel(post: Post, workspace: str) -> bool:
    place: Place = post.notice.recipient
    return place.startswith(f"slack:{workspace}:") and post.notice.about == "question"


def _raise(refusal: Refused, post: Post) -> NoReturn:
    """What Slack's refusal means for the post."""
    error = refusal.error
    if error in CHANNEL_GONE:
        raise Gone("channel") from refusal
    if error in THREAD_GONE:
        raise Gone("thread") from refusal
    if error in NO_DIRECT:
        raise Blocked("slack-no-direct", "This person takes no direct messages from the app.") from refusal
    why, cure = CURES.get(error, ("rejected", f"Slack says {error} to {refusal.method}; this is a mistake of ours."))
    raise Blocked(why, cure) from refusal
