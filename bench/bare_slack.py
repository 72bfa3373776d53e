"""The bots that the Slack adapter is measured against: slack-bolt as it is, with one listener, which stores nothing.

`python -m bench.bare_slack socket|http answer|acknowledge API_URL` runs until it is asked to stop. One of them says in
the channel that the button was pressed, with one call of the Web API, before it acknowledges; the other one only
acknowledges, so that nobody sees anything, and is quicker than any bot that is of use.
"""

import asyncio
import re
import signal
import sys
from typing import Any, Final

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

BOT_TOKEN: Final = "xoxb-bare"
SIGNING_SECRET: Final = "what-slack-and-the-app-both-know"


async def run(mode: str, does: str, api_url: str) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=api_url, session=session)
        app = AsyncApp(client=client, signing_secret=SIGNING_SECRET, process_before_response=True)

        async def acknowledge(ack: AsyncAck) -> None:
            await ack()

        async def answer(ack: AsyncAck, body: dict[str, Any]) -> None:
            said = f"<@{body['user']['id']}> has it."
            await client.chat_postMessage(channel=body["channel"]["id"], thread_ts=body["message"]["ts"], text=said)
            await ack()

        app.action(re.compile("say:.*"))(answer if does == "answer" else acknowledge)
        await (_on_socket(app, app_token(does)) if mode == "socket" else _on_http(app))


def app_token(does: str) -> str:
    return f"xapp-{does}"


async def _on_socket(app: AsyncApp, token: str) -> None:
    connection = AsyncSocketModeHandler(app, token)
    await connection.connect_async()  # type: ignore[no-untyped-call]
    await _told_to_stop()
    await connection.close_async()  # type: ignore[no-untyped-call]


async def _on_http(app: AsyncApp) -> None:
    """Bolt's own aiohttp application, as `AsyncApp.start` would serve it, but on a free port."""
    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", flush=True)
    await _told_to_stop()
    await runner.cleanup()


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
