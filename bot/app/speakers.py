"""Who speaks, whom they name, and what a platform says about people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import commands as c
from bot.change import Actor, Machine, Outcome, Receipt
from bot.decide.vouching import fit_timezone, is_unnamed
from bot.grammar import names_somebody
from bot.model import UNNAMED, Person, PersonId
from bot.ports import Envelope, Heard, Mentioned, Reply, Vouched, Work
from bot.wording import reply as reply_card

if TYPE_CHECKING:
    from bot.app.app import App

PLATFORM = Actor(machine=Machine.PLATFORM)


async def speaker(app: App, heard: Heard) -> Person:
    """Who spoke, as they count in this act: a guest of the platform is never staff. Somebody new is a person like
    any other, with no rights until somebody gives them some."""
    known = await app.views.person_of(heard.who)
    if known is None or _has_news(heard, known):
        known = await app.store.run(lambda work: _introduced(app, work, heard))
    return replace(known, staff=None) if heard.guest else known


def speaker_in(app: App, work: Work, heard: Heard) -> Person:
    """The same inside the transaction of what was said."""
    number = work.person_of(heard.who)
    known = work.person(number) if number is not None else None
    if known is None or _has_news(heard, known):
        known = _introduced(app, work, heard)
    return replace(known, staff=None) if heard.guest else known


def _has_news(heard: Heard, known: Person) -> bool:
    """Whether the platform can tell what nobody knows yet."""
    zoned = known.timezone == "UTC" and fit_timezone(heard.timezone) != "UTC"
    return zoned or (heard.name != "" and is_unnamed(known) and known.name != heard.name)


def _introduced(app: App, work: Work, heard: Heard) -> Person:
    known = work.person_of(heard.who)
    if known is None:
        return _newcomer(app, work, heard)
    told = c.Introduce(person=known, name=heard.name, home=heard.place, timezone=heard.timezone)
    app.apply(work, Envelope(key=f"{heard.key}/introduce", actor=PLATFORM, command=told))
    return _person(work, known)


def _newcomer(app: App, work: Work, said: Heard | Mentioned | Vouched) -> Person:
    """Somebody nobody knew, with what the platform tells of them."""
    zone = fit_timezone(said.timezone)
    newcomer = Person(id=app.new_person(), name=said.name or UNNAMED, home=said.place, timezone=zone)
    work.add_person(newcomer, said.who, app.now())
    return newcomer


def _person(work: Work, number: PersonId) -> Person:
    found = work.person(number)
    assert found is not None, "an identity belongs to a person"
    return found


async def people_named(app: App, heard: Heard, person: Person) -> Mapping[str, PersonId]:
    """The people that the sentence names by signs of the platform. Staff can name somebody who never spoke."""
    if not heard.mentions or not names_somebody(heard.sentence):
        return {}
    if person.staff is not None:
        return await app.store.run(
            lambda work: {sign: _mentioned(app, work, named) for sign, named in heard.mentions.items()}
        )
    known = {sign: await app.views.person_of(named.who) for sign, named in heard.mentions.items()}
    return {sign: found.id for sign, found in known.items() if found is not None}


def _mentioned(app: App, work: Work, named: Mentioned) -> PersonId:
    return work.person_of(named.who) or _newcomer(app, work, named).id


async def vouched(app: App, said: Vouched) -> Reply:
    """What a list of the platform makes of somebody; whoever is on none and never spoke is nobody here."""

    def act(work: Work) -> tuple[Receipt, Person | None]:
        known = work.person_of(said.who)
        if known is None and said.staff is None and said.rank is None:
            return Receipt(verb="vouch", outcome=Outcome.NOTHING), None
        if known is None:
            known = _newcomer(app, work, said).id
        else:
            told = c.Introduce(person=known, name=said.name, home=said.place, timezone=said.timezone)
            app.apply(work, Envelope(key=f"{said.key}/introduce", actor=PLATFORM, command=told))
        vouch = c.Vouch(person=known, by=said.by, staff=said.staff, rank=said.rank)
        receipt = app.apply(work, Envelope(key=said.key, actor=PLATFORM, command=vouch))
        return receipt, _person(work, known)

    receipt, person = await app.store.run(act)
    return Reply(card=reply_card(receipt, await app.reader.facts(None, person)), receipt=receipt)
