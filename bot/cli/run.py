"""`guildhall run`: the whole product in one process, with nothing configured or with everything."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.house import House, config_of, database_path, open_house
from bot.cli.people import member, web_address
from bot.cli.talking import say, warn
from bot.commands import Appoint, Enrol
from bot.config import Config
from bot.model import Rank, StaffRole

if TYPE_CHECKING:
    from adapters.web import Web

FIRST_EXPERT, FIRST_STAFF = "Robin", "Sam"


def run(
    ctx: typer.Context,
    demo: Annotated[bool, typer.Option("--demo", help="Load a made-up company first; its people live on.")] = False,
    console: Annotated[bool, typer.Option("--console", help="Take part from this terminal as well.")] = False,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Listen on this port; 0 takes a free one.")] = None,
    host: Annotated[str | None, typer.Option(help="Listen on this address; 0.0.0.0 means every network.")] = None,
) -> None:
    """Run Guildhall; Ctrl-C stops it.

    It serves the customer pages, the REST API and the workspace, delivers posts and keeps time.
    """
    from bot.cli.demo import demo_config

    config = _listening_at(config_of(ctx), host, port)
    asyncio.run(_run(demo_config(config) if demo else config, demo=demo, console=console))


async def _run(config: Config, *, demo: bool, console: bool) -> None:
    from bot.cli.compose import LoggedApp, compose, keep_running
    from bot.cli.logs import start_logs

    async with open_house(config, create=True, exclusive=True, door=LoggedApp) as house:
        beside = []
        if demo:
            from bot.cli.living import Living

            if await _loaded(house):
                beside.append(Living(house.app, house.store).run)
        await _first_people(house)
        start_logs(config.log)
        expert = await _somebody(house)
        program = await compose(house, console=console)
        await keep_running(program, started=lambda: _welcome(house, program.web, expert), beside=beside)


def _listening_at(config: Config, host: str | None, port: int | None) -> Config:
    web = config.web.model_copy(
        update={name: value for name, value in (("host", host), ("port", port)) if value is not None}
    )
    return config.model_copy(update={"web": web})


async def _loaded(house: House) -> bool:
    """Whether the demo is in this database; it is not put among somebody's own questions."""
    from bot.cli.demo import load_demo
    from bot.cli.talking import Mistake

    try:
        await load_demo(house)
    except Mistake as mistake:
        warn(f"The demo was left out. {mistake}")
        return False
    return True


async def _first_people(house: House) -> None:
    """On one's own machine there is somebody to play from the first minute; elsewhere `init` asks who you are."""
    anybody = await house.views.people(staff=True) or await house.views.people(experts=True)
    if anybody or house.config.web.public_url:
        return
    sam = await member(house, FIRST_STAFF, as_staff=True)
    await house.do(Appoint(person=sam, role=StaffRole.ADMIN))
    robin = await member(house, FIRST_EXPERT)
    await house.do(Enrol(person=robin, rank=Rank.JOURNEYMAN))


async def _somebody(house: House) -> str:
    """An expert who may do the most, to be played by a newcomer."""
    people = [(each.name, each.expert) for each in await house.views.people(experts=True) if each.expert]
    best = max(people, key=lambda each: (each[1].rank.height, not each[1].categories), default=None)
    return best[0] if best else "guildhall expert add NAME makes one"


def _welcome(house: House, web: "Web", expert: str) -> None:
    """What to open and what to try. `web` knows the real port; `expert` is somebody to be."""
    config = _listening_at(house.config, None, web.port)
    address = web_address(config)
    say(f"{config.company.name}'s Guildhall is running.", style="bold")
    say(f"  Customer page  {address}/")
    say(f"  Workspace      {address}/workspace")
    if not web.settings.local:
        say("Staff and experts sign in by a link: guildhall staff link NAME, guildhall expert link NAME.")
        if not config.web.public_url:
            say("Others can reach this machine. Set [web] public_url to the address they use: links are made of it.")
    else:
        for number, line in enumerate(TO_TRY, start=1):
            say(f"  {number}. {line.format(expert=expert)}")
    say(f"Everything is kept in {database_path(config)}. Ctrl-C stops it.")


TO_TRY = (
    "Ask something on the customer page.",
    "Open the workspace in a second tab and be an expert ({expert}): your question is a card there.",
    "Press Claim, then Answer, and write the customer an answer.",
    "You have 20 seconds to press Undo. Answer again and let it go.",
    "Say on the customer page that it helped.",
    "Look at the expert's desk: 70 % of the bounty is pending. Then be staff, and open the staff channel.",
)
