"""Files both ways: a customer says who may see theirs, the holder and staff see those; answers bring files along."""

import io

import pytest
from PIL import Image

from bot.card import Attached
from bot.change import Reason
from bot.model import Rank, State, spoken_number
from bot.ports import Blocked, Upload
from tests.sample_files import archive, log, shot
from tests.world import Someone, World

ASKED = "Why does it say this code is wrong?"
HOLD = "It is only a hold. Your bank lets go of it after three working days."


def files(world: World, place: str) -> list[str]:
    """The names of the files that a place shows."""
    return [file.name for shown in world.shown(place) for file in shown.card.files]


async def chosen(ann: Someone, question: int, choice: str, file: int = 1) -> None:
    said = await ann.says(f"show-file {spoken_number(question)} {file} {choice}")  # type: ignore[arg-type]
    assert not said.refused, said.text


async def content(world: World, place: str) -> bytes:
    """The bytes of the one file that a place shows."""
    [file] = [file for shown in world.shown(place) for file in shown.card.files]
    assert isinstance(file, Attached)
    found = await world.app.desk.content(file.id)
    assert len(found) == file.size_bytes
    return found


async def test_a_picture_is_seen_by_the_holder_and_staff_once_its_customer_says_so(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    await world.staff("stu")
    question = await ann.asks(ASKED, files=(shot(),))
    assert "with 1 picture" in world.sees("#billing")
    assert "who may see it?" in ann.sees()
    assert "Whoever answers cannot see it yet" in ann.sees()
    await bo.says("claim", question)
    assert "bo cannot see it yet" in ann.sees()
    assert files(world, bo.home) == []
    await chosen(ann, question, "send")
    assert files(world, bo.home) == ["screenshot.png"]
    assert "bo can see it" in ann.sees()
    for place in ("#billing", cy.home, ann.home, "#staff"):
        assert files(world, place) == []
    with Image.open(io.BytesIO(await content(world, bo.home))) as picture:
        assert picture.size == (240, 80)


async def test_a_blurred_picture_is_unreadable_for_the_expert_and_whole_for_staff(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED, files=(shot(),))
    await chosen(ann, question, "blur")
    await bo.says("claim", question)
    await stu.says("staff-note Have a look.", question)
    unreadable, whole = await content(world, bo.home), await content(world, "#staff")
    assert unreadable != whole
    with Image.open(io.BytesIO(unreadable)) as picture:
        shades = picture.convert("RGB").reduce(picture.width // 16).getcolors()
        assert shades is not None
        assert len(shades) <= 8
    assert "unreadable" in world.sees(bo.home)


async def test_staff_only_is_for_staff_only(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED, files=(shot(),))
    await bo.says("claim", question)
    await stu.says("staff-note Have a look.", question)
    assert files(world, "#staff") == [], "its customer has not said anything"
    await chosen(ann, question, "staff")
    assert files(world, bo.home) == []
    assert files(world, "#staff") == ["screenshot.png"]


async def test_a_document_is_for_staff_until_its_customer_sends_it(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED, files=(log(),), staff_wanted=True)
    assert files(world, "#staff") == ["app.log"]
    stu = await world.staff("stu")
    await stu.says("hand-back", question)
    await bo.says("claim", question)
    assert files(world, bo.home) == []
    blurred = await ann.says(f"show-file {spoken_number(question)} 1 blur")
    assert blurred.receipt.reason is Reason.NOT_A_PICTURE
    await chosen(ann, question, "send")
    assert files(world, bo.home) == ["app.log"]


async def test_a_choice_can_be_taken_back(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED, files=(shot(),))
    await bo.says("claim", question)
    await chosen(ann, question, "send")
    plain = await content(world, bo.home)
    await chosen(ann, question, "blur")
    assert await content(world, bo.home) != plain
    await chosen(ann, question, "staff")
    assert files(world, bo.home) == []
    await chosen(ann, question, "blur")
    assert await content(world, bo.home) != plain


async def test_only_the_customer_says_who_may_see_their_file(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED, files=(shot(),))
    await bo.says("claim", question)
    for curious in (bo, stu, await world.customer("cat")):
        assert (await curious.says(f"show-file {spoken_number(question)} 1 send")).refused
    unknown = await ann.says(f"show-file {spoken_number(question)} 2 send")
    assert unknown.receipt.reason is Reason.NO_SUCH_FILE
    assert files(world, bo.home) == []


@pytest.mark.parametrize("leaving", ["release", "lapse", "take", "escalate"])
async def test_whoever_no_longer_holds_it_no_longer_sees_its_files(world: World, leaving: str) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED, files=(shot(), log()))
    await chosen(ann, question, "send")
    await chosen(ann, question, "send", file=2)
    await bo.says("claim", question)
    assert files(world, bo.home) == ["screenshot.png", "app.log"]
    match leaving:
        case "release":
            await bo.says("release", question)
        case "lapse":
            await world.passes(minutes=16)
        case "take":
            await stu.says("take", question)
        case "escalate":
            await bo.says("escalate", question, values={"reason": "other", "words": "I do not know."})
    assert files(world, bo.home) == []


async def test_whoever_claims_it_again_sees_them_again(world: World) -> None:
    ann, bo, cy = await world.customer("ann"), await world.expert("bo"), await world.expert("cy")
    question = await ann.asks(ASKED, files=(shot(),))
    await chosen(ann, question, "send")
    await bo.says("claim", question)
    await bo.says("release", question)
    await cy.says("claim", question)
    assert (files(world, bo.home), files(world, cy.home)) == ([], ["screenshot.png"])
    await cy.says("release", question)
    await bo.says("claim", question)
    assert (files(world, bo.home), files(world, cy.home)) == (["screenshot.png"], [])


async def test_a_reply_can_be_a_picture_alone(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    said = await ann.writes("", question, files=(shot("second.png"),))
    assert not said.refused, said.text
    assert "1 picture" in world.sees("#billing")
    await chosen(ann, question, "send")
    assert files(world, bo.home) == ["second.png"]


async def test_a_refused_file_never_costs_the_words(world: World) -> None:
    ann = await world.customer("ann")
    said = await ann.tries_to_ask(ASKED, files=(Upload(name="holiday.png", content=archive()), shot()))
    assert not said.refused
    assert "was not taken. Send a picture" in said.text
    assert "holiday.png" in said.text
    question = said.receipt.question
    assert question is not None
    assert ASKED in world.sees("#billing")
    assert [each.media_type for each in (await world.question(question)).files] == ["image/png"]


async def test_files_are_not_kept_with_words_that_are_refused(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    said = await bo.says("answer Too short.", question, files=(shot(),))
    assert said.refused
    assert "attach it again" in said.text
    assert (await world.question(question)).files == ()


async def test_files_have_no_place_in_a_note(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    said = await bo.says("note I have seen this before.", question, files=(shot(),))
    assert not said.refused
    assert "carries no files" in said.text
    assert (await world.question(question)).files == ()


# --- files in answers


async def test_an_answer_brings_its_files_right_behind_it(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    said = await bo.says(f"answer {HOLD}", question, files=(shot("menu.png"), log("steps.txt")))
    assert "2 files go with it" in said.text
    assert files(world, ann.home) == []
    await world.passes(seconds=21)
    assert files(world, ann.home) == ["menu.png", "steps.txt"]
    places = [slot for place, slot in world.screen.first_posts if place == ann.home]
    assert [slot.split("/", 1)[1] for slot in places[-3:]] == ["m/2", "m/2/f/1", "m/2/f/2"]
    assert "who may see" not in ann.sees()


async def test_undo_takes_the_files_back_too(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question, files=(shot("menu.png"),))
    said = await bo.says("undo", question)
    assert "attach them again" in said.text
    await world.passes(seconds=60)
    assert files(world, ann.home) == []
    assert await stored(world) == 0
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=21)
    assert HOLD in ann.sees()
    assert files(world, ann.home) == []


async def test_files_do_not_overtake_a_text_that_cannot_arrive(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question, files=(shot("menu.png"),))
    world.screen.closed[ann.home] = Blocked("mailbox-full")
    await world.passes(seconds=21)
    del world.screen.closed[ann.home]
    assert files(world, ann.home) == []
    await world.passes(minutes=20)
    assert files(world, ann.home) == ["menu.png"]


async def test_an_override_replaces_files_as_well(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question, files=(shot("wrong.png"),))
    values = {"words": "It was our mistake, and it is mended.", "reason": "It was ours."}
    await stu.says("override", question, values=values, files=(shot("right.png"),))
    await world.passes(seconds=30)
    assert files(world, ann.home) == ["right.png"]


async def test_an_apprentices_file_waits_for_the_review(world: World) -> None:
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    mo, bo = await world.expert("mo", Rank.MASTER), await world.expert("bo")
    question = await ann.asks(ASKED)
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question, files=(shot("menu.png"),))
    await world.passes(minutes=1)
    assert files(world, ann.home) == []
    assert files(world, mo.home) == ["menu.png"]
    assert files(world, bo.home) == []
    assert "with 1 picture" in world.sees("#billing")
    await mo.says("approve", question)
    await world.passes(seconds=21)
    assert files(world, ann.home) == ["menu.png"]
    assert files(world, mo.home) == []


# --- gone for good


async def stored(world: World) -> int:
    """How many copies of files the database has."""

    def count(work: object) -> int:
        return int(work.connection.execute("SELECT count(*) FROM files").fetchone()[0])  # type: ignore[attr-defined]

    return await world.app.store.run(count)


async def test_redacting_a_text_removes_its_files_in_every_copy(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED, files=(shot(),))
    await chosen(ann, question, "send")
    await bo.says("claim", question)
    await stu.says("staff-note Have a look.", question)
    assert await stored(world) == 2
    assert files(world, bo.home) == files(world, "#staff") == ["screenshot.png"]
    await stu.says(f"redact {spoken_number(question)} 1")
    assert await stored(world) == 0
    assert files(world, bo.home) == files(world, "#staff") == []
    assert "screenshot" not in ann.sees()
    assert "1 picture" not in world.sees("#billing")
    again = await ann.says(f"show-file {spoken_number(question)} 1 send")
    assert again.receipt.reason is Reason.NO_SUCH_FILE


async def test_redacting_an_answer_takes_its_files_from_the_customer(world: World) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question, files=(shot("menu.png"),))
    await world.passes(seconds=21)
    assert files(world, ann.home) == ["menu.png"]
    await stu.says(f"redact {spoken_number(question)} 2")
    assert files(world, ann.home) == []
    assert await stored(world) == 0


async def test_erasing_a_customer_erases_their_files(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED, files=(shot(), log()))
    await chosen(ann, question, "send")
    await bo.says("claim", question)
    assert files(world, bo.home) == ["screenshot.png"]
    reached = await world.app.erase(ann.id)
    await world.settles()
    assert reached["files"] == 3
    assert await stored(world) == 0
    assert files(world, bo.home) == []
    assert await world.state(question) is State.CLOSED


async def test_a_revised_text_comes_back_without_its_files(world: World) -> None:
    ann, al = await world.customer("ann"), await world.expert("al", Rank.APPRENTICE)
    mo = await world.expert("mo", Rank.MASTER)
    question = await ann.asks(ASKED)
    await al.says("claim", question)
    await al.says(f"answer {HOLD}", question, files=(shot("menu.png"),))
    await mo.says("revise", question, values={"words": "Please name the button."})
    assert await stored(world) == 0
    assert "attach them again" in al.sees()
    assert files(world, mo.home) == []


async def test_an_expert_who_moved_house_keeps_no_file_at_the_old_one(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED, files=(shot(),))
    await chosen(ann, question, "send")
    await bo.says("claim", question)
    old = bo.home
    await world.app.store.run(lambda work: work.seen(bo.id, world.now, "web:@elsewhere"))  # type: ignore[arg-type]
    await world.passes(minutes=16)
    assert await world.state(question) is State.OPEN
    assert files(world, old) == []


async def test_the_same_event_twice_keeps_its_file_once(world: World) -> None:
    ann = await world.customer("ann")
    for _ in range(2):
        await ann.tries_to_ask(ASKED, files=(shot(),), key="test/twice")
    assert await stored(world) == 2, "the picture and its unreadable copy"
