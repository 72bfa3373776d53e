"""What people do in the fake Discord reaches the app, and what it answers reaches them; driven by discord.py."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.fakes.discord import Channel, FakeDiscord, HeldTime, House, Someone, points, running
from tests.fakes.discord.bare import Bare


@dataclass
class Rig:
    there: FakeDiscord
    acme: House
    bo: Someone
    ann: Someone
    billing: Channel
    client: Bare
    held: HeldTime

    @property
    def place(self) -> Any:
        return self.client.get_channel(int(self.billing.id))


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    held = HeldTime(start=1_800_000_000.0)
    async with FakeDiscord(seed=7, time=held) as there:
        acme = there.guild("Acme")
        bo, ann = acme.person("bo"), acme.person("ann")
        client = Bare()
        billing = acme.channel("billing")
        with points(there):
            async with running(client, there.token):
                yield Rig(there, acme, bo, ann, billing, client, held)
        assert [each for each in there.complaints if "the fake itself" in each] == []


def view_of(*labels: str) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for label in labels:
        view.add_item(discord.ui.Button(label=label, custom_id=f"q:1:{label.lower()}"))
    return view


def answer_form() -> discord.ui.Modal:
    form = discord.ui.Modal(title="Answer Q7K3", custom_id="q:1:answer")
    text = discord.ui.TextInput[Any](style=discord.TextStyle.long, custom_id="text", min_length=5, max_length=4000)
    form.add_item(discord.ui.Label(text="Your answer", component=text))
    pick = discord.ui.Select[Any](
        custom_id="sure", required=False, options=[discord.SelectOption(label="Sure", value="1")]
    )
    form.add_item(discord.ui.Label(text="How sure?", component=pick))
    return form


async def refused(call: Any) -> int:
    with pytest.raises(discord.HTTPException) as caught:
        await call
    return caught.value.code


async def test_a_press_is_answered_for_one_only(rig: Rig) -> None:
    async def answer(interaction: Any) -> None:
        await interaction.response.send_message("It is yours.", ephemeral=True, view=view_of("Undo"))

    rig.client.answer = answer
    sent = await rig.place.send("Q7K3", view=view_of("Claim"))
    came = await rig.bo.presses(str(sent.id), "Claim")
    assert (came.ok, came.response) == (True, 4)
    assert rig.bo.asides() == ["guildhall (app) (to guildhall (app)), only visible to you:\nIt is yours.\n[Undo]"]
    assert "It is yours." not in rig.ann.reads(rig.billing)
    assert (await rig.bo.presses_ephemeral("Undo")).ok
    assert rig.client.interactions[0].permissions.view_channel
    assert rig.client.interactions[0].app_permissions.manage_threads
    with pytest.raises(AssertionError, match="no 'Take'"):
        await rig.bo.presses(str(sent.id), "Take")


async def test_updates_and_deferred_updates_change_the_message(rig: Rig) -> None:
    async def answer(interaction: Any) -> None:
        if interaction.data["custom_id"].endswith("claim"):
            await interaction.response.edit_message(content="claimed", view=view_of("Release"))
        else:
            await interaction.response.defer()
            await interaction.edit_original_response(content="free again", view=view_of("Claim"))

    rig.client.answer = answer
    sent = await rig.place.send("Q7K3", view=view_of("Claim"))
    assert (await rig.bo.presses(str(sent.id), "Claim")).response == 7
    assert (await rig.bo.presses(str(sent.id), "Release")).response == 6
    await rig.there.until(lambda: "free again" in rig.bo.reads(rig.billing))


async def test_a_form_is_filled_in_and_comes_back_with_its_values(rig: Rig) -> None:
    values: list[Any] = []

    async def answer(interaction: Any) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            values.extend(part["component"] for part in interaction.data["components"])
            await interaction.response.send_message("Thank you.", ephemeral=True)
        else:
            await interaction.response.send_modal(answer_form())

    rig.client.answer = answer
    sent = await rig.place.send("Q7K3", view=view_of("Answer"))
    assert (await rig.bo.presses(str(sent.id), "Answer")).response == 9
    assert rig.bo.shown_modal().split("\n")[:2] == ["Answer Q7K3", "Your answer: ____"]
    assert (await rig.bo.submits()).why == "Your answer is required"
    await rig.bo.fills_in({"Your answer": "It"})
    assert (await rig.bo.submits()).why == "Your answer takes at least 5 characters"
    with pytest.raises(AssertionError, match="4000"):
        await rig.bo.fills_in({"Your answer": "x" * 4001})
    await rig.bo.fills_in({"Your answer": "It is a hold.", "How sure?": "Sure"})
    assert (await rig.bo.submits()).ok
    assert [each.get("value", each.get("values")) for each in values] == ["It is a hold.", ["1"]]
    assert rig.bo.modal is None
    assert rig.bo.asides()[-1].endswith("Thank you.")


async def test_an_answer_is_taken_once_and_within_three_seconds(rig: Rig) -> None:
    sent = await rig.place.send("Q7K3", view=view_of("Claim"))

    async def twice(interaction: Any) -> None:
        await interaction.response.defer(ephemeral=True)
        # A second one as another copy of the program would send it: the library itself refuses it.
        again = discord.InteractionResponse(interaction)
        codes.append(await refused(again.send_message("again")))

    codes: list[int] = []
    rig.client.answer = twice
    assert (await rig.bo.presses(str(sent.id), "Claim")).ok
    await rig.there.until(lambda: codes == [40060])
    rig.client.answer = None
    pressing = rig.there.spawn(pressed(rig, str(sent.id)))
    assert pressing is None
    await rig.there.until(lambda: len(rig.client.interactions) == 2)
    await rig.held.passes(3.1)
    assert rig.bo.errors == ["This interaction failed"]
    assert await refused(rig.client.interactions[1].response.send_message("late")) == 10062


async def pressed(rig: Rig, message: str) -> None:
    await rig.bo.presses(message, "Claim")


async def test_nobody_answers_when_nobody_is_connected(rig: Rig) -> None:
    sent = await rig.place.send("Q7K3", view=view_of("Claim"))
    await rig.client.close()
    await rig.there.until(lambda: not rig.there.gateway.connected)
    assert not (await rig.bo.presses(str(sent.id), "Claim")).ok


async def test_a_deferred_answer_comes_by_its_token_for_fifteen_minutes(rig: Rig) -> None:
    async def answer(interaction: Any) -> None:
        await interaction.response.defer(thinking=True)

    rig.client.answer = answer
    sent = await rig.place.send("Q7K3", view=view_of("Claim"))
    await rig.bo.presses(str(sent.id), "Claim")
    assert "(thinking…)" in rig.ann.reads(rig.billing)
    late = rig.client.interactions[0]
    await late.followup.send("Done.", ephemeral=True)  # fills the placeholder, which all see
    assert "Done." in rig.ann.reads(rig.billing)
    more = await late.followup.send("Only you.", ephemeral=True, wait=True)
    assert "Only you." in rig.bo.asides()[-1]
    await more.edit(content="Only you, still.")
    await more.delete()
    assert rig.bo.asides() == []
    await rig.held.passes(901)
    assert await refused(late.followup.send("too late")) == 50027


async def test_a_follow_up_into_an_archived_thread_fails(rig: Rig) -> None:
    async def answer(interaction: Any) -> None:
        await interaction.response.defer(ephemeral=True)

    rig.client.answer = answer
    sent = await rig.place.send("Q7K3")
    thread = await sent.create_thread(name="Q7K3")
    card = await thread.send("card", view=view_of("Claim"))
    stored = rig.there.channels[str(thread.id)]
    rig.acme.archives(stored)
    assert (await rig.bo.presses(str(card.id), "Claim")).ok
    assert not stored.archived  # the client opened the thread first
    rig.acme.archives(stored)
    assert await refused(rig.client.interactions[0].followup.send("too late")) == 50083
    rig.acme.locks(stored)
    with pytest.raises(AssertionError, match="locked"):
        await rig.bo.presses(str(card.id), "Claim")


def hall(tree: app_commands.CommandTree[Bare], heard: list[Any]) -> None:
    """/hall claim number:, /hall pay expert: cents:, and a menu on messages."""
    group = app_commands.Group(name="hall", description="Everything")

    async def numbers(_: Any, current: str) -> list[app_commands.Choice[str]]:
        found = [each for each in ("Q7K3", "Q7M4", "R123") if each.startswith(current)]
        return [app_commands.Choice(name=f"{each} Why twice?", value=each) for each in found]

    @group.command(description="Take a question")
    @app_commands.autocomplete(number=numbers)
    async def claim(interaction: discord.Interaction[Any], number: str, note: str = "") -> None:
        heard.append((number, note))
        await interaction.response.send_message(f"{number} is yours", ephemeral=True)

    @group.command(description="Pay somebody")
    async def pay(interaction: discord.Interaction[Any], expert: discord.Member, cents: int) -> None:
        heard.append((expert.name, cents))
        await interaction.response.send_message("paid")

    @app_commands.context_menu(name="Send to customer")
    async def send(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        heard.append(message.content)
        await interaction.response.send_message("sent", ephemeral=True)

    tree.add_command(group)
    tree.add_command(send)


async def test_commands_are_offered_completed_and_run(rig: Rig) -> None:
    heard: list[Any] = []
    tree = app_commands.CommandTree(rig.client)
    hall(tree, heard)
    assert len(await tree.sync()) == 2
    assert await rig.bo.suggestions("/hall claim number:Q7", rig.billing) == ["Q7K3 Why twice?", "Q7M4 Why twice?"]
    await rig.bo.types("/hall claim number:Q7K3 note:it is: mine", rig.billing)
    await rig.bo.types("/hall pay expert:@ann cents:140", rig.billing)
    theirs = await rig.ann.says(rig.billing, "It is a hold.")
    await rig.bo.uses_menu("Send to customer", theirs)
    assert heard == [("Q7K3", "it is: mine"), ("ann", 140), "It is a hold."]
    assert "Q7K3 is yours" in rig.bo.asides()[0]
    with pytest.raises(AssertionError, match="required"):
        await rig.bo.types("/hall claim note:x", rig.billing)
    with pytest.raises(AssertionError, match="not offered"):
        await rig.bo.types("/nothing", rig.billing)
    rig.acme.denies(rig.billing, rig.ann, "use_application_commands")
    with pytest.raises(AssertionError, match="not offered"):
        await rig.ann.types("/hall claim number:a", rig.billing)


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        ([{"name": "Hall", "description": "x"}], 50035),
        ([{"name": "hall", "description": ""}], 50035),
        ([{"name": "hall", "description": "x" * 101}], 50035),
        ([{"name": "hall", "description": "x"}] * 2, 50035),
        ([{"name": f"a{number}", "description": "x"} for number in range(101)], 30032),
        ([{"name": f"Menu {number}", "type": 3} for number in range(16)], 30032),
    ],
)
async def test_bad_commands_are_refused_whole(rig: Rig, commands: Any, code: int) -> None:
    http, me = rig.client.http, int(rig.there.application_id)
    assert await refused(http.bulk_upsert_global_commands(me, commands)) == code
    assert await http.get_global_commands(me) == []


async def test_people_in_direct_channels_press_and_type(rig: Rig) -> None:
    async def answer(interaction: Any) -> None:
        assert interaction.guild is None
        await interaction.response.send_message("Thank you.")

    rig.client.answer = answer
    await rig.bo.says("dm", "hello")
    user = await rig.client.fetch_user(int(rig.bo.id))
    sent = await user.send("Did it help?", view=view_of("Helped"))
    await rig.bo.presses(str(sent.id), "Helped")
    assert rig.bo.dm().split("\n")[-1] == "guildhall (app) (to guildhall (app)): Thank you."


async def test_selects_and_files_in_forms(rig: Rig) -> None:
    heard: list[Any] = []

    async def answer(interaction: Any) -> None:
        heard.append(interaction.data)
        if interaction.type is discord.InteractionType.component:
            form = discord.ui.Modal(title="Files", custom_id="f")
            form.add_item(discord.ui.Label(text="Files", component=discord.ui.FileUpload(custom_id="up", max_values=2)))
            await interaction.response.send_modal(form)
        else:
            await interaction.response.send_message("got them", ephemeral=True)

    rig.client.answer = answer
    view = discord.ui.View(timeout=None)
    options = [discord.SelectOption(label="Pass", value="pass"), discord.SelectOption(label="Refer", value="refer")]
    view.add_item(discord.ui.Select(custom_id="more", placeholder="More", options=options))
    sent = await rig.place.send("Q7K3", view=view)
    assert "[More v]" in rig.bo.reads(rig.billing)
    await rig.bo.chooses(str(sent.id), "More", "Refer")
    await rig.bo.fills_in({"Files": [("a.txt", b"one")]})
    await rig.bo.submits()
    assert heard[0]["values"] == ["refer"]
    kept = next(iter(heard[1]["resolved"]["attachments"].values()))
    assert (kept["filename"], kept["size"], kept["ephemeral"]) == ("a.txt", 3, True)


async def test_old_forms_with_rows_come_back_as_rows(rig: Rig) -> None:
    class Old(discord.ui.Modal, title="Refer"):
        who = discord.ui.TextInput[Any](label="To whom?", custom_id="who", required=False)

    async def answer(interaction: Any) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_modal(Old(custom_id="q:1:refer"))
        else:
            await interaction.response.edit_message(content=interaction.data["components"][0]["components"][0]["value"])

    rig.client.answer = answer
    sent = await rig.place.send("Q7K3", view=view_of("Refer"))
    await rig.bo.presses(str(sent.id), "Refer")
    await rig.bo.fills_in({"To whom?": "ann"})
    assert (await rig.bo.submits()).response == 7
    assert "ann (edited)" in rig.bo.reads(rig.billing)


async def test_a_form_never_answers_a_form_nor_comes_after_a_deferral(rig: Rig) -> None:
    codes: list[int] = []

    async def answer(interaction: Any) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            codes.append(await refused(interaction.response.send_modal(answer_form())))
            await interaction.response.defer()
        else:
            await interaction.response.send_modal(answer_form())

    rig.client.answer = answer
    sent = await rig.place.send("Q7K3", view=view_of("Answer"))
    await rig.bo.presses(str(sent.id), "Answer")
    await rig.bo.fills_in({"Your answer": "It is a hold."})
    assert (await rig.bo.submits()).response == 6
    assert codes == [50035]


async def test_components_of_the_second_kind(rig: Rig) -> None:
    def layout(*texts: str) -> discord.ui.LayoutView:
        view = discord.ui.LayoutView(timeout=None)
        row = discord.ui.ActionRow[Any](discord.ui.Button(label="Claim", custom_id="q:1:claim"))
        view.add_item(discord.ui.Container(*(discord.ui.TextDisplay(each) for each in texts), row))
        return view

    sent = await rig.place.send(view=layout("**Q7K3**", "Why twice?"))
    assert rig.bo.reads(rig.billing).split("\n")[1:] == ["| **Q7K3**", "| Why twice?", "| [Claim]"]
    assert await refused(rig.place.get_partial_message(sent.id).edit(content="words")) == 50035
    http, words = rig.client.http, [{"type": 10, "content": "x"} for _ in range(40)]
    for inside, fits in ((words, False), (words[1:], True)):
        container = {"flags": 1 << 15, "components": [{"type": 17, "components": inside}]}
        with discord.http.MultipartParameters(container, None, None) as told:
            sending = http.send_message(int(rig.billing.id), params=told)
            assert (await sending)["id"] if fits else await refused(sending) == 50035


async def test_commands_of_a_guild_and_of_administrators_are_hidden_elsewhere(rig: Rig) -> None:
    http, me = rig.client.http, int(rig.there.application_id)
    ask = {"name": "ask", "description": "Ask", "contexts": [0, 1]}
    hall: Any = {"name": "hall", "description": "All", "contexts": [0]}
    await http.bulk_upsert_global_commands(me, [ask, hall])
    audit: Any = {"name": "audit", "description": "Audit", "default_member_permissions": "0"}
    await http.bulk_upsert_guild_commands(me, int(rig.acme.id), [audit])
    with pytest.raises(AssertionError, match="only \\['ask'\\]"):
        await rig.bo.types("/hall")
    with pytest.raises(AssertionError, match="not offered /audit"):
        await rig.bo.types("/audit", rig.billing)
    other = rig.there.guild("Other")
    room = other.channel("room")
    await rig.bo.joins(other)
    with pytest.raises(AssertionError, match="only \\['ask', 'hall'\\]"):
        await rig.bo.types("/audit", room)


async def test_a_role_of_the_same_name_in_another_guild_has_another_id(rig: Rig) -> None:
    heard: list[Any] = []

    async def answer(interaction: Any) -> None:
        heard.append({role.id for role in interaction.user.roles})
        await interaction.response.defer()

    rig.client.answer = answer
    experts, other = rig.acme.role("Experts"), rig.there.guild("Other")
    false = other.role("Experts")
    await rig.bo.joins(other)
    await rig.bo.gets_role(other, false)
    room = other.channel("room")
    await rig.there.until(lambda: rig.client.get_channel(int(room.id)))
    sent = await rig.client.get_partial_messageable(int(room.id)).send("Q", view=view_of("Claim"))
    await rig.bo.presses(str(sent.id), "Claim")
    assert int(false.id) in heard[0]
    assert int(experts.id) not in heard[0]
