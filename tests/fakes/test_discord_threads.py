"""Threads and forum posts on the fake Discord sleep, wake, lock and fill up as Discord's do; driven by discord.py."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest

from tests.fakes.discord import Channel, FakeDiscord, HeldTime, House, Someone, points, running
from tests.fakes.discord.bare import Bare


@dataclass
class Rig:
    there: FakeDiscord
    acme: House
    bo: Someone
    billing: Channel
    help: Channel
    client: Bare
    held: HeldTime

    def place(self, channel: Channel) -> Any:
        return self.client.get_channel(int(channel.id))

    async def post(self, name: str = "Q7K3", **options: Any) -> tuple[discord.Thread, Channel]:
        """A post by the bot, as discord.py and as the fake know it."""
        made = await self.place(self.help).create_thread(name=name, content="the card", **options)
        return made.thread, self.there.channels[str(made.thread.id)]


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    held = HeldTime(start=1_800_000_000.0)
    async with FakeDiscord(seed=7, time=held) as there:
        acme = there.guild("Acme")
        bo = acme.person("bo")
        billing = acme.channel("billing")
        forum = acme.forum("help", tags=["Open", "Claimed"], moderated=["Staff"])
        client = Bare(max_ratelimit_timeout=30)
        with points(there):
            async with running(client, there.token):
                yield Rig(there, acme, bo, billing, forum, client, held)
        assert [each for each in there.complaints if "the fake itself" in each] == []


async def code(call: Any) -> int:
    with pytest.raises(discord.HTTPException) as caught:
        await call
    return caught.value.code


async def test_a_post_is_a_thread_and_its_first_message_with_one_id(rig: Rig) -> None:
    tags = {each.name: each for each in rig.place(rig.help).available_tags}
    made = await rig.place(rig.help).create_thread(name="Q7K3", content="the card", applied_tags=[tags["Open"]])
    assert made.thread.id == made.message.id
    assert rig.bo.reads(rig.help) == "    # Q7K3 [Open]\n    guildhall (app): the card"
    await made.thread.edit(applied_tags=[tags["Claimed"]])
    await made.message.edit(content="the card, claimed")
    assert rig.bo.reads(rig.help) == "    # Q7K3 [Claimed]\n    guildhall (app): the card, claimed (edited)"
    await rig.there.until(lambda: "THREAD_CREATE" in rig.client.names())
    assert rig.there.complaints == []


async def test_tags_are_counted_known_and_required(rig: Rig) -> None:
    tags = rig.place(rig.help).available_tags
    rig.acme.takes("manage_threads")
    assert await code(rig.place(rig.help).create_thread(name="a", content="b", applied_tags=[tags[2]])) == 50013
    assert (
        await code(rig.place(rig.help).create_thread(name="a", content="b", applied_tags=[discord.Object(5)])) == 10087
    )
    strict = rig.acme.forum("strict", tags=["Open"], require_tag=True)
    await rig.there.until(lambda: rig.place(strict))
    assert await code(rig.place(strict).create_thread(name="a", content="b")) == 40067
    assert await code(rig.client.get_partial_messageable(int(rig.help.id)).send("no message of its own")) == 50008


async def test_a_quiet_thread_is_archived_and_wakes_when_somebody_speaks(rig: Rig) -> None:
    thread, stored = await rig.post(auto_archive_duration=60)
    await rig.held.passes(3590)
    assert not (await rig.client.fetch_channel(thread.id)).archived
    await rig.held.passes(20)
    assert (await rig.client.fetch_channel(thread.id)).archived
    await rig.bo.says(stored, "are you there?")
    assert not stored.archived
    await rig.there.until(
        lambda: [e["thread_metadata"]["archived"] for e in rig.client.payloads("THREAD_UPDATE")] == [True, False]
    )


async def test_an_archived_thread_takes_no_edit_until_it_is_opened(rig: Rig) -> None:
    thread, stored = await rig.post()
    card = thread.get_partial_message(thread.id)
    rig.acme.archives(stored)
    assert await code(card.edit(content="late")) == 50083
    assert await code(card.add_reaction("\N{EYES}")) == 50083
    assert await code(thread.edit(name="other")) == 50083
    await thread.edit(archived=False, name="other")
    await card.edit(content="late")
    rig.acme.archives(stored)
    await thread.send("a message wakes it")
    assert not stored.archived


async def test_a_locked_thread_is_for_moderators(rig: Rig) -> None:
    thread, stored = await rig.post()
    rig.acme.locks(stored)
    await thread.send("the bot may manage threads")
    with pytest.raises(AssertionError, match="locked"):
        await rig.bo.says(stored, "no")
    rig.acme.takes("manage_threads")
    assert await code(thread.send("no")) == 160005
    assert await code(thread.edit(archived=True)) == 50013
    assert await code(thread.edit(locked=False)) == 50013


async def test_threads_of_others_need_manage_threads(rig: Rig) -> None:
    theirs = await rig.bo.posts(rig.help, "My printer", "It burns", tags=("Open",))
    await rig.there.until(lambda: rig.place(theirs))
    await rig.place(theirs).edit(name="Printer")
    rig.acme.takes("manage_threads")
    assert await code(rig.place(theirs).edit(archived=True)) == 50013


async def test_a_message_has_one_thread_with_its_id(rig: Rig) -> None:
    sent = await rig.place(rig.billing).send("the card", nonce="card-1")
    thread = await sent.create_thread(name="Q7K3")
    assert thread.id == sent.id
    assert await code(sent.create_thread(name="again")) == 160004
    await thread.send("inside")
    shown = rig.bo.reads(rig.billing).split("\n")
    assert shown == [
        "guildhall (app): the card",
        "    # Q7K3",
        "    * guildhall (app): the card",
        "    guildhall (app): inside",
    ]
    assert [each.type.value async for each in thread.history(oldest_first=True)] == [21, 0]


async def test_only_so_many_threads_are_active(rig: Rig) -> None:
    rig.there.most_threads = 2
    _, first = await rig.post("one")
    await rig.post("two")
    assert await code(rig.place(rig.help).create_thread(name="three", content="c")) == 160006
    rig.acme.archives(first)
    await rig.post("three")
    assert await code(rig.client.get_partial_messageable(int(first.id)).send("wake")) == 160006


async def test_active_and_archived_threads_are_listed(rig: Rig) -> None:
    (_, one), (_, two), _ = [await rig.post(name) for name in ("one", "two", "three")]
    rig.acme.archives(one)
    await rig.held.passes(1)
    rig.acme.archives(two)
    guild = rig.client.get_guild(int(rig.acme.id))
    assert guild is not None
    assert [each.name for each in await guild.active_threads()] == ["three"]
    assert [each.name async for each in rig.place(rig.help).archived_threads()] == ["two", "one"]


async def test_a_thread_holds_a_thousand_members(rig: Rig) -> None:
    thread, stored = await rig.post()
    stored.thread_members.update({str(number): 0.0 for number in range(999)})
    assert await code(thread.add_user(discord.Object(int(rig.bo.id)))) == 30033
    rig.acme.archives(stored)
    assert await code(thread.add_user(discord.Object(int(rig.bo.id)))) == 50083


async def test_deleted_threads_and_channels_are_unknown(rig: Rig) -> None:
    thread, stored = await rig.post()
    rig.acme.removes(stored)
    assert await code(thread.send("hello?")) == 10003
    rig.acme.removes(rig.billing)
    await rig.there.until(lambda: {"THREAD_DELETE", "CHANNEL_DELETE"} <= set(rig.client.names()))
    assert rig.place(rig.billing) is None


async def test_new_names_are_rare_and_the_headers_do_not_tell(rig: Rig) -> None:
    thread, _ = await rig.post()
    rig.there.rate_limits = True
    await thread.edit(name="one")
    await thread.edit(name="two")
    with pytest.raises(discord.RateLimited) as caught:
        await thread.edit(name="three")
    assert caught.value.retry_after > 500
    await thread.edit(locked=True)
