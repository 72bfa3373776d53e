"""What Slack does on a bad day, and what somebody tries who means harm or is only clumsy."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.slack.commanding import Commanding
from bot.app.desk import PersonalDesk
from bot.card import Form
from bot.model import StaffRole
from bot.ports import Hearable, Reply, StorageTrouble, Vouched
from tests.fakes.slack import Fault, Workspace, interactions
from tests.slack_world import SlackWorld, slack_world

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[SlackWorld]:
    async with slack_world(tmp_path / "world.db") as world:
        yield world


# --- Slack, or the database, has a bad moment


async def test_an_event_is_taken_in_while_slack_cannot_say_who_we_are(world: SlackWorld) -> None:
    ann, bo = world.visitor("ann"), await world.expert("bo")
    world.slack.faults.force(Fault.FAILS, method="auth.test")
    await ann.does(ann.native.says("dm", ASKED))
    assert "billed twice" in bo.native.reads("billing")


async def test_a_database_that_is_locked_for_a_moment_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither while lists are taken in nor while the mark is kept."""
    tries: dict[str, int] = {"vouch": 0, "mark": 0}
    keep = PersonalDesk.keep

    async def keep_badly(desk: PersonalDesk, name: str, value: str) -> None:
        tries["mark"] += 1
        if tries["mark"] == 2:
            raise StorageTrouble("locked")
        await keep(desk, name, value)

    monkeypatch.setattr(PersonalDesk, "keep", keep_badly)
    world = await SlackWorld.begins(tmp_path / "world.db", settings=_sam_is_staff)
    installation = world.adapter.installations["acme"]
    installation.times = replace(installation.times, well_seconds=0.02, refresh_seconds=0.02)

    async def hear(heard: Hearable) -> Reply | Form:
        if isinstance(heard, Vouched):
            tries["vouch"] += 1
            if tries["vouch"] == 1:
                raise StorageTrouble("locked")
        return await world.hears(heard)

    running = asyncio.create_task(world.adapter.run(hear))
    world.running.append(running)
    await world.slack.until(lambda: running.done() or (tries["mark"] > 3 and tries["vouch"] > 1))
    assert not running.done(), running.exception()
    assert [each.name for each in await world.app.views.people(staff=True)] == ["sam"]
    await world.ends()


def _sam_is_staff(workspace: Workspace) -> dict[str, Any]:
    sam = workspace.person("sam", tz="UTC")
    return {"staff_group": workspace.group("crew", [sam]).id, "staff_role": StaffRole.LEAD}


# --- words, and who must not read them


@pytest.mark.parametrize("why", ["deactivated", "unreachable"])
async def test_a_customer_out_of_reach_is_not_named_before_experts(world: SlackWorld, why: str) -> None:
    """What cannot be delivered is said to be undelivered, instead of calling the customer into the experts' thread."""
    ann, bo, stu = world.visitor("ann"), await world.expert("bo"), await world.staff("stu")
    question = (await ann.does(ann.native.types("/ask", ASKED))).receipt.question
    world.adapter.installations["acme"].posting._directs.clear()  # as after a restart
    if why == "deactivated":
        world.acme.deactivate(ann.native)
    else:
        world.acme.unreachable.add(ann.native.id)
    await bo.says("claim", question)
    await bo.says(f"answer {HOLD}", question)
    await world.passes(seconds=60)
    assert "@ann" not in bo.native.reads("billing") + stu.native.reads("staff")
    assert "reached the customer" not in world.sees("#billing")
    assert "takes no direct messages" in bo.sees() + world.sees("#billing")


# --- impatience


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_dialog_that_is_sent_twice_asks_once(world: SlackWorld, restarted: bool) -> None:
    """Its acknowledgement was late or lost, so that it is still open and its customer presses again."""
    ann = await world.customer("ann")
    await ann.does(ann.native.types("/ask"))
    await ann.native.fills_in({"entry:words": ASKED})
    presses = [interactions.submitted(ann.native, ann.native.stack[-1]) for _ in range(2)]
    for press in presses:
        came = await world.slack.delivery.interaction(world.acme, "interactive", press, may_answer=True)
        assert came.ok
        assert not came.payload, "it is closed"
        if restarted:
            world.adapter.installations["acme"]._ears.dialogs._sent.clear()
    await world.settles()
    assert len((await world.app.views.questions(customer=ann.id, limit=9)).rows) == 1


# --- rights


