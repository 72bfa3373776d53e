"""What all parts of the adapter share: the settings, the people, and the doors to Discord and to the core."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.discord.answering import Answering
from adapters.discord.calling import Calls
from adapters.discord.directs import Directs
from adapters.discord.files import fetched
from adapters.discord.people import Member, People
from adapters.discord.places import DIRECT, Spot, home
from adapters.discord.rooms import Rooms
from adapters.discord.settings import DiscordSettings
from adapters.discord.text import mentioned, read_words
from bot.afterwards import Afterwards
from bot.model import Place, QuestionId, Ref, read_number, spoken_number
from bot.ports import Desk, Heard, Mentioned, Render, Upload, Views

Json = Mapping[str, Any]
NAMED_MAX: Final = 20  # people whom Discord is asked about for one text; further ones are somebody
Later = Callable[[Awaitable[None]], None]


@dataclass(slots=True, kw_only=True)
class Office:
    """`later` runs what may wait until Discord has its acknowledgement. `file_bytes_max` is what a file may have.
    `bot_user` is the id by which the bot is mentioned, known once it is signed in."""

    settings: DiscordSettings
    calls: Calls
    people: People
    rooms: Rooms
    directs: Directs
    views: Views
    desk: Desk
    render: Render
    answering: Answering
    later: Later
    afterwards: Afterwards
    file_bytes_max: int
    now: Callable[[], int]  # milliseconds UTC
    bot_user: str = field(default="")

    def place(self, channel: str, guild: str, thread: str = "") -> Place:
        """A channel, or with `thread` a thread or message in it. What was said to the bot alone is in no server."""
        server = self.settings.server_of(guild)
        return Spot(server.name if server else guild or DIRECT, channel=channel, thread=thread).place

    def category(self, channel: str, guild: str) -> str | None:
        """The category of what is asked in that channel, "" for the first that fits; None where nobody asks."""
        server = self.settings.server_of(guild)
        return None if server is None or channel not in server.help_channels else str(server.help_channels[channel])

    async def question(self, channel: str, parent: str, guild: str) -> QuestionId | None:
        """The question of the thread `channel` under `parent`: an expert's card, or a customer's own thread."""
        if not parent:
            return None
        known = await self.views.question_at(self.place(parent, guild), Ref(channel))
        if known is None:
            known = await self.views.question_at(self.place(parent, guild, channel))
        return known if known is not None else await self._question_named(channel, guild)

    async def _question_named(self, channel: str, guild: str) -> QuestionId | None:
        """A card can be there before anybody wrote down that it is: while its answer is lost, or after a fall. Its
        thread, which the bot itself opened, is named by the question's number."""
        room = await self.rooms.room(channel, guild)
        said = room.name.partition(" ")[0] if room.owner == self.bot_user else ""
        question = read_number(said)
        return question if question is not None and spoken_number(question) == said else None

    async def words(self, raw: str, guild: str) -> str:
        """Discord's text as its writer meant it, people by their names."""
        return read_words(raw, await self.people.names(mentioned(raw)[:NAMED_MAX], guild))

    async def mentions(self, users: tuple[str, ...], guild: str) -> dict[str, Mentioned]:
        """The people that a command names, by the signs that Discord gave them."""
        members = [await self.people.member(user, guild) for user in users[:NAMED_MAX]]
        return {
            f"<@{each.user}>": Mentioned(who=each.identity, name=each.name, place=home(each.user)) for each in members
        }

    async def uploads(self, attachments: object) -> tuple[Upload, ...]:
        """The files of a message, copied at once: their addresses run out."""
        given = attachments if isinstance(attachments, list | tuple) else ()
        return await fetched(self.calls, given, bytes_max=self.file_bytes_max) if given else ()

    def heard(self, member: Member, key: str, sentence: str, **more: Any) -> Heard:
        return Heard(
            key=key,
            who=member.identity,
            sentence=sentence,
            name=member.name,
            place=member.home,
            guest=member.guest or member.pending,
            **more,
        )
