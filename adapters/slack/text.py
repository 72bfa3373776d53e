"""Texts on their way to Slack, where they must not become markup, and from Slack, where they still are."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapters.slack.emoji import with_signs
from adapters.slack.sizes import TEXT
from bot.card import Card, Moment, Tone, moment_sign
from bot.wording.fitting import Cost, blank, fitted, shown, units
from bot.wording.shortening import in_utc

Moments = Sequence[Moment]

# What a tone says to those who see no sign: notifications and screen readers get words.
TONE_WORDS: Final = {Tone.FRESH: "New: ", Tone.ALERT: "Attention: "}

_TOO_SHORT_TO_READ: Final = 20
# Tokens such as {time} are the reader's own clock: docs.slack.dev/messaging/formatting-message-text.
_TOKENS: Final = {"time": "{time}", "day": "{date_long_pretty} at {time}", "ago": "since {date_short_pretty} at {time}"}
# mrkdwn has no escape for these, so where they would act they give way to signs that look like them. An address
# stays as it is, for it may be meant to be opened.
_ACTING: Final = re.compile(
    r"https?://[^\s@]+|(?<!\w)[*_~]|[*_~](?!\w)|`|^>|@(?=channel|here|everyone)|:(?!(?<=\d:)\d+:)(?=[\w+'-]+:)",
    re.MULTILINE,
)
_LOOK_ALIKES: Final = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", ">": "›", "@": "＠", ":": "꞉"}


# --- to Slack


def escaped(text: str) -> str:
    """Exactly what Slack asks for, `&`, `<` and `>`: no mention, link or date can begin."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def marked(text: str, moments: Moments = ()) -> str:
    """A text as mrkdwn that shows what it says and does nothing: no markup, emoji, mention; moments as local times."""
    inert = _ACTING.sub(lambda found: _LOOK_ALIKES.get(found[0], found[0]), shown(text))
    return escaped(inert).translate({ord(moment_sign(place)): date_sign(each) for place, each in enumerate(moments)})


def marking(moments: Moments = ()) -> Cost:
    """How long a text will be as mrkdwn: each sign costs what stands for it."""
    costs = {sign: len(escaped(sign)) for sign in "&<>"}
    costs |= {moment_sign(place): len(date_sign(each)) for place, each in enumerate(moments)}
    return lambda text: units(text) + sum(text.count(sign) * (each - 1) for sign, each in costs.items())


def date_sign(moment: Moment) -> str:
    """`<!date^...|14:09 UTC>`: a time that each reader sees on their own clock.

    "ago" is told as "since", with its day: it stays true on a card that nobody redraws every minute.
    """
    return f"<!date^{moment.at // 1_000}^{_TOKENS.get(moment.style, _TOKENS['time'])}|{in_utc(moment)}>"


def fallback(card: Card) -> str:
    """A message's top-level `text`: the card as notifications and screen readers give it, mrkdwn of at most 3,000."""
    return heard(_lines(card), card.moments)


def heard(lines: Iterable[tuple[str, bool]], moments: Moments) -> str:
    """Lines as mrkdwn of at most 3,000 together; the second part of each says whether it is our own text."""
    left, found, cost, others = TEXT, [], marking(moments), marking()
    for line, ours in lines:
        if blank(line):
            continue
        if left < _TOO_SHORT_TO_READ:
            break
        text = marked(fitted(line, left, cost if ours else others), moments if ours else ())
        found.append(text)
        left -= units(text) + 1
    return "\n".join(found) or "…"


def _lines(card: Card) -> Iterable[tuple[str, bool]]:
    yield TONE_WORDS.get(card.tone, "") + card.title, True
    yield card.body, True
    for quote in card.quotes:
        yield f"{quote.author}:" if quote.author else "", False
        yield quote.text, False
    for each in card.files:
        yield each.name, False
    for field in card.fields:
        yield f"{field.label}: {field.value}", True
    yield card.footnote, True
    yield " ".join(f"[{button.label}]" for button in card.buttons), True


# --- from Slack

_ANGLE: Final = re.compile(r"<([^<>\n]*)>")
_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>\n]*)?>")
_UNSAID: Final = ("https://", "http://", "mailto:", "tel:")


def read_words(text: str, names: Mapping[str, str] = {}) -> str:
    """Slack's text in plain words. `names` are those of user ids: `@Ana` for a mention, and `@somebody` without one."""
    found, end = [], 0
    for angle in _ANGLE.finditer(text):
        found += [_unescaped(text[end : angle.start()]), _said(angle[1], names)]
        end = angle.end()
    return "".join([*found, _unescaped(text[end:])])


def mentioned(text: str) -> tuple[str, ...]:
    """The ids of the users whom Slack's text names, each once, in their order."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def _unescaped(text: str) -> str:
    return re.sub("&(amp|lt|gt);", lambda found: html.unescape(found[0]), with_signs(text))


def _said(inside: str, names: Mapping[str, str]) -> str:
    """What stands between < and >: docs.slack.dev/messaging/formatting-message-text."""
    target, _, label = (_unescaped(part) for part in inside.partition("|"))
    match target[:1]:
        case "@":
            return f"@{names.get(target[1:]) or label.removeprefix('@') or 'somebody'}"
        case "#":
            return f"#{label.removeprefix('#') or 'a-channel'}"
        case "!":
            return _special(target[1:], label)
    address = next((target[len(start) :] for start in _UNSAID[2:] if target.startswith(start)), target)
    if not label or _bare(label) == _bare(target):
        return label or address
    return f"{label} ({address})"


def _special(target: str, label: str) -> str:
    if target.startswith("date^"):
        return label
    if target.startswith("subteam^"):
        return f"@{label.removeprefix('@') or 'a group'}"
    if target in ("channel", "here", "everyone"):
        return f"@{target}"
    return label or target


def _bare(address: str) -> str:
    """An address without what people leave out."""
    start = next((each for each in _UNSAID if address.lower().startswith(each)), "")
    return address[len(start) :].rstrip("/")
