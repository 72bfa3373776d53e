"""What a session that Discord ended left out: all of it is read, once, in order, and before what comes after it."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from adapters.discord.catching_up import MARGIN_MS, MARK, CatchingUp
from adapters.discord.channels import Channels
from adapters.discord.gateway import Client
from adapters.discord.reading import DIRECTS
from adapters.discord.settings import DiscordServer
from bot.card import Card
from bot.model import Category, CategoryName, Place, Ref
from bot.ports import Hear, Hearable, Page, Reply, Unknown
from tests.adapters.discord.offices import QUICK, BareOffice, settings_for, signed_in
from tests.fakes.discord import Channel, FakeDiscord, Fault, HeldTime, House, Someone, points
from tests.fakes.empty_house import EmptyHouse
from tests.world import MONDAY_NOON

HOUR = 3_600.0
MESSAGES = "GET /channels/{channel_id}/messages"
Payload = Mapping[str, Any]


@dataclass
class Question:
    id: int
    origin: Place


@dataclass
class Notice:
    recipient: Place


@dataclass
class Shown:
    notice: Notice
    ref: Ref


class Desk(EmptyHouse):
    """A house with one category, and the questions and cards that a test puts there."""

    def __init__(self) -> None:
        super().__init__()
        self.channels: tuple[Place, ...] = ()
        self.asked: list[tuple[Question, Shown]] = []

    async def categories(self) -> Any:
        return (Category(name=CategoryName("billing"), title="Billing", channels=self.channels),)

    async def questions(self, **_: object) -> Any:
        return Page(rows=[question for question, _ in self.asked])

    async def cards_of(self, question: object) -> Any:
        return [shown for asked, shown in self.asked if asked.id == question]


@dataclass
class Ear:
    """Writes down what it is told, once each, as `hearing.Hearing` takes it in."""

    reached: Any = None
    said: list[tuple[str, str]] = field(default_factory=list)  # channel, words
    late: list[str] = field(default_factory=list)  # those of them that were read, and did not arrive
    edits: list[str] = field(default_factory=list)
    fails: dict[str, int] = field(default_factory=dict)  # by words: how often
    tried: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    @property
    def once(self) -> "Ear":
        return self

    async def recall(self) -> None:
        """Nothing was answered before."""

    async def message(self, payload: Payload, hear: Hear, *, live: bool = True) -> None:
        if live:
            await self.reached(str(payload["channel_id"]))
        if payload["id"] in self._seen:
            return
        words = str(payload["content"])
        self.tried.append(words)
        if self.fails.get(words, 0) > 0:
            self.fails[words] -= 1
            raise ValueError(words)
        self._seen.add(payload["id"])
        self.said.append((str(payload["channel_id"]), words))
        self.late += [] if live else [words]

    async def reworded(self, payload: Payload, hear: Hear) -> None:
        self.edits.append(str(payload["content"]))

    async def knows(self, channel: str, message: str) -> bool:
        return message in self._seen

    def by_channel(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for channel, words in self.said:
            found[channel].append(words)
        return dict(found)


@dataclass
class Rig:
    """Acme with an experts' channel, a help channel and a help forum; Ann and Bo are there. Time stands still."""

    there: FakeDiscord
    time: HeldTime
    desk: Desk
    office: BareOffice
    ear: Ear
    catching_up: CatchingUp
    acme: House
    ann: Someone
    bo: Someone
    billing: Channel
    help: Channel
    forum: Channel

    async def reads(self) -> int:
        return await self.catching_up.catch_up(hears)

    async def begins(self) -> None:
        """Everything until now is known, and was some time ago."""
        await self.reads()
        await self.time.passes(2 * HOUR)
        await self.office.desk.keep(MARK, str(self.office.now() - MARGIN_MS))
        await self.time.passes(HOUR)
        self.ear.said.clear()
        self.ear.late.clear()

    async def writes_to_the_bot(self, *people: Someone) -> None:
        """They did once, so that their direct channels are known."""
        for each in people:
            await each.says("dm", "hello")
        await self.desk.keep(DIRECTS, json.dumps({each.id: self.there.dm(each.user).id for each in people}))

    def card(self, words: str) -> Channel:
        """An open question's thread in the experts' channel."""
        thread = self.there.start_thread(self.billing, words, self.there.bot)
        shown = Shown(Notice(self.office.place(self.billing.id, self.acme.id)), Ref(thread.id))
        self.desk.asked.append((Question(len(self.desk.asked) + 1, Place("web:ann")), shown))
        return thread


