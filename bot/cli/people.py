"""Experts and staff from the command line: who they are, what they may, what they are owed, how they sign in."""

import secrets
from datetime import UTC, datetime
from typing import Annotated

import typer

from adapters.web.people import DOOR_MINUTES, web_identity, web_place
from adapters.web.signing import fingerprint, random_token
from bot.change import Actor, Refusal
from bot.cli.house import OPERATOR, House, inside
from bot.cli.joining import account, already, join
from bot.cli.talking import Mistake, meant, say, table
from bot.commands import Appoint, Dismiss, Enrol, Reinstate, Rename, Suspend
from bot.config import Config
from bot.decide import Context, decide_person
from bot.model import CategoryName, Identity, Person, PersonId, Rank, StaffRole, money_text, spoken_number
from bot.policy import MINUTE_MS, Policy
from bot.ports import StatementLine

expert = typer.Typer(help="Experts: the people who answer.", no_args_is_help=True)
staff = typer.Typer(help="Staff: the people who look after the questions and the experts.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name others see, for example Ana.")]
InCategory = Annotated[
    list[str] | None,
    typer.Option("--category", "-c", help="A category they answer in; may be given again. All if absent."),
]
OnSlack = Annotated[
    str | None, typer.Option("--slack", help="Their account there: workspace and member, such as T0123:U0456.")
]

OnDiscord = Annotated[
    str | None, typer.Option("--discord", help="Their account there: a number such as 1181234567890123456.")
]

# --- experts -----------------------------------------------------------------------------------------------------


@expert.command("add")
def add_expert(
    ctx: typer.Context,
    name: Name,
    rank: Annotated[Rank, typer.Option(help="How much they are trusted at first.")] = Rank.APPRENTICE,
    category: InCategory = None,
    slack: OnSlack = None,
    discord: OnDiscord = None,
) -> None:
    """Make someone an expert, and print a link by which they sign in once."""

    async def doing(house: House) -> None:
        categories = await _categories(house, category)
        person = await member(house, name, who=account(slack, discord))
        await house.do(Enrol(person=person, rank=rank, categories=categories))
        say(f"{name} is an expert now: {rank}, {', '.join(categories) or 'every category'}.")
        say(await sign_in_text(house, person))

    inside(ctx, doing)


@expert.command("list")
def list_experts(ctx: typer.Context) -> None:
    """Show every expert with rank, categories and money."""

    async def doing(house: House) -> None:
        rows = [await _expert_row(house, each) for each in await house.views.people(experts=True)]
        headings = ("name", "rank", "categories", "standing", ">points", ">pending", ">payable")
        table(headings, rows, "There are no experts yet. `guildhall expert add NAME` makes the first.")

    inside(ctx, doing)


@expert.command("rank")
def rank_expert(
    ctx: typer.Context,
    name: Name,
    rank: Annotated[Rank, typer.Argument(help="apprentice, journeyman or master")],
    category: InCategory = None,
) -> None:
    """Change an expert's rank, and their categories when some are given."""

    async def doing(house: House) -> None:
        person = await person_called(house, name)
        kept = person.expert.categories if person.expert else ()
        categories = await _categories(house, category) if category else kept
        await house.do(Enrol(person=person.id, rank=rank, categories=categories))
        say(f"{person.name} is a {rank} now, in {', '.join(categories) or 'every category'}.")

    inside(ctx, doing)


@expert.command("suspend")
def suspend_expert(
    ctx: typer.Context, name: Name, why: Annotated[str, typer.Option(help="The reason, which they will read.")]
) -> None:
    """Stop an expert from claiming; what they earned stays theirs."""

    async def doing(house: House) -> None:
        person = await person_called(house, name)
        await house.do(Suspend(person=person.id, why=why))
        say(f"{person.name} is suspended. `guildhall expert reinstate {person.name}` takes it back.")

    inside(ctx, doing)


@expert.command("reinstate")
def reinstate_expert(ctx: typer.Context, name: Name) -> None:
    """Take a suspension back."""

    async def doing(house: House) -> None:
        person = await person_called(house, name)
        await house.do(Reinstate(person=person.id))
        say(f"{person.name} may claim again.")

    inside(ctx, doing)


@expert.command("pay")
def statement(ctx: typer.Context, name: Name) -> None:
    """Show every line of what an expert earned, and what it comes to."""

    async def doing(house: House) -> None:
        person = await person_called(house, name)
        await print_statement(house, person)

    inside(ctx, doing)


@expert.command("link")
def link_expert(ctx: typer.Context, name: Name) -> None:
    """Print a new link by which an expert signs in once."""

    async def doing(house: House) -> None:
        say(await sign_in_text(house, (await person_called(house, name)).id))

    inside(ctx, doing)


# --- staff -------------------------------------------------------------------------------------------------------


@staff.command("add")
def add_staff(
    ctx: typer.Context,
    name: Name,
    role: Annotated[StaffRole, typer.Option(help="agent, lead or admin")] = StaffRole.AGENT,
    slack: OnSlack = None,
    discord: OnDiscord = None,
) -> None:
    """Make someone a member of staff, and print a link by which they sign in once."""

    async def doing(house: House) -> None:
        person = await member(house, name, as_staff=True, who=account(slack, discord))
        await house.do(Appoint(person=person, role=role))
        say(f"{name} is {'an' if role[0] == 'a' else 'a'} {role} now.")
        say(await sign_in_text(house, person))

    inside(ctx, doing)


@staff.command("list")
def list_staff(ctx: typer.Context) -> None:
    """Show every member of staff."""

    async def doing(house: House) -> None:
        rows = [(each.name, str(each.staff), each.home or "none") for each in await house.views.people(staff=True)]
        empty = "There is nobody on the staff yet. `guildhall staff add NAME --role admin` makes the first."
        table(("name", "role", "reads notices at"), rows, empty)

    inside(ctx, doing)


