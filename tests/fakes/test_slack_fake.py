"""The fake Slack's Web API refuses what Slack refuses, and keeps what Slack keeps; driven by slack_sdk."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import Channel, FakeSlack, Fault, HeldTime, Workspace
from tests.fakes.slack.response_urls import new_url
from tests.fakes.slack.someone import Someone
from tests.fakes.slack.views import new_trigger


@dataclass
class Rig:
    slack: FakeSlack
    acme: Workspace
    bo: Someone
    stella: Someone
    billing: Channel
    client: AsyncWebClient
    held: HeldTime


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    held = HeldTime(start=1_800_000_000.0)
    async with FakeSlack(seed=7, time=held) as slack:
        acme = slack.workspace("Acme")
        bo, stella = acme.person("bo"), acme.person("stella", tz="America/New_York")
        billing = acme.channel("billing", members=[bo, stella])
        client = AsyncWebClient(token=acme.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=5)
        yield Rig(slack, acme, bo, stella, billing, client, held)


async def refusal(call: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, action_id: str) -> dict[str, Any]:
    pressed = {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action_id}
    return {"type": "actions", "elements": [pressed]}


def modal(*blocks: dict[str, Any], title: str = "Answer", **more: Any) -> dict[str, Any]:
    told = {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": list(blocks)}
    return told | more


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"text": "x", "channel": "C404"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "billing"}, "no_text"),
        ("chat.postMessage", {"channel": "billing", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "secret", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "outside", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "gone", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "billing", "text": "x", "blocks": [{"type": "sectoin"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": "billing", "text": "x", "blocks": "["}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": "billing", "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ("chat.update", {"channel": "billing", "ts": "1.000001", "text": "x"}, "message_not_found"),
        ("chat.update", {"channel": "billing", "ts": "bo's", "text": "x"}, "cant_update_message"),
        ("chat.update", {"channel": "billing", "ts": "own", "text": "x" * 4001}, "msg_too_long"),
        ("chat.update", {"channel": "gone", "ts": "old", "text": "x"}, "is_inactive"),
        ("chat.delete", {"channel": "billing", "ts": "bo's"}, "cant_delete_message"),
        ("chat.postEphemeral", {"channel": "billing", "text": "x", "user": "UNOBODY"}, "user_not_in_channel"),
        ("chat.getPermalink", {"channel": "billing", "message_ts": "1.000001"}, "message_not_found"),
        ("conversations.history", {"channel": "outside"}, "not_in_channel"),
        ("conversations.history", {"channel": "billing", "limit": 1001}, "invalid_limit"),
        ("conversations.history", {"channel": "billing", "cursor": "nonsense"}, "invalid_cursor"),
        ("conversations.history", {"channel": "billing", "oldest": "yesterday"}, "invalid_ts_oldest"),
        ("conversations.replies", {"channel": "billing", "ts": "1.000001"}, "thread_not_found"),
        ("conversations.open", {"users": "UNOBODY"}, "user_not_found"),
        ("users.info", {"user": "UNOBODY"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "SNONE"}, "no_such_subteam"),
        ("reactions.add", {"channel": "billing", "timestamp": "1.0", "name": "eyes"}, "message_not_found"),
        ("reactions.remove", {"channel": "billing", "timestamp": "own", "name": "eyes"}, "no_reaction"),
        ("files.info", {"file": "F404"}, "file_not_found"),
        ("files.completeUploadExternal", {"files": [{"id": "F404"}]}, "file_not_found"),
        ("views.open", {"trigger_id": "nonsense", "view": modal()}, "invalid_trigger_id"),
        ("views.open", {"trigger_id": "x", "view": modal(title="x" * 25)}, "invalid_arguments"),
        ("views.open", {"trigger_id": "x", "view": modal(section("x" * 250_000))}, "view_too_large"),
        ("views.update", {"view_id": "V404", "view": modal()}, "not_found"),
        ("chat.whisper", {}, "unknown_method"),
    ],
)
async def test_each_breach_has_slacks_own_error(rig: Rig, method: str, args: dict[str, Any], error: str) -> None:
    acme, slack = rig.acme, rig.slack
    acme.scopes.discard("chat:write.public")
    rooms = {
        "billing": rig.billing,
        "secret": acme.channel("secret", members=[rig.bo], private=True, bot=False),
        "outside": acme.channel("outside", members=[rig.bo], bot=False),
        "gone": acme.channel("gone", members=[rig.bo]),
    }
    said = {"bo's": await rig.bo.says(rig.billing, "mine")}
    said["own"] = str((await rig.client.chat_postMessage(channel=rig.billing.id, text="own"))["ts"])
    said["old"] = str((await rig.client.chat_postMessage(channel=rooms["gone"].id, text="old"))["ts"])
    acme.archive(rooms["gone"])
    sent = {
        name: rooms[value].id
        if name == "channel" and value in rooms
        else said.get(value, value)
        if isinstance(value, str)
        else value
        for name, value in args.items()
    }
    before = len([each for each in slack.applied if each["what"] not in ("refused",)])
    answer = await refusal(rig.client.api_call(method, json=sent))
    assert answer["error"] == error
    assert len([each for each in slack.applied if each["what"] not in ("refused",)]) == before


async def test_tokens_and_scopes_are_checked(rig: Rig) -> None:
    rig.acme.scopes.discard("channels:history")
    answer = await refusal(rig.client.conversations_history(channel=rig.billing.id))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert "chat:write" in answer["provided"].split(",")
    assert (await refusal(rig.client.auth_test(token="xoxb-wrong")))["error"] == "invalid_auth"
    assert (await refusal(rig.client.auth_test(token=rig.acme.app_token)))["error"] == "not_allowed_token_type"
    connecting = rig.client.apps_connections_open(app_token=rig.acme.bot_token)
    assert (await refusal(connecting))["error"] == "not_allowed_token_type"
    told = await rig.client.auth_test()
    assert told["user_id"] == rig.acme.bot_user_id
    assert "chat:write" in told.headers["X-OAuth-Scopes"]
    rig.acme.revoke()
    assert (await refusal(rig.client.auth_test()))["error"] == "token_revoked"
    rig.acme.uninstall()
    assert (await refusal(rig.client.auth_test()))["error"] == "account_inactive"


async def test_free_plans_have_no_user_groups(rig: Rig) -> None:
    group = rig.acme.group("experts", [rig.bo])
    assert (await rig.client.usergroups_users_list(usergroup=group.id))["users"] == [rig.bo.id]
    rig.acme.paid = False
    assert (await refusal(rig.client.usergroups_list()))["error"] == "plan_upgrade_required"


async def test_what_a_stricter_slack_could_refuse_is_noted(rig: Rig) -> None:
    ts = (await rig.client.chat_postMessage(channel=rig.billing.id, text="root"))["ts"]
    reply = (await rig.client.chat_postMessage(channel=rig.billing.id, text="reply", thread_ts=ts))["ts"]
    assert rig.slack.complaints == []
    await rig.client.chat_postMessage(channel=rig.billing.id, text="x", thread_ts=reply, client_msg_id="1")
    assert any("unknown argument client_msg_id" in each for each in rig.slack.complaints)
    assert any("is a reply" in each for each in rig.slack.complaints)


async def test_all_blocks_together_hold_thirteen_thousand_characters(rig: Rig) -> None:
    long = [section("x" * 2900) for _ in range(5)]
    answer = await refusal(rig.client.chat_postMessage(channel=rig.billing.id, text="long", blocks=long))
    assert answer["error"] == "msg_blocks_too_long"
    await rig.client.chat_postMessage(channel=rig.billing.id, text="long", blocks=long[:4])


async def test_history_goes_back_in_pages_and_hides_replies(rig: Rig) -> None:
    card = await rig.client.chat_postMessage(
        channel=rig.billing.id, text="card", metadata={"event_type": "card", "event_payload": {"q": 7}}
    )
    said = [await rig.bo.says(rig.billing, f"word {number}") for number in range(5)]
    quiet = await rig.bo.says(rig.billing, "in the thread", thread=card["ts"])
    loud = await rig.bo.says(rig.billing, "in both", thread=card["ts"], also_to_channel=True)
    first = await rig.client.conversations_history(channel=rig.billing.id, limit=3)
    assert [each["ts"] for each in first["messages"]] == [loud, said[4], said[3]]
    rest = await rig.client.conversations_history(
        channel=rig.billing.id, cursor=first["response_metadata"]["next_cursor"], limit=10
    )
    assert [each["ts"] for each in rest["messages"]] == [said[2], said[1], said[0], card["ts"]]
    assert not rest["has_more"]
    assert "metadata" not in rest["messages"][-1]
    assert rest["messages"][-1]["reply_count"] == 2
    since = await rig.client.conversations_history(
        channel=rig.billing.id, oldest=card["ts"], latest=said[0], inclusive=True, include_all_metadata=True
    )
    assert [each["ts"] for each in since["messages"]] == [said[0], card["ts"]]
    assert since["messages"][1]["metadata"]["event_payload"] == {"q": 7}
    since = await rig.client.conversations_history(channel=rig.billing.id, oldest=card["ts"], latest=said[0])
    assert since["messages"] == []
    thread = await rig.client.conversations_replies(channel=rig.billing.id, ts=card["ts"])
    assert [each["ts"] for each in thread["messages"]] == [card["ts"], quiet, loud]
    assert thread["messages"][1]["parent_user_id"] == rig.acme.bot_user_id
    assert rig.slack.complaints == []


async def test_history_is_small_for_apps_outside_the_marketplace(rig: Rig) -> None:
    rig.slack.small_history = True
    for number in range(20):
        await rig.bo.says(rig.billing, f"word {number}")
    page = await rig.client.conversations_history(channel=rig.billing.id, limit=100)
    assert len(page["messages"]) == 15
    answer = await refusal(rig.client.conversations_history(channel=rig.billing.id))
    assert (answer["error"], answer.status_code, answer.headers["Retry-After"]) == ("ratelimited", 429, "60")


async def test_an_update_without_blocks_leaves_the_old_ones(rig: Rig) -> None:
    posted = await rig.client.chat_postMessage(channel=rig.billing.id, text="a", blocks=[section("A")])
    await rig.client.chat_update(channel=rig.billing.id, ts=posted["ts"], text="b")
    assert "A (edited)" in rig.bo.reads(rig.billing)
    await rig.client.chat_update(channel=rig.billing.id, ts=posted["ts"], text="c", blocks=[])
    assert "c (edited)" in rig.bo.reads(rig.billing)


async def test_a_deleted_root_with_replies_stays_as_a_tombstone(rig: Rig) -> None:
    root = await rig.bo.says(rig.billing, "root")
    await rig.stella.says(rig.billing, "reply", thread=root)
    await rig.bo.deletes(rig.billing, root)
    thread = await rig.client.conversations_replies(channel=rig.billing.id, ts=root)
    assert thread["messages"][0]["subtype"] == "tombstone"
    assert rig.stella.reads(rig.billing) == "(This message was deleted.)\n    stella: reply"


async def test_a_trigger_opens_one_view_within_three_seconds(rig: Rig) -> None:
    trigger = new_trigger(rig.acme, rig.bo.id)
    await rig.client.views_open(trigger_id=trigger, view=modal(section("one")))
    again = rig.client.views_open(trigger_id=trigger, view=modal(section("two")))
    assert (await refusal(again))["error"] == "exchanged_trigger_id"
    assert "one" in rig.bo.modal
    late = new_trigger(rig.acme, rig.bo.id)
    await rig.held.passes(3.1)
    opening = rig.client.views_open(trigger_id=late, view=modal(section("late")))
    assert (await refusal(opening))["error"] == "expired_trigger_id"


async def test_views_stack_three_deep_and_hashes_guard_them(rig: Rig) -> None:
    opened = await rig.client.views_open(trigger_id=new_trigger(rig.acme, rig.bo.id), view=modal(section("1")))
    view = opened["view"]
    for depth in ("2", "3"):
        inside = new_trigger(rig.acme, rig.bo.id, view["id"])
        await rig.client.views_push(trigger_id=inside, view=modal(section(depth)))
    inside = new_trigger(rig.acme, rig.bo.id, view["id"])
    assert (await refusal(rig.client.views_push(trigger_id=inside, view=modal())))["error"] == "push_limit_reached"
    await rig.client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("new")))
    stale = rig.client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("stale")))
    assert (await refusal(stale))["error"] == "hash_conflict"
    await rig.bo.closes()
    await rig.bo.closes()
    assert "new" in rig.bo.modal
    named = modal(section("x"), external_id="q7")
    await rig.client.views_open(trigger_id=new_trigger(rig.acme, rig.bo.id), view=named)
    twice = rig.client.views_open(trigger_id=new_trigger(rig.acme, rig.stella.id), view=named)
    assert (await refusal(twice))["error"] == "duplicate_external_id"


async def test_a_home_is_published_per_person(rig: Rig) -> None:
    home = {"type": "home", "blocks": [section("desk of bo")]}
    first = (await rig.client.views_publish(user_id=rig.bo.id, view=home))["view"]
    await rig.client.views_publish(user_id=rig.bo.id, view=home, hash=first["hash"])
    stale = rig.client.views_publish(user_id=rig.bo.id, view=home, hash=first["hash"])
    assert (await refusal(stale))["error"] == "hash_conflict"
    assert (rig.bo.home(), rig.stella.home()) == ("desk of bo", "")


async def test_an_ephemeral_is_for_one_and_in_no_history(rig: Rig) -> None:
    sent = await rig.client.chat_postEphemeral(channel=rig.billing.id, user=rig.bo.id, text="psst")
    assert "only visible to you: psst" in rig.bo.reads(rig.billing)
    assert rig.stella.reads(rig.billing) == ""
    assert (await rig.client.conversations_history(channel=rig.billing.id))["messages"] == []
    changing = rig.client.chat_update(channel=rig.billing.id, ts=sent["message_ts"], text="louder")
    assert (await refusal(changing))["error"] == "message_not_found"


async def test_a_response_url_works_five_times_within_thirty_minutes(rig: Rig) -> None:
    url = AsyncWebhookClient(new_url(rig.acme, rig.bo.id, rig.billing.id))
    for number in range(5):
        assert (await url.send(text=f"{number}")).body == "ok"
    assert "used_url" in (await url.send(text="sixth")).body
    assert len(rig.bo.ephemerals) == 5
    old = AsyncWebhookClient(new_url(rig.acme, rig.bo.id, rig.billing.id))
    await rig.held.passes(30 * 60 + 1)
    assert "expired_url" in (await old.send(text="late")).body


async def test_a_response_url_replaces_and_deletes_what_was_pressed(rig: Rig) -> None:
    sent = await rig.client.chat_postEphemeral(channel=rig.billing.id, user=rig.bo.id, text="psst")
    url = new_url(rig.acme, rig.bo.id, rig.billing.id, message_ts=sent["message_ts"], ephemeral=True)
    await AsyncWebhookClient(url).send(text="changed", replace_original=True)
    assert rig.bo.asides() == ["changed"]
    await AsyncWebhookClient(url).send(delete_original=True)
    assert rig.bo.asides() == []


async def test_a_file_goes_up_in_three_steps_and_its_message_comes_later(rig: Rig) -> None:
    root = (await rig.client.chat_postMessage(channel=rig.billing.id, text="card"))["ts"]
    sent = await rig.client.files_upload_v2(
        channel=rig.billing.id, thread_ts=root, filename="answer.txt", content="long words", initial_comment="whole"
    )
    file = sent["files"][0]
    assert "answer.txt" not in rig.bo.reads(rig.billing)
    await rig.held.passes(1)
    assert "(file: answer.txt)" in rig.bo.reads(rig.billing)
    told = await rig.client.files_info(file=file["id"])
    assert told["file"]["shares"]["public"][rig.billing.id][0]["thread_ts"] == root
    async with aiohttp.ClientSession() as http:
        async with http.get(file["url_private"]) as answer:
            assert answer.content_type == "text/html"  # the login page, as without a token
        headers = {"Authorization": f"Bearer {rig.acme.bot_token}"}
        async with http.get(file["url_private_download"], headers=headers) as answer:
            assert await answer.read() == b"long words"
    await rig.client.files_delete(file=file["id"])
    assert (await refusal(rig.client.files_info(file=file["id"])))["error"] == "file_deleted"
    assert rig.slack.complaints == []


async def test_an_upload_may_be_a_form_but_must_have_its_length(rig: Rig) -> None:
    async with aiohttp.ClientSession() as http:
        told = await rig.client.files_getUploadURLExternal(filename="a.png", length=4)
        for content, status in ((b"short" * 2, 400), (b"four", 200)):
            form = aiohttp.FormData()
            form.add_field("file", content, filename="a.png")
            async with http.post(told["upload_url"], data=form) as answer:
                assert answer.status == status
    await rig.client.files_completeUploadExternal(files=[{"id": told["file_id"]}], channel_id=rig.billing.id)
    again = rig.client.files_completeUploadExternal(files=[{"id": told["file_id"]}], channel_id=rig.billing.id)
    assert (await refusal(again))["error"] == "file_already_completed"
    assert len(rig.slack.complaints) == 1


async def test_calls_under_way_when_a_429_is_told_may_be_forgiven(rig: Rig) -> None:
    rig.slack.in_flight_s = 60.0
    rig.slack.faults.force(Fault.BUSY)
    posts = [rig.client.chat_postMessage(channel=rig.billing.id, text="x") for _ in range(3)]
    answers = await asyncio.gather(*posts, return_exceptions=True)
    assert [answer.response.status_code for answer in answers if isinstance(answer, SlackApiError)] == [429] * 3
    assert rig.slack.too_early == []


@pytest.mark.parametrize(
    ("fault", "applied"),
    [
        (Fault.BUSY, 0),
        (Fault.FAILS, 0),
        (Fault.FAILS_AFTER, 1),
        (Fault.HANGS, 0),
        (Fault.HANGS_AFTER, 1),
        (Fault.CUTS_AFTER, 1),
        (Fault.LATE, 1),
    ],
)
async def test_each_fault_applies_or_does_not(rig: Rig, fault: Fault, applied: int) -> None:
    rig.slack.faults.force(fault, method="chat.postMessage")
    posting = asyncio.ensure_future(rig.client.chat_postMessage(channel=rig.billing.id, text="once"))
    await rig.slack.until(lambda: rig.slack.faults.met[fault] == 1)
    await rig.held.passes(rig.slack.faults.hang_s + 0.1)
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await posting
    await rig.slack.settled()
    assert [each["what"] for each in rig.slack.applied].count("posts") == applied


async def test_a_call_before_retry_after_is_noted_and_refused(rig: Rig) -> None:
    rig.slack.faults.force(Fault.BUSY)
    answer = await refusal(rig.client.chat_postMessage(channel=rig.billing.id, text="x"))
    assert answer.status_code == 429
    await refusal(rig.client.chat_postMessage(channel=rig.billing.id, text="x"))
    assert len(rig.slack.too_early) == 1
    await rig.held.passes(int(answer.headers["Retry-After"]))
    await rig.client.chat_postMessage(channel=rig.billing.id, text="x")
    assert len(rig.slack.too_early) == 1


async def test_posts_are_one_a_second_and_channel_with_short_bursts(rig: Rig) -> None:
    rig.slack.rate_limits = True
    for _ in range(4):
        await rig.client.chat_postMessage(channel=rig.billing.id, text="x")
    answer = await refusal(rig.client.chat_postMessage(channel=rig.billing.id, text="x"))
    assert answer["error"] == "ratelimited"
    other = rig.acme.channel("other")
    await rig.client.chat_postMessage(channel=other.id, text="x")
    await rig.held.passes(float(answer.headers["Retry-After"]))
    await rig.client.chat_postMessage(channel=rig.billing.id, text="x")
    assert rig.slack.too_early == []


async def test_the_same_seed_meets_the_same_faults() -> None:
    met = []
    for _ in range(2):
        async with FakeSlack(seed=3, faults=0.5) as slack:
            plan = [slack.faults.next("chat.postMessage", "C1") for _ in range(30)]
            met.append(plan)
    assert met[0] == met[1]
    assert {fault for fault, _ in met[0]} > {None}


async def test_who_rings_and_what_unfurls_is_noted(rig: Rig) -> None:
    await rig.client.chat_postMessage(channel=rig.billing.id, text=f"hi <@{rig.bo.id}> https://a.example")
    await rig.client.chat_postMessage(
        channel=rig.billing.id, text="&lt;!channel&gt; https://b.example", unfurl_links=False, unfurl_media=False
    )
    assert [each.whom for each in rig.slack.rang] == [rig.bo.id]
    assert rig.slack.unfurled == ["https://a.example"]
    await rig.client.chat_postMessage(channel=rig.billing.id, text="@bo", link_names=True, blocks=[section("<!here>")])
    assert [each.whom for each in rig.slack.rang][1:] == [rig.bo.id, "here"]
