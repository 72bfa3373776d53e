"""Pictures and documents, both ways: Slack's own copies, looked at byte by byte."""

import io

import pytest
from PIL import Image

from bot.model import QuestionId, spoken_number
from tests.sample_files import archive, log, shot
from tests.slack_people import OnSlack
from tests.slack_screen import KEY
from tests.slack_world import SlackWorld

ASKED = "Why does it say that this code is wrong, when I typed it in twice?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


def picture() -> tuple[str, bytes]:
    return "screenshot.png", shot().content


def in_slack(world: SlackWorld, someone: OnSlack, room: str = "dm") -> dict[str, bytes]:
    """The bot's files that stand in a room, with their bytes."""
    found = {}
    for message in someone.native.room(room).messages.values():
        for shown in message.files if message.bot_id else ():
            if shown.get("mode") != "tombstone":
                file = world.acme.files[shown["id"]]
                assert file.content is not None
                found[KEY.sub("", file.name)] = file.content
    return found


def shades(content: bytes) -> int:
    """How much is to be seen on a picture: a blurred one has a few shades of each colour."""
    with Image.open(io.BytesIO(content)) as opened:
        colours = opened.convert("RGB").reduce(max(1, opened.width // 16)).getcolors()
    assert colours is not None
    return len(colours)


async def asks_with_a_picture(world: SlackWorld, ann: OnSlack) -> QuestionId:
    said = await ann.does(ann.native.says("dm", ASKED, files=(picture(),)))
    assert said.receipt.question is not None, said.text
    return said.receipt.question


@pytest.mark.parametrize(("label", "seen"), [("Blur", "blurred"), ("Send", "whole"), ("Staff only", "nothing")])
async def test_a_customers_picture_goes_to_the_claimer_alone_as_its_owner_says(
    world: SlackWorld, label: str, seen: str
) -> None:
    ann, bo, cy = world.visitor("ann"), await world.expert("bo"), await world.expert("cy")
    stu = await world.staff("stu")
    question = await asks_with_a_picture(world, ann)
    assert "with 1 picture" in world.sees("#billing")
    assert "[Blur] [Send] [Staff only]" in ann.sees()
    await bo.says("claim", question)
    assert in_slack(world, bo) == {}, "nobody sees it before"
    await ann.presses(label)
    got = in_slack(world, bo)
    match seen:
        case "nothing":
            assert got == {}
        case "whole":
            assert shades(got["screenshot.png"]) == shades(shot().content)
        case "blurred":
            assert got["screenshot.png"] != shot().content
            assert shades(got["screenshot.png"]) <= 8
    for room in ("billing", "dm"):
        assert in_slack(world, cy, room) == {}
    assert in_slack(world, ann) == {}
    await stu.says("take", question)
    assert in_slack(world, bo) == {}, "whoever no longer holds it no longer sees it"
    if seen != "nothing":
        assert shades(in_slack(world, stu, "staff")["screenshot.png"]) == shades(shot().content), "staff see it whole"


async def test_what_was_sent_can_be_taken_back(world: SlackWorld) -> None:
    ann, bo = world.visitor("ann"), await world.expert("bo")
    question = await asks_with_a_picture(world, ann)
    await bo.says("claim", question)
    await ann.presses("Send")
    assert list(in_slack(world, bo)) == ["screenshot.png"]
    await ann.presses("Staff only")
    assert in_slack(world, bo) == {}


async def test_a_reply_brings_a_document(world: SlackWorld) -> None:
    ann, bo = world.visitor("ann"), await world.expert("bo")
    said = await ann.does(ann.native.says("dm", ASKED))
    question = said.receipt.question
    assert question is not None
    await bo.says("claim", question)
    root = ann.native.message_with("dm", "We have your question")
    await ann.does(ann.native.says("dm", "", root, files=(("app.log", log().content),)))
    await ann.presses("Send")
    assert in_slack(world, bo) == {"app.log": log().content}


async def test_an_experts_file_goes_out_with_the_line_it_came_with(either: SlackWorld) -> None:
    world = either
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    card = bo.native.message_with("billing", "typed it in twice")
    await bo.does(bo.native.says("billing", HOLD, card, files=(("menu.png", shot().content),)))
    sent = await bo.presses("Send to customer")
    assert "1 file goes with it" in sent.text
    assert in_slack(world, ann) == {}
    await world.passes(seconds=21)
    assert list(in_slack(world, ann)) == ["menu.png"]
    assert ann.sees().index(HOLD) < ann.sees().index("menu.png"), "right behind it"
    assert ann.sees().count("menu.png") == 1


async def test_the_shortcut_takes_the_file_along(world: SlackWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    card = bo.native.message_with("billing", "typed it in twice")
    ts = await bo.native.says("billing", HOLD, card, files=(("menu.png", shot().content),))
    await world.settles()
    await bo.does(bo.native.uses_shortcut("send", "billing", ts))
    await world.passes(seconds=21)
    assert list(in_slack(world, ann)) == ["menu.png"]


async def test_a_file_that_is_no_picture_is_refused_and_the_question_asked(world: SlackWorld) -> None:
    ann = world.visitor("ann")
    said = await ann.does(ann.native.says("dm", ASKED, files=(("holiday.png", archive()), picture())))
    assert "holiday.png" in said.text
    assert "was not taken" in said.text
    assert said.receipt.question is not None
    assert "with 1 picture" in world.sees("#billing")
    assert spoken_number(said.receipt.question) in ann.sees()


async def test_redacting_removes_the_file_from_slack(world: SlackWorld) -> None:
    ann, bo, stu = world.visitor("ann"), await world.expert("bo"), await world.staff("stu")
    question = await asks_with_a_picture(world, ann)
    await bo.says("claim", question)
    await ann.presses("Send")
    assert list(in_slack(world, bo)) == ["screenshot.png"]
    await stu.says(f"redact {spoken_number(question)} 1")
    assert in_slack(world, bo) == {}
    assert "screenshot" not in bo.sees()
