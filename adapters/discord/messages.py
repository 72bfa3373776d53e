"""Cards as Discord's messages, within all of its limits: one message, or as many as the whole of it takes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from adapters.discord.buttons import rows
from adapters.discord.drawing import BUTTONS, Passage, displays, framed, passages, small
from adapters.discord.sizes import (
    COMPONENTS_V2,
    FILE,
    FILE_DESCRIPTION,
    GALLERY,
    TEXT,
    TEXT_DISPLAY,
    THREAD_NAME,
    Json,
)
from bot.card import Attached, Card
from bot.wording.fitting import blank, fitted, one_line, units
from bot.wording.shortening import plain, shortened, whole_text

MESSAGES: Final = 5

MARK: Final = 1_000_000_000
_NAME_CHARS: Final = 75
_HEAD_CHARS: Final = 200
# A passage shorter than that is not torn apart between two messages, and no piece of one is shorter than that.
_WHOLE: Final = 1_500
_WORTH_READING: Final = 500
_SHORTENED: Final = "Shortened to fit here."
_IN_FILE: Final = "Shortened to fit here; the file has every word."
_NUMBER: Final = re.compile(r"[0-9A-Z]{4,12}")
_IMAGES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
_NOTHING: Final[Json] = {"type": TEXT_DISPLAY, "content": "…"}


@dataclass(frozen=True, slots=True)
class Message:
    """`files` are names and contents, in the order in which the components name them."""

    components: tuple[Json, ...]
    files: tuple[tuple[str, bytes], ...] = ()

    def body(self, *, edit: bool = False) -> Json:
        """What is sent; an edit always names its files, so that earlier ones go."""
        body: Json = {
            "components": list(self.components),
            "flags": COMPONENTS_V2,
            "allowed_mentions": {"parse": []},
        }
        if self.files or edit:
            body["attachments"] = [{"id": str(place), "filename": name} for place, (name, _) in enumerate(self.files)]
        return body


def message(card: Card, *, post: int = 0, links: bool = False, carry: str = "") -> Message:
    """The card as one message; `links` as in `inert`, `carry` as in `button`, `post` the number by which `post_of`
    knows it again.

    Where it has to cut, the message says so and brings all of the words in a file.
    """
    read = displays(passages(card, links=links))
    files: tuple[tuple[str, bytes], ...] = ()
    if not _fits(read):
        read = displays(passages(_cut(card, links, _IN_FILE), links=links, note=_IN_FILE))
        files = (_words_file(card),)
        read.append(_file_shown(files[0][0]))
    pressable = rows(card.buttons[:BUTTONS], 0, carry)
    return Message(_signed(framed(card, [*read, *pressable] or [_NOTHING]), post), files)


def messages(card: Card, *, carry: str = "", links: bool = False) -> tuple[Message, ...]:
    """All of the card in as many messages as it takes, for one person alone, its buttons on the last; what is longer
    than five messages comes as a file with the last."""
    if _fits(displays(passages(card, links=links))):
        return (message(card, carry=carry, links=links),)
    dealt = _dealt(list(passages(card, links=links)))
    if len(dealt) <= MESSAGES:
        return _numbered(card, dealt, carry)

    def fits(each: Card) -> bool:
        return len(_dealt(list(passages(each, links=links, note=_IN_FILE)))) <= MESSAGES

    cut = shortened(card, fits, buttons_max=BUTTONS)
    return _numbered(card, _dealt(list(passages(cut, links=links, note=_IN_FILE))), carry, (_words_file(card),))


def file_message(attached: Attached, content: bytes, name: str, card: Card, *, post: int) -> Message:
    """A file with its caption: pictures are seen at once, anything else can be opened. `name` is the one it gets."""
    card = replace(card, files=())
    note = ""
    if not _fits(displays(passages(card))):
        card, note = _cut(card, False, _SHORTENED), _SHORTENED
    name = _file_name(name)
    shown = _picture(attached, name) if attached.media_type in _IMAGES else _file_shown(name)
    parts = [*displays(passages(card, note=note)), shown, *rows(card.buttons[:BUTTONS])]
    return Message(_signed(framed(card, parts), post), ((name, content),))


def post_of(message: Mapping[str, Any]) -> int | None:
    """Which post of ours it is, from a message as Discord gives it; None when it is none."""
    first = next(iter(message.get("components") or ()), None)
    number = first.get("id") if isinstance(first, Mapping) else None
    return number - MARK if isinstance(number, int) and number > MARK else None


def title_of(card: Card) -> str:
    """The card's title as the name of a forum's post: one line without markup."""
    title = one_line(plain(card.title, card.moments))
    return "…" if blank(title) else fitted(title, THREAD_NAME)


# --- within the limits


def _fits(read: Sequence[Json]) -> bool:
    return sum(units(each["content"]) for each in read) <= TEXT


def _cut(card: Card, links: bool, note: str) -> Card:
    def fits(each: Card) -> bool:
        return _fits(displays(passages(each, links=links, note=note)))

    return shortened(card, fits, buttons_max=BUTTONS)


def _signed(components: list[Json], post: int) -> tuple[Json, ...]:
    """With the mark by which `post_of` knows it again: nobody sees the id of a component."""
    if post:
        components[0] = components[0] | {"id": MARK + post}
    return tuple(components)


def _numbered(
    card: Card, dealt: Sequence[Sequence[Passage]], carry: str, files: tuple[tuple[str, bytes], ...] = ()
) -> tuple[Message, ...]:
    last = len(dealt)
    name = fitted(card.title.partition(" · ")[0], _NAME_CHARS)
    found = []
    for number, page in enumerate(dealt, start=1):
        parts = displays(page)
        if number > 1:
            head = small(f"{name} ({number} of {last})".strip(), card.moments)
            parts.insert(0, {"type": TEXT_DISPLAY, "content": head})
        if number < last:
            found.append(Message(tuple(framed(card, parts))))
            continue
        parts += [*(_file_shown(name) for name, _ in files), *rows(card.buttons[:BUTTONS], 0, carry)]
        found.append(Message(tuple(framed(card, parts)), files))
    return tuple(found)


def _dealt(waiting: list[Passage]) -> list[list[Passage]]:
    """The passages dealt to as few messages as take them in their order, with room for a head; it ends as soon as there
    are too many."""
    dealt: list[list[Passage]] = [[]]
    left = room = TEXT - _HEAD_CHARS
    waiting = waiting[::-1]
    while waiting and len(dealt) <= MESSAGES:
        passage = waiting.pop()
        size = passage.size + 1
        if size > left and (size <= _WHOLE or left < _WORTH_READING) and dealt[-1]:
            dealt.append([])
            left = room
        if size > left:
            passage, rest = passage.split(left - 1)
            waiting += [rest] if rest is not None else []
            size = passage.size + 1
        dealt[-1].append(passage)
        left -= size
    return dealt


# --- files


def _words_file(card: Card) -> tuple[str, bytes]:
    """All of the card's words, named by its number."""
    number = card.title.partition(" · ")[0]
    name = number if _NUMBER.fullmatch(number) else "whole"
    return f"{name}.txt", whole_text(card).encode()


def _file_name(name: str) -> str:
    """A name that Discord leaves as it is, for components name the file by it."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", name)[-THREAD_NAME:].lstrip(".") or "file"


def _file_shown(name: str) -> Json:
    return {"type": FILE, "file": {"url": f"attachment://{name}"}}


def _picture(attached: Attached, name: str) -> Json:
    """Its name is what those hear of it who do not see it."""
    item: Json = {"media": {"url": f"attachment://{name}"}}
    said = fitted(one_line(attached.name), FILE_DESCRIPTION)
    return {"type": GALLERY, "items": [item if blank(said) else item | {"description": said}]}
