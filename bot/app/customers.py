"""What customers hand in: questions, further lines, and plain words whose meaning has to be found first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot import commands as c
from bot.app.files import looked_at_files
from bot.app.preparing import Surroundings, known_values, looked_at
from bot.change import Actor, Machine, Outcome, Reason, Receipt
from bot.knowledge import only_thanks
from bot.lifecycle import ACTIVE
from bot.model import Category, CategoryName, Person, Place, Question, QuestionId, State, read_number
from bot.ports import Asked, Direct, Envelope, Reply, Work, Wrote
from bot.wording import crew_card, elsewhere_card, which_card
from bot.wording import reply as reply_card
from bot.wording.offers import Own

if TYPE_CHECKING:
    from bot.app.app import App

_OWN_SHOWN: Final = 4


async def asked(app: App, said: Asked) -> Reply:
    """A new question; the same message asks only once."""
    category = await _category(app, said.category)
    person = await app.views.person_of(said.who)
    known = known_values(said.known)
    if person is not None:
        known += known_values(await app.views.known(person.id))
    words, files = looked_at(said.text, Surroundings(known=known)), await looked_at_files(said.files, app.policy)
    machine = Machine.INTEGRATION if said.by_integration else None

    def act(work: Work) -> tuple[Receipt, Person]:
        customer = _customer(app, work, said)
        if repeat := _known_already(work, said, "ask", customer):
            return repeat, customer
        work.know(customer.id, said.known)
        ask = c.Ask(
            question=QuestionId(0),  # numbered inside the transaction
            customer=customer.id,
            category=category.name if category else CategoryName(said.category),
            language=said.language,
            words=words,
            origin=said.origin if said.origin else Place(f"web:@{customer.id}"),
            staff_wanted=said.staff_wanted,
            source=said.source,
            files=files.taken,
        )
        actor = Actor(person=customer, machine=machine)
        return app.apply(work, Envelope(key=said.key, actor=actor, command=ask)), customer

    receipt, customer = await app.store.run(act)
    return files.told(await app.told(receipt, customer), customer)


def _customer(app: App, work: Work, said: Asked) -> Person:
    known = work.person_of(said.who)
    if known is None:
        known = app.new_person()
        work.add_person(Person(id=known, name=said.name or "Customer"), said.who, app.now())
    found = work.person(known)
    assert found is not None
    return found


async def _category(app: App, said: str) -> Category | None:
    """The category of that name or title; the first that is open when none is named."""
    categories = await app.views.categories()
    if not said:
        return next((each for each in categories if each.open_to_experts), categories[0] if categories else None)
    wanted = said.strip().casefold()
    return next((each for each in categories if wanted in (each.name.casefold(), each.title.casefold())), None)


async def wrote(app: App, said: Wrote) -> Reply:
    """A further line on a question."""
    person = await app.views.person_of(said.who)
    if person is None:
        receipt = Receipt(verb="reply", question=said.question, reason=Reason.NOT_FOUND)
        return Reply(card=reply_card(receipt, await app.reader.facts(None, None)), receipt=receipt)
    around = await app.surroundings(said.question)
    words, files = looked_at(said.text, around), await looked_at_files(said.files, app.policy)
    thanks = only_thanks(words.text) and not files.taken
    command = c.Reply(question=said.question, words=words, thanks=thanks, source=said.source, files=files.taken)
    envelope = Envelope(key=said.key, actor=Actor(person=person), command=command)

    def act(work: Work) -> Receipt:
        return _known_already(work, said, "reply", person) or app.apply(work, envelope)

    return files.told(await app.told(await app.store.run(act), person), person)


def _known_already(work: Work, said: Asked | Wrote, verb: str, person: Person) -> Receipt | None:
    """One message is taken once, by whatever event it comes: a button that carries it can be pressed twice."""
    if said.source is None or work.receipt(said.key) is not None:
        return None
    earlier = work.messages_from(said.source)
    if not earlier:
        return None
    return Receipt(verb=verb, question=earlier[-1].question, outcome=Outcome.NOTHING, actor=person.id)


async def direct(app: App, said: Direct) -> Reply:
    """Plain words: a line on a question, a new one, or something to ask about first. What was asked about is not
    kept: the button that answers brings the words once more."""
    before = await app.store.run(lambda work: work.receipt(said.key))
    person = await app.views.person_of(said.who)
    if before is not None and person is not None:
        return await app.told(before, person)
    match said.choice.split():
        case ["ask"]:
            return await asked(app, _as_question(said))
        case ["reply", number] if (chosen := read_number(number)) is not None:
            return await wrote(app, _as_line(said, chosen))
    if said.question is not None:
        return await _in_thread(app, said, said.question, person)
    unfinished = await _unfinished(app, person) if person is not None else []
    if person is not None and person.is_crew:
        own = await _own(app, unfinished)
        return Reply(card=crew_card(await app.reader.facts(None, person), person, own))
    awaited = [each for each in unfinished if each.state is State.WAITING and each.origin == said.origin]
    if len(awaited) == 1:
        return await wrote(app, _as_line(said, awaited[0].id))
    if person is None or not unfinished:
        return await asked(app, _as_question(said))
    own = await _own(app, unfinished)
    return Reply(card=which_card(await app.reader.facts(None, person), person, own))


async def _in_thread(app: App, said: Direct, question: QuestionId, person: Person | None) -> Reply:
    facts = await app.reader.facts(question, person)
    if person is not None and facts.question is not None and facts.question.customer == person.id:
        return await wrote(app, _as_line(said, question))
    return Reply(card=elsewhere_card(facts, question, person))


async def _unfinished(app: App, person: Person) -> list[Question]:
    """Their questions that are neither solved nor closed, the newest first."""
    page = await app.views.questions(states=ACTIVE, customer=person.id, limit=50)
    return list(page.rows)


async def _own(app: App, questions: list[Question]) -> tuple[Own, ...]:
    found = [await app.reader.facts(each.id) for each in questions[:_OWN_SHOWN]]
    return tuple(
        Own(number=facts.question.id, asked=facts.messages.get(1)) for facts in found if facts.question is not None
    )


def _as_question(said: Direct) -> Asked:
    return Asked(
        key=said.key,
        who=said.who,
        text=said.text,
        origin=said.origin,
        name=said.name,
        category=said.category,
        source=said.source,
        files=said.files,
    )


def _as_line(said: Direct, question: QuestionId) -> Wrote:
    return Wrote(key=said.key, who=said.who, question=question, text=said.text, source=said.source, files=said.files)
