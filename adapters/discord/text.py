"""Texts on their way to Discord, where they must not become markup, and from Discord, where they still are."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from bot.card import Moment, moment_sign
from bot.wording.catalogue import tongue
from bot.wording.fitting import Cost, blank, shown, units

Moments = Sequence[Moment]

# Timestamps are each reader's own clock: discord.com/developers/docs/reference#message-formatting. A relative one
# says "4 minutes ago" and redraws itself.
_STAMPS: Final = {"time": "<t:{at}:t>", "day": "<t:{at}:F>", "ago": "since <t:{at}:R>"}

# An address acts by itself, and so does an invitation to a server. The signs at its end belong to the sentence.
_ADDRESS: Final = re.compile(
    r"(?:(?:https?|steam|discord)://|discord(?:app)?\.(?:gg|com/invite)/)"
    r"[^\s<>`]*[^\s<>`.,:;!?'\"()\[\]{}*_~|\\]",
    re.IGNORECASE,
)
_ADDRESSING: Final = re.compile(r"[\\*_~|`<>\[\]:]|\.(?=gg|com/invite)", re.IGNORECASE)
# A backslash before a sign takes its power, and is not seen itself. A colon begins an emoji, except in a time of day.
_SIGNS: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\*_~|`<>[]"})
_BEFORE_WORDS: Final = re.compile(r"@(?=everyone|here)|(?!(?<=\d):\d\d(?::\d\d){0,2}[.,;!?)]*(?:\s|\Z)):(?=\S)")
_LINE_START: Final = re.compile(r"^([^\S\n]*)(?:(?=[-#+])|(\d+)(?=\.(?:\s|$)))", re.MULTILINE)
# Where Discord itself sees that a plain address is over.
_ENDS: Final = re.compile(r"[.,:;\"']?(?:\s|$)")


# --- to Discord


def marked(text: str, moments: Moments = ()) -> str:
    """A sentence of ours as markdown that shows what it says and does nothing, but for addresses, which may be meant
    to be opened; moments as times on each reader's own clock."""
    return _timed(_written(text, _linked), moments)


def inert(text: str, *, links: bool = False) -> str:
    """People's words as markdown that looks as they were written and does nothing: no markup, mention, emoji, time.

    Addresses become code, which can be copied and neither pressed nor unfurled; with `links` they stay addresses.
    """
    return _written(text, _linked if links else _coded)


def bold(text: str, moments: Moments = (), *, ours: bool = True) -> str:
    """The same in bold, "" for nothing. Asterisks in a link or code would end it, so such addresses, and all of people,
    are plain words."""
    text = text.strip()
    if blank(text):
        return ""
    written = _written(text, lambda found: _linked(found) if ours and "*" not in found[0] else _worded(found))
    return f"**{_timed(written, moments)}**"


def marking(moments: Moments = ()) -> Cost:
    """How long a sentence of ours will be as markdown."""
    return lambda text: units(marked(text, moments))


def stamp(moment: Moment) -> str:
    return _STAMPS.get(moment.style, _STAMPS["time"]).format(at=moment.at // 1_000)


def _written(text: str, address: Callable[[re.Match[str]], str]) -> str:
    text, found, end = shown(text), [], 0
    for each in _ADDRESS.finditer(text):
        # What stands before an address goes on into it, so that a colon there is not the last sign.
        found += [_powerless(text[end : each.start()] + "x")[:-1], address(each)]
        end = each.end()
    found.append(_powerless(text[end:]))
    return _LINE_START.sub(r"\1\2\\", "".join(found))


def _powerless(text: str) -> str:
    return _BEFORE_WORDS.sub(r"\\\g<0>", text.translate(_SIGNS))


def _timed(written: str, moments: Moments) -> str:
    return written.translate({ord(moment_sign(place)): stamp(each) for place, each in enumerate(moments)})


def _linked(found: re.Match[str]) -> str:
    return found[0] if _ENDS.match(found.string, found.end()) else f"<{found[0]}>"


def _coded(found: re.Match[str]) -> str:
    return f"`{found[0]}`"


def _worded(found: re.Match[str]) -> str:
    return _ADDRESSING.sub(r"\\\g<0>", found[0])


# --- from Discord

_ANGLE: Final = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|a?:(?P<emoji>\w+):\d+|t:(?P<at>-?\d+)(?::(?P<style>[a-zA-Z]))?"
    r"|/(?P<command>[^<>\n:]+):\d+|id:(?P<corner>\w+)(?::\d+)?|(?P<address>[a-zA-Z][\w+.-]*:/[^\s<>]+))>"
)
_MENTION: Final = re.compile(r"<@!?([0-9]{1,20})>")


def read_words(text: str, names: Mapping[str, str] = {}, channels: Mapping[str, str] = {}) -> str:
    """Discord's text in plain words. `names` are those of user ids, `channels` those of channel ids: `@Ana` for a
    mention, and `@somebody` without one."""

    def said(found: re.Match[str]) -> str:
        match found.lastgroup, found[found.lastgroup or 0]:
            case "user", user:
                return f"@{names.get(user) or 'somebody'}"
            case "role", _:
                return "@a-role"
            case "channel", channel:
                return f"#{channels.get(channel) or 'a-channel'}"
            case "emoji", name:
                return f":{name}:"
            case "command", command:
                return f"/{command}"
            case "corner", corner:
                return f"#{corner}"
            case "address", address:
                return address
        return _time_said(found)

    return _ANGLE.sub(said, text)


def mentioned(text: str) -> tuple[str, ...]:
    """The ids of the users whom Discord's text names, each once, in their order."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def _time_said(found: re.Match[str]) -> str:
    """`25 November 2026, 14:07 UTC`, or the part of it that is asked for; a time in no calendar stays as it was."""
    try:
        at = datetime.fromtimestamp(int(found["at"]), UTC)
    except (ValueError, OverflowError, OSError):
        return found[0]
    day = f"{at.day} {tongue().say(f'month.{at.month}')} {at.year}"
    match found["style"]:
        case "t" | "T":
            return f"{at:%H:%M} UTC"
        case "d" | "D":
            return day
    return f"{day}, {at:%H:%M} UTC"