@staff.command("remove")
def remove_staff(ctx: typer.Context, name: Name) -> None:
    """Take someone off the staff; what they did stays recorded."""

    async def doing(house: House) -> None:
        person = await person_called(house, name)
        if person.staff is None:
            raise Mistake(f"{person.name} is not on the staff.")
        await house.do(Dismiss(person=person.id))
        say(f"{person.name} is no longer on the staff.")

    inside(ctx, doing)


@staff.command("link")
def link_staff(ctx: typer.Context, name: Name) -> None:
    """Print a new link by which a member of staff signs in once."""

    async def doing(house: House) -> None:
        say(await sign_in_text(house, (await person_called(house, name)).id))

    inside(ctx, doing)


# --- what these and others share ---------------------------------------------------------------------------------


async def member(
    house: House, name: str, *, as_staff: bool = False, id: str = "", who: Identity | None = None
) -> PersonId:
    """The expert or member of staff of that name; somebody new who can sign in on the web when there is none. The
    account `who` on a chat platform is theirs from now on.

    Raises Mistake when the name cannot be used, and when the account is somebody else's.
    """
    if who is not None:
        person = await already(house, name, who) or await member(house, name, as_staff=as_staff, id=id)
        await join(house, person, who)
        return person
    known = await house.views.person_named(name)
    if known is not None and (known.expert or known.staff):
        return known.id
    person = PersonId(id or secrets.token_hex(8))
    newcomer = Person(id=person, name=checked_name(house.app.policy, name, as_staff=as_staff), home=web_place(person))
    await house.store.run(lambda work: work.add_person(newcomer, web_identity(person), house.app.now()))
    return person


def checked_name(policy: Policy, name: str, *, as_staff: bool) -> str:
    """The name as it is kept. Raises Mistake when nobody can be called that."""
    nobody = PersonId("nobody")
    anybody = Person(id=nobody, name="Nobody", staff=StaffRole.AGENT if as_staff else None)
    decision = decide_person(
        Rename(person=nobody, name=name), anybody, Context(actor=Actor(person=OPERATOR), now=0, policy=policy)
    )
    if isinstance(decision, Refusal):
        raise Mistake(
            f"{name!r} cannot be a name here. Names have letters or digits, at most {policy.name_chars_max} signs, "
            'and no word such as "support", "team" or "staff" in an expert\'s.'
        )
    return decision.after.name


async def sign_in_text(house: House, person: PersonId) -> str:
    """A sentence with a new link that lets this person in once."""
    token = random_token()
    expires_at = house.app.now() + DOOR_MINUTES * MINUTE_MS
    await house.store.run(lambda work: work.add_door(fingerprint("door", token), person, expires_at))
    return f"Sign in within {DOOR_MINUTES} minutes, once: {web_address(house.config)}/enter/{token}"


def web_address(config: Config) -> str:
    """Where people open Guildhall in a browser."""
    if config.web.public_url:
        return config.web.public_url
    host = "127.0.0.1" if config.web.host in ("0.0.0.0", "::") else config.web.host
    return f"http://{f'[{host}]' if ':' in host else host}:{config.web.port}"


async def print_statement(house: House, person: Person) -> None:
    """Every line of a person's account, newest first, and what it comes to by pocket."""
    rows: list[tuple[str, str, str, str, str]] = []
    after: str | None = None
    while True:
        page = await house.views.statement(person.id, after=after)
        rows += map(_statement_row, page.rows)
        if (after := page.after) is None:
            break
    table(("when (UTC)", "pocket", "for", "question", ">amount"), rows, f"{person.name} has earned nothing yet.")
    for (pocket, unit), amount in sorted((await house.views.balances(person.id)).items()):
        say(f"{pocket}: {money_text(amount, unit)}")


def _statement_row(line: StatementLine) -> tuple[str, str, str, str, str]:
    when = datetime.fromtimestamp(line.at / 1_000, UTC).strftime("%Y-%m-%d %H:%M")
    number = spoken_number(line.question) if line.question is not None else ""
    return when, line.account.partition(":")[0], line.why, number, money_text(line.amount, line.unit)


async def _expert_row(house: House, person: Person) -> tuple[str, ...]:
    assert person.expert is not None, "only experts are listed"
    balances = await house.views.balances(person.id)

    def sums(pocket: str) -> str:
        return ", ".join(
            money_text(amount, unit) for (name, unit), amount in sorted(balances.items()) if name == pocket
        )

    categories = ", ".join(person.expert.categories) or "all"
    points = sum(amount for (pocket, _), amount in balances.items() if pocket == "points")
    return (
        person.name,
        person.expert.rank,
        categories,
        person.expert.standing,
        str(points),
        sums("pending"),
        sums("payable"),
    )


async def person_called(house: House, name: str) -> Person:
    """Raises Mistake when nobody is called that, with the name that was perhaps meant."""
    found = await house.views.person_named(name)
    if found is not None and (found.expert or found.staff):
        return found
    names = [each.name for each in await house.views.people(experts=True)]
    names += [each.name for each in await house.views.people(staff=True)]
    raise Mistake(f"There is no expert and no member of staff called {name!r}{meant(name, names)}")


async def _categories(house: House, names: list[str] | None) -> tuple[CategoryName, ...]:
    """The categories of these names. Raises Mistake when one does not exist."""
    there = [category.name for category in await house.views.categories()]
    for name in names or ():
        if name not in there:
            raise Mistake(f"There is no category {name!r}{meant(name, there)}")
    return tuple(CategoryName(name) for name in dict.fromkeys(names or ()))
