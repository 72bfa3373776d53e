"""`guildhall demo`: Fernwood with the ten days behind it, so that a newcomer finds a house that is lived in."""

from collections import Counter

import typer

from bot.cli import fernwood
from bot.cli.fernwood.ten_days import Past
from bot.cli.house import COMPANY, House, config_of, run_house, setting
from bot.cli.money import audited, clean_text
from bot.cli.talking import Mistake, fail, progress, say, warn
from bot.config import Company, Config
from bot.model import State
from bot.ports import Work

BEGUN = "demo/begun"  # when it was loaded first, so that loading it again lives the same moments
LOADED = "demo/loaded"


def demo(ctx: typer.Context) -> None:
    """Load a made-up company to look around in.

    It has eight experts, two members of staff and some forty questions in every state. Safe to repeat.
    """

    async def doing(house: House) -> None:
        await load_demo(house)
        findings, transfers, units = await audited(house)
        for finding in findings:
            warn(finding.sentence)
        if findings:
            fail("The books are not right. Please keep this database and report what it says here.")
        counts = await counted(house)
        say(
            f"{fernwood.COMPANY} is here: {sum(counts.values())} questions, of them "
            f"{', '.join(f'{counts[state]} {state}' for state in State if counts[state])}."
        )
        say(f"Its books are {clean_text(transfers, units)}.")
        say("`guildhall run` shows it; with `guildhall run --demo` its people also live on.")

    run_house(demo_config(config_of(ctx)), doing, create=True, exclusive=True)


def demo_config(config: Config) -> Config:
    """The same settings with Fernwood's categories, and with its name when no other is set."""
    name = fernwood.COMPANY if config.company == Company() else config.company.name
    company = config.company.model_copy(update={"name": name})
    return config.model_copy(update={"category": fernwood.categories(), "company": company})


async def load_demo(house: House) -> None:
    """Bring the people and live the stories, once. Raises Mistake in a database that has questions of its own."""
    if await setting(house, LOADED):
        return
    begun = await setting(house, BEGUN)
    if begun is None and (await house.views.questions(limit=1)).rows:
        raise Mistake(
            "This database has questions of its own, and the demo would stand among them. Give it a database of its "
            "own: GUILDHALL_DATABASE__URL=demo.db guildhall run --demo"
        )
    moment = int(begun or house.app.now())

    def begin(work: Work) -> None:
        work.set_setting(BEGUN, str(moment))
        work.set_setting(COMPANY, house.config.company.name)

    await house.store.run(begin)
    past = await Past.of(house, moment)
    await past.bring_people()
    with progress(f"{fernwood.COMPANY} lives ten days", past.length) as steps:
        await past.live(steps.advance)
    if past.refused:
        warn(f"{len(past.refused)} steps were refused under this policy: {', '.join(past.refused)}.")
    await house.store.run(lambda work: work.set_setting(LOADED, str(house.app.now())))


async def counted(house: House) -> Counter[State]:
    """How many questions there are in each state."""
    found: Counter[State] = Counter()
    after: str | None = None
    while True:
        page = await house.views.questions(after=after, limit=500)
        found.update(question.state for question in page.rows)
        if (after := page.after) is None:
            return found