async def hears(said: Hearable) -> Reply:
    return Reply(card=Card(title="Done"))


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    time = HeldTime(MONDAY_NOON / 1_000)
    async with FakeDiscord(seed=5, time=time, privileged={"message_content"}) as there, signed_in(there) as calls:
        acme = there.guild("Acme")
        ann, bo = acme.person("ann"), acme.person("bo")
        billing, help_, forum = acme.channel("billing"), acme.channel("help"), acme.forum("help-forum")
        server = DiscordServer(name="acme", guild=acme.id, help_channels={help_.id: "", forum.id: ""})
        desk, ear = Desk(), Ear()
        office = BareOffice(
            settings=settings_for(there, server),
            calls=calls,
            views=desk,
            desk=desk,
            now=lambda: int(time.now() * 1_000),
        )
        desk.channels = (office.place(billing.id, acme.id),)
        catching_up = CatchingUp(office=office, hearing=ear, times=QUICK)  # type: ignore[arg-type]
        ear.reached = catching_up.gaps.reached
        yield Rig(there, time, desk, office, ear, catching_up, acme, ann, bo, billing, help_, forum)
        assert there.complaints == []
        assert there.missing == []


class Away(Client):
    """The adapter's own client, which signs in again when a test lets it."""

    may_return: asyncio.Event

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if not initial:
            await self.may_return.wait()


@asynccontextmanager
async def listening(rig: Rig) -> AsyncIterator[Away]:
    """What arrives is taken in as it comes; a new session is followed by a look back."""
    looks: set[asyncio.Task[int]] = set()

    async def told(name: str, payload: Payload) -> None:
        match name:
            case "READY":
                rig.catching_up.gaps.begin()
                looks.add(asyncio.create_task(rig.reads()))
            case "MESSAGE_CREATE":
                await rig.ear.message(payload, hears)

    with points(rig.there):
        client = Away(told, rig.office.calls, content=True, times=QUICK)
        client.may_return = asyncio.Event()
        await client.login(rig.there.token)
        connection = asyncio.create_task(client.connect())
        await rig.there.until(lambda: looks and all(each.done() for each in looks), what="nobody looked back")
        try:
            yield client
        finally:
            await client.close()
            connection.cancel()
            with suppress(asyncio.CancelledError):
                await connection
            await asyncio.gather(*looks)


async def test_500_messages_of_two_hours_without_a_session_are_each_taken_in_once(rig: Rig) -> None:
    people = [rig.acme.person(f"customer{number}") for number in range(20)]
    await rig.writes_to_the_bot(*people)
    threads = [rig.card(f"question {number}") for number in range(5)]
    asleep = rig.there.start_thread(rig.billing, "an old question", rig.there.bot)
    rig.acme.archives(asleep)
    expected: defaultdict[str, list[str]] = defaultdict(list)

    async def says(who: Someone, room: Channel, words: str) -> None:
        await who.says(room, words)
        expected[room.id].append(words)

    async with listening(rig) as client:
        await rig.there.settled()
        rig.ear.said.clear()
        rig.there.gateway.invalidate(resumable=False)
        for number in range(100):
            await rig.time.passes(72)
            await says(people[number % 20], rig.there.dm(people[number % 20].user), f"dm {number}")
            await says(rig.ann, rig.help, f"help {number}")
            await says(rig.bo, threads[number % 5], f"thread {number}")
            await says(rig.bo, rig.billing, f"billing {number}")
            if number % 4 == 0:
                post = await rig.ann.posts(rig.forum, f"post {number}", f"in the forum {number}")
                expected[post.id].append(f"in the forum {number}")
                post.archive_after_min = 60
            else:
                await says(rig.ann, post, f"post {number}")
            if number == 50:
                await says(rig.bo, asleep, "somebody woke this one")
                rig.acme.archives(asleep)
        assert sum(map(len, expected.values())) == 501
        assert rig.ear.said == []
        client.may_return.set()
        await rig.there.until(lambda: len(rig.there.gateway.identifies) == 2, what="the client stayed away")
        for who, room in ((rig.ann, rig.help), (rig.bo, threads[0]), (people[3], rig.there.dm(people[3].user))):
            await says(who, room, "and this came live")
        await rig.there.until(lambda: len(rig.ear.said) >= 504, what="messages were missed")
        await rig.there.settled()
        assert rig.ear.by_channel() == expected
        assert any(post.archived for post in rig.acme.guild.threads() if post.parent is rig.forum)


