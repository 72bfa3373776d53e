"""A stand-in chat platform over HTTP: it keeps state, and goes wrong on purpose, by a plan.

    python -m adapters.rehearsal.remote --port 0 --seed 7 --faults 0.15 --log spoken.jsonl

Programs use `/messages` and `/events`, which meet the faults; people use the rest, which never does. Every change is
appended to the log, which is what tests believe, rather than the program under test.
"""

import argparse
import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from adapters.rehearsal.faults import Fault, FaultPlan
from adapters.rehearsal.rooms import Missing, Rooms, Shut
from adapters.rehearsal.wire import Aside, Edit, Event, Happening, NewMessage

EVENTS_AT_ONCE: Final = 20
WAIT_SECONDS_MAX: Final = 30.0
Apply = Callable[[], Response]


class Remote:
    """The server's rooms behind its faults. `rate` is how many messages a second one channel takes; 0: any number.

    What was applied goes to `log`, or without one to `lines`.
    """

    def __init__(self, *, plan: FaultPlan | None = None, rate: float = 0.0, log: Path | None = None) -> None:
        self.plan = plan or FaultPlan()
        self.rooms = Rooms(self._write)
        self._rate = rate
        self._log = log.open("a", encoding="utf-8", buffering=1) if log else None
        self.lines: list[dict[str, object]] = []
        self._late: list[tuple[float, Apply]] = []
        self._free_at: dict[str, float] = {}

    def _write(self, line: dict[str, object]) -> None:
        line = {"at": now_ms(), **line}
        if self._log is None:
            self.lines.append(line)
        else:
            self._log.write(json.dumps(line, ensure_ascii=False) + "\n")

    async def serve(self, request: Request, what: str, apply: Apply, channel: str | None = None) -> Response:
        """One request of a program, through the plan of faults. `what` names it for the plan."""
        self.catch_up()
        if self._too_old(request):
            return troubled(503, "came-too-late")
        if (wait := self._wait(channel)) > 0:
            return busy(wait)
        fault, hard = self.plan.next(what)
        match fault:
            case None:
                return answered(apply)
            case Fault.BUSY:
                least, most = self.plan.busy_ms
                return busy((least + hard * (most - least)) / 1000)
            case Fault.FAILS:
                return troubled(503, "overloaded")
            case Fault.FAILS_AFTER:
                answered(apply)
                return troubled(503, "overloaded")
            case Fault.HANGS:
                return await self._hang()
            case Fault.HANGS_AFTER:
                answered(apply)
                return await self._hang()
            case Fault.CUTS_AFTER:
                return cut_off(answered(apply))
            case Fault.LATE:
                self._apply_later(request, apply, hard)
                return troubled(503, "overloaded")

    def catch_up(self) -> None:
        """Applies what was put off until now. Called before every request, so that a slow machine keeps the order."""
        ready = [apply for at, apply in self._late if at <= now_ms()]
        self._late = [each for each in self._late if each[0] > now_ms()]
        for apply in ready:
            answered(apply)

    def _too_old(self, request: Request) -> bool:
        """Keeps the plan's promise that a request is applied within `late_ms` of being sent, or never."""
        return self.plan.share > 0 and now_ms() - sent_at(request) > self.plan.late_ms

    def _apply_later(self, request: Request, apply: Apply, hard: float) -> None:
        left = max(0.0, sent_at(request) + self.plan.late_ms - now_ms())
        self._late.append((now_ms() + left * hard, apply))
        asyncio.get_running_loop().call_later(left * hard / 1000 + 0.001, self.catch_up)

    async def _hang(self) -> Response:
        await asyncio.sleep(self.plan.hang_ms / 1000)
        return troubled(504, "timeout")

    def _wait(self, channel: str | None) -> float:
        """Seconds until the channel takes another message; takes its turn when that is now."""
        if channel is None or not self._rate:
            return 0.0
        wait = self._free_at.get(channel, 0.0) - time.monotonic()
        if wait > 0:
            return wait
        self._free_at[channel] = time.monotonic() + 1 / self._rate
        return 0.0

    async def events(self, wait_seconds: float) -> list[Event]:
        """Unacknowledged events, waiting for one; under faults some are repeated or change places."""
        if not self.rooms.waiting():
            self.rooms.arrived.clear()
            try:
                await asyncio.wait_for(self.rooms.arrived.wait(), min(wait_seconds, WAIT_SECONDS_MAX))
            except TimeoutError:
                return []
        events = self.rooms.waiting()[:EVENTS_AT_ONCE]
        chance = self.plan.chance("events")
        if chance.random() < self.plan.share:
            events.append(chance.choice(events))
        if chance.random() < self.plan.share:
            chance.shuffle(events)
        return events


def remote_app(remote: Remote) -> FastAPI:
    app = FastAPI(title="Rehearsal", docs_url=None, redoc_url=None)
    _for_programs(app, remote)
    _for_people(app, remote)
    _for_moderators(app, remote)

    @app.exception_handler(Missing)
    async def missing(_: Request, trouble: Exception) -> Response:
        return answered_with(trouble)

    return app


