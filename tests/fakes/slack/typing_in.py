"""How Slack's client turns what people type into message text and rich_text."""

import re
from typing import TYPE_CHECKING, Final

from .state import Json

if TYPE_CHECKING:
    from .workspace import Workspace

TOKEN: Final = re.compile(r"(https?://[^\s<>]+|@[\w.-]+|#[\w-]+)")


def typed(workspace: "Workspace", words: str) -> tuple[str, list[Json]]:
    """Text with & < > escaped, @names, #channels and links as Slack writes them; and the same as a rich_text block."""
    called, rooms = workspace.called(), {each.name: each.id for each in workspace.channels.values() if each.name}
    text, parts = "", list[Json]()
    for piece in TOKEN.split(words):
        if not piece:
            continue
        name = piece[1:].rstrip(".,-") if piece[0] in "@#" else ""
        rest = piece[1 + len(name) :] if name else ""
        if piece[0] == "@" and name in ("channel", "here", "everyone"):
            text, part = f"{text}<!{name}>", {"type": "broadcast", "range": name}
        elif piece[0] == "@" and name in called and called[name].startswith("S"):
            text, part = f"{text}<!subteam^{called[name]}>", {"type": "usergroup", "usergroup_id": called[name]}
        elif piece[0] == "@" and name in called:
            text, part = f"{text}<@{called[name]}>", {"type": "user", "user_id": called[name]}
        elif piece[0] == "#" and name in rooms:
            text, part = f"{text}<#{rooms[name]}|{name}>", {"type": "channel", "channel_id": rooms[name]}
        elif piece.startswith(("http://", "https://")):
            text, part, rest = f"{text}<{escaped(piece)}>", {"type": "link", "url": piece}, ""
        else:
            text, part, rest = text + escaped(piece), {"type": "text", "text": piece}, ""
        parts.append(part)
        if rest:
            text, parts = text + escaped(rest), [*parts, {"type": "text", "text": rest}]
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}
    return text, [block | {"block_id": workspace.slack.mint("b")}] if parts else []


def escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
