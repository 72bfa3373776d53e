"""Looks at one server on Discord: its channels and forums, what the bot may do there, who can read them, its roles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.discord.permissions import (
    ADMINISTRATOR,
    EVERYTHING,
    FORUMS,
    NEWS,
    PLACES,
    TEXT,
    VIEW,
    held_in_channel,
    held_in_server,
    missing,
)
from adapters.discord.threads import REQUIRE_TAG, wanted_tags
from bot.cli.findings import Finding
from bot.cli.talking import meant
from bot.config.discord import DiscordServerSettings, server_of
from bot.model import Category, Place

HELP: Final = "a help channel"
TAGS_MAX: Final = 20
_KINDS: Final = {
    TEXT: "a text channel",
    1: "a conversation",
    2: "a voice channel",
    3: "a conversation",
    4: "a category of channels",
    NEWS: "an announcement channel",
    13: "a stage",
    14: "a directory",
}
_COPY: Final = "right-click it, Copy Channel ID"
_FOR_STAFF: Final = (
    "Edit Channel, Permissions: take View Channel from {0}, and give it to your staff's role and to the bot."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """What a channel is for. `inside`: only staff should read it; `quiet`: it is of a private category."""

    channel: str
    purpose: str
    inside: bool = False
    quiet: str = ""


class Server:
    """One server of the settings; `server`, `channels` and `me` are Discord's guild, its channels and the bot there."""

    def __init__(
        self,
        settings: DiscordServerSettings,
        categories: Sequence[Category],
        *,
        server: Mapping[str, Any] | None = None,
        channels: Sequence[Mapping[str, Any]] = (),
        me: Mapping[str, Any] | None = None,
    ) -> None:
        self.settings = settings
        self.categories = categories
        self.server = server or {"id": settings.guild}
        self.channels = {str(each["id"]): each for each in channels}
        self.roles = {str(each["id"]): each for each in self.server.get("roles") or ()}
        self.bot = str(((me or {}).get("user") or {}).get("id", ""))
        self.bot_roles = [str(each) for each in (me or {}).get("roles") or ()]

    def well(self, sentence: str, advice: str = "") -> Finding:
        return Finding(about=f"discord {self.settings.name}", sentence=sentence, advice=advice)

    def wrong(self, sentence: str, cure: str) -> Finding:
        return Finding(about=f"discord {self.settings.name}", sentence=sentence, cure=cure)

    # --- what needs no Discord -----------------------------------------------------------------------------------

    def at_settings(self) -> Iterator[Finding]:
        settings, names = self.settings, [each.name for each in self.categories]
        for channel, category in settings.help_channels.items():
            if category and category not in names:
                cure = f"Correct help_channels, or make it: guildhall category add {category}"
                sentence = f"{channel} asks in category {category!r}, which is not there{meant(category, names)}"
                yield self.wrong(sentence, cure)
        if not any(self._uses()):
            cure = f"guildhall category set NAME channels discord:{settings.name}:CHANNEL-ID"
            yield self.wrong("No category has a channel here, and no customer can ask here.", cure)
        for channel, uses in self._used().items():
            if HELP in (each.purpose for each in uses) and len(uses) > 1:
                purpose = next(each.purpose for each in uses if each.purpose != HELP)
                sentence = f"{channel} is both {HELP} and {purpose}: customers would read it."
                yield self.wrong(sentence, "Take one of them elsewhere.")

    def _uses(self) -> Iterator[_Use]:
        for category in self.categories:
            for place in category.channels:
                if channel := self._here(place):
                    quiet = category.title if category.private else ""
                    yield _Use(channel=channel, purpose=f"where cards of {category.name} go", quiet=quiet)
            if category.staff_channel and (channel := self._here(category.staff_channel)):
                yield _Use(channel=channel, purpose=f"the staff channel of {category.name}", inside=True)
        for channel in self.settings.help_channels:
            yield _Use(channel=channel, purpose=HELP)

    def _used(self) -> Mapping[str, list[_Use]]:
        used: dict[str, list[_Use]] = {}
        for use in self._uses():
            used.setdefault(use.channel, []).append(use)
        return used

    def _here(self, place: Place) -> str:
        return place.rpartition(":")[2] if server_of(place) == self.settings.name else ""

    # --- what Discord shows --------------------------------------------------------------------------------------

    def at_server(self, others: Sequence["Server"]) -> Iterator[Finding]:
        """Channels and roles. `others` are those of the settings besides, where something may have been meant."""
        held = held_in_server(self.server, self.bot, self.bot_roles)
        if held == EVERYTHING and self.server.get("owner_id") != self.bot:
            advice = "Take Administrator from its role; it needs only what guildhall discord-invite asks for."
            yield self.well(f"The bot is in {self._name} as an administrator.", advice)
        else:
            yield self.well(f"The bot is in {self._name}.")
        for channel, uses in self._used().items():
            yield from self._channel(channel, uses, others)
        for setting, roles in (
            ("staff_roles", self.settings.staff_roles),
            ("expert_roles", self.settings.expert_roles),
        ):
            for role, becomes in roles.items():
                yield self._role(setting, role, str(becomes), others)

    @property
    def _name(self) -> str:
        return str(self.server.get("name") or self.settings.name)

    def _channel(self, channel: str, uses: Sequence[_Use], others: Sequence["Server"]) -> Iterator[Finding]:
        purposes = ", ".join(dict.fromkeys(use.purpose for use in uses))
        there = self.channels.get(channel)
        if there is None:
            elsewhere = next((each for each in others if channel in each.channels), None)
            where = f"is not in {self._name}" + (f" but in {elsewhere._name}" if elsewhere else "")
            cure = (
                f"Its place begins with discord:{elsewhere.settings.name}: then."
                if elsewhere
                else f"Correct its id ({_COPY}); threads and posts cannot be chosen."
            )
            yield self.wrong(f"{channel} ({purposes}) {where}.", cure)
            return
        name, kind = f"#{there.get('name') or channel} ({purposes})", int(there.get("type", TEXT))
        if kind not in PLACES:
            sentence = f"{name} is {_KINDS.get(kind, 'of another kind')}, which has no threads for questions."
            yield self.wrong(sentence, "Take a text channel or a forum.")
            return
        held = held_in_channel(self.server, there, self.bot, self.bot_roles)
        if lacking := missing(held, kind):
            lacks = ", ".join(each.name for each in lacking)
            reasons = " ".join(f"{each.name}: {each.why}" for each in lacking)
            cure = f"Edit Channel, Permissions, add the bot, allow {lacks}. {reasons}"
            yield self.wrong(f"The bot lacks {lacks} in {name}.", cure)
        else:
            yield self.well(f"The bot can work in {name}, {'a forum' if kind in FORUMS else _KINDS[kind]}.")
        yield from self._readers(there, name, uses)
        if kind in FORUMS:
            yield from self._tags(there, name, uses)

    def _readers(self, there: Mapping[str, Any], name: str, uses: Sequence[_Use]) -> Iterator[Finding]:
        """Who reads what they should not, or cannot read what they should."""
        everyone = self._reads(there, ())
        experts = [each for each in self.settings.expert_roles if each in self.roles and self._reads(there, (each,))]
        if any(use.inside for use in uses):
            outsiders = [self._called(each) for each in experts if each not in self.settings.staff_roles]
            whom = "@everyone" if everyone else ", ".join(outsiders)
            if whom:
                told = "Everybody in the server" if everyone else f"Whoever has {whom}"
                cure = _FOR_STAFF.format(whom)
                yield self.wrong(f"{told} can read {name}: what is held and what staff say stands there.", cure)
        quiet = ", ".join(dict.fromkeys(use.quiet for use in uses if use.quiet))
        if quiet and everyone:
            sentence = (
                f"Everybody in the server can read {name}. Cards of {quiet} hide the words, talk in threads does not."
            )
            yield self.well(sentence, "Edit Channel, Permissions: let only your experts' and staff's roles view it.")
        outside = [use for use in uses if not use.inside and use.purpose != HELP]
        wanted = [each for each in self.settings.expert_roles if each in self.roles]
        if outside and wanted and not everyone and not experts:
            sentence = f"Nobody with {', '.join(self._called(each) for each in wanted)} can see {name}."
            yield self.well(sentence, "Edit Channel, Permissions: give View Channel to the role of its experts.")

    def _reads(self, there: Mapping[str, Any], roles: Sequence[str]) -> bool:
        return bool(held_in_channel(self.server, there, "", roles) & (VIEW.bit | ADMINISTRATOR))

    def _tags(self, there: Mapping[str, Any], name: str, uses: Sequence[_Use]) -> Iterator[Finding]:
        """Posts carry tags of the states and of their category, if the forum has them."""
        has = {str(each.get("name", "")).casefold() for each in there.get("available_tags") or ()}
        wanted = wanted_tags(self._titles(str(there["id"])))
        lacking = [each for each in wanted if each.casefold() not in has]
        how = f"Edit Channel, Tags, in this order: {', '.join(lacking)}."
        if int(there.get("flags") or 0) & REQUIRE_TAG and len(lacking) == len(wanted):
            cure = f"{how} Or turn Require people to select tags off."
            yield self.wrong(
                f"{name} takes no post without a tag, and has none of ours: posts would carry another.", cure
            )
        elif lacking:
            room = TAGS_MAX - len(has)
            full = f" It has room for {max(0, room)} more; states come first." if len(lacking) > room else ""
            count = f"{len(lacking)} of {len(wanted)} states and categories"
            sentence = f"{name} has no tag for {count}; cards say them all the same."
            yield self.well(sentence, f"{how}{full}")

    def _titles(self, channel: str) -> Iterator[str]:
        for category in self.categories:
            if any(self._here(place) == channel for place in category.channels):
                yield category.title

    # --- roles ---------------------------------------------------------------------------------------------------

    def _role(self, setting: str, role: str, becomes: str, others: Sequence["Server"]) -> Finding:
        if role == self.settings.guild:
            cure = "Take the id of the role that is meant: Server Settings, Roles, its menu, Copy Role ID."
            return self.wrong(f"{setting} names @everyone: everybody in the server would be {becomes}.", cure)
        there = self.roles.get(role)
        if there is None:
            return self._stranger(setting, role, others)
        if there.get("managed"):
            cure = "Make a role of your own for it, and give it to those who are meant."
            return self.wrong(
                f"{setting} names {self._called(role)}, which belongs to an app: it cannot be given.", cure
            )
        return self.well(f"Whoever has {self._called(role)} is {becomes}.")

    def _stranger(self, setting: str, role: str, others: Sequence["Server"]) -> Finding:
        """A role that this server does not have; a role counts in its own server only, whatever it is called."""
        owner = next((each for each in others if role in each.roles), None)
        if owner is None:
            cure = "Correct its id: Server Settings, Roles, its menu, Copy Role ID."
            return self.wrong(f"{setting} names the role {role}, which is not in {self._name}.", cure)
        title = owner.roles[role].get("name")
        same = next((each for each, own in self.roles.items() if own.get("name") == title), "")
        cure = f"Put it under [discord.{owner.settings.name}]" + (
            f", or take the one of {self._name} that has the same name: {same}." if same else "."
        )
        return self.wrong(f"{setting} names @{title} of {owner._name}, which counts for nothing in {self._name}.", cure)

    def _called(self, role: str) -> str:
        return f"@{str(self.roles[role].get('name') or role).removeprefix('@')}"
