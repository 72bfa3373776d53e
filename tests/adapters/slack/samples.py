"""Cards to try the translation on: all of the gallery, and thousands that nobody would write without intent."""

import random
import re
from collections.abc import Iterator
from typing import Any, Final

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.card import Attached, Button, Card, Field, Moment, Quote, Tone, Weight, moment_sign
from bot.model import FileId
from tests.fakes.slack import problems, view_problems
from tests.gallery.test_gallery import GROUPS

# What people have tried, or might: sixty kinds of mention, markup, link, emoji, script and size.
ABUSE: Final = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<@U0ADMIN>",
    "<@W0BOSS|boss>",
    "<#C0STAFF>",
    "<#C0STAFF|staff>",
    "<!subteam^S0ADMINS>",
    "<!subteam^S0ADMINS|@admins>",
    "<!date^1764079620^{time}|now>",
    "<https://evil.example|https://acme.example>",
    "<https://evil.example>",
    "<mailto:a@evil.example|a@acme.example>",
    "<tel:+15550100|your bank>",
    "<slack://open|Slack>",
    "<javascript:alert(1)|here>",
    "&lt;!channel&gt;",
    "&amp;lt;!channel&amp;gt;",
    "&lt;@U0ADMIN&gt;",
    "&#60;!channel&#62;",
    "< !channel >",
    "<<!channel>>",
    "<!channel",
    "!channel>",
    "@channel @here @everyone",
    "＠channel",
    "@ann, @staff, @U0ADMIN",
    "#general",
    "*bold*",
    "_italic_",
    "~struck~",
    "`code`",
    "```\ncode\n```",
    "*_~`all`~_*",
    "**bold** __too__",
    "[label](https://evil.example)",
    "![picture](https://evil.example/x.png)",
    "> a quote\n>> another",
    ">>> all of it",
    "&gt; a quote",
    "- one\n- two\n1. three",
    "# Heading",
    "| a | b |\n|---|---|",
    ":smile: :+1: :warning: :skin-tone-3:",
    ":alert::alert::alert:",
    "https://evil.example/path_with_*signs*",
    "www.evil.example and evil.example",
    "https://аррӏе.example",
    "{time} {date} {0} {number} %s %(x)s ${x}",
    "/hall close Q7K3",
    "!answer Q7K3 all is well",
    "say:0\nclose Q7K3",
    '{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}',
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿🇩🇪👍🏽",
    "שלום עולם ‏ مرحبا بالعالم",
    "gpj.\u202etxt.exe\u202c and \u2066isolated\u2069",
    "zero\u200bwidth\u200d\u2060joined\ufeff",
    "Z̷̡̛a̶̧͝l̸͎̓g̵̨̀o̷̖͠",
    "\x00\x07\x1b[31mred\x1b[0m\r\n\ud800",
    "\u3164\u115f\u2800",
    "漢字かな交じり文" * 40,
    "Donaudampfschifffahrt" * 200,
    '"\\' * 900,
    "&<>" * 1_100,
    "\n" * 60,
    "",
    "   ",
)


def gallery_cards() -> Iterator[tuple[str, Card]]:
    for group, shown in GROUPS.items():
        for name, card in shown():
            if card is not None:
                yield f"{group}: {name}", card


def generated_cards(count: int, seed: int = 7) -> Iterator[Card]:
    chance = random.Random(seed)
    for _ in range(count):
        yield _card(chance)


def _card(chance: random.Random) -> Card:
    moments = tuple(
        Moment(at=chance.randrange(2_000_000_000_000), style=chance.choice(("time", "day", "ago")))
        for _ in range(chance.choice((0, 1, 2, 5)))
    )
    return Card(
        title=" ".join(_words(chance, moments).split()) or "Q7K3",
        body=_words(chance, moments) if chance.random() < 0.5 else "",
        tone=chance.choice(list(Tone)),
        quotes=tuple(
            Quote(
                author=chance.choice(("", "Customer", _words(chance))), text=_words(chance, most=chance.choice((3, 40)))
            )
            for _ in range(chance.choice((0, 0, 1, 1, 2, 9)))
        ),
        fields=tuple(
            Field(label=_words(chance, moments)[:99], value=_words(chance, moments))
            for _ in range(chance.choice((0, 0, 1, 4, 40)))
        ),
        buttons=tuple(_button(chance) for _ in range(chance.choice((0, 1, 1, 3, 6, 25)))),
        footnote=_words(chance, moments) if chance.random() < 0.4 else "",
        compact=chance.random() < 0.15,
        moments=moments,
        files=tuple(
            Attached(id=FileId(str(place)), name=_words(chance), media_type="image/png", size_bytes=place * 999_999)
            for place in range(chance.choice((0, 0, 0, 2)))
        ),
    )


def _button(chance: random.Random) -> Button:
    return Button(
        label=_words(chance)[:200],
        sentence=f"{chance.choice(('claim', 'answer', 'close'))} Q7K3 {chance.randrange(99)}",
        weight=chance.choice(list(Weight)),
        carries=chance.random() < 0.2,
    )


def _words(chance: random.Random, moments: tuple[Moment, ...] = (), most: int = 3) -> str:
    signs = [moment_sign(place) for place in range(len(moments))]
    parts = [chance.choice((*ABUSE, *signs)) for _ in range(chance.randint(0, most))]
    return chance.choice((" ", "\n", "")).join(parts)


def refused(blocks: Any, surface: str = "message") -> list[str]:
    """What Slack's own models and the documented limits say against the blocks; empty when nothing."""
    found = problems(list(blocks), surface)
    parsed = Block.parse_all(list(blocks))
    if len(parsed) != len(blocks) or any(each is None for each in parsed):
        return [*found, "slack_sdk does not know a block"]
    for ours, model in zip(blocks, parsed, strict=True):
        model.validate_json()
        if model.to_dict() != ours:
            found.append(f"slack_sdk reads {model.to_dict()} for {ours}")
    return found + [f"would show signs for names in {each}" for each in plain_texts(blocks) if each["emoji"]]


def plain_texts(value: Any) -> Iterator[dict[str, Any]]:
    match value:
        case {"type": "plain_text"}:
            yield value
        case dict():
            for part in value.values():
                yield from plain_texts(part)
        case list() | tuple():
            for part in value:
                yield from plain_texts(part)


def refused_view(view: dict[str, Any]) -> list[str]:
    View(**view).validate_json()
    return view_problems(view) + refused(view["blocks"], view["type"])


_LOOK_ALIKES: Final = str.maketrans("∗ˍ∼ˋ›＠꞉", "*_~`>@:")
_ARRANGING: Final = re.compile(r"(?m)^[>┃] ?|[*·🆕⏳✅⚠\ufe0f]|\[\[?!?|!?\]?\]")
_TIMES: Final = re.compile(
    r"(?:since )?(?:[\ue000-\ue0ff]|(?:(?:today|yesterday|tomorrow|(?:\w+day, )?\w+ \d+, \d{4}) at )?\b\d\d:\d\d\b)"
)


def read_words_of(text: str) -> str:
    """The words alone, without the signs that arrange them; each time is the same word, whoever's clock it is on."""
    return _TIMES.sub("@time", " ".join(_ARRANGING.sub("", text.translate(_LOOK_ALIKES)).split()))
