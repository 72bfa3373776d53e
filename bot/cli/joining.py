"""Experts and staff who sit on a chat platform: which account there is whose."""

import re

from bot.cli.house import House
from bot.cli.talking import Mistake
from bot.commands import Rename
from bot.config.discord import read_id
from bot.model import Identity, PersonId
from bot.ports import Work

_SLACK = re.compile(r"([TE][A-Z0-9]{2,20}):([UW][A-Z0-9]{2,20})")


def slack_identity(said: str) -> Identity:
    """`T0123:U0456`, a workspace and a member of it. Raises Mistake when it is not that."""
    match = _SLACK.fullmatch(said.strip().upper())
    if match is None:
        raise Mistake(
            f"{said!r} is no Slack account. It is the workspace's id, a colon and the member's, such as T0123:U0456; "
            "in Slack, a profile's menu has [Copy member ID]."
        )
    return Identity(platform="slack", workspace=match[1], external=match[2])


def discord_identity(said: str) -> Identity:
    """`1181234567890123456`, somebody's account on every server. Raises Mistake when it is not that."""
    try:
        user = read_id(said.strip())
    except ValueError:
        raise Mistake(
            f"{said!r} is no Discord account. It is a number such as 1181234567890123456; in Discord, with Developer "
            "Mode on, right-click their name and choose Copy User ID."
        ) from None
    return Identity(platform="discord", workspace="", external=user)


def account(slack: str | None, discord: str | None) -> Identity | None:
    """The one account that was named, or none. Raises Mistake."""
    if slack and discord:
        raise Mistake("Name one account now. Whoever has several joins them afterwards: /hall link")
    if slack:
        return slack_identity(slack)
    return discord_identity(discord) if discord else None


async def already(house: House, name: str, who: Identity) -> PersonId | None:
    """Whose account it is, when that is the person of that name, or somebody who has only asked so far and is called
    that from now on; None when it is nobody's yet. Raises Mistake when it is somebody else's."""
    owner, named = await house.views.person_of(who), await house.views.person_named(name)
    if owner is None:
        return None
    if named is not None and named.id == owner.id:
        return owner.id
    if owner.expert or owner.staff:
        raise Mistake(
            f"{_called(who)} is {owner.name} here, and an account belongs to one person. "
            f"`guildhall expert list` and `guildhall staff list` show who is who."
        )
    if named is not None and (named.expert or named.staff):
        raise Mistake(
            f"{_called(who)} has asked questions here as somebody else, and {named.name} is another "
            "person. Give the account a name of its own."
        )
    await house.do(Rename(person=owner.id, name=name))
    return owner.id


async def join(house: House, person: PersonId, who: Identity) -> None:
    """From now on this account is that person's; harmless when it is so already."""

    def act(work: Work) -> None:
        if work.person_of(who) is None:
            work.add_identity(person, who, house.app.now())

    await house.store.run(act)


def _called(who: Identity) -> str:
    return f"{who.external} of {who.workspace or who.platform.capitalize()}"
