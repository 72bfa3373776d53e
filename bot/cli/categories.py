"""Categories from the command line: make, show, open, close and change them."""

from typing import Annotated

import typer

from bot.cli.house import House, inside
from bot.cli.talking import Mistake, meant, say, table
from bot.commands import CloseCategory, CreateCategory, EditCategory, OpenCategory
from bot.config import amount_text, hours_text, read_category, read_hours
from bot.model import Category, CategoryName, money_text

category = typer.Typer(help="Categories: the kinds of questions, and what each is worth.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The category's short name, for example billing.")]
Why = Annotated[str, typer.Option(help="The reason, which is kept with the change.")]


@category.command("add")
def add_category(
    ctx: typer.Context,
    name: Name,
    title: Annotated[str, typer.Option(help="What people read; made from the name when left out.")] = "",
    bounty: Annotated[
        str, typer.Option(help="What a solved question costs, for example 2.50; 0 for volunteers.")
    ] = "2.00",
    private: Annotated[bool, typer.Option(help="Show the customer's words to the claimer and staff only.")] = False,
) -> None:
    """Make a category that is open to experts."""

    async def doing(house: House) -> None:
        made = read_category(house.config.unit, name=name, title=title, bounty=bounty, private=private)
        await house.do(CreateCategory(category=made.name, as_=made, why="command line"))
        say(f"{made.title} ({made.name}) is open: {money_text(made.bounty, made.unit)} a question.")

    inside(ctx, doing)


@category.command("list")
def list_categories(ctx: typer.Context) -> None:
    """Show every category."""

    async def doing(house: House) -> None:
        rows = [
            (
                each.name,
                each.title,
                "open" if each.open_to_experts else "closed",
                "private" if each.private else "shared",
                money_text(each.bounty, each.unit),
                ", ".join(each.channels) or "none",
            )
            for each in await house.views.categories()
        ]
        empty = "There are no categories yet. `guildhall category add NAME` makes the first."
        table(("name", "title", "experts", "words", ">bounty", "channels"), rows, empty)

    inside(ctx, doing)


@category.command("show")
def show_category(ctx: typer.Context, name: Name) -> None:
    """Show every setting of a category, as `category set` takes it."""

    async def doing(house: House) -> None:
        found = await _category(house, name)
        for setting, value in settings_of(found):
            say(f"{setting} = {value}")

    inside(ctx, doing)


@category.command("open")
def open_category(ctx: typer.Context, name: Name, why: Why = "") -> None:
    """Let experts see a category's questions."""

    async def doing(house: House) -> None:
        found = await _category(house, name)
        await house.do(OpenCategory(category=found.name, why=why))
        say(f"{found.title} is open to experts.")

    inside(ctx, doing)


@category.command("close")
def close_category(ctx: typer.Context, name: Name, why: Why = "") -> None:
    """Send a category's new questions straight to staff."""

    async def doing(house: House) -> None:
        found = await _category(house, name)
        await house.do(CloseCategory(category=found.name, why=why))
        say(f"New questions in {found.title} go straight to staff.")

    inside(ctx, doing)


@category.command("set")
def set_category(
    ctx: typer.Context,
    name: Name,
    setting: Annotated[str, typer.Argument(help="What to change; `category show` lists them.")],
    to: Annotated[str, typer.Argument(help="Its new value, for example 2.50 or yes.")],
    why: Why = "",
) -> None:
    """Change one setting of a category; questions that are open keep what they were opened with."""

    async def doing(house: House) -> None:
        found = await _category(house, name)
        if setting == "staff_hours":
            _check_hours(to)
        await house.do(EditCategory(category=found.name, setting=setting, to=to, why=why))
        changed = await _category(house, name)
        now = dict(settings_of(changed)).get(setting.strip().lower().replace("-", "_").replace(" ", "_"), to)
        say(f"{changed.title}: {setting} is {now} now (version {changed.version}).")

    inside(ctx, doing)


def settings_of(found: Category) -> tuple[tuple[str, str], ...]:
    """Every setting that `category set` knows, with its value in the words that it takes."""
    return (
        ("title", found.title),
        ("bounty", amount_text(found.bounty, found.unit)),
        ("unit", found.unit),
        ("private", "yes" if found.private else "no"),
        ("answer_chars_min", str(found.answer_chars_min)),
        ("review_percent", str(found.review_percent)),
        ("rank_min", found.rank_min),
        ("rank_to_escalate", found.rank_to_escalate),
        ("veto_allowed", "yes" if found.veto_allowed else "no"),
        ("language", found.language),
        ("links_allowed", ", ".join(found.links_allowed) or "none"),
        ("channels", ", ".join(found.channels) or "none"),
        ("staff_channel", found.staff_channel or "none"),
        ("staff_hours", hours_text(found.staff_hours)),
    )


def _check_hours(text: str) -> None:
    """The time zones that this machine knows are not the rules' business. Raises Mistake."""
    try:
        read_hours(text)
    except ValueError as bad:
        raise Mistake(f"staff_hours {bad}.") from None


async def _category(house: House, name: str) -> Category:
    """Raises Mistake when there is no such category."""
    there = {each.name: each for each in await house.views.categories()}
    if name not in there:
        raise Mistake(f"There is no category {name!r}{meant(name, there)}")
    return there[CategoryName(name)]
