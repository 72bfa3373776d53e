"""response_url: answers to a press or a command, five of them within thirty minutes.

docs.slack.dev/interactivity/handling-user-interaction
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aiohttp import web

from . import posting
from .calls import Call, Refused, arguments
from .chat import bot_message, content_of
from .state import Json, Message, ResponseUrl

if TYPE_CHECKING:
    from .server import FakeSlack
    from .workspace import Workspace

MOST_USES: Final = 5
LIVES_S: Final = 30 * 60.0
TAKES: Final = frozenset(
    [
        "text",
        "blocks",
        "attachments",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "mrkdwn",
        "metadata",
        "unfurl_links",
        "unfurl_media",
        "link_names",
        "parse",
    ]
)


def new_url(
    workspace: "Workspace",
    user: str,
    channel: str,
    *,
    message_ts: str = "",
    thread_ts: str = "",
    ephemeral: bool = False,
) -> str:
    key = workspace.slack.mint("response")
    workspace.response_urls[key] = ResponseUrl(
        key=key,
        user=user,
        channel=channel,
        born=workspace.slack.clock.now(),
        message_ts=message_ts,
        thread_ts=thread_ts,
        ephemeral=ephemeral,
    )
    return f"{workspace.slack.url}/response/{key}"


@dataclass(slots=True)
class Responses:
    slack: "FakeSlack"

    async def serve(self, request: web.Request) -> web.Response:
        args = await arguments(request)
        key = request.match_info["key"]
        workspace = next((each for each in self.slack.workspaces.values() if key in each.response_urls), None)
        if workspace is None:
            return web.json_response({"ok": False, "error": "invalid_url"}, status=404)
        url = workspace.response_urls[key]
        if self.slack.clock.now() - url.born > LIVES_S:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if url.uses >= MOST_USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        url.uses += 1
        for unknown in sorted(set(args) - TAKES):
            self.slack.complain(f"response_url: unknown argument {unknown}")
        try:
            respond(Call(self.slack, workspace, "response_url", args), url)
        except Refused as refused:
            return web.json_response(refused.body, status=400)
        return web.Response(text="ok")


def respond(call: Call, url: ResponseUrl) -> None:
    """Replace or delete the message that was pressed, or say something new."""
    channel = call.workspace.channels[url.channel]
    shown = ephemeral_of(call, url) if url.ephemeral else channel.messages.get(url.message_ts)
    if call.flag("delete_original"):
        take_away(call, url, shown)
    elif call.flag("replace_original") and shown is not None:
        content = content_of(call, most=40_000)
        if url.ephemeral:
            shown.text, shown.blocks = content["text"], content["blocks"]
            posting.log(call.workspace, "ephemeral changes", channel, shown)
        else:
            posting.change(call.workspace, channel, shown, content, by=call.workspace.bot_user_id, what="updates")
    else:
        say_new(call, url, content_of(call, most=40_000))


def say_new(call: Call, url: ResponseUrl, content: Json) -> None:
    channel = call.workspace.channels[url.channel]
    message = bot_message(call, content, thread_ts=call.text("thread_ts"))
    if call.text("response_type", "ephemeral") == "in_channel":
        flags = {"unfurl_links": call.flag("unfurl_links"), "unfurl_media": call.flag("unfurl_media")}
        posting.say(call.workspace, channel, message, flags=flags, what="posts")
        return
    message.ephemeral_for = url.user
    posting.show_to_one(call.workspace, channel, message)


def ephemeral_of(call: Call, url: ResponseUrl) -> Message | None:
    for person in call.workspace.people.values():
        if person.id == url.user:
            return next((each for each in person.ephemerals if each.ts == url.message_ts), None)
    return None


def take_away(call: Call, url: ResponseUrl, shown: Message | None) -> None:
    if shown is None:
        return
    channel = call.workspace.channels[url.channel]
    if not url.ephemeral:
        posting.delete(call.workspace, channel, shown, by="app")
        return
    for person in call.workspace.people.values():
        if shown in person.ephemerals:
            person.ephemerals.remove(shown)
            posting.log(call.workspace, "ephemeral deleted", channel, shown)