async def test_staff_whom_slack_did_not_look_up_are_staff_a_moment_later(tmp_path: Path) -> None:
    world = await SlackWorld.begins(tmp_path / "world.db", settings=_sam_is_staff)
    installation = world.adapter.installations["acme"]
    installation.times = replace(installation.times, again_seconds_max=0.02)
    world.slack.faults.force(Fault.FAILS, Fault.FAILS, method="users.info")
    await world.listens()
    await world.slack.until(lambda: any(isinstance(said, Vouched) for said, _ in world.heard))
    await world.settles()
    assert [each.name for each in await world.app.views.people(staff=True)] == ["sam"]
    await world.ends()


async def test_staff_by_a_list_who_become_guests_are_staff_no_more(tmp_path: Path) -> None:
    async with slack_world(tmp_path / "world.db", settings=_sam_is_staff) as world:
        await world.slack.until(lambda: any(isinstance(said, Vouched) for said, _ in world.heard))
        world.acme.change(world.acme.people["sam"], guest="single")
        await world.settles()
        await world.adapter.installations["acme"]._ears.roster.refresh(world.hears)
        assert await world.app.views.people(staff=True) == []
        world.acme.change(world.acme.people["sam"], guest="")
        await world.settles()
        await world.adapter.installations["acme"]._ears.roster.refresh(world.hears)
        assert [each.name for each in await world.app.views.people(staff=True)] == ["sam"]


@pytest.mark.parametrize("guest", ["multi", "single"])
async def test_the_home_of_a_guest_has_nothing_that_is_for_staff(world: SlackWorld, guest: str) -> None:
    """Whatever our own list says; a page is read as a command is heard."""
    await world.category("safe", title="Safe", private=True)
    ann, stu = await world.customer("ann"), await world.staff("stu")
    question = await ann.asks("My pangolin is locked into the safe, and I cannot open it.", category="safe")
    await ann.says("staff-please", question)
    await stu.does(stu.native.opens_home())
    assert "pangolin" in stu.native.home()
    world.acme.change(stu.native, guest=guest)
    await world.settles()
    await stu.does(stu.native.opens_home())
    assert "pangolin" not in stu.native.home()
    assert "Waiting for staff" not in stu.native.home()


@pytest.mark.parametrize("restarted", [False, True])
async def test_words_that_are_removed_go_from_the_files_of_long_texts_too(world: SlackWorld, restarted: bool) -> None:
    ann, bo, stu = await world.customer("ann"), await world.expert("bo"), await world.staff("stu")
    question = await ann.asks(ASKED)
    await bo.says("claim", question)
    await world.passes(minutes=5)
    card = bo.native.message_with("billing", "billed twice")
    long = " ".join(f"Pangolin {number} sits at 世界世界世界世界." for number in range(285))
    await bo.does(bo.native.says("billing", f"!answer {long}", card))
    await world.passes(seconds=30)
    files = list(world.acme.files.values())
    assert len(files) == 2, "for the customer, and for the thread"
    assert all(b"Pangolin 284" in each.content for each in files if each.content)
    await ann.says("helped", question)
    assert list(world.acme.files.values()) == files, "the same words need no other file"
    if restarted:
        world.adapter.installations["acme"].posting.enclosing._files = None
    number = (await world.question(question)).answers[-1].message
    await stu.says(f"redact {number}", question)
    assert [each.content for each in world.acme.files.values() if each.content] == []
    assert "txt" not in ann.native.reads("dm")


async def test_a_clock_that_ran_ahead_hides_nothing_that_was_missed(tmp_path: Path) -> None:
    world = await SlackWorld.begins(tmp_path / "world.db")
    ann, bo = world.visitor("ann"), await world.expert("bo")
    world.channel("billing")
    world.acme.events.discard("message.im")  # this one is missed
    await ann.native.says("dm", ASKED)
    await world.app.desk.keep("slack/acme/mark", str(world.now / 1_000 + 3 * 86_400))
    await world.listens()
    installation = world.adapter.installations["acme"]
    await world.slack.until(lambda: installation._catching_up.gaps.closed)
    await world.settles()
    assert "billed twice" in bo.native.reads("billing")
    await world.ends()


async def test_what_fails_while_it_is_taken_in_stands_in_the_log(
    world: SlackWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = await world.expert("bo")

    async def fails(*_: object) -> dict[str, Any]:
        raise LookupError("a mistake of ours")

    monkeypatch.setattr(Commanding, "command", fails)
    with capture_logs() as lines:
        assert not (await bo.native.types("/hall", "help")).ok
    bo.native.errors.clear()
    assert [str(each["exc_info"]) for each in lines if each["log_level"] == "error"] == ["a mistake of ours"]
