"""What a rich_text block may hold (docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from .schema import Check, anything, by_type, flag, many, one_of, shape, url, whole, words

STYLE = shape("style", {}, {"bold": flag, "italic": flag, "strike": flag, "code": flag, "underline": flag}, typed=False)
NAMED_STYLE = shape(
    "style",
    {},
    {
        "bold": flag,
        "italic": flag,
        "strike": flag,
        "highlight": flag,
        "client_highlight": flag,
        "unlink": flag,
        "underline": flag,
    },
    typed=False,
)
LONG = words(13_000)
PARTS: dict[str, Check] = {
    "text": shape("text", {"text": LONG}, {"style": STYLE}),
    "link": shape("link", {"url": url(3000)}, {"text": LONG, "unsafe": flag, "style": STYLE}),
    "emoji": shape("emoji", {"name": words(100)}, {"unicode": words(100), "skin_tone": whole(1, 6), "style": STYLE}),
    "user": shape("user", {"user_id": words(30)}, {"style": NAMED_STYLE}),
    "usergroup": shape("usergroup", {"usergroup_id": words(30)}, {"style": NAMED_STYLE}),
    "channel": shape("channel", {"channel_id": words(30)}, {"style": NAMED_STYLE}),
    "broadcast": shape("broadcast", {"range": one_of("here", "channel", "everyone")}, {"style": STYLE}),
    "color": shape("color", {"value": words(20)}, {"style": STYLE}),
    "date": shape(
        "date",
        {"timestamp": whole(0, 9_999_999_999), "format": words(255)},
        {"url": url(), "fallback": words(3000), "style": STYLE},
    ),
}
PART = by_type(PARTS, "rich text element")
PREFORMATTED_PART = by_type({kind: PARTS[kind] for kind in ("text", "link")}, "preformatted element")
SECTION = shape("rich_text_section", {"elements": many(PART, 1000, 0)})
ELEMENTS: dict[str, Check] = {
    "rich_text_section": SECTION,
    "rich_text_list": shape(
        "rich_text_list",
        {"style": one_of("bullet", "ordered"), "elements": many(by_type({"rich_text_section": SECTION}, "item"), 500)},
        {"indent": whole(0, 8), "offset": whole(0, 10_000), "border": whole(0, 1)},
    ),
    "rich_text_preformatted": shape(
        "rich_text_preformatted",
        {"elements": many(PREFORMATTED_PART, 1000, 0)},
        {"border": whole(0, 1), "language": anything},
    ),
    "rich_text_quote": shape("rich_text_quote", {"elements": many(PART, 1000, 0)}, {"border": whole(0, 1)}),
}
RICH_TEXT = many(by_type(ELEMENTS, "rich text element"), 500)
