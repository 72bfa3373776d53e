"""Looks at Discord as it is for the bot and each server of the settings, and names the cure for what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.cli.discord import MAKE_APP_AT, token_trouble
from bot.cli.discord_places import Server
from bot.cli.discord_reading import MISSING_ACCESS, UNKNOWN_GUILD, UNKNOWN_MEMBER, Reader, Wrong, reading
from bot.cli.findings import Finding
from bot.cli.talking import many
from bot.config import Config, DiscordBotSettings
from bot.config.discord import TOKEN, TOKEN_AT, DiscordServerSettings
from bot.model import Category

SKEW_SECONDS_MAX: Final = 60
STARTS_MIN: Final = 10
# Flags of the application, for a reviewed bot and for a small one: docs/resources/application#application-flags
MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
_INTENT_AT: Final = "in the developer portal, your application, Bot, Privileged Gateway Intents, Message Content Intent"


async def look_at_discord(config: Config, categories: Sequence[Category], *, running: bool, now: int) -> list[Finding]:
    """Everything there is to say about Discord; `now` is in milliseconds UTC.

    `running`: a Guildhall is connected now, which made the commands when it started.
    """
    bot = config.discord_bot()
    look = _Look(bot, categories)
    found = list(look.at_settings())
    if bot.token:
        async with reading(bot) as reader:
            found += await look.at_discord(reader, running=running, now=now)
    if not found:
        cure = "`guildhall init --where discord` begins; docs/discord.md goes through it step by step."
        found.append(wrong("No server is set up.", cure))
    return found


def well(sentence: str, advice: str = "") -> Finding:
    return Finding(about="discord", sentence=sentence, advice=advice)


def wrong(sentence: str, cure: str) -> Finding:
    return Finding(about="discord", sentence=sentence, cure=cure)


class _Look:
    """The bot, looked at from outside."""

    def __init__(self, bot: DiscordBotSettings, categories: Sequence[Category]) -> None:
        self.bot = bot
        self.categories = categories

    def at_settings(self) -> Iterator[Finding]:
        """What needs no Discord."""
        if self.bot.servers and not self.bot.token:
            yield wrong("The bot's token is not set.", f"Set {TOKEN}: {TOKEN_AT}.")
        elif trouble := token_trouble(self.bot):
            sentence, _, cure = trouble.partition(". ")
            yield wrong(f"{sentence}.", cure)
        for each in self.bot.servers:
            yield from Server(each, self.categories).at_settings()

    async def at_discord(self, reader: Reader, *, running: bool, now: int) -> list[Finding]:
        """What Discord says; nothing more can be asked when it does not know the bot."""
        try:
            application = await reader.one("/applications/@me")
            me = await reader.one("/users/@me")
        except Wrong as trouble:
            return [wrong(trouble.sentence, trouble.cure)]
        found = [well(f"The bot is @{me.get('username')}, of the application {application.get('name')}.")]
        found += self._application(application)
        found += self._clock(reader.clock, now)
        found.append(await self._commands(reader, str(application["id"]), running=running))
        found.append(await self._gateway(reader))
        there: list[Server] = []
        for settings in self.bot.servers:
            seen = await self._server(reader, settings, str(me["id"]))
            if isinstance(seen, Server):
                there.append(seen)
            else:
                found.append(seen)
        for each in there:
            found += each.at_server(others=[other for other in there if other is not each])
        return found

    def _application(self, application: Mapping[str, Any]) -> Iterator[Finding]:
        portal = f"{MAKE_APP_AT}/{application['id']}"
        if address := application.get("interactions_endpoint_url"):
            cure = f"Empty Interactions Endpoint URL at {portal}/information."
            yield wrong(f"Buttons and commands go to {address} and never come to Guildhall.", cure)
        if application.get("bot_require_code_grant"):
            cure = f"Turn Requires OAuth2 Code Grant off at {portal}/bot."
            yield wrong("The bot cannot be invited with an address alone.", cure)
        if application.get("bot_public"):
            advice = f"Turn Public Bot off at {portal}/bot, so that nobody else adds it to their server."
            yield well("Anybody may invite the bot; it works in the servers of the settings only.", advice)
        granted = int(application.get("flags") or 0) & MESSAGE_CONTENT
        if self.bot.message_content and not granted:
            cure = f"Allow it {_INTENT_AT}; or set message_content to false. Until then Discord lets nobody in."
            yield wrong("message_content is on, and Discord does not grant it.", cure)
        elif self.bot.message_content:
            yield well("Plain words in channels can be read: message content is granted.")
        else:
            unused = " It is granted in the portal, and not asked for." if granted else ""
            yield well(f"Plain words in channels stay unread; buttons, forms and commands need none.{unused}")

    def _clock(self, clock: float | None, now: int) -> Iterator[Finding]:
        seconds = now / 1_000 - clock if clock is not None else 0.0
        if abs(seconds) > SKEW_SECONDS_MAX:
            apart = f"{abs(seconds) / 60:.0f} min {'ahead of' if seconds > 0 else 'behind'}"
            sentence = f"This machine is {apart} Discord's clock, by which it looks for what it missed."
            yield wrong(sentence, "Set it right: timedatectl set-ntp true")

    async def _commands(self, reader: Reader, application: str, *, running: bool) -> Finding:
        wanted = (self.bot.command, self.bot.ask_command)
        try:
            made = await reader.several(f"/applications/{application}/commands")
        except Wrong as trouble:
            return wrong(f"Commands: {trouble.sentence}", trouble.cure)
        names = {str(each.get("name")) for each in made}
        missing = [f"/{each}" for each in wanted if each not in names]
        if not missing:
            return well(f"The commands /{wanted[0]} and /{wanted[1]} are there.")
        if running:
            cure = "Start Guildhall again: it makes them then, and its log says why it cannot."
            return wrong(f"The commands are not there: {', '.join(missing)}.", cure)
        return well(f"The commands {' and '.join(missing)} are made when Guildhall starts.")

    async def _gateway(self, reader: Reader) -> Finding:
        try:
            limit = (await reader.one("/gateway/bot", has="url")).get("session_start_limit") or {}
            await reader.listen()
        except Wrong as trouble:
            return wrong(trouble.sentence, trouble.cure)
        left, total = int(limit.get("remaining", STARTS_MIN)), limit.get("total", 1_000)
        if left < STARTS_MIN:
            hours = int(limit.get("reset_after", 0)) / 3_600_000
            sentence = f"The bot may sign in {many(left, 'time')} more of {total} for {hours:.0f} h."
            return wrong(
                sentence, "Something starts it over and over: look at the log before Discord resets the token."
            )
        return well("The gateway opens and says hello.")

    async def _server(self, reader: Reader, settings: DiscordServerSettings, me: str) -> Server | Finding:
        """What is there, to be looked at; or what is wrong."""
        about, guild = f"discord {settings.name}", settings.guild
        try:
            server = await reader.one(f"/guilds/{guild}")
            channels = await reader.several(f"/guilds/{guild}/channels")
            member = await reader.one(f"/guilds/{guild}/members/{me}", has="user")
        except Wrong as trouble:
            if trouble.code not in (UNKNOWN_GUILD, MISSING_ACCESS, UNKNOWN_MEMBER):
                return Finding(about=about, sentence=trouble.sentence, cure=trouble.cure)
            cure = (
                f"Let it in: guildhall discord-invite --server {settings.name}; or correct guild (right-click the "
                "server's name, Copy Server ID)."
            )
            return Finding(about=about, sentence=f"The bot is not in the server {guild}.", cure=cure)
        return Server(settings, self.categories, server=server, channels=channels, me=member)
