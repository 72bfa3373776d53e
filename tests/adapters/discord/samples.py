"""What Discord's rules and its published description say against components, and abuse in Discord's own markup."""

import re
from collections.abc import Iterator
from typing import Any, Final

from adapters.discord.messages import Message
from tests.adapters.discord.markdown import seen
from tests.adapters.slack.samples import ABUSE as SIGNS
from tests.fakes.discord import components, openapi, rules
from tests.stories_slack.abuse import ABUSE as TYPED

# Beside what people try anywhere, what acts on Discord alone.
OURS: Final = (
    "<@1234> <@!1234> <@&1234> <#1234>",
    "<@1234",
    "\\<@1234>",
    "\\\\<@1234>",
    "<\\@1234>",
    "<:party:1234> <a:dance:1234>",
    "<t:1764079620:R> <t:1764079620>",
    "</hall claim:1234> <id:customize> <id:browse>",
    "<+15550100> <a@evil.example> <mailto:a@evil.example>",
    "||spoiler|| ~~struck~~ __underlined__ ***both***",
    "**bold *inside* bold**",
    "*a* _b_ __c__ ~~d~~ ||e|| `f` ``g`` ```h```",
    "```py\nprint('@everyone')\n```",
    "`a\nb` and `` ` ``",
    "\\*not slanted\\* \\",
    "-# small",
    "  -# small",
    "# one\n## two\n### three",
    "* one\n+ two\n12. three\n- ",
    "> one\n>>> two\n  > three",
    "[a](https://evil.example) [b](<https://evil.example> 'title') [c] (https://evil.example)",
    "[[a]](https://evil.example)[https://acme.example](https://evil.example)",
    "https://evil.example/**bold**_x_||y||`z` steam://run/1 discord://-/x DISCORD.GG/abc discord.com/invite/x",
    "**https://evil.example** _https://evil.example/_ (https://evil.example/(a)) https://evil.example.",
    "https://evil.example/`https://evil.example/`",
    ":smile: :a:b:c:: ::: :+1::skin-tone-3: 10:30:15",
    ":smile:tada: \\:smile:",
    ":https://evil.example/a 10:30https://evil.example/b:",
    "@everyone@here @Everyone",
    "¯\\_(ツ)_/¯",
    "attachment://Q7K3.txt",
    "1|close Q7K3",
    "form|1|close Q7K3",
)
ABUSE: Final = tuple(dict.fromkeys((*OURS, *SIGNS, *(each.typed or each.sent for each in TYPED))))


def refused(what: Message) -> list[Any]:
    """What Discord would say against the message, sent or as an edit."""
    return [
        problem
        for edit, schema in ((False, "MessageCreateRequest"), (True, "MessageEditRequestPartial"))
        for body in (what.body(edit=edit),)
        for problem in (*rules.problems(body, body["flags"]), *openapi.schema_problems(schema, body))
    ]


def refused_modal(modal: dict[str, Any]) -> list[Any]:
    return [
        *components.modal_problems(modal),
        *openapi.schema_problems("ModalInteractionCallbackRequestData", modal),
    ]


def texts(parts: Any) -> list[str]:
    """The text displays, in their order."""
    return [each["content"] for _, each in components.walk(list(parts)) if each["type"] == components.TEXT]


def buttons(parts: Any) -> list[dict[str, Any]]:
    return [each for _, each in components.walk(list(parts)) if each["type"] == components.BUTTON]


def words_of(parts: Any) -> str:
    """The words alone, without the signs that arrange them; each time is the same word."""
    lines = [seen(each) for each in texts(parts)] + [f"[{each['label']}]" for each in buttons(parts)]
    return said_alone("\n".join(lines))


def said_alone(text: str) -> str:
    return re.sub(
        r"(?:since )?(?:[\ue000-\ue0ff]|@time)",
        "@time",
        " ".join(re.sub(r"(?m)^> ?|[🆕⏳✅⚠\ufe0f\[\]]", "", text).split()),
    )


def files_named(parts: Any) -> Iterator[str]:
    for _, each in components.walk(list(parts)):
        if each["type"] == components.FILE:
            yield each["file"]["url"]
        if each["type"] == components.GALLERY:
            yield from (item["media"]["url"] for item in each["items"])
