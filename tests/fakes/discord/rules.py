"""Rules for messages that the published schema lacks: lengths over everything, what may stand together, files.

docs/resources/message#create-message and #embed-object-embed-limits
"""

import mimetypes
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from . import components
from .calls import Call, Upload
from .refusals import Problem, Refused, bad_form
from .state import COMPONENTS_V2, EPHEMERAL, LOADING, SILENT, SUPPRESS_EMBEDS, Json

if TYPE_CHECKING:
    from .server import FakeDiscord

CONTENT, EMBEDS_TOTAL, FILES, FILE_BYTES = 2000, 6000, 10, 10 * 2**20
SETTABLE: Final = SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2 | EPHEMERAL
IMAGES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
URL: Final = re.compile(r"<?https?://[^\s<>)\]]+>?")


def check_message(body: Json, *, has_files: bool = False, edits: bool = False, flags: int | None = None) -> None:
    """Raises Refused (50035, 50006) for what Discord does not take as a message."""
    value = (body.get("flags") or 0) if flags is None else flags
    found = list(problems(body, value))
    if found:
        raise bad_form(found)
    filled = any(body.get(name) for name in ("embeds", "sticker_ids", "components", "poll"))
    if not edits and not filled and not has_files and not (body.get("content") or "").strip():
        raise Refused(50006)


def problems(body: Json, flags: int) -> Iterator[Problem]:
    if len(body.get("content") or "") > CONTENT:
        yield ("content",), "BASE_TYPE_MAX_LENGTH", f"Must be {CONTENT} or fewer in length."
    if (body.get("flags") or 0) & ~(SETTABLE | LOADING):
        yield ("flags",), "MESSAGE_FLAGS_INVALID", "These flags cannot be set."
    if flags & COMPONENTS_V2:
        for name in ("content", "embeds", "poll", "sticker_ids"):
            if body.get(name):
                text = f'The "{name}" field cannot be used when using MessageFlags.IS_COMPONENTS_V2'
                yield (name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text
    yield from embed_problems(body.get("embeds") or [])
    yield from components.problems(body.get("components") or [], flags)
    yield from mention_problems(body.get("allowed_mentions") or {})


def embed_problems(embeds: list[Json]) -> Iterator[Problem]:
    total = sum(embed_size(each) for each in embeds)
    if total > EMBEDS_TOTAL:
        yield ("embeds",), "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBEDS_TOTAL}"
    limits = {"title": 256, "description": 4096}
    for place, each in enumerate(embeds):
        for name, most in limits.items():
            if len(each.get(name) or "") > most:
                yield ("embeds", place, name), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."
        if len(each.get("fields") or []) > 25:
            yield ("embeds", place, "fields"), "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length."
        for number, field in enumerate(each.get("fields") or []):
            for name, most in (("name", 256), ("value", 1024)):
                if not field.get(name):
                    yield ("embeds", place, "fields", number, name), "BASE_TYPE_REQUIRED", "This field is required"
                elif len(field[name]) > most:
                    path = ("embeds", place, "fields", number, name)
                    yield path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."


def embed_size(embed: Json) -> int:
    """What counts towards the 6,000: title, description, fields, footer and author."""
    words = [embed.get("title"), embed.get("description")]
    words += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    words += [field.get(name) for field in embed.get("fields") or [] for name in ("name", "value")]
    return sum(len(each or "") for each in words)


def mention_problems(allowed: Json) -> Iterator[Problem]:
    """parse and a list of ids exclude each other (docs/resources/message#allowed-mentions-object)."""
    for name in ("users", "roles"):
        if name in (allowed.get("parse") or []) and allowed.get(name):
            text = f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
            yield ("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text


def stored_embeds(embeds: list[Json] | None) -> list[Json]:
    """As Discord keeps them."""
    kept = []
    for each in embeds or []:
        shown: Json = {"type": "rich"} | {name: value for name, value in each.items() if value not in (None, [], {})}
        if "fields" in shown:
            shown["fields"] = [
                {"inline": False} | {k: v for k, v in f.items() if v is not None} for f in shown["fields"]
            ]
        kept.append(shown)
    return kept


def attach(call: Call, body: Json, kept: list[Json] | None = None) -> list[Json]:
    """The attachments after this request: kept ones that `attachments` lists, and what was uploaded."""
    listed = body.get("attachments")
    old = {each["id"]: each for each in kept or []}
    stay = list(old.values()) if listed is None else []
    names: dict[int, str] = {}
    for each in listed or []:
        key = str(each["id"])
        if key in old:
            stay.append(old[key])
        elif key.isdigit() and int(key) in call.uploads:
            names[int(key)] = each.get("filename") or ""
        else:
            raise bad_form([(("attachments", 0), "ATTACHMENT_NOT_FOUND", f"There is no attachment or file {key}.")])
    if len(stay) + len(call.uploads) > FILES:
        raise bad_form([(("attachments",), "BASE_TYPE_MAX_LENGTH", f"Must be {FILES} or fewer in length.")])
    fresh = [
        store(call.discord, Upload(name=names.get(number) or each.name, content=each.content, type=each.type))
        for number, each in sorted(call.uploads.items())
    ]
    return stay + fresh


def store(discord: "FakeDiscord", upload: Upload, *, ephemeral: bool = False) -> Json:
    """Keep a file and give its attachment object; its address is signed and ends."""
    if len(upload.content) > discord.file_bytes:
        raise Refused(40005)
    key = discord.snowflake()
    name = re.sub(r"[^\w.\-]", "_", upload.name) or "unknown"
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    discord.files[key] = (name, guessed, upload.content)
    url = discord.signed(key)
    shown: Json = {"id": key, "filename": name, "size": len(upload.content), "url": url, "proxy_url": url}
    shown["content_type"] = guessed + ("; charset=utf-8" if guessed.startswith("text/") else "")
    if name != upload.name:
        shown["title"] = upload.name.rpartition(".")[0]
    if guessed in IMAGES:
        shown |= {"width": 64, "height": 64}
    return shown | ({"ephemeral": True} if ephemeral else {})


def links(content: str) -> list[str]:
    """Addresses that would be unfurled: those not put in angle brackets."""
    return [each for each in URL.findall(content) if not (each.startswith("<") and each.endswith(">"))]
