"""Puts the running program together, and takes it apart again in an order that loses nothing."""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from adapters.web import Web, WebSettings
from bot.app import App
from bot.change import Receipt
from bot.cli.discord import adapter_settings, token_trouble
from bot.cli.house import House, secret_of
from bot.cli.logs import log, log_change
from bot.cli.talking import Mistake
from bot.clock import Clock
from bot.config import Config
from bot.courier import Courier
from bot.ports import Adapter, Envelope, Work

if TYPE_CHECKING:
    from adapters.slack import Slack

STOP_SECONDS: Final = 9.0  # ten are promised, and the database wants to be closed
IMPATIENT_SECONDS: Final = 1.0  # some shells send the same signal twice
OTHERS_SECONDS: Final = 2.0
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class LoggedApp(App):
    """The App with a line of log for each change."""

    def apply(self, work: Work, envelope: Envelope) -> Receipt:
        receipt = super().apply(work, envelope)
        work.after_commit(lambda: log_change(receipt))
        return receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Everything that runs."""

    house: House
    web: Web
    courier: Courier
    clock: Clock
    adapters: Sequence[Adapter]


async def compose(house: House, *, console: bool = False) -> Program:
    """The program for this house. Adapters are imported only when they are wanted."""
    app, config = house.app, house.config
    slack, discord = slack_of(house), discord_of(house)
    web = await web_of(house, slack)
    adapters: list[Adapter] = [web, *(each for each in (slack, discord) if each is not None)]
    if console:
        from adapters.console import Console, typed

        adapters.append(Console(typed(), print))
    if config.rehearsal.url:
        from adapters.rehearsal.adapter import Rehearsal

        adapters.append(Rehearsal(config.rehearsal.url))
    courier = Courier(
        store=house.store,
        views=house.views,
        adapters={each.name: each for each in adapters},
        render=app.render,
        apply=app.apply,
        now=app.now,
        policy=app.policy,
    )
    clock = Clock(store=house.store, views=house.views, handle=app.handle, now=app.now, policy=app.policy)
    app.effects.wanted.append(courier.nudge)
    app.effects.due.append(clock.nudge)
    app.effects.changed.append(web.question_changed)
    return Program(house=house, web=web, courier=courier, clock=clock, adapters=adapters)


async def keep_running(
    program: Program, *, started: Callable[[], None], beside: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()
) -> None:
    """Run until a signal says stop. `started` is called once pages are served; `beside` runs with it from then on.

    Raises Mistake when the address cannot be listened on, and whatever ended a part that should never end.
    """
    stop = asyncio.Event()
    parts: dict[str, asyncio.Task[None]] = {}

    def start(name: str, part: Coroutine[Any, Any, None]) -> None:
        parts[name] = asyncio.create_task(part, name=name)
        parts[name].add_done_callback(lambda task: stop.set() if not task.cancelled() and task.exception() else None)

    with _stopping_on_signals(stop):
        hear = program.house.app.hear
        start("web", program.web.run(hear))
        await _either(program.web.serving, stop)
        if not stop.is_set():
            start("courier", program.courier.run())
            start("clock", program.clock.run())
            start("beside others", _watch_others(program))
            for adapter in program.adapters:
                if adapter is not program.web:
                    start(adapter.name, adapter.run(hear))
            for number, part in enumerate(beside):
                start(f"beside {number}", part())
            started()
            await stop.wait()
        log.info("stopping")
        await _stop(parts)
    for task in parts.values():
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise _address_trouble(error, program.house.config) or error
    log.info("stopped")


async def _watch_others(program: Program) -> None:
    """Commands and imports are programs of their own on the same database: what they want shown is looked for."""
    while True:
        await asyncio.sleep(OTHERS_SECONDS)
        program.courier.nudge(await program.house.views.pending_recipients())


async def _stop(parts: dict[str, asyncio.Task[None]]) -> None:
    """Who makes work stops first, then who delivers it, then who listens: what is under way can still be finished."""
    deadline = asyncio.get_running_loop().time() + STOP_SECONDS
    listening = [name for name in parts if name not in ("courier", "clock") and not name.startswith("beside")]
    for names in ([name for name in parts if name.startswith("beside")], ["clock", "courier"], listening):
        tasks = [parts[name] for name in names if name in parts]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=max(0.1, deadline - asyncio.get_running_loop().time()))


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    """Until one of the two is set."""
    waiting = [asyncio.create_task(each.wait()) for each in (one, other)]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


@contextmanager
def _stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM stops in order; one a while later ends the program at once, which loses nothing."""
    loop = asyncio.get_running_loop()
    first: list[float] = []

    def asked(number: int) -> None:
        if first and loop.time() - first[0] > IMPATIENT_SECONDS:
            os._exit(128 + number)
        first.append(loop.time())
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows, where Ctrl-C cancels the main task instead
            loop.add_signal_handler(number, asked, number)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)


