"""`guildhall erase`: everything one customer wrote and is known by, out of every copy, with one command."""

from typing import Annotated

import typer

from bot.cli.files import looking
from bot.cli.house import House, database_path, inside
from bot.cli.talking import Mistake, many, say, table
from bot.model import Person, PersonId, read_number, spoken_number


def erase(
    ctx: typer.Context,
    customer: Annotated[
        str,
        typer.Option(help="Their id, the id your program knows them by, their name, or the number of a question."),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before erasing.")] = False,
) -> None:
    """Blank everything a customer wrote and is known by.

    The books stay, under no name. It cannot be undone.
    """

    async def doing(house: House) -> None:
        person = await _customer(house, customer)
        if person.expert or person.staff:
            raise Mistake(f"{person.name} is an expert or on the staff. Take that away first, then erase.")
        await _show(house, person)
        if not yes and not typer.confirm("Erase all of this for ever?"):
            say("Nothing was erased.")
            return
        counts = await house.app.erase(person.id)
        say(f"Erased: {', '.join(f'{what}: {count}' for what, count in counts.items())}.")
        say("Backups made before still hold it; delete them when their time has come.")

    inside(ctx, doing)


# Also what they wrote before they were joined with who they are now.
_TEXTS = "SELECT count(*) FROM messages WHERE author = ? OR author IN (SELECT id FROM people WHERE joined = ?)"


async def _customer(house: House, said: str) -> Person:
    """The person that was meant. Raises Mistake when there is none, or more than one."""
    number = read_number(said)
    if number is not None and (question := (await house.views.facts(number, now=house.app.now())).question):
        found = [question.customer]
    else:
        found = _ids(house, said)
    known = [person for each in found if (person := await house.views.person(each)) is not None]
    people = list({each.id: each for each in known}.values())  # two ids can be one person's
    match people:
        case [person]:
            return person
        case []:
            raise Mistake(f"There is no customer {said!r}. A question's number, such as Q7K3, names its customer, too.")
    rows = [(each.name, each.id, str(len((await house.views.questions(customer=each.id)).rows))) for each in people]
    table(("name", "id", ">questions"), rows, "")
    raise Mistake(f"Several customers are called {said!r}. Say which by --customer and the id.")


def _ids(house: House, said: str) -> list[PersonId]:
    """Whoever has this id, is known by it on a platform or in a program, or goes by this name; the first that fits."""
    with looking(database_path(house.config)) as connection:
        for query in (
            "SELECT id FROM people WHERE id = ?",
            "SELECT DISTINCT person FROM identities WHERE external = ?",
            "SELECT id FROM people WHERE lower(name) = lower(?) AND erased_at IS NULL",
        ):
            if found := [PersonId(row[0]) for row in connection.execute(query, (said,))]:
                return found
    return []


async def _show(house: House, person: Person) -> None:
    """What will be erased, in numbers."""
    questions = (await house.views.questions(customer=person.id, limit=1_000)).rows
    with looking(database_path(house.config)) as connection:
        (messages,) = connection.execute(_TEXTS, (person.id, person.id)).fetchone()
    known = await house.views.known(person.id)
    identities = await house.views.identities(person.id)
    say(f"{person.name} ({person.id})")
    numbers = ", ".join(spoken_number(each.id) for each in questions[:10])
    more = f" and {len(questions) - 10} more" if len(questions) > 10 else ""
    say(f"  {many(len(questions), 'question')}{': ' if questions else ''}{numbers}{more}")
    say(f"  {many(messages, 'text')}, {many(len(known), 'known value')}, {many(len(identities), 'identity')}")
