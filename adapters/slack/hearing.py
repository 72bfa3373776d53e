"""What a message on Slack means: a command, a customer's words, an edit, or talk that stays where it was said."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final

from adapters.slack.answering import Where
from adapters.slack.commanding import sentence_of
from adapters.slack.homes import Homes
from adapters.slack.office import Body, Office
from adapters.slack.people import Member
from adapters.slack.posting import question_shown
from bot.card import Form
from bot.model import QuestionId, Ref
from bot.once import Once
from bot.ports import Direct, Hear, Reply, Reworded, TookBack

COMMAND_SIGN: Final = "!"
SAID: Final = frozenset({"", "file_share", "thread_broadcast", "me_message"})  # subtypes that people say


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message with what was found out about it. `command` is the sentence behind the sign, None for plain words."""

    event: Body
    channel: str
    ts: str
    thread: str  # "" for a message that stands in no thread
    member: Member
    direct: bool
    command: str | None
    question: QuestionId | None = None

    @property
    def key(self) -> str:
        """One key for a message, however many events bring it."""
        return key_of(self.channel, self.ts)

    @property
    def where(self) -> Where:
        """Answers stand beside what was said."""
        carry = f"{self.channel}/{self.thread or self.ts}/{self.ts}"
        return Where(channel=self.channel, user=self.member.user, thread=self.thread, carry=carry)


async def at_once(channel: str) -> None:
    """There is nothing to wait for."""


