"""People at the fake Slack do only what Slack's client lets them, and read what is really on the screen."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Channel, FakeSlack, HeldTime, Workspace
from tests.fakes.slack.someone import Someone


@dataclass
class Rig:
    slack: FakeSlack
    acme: Workspace
    bo: Someone
    stella: Someone
    billing: Channel
    app: AsyncApp
    held: HeldTime
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def card(self, *elements: dict[str, Any], thread: str | None = None) -> str:
        blocks = [{"type": "actions", "elements": list(elements)}]
        sent = self.app.client.chat_postMessage(channel=self.billing.id, text="card", blocks=blocks, thread_ts=thread)
        return str((await sent)["ts"])


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    held = HeldTime(start=1_800_000_000.0)
    async with FakeSlack(seed=7, time=held) as slack:
        acme = slack.workspace("Acme", commands=["/hall"])
        bo, stella = acme.person("bo"), acme.person("stella", tz="America/New_York")
        billing = acme.channel("billing", members=[bo, stella])
        client = AsyncWebClient(token=acme.bot_token, base_url=slack.api_url, retry_handlers=[])
        app = AsyncApp(client=client, process_before_response=True)
        sockets = AsyncSocketModeHandler(app, acme.app_token, web_client=AsyncWebClient(base_url=slack.api_url))
        await sockets.connect_async()
        yield Rig(slack, acme, bo, stella, billing, app, held)
        await sockets.close_async()


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(label: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id} | more


def typed_input(label: str, block_id: str, **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "words"} | more.pop("element", {})
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element} | more


def choice(label: str, block_id: str, *options: str, kind: str = "static_select", **more: Any) -> dict[str, Any]:
    offered = [{"text": plain(each), "value": each.lower()} for each in options]
    element = {"type": kind, "action_id": "choice", "options": offered}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element} | more


def modal(*blocks: dict[str, Any], title: str = "Answer", **more: Any) -> dict[str, Any]:
    told = {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": list(blocks)}
    return told | {"callback_id": "answer"} | more


def opens(rig: Rig, view: dict[str, Any], action_id: str = "open") -> None:
    @rig.app.action(action_id)
    async def opened(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        rig.seen.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def test_a_press_carries_who_what_and_where(rig: Rig) -> None:
    opens(rig, modal(typed_input("Words", "w")))
    root = await rig.bo.says(rig.billing, "root")
    ts = await rig.card(button("Claim", "open", value="claim Q7K3"), thread=root)
    assert (await rig.bo.presses(rig.billing, ts, "Claim")).ok
    body = rig.seen[0]
    assert body["user"]["id"] == rig.bo.id
    assert (body["container"]["message_ts"], body["container"]["thread_ts"]) == (ts, root)
    assert (body["message"]["ts"], body["actions"][0]["value"]) == (ts, "claim Q7K3")
    assert body["channel"] == {"id": rig.billing.id, "name": "billing"}


async def test_nobody_presses_what_is_not_there_any_more(rig: Rig) -> None:
    ts = await rig.card(button("Claim", "claim"))
    await rig.app.client.chat_update(channel=rig.billing.id, ts=ts, text="taken", blocks=[])
    with pytest.raises(AssertionError, match="there is no 'Claim' in: taken"):
        await rig.bo.presses(rig.billing, ts, "Claim")


async def test_a_press_that_nobody_acknowledges_shows_a_triangle(rig: Rig) -> None:
    ts = await rig.card(button("Claim", "claim"))
    rig.slack.sockets.silence()
    pressing = asyncio.ensure_future(rig.bo.presses(rig.billing, ts, "Claim"))
    await rig.held.passes(3.1)
    assert not (await pressing).ok
    assert "⚠" in rig.bo.errors[-1]


async def test_a_modal_is_filled_in_and_submitted(rig: Rig) -> None:
    opens(rig, modal(typed_input("Words", "w", element={"min_length": 3}), choice("Tone", "t", "Warm", "Dry")))

    @rig.app.view("answer")
    async def answered(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
        rig.seen.append(view["state"]["values"])
        if view["state"]["values"]["w"]["words"]["value"] == "bad":
            await ack(response_action="errors", errors={"w": "Say it kindly."})
            return
        await ack()

    ts = await rig.card(button("Answer", "open"))
    await rig.bo.presses(rig.billing, ts, "Answer")
    assert rig.bo.modal == "Answer\nWords: ____\nTone: [Choose v]\n[Cancel] [Send]"
    assert not (await rig.bo.submits()).ok
    assert rig.bo.errors == [f"{each}: please complete this required field" for each in ("Words", "Tone")]
    await rig.bo.fills_in({"Words": "bad", "Tone": "Warm"})
    await rig.bo.submits()
    assert "  ! Say it kindly." in rig.bo.modal
    assert rig.seen[-1]["t"]["choice"]["selected_option"]["value"] == "warm"
    await rig.bo.fills_in({"w": "It is a hold."})
    await rig.bo.submits()
    assert rig.bo.modal == ""
    assert rig.slack.complaints == []


async def test_an_answer_to_a_form_may_update_push_and_clear(rig: Rig) -> None:
    opens(rig, modal(typed_input("Words", "w")))
    answers = [
        {"response_action": "update", "view": modal(typed_input("Words", "w"), title="Sure?")},
        {"response_action": "push", "view": modal(title="Preview")},
        {"response_action": "clear"},
    ]

    @rig.app.view("answer")
    async def answered(ack: Any) -> None:
        await ack(**answers.pop(0))

    ts = await rig.card(button("Answer", "open"))
    await rig.bo.presses(rig.billing, ts, "Answer")
    await rig.bo.fills_in({"Words": "kept"})
    await rig.bo.submits()
    assert rig.bo.modal == "Sure?\nWords: kept\n[Cancel] [Send]"
    await rig.bo.submits()
    assert rig.bo.modal.startswith("Preview")
    assert len(rig.bo.stack) == 2
    await rig.bo.submits()
    assert rig.bo.modal == ""


async def test_errors_for_blocks_that_are_no_inputs_are_slacks_trouble(rig: Rig) -> None:
    opens(rig, modal(typed_input("Words", "w", optional=True)))

    @rig.app.view("answer")
    async def answered(ack: Any) -> None:
        await ack(response_action="errors", errors={"nowhere": "?"})

    ts = await rig.card(button("Answer", "open"))
    await rig.bo.presses(rig.billing, ts, "Answer")
    await rig.bo.submits()
    assert "trouble connecting" in rig.bo.errors[-1]
    assert "nowhere" in rig.slack.complaints[0]


async def test_typing_tells_the_app_only_where_it_asked(rig: Rig) -> None:
    on_characters = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    kept = typed_input("Words", "w", element=on_characters, dispatch_action=True)
    on_enter = typed_input("Entered", "e", element={"action_id": "words"}, optional=True, dispatch_action=True)
    quiet = typed_input("Quiet", "q", optional=True)
    opens(rig, modal(kept, quiet, on_enter, notify_on_close=True))

    @rig.app.action("words")
    async def drafted(ack: Any, action: dict[str, Any]) -> None:
        rig.seen.append(action)
        await ack()

    @rig.app.view_closed("answer")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        rig.seen.append(body)
        await ack()

    ts = await rig.card(button("Answer", "open"))
    await rig.bo.presses(rig.billing, ts, "Answer")
    await rig.bo.fills_in({"Words": "half a thou", "Quiet": "nothing", "Entered": "not yet"})
    assert [each["value"] for each in rig.seen[1:]] == ["half a thou"]
    await rig.bo.fills_in({"Entered": "now"}, enter=True)
    assert [each["value"] for each in rig.seen[1:]] == ["half a thou", "now"]
    await rig.bo.closes()
    closed_view = rig.seen[-1]["view"]
    assert (rig.seen[-1]["is_cleared"], closed_view["state"]["values"]["w"]["words"]["value"]) == (False, "half a thou")


async def test_commands_do_not_work_in_threads_nor_when_unknown(rig: Rig) -> None:
    @rig.app.command("/hall")
    async def hall(ack: Any, command: dict[str, Any]) -> None:
        rig.seen.append(command)
        await ack(response_type="in_channel", text="to all")

    root = await rig.bo.says(rig.billing, "root")
    assert not (await rig.bo.types("/hall", "next", rig.billing, thread=root)).ok
    assert not (await rig.bo.types("/hal", "next", rig.billing)).ok
    assert rig.seen == []
    assert (await rig.bo.types("/hall", "next", rig.billing)).ok
    assert "Guildhall (app): to all" in rig.stella.reads(rig.billing)
    assert "thread_ts" not in rig.seen[0]


async def test_a_shortcut_carries_the_message_also_in_threads(rig: Rig) -> None:
    @rig.app.message_shortcut("send")
    async def used(ack: Any, body: dict[str, Any]) -> None:
        rig.seen.append(body)
        await ack()

    root = await rig.bo.says(rig.billing, "root")
    reply = await rig.stella.says(rig.billing, "an answer", thread=root)
    assert (await rig.bo.uses_shortcut("send", rig.billing, reply)).ok
    assert rig.seen[0]["message"]["text"] == "an answer"
    assert rig.seen[0]["message"]["thread_ts"] == root


async def test_the_home_opens_and_its_buttons_work(rig: Rig) -> None:
    @rig.app.event("app_home_opened")
    async def opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        blocks = [{"type": "actions", "elements": [button("Pause", "pause")]}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @rig.app.action("pause")
    async def pause(ack: Any, body: dict[str, Any]) -> None:
        rig.seen.append(body)
        await ack()

    await rig.bo.opens_home()
    await rig.slack.settled()
    assert rig.bo.home() == "[Pause]"
    assert (await rig.bo.presses_home("Pause")).ok
    assert rig.seen[0]["view"]["type"] == "home"
    assert rig.slack.complaints == []


async def test_strangers_and_guests_show_what_they_are(rig: Rig) -> None:
    guest = rig.acme.person("gus", guest="single")
    stranger = rig.acme.person("sue", team_id="TOTHER")
    told = {each.name: (await rig.app.client.users_info(user=each.id))["user"] for each in (guest, stranger)}
    assert (told["gus"]["is_restricted"], told["gus"]["is_ultra_restricted"]) == (True, True)
    assert (told["sue"]["is_stranger"], told["sue"]["team_id"]) == (True, "TOTHER")
    assert "email" not in told["sue"]["profile"]


async def test_moderators_archive_kick_and_change_groups(rig: Rig) -> None:
    heard: list[str] = []

    async def hear(event: dict[str, Any]) -> None:
        heard.append(event["type"])

    for kind in ("channel_archive", "channel_left", "subteam_members_changed", "subteam_updated", "user_change"):
        rig.app.event(kind)(hear)
    group = rig.acme.group("experts")
    rig.acme.enrol(group, rig.bo)
    rig.acme.change(rig.bo, display_name="Bo B.")
    other = rig.acme.channel("other", members=[rig.bo])
    rig.acme.kick_bot(other)
    rig.acme.archive(rig.billing)
    await rig.slack.settled()
    assert heard == ["subteam_members_changed", "subteam_updated", "user_change", "channel_left", "channel_archive"]
    with pytest.raises(AssertionError, match="archived"):
        await rig.bo.says(rig.billing, "too late")


async def test_what_people_read_is_what_slack_shows_them(rig: Rig) -> None:
    root = await rig.bo.says(rig.billing, "Why & <how>? @stella #billing https://a.example", files=(("a.png", b"x"),))
    await rig.app.client.chat_postMessage(
        channel=rig.billing.id, thread_ts=root, text="at <!date^1800003600^{date_short_pretty} {time}|later>"
    )
    await rig.stella.edits(rig.billing, await rig.stella.says(rig.billing, "thinking", thread=root), "done")
    assert rig.bo.reads(rig.billing).split("\n") == [
        "bo: Why & <how>? @stella #billing https://a.example",
        "(file: a.png)",
        "    Guildhall (app): at today 09:00",
        "    stella: done (edited)",
    ]
    assert "today 04:00" in rig.stella.reads(rig.billing)
    assert rig.bo.payload(rig.billing, root)["text"].startswith(f"Why &amp; &lt;how&gt;? <@{rig.stella.id}> <#")
