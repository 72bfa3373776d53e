"""The fake Discord's HTTP API refuses what Discord refuses, and keeps what Discord keeps; driven by discord.py."""

import io
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import (
    Channel,
    FakeDiscord,
    Fault,
    HeldTime,
    House,
    Someone,
    ledger,
    points,
    published,
    running,
    schema_problems,
)
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
        """The channel as discord.py knows it."""
        return self.client.get_channel(int(channel.id))

    async def raw(self, method: str, path: str, body: Any = None, *, token: str = "") -> tuple[int, Any]:
        """A request as no library would send it."""
        headers = {"Authorization": f"Bot {token or self.there.token}", "User-Agent": "DiscordBot (test, 1)"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(method, self.there.api_url + path, json=body) as response,
        ):
            return response.status, await response.json() if response.status != 204 else None


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    held = HeldTime(start=1_800_000_000.0)
    async with FakeDiscord(seed=7, time=held) as there:
        acme = there.guild("Acme")
        bo = acme.person("bo")
        billing = acme.channel("billing")
        forum = acme.forum("help", tags=["Open", "Claimed"], moderated=["Staff"])
        client = Bare()
        with points(there):
            async with running(client, there.token):
                yield Rig(there, acme, bo, billing, forum, client, held)
        assert [each for each in there.complaints if "the fake itself" in each] == []


async def refusal(call: Any) -> discord.HTTPException:
    with pytest.raises(discord.HTTPException) as caught:
        await call
    return caught.value


