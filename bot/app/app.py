"""Where the core meets the world: commands into transactions, sentences into commands, posts into cards."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from bot import commands as c
from bot.app import customers, linking, mending, speakers
from bot.app.desk import PersonalDesk
from bot.app.effects import Effects
from bot.app.files import looked_at_files, with_files, without_files
from bot.app.looks import look_up, next_for
from bot.app.preparing import Surroundings, has_words, known_values, prepared, storable
from bot.app.reader import Reader
from bot.app.transaction import Transaction
from bot.card import Card, Form
from bot.change import Actor, Outcome, Reason, Receipt
from bot.commands import Command, QuestionCommand
from bot.decide import qualifies
from bot.grammar import USUAL_UNIT, Incomplete, Look, Misheard, Misread, read, speaks_of_money
from bot.model import (
    Kind,
    Person,
    PersonId,
    Post,
    QuestionId,
    State,
    Unit,
)
from bot.policy import Policy
from bot.ports import (
    Asked,
    Desk,
    Direct,
    Envelope,
    Facts,
    Hearable,
    Heard,
    Reply,
    Reworded,
    Store,
    TookBack,
    Views,
    Vouched,
    Work,
    Wrote,
)
from bot.wording import card as post_card
from bot.wording import misread as misread_card
from bot.wording import reply as reply_card
from bot.wording.forms import form

BLANK = Card(title="")


def random_person() -> PersonId:
    return PersonId(secrets.token_hex(8))


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The product's one door: everything that changes anything goes through `handle` or `apply`.

    `now` is the only clock (milliseconds UTC), `new_person` the only dice.
    """

    store: Store
    views: Views
    now: Callable[[], int]
    policy: Policy = field(default_factory=Policy)
    company: str = "Guildhall"
    currency: Unit = USUAL_UNIT
    new_person: Callable[[], PersonId] = random_person
    effects: Effects = field(default_factory=Effects)

    @property
    def reader(self) -> Reader:
        return Reader(views=self.views, now=self.now, policy=self.policy, company=self.company)

    @property
    def desk(self) -> Desk:
        return PersonalDesk(store=self.store, reader=self.reader, effects=self.effects)

    # --- commands ------------------------------------------------------------------------------------------------

    async def handle(self, envelope: Envelope) -> Receipt:
        """Carry out a command whose words were looked at; the same key again gets the same receipt."""
        return await self.store.run(lambda work: self.apply(work, envelope))

    def apply(self, work: Work, envelope: Envelope) -> Receipt:
        """The same inside a transaction that somebody else began."""
        return Transaction(work, self.now(), self.policy, self.effects).carry_out(envelope)

    async def erase(self, person: PersonId) -> Mapping[str, int]:
        """Forget a person, in one transaction: what they asked and is still open is withdrawn, so that nobody works on
        blank questions; then everything they wrote and are known by is blanked. See `Work.erase_person`.
        """
        now = self.now()

        def act(work: Work) -> Mapping[str, int]:
            customer = work.person(person)
            for question in work.unfinished_of(customer.id) if customer is not None else ():
                withdraw = c.Withdraw(question=question)
                self.apply(
                    work, Envelope(key=f"erase/{question}/{now}", actor=Actor(person=customer), command=withdraw)
                )
            return work.erase_person(person, now)

        return await self.store.run(act)

    # --- people --------------------------------------------------------------------------------------------------

    async def hear(self, heard: Hearable) -> Reply | Form:
        """What somebody said, pressed, asked or wrote; the answer is for that person alone."""
        heard = storable(heard)
        match heard:
            case Heard():
                return await self._said(heard)
            case Asked():
                return await customers.asked(self, heard)
            case Wrote():
                return await customers.wrote(self, heard)
            case Direct():
                return await customers.direct(self, heard)
            case Reworded():
                return await mending.reworded(self, heard)
            case TookBack():
                return await mending.took_back(self, heard)
            case Vouched():
                return await speakers.vouched(self, heard)

    async def _said(self, heard: Heard) -> Reply | Form:
        command = self._plain(heard)
        if command is not None:
            return await self._do(heard, command)
        person = await speakers.speaker(self, heard)
        meaning = await self._meaning(heard, person)
        if isinstance(meaning, Misread | Look | Incomplete):
            await self._present(heard, person)
        match meaning:
            case Misread():
                return Reply(card=misread_card(meaning, await self.reader.facts(heard.question, person)))
            case Look():
                return Reply(card=await look_up(self.reader, meaning, person))
            case Incomplete():
                asked = await self._form(heard, meaning, person)
                return without_files(heard, asked, person)
            case _:
                return await self._do(heard, meaning)

    def _plain(self, heard: Heard) -> Command | None:
        """The command, when nothing has to be looked up to understand the sentence: most are, and buttons."""
        if heard.mentions:
            return None
        meaning = read(heard.sentence, question=heard.question, values=heard.values, policy=self.policy)
        if isinstance(meaning, Misread | Look | Incomplete) or speaks_of_money(type(meaning)):
            return None
        return meaning

    async def _present(self, heard: Heard, person: Person) -> None:
        """Looking and mistyping show that somebody is there, too."""
        await self.store.run(lambda work: work.seen(person.id, self.now(), heard.place))

    async def _meaning(self, heard: Heard, person: Person) -> Command | Look | Incomplete | Misread:
        question = heard.question
        people = await speakers.people_named(self, heard, person)
        hear = partial(read, heard.sentence, policy=self.policy, people=people)
        unit = await self._unit(question)
        meaning = hear(question=question, values=heard.values, unit=unit)
        if isinstance(meaning, Misread) and meaning.why is Misheard.NO_QUESTION:
            # Outside a thread a sentence means the question one holds, when one holds exactly one.
            held = await self.views.questions(states=(State.CLAIMED, State.WAITING), holder=person.id, limit=2)
            if len(held.rows) == 1:
                question = held.rows[0].id
                unit = held.rows[0].unit
                meaning = hear(question=question, values=heard.values, unit=unit)
        if isinstance(meaning, Incomplete) and [slot.name for slot in meaning.missing] == ["message"]:
            values = {**heard.values, "message": str(await self._newest_text(meaning.question))}
            meaning = hear(question=question, values=values, unit=unit)
        named = getattr(meaning, "question", None)
        if named is not None and named != question and await self._unit(named) != unit:
            # The number in the sentence is of a category that pays in something else.
            unit = await self._unit(named)
            meaning = hear(question=question, values=heard.values, unit=unit)
        return meaning

    async def _form(self, heard: Heard, incomplete: Incomplete, person: Person) -> Reply | Form:
        """What is still missing, as a form. Opening the answer form claims the question: nobody should write an
        answer that cannot be sent."""
        facts = await self.reader.facts(incomplete.question, person, draft=True)
        if incomplete.verb.command is c.SendAnswer and facts.question is not None and _must_claim(person, facts):
            command = c.Claim(question=facts.question.id)
            actor = Actor(person=person, guest=heard.guest)
            claim = Envelope(key=f"{heard.key}/claim", actor=actor, command=command)
            receipt = await self.handle(claim)
            if receipt.refused:
                return await self.told(receipt, person)
            facts = await self.reader.facts(incomplete.question, person, draft=True)
        if incomplete.verb.command is c.Assign:
            experts = await self.views.people(experts=True)
            able = {each.id: each for each in experts if qualifies(each, facts.category)}
            facts = replace(facts, people={**facts.people, **able})
        return form(incomplete, facts, reader=person)

    async def _newest_text(self, question: QuestionId | None) -> int:
        """Which text "undo" means when it does not say."""
        facts = await self.views.facts(question, now=self.now())
        texts = facts.question.answers if facts.question is not None else ()
        return texts[-1].message if texts else 0

    async def _unit(self, question: QuestionId | None) -> Unit:
        facts = await self.views.facts(question, now=self.now()) if question is not None else None
        return facts.question.unit if facts is not None and facts.question is not None else self.currency

    async def _do(self, heard: Heard, command: Command) -> Reply:
        if isinstance(command, c.Link):
            return await linking.said_link(self, heard, command)
        if isinstance(command, QuestionCommand) and has_words(command):
            command = prepared(command, await self.surroundings(command.question))
        files = await looked_at_files(heard.files, self.policy)
        command, files = with_files(command, files)

        def act(work: Work) -> tuple[Receipt, Person]:
            person = speakers.speaker_in(self, work, heard)
            work.seen(person.id, self.now(), heard.place)
            actor = Actor(person=person, guest=heard.guest)
            return self.apply(work, Envelope(key=heard.key, actor=actor, command=command)), person

        receipt, person = await self.store.run(act)

        async def tell() -> Reply:
            return files.told(await self.told(receipt, person), person)

        return Reply(card=BLANK, receipt=receipt, rest=tell) if heard.hurried else await tell()

    async def told(self, receipt: Receipt, person: Person) -> Reply:
        """A receipt as the actor reads it, with the next question to take when one is free."""
        people = [each for each in (receipt.person, receipt.actor) if each is not None]
        facts = await self.reader.facts(receipt.question, person, people=people, draft=True)
        card = reply_card(receipt, facts)
        free_hands = receipt.outcome in (Outcome.SENDING, Outcome.REVIEW) or receipt.reason is Reason.ALREADY_TAKEN
        if free_hands and person.expert is not None:
            card = await next_for(self.reader, card, person)
        return Reply(card=card, receipt=receipt)

    # --- posts ---------------------------------------------------------------------------------------------------

    async def render(self, post: Post) -> Card | None:
        """What the post should show at this moment; None when there is nothing to show any more."""
        notice = post.notice
        people = [PersonId(notice.person)] if notice.person else []
        facts = await self.reader.facts(notice.question, people=people)
        reader = facts.people.get(people[0]) if people else None
        if reader is not None and reader.id != notice.person:
            # Joined with somebody since it was wanted.
            notice = replace(notice, person=reader.id)
            facts = replace(facts, people={**facts.people, reader.id: reader})
        return post_card(notice, facts)

    async def surroundings(self, question: QuestionId, *, but: int | None = None) -> Surroundings:
        """What masking a further text of the question needs to know, leaving out the text `but`."""
        facts = await self.views.facts(question, now=self.now())
        if facts.question is None:
            return Surroundings()
        customers_words = (Kind.QUESTION, Kind.REPLY, Kind.THANKS)
        texts = [each for each in facts.messages.values() if each.kind in customers_words and each.number != but]
        earlier = tuple(each.text for each in texts)
        known = known_values(await self.views.known(facts.question.customer))
        return Surroundings(known=known, earlier=earlier, category=facts.category)


def _must_claim(person: Person, facts: Facts) -> bool:
    question = facts.question
    if question is None or person.staff is not None or question.holder == person.id:
        return False
    return question.state in (State.OPEN, State.CLAIMED, State.WAITING, State.REVIEW)
