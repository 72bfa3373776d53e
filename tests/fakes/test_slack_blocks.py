"""What the fake Slack refuses about blocks and views, and how it reads them; held against slack_sdk's own models."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    CheckboxesElement,
    ContextBlock,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
    StaticSelectElement,
)

from tests.fakes.slack import Reader, pings, problems, reads, view_problems


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": marked(text)} | more


def button(label: str = "Claim", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": "claim"} | more


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)} | more


def select(*options: tuple[str, str], **more: Any) -> dict[str, Any]:
    offered = [{"text": plain(label), "value": value} for label, value in options]
    return {"type": "static_select", "action_id": "s", "options": offered} | more


def confirm(**more: Any) -> dict[str, Any]:
    told = {"title": plain("Sure?"), "text": marked("Really"), "confirm": plain("Yes"), "deny": plain("No")}
    return told | more


def asked(**more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "words"} | more.pop("element", {})
    return {"type": "input", "label": plain("Words"), "element": element} | more


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def many_buttons(count: int) -> dict[str, Any]:
    return actions(*(button(action_id=f"a{number}") for number in range(count)))


# Each limit by its last good and its first bad size.
@pytest.mark.parametrize(
    ("good", "bad", "where"),
    [
        ([section("x")] * 50, [section("x")] * 51, "/blocks"),
        ([section("x" * 3000)], [section("x" * 3001)], "/blocks/0/text/text"),
        ([section("x")], [section("")], "/blocks/0/text/text"),
        ([section("x")], [{"type": "section"}], "/blocks/0"),
        (
            [{"type": "section", "fields": [marked("x" * 2000)] * 6}],
            [{"type": "section", "fields": [marked("x" * 2001)]}],
            "/blocks/0/fields/0/text",
        ),
        (
            [{"type": "section", "fields": [plain("x")] * 10}],
            [{"type": "section", "fields": [plain("x")] * 11}],
            "/blocks/0/fields",
        ),
        (
            [{"type": "header", "text": plain("x" * 150)}],
            [{"type": "header", "text": plain("x" * 151)}],
            "/blocks/0/text/text",
        ),
        ([{"type": "header", "text": plain("x")}], [{"type": "header", "text": marked("x")}], "/blocks/0/text/type"),
        (
            [{"type": "context", "elements": [marked("x")] * 10}],
            [{"type": "context", "elements": [marked("x")] * 11}],
            "/blocks/0/elements",
        ),
        ([many_buttons(25)], [many_buttons(26)], "/blocks/0/elements"),
        ([actions(button("x" * 75))], [actions(button("x" * 76))], "/blocks/0/elements/0/text/text"),
        ([actions(button(value="x" * 2000))], [actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
        (
            [actions(button(url="https://" + "x" * 2992))],
            [actions(button(url="https://" + "x" * 2993))],
            "/blocks/0/elements/0/url",
        ),
        ([actions(button(style="danger"))], [actions(button(style="red"))], "/blocks/0/elements/0/style"),
        (
            [actions(button(action_id="x" * 255))],
            [actions(button(action_id="x" * 256))],
            "/blocks/0/elements/0/action_id",
        ),
        ([section("x", block_id="x" * 255)], [section("x", block_id="x" * 256)], "/blocks/0/block_id"),
        (
            [section("x", block_id="a"), section("x", block_id="b")],
            [section("x", block_id="a"), section("x", block_id="a")],
            "/blocks/1/block_id",
        ),
        (
            [actions(button(action_id="a"), button(action_id="b"))],
            [actions(button(action_id="a"), button(action_id="a"))],
            "/blocks/0",
        ),
        (
            [actions(button(confirm=confirm(title=plain("x" * 100))))],
            [actions(button(confirm=confirm(title=plain("x" * 101))))],
            "/blocks/0/elements/0/confirm/title/text",
        ),
        (
            [actions(button(confirm=confirm(deny=plain("x" * 30))))],
            [actions(button(confirm=confirm(deny=plain("x" * 31))))],
            "/blocks/0/elements/0/confirm/deny/text",
        ),
        (
            [actions(select(*((f"{n}", f"{n}") for n in range(100))))],
            [actions(select(*((f"{n}", f"{n}") for n in range(101))))],
            "/blocks/0/elements/0/options",
        ),
        (
            [actions(select(("x" * 75, "y" * 150)))],
            [actions(select(("x", "y" * 151)))],
            "/blocks/0/elements/0/options/0/value",
        ),
        (
            [actions(select(("A", "a"), initial_option={"text": plain("A"), "value": "a"}))],
            [actions(select(("A", "a"), initial_option={"text": plain("B"), "value": "b"}))],
            "/blocks/0/elements/0/initial_option/0",
        ),
        ([actions(select(("A", "a"), ("B", "b")))], [actions(select(("A", "a"), ("B", "a")))], "/options"),
        ([rich({"type": "text", "text": "<!channel>"})], [rich({"type": "text", "text": ""})], "/elements/0/text"),
        ([rich({"type": "text", "text": "x"})], [rich({"type": "mrkdwn", "text": "x"})], "/elements/0/elements/0/type"),
        ([rich({"type": "text", "text": "x", "style": {"bold": True}})], [rich({"type": "user"})], "/elements/0"),
        ([{"type": "divider"}], [{"type": "divider", "text": "x"}], "/blocks/0"),
        (
            [{"type": "markdown", "text": "x" * 12_000}],
            [{"type": "markdown", "text": "x" * 6_001}, {"type": "markdown", "text": "y" * 6_000}],
            "/blocks",
        ),
        ([section("x" * 2600)] * 5, [section("x" * 2601)] * 5, "/blocks"),
    ],
)
def test_each_size_has_its_edge(good: list[Any], bad: list[Any], where: str) -> None:
    assert problems(good) == []
    found = problems(bad)
    assert found
    assert any(where in each for each in found), found


@pytest.mark.parametrize(
    ("good", "bad", "where"),
    [
        ({"title": plain("x" * 24)}, {"title": plain("x" * 25)}, "/view/title/text"),
        ({"private_metadata": "x" * 3000}, {"private_metadata": "x" * 3001}, "/view/private_metadata"),
        ({"callback_id": "x" * 255}, {"callback_id": "x" * 256}, "/view/callback_id"),
        ({"blocks": [section("x")] * 100}, {"blocks": [section("x")] * 101}, "/view/blocks"),
        ({"blocks": [asked()]}, {"blocks": [asked()], "submit": None}, "/view"),
        (
            {"blocks": [asked(element={"max_length": 3000})]},
            {"blocks": [asked(element={"max_length": 3001})]},
            "/view/blocks/0/element/max_length",
        ),
        (
            {"blocks": [asked(element={"initial_value": "four", "max_length": 4})]},
            {"blocks": [asked(element={"initial_value": "fifth", "max_length": 4})]},
            "/view/blocks/0/element/initial_value",
        ),
        ({"blocks": [asked()]}, {"blocks": [{"type": "markdown", "text": "x"}]}, "/view/blocks/0/type"),
        (
            {"blocks": [asked(element={"focus_on_load": True})]},
            {"blocks": [asked(element={"focus_on_load": True}), asked(element={"focus_on_load": True})]},
            "focus_on_load",
        ),
        ({"blocks": [section("x" * 3000)] * 80}, {"blocks": [section("x" * 3000)] * 85}, "view_too_large"),
    ],
)
def test_each_size_of_a_view_has_its_edge(good: dict[str, Any], bad: dict[str, Any], where: str) -> None:
    whole = {"type": "modal", "title": plain("Answer"), "submit": plain("Send"), "blocks": []}
    assert view_problems(whole | good) == []
    found = view_problems({name: value for name, value in (whole | bad).items() if value is not None})
    assert any(where in each for each in found), found


def test_what_slack_sdk_builds_is_accepted() -> None:
    options = [Option(text="Warm", value="w", description="Friendly"), Option(text="Dry", value="d")]
    built = [
        HeaderBlock(text="Q7K3"),
        SectionBlock(
            text=MarkdownTextObject(text="*hello*"),
            fields=["one", "two"],
            accessory=OverflowMenuElement(action_id="more", options=options),
        ),
        RichTextBlock(
            elements=[
                RichTextQuoteElement(
                    elements=[
                        RichTextElementParts.Text(text="why <b>", style=RichTextElementParts.TextStyle(bold=True)),
                        RichTextElementParts.User(user_id="U1"),
                        RichTextElementParts.Link(url="https://a.example", text="there"),
                        RichTextElementParts.Date(timestamp=1_800_000_000, format="{date}", fallback="then"),
                    ]
                ),
                RichTextListElement(
                    style="bullet",
                    elements=[RichTextSectionElement(elements=[RichTextElementParts.Emoji(name="eyes")])],
                ),
            ]
        ),
        ContextBlock(elements=[PlainTextObject(text="open"), MarkdownTextObject(text="since _noon_")]),
        ActionsBlock(
            elements=[
                ButtonElement(text="Claim", action_id="claim", value="claim Q7K3", style="primary"),
                StaticSelectElement(placeholder="Tone", action_id="tone", options=options),
                RadioButtonsElement(action_id="radio", options=options),
                CheckboxesElement(action_id="boxes", options=options),
            ]
        ),
        InputBlock(label="Words", element=PlainTextInputElement(action_id="words", multiline=True)),
    ]
    assert problems([block.to_dict() for block in built]) == []


@pytest.mark.parametrize("junk", [None, "x", 7, [None], [["x"]], [{"type": "actions", "elements": [None, "x"]}]])
def test_junk_is_a_problem_and_not_a_crash(junk: Any) -> None:
    assert problems(junk)
    assert view_problems({"type": "modal", "title": plain("x"), "blocks": junk})


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_field_of_a_block_can_crash_the_check(data: st.DataObject) -> None:
    """Junk in the place of any part of a rich sample: the check may find it fine or not, but it answers."""
    grouped = {"type": "static_select", "option_groups": [{"label": plain("g"), "options": [{"text": plain("a")}]}]}
    sample = [section("x", accessory=select(("A", "a"))), actions(button(confirm=confirm()), grouped), asked()]
    place: Any = sample
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if data.draw(st.booleans()) or not isinstance(place[key], dict | list):
            place[key] = data.draw(JUNK)
            break
        place = place[key]
    assert isinstance(problems(sample), list)
    assert isinstance(view_problems({"type": "modal", "title": plain("x"), "blocks": sample}), list)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<@U1> in <#C1|billing> and <#C2>", "@bo in #billing and #staff"),
        ("<!subteam^S1|@experts> <!here>", "@experts @here"),
        ("<https://evil.example|https://bank.example>", "https://bank.example (https://evil.example)"),
        ("<https://a.example>", "https://a.example"),
        ("<!date^1800003600^{date_num} {time}|then>", "2027-01-15 09:00"),
        ("<!date^1800003600^{date_short_pretty} at {time}|then>", "today at 09:00"),
        ("<!date^1800090000^{date_pretty}|then>", "tomorrow"),
        ("<!date^1800003600^{dato}|then>", "then"),
        ("<!date^soon^{date}|then>", "then"),
    ],
)
def test_markup_is_read_as_slack_reads_it(text: str, seen: str) -> None:
    reader = Reader(tz="Europe/London", now=1_800_000_000.0, names={"U1": "bo", "C2": "staff", "S1": "experts"})
    assert reads(text, reader) == seen
    assert reads([{"type": "section", "text": plain(text)}], reader) == text


@pytest.mark.parametrize(
    ("text", "blocks", "rung"),
    [
        ("&lt;!channel&gt; @here", [], []),
        ("<!channel> <@U1> <@U1|bo>", [], ["channel", "U1"]),
        ("", [section("<!subteam^S1>")], ["S1"]),
        ("", [{"type": "section", "text": plain("<!channel>")}], []),
        ("", [rich({"type": "text", "text": "<!channel>"})], []),
        ("", [rich({"type": "broadcast", "range": "here"}, {"type": "user", "user_id": "U1"})], ["here", "U1"]),
        ("", [{"type": "context", "elements": [marked("<!everyone>")]}], ["everyone"]),
        ("", [{"type": "markdown", "text": "<@U1>"}], ["U1"]),
    ],
)
def test_who_rings(text: str, blocks: list[Any], rung: list[str]) -> None:
    assert pings(text, blocks) == rung
    assert pings("@bo @channel @nobody", [], link_names=True, names={"bo": "U1"}) == ["U1", "channel"]