def _address_trouble(error: BaseException, config: Config) -> Mistake | None:
    """What to do when the web's address cannot be listened on."""
    host, port = config.web.host, config.web.port
    match error:
        case OSError(errno=errno.EADDRINUSE):
            return Mistake(
                f"Port {port} on {host} is in use by another program. Stop that one, or take another port: "
                f"guildhall run --port {port + 1}"
            )
        case OSError(errno=errno.EACCES):
            return Mistake(f"This user may not listen on port {port}. Take one above 1023: guildhall run --port 8080")
        case OSError(errno=errno.EADDRNOTAVAIL | socket.EAI_NONAME) | socket.gaierror():
            return Mistake(f"This machine has no address {host}. Try: guildhall run --host 127.0.0.1")
    return None


def slack_of(house: House) -> "Slack | None":
    """Slack, when the settings name a workspace. Raises Mistake when one of them lacks a secret."""
    workspaces = house.config.slack_workspaces()
    if not workspaces:
        return None
    for each in workspaces:
        if each.missing:
            wanted = ", ".join(each.variable(secret) for secret in each.missing)
            raise Mistake(f"Slack ({each.name}) cannot start: set {wanted}. `guildhall doctor slack` says where it is.")
    from adapters.slack import Slack, SlackWorkspace

    app, names = house.app, [each.name for each in fields(SlackWorkspace)]
    return Slack(
        [SlackWorkspace(**{name: getattr(each, name) for name in names}) for each in workspaces],
        views=house.views,
        desk=app.desk,
        render=app.render,
        now=app.now,
        file_bytes_max=app.policy.file_bytes_max,
    )


def discord_of(house: House) -> Adapter | None:
    """Discord, when the settings name a server. Raises Mistake when its token or its servers are missing."""
    bot = house.config.discord_bot()
    if trouble := token_trouble(bot):
        raise Mistake(trouble)
    if not bot.servers:
        return None
    from adapters.discord.adapter import Discord

    app = house.app
    return Discord(
        adapter_settings(bot),
        views=house.views,
        desk=app.desk,
        render=app.render,
        now=app.now,
        file_bytes_max=app.policy.file_bytes_max,
        policy=app.policy,
    )


async def web_of(house: House, slack: "Slack | None" = None) -> Web:
    app, config = house.app, house.config
    settings = WebSettings(
        company=config.company.name,
        secret=await secret_of(house),
        host=config.web.host,
        port=config.web.port,
        public_url=config.web.public_url,
        local=not config.web.public_url and config.web.host in LOOPBACK,
    )
    from adapters.web.workspace import mount

    return Web(
        hear=app.hear,
        desk=app.desk,
        handle=app.handle,
        store=house.store,
        views=house.views,
        render=app.render,
        policy=app.policy,
        settings=settings,
        now=app.now,
        mounts=[mount, *(slack.mounts if slack is not None else ())],
    )
