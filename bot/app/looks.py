"""Looks things up for people: what they may see, gathered and handed to the wording."""

from bot.app.gathering import in_hand, open_for, waiting_for_staff
from bot.app.reader import Reader
from bot.card import Card
from bot.decide import qualifies
from bot.grammar import ME, Look, Sight, hats
from bot.model import CategoryName, Notice, Person, PersonId, Place, PostKind, StaffRole
from bot.wording import card as post_card
from bot.wording import looks
from bot.wording.help import help_card

_ROWS = 10


async def look_up(reader: Reader, look: Look, person: Person) -> Card:
    """The card that answers a look, with nothing on it that this person may not see."""
    match look.what:
        case Sight.HELP:
            return help_card(hats(person), look.argument, policy=reader.policy)
        case Sight.QUEUE:
            return await _queue(reader, look, person)
        case Sight.SHOW:
            return await _show(reader, look, person)
        case Sight.DESK:
            return await _desk(reader, person)
        case Sight.STATEMENT | Sight.MONEY:
            return await _statement(reader, look, person)
        case Sight.WHO:
            return await _who(reader, look)
        case Sight.INBOX:
            return await _inbox(reader, person)
        case Sight.CATEGORIES:
            return looks.category_list(await reader.views.categories(), reader.policy)


async def next_for(reader: Reader, card: Card, person: Person) -> Card:
    """The card with the longest waiting question this expert could take next, if there is one."""
    question = next(iter((await open_for(reader, person))[0]), None)
    if question is None:
        return card
    return looks.with_next(card, question, await reader.categories(), reader.policy)


async def _queue(reader: Reader, look: Look, person: Person) -> Card:
    category = CategoryName(look.argument) if look.argument else None
    found, more = await open_for(reader, person, category, limit=_ROWS)
    return looks.queue(found, await reader.categories(), reader.policy, more=more)


async def _show(reader: Reader, look: Look, person: Person) -> Card:
    facts = await reader.facts(look.question, person)
    question, category = facts.question, facts.category
    as_staff = person.staff is not None
    may = as_staff or qualifies(person, category)
    if question is None or not may or not (question.offered or as_staff):
        return looks.not_yours("show")
    about = "staff" if as_staff else "question"
    notice = Notice(
        recipient=Place("web:@" + person.id), slot="show", kind=PostKind.CARD, about=about, question=question.id
    )
    return post_card(notice, facts) or looks.not_yours("show")


async def _desk(reader: Reader, person: Person) -> Card:
    claims = (await in_hand(reader, person, _ROWS)).rows
    drafts = [number for number, _ in await reader.views.drafts(person.id)]
    begun = [each for each in [(await reader.facts(number, None)).question for number in drafts[:_ROWS]] if each]
    return looks.desk(
        person,
        claims=claims,
        drafts=begun,
        categories=await reader.categories(),
        balances=await reader.views.balances(person.id),
        now=reader.now(),
    )


async def _statement(reader: Reader, look: Look, person: Person) -> Card:
    whose: Person | None = person
    if look.argument and look.argument != ME:
        named = look.argument.removeprefix("@")
        is_id = look.argument.startswith("p:")
        whose = await (reader.views.person(PersonId(look.argument[2:])) if is_id else reader.views.person_named(named))
    if whose is None:
        return looks.not_yours("person")
    lead = person.staff is not None and person.staff.height >= StaffRole.LEAD.height
    if whose.id != person.id and not lead:
        return looks.not_yours("statement")
    page = await reader.views.statement(whose.id, limit=_ROWS)
    return looks.statement(whose, page.rows, await reader.views.balances(whose.id), more=page.after is not None)


async def _who(reader: Reader, look: Look) -> Card:
    people = await reader.views.people(experts=True)
    categories = await reader.categories()
    category = categories.get(CategoryName(look.argument)) if look.argument else None
    shown = [each for each in people if category is None or qualifies(each, category)]
    return looks.who(shown, category)


async def _inbox(reader: Reader, person: Person) -> Card:
    if person.staff is None:
        return looks.not_yours("inbox")
    found = await waiting_for_staff(reader, _ROWS)
    return looks.inbox(
        found.questions, found.asking, await reader.categories(), troubled=len(found.troubled), more=found.more
    )