@dataclass(slots=True, kw_only=True)
class Hearing:
    """Messages of one workspace. `bot_user` is the id by which the bot is mentioned; `reached` returns when what was
    said before in a channel has been taken in."""

    office: Office
    homes: Homes
    bot_user: str = ""
    reached: Callable[[str], Awaitable[None]] = at_once
    once: Once = field(init=False)

    def __post_init__(self) -> None:
        self.once = Once(desk=self.office.desk, name=f"slack/{self.office.settings.name}/answered")

    async def message(self, event: Body, hear: Hear, *, live: bool = True) -> None:
        """A `message` or `app_mention` event, or a message found in the history (not `live`): taken in once."""
        subtype = str(event.get("subtype") or "")
        if live:
            await self.reached(str(event["channel"]))
        if subtype == "message_changed":
            await self._changed(event, hear)
        elif subtype == "message_deleted":
            await self._deleted(str(event["channel"]), str(event.get("deleted_ts") or ""), hear)
        elif subtype in SAID and event.get("user") and not event.get("bot_id"):
            await self._once(event, hear, live=live)

    async def _once(self, event: Body, hear: Hear, *, live: bool) -> None:
        """A mention comes as two events with one ts; a message whose taking-in failed comes again. Whoever says more
        than one thing says them one after the other, and so do all in one thread."""
        channel, ts = str(event["channel"]), str(event["ts"])
        thread = str(event.get("thread_ts") or ts)
        whose = (f"{channel} {event['user']}", f"{channel} {thread}")
        async with self.once.turn(key_of(channel, ts), *whose) as new:
            if new:
                await self._said(await self._read(event), hear, live=live)

    async def knows(self, channel: str, ts: str) -> bool:
        """Whether this message was taken in, now or before a restart."""
        return await self.once.knows(key_of(channel, ts))

    async def _note_answered(self, said: Said, reply: Reply | Form) -> None:
        if not isinstance(reply, Reply) or reply.receipt is None:
            await self.once.note_answered(said.key)

    # Said

    async def _said(self, said: Said, hear: Hear, *, live: bool) -> None:
        helping = said.channel in self.office.settings.help_channels
        if not live and await self.knows(said.channel, said.ts):
            return
        if said.command is not None:
            await self._command(said, said.command, hear)
        elif said.direct or (helping and (said.question is not None or not said.thread)):
            await self._plain(said, hear)
        elif said.question is not None and live:
            self.office.later(self._offer(said, said.question))

    async def _read(self, event: Body) -> Said:
        channel, ts, user = str(event["channel"]), str(event["ts"]), str(event["user"])
        thread = str(event.get("thread_ts") or "")
        said = Said(
            event=event,
            channel=channel,
            ts=ts,
            thread="" if thread == ts else thread,
            member=await self.office.people.member(user, team=str(event.get("user_team") or event.get("team") or "")),
            direct=channel.startswith("D"),
            command=self._command_of(str(event.get("text") or "")),
        )
        if said.command is not None and not await self._may_command(said):
            said = replace(said, command=None)
        return replace(said, question=await self._question(said))

    async def _may_command(self, said: Said) -> bool:
        """Where customers speak, their words are never commands, whatever they begin with."""
        if not said.direct and said.channel not in self.office.settings.help_channels:
            return True
        person = await self.office.views.person_of(said.member.identity)
        return person is not None and person.is_crew

    def _command_of(self, raw: str) -> str | None:
        """What stands behind `!` or the bot's mention; None when it is no command."""
        text = raw.strip()
        if text.startswith(COMMAND_SIGN):
            rest = text.removeprefix(COMMAND_SIGN).strip()
            return rest if re.match(r"\w", rest) else None  # "!!!" is no command
        if not self.bot_user:
            return None
        found = re.match(rf"<@{re.escape(self.bot_user)}(?:\|[^>]*)?>[\s,:]*", text)
        return (text[found.end() :].strip().removeprefix(COMMAND_SIGN) or "help") if found else None

    async def _question(self, said: Said) -> QuestionId | None:
        """The question of the thread that it was said in: an expert's card, or a customer's own thread."""
        if not said.thread:
            return None
        views, office = self.office.views, self.office
        if said.direct:
            known = await views.question_at(office.people.home(said.member.user), Ref(said.thread))
            own = () if known is not None else await views.messages_from(office.place(said.channel, said.thread))
            return own[0].question if own else known
        known = await views.question_at(office.place(said.channel), Ref(said.thread))
        if known is None:
            known = await views.question_at(office.place(said.channel, said.thread))
        return known if known is not None or said.command is None else await self._question_of_card(said)

    async def _question_of_card(self, said: Said) -> QuestionId | None:
        """A card can be there before anybody wrote down that it is: while its answer is lost, or after a fall."""
        card = await self.office.message(said.channel, said.thread, said.thread)
        return question_shown(card) if card is not None and card.get("user") == self.bot_user else None

    async def _command(self, said: Said, raw: str, hear: Hear) -> None:
        member, office = said.member, self.office
        named = await office.mentions(raw)
        files = await office.uploads(said.event)
        reply = await hear(
            office.heard(
                member,
                said.key,
                sentence_of(raw),
                question=said.question,
                mentions=named,
                files=files,
                hurried=True,
            )
        )
        await self._note_answered(said, reply)
        office.tell_later(reply, said.where)
        self.homes.refresh(member)

    async def _plain(self, said: Said, hear: Hear) -> None:
        """Words to the bot alone, or in a channel where customers ask."""
        office = self.office
        words, files = await office.words(str(said.event.get("text") or "")), await office.uploads(said.event)
        if not words.strip() and not files:
            return
        reply = await hear(
            Direct(
                key=said.key,
                who=said.member.identity,
                text=words,
                origin=office.origin(said.channel, said.thread or said.ts, said.member),
                name=said.member.name,
                source=office.place(said.channel, said.ts),
                question=said.question,
                category=office.category(said.channel),
                files=files,
            )
        )
        await self._note_answered(said, reply)
        office.tell_later(reply, said.where)

    async def _offer(self, said: Said, question: QuestionId) -> None:
        """Talk stays talk; whoever could send it is shown the buttons that would."""
        card = await self.office.desk.offer(said.member.identity, question)
        if card is not None:
            await self.office.answering.answer(Reply(card=card), said.where)

    # Changed and deleted

    async def _changed(self, event: Body, hear: Hear) -> None:
        """Only a person's own edit: Slack says "changed" for link previews and for our own updates, too."""
        new, old, channel = event.get("message") or {}, event.get("previous_message") or {}, str(event["channel"])
        if new.get("subtype") == "tombstone":  # a deleted message that has replies
            await self._deleted(channel, str(new.get("ts") or ""), hear)
        elif new.get("edited") and not new.get("bot_id") and new.get("user") and new.get("text") != old.get("text"):
            await self.reworded(channel, new, hear)

    async def reworded(self, channel: str, new: Body, hear: Hear) -> None:
        """A message as it reads after its author's edit."""
        edited = str((new.get("edited") or {}).get("ts", ""))
        team = str(new.get("user_team") or new.get("team") or "")
        member = await self.office.people.member(str(new["user"]), team=team)
        await hear(
            Reworded(
                key=f"slack/edit/{channel}/{new['ts']}/{edited}",
                who=member.identity,
                source=self.office.place(channel, str(new["ts"])),
                text=await self.office.words(str(new.get("text") or "")),
            )
        )

    async def _deleted(self, channel: str, ts: str, hear: Hear) -> None:
        if ts:
            await hear(TookBack(key=f"slack/deleted/{channel}/{ts}", source=self.office.place(channel, ts)))


def key_of(channel: str, ts: str) -> str:
    return f"slack/message/{channel}/{ts}"
