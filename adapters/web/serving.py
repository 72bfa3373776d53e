"""Listens on the configured address inside a program that already has an event loop and its own signals."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

from adapters.web.settings import WebSettings

_GRACE_SECONDS: Final = 3


async def serve(
    app: FastAPI, settings: WebSettings, started: Callable[[int], None], stopping: Callable[[], None]
) -> None:
    """Serve until cancelled. `started` is called with the port once requests are answered, `stopping` before the end
    is waited for, so that pages which stay open for ever can let go.

    Raises OSError when the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.create_server((settings.host, settings.port), family=family, backlog=1024) as listener:
        server = _Server(_config(app, settings), lambda: started(listener.getsockname()[1]))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            stopping()
            server.should_exit = True
            await serving
            raise


def _config(app: FastAPI, settings: WebSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.public_url),
        timeout_graceful_shutdown=_GRACE_SECONDS,
        lifespan="on",
    )


class _Server(uvicorn.Server):
    """uvicorn, but signals stay with the program around it."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._tell()