async def test_what_was_taken_in_before_is_found_again_and_left_alone(rig: Rig) -> None:
    await rig.writes_to_the_bot(rig.ann)
    await rig.begins()
    for number in range(3):
        await rig.ann.says("dm", f"line {number}")
        await rig.ann.says(rig.help, f"help {number}")
    for _ in range(2):
        assert await rig.reads() == 6
    assert sorted(words for _, words in rig.ear.said) == [f"{at} {n}" for at in ("help", "line") for n in range(3)]


async def test_nobody_else_is_read_and_nothing_by_a_bot(rig: Rig) -> None:
    elsewhere = rig.acme.channel("off-topic")
    await rig.begins()
    await rig.bo.says(elsewhere, "lunch?")
    await rig.bo.says(await rig.bo.starts_thread(await rig.bo.says(elsewhere, "x"), "lunch"), "pizza")
    await rig.office.calls.call(
        "POST", "/channels/{channel_id}/messages", json={"content": "ours"}, channel_id=rig.billing.id
    )
    assert await rig.reads() == 0


async def test_where_nothing_was_said_hardly_anything_is_asked(rig: Rig) -> None:
    """A look at each direct channel, one page of each help channel, and the lists; of fifty quiet threads nothing."""
    await rig.writes_to_the_bot(rig.ann, rig.bo)
    for number in range(50):
        await rig.bo.says(rig.card(f"question {number}"), "mine")
    await rig.begins()
    rig.there.calls.clear()
    await rig.reads()
    assert rig.there.calls["GET /channels/{channel_id}"] == 2
    assert rig.there.calls[MESSAGES] == 1
    assert sum(rig.there.calls.values()) <= 8


async def test_an_edit_made_meanwhile_brings_the_new_words(rig: Rig) -> None:
    await rig.writes_to_the_bot(rig.ann)
    known = await rig.ann.says("dm", "I was billed twise")
    rig.desk.asked.append((Question(1, Place(f"discord:@{rig.ann.id}")), Shown(Notice(Place("web:x")), Ref("1"))))
    await rig.begins()
    await rig.ann.edits(known, "I was billed twice")
    fresh = await rig.ann.says("dm", "in Jun")
    await rig.time.passes(1)
    await rig.ann.edits(fresh, "in June")
    await rig.reads()
    assert (rig.ear.edits, rig.ear.said) == (["I was billed twice"], [(rig.there.dm(rig.ann.user).id, "in June")])


async def test_a_channel_that_is_closed_to_us_keeps_nobody_else_waiting(rig: Rig) -> None:
    thread = rig.card("a question")
    lost = rig.card("a thread that somebody deleted")
    await rig.begins()
    rig.acme.removes(lost)
    await rig.ann.says(rig.help, "hello?")
    await rig.bo.says(thread, "!claim")
    rig.acme.denies(rig.help, "bot", "view_channel")
    assert await rig.reads() == 1
    assert rig.ear.said == [(thread.id, "!claim")]
    assert set(rig.there.missing) == {"view_channel in #help"}
    rig.there.missing.clear()


async def test_a_server_that_removed_the_bot_keeps_no_other_from_being_read(rig: Rig) -> None:
    await rig.writes_to_the_bot(rig.ann)
    rig.there.guild("Bolt").person("ann")
    await rig.begins()
    await rig.ann.says("dm", "still here?")
    rig.acme.kicks_bot()
    assert await rig.reads() == 1


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.FAILS, Fault.CUTS_AFTER, Fault.LATE])
async def test_trouble_in_the_middle_is_waited_out(rig: Rig, fault: Fault) -> None:
    await rig.begins()
    rig.there.retry_after_s = (0.01, 0.02)
    for number in range(250):
        await rig.ann.says(rig.help, f"help {number}")
    rig.there.faults.force(fault, fault, method=MESSAGES)
    rig.there.faults.force(fault, method="GET /guilds/{guild_id}/threads/active")
    assert await rig.reads() == 250
    assert [words for _, words in rig.ear.said] == [f"help {number}" for number in range(250)]
    assert rig.there.faults.met[fault] == 3


async def test_a_message_that_cannot_be_taken_in_holds_up_its_channel_and_is_given_up_at_the_third_try(
    rig: Rig,
) -> None:
    await rig.begins()
    for words in ("one", "poison", "three"):
        await rig.ann.says(rig.help, words)
    await rig.bo.says(rig.billing, "elsewhere")
    rig.ear.fails["poison"] = 3
    rig.catching_up.gaps.begin()
    mark = await rig.desk.recall(MARK)
    for _ in range(2):
        with pytest.raises(Unknown):
            await rig.reads()
        await rig.catching_up.move_mark()
        assert await rig.desk.recall(MARK) == mark
        assert sorted(words for _, words in rig.ear.said) == ["elsewhere", "one"]
    await rig.reads()
    assert rig.ear.tried.count("poison") == 3
    assert [words for at, words in rig.ear.said if at == rig.help.id] == ["one", "three"]


