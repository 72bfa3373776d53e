"""What people do on Discord to hurt, by accident or not, and what Discord says that it should not: floods, acts at the
worst moment, roles that were lost, events with holes in them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from structlog.testing import capture_logs

from adapters.discord.adapter import Discord
from bot.model import QuestionId, StaffRole, State, spoken_number
from tests.discord_people import OnDiscord
from tests.discord_world import QUICK, DiscordWorld, discord_world
from tests.fakes.discord import Channel, House, interactions
from tests.stories_discord.test_customers import ASKED, how_many, newest, with_help
from tests.world import house

FORGETFUL: Final = replace(QUICK, member_seconds=0.0)  # who somebody is in a server is looked up each time
LARGE: Final = (("log.bin", bytes(3_000_000)),)  # which takes a while to fetch


@pytest.fixture
async def helping(tmp_path: Path) -> AsyncIterator[DiscordWorld]:
    """Customers ask in a channel and in a forum, too."""
    async with discord_world(tmp_path / "world.db", settings=with_help) as world:
        yield world


@pytest.fixture
async def led(tmp_path: Path) -> AsyncIterator[DiscordWorld]:
    """Holders of a role are staff."""

    def with_leads(house: House) -> dict[str, Any]:
        return {"staff_roles": {house.role("leads").id: StaffRole.LEAD}}

    async with discord_world(tmp_path / "world.db", settings=with_leads, times=FORGETFUL) as world:
        yield world


def lead(world: DiscordWorld, name: str) -> OnDiscord:
    return world.visitor(name, roles=[_leads(world)], crew=True)


def loses_it(world: DiscordWorld, someone: OnDiscord) -> None:
    world.acme.takes_role(someone.native, _leads(world))


def _leads(world: DiscordWorld):  # type: ignore[no-untyped-def]
    return next(each for each in world.acme.guild.roles.values() if each.name == "leads")


def threads_below(world: DiscordWorld, name: str) -> list[Channel]:
    return [each for each in world.acme.guild.threads() if each.parent is world.channel(name)]


# --- floods


async def test_a_text_full_of_names_is_no_flood_of_requests(helping: DiscordWorld) -> None:
    world = helping
    ann = world.visitor("ann")
    before = world.discord.calls.total()
    names = " ".join(f"<@{1513512920678000000 + each}>" for each in range(150))
    await ann.does(ann.native.says("help", f"{ASKED} {names}"))
    assert "@somebody" in world.sees("#billing")
    assert world.discord.calls.total() - before < 60


async def test_a_flood_of_words_opens_no_flood_of_threads(helping: DiscordWorld) -> None:
    world = helping
    ann = world.visitor("ann")
    for each in range(10):
        await ann.native.says("help", f"{ASKED} {each}")
    await world.settles()
    assert await how_many(world) == 1
    assert len(threads_below(world, "help")) == 1


async def test_a_flood_of_posts_is_three_questions(helping: DiscordWorld) -> None:
    world = helping
    ann = world.visitor("ann")
    for each in range(20):
        await ann.native.posts("questions", f"Post {each}", f"{ASKED} {each}")
    await world.settles()
    assert await how_many(world) == 3
    assert "You have 3 open questions already." in ann.sees()


async def test_what_calls_another_bot_is_left_alone(world: DiscordWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    general = world.acme.channel("general")
    for someone in (ann, bo):
        before = someone.sees()
        await someone.does(someone.native.says(general, "!play despacito"))
        assert someone.sees() == before
    assert "do not know 'play'" in (await bo.does(bo.native.says(general, "@guildhall play"))).text
    await bo.does(bo.native.says("billing", f"!claim {spoken_number(question)}"))
    assert (await world.question(question)).holder == bo.id


# --- at the worst moment


async def test_who_edits_while_the_files_are_fetched_is_asked_about_with_the_new_words(helping: DiscordWorld) -> None:
    world = helping
    ann = world.visitor("ann")
    message = await ann.native.says("help", ASKED, files=LARGE)
    await ann.native.edits(message, "Why was I billed four times?")
    await world.settles()
    assert "four times" in world.sees("#billing")


async def test_who_deletes_while_the_files_are_fetched_asks_nothing(helping: DiscordWorld) -> None:
    world = helping
    ann = world.visitor("ann")
    await ann.native.deletes(await ann.native.says("help", ASKED, files=LARGE))
    await world.settles()
    assert await world.state(await newest(world)) is State.CLOSED
    assert "billed twice" not in world.sees("#billing")


async def test_nobody_takes_over_somebody_elses_thread(helping: DiscordWorld) -> None:
    world = helping
    ann, bo, eve = world.visitor("ann"), await world.expert("bo"), world.visitor("eve")
    await ann.does(ann.native.says("help", ASKED))
    question, (thread,) = await newest(world), threads_below(world, "help")
    await eve.does(eve.native.says(thread, "I have the same problem, what can I do now?"))
    await eve.presses("ask")
    assert await how_many(world) == 2
    assert "We have your question" in eve.sees(), "hers is answered alone"
    told = eve.sees()
    await eve.does(eve.native.says(thread, "Does it help to restart?"))
    await bo.does(bo.native.says(thread, "It does for me."))
    assert eve.sees() == told, "asked once, and then left in peace"
    assert "It does for me." not in bo.sees()
    await bo.says("claim", question)
    await ann.does(ann.native.says(thread, "It was the blue card."))
    assert "It was the blue card." in world.sees("#billing")


# --- roles


async def test_who_lost_the_role_is_suggested_nothing(led: DiscordWorld) -> None:
    world = led
    ann, sam = await world.customer("ann"), lead(world, "sam")
    await ann.asks(ASKED)
    await sam.does(sam.native.types("/hall queue", "billing"))
    assert await sam.native.suggestions("/hall show number:billed", "billing")
    loses_it(world, sam)
    assert not await sam.native.suggestions("/hall show number:billed", "billing")


async def test_who_lost_the_role_is_nobody_in_another_server_either(led: DiscordWorld) -> None:
    world = led
    ann, sam = await world.customer("ann"), lead(world, "sam")
    number = spoken_number(await ann.asks(ASKED))
    lair = world.discord.guild("Lair")
    lair.person("sam")
    room = lair.channel("lair")
    assert not (await sam.does(sam.native.types(f"/hall staff take number:{number}", "billing"))).refused
    loses_it(world, sam)
    refused = await sam.does(sam.native.types(f"/hall staff close number:{number} reason:spam", room))
    assert refused.refused
    assert not await sam.native.suggestions("/hall show number:billed", room)


async def test_words_of_a_private_category_are_neither_suggested_nor_found(world: DiscordWorld) -> None:
    await world.category("account", title="Account", private=True)
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("My secret pony cannot log in any more.", category="account")
    (seen,) = await bo.native.suggestions(f"/hall show number:{spoken_number(question)}")
    assert "pony" not in seen
    assert not await bo.native.suggestions("/hall show number:pony")


# --- a Discord that is not as it says

PERSON: Final = {"user": {"id": "5", "username": "x"}, "roles": None}


def odd_events(guild: str, channel: str, message: str) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """An event, the intent that it takes, and what is in it."""
    said: dict[str, Any] = {"id": message, "channel_id": channel, "guild_id": guild, "type": 0, "content": "hi"}
    act: dict[str, Any] = {"id": "5", "token": "t", "version": 1, "application_id": "1"}
    act |= {"guild_id": guild, "channel_id": channel}
    return (
        ("MESSAGE_CREATE", "guild_messages", said),
        ("MESSAGE_CREATE", "guild_messages", said | {"author": None, "member": None, "attachments": None}),
        ("MESSAGE_UPDATE", "guild_messages", said | {"author": None, "edited_timestamp": "yesterday"}),
        ("MESSAGE_DELETE", "guild_messages", {"id": None, "channel_id": channel, "guild_id": guild}),
        ("GUILD_CREATE", "guilds", {"id": guild, "channels": None, "threads": None, "name": None}),
        ("THREAD_UPDATE", "guilds", {"id": "77", "guild_id": guild, "type": 11, "thread_metadata": None}),
        ("CHANNEL_UPDATE", "guilds", {"id": None, "guild_id": guild, "type": "x"}),
        ("CHANNEL_UPDATE", "guilds", {"id": "billing", "guild_id": guild, "type": 0}),
        ("INTERACTION_CREATE", "guilds", act | {"type": 3, "data": None, "member": None}),
        ("INTERACTION_CREATE", "guilds", act | {"type": 99, "data": {"custom_id": 5}, "member": PERSON}),
    )


async def test_events_with_holes_in_them_end_nothing(world: DiscordWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    guild, sessions = world.acme.id, world.discord.gateway.identifies
    with capture_logs():
        for name, intent, payload in odd_events(guild, world.channel("billing").id, world.discord.snowflake()):
            world.discord.gateway.dispatch(name, lambda _, payload=payload: payload, intent, guild_id=guild)
        await world.settles()
    await claims(world, bo, question)
    assert world.discord.gateway.identifies == sessions, "and the session goes on"


async def test_an_odd_answer_ends_nothing_and_is_asked_for_again(world: DiscordWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    await bo.does(bo.native.says("dm", "!help"))
    room = bo.native.room("dm")
    last, room.last_message_id = room.last_message_id, "odd"
    await world.stops_listening()
    asked = world.discord.calls["GET /channels/{channel_id}"]
    with capture_logs():
        starting = asyncio.create_task(world.starts_again())
        await world.discord.until(
            lambda: world.discord.calls["GET /channels/{channel_id}"] > asked + 1, what="given up"
        )
        room.last_message_id = last
        await starting
    world.discord.complaints.clear()  # of what the fake was made to say
    await claims(world, bo, question)


async def test_a_menu_that_we_no_longer_have_is_said_to_be_old(world: DiscordWorld) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    card = bo.card_of("billed twice") if await ann.asks(ASKED) else None
    assert card is not None
    data = {"id": "9", "name": "Send to moon", "type": 3, "target_id": card.id, "resolved": {}}
    made = interactions.new(world.discord, bo.native.user, card.channel, interactions.COMMAND, data)
    said = await bo.does(interactions.send(world.discord, made))
    assert "not taken" not in said.text
    assert said.text


async def test_two_installations_with_one_token_are_noticed(world: DiscordWorld, tmp_path: Path) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks(ASKED)
    app = await house(tmp_path / "other.db", world.moment, None, 0)
    parts = {"views": app.views, "desk": app.desk, "render": app.render, "now": app.now, "times": world.adapter.times}
    rival = Discord(world.adapter.settings, **parts)
    with capture_logs() as said:
        other = asyncio.create_task(rival.run(app.hear))
        try:
            await world.discord.until(
                lambda: rival.calls.client is not None and rival.calls.client.is_ready(), what="there"
            )
            await claims(world, bo, question)
        finally:
            other.cancel()
            await asyncio.gather(other, return_exceptions=True)
            await app.store.close()
    told = [each for each in said if "another program answers" in each["event"]]
    assert len(told) == 1


async def claims(world: DiscordWorld, someone: OnDiscord, question: QuestionId) -> None:
    """Everything works as before."""
    await someone.does(someone.native.types(f"/hall claim number:{spoken_number(question)}", "billing"))
    assert (await world.question(question)).holder == someone.id
