"""Serves attachments at their signed addresses, until these end."""

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from .server import FakeDiscord

GONE = "This content is no longer available."


class Files:
    def __init__(self, discord: "FakeDiscord") -> None:
        self.discord = discord

    async def download(self, request: web.Request) -> web.Response:
        found = self.discord.files.get(request.match_info["file"])
        try:
            ends = int(request.query["ex"], 16)
        except (KeyError, ValueError):
            return web.Response(status=404, text=GONE)
        if found is None or ends < self.discord.clock.now():
            return web.Response(status=404, text=GONE)
        _, kind, content = found
        return web.Response(body=content, content_type=kind)
