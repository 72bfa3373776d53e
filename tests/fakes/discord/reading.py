"""Messages and channels as people read them: names for mentions, buttons as [Label], threads with their tags."""

import re
from typing import TYPE_CHECKING

from .components import BUTTON, CONTAINER, FILE, LABEL, LINK, ROW, SECTION, SELECTS, SEPARATOR, TEXT, TEXT_INPUT
from .state import LOADING, Channel, Json, Message

if TYPE_CHECKING:
    from .server import FakeDiscord

MENTION = re.compile(r"<(@!?|@&|#)(\d+)>")
STAMP = re.compile(r"<t:(\d+)(?::\w)?>")
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~|>@:<])")


def words(discord: "FakeDiscord", text: str) -> str:
    """Text with names in place of ids; escaped signs as themselves."""

    def name(found: re.Match[str]) -> str:
        kind, key = found[1], found[2]
        if kind == "#":
            return f"#{discord.channels[key].name}" if key in discord.channels else "#unknown"
        if kind == "@&":
            roles = (guild.roles.get(key) for guild in discord.guilds.values())
            return next((f"@{role.name}" for role in roles if role), "@unknown-role")
        return f"@{discord.users[key].shown}" if key in discord.users else "@unknown-user"

    shown = MENTION.sub(name, text)
    return ESCAPED.sub(r"\1", STAMP.sub(lambda found: f"(time {found[1]})", shown))


def message_lines(discord: "FakeDiscord", message: Message) -> list[str]:
    """One message: who, what, embeds, components, files, reactions."""
    if message.type == 18:
        return [f"* {author(message)} started a thread: {message.content}"]
    if message.type == 21:
        return ["* " + line for line in (message_lines(discord, message.replied) if message.replied else ["(deleted)"])]
    body = ["(thinking…)"] if message.flags & LOADING else words(discord, message.content).split("\n")
    body += [line for embed in message.embeds if embed["type"] == "rich" for line in embed_lines(discord, embed)]
    body += component_lines(discord, message.components)
    body += [f"(file: {each['filename']})" for each in message.attachments]
    body = [line for line in body if line]
    if message.edited_at and body:
        body[0] += " (edited)"
    if message.reactions:
        body.append(" ".join(f"{name} {len(users)}" for name, users in message.reactions.items()))
    if message.type == 19 and message.replied is not None:
        head = f"{author(message)} (to {author(message.replied)})"
    else:
        head = author(message)
    head += ", only visible to you" if message.ephemeral_for else ""
    return [f"{head}: {body[0]}"] if len(body) == 1 else [f"{head}:", *body]


def author(message: Message) -> str:
    guild = message.channel.guild
    member = guild.members.get(message.author.id) if guild else None
    return (member.shown if member else message.author.shown) + (" (app)" if message.author.bot else "")


def embed_lines(discord: "FakeDiscord", embed: Json) -> list[str]:
    lines = [embed["author"]["name"]] if embed.get("author") else []
    lines += [embed["title"]] if embed.get("title") else []
    lines += [embed["description"]] if embed.get("description") else []
    lines += [f"{each['name']}: {each['value']}" for each in embed.get("fields", [])]
    lines += [embed["footer"]["text"]] if embed.get("footer") else []
    return [f"| {line}" for whole in lines for line in words(discord, whole).split("\n")]


def component_lines(discord: "FakeDiscord", components: list[Json]) -> list[str]:
    lines: list[str] = []
    for each in components:
        match each["type"]:
            case kind if kind == ROW:
                lines.append(" ".join(control(part) for part in each["components"]))
            case kind if kind == TEXT:
                lines += words(discord, each["content"]).split("\n")
            case kind if kind == CONTAINER:
                lines += [f"| {line}" for line in component_lines(discord, each["components"])]
            case kind if kind == SECTION:
                lines += component_lines(discord, [*each["components"], each["accessory"]])
            case kind if kind == SEPARATOR:
                lines.append("---")
            case kind if kind == FILE:
                lines.append(f"(file: {each['file'].get('url', '')})")
            case kind if kind == LABEL:
                about = f" ({each['description']})" if each.get("description") else ""
                lines.append(f"{each['label']}{about}: {control(each['component'])}")
            case _:
                lines.append(control(each))
    return lines


def control(part: Json) -> str:
    """A button as [Label], a select as [Placeholder v], an input as ____ or what stands in it."""
    kind = part["type"]
    if kind == BUTTON:
        label = part.get("label") or (part.get("emoji") or {}).get("name", "")
        more = f" -> {part['url']}" if part["style"] == LINK else ""
        return f"[{label}{more}]" if not part.get("disabled") else f"({label})"
    if kind in SELECTS:
        chosen = [each["label"] for each in part.get("options", []) if each.get("default")]
        return f"[{', '.join(chosen) or part.get('placeholder') or 'Make a selection'} v]"
    if kind == TEXT_INPUT:
        label = f"{part['label']}: " if part.get("label") else ""
        return label + (part.get("value") or part.get("placeholder") or "____")
    options = " ".join(f"( {each['label']} )" for each in part.get("options", []))
    return options or f"(component {kind})"


def thread_head(thread: Channel) -> str:
    """A thread's name with its tags and what is wrong with it."""
    known = {each["id"]: each["name"] for each in (thread.parent.tags if thread.parent else [])}
    marks = [known.get(key, "?") for key in thread.applied_tags]
    marks += ["archived"] if thread.archived else []
    marks += ["locked"] if thread.locked else []
    return f"# {thread.name}" + (f" [{', '.join(marks)}]" if marks else "")


def channel_lines(discord: "FakeDiscord", channel: Channel, asides: list[Message]) -> list[str]:
    """A channel with its threads, indented; `asides` are what only the reader sees."""
    lines = [thread_head(channel)] if channel.is_thread else []
    mine = [each for each in asides if each.channel is channel]
    inner = [each for each in channel.guild.threads() if each.parent is channel] if channel.guild else []
    shown = set()
    for message in sorted([*channel.messages.values(), *mine], key=lambda each: int(each.id)):
        lines += message_lines(discord, message)
        if message.thread is not None and message.thread in inner:
            shown.add(message.thread.id)
            lines += [f"    {line}" for line in channel_lines(discord, message.thread, asides)]
    for thread in inner:
        if thread.id not in shown:
            lines += [f"    {line}" for line in channel_lines(discord, thread, asides)]
    return lines