def _for_programs(app: FastAPI, remote: Remote) -> None:
    rooms = remote.rooms

    @app.post("/messages")
    async def post(request: Request, new: NewMessage) -> Response:
        def apply() -> Response:
            return JSONResponse(rooms.post(new).model_dump(mode="json"))

        return await remote.serve(request, f"post {new.tag.key}", apply, new.channel)

    @app.put("/messages/{message}")
    async def edit(request: Request, message: str, edit: Edit) -> Response:
        def apply() -> Response:
            return JSONResponse(rooms.edit(message, edit).model_dump(mode="json"))

        return await remote.serve(request, f"edit {edit.tag.key}", apply)

    @app.delete("/messages/{message}")
    async def remove(request: Request, message: str) -> Response:
        def apply() -> Response:
            rooms.remove(message)
            return Response(status_code=204)

        return await remote.serve(request, f"remove {message}", apply)

    @app.get("/messages")
    async def find(request: Request, channel: str, key: str) -> Response:
        def apply() -> Response:
            return JSONResponse([each.model_dump(mode="json") for each in rooms.found(channel, key)])

        return await remote.serve(request, f"find {key}", apply)

    @app.get("/events")
    async def events(request: Request, wait: float = 20.0) -> Response:
        found = await remote.events(wait)
        return JSONResponse([each.model_dump(mode="json") for each in found])

    @app.post("/events/{event}/ack")
    async def acknowledge(request: Request, event: str, aside: Aside) -> Response:
        def apply() -> Response:
            rooms.acknowledge(event, aside if aside.bubble or aside.form else None)
            return Response(status_code=204)

        return await remote.serve(request, f"ack {event}", apply)


def _for_people(app: FastAPI, remote: Remote) -> None:
    rooms = remote.rooms

    @app.get("/screen")
    async def screen(channel: str, after: int = 0) -> Response:
        """What is new or changed since `turn` was `after`; `gone` are ids of messages removed since then."""
        shown, gone = rooms.changes(channel, after)
        messages = [each.model_dump(mode="json") for each in shown]
        return JSONResponse({"turn": rooms.turn, "messages": messages, "gone": gone})

    @app.post("/people/{person}/press")
    async def press(person: str, where: str, value: str, name: str = "") -> Event:
        return rooms.pressed(person, name, where, value)

    @app.post("/people/{person}/say")
    async def say(person: str, what: Happening, under: str | None = None) -> Event:
        """Type, submit, ask or reply; `under` is the message that it is said under, or replied to."""
        shown = rooms.message(under) if under else None
        update: dict[str, object] = {"person": person}
        if shown is not None:
            update |= {"tag": shown.tag, "channel": shown.channel}
        return rooms.happen(what.model_copy(update=update))

    @app.get("/people/{person}/asides")
    async def asides(person: str, after: int = 0) -> Response:
        return JSONResponse([each.model_dump(mode="json") for each in rooms.asides(person, after)])


def _for_moderators(app: FastAPI, remote: Remote) -> None:
    rooms = remote.rooms

    @app.delete("/channels/{channel}")
    async def close(channel: str) -> Response:
        rooms.close(channel)
        return Response(status_code=204)

    @app.post("/channels/{channel}/shut")
    async def shut(channel: str, shut: bool = True) -> Response:
        rooms.shut(channel, shut)
        return Response(status_code=204)

    @app.delete("/threads/{message}")
    async def remove(message: str) -> Response:
        rooms.remove(message)
        return Response(status_code=204)

    @app.post("/calm")
    async def calm() -> Response:
        """No faults from now on."""
        remote.plan.share = 0.0
        return Response(status_code=204)


# Answers


def answered(apply: Apply) -> Response:
    try:
        return apply()
    except (Missing, Shut) as trouble:
        return answered_with(trouble)


def answered_with(trouble: Exception) -> Response:
    if isinstance(trouble, Missing):
        return troubled(404, f"no-{trouble.what}")
    return troubled(403, "shut")


def troubled(status: int, error: str) -> Response:
    return JSONResponse({"error": error}, status_code=status)


def busy(wait_seconds: float) -> Response:
    return JSONResponse({"error": "busy"}, status_code=429, headers={"Retry-After": f"{max(wait_seconds, 0.001):.3f}"})


def cut_off(response: Response) -> Response:
    """Promises more than it sends, so that the server closes the connection in the middle."""

    async def half() -> AsyncIterator[bytes]:
        yield bytes(response.body)[: len(response.body) // 2]

    length = len(response.body) + 100
    return StreamingResponse(half(), headers={"Content-Length": str(length)}, media_type="application/json")


def sent_at(request: Request) -> float:
    """When the client sent it, as it says itself; milliseconds."""
    said = request.headers.get("x-sent-at", "")
    return float(said) if said.isdecimal() else now_ms()


def now_ms() -> float:
    return time.time() * 1000


# Running


@asynccontextmanager
async def running(remote: Remote, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serves while inside, and gives the address."""
    listener = socket.create_server((host, port))
    config = uvicorn.Config(
        remote_app(remote), log_level="critical", access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        remote.rooms.arrived.set()  # whoever waits for news need not keep the server waiting
        await serving


async def run(options: argparse.Namespace) -> None:
    plan = FaultPlan(share=options.faults, seed=options.seed, late_ms=options.late_ms, hang_ms=options.hang_ms)
    remote = Remote(plan=plan, rate=options.rate, log=options.log)
    async with running(remote, options.host, options.port) as address:
        print(address, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m adapters.rehearsal.remote", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port; the address is printed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--faults", type=float, default=0.0, help="share of requests that go wrong, 0 to 1")
    parser.add_argument("--late-ms", type=int, default=150, help="a request may be applied this late")
    parser.add_argument("--hang-ms", type=int, default=2_000, help="how long a hanging request hangs")
    parser.add_argument("--rate", type=float, default=0.0, help="messages a second per channel; 0: any number")
    parser.add_argument("--log", type=Path, help="JSON lines of everything that was applied")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