async def test_what_comes_live_waits_for_what_was_said_before_it_and_no_longer_than_it_has_to(rig: Rig) -> None:
    await rig.begins()
    rig.catching_up.gaps.begin()
    live = asyncio.create_task(rig.catching_up.gaps.reached(rig.help.id))
    elsewhere = asyncio.create_task(rig.catching_up.gaps.reached("99"))
    await asyncio.sleep(0)
    assert not live.done()
    await rig.reads()
    await asyncio.gather(live, elsewhere)
    rig.catching_up.gaps.begin()
    await asyncio.wait_for(rig.catching_up.gaps.reached(rig.help.id), 5)  # nobody reads: it goes on by itself
    assert rig.ear.said == []


async def test_the_mark_moves_while_all_is_well_and_not_before_a_gap_was_read(rig: Rig) -> None:
    await rig.begins()
    await rig.catching_up.move_mark()
    assert await rig.desk.recall(MARK) == str(rig.office.now() - MARGIN_MS)
    before = rig.office.now() - MARGIN_MS
    rig.catching_up.gaps.begin()
    await rig.time.passes(HOUR)
    await rig.catching_up.move_mark()
    assert await rig.desk.recall(MARK) == str(before)
    await rig.ann.says(rig.help, "in the gap")
    await rig.reads()
    await rig.catching_up.move_mark()
    assert rig.ear.late == ["in the gap"]
    assert await rig.desk.recall(MARK) == str(rig.office.now() - MARGIN_MS)


async def test_a_mark_from_a_clock_that_ran_ahead_hides_nothing(rig: Rig) -> None:
    await rig.begins()
    await rig.desk.keep(MARK, str(rig.office.now() + 3_600_000))
    await rig.ann.says(rig.help, "here")
    assert await rig.reads() == 1


async def test_a_gap_during_a_look_back_is_looked_into_as_well(rig: Rig) -> None:
    await rig.begins()
    rig.catching_up.gaps.begin()
    reading = asyncio.create_task(rig.reads())
    await asyncio.sleep(0)
    rig.catching_up.gaps.begin()
    await reading
    waiting = asyncio.create_task(rig.catching_up.gaps.reached(rig.help.id))
    await asyncio.sleep(0)
    assert not waiting.done()
    await rig.reads()
    await waiting


# Servers and channels that are closed to us


async def test_staff_learn_once_of_a_server_or_channel_that_is_lost_and_once_that_it_is_back(rig: Rig) -> None:
    channels, acme = Channels(rig.office), Place("discord:acme")  # type: ignore[arg-type]
    here = {"id": rig.acme.id}
    await channels.joined(here)
    await channels.left({**here, "unavailable": True})
    assert rig.desk.reports == []
    await channels.left(here)
    await Channels(rig.office).present([])  # type: ignore[arg-type]  # after a restart
    assert rig.desk.reports == [(acme, "discord-server")]
    await channels.joined(here)
    await channels.present([rig.acme.id])
    assert rig.desk.reports[1:] == [(acme, "")]


async def test_a_deleted_channel_of_ours_is_reported_and_no_other(rig: Rig) -> None:
    channels = Channels(rig.office)  # type: ignore[arg-type]
    elsewhere = rig.acme.channel("off-topic")
    for each in (rig.billing, rig.help, elsewhere):
        await channels.deleted(each.payload())
    billing, help_ = (rig.office.place(each.id, rig.acme.id) for each in (rig.billing, rig.help))
    assert rig.desk.reports == [(billing, "channel-gone"), (help_, "channel-gone")]


async def test_a_channel_that_we_may_no_longer_look_into_is_reported(rig: Rig) -> None:
    channels = Channels(rig.office)  # type: ignore[arg-type]
    billing = rig.office.place(rig.billing.id, rig.acme.id)
    async with listening(rig) as client:
        rig.office.calls.client = client
        await rig.there.settled()
        for denied in (True, False):
            (rig.acme.denies if denied else rig.acme.allows)(rig.billing, "bot", "view_channel")
            await rig.there.settled()
            shown = client.get_channel(int(rig.billing.id))
            await rig.there.until(lambda shown=shown, denied=denied: _sees(shown) != denied)
            await channels.changed(rig.billing.payload())
            await channels.changed(rig.billing.payload())
    assert rig.desk.reports == [(billing, "discord-permission"), (billing, "")]


def _sees(channel: Any) -> bool:
    return bool(channel.permissions_for(channel.guild.me).view_channel)
