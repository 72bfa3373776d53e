"""What all parts of one workspace share: its settings, its people, and the doors to Slack and to the core."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.answering import Answering, Where
from adapters.slack.calling import Calls, Refused
from adapters.slack.files import fetched
from adapters.slack.people import Member, People
from adapters.slack.places import Spot
from adapters.slack.settings import SlackWorkspace
from adapters.slack.text import mentioned, read_words
from bot.afterwards import Afterwards
from bot.announce import said_by_post
from bot.card import Form
from bot.model import Place
from bot.ports import Desk, Heard, Mentioned, Render, Reply, Upload, Views

Body = Mapping[str, Any]
Later = Callable[[Awaitable[None]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """`later` runs what may wait until Slack has its acknowledgement. `file_bytes_max` is what a file may have."""

    settings: SlackWorkspace
    calls: Calls
    people: People
    views: Views
    desk: Desk
    render: Render
    answering: Answering
    later: Later
    afterwards: Afterwards
    file_bytes_max: int
    now: Callable[[], int]  # milliseconds UTC

    def place(self, channel: str, thread: str = "") -> Place:
        return Spot(self.settings.name, channel=channel, thread=thread).place

    def origin(self, channel: str, thread: str, member: Member) -> Place:
        """Where a customer is answered: alone where they spoke alone, else in the thread under their words."""
        return self.people.home(member.user) if channel.startswith("D") else self.place(channel, thread)

    def category(self, channel: str) -> str:
        """The category of what is asked in that channel; "" for the first that fits."""
        return str(self.settings.help_channels.get(channel, ""))

    async def member(self, body: Body) -> Member:
        """Who did it, from the several shapes in which Slack says so."""
        user = body.get("user") or {}
        name = str(user.get("name") or user.get("username") or body.get("user_name") or "")
        team = str(user.get("team_id") or body.get("team_id") or "")
        return await self.people.member(str(user.get("id") or body.get("user_id")), team=team, name=name)

    async def words(self, raw: str) -> str:
        """Slack's text as its writer meant it, people by their names."""
        return read_words(raw, await self.people.names(mentioned(raw)))

    async def mentions(self, raw: str) -> dict[str, Mentioned]:
        """The people that a command names, by the signs that Slack gave them."""
        members = [await self.people.member(user) for user in mentioned(raw)]
        return {
            f"<@{each.user}>": Mentioned(
                who=each.identity, name=each.name, place=self.people.home(each.user), timezone=each.timezone
            )
            for each in members
        }

    async def uploads(self, said: Body) -> tuple[Upload, ...]:
        """The files of a message."""
        return await fetched(self.calls, said.get("files") or (), bytes_max=self.file_bytes_max)

    def heard(self, member: Member, key: str, sentence: str, **more: Any) -> Heard:
        return Heard(
            key=key,
            who=member.identity,
            sentence=sentence,
            name=member.name,
            place=self.people.home(member.user),
            timezone=member.timezone,
            guest=member.guest,
            **more,
        )

    def tell_later(self, reply: Reply | Form, where: Where) -> None:
        """What the one who acted is told, unless a post says the same in the same place."""
        if isinstance(reply, Form):  # what opens it runs out after 3 seconds
            self.later(self.answering.answer(reply, where))
        else:
            self.later(self.afterwards.show(lambda: self._tell(reply, where)))

    async def _tell(self, reply: Reply, where: Where) -> None:
        reply = await reply.whole()
        if reply.receipt is None or not said_by_post(reply.receipt):
            await self.answering.answer(reply, where)
        elif reply.news is not None:
            await self.answering.answer(Reply(card=reply.news), where)

    async def message(self, channel: str, thread: str, ts: str) -> Body | None:
        """One message as it reads now; None when it was deleted. Raises a platform's trouble."""
        span: dict[str, Any] = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": True, "limit": 1}
        span["include_all_metadata"] = True
        try:
            if thread == ts:
                found = await self.calls.call("conversations.history", **span)
            else:
                found = await self.calls.call("conversations.replies", ts=thread, **span)
        except Refused:
            return None
        return next((each for each in found.get("messages") or () if each.get("ts") == ts), None)


def where_of(body: Body) -> Where:
    """Where an act happened, from the several shapes in which Slack says so."""
    container, said = body.get("container") or {}, body.get("message") or {}
    thread = container.get("thread_ts") or said.get("thread_ts") or ""
    channel = str((body.get("channel") or {}).get("id") or body.get("channel_id") or container.get("channel_id") or "")
    if not thread and container.get("type") == "message" and not container.get("is_ephemeral"):
        # Beside a card means in its thread; in one's own conversation with the bot it means below.
        thread = "" if channel.startswith("D") else container.get("message_ts") or ""
    if not thread and body.get("type") == "message_action":
        thread = said.get("ts") or ""
    return Where(
        channel=channel,
        user=str((body.get("user") or {}).get("id") or body.get("user_id") or ""),
        thread=str(thread),
        trigger=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        ephemeral=bool(container.get("is_ephemeral")),
    )
