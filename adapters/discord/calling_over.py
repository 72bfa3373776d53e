"""Calls somebody whose direct messages are closed to what is for them alone, from where they read anyway."""

from dataclasses import dataclass
from typing import Any, Final

from adapters.discord.calling import Calls, Refused
from adapters.discord.messages import MARK
from adapters.discord.places import spot
from adapters.discord.settings import DiscordSettings
from adapters.discord.sizes import BUTTON, COMPONENTS_V2, CUSTOM_ID, ROW, TEXT_DISPLAY
from adapters.discord.trouble import NO_SERVER_IN_COMMON, UNKNOWN_MEMBER
from bot.model import Place, Post, QuestionId, spoken_number
from bot.ports import Desk, Views

READ: Final = "read"
ECHOES: Final = frozenset({"asked", "solved"})  # what its reader did themselves, and was told where they did it
PRIMARY: Final = 1  # a button's style
ASKED_IN: Final = "discord/asked-in/"  # with a user's id: the channel where that customer asked last


@dataclass(slots=True, kw_only=True)
class CallingOver:
    """Everything here raises Refused or a platform's trouble."""

    calls: Calls
    settings: DiscordSettings
    views: Views
    desk: Desk

    async def where(self, post: Post, user: str) -> str | None:
        """The channel or thread to call this person from, None where there is none.

        Crew are called in the question's thread. Never a customer: they do not read that thread, and whoever does
        would learn who they are; customers are called where they asked.
        """
        question = post.notice.question
        if question is None or len(_custom_id(post)) > CUSTOM_ID or post.notice.about in ECHOES:
            return None
        facts = await self.views.facts(question, now=post.wanted_at)
        if facts.question is None:
            return None
        if post.notice.recipient == facts.question.origin or post.notice.person == facts.question.customer:
            return await self.desk.recall(f"{ASKED_IN}{user}")
        return await self._thread(question, user)

    async def _thread(self, question: QuestionId, user: str) -> str | None:
        """A thread of the question in a server where this person is."""
        for card in await self.views.cards_of(question):
            place = card.notice.recipient
            if not card.ref or card.notice.about != "question" or not _is_channel(place):
                continue
            server = self.settings.server(spot(place).server)
            if server is not None and await self._is_member(server.guild, user):
                return str(card.ref)
        return None

    async def _is_member(self, guild: str, user: str) -> bool:
        try:
            await self.calls.call("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=user)
        except Refused as refusal:
            if refusal.code != UNKNOWN_MEMBER:
                raise
            return False
        return True

    async def call(self, post: Post, user: str, place: str) -> str:
        """`@ann, there is news about Q7K3 for you. [Read it]`: it rings for that person, and pressing the button shows
        it to them alone. Gives the message's id."""
        assert post.notice.question is not None
        said = f"<@{user}>, there is news about {spoken_number(post.notice.question)} for you."
        button = {"type": BUTTON, "style": PRIMARY, "label": "Read it", "custom_id": _custom_id(post)}
        body: dict[str, Any] = {
            "components": [
                {"type": TEXT_DISPLAY, "id": MARK + post.id, "content": said},
                {"type": ROW, "components": [button]},
            ],
            "flags": COMPONENTS_V2,
            "allowed_mentions": {"parse": [], "users": [user]},
            "nonce": f"{post.key}c",  # the post's own may belong to a direct message
            "enforce_nonce": True,
        }
        answer = await self.calls.call("POST", "/channels/{channel_id}/messages", json=body, channel_id=place)
        return str(answer["id"])


def may_be_called(refusal: Refused) -> bool:
    """Not whoever has left: calling them would ring for nobody."""
    return refusal.code != NO_SERVER_IN_COMMON


def _custom_id(post: Post) -> str:
    return f"{READ}|{post.notice.recipient}|{post.notice.slot}"


def _is_channel(place: Place) -> bool:
    return place.startswith("discord:") and not place.startswith("discord:@")
