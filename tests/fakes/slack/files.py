"""files.*: the upload in three steps, and the addresses where files lie (docs.slack.dev/reference/methods/files.*)."""

import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from . import posting
from .calls import Call, Refused, invalid_arguments, method
from .chat import bot_message, problems, with_ids, writable
from .state import Channel, File, Json

if TYPE_CHECKING:
    from .server import FakeSlack
    from .workspace import Workspace


def new_file(workspace: "Workspace", name: str, length: int, user: str, content: bytes | None = None) -> File:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(
        id=workspace.slack.mint("F"),
        name=name,
        length=length,
        user=user,
        team_id=workspace.team_id,
        mimetype=kind,
        base_url=workspace.slack.url,
        content=content,
        done=content is not None,
    )
    workspace.files[file.id] = file
    return file


@method("files.getUploadURLExternal", "filename length alt_txt snippet_type", scope="files:write")
def get_upload_url(call: Call) -> Json:
    name, length = call.needed("filename"), call.number("length", 0)
    if length <= 0:
        raise invalid_arguments("missing required field: length")
    if length > 1_000_000_000:
        raise Refused("file_upload_size_restricted")
    file = new_file(call.workspace, name, length, call.workspace.bot_user_id)
    return {"upload_url": f"{call.slack.url}/upload/v1/{file.id}", "file_id": file.id}


@method(
    "files.completeUploadExternal",
    "files channel_id channels thread_ts initial_comment blocks highlight_type",
    scope="files:write",
)
def complete_upload(call: Call) -> Json:
    uploads: Any = call.structure("files")
    if not isinstance(uploads, list) or not uploads:
        raise invalid_arguments("missing required field: files")
    found = [uploaded(call, each) for each in uploads]
    channels = [call.text("channel_id")] if call.text("channel_id") else call.text("channels").split(",")
    places = [place_of(call, each) for each in channels if each]
    root = call.text("thread_ts")
    if root and any(root not in channel.messages for channel in places):
        raise Refused("thread_not_found")
    blocks = call.structure("blocks") or []
    if blocks and problems(blocks):
        raise Refused("invalid_blocks")
    content = {"text": call.text("initial_comment"), "blocks": with_ids(call, blocks)}
    for file in found:
        file.done = True
    for channel in places:
        call.slack.spawn(share(call, channel, found, content, root))
    return {"files": [file.payload() for file in found]}


def uploaded(call: Call, upload: Any) -> File:
    file = call.workspace.files.get(upload.get("id", "")) if isinstance(upload, dict) else None
    if file is None or file.deleted or file.content is None:
        raise Refused("file_not_found")
    if file.done:
        raise Refused("file_already_completed")
    file.title = str(upload.get("title") or file.name)
    return file


def place_of(call: Call, channel_id: str) -> Channel:
    channel = call.workspace.channels.get(channel_id)
    bot = call.workspace.bot_user_id
    if channel is None or (channel.kind != "channel" and bot not in channel.members):
        raise Refused("channel_not_found")
    writable(call, channel)
    if bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


async def share(call: Call, channel: Channel, found: list[File], content: Json, root: str) -> None:
    """The message appears after the answer; its ts comes with the event and with files.info."""
    with call.slack.busy():
        await call.slack.clock.sleep(call.slack.file_share_s)
        message = bot_message(call, content, thread_ts=root)
        message.subtype = "file_share"
        message.files = [file.payload(check_info=channel.shared) for file in found]
        for file in found:
            file.shares.append((channel.id, message.ts, root))
            file.channels.append(channel.id)
        posting.say(call.workspace, channel, message, what="shares")


def known(call: Call) -> File:
    file = call.workspace.files.get(call.needed("file"))
    if file is None or not file.done:
        raise Refused("file_not_found")
    if file.deleted:
        raise Refused("file_deleted")
    if not may_see(call.workspace, file):
        raise Refused("file_not_found")
    return file


def may_see(workspace: "Workspace", file: File) -> bool:
    """Own files, and those shared where the bot is."""
    bot = workspace.bot_user_id
    return file.user == bot or any(bot in workspace.channels[key].members for key in file.channels)


@method("files.info", "file cursor limit page count", scope="files:read", reading=True)
def about(call: Call) -> Json:
    file = known(call)
    shares: Json = {}
    for channel_id, ts, thread_ts in file.shares:
        kind = "public" if call.workspace.channels[channel_id].kind == "channel" else "private"
        share = {"ts": ts} | ({"thread_ts": thread_ts} if thread_ts else {})
        shares.setdefault(kind, {}).setdefault(channel_id, []).append(share)
    return {"file": file.payload() | {"shares": shares, "channels": list(file.channels)}, "comments": []}


@method("files.delete", "file", scope="files:write")
def delete(call: Call) -> Json:
    file = known(call)
    if file.user != call.workspace.bot_user_id:
        raise Refused("cant_delete_file")
    file.deleted, file.content = True, None
    for channel in call.workspace.channels.values():
        for message in channel.messages.values():
            for shown in message.files:
                if shown["id"] == file.id:
                    shown.clear()
                    shown.update({"id": file.id, "mode": "tombstone"})
    return {}


@dataclass(slots=True)
class Hosting:
    """files.slack.com."""

    slack: "FakeSlack"

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes as they are, or as a form; the length must be the one that was told."""
        file = self._file(request.match_info["file"])
        if file is None or file.done:
            return web.Response(status=404, text="Not found")
        if request.content_type == "multipart/form-data":
            form = await request.post()
            parts = [part.file.read() for part in form.values() if isinstance(part, web.FileField)]
            content = parts[0] if parts else b""
        else:
            content = await request.read()
        if len(content) != file.length:
            self.slack.complain(f"upload of {len(content)} bytes, {file.length} were told")
            return web.Response(status=400, text="length mismatch")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        """Without a bot's token that may see it, Slack sends to its login page with a 302."""
        team_id, _, file_id = request.match_info["file"].partition("-")
        workspace = self.slack.workspaces.get(team_id)
        file = workspace.files.get(file_id) if workspace else None
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        right = workspace and token == workspace.bot_token and not workspace.token_trouble
        if not right or workspace is None or "files:read" not in workspace.scopes:
            return web.Response(status=302, headers={"Location": f"{self.slack.url}/login?redir={request.path}"})
        if file is None or file.content is None or not may_see(workspace, file):
            return web.Response(status=404, text="not found")
        return web.Response(body=file.content, content_type=file.mimetype)

    def _file(self, file_id: str) -> File | None:
        return next((each.files[file_id] for each in self.slack.workspaces.values() if file_id in each.files), None)


async def login_page(request: web.Request) -> web.Response:
    return web.Response(text="<!DOCTYPE html><html><body>Sign in to Slack</body></html>", content_type="text/html")