def buttons(*labels: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for label in labels:
        view.add_item(discord.ui.Button(label=label, custom_id=f"q:1:{label.lower()}"))
    return view


@pytest.mark.filterwarnings("default:Discord's OpenAPI description")
def test_the_published_description_is_the_judge() -> None:
    if not published():
        warnings.warn("Discord's OpenAPI description is absent: only the small built-in check ran", stacklevel=1)
    assert schema_problems("MessageCreateRequest", {"content": "x" * 4001})
    assert not schema_problems("MessageCreateRequest", {"content": "x"})


async def test_a_message_is_kept_as_it_was_sent(rig: Rig) -> None:
    embed = discord.Embed(title="Q7K3", description="Why was I billed twice?").add_field(
        name="Category", value="billing"
    )
    sent = await rig.place(rig.billing).send("New question", embed=embed, view=buttons("Claim", "Pass"))
    read = await rig.place(rig.billing).fetch_message(sent.id)
    assert (read.content, read.embeds[0].fields[0].value) == ("New question", "billing")
    assert [each.label for each in read.components[0].children] == ["Claim", "Pass"]
    assert rig.bo.reads(rig.billing).split("\n") == [
        "guildhall (app):",
        "New question",
        "| Q7K3",
        "| Why was I billed twice?",
        "| Category: billing",
        "[Claim] [Pass]",
    ]
    assert rig.there.complaints == []


async def test_the_same_nonce_is_one_message_for_some_minutes(rig: Rig) -> None:
    place = rig.place(rig.billing)
    first, again = await place.send("once", nonce="line-1"), await place.send("once", nonce="line-1")
    assert first.id == again.id
    assert len(rig.billing.messages) == 1
    await rig.held.passes(181)
    assert (await place.send("once", nonce="line-1")).id != first.id


async def test_a_nonce_whose_message_was_deleted_is_unknown(rig: Rig) -> None:
    first = await rig.place(rig.billing).send("once", nonce="line-1")
    await first.delete()
    assert (await refusal(rig.place(rig.billing).send("once", nonce="line-1"))).code == 10008


EMPTY_ROW = {"type": 1, "components": []}
BOTH = {"parse": ["users"], "users": ["5"]}


@pytest.mark.parametrize(
    ("said", "path", "name"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"content": "x" * 4001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 3500}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"content": "a", "nonce": "x" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH"),
        ({"content": "a", "flags": 1 << 15}, "content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
        ({"content": "a", "components": [{"type": 10, "content": "b"}]}, "components.0.type", "UNION_TYPE_CHOICES"),
        ({"content": "a", "components": [EMPTY_ROW]}, "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        ({"content": "a", "allowed_mentions": BOTH}, "allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
    ],
)
async def test_a_bad_message_is_told_where_it_is_wrong(rig: Rig, said: dict[str, Any], path: str, name: str) -> None:
    status, body = await rig.raw("POST", f"/channels/{rig.billing.id}/messages", said)
    assert (status, body["code"], body["message"]) == (400, 50035, "Invalid Form Body")
    found = body["errors"]
    for step in path.split("."):
        found = found[step]
    assert found["_errors"][0]["code"] == name
    assert rig.billing.messages == {}


async def test_rows_buttons_and_doubled_ids_are_refused(rig: Rig) -> None:
    def row(*ids: str) -> dict[str, Any]:
        return {"type": 1, "components": [{"type": 2, "style": 1, "label": each, "custom_id": each} for each in ids]}

    for rows in ([row(str(each)) for each in range(6)], [row("a", "a")], [row("x" * 101)]):
        _, body = await rig.raw("POST", f"/channels/{rig.billing.id}/messages", {"content": "a", "components": rows})
        assert body["code"] == 50035
    status, _ = await rig.raw(
        "POST", f"/channels/{rig.billing.id}/messages", {"content": "a", "components": [row("b")]}
    )
    assert status == 200


async def test_empty_unknown_and_foreign_messages(rig: Rig) -> None:
    place = rig.place(rig.billing)
    assert (await refusal(place.send(""))).code == 50006
    assert (await refusal(place.fetch_message(5))).code == 10008
    theirs = await rig.bo.says(rig.billing, "hello")
    assert (await refusal(place.get_partial_message(int(theirs.id)).edit(content="no"))).code == 50005
    assert (await refusal(place.get_partial_message(int(theirs.id)).delete())).code == 50013
    assert (await rig.raw("GET", "/channels/5"))[1]["code"] == 10003
    assert (await rig.raw("GET", "/nowhere"))[0] == 404
    assert rig.there.complaints == ["no such route: GET /api/v10/nowhere"]


async def test_each_missing_permission_is_named(rig: Rig) -> None:
    acme, place = rig.acme, rig.place(rig.billing)
    secret = acme.channel("secret", only=[rig.bo])
    acme.denies(secret, "bot", "view_channel")
    assert (await rig.raw("GET", f"/channels/{secret.id}"))[1]["code"] == 50001
    acme.denies(rig.billing, "bot", "send_messages")
    assert (await refusal(place.send("a"))).code == 50013
    acme.allows(rig.billing, "bot", "send_messages")
    acme.denies(rig.billing, "bot", "attach_files")
    assert (await refusal(place.send("a", file=discord.File(io.BytesIO(b"x"), "x.txt")))).code == 50013
    await place.send("a")
    assert rig.there.missing == ["view_channel in #secret", "send_messages in #billing", "attach_files in #billing"]


async def test_pings_are_written_down_unless_they_are_forbidden(rig: Rig) -> None:
    staff = rig.acme.role("Staff", mentionable=True)
    text = f"<@{rig.bo.id}> <@&{staff.id}> @everyone"
    place = rig.place(rig.billing)
    await place.send(text)
    assert rig.there.rang == []
    rig.acme.gives("mention_everyone")
    await rig.raw("POST", f"/channels/{rig.billing.id}/messages", {"content": text})  # all is parsed without the field
    assert rig.there.rang[-1].who == (rig.bo.id, staff.id, "everyone")
    await place.send(text, allowed_mentions=discord.AllowedMentions(users=True, roles=False, everyone=False))
    assert rig.there.rang[-1].who == (rig.bo.id,)
    theirs = await rig.bo.says(rig.billing, "hello")
    await rig.client.get_partial_messageable(int(rig.billing.id)).get_partial_message(int(theirs.id)).reply("hi")
    assert len(rig.there.rang) == 2


async def test_links_are_unfurled_unless_suppressed(rig: Rig) -> None:
    place = rig.place(rig.billing)
    await place.send("see https://evil.example/a", suppress_embeds=True)
    await place.send("see <https://evil.example/b>")
    assert rig.there.unfurled == []
    await place.send("see https://evil.example/c")
    assert rig.there.unfurled == ["https://evil.example/c"]


async def test_files_are_served_for_a_day(rig: Rig) -> None:
    place = rig.place(rig.billing)
    sent = await place.send("see", file=discord.File(io.BytesIO(b"a,b"), "my list.csv"))
    assert await sent.attachments[0].read() == b"a,b"
    await rig.held.passes(86_500)
    with pytest.raises(discord.NotFound):
        await sent.attachments[0].read()
    fresh = await place.fetch_message(sent.id)
    assert await fresh.attachments[0].read() == b"a,b"
    rig.there.file_bytes = 2
    assert (await refusal(place.send("see", file=discord.File(io.BytesIO(b"abc"), "x")))).code == 40005


async def test_an_edit_keeps_files_only_if_they_are_listed(rig: Rig) -> None:
    sent = await rig.place(rig.billing).send("see", file=discord.File(io.BytesIO(b"a"), "a.txt"))
    assert len((await sent.edit(content="still")).attachments) == 1
    assert (await sent.edit(attachments=[])).attachments == []
    assert "still (edited)" in rig.bo.reads(rig.billing)


async def test_history_goes_on_after_an_id(rig: Rig) -> None:
    said = [await rig.bo.says(rig.billing, f"line {number} @guildhall") for number in range(5)]
    after = discord.Object(int(said[1].id))
    found = [each.content.split(" <")[0] async for each in rig.place(rig.billing).history(after=after, limit=100)]
    assert found == ["line 2", "line 3", "line 4"]
    rig.acme.denies(rig.billing, "bot", "read_message_history")
    assert [each async for each in rig.place(rig.billing).history()] == []


async def test_history_without_the_intent_is_silent_about_what_others_said(rig: Rig) -> None:
    first = await rig.bo.says(rig.billing, "private words")
    await rig.bo.says(rig.billing, "for @guildhall")
    read = [each.content async for each in rig.place(rig.billing).history(oldest_first=True)]
    assert read == ["", f"for <@{rig.there.bot.id}>"]
    rig.there.allow("message_content")
    assert (await rig.place(rig.billing).fetch_message(int(first.id))).content == "private words"


async def test_closed_and_strange_direct_channels(rig: Rig) -> None:
    user = await rig.client.fetch_user(int(rig.bo.id))
    await user.send("hello")
    assert rig.bo.dm() == "guildhall (app): hello"
    await rig.bo.closes_dms()
    assert (await refusal(user.send("again"))).code == 50007
    await rig.bo.opens_dms()
    await rig.bo.leaves(rig.acme)
    assert (await refusal(user.send("again"))).code == 50278


async def test_reactions_and_pins(rig: Rig) -> None:
    theirs = await rig.bo.says(rig.billing, "hello")
    message = rig.place(rig.billing).get_partial_message(int(theirs.id))
    await message.add_reaction("\N{WHITE HEAVY CHECK MARK}")
    await message.pin()
    assert [each.id async for each in rig.place(rig.billing).pins()] == [int(theirs.id)]
    assert "\N{WHITE HEAVY CHECK MARK} 1" in rig.bo.reads(rig.billing)
    await message.remove_reaction("\N{WHITE HEAVY CHECK MARK}", rig.client.user)
    await message.unpin()
    rig.acme.takes("pin_messages")
    assert (await refusal(message.pin())).code == 50013


async def test_a_token_that_was_reset_is_refused(rig: Rig) -> None:
    old = rig.there.token
    new = rig.there.reset_token()
    assert await rig.raw("GET", "/users/@me", token=old) == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await rig.raw("GET", "/users/@me", token=new))[0] == 200
    await rig.there.until(rig.client.is_closed, what="close 4004 ends the client")


async def test_a_field_nobody_knows_is_complained_about(rig: Rig) -> None:
    await rig.raw("POST", f"/channels/{rig.billing.id}/messages", {"content": "a", "colour": "red"})
    assert rig.there.complaints == ["MessageCreateRequest: unknown field colour"]


async def test_what_a_doctor_asks_for(rig: Rig) -> None:
    """Guild with counts, a role, the application's intents, overwrites, members."""
    staff = rig.acme.role("Staff")
    rig.there.allow("message_content")
    guild = await rig.client.fetch_guild(int(rig.acme.id))
    assert (guild.name, guild.approximate_member_count) == ("Acme", 3)
    assert (await guild.fetch_role(int(staff.id))).name == "Staff"
    assert (await refusal(guild.fetch_role(5))).code == 10011
    application = await rig.client.application_info()
    assert application.flags.gateway_message_content_limited
    assert not application.flags.gateway_guild_members_limited
    assert (await guild.fetch_member(int(rig.bo.id))).name == "bo"
    assert (await refusal(guild.fetch_member(5))).code == 10013
    cached = rig.client.get_guild(int(rig.acme.id))
    assert cached is not None
    setting = rig.place(rig.billing).set_permissions(cached.default_role, send_messages=False)
    assert (await refusal(setting)).code == 50013
    rig.acme.gives("manage_roles")
    await rig.place(rig.billing).set_permissions(cached.default_role, send_messages=False)
    with pytest.raises(AssertionError, match="lacks send_messages"):
        await rig.bo.says(rig.billing, "no")


async def test_a_catch_up_after_a_lost_session_finds_everything_once(rig: Rig) -> None:
    rig.there.allow("message_content")
    seen = await rig.bo.says(rig.billing, "before")
    rig.there.gateway.forget()
    wanted = [f"gap {number}" for number in range(250)]
    for text in wanted:
        await rig.bo.says(rig.billing, text)
    after = discord.Object(int(seen.id))
    assert [each.content async for each in rig.place(rig.billing).history(after=after, limit=None)] == wanted
    assert rig.there.calls["GET /channels/{channel_id}/messages"] == 3


async def test_discord_py_itself_loses_and_doubles_nothing_with_a_nonce(rig: Rig) -> None:
    rig.there.faults.share, rig.there.retry_after_s = 0.5, (0.0, 0.02)
    rig.there.faults.kinds = (Fault.BUSY, Fault.CUTS_AFTER)
    wanted = [f"line {number}" for number in range(40)]
    for text in wanted:
        while True:
            try:
                await rig.place(rig.billing).send(text, nonce=text)
                break
            except (aiohttp.ClientError, discord.HTTPException):
                continue  # in doubt: the nonce makes a second try harmless
    assert ledger.lost(rig.there.applied, wanted) == []
    assert ledger.doubled(rig.there.applied) == {}
    assert ledger.order(rig.there.applied, rig.billing.id) == wanted
    assert rig.there.faults.met[Fault.CUTS_AFTER] > 0
    assert rig.there.too_early == []
