"""Keys for programs that use the REST API, from the command line."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from adapters.web.tokens import Scope, new_token
from bot.cli.house import House, inside
from bot.cli.people import person_called
from bot.cli.talking import Mistake, say, table
from bot.policy import DAY_MS
from bot.ports import Token

token = typer.Typer(help="Keys for programs that use the REST API.", no_args_is_help=True)


@token.command("create")
def create_token(
    ctx: typer.Context,
    scope: Annotated[
        list[Scope], typer.Option(help="What the program may do: ask, read, expert or staff; may be repeated.")
    ],
    label: Annotated[str, typer.Option(help="The program's name. Keys of the same name share their customers.")],
    person: Annotated[str, typer.Option(help="Whom it acts for; needed for expert and staff.")] = "",
    days: Annotated[int, typer.Option(min=0, help="It ends after so many days; 0 means never.")] = 0,
) -> None:
    """Make a key and show it once."""

    async def doing(house: House) -> None:
        now = house.app.now()
        whom = (await person_called(house, person)).id if person else None
        try:
            secret, made = new_token(
                label, scope, at=now, person=whom, expires_at=now + days * DAY_MS if days else None
            )
        except ValueError as bad:
            raise Mistake(f"{str(bad).capitalize()}. Add --person NAME, or another --label or --scope.") from None
        await house.store.run(lambda work: work.save_token(made))
        say(f"Key {made.id} for {made.client}, which may {', '.join(made.scopes)}:")
        say(f"  {secret}")
        say("Keep it now; it is not shown again. Programs send it as: Authorization: Bearer <key>")

    inside(ctx, doing)


@token.command("list")
def list_tokens(ctx: typer.Context) -> None:
    """Show every key, without its secret."""

    async def doing(house: House) -> None:
        now = house.app.now()
        people = {}
        rows = []
        for each in await house.store.run(lambda work: work.tokens()):
            if each.person and each.person not in people:
                found = await house.views.person(each.person)
                people[each.person] = found.name if found else "somebody erased"
            whom = people[each.person] if each.person else ""
            rows.append((each.id, each.client, ", ".join(each.scopes), whom, _day(each.made_at), _end(each, now)))
        table(("id", "program", "may", "for", "made", "ends"), rows, "There are no keys.")

    inside(ctx, doing)


@token.command("revoke")
def revoke_token(
    ctx: typer.Context, id: Annotated[str, typer.Argument(help="The key's id, from `token list`.")]
) -> None:
    """End a key at once."""

    async def doing(house: House) -> None:
        tokens = await house.store.run(lambda work: work.tokens())
        found = next((each for each in tokens if each.id == id), None)
        if found is None:
            raise Mistake(f"There is no key {id!r}. `guildhall token list` shows them.")
        ended = replace(found, revoked_at=found.revoked_at or house.app.now())
        await house.store.run(lambda work: work.save_token(ended))
        say(f"Key {id} for {found.client} has ended.")

    inside(ctx, doing)


def _end(each: Token, now: int) -> str:
    if each.revoked_at is not None:
        return f"revoked {_day(each.revoked_at)}"
    if each.expires_at is None:
        return "never"
    return f"{'ended' if each.expires_at <= now else 'ends'} {_day(each.expires_at)}"


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000, UTC).strftime("%Y-%m-%d")
