"""What happens inside one transaction: read the subject, decide, save, book, announce."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

from bot import commands as c
from bot.announce import Reach, announce, can_wait, card_notices, files_withdrawn, pause_notice, people_told, text_slot
from bot.app.effects import Effects
from bot.app.files import keep_files
from bot.app.linking import carry_out_link
from bot.change import Actor, Change, Draft, Machine, Outcome, Reason, Receipt, Refusal
from bot.commands import CategoryCommand, Command, PersonCommand, QuestionCommand
from bot.decide import (
    Context,
    decide_category,
    decide_person,
    decide_question,
    due,
    follow_ups,
)
from bot.decide.person import fit_name, is_member
from bot.decide.steps import unsent
from bot.grammar import ME
from bot.lifecycle import verb_name
from bot.lifecycle.hours import quiet_until
from bot.market.ledger import book
from bot.model import Category, Message, Notice, Person, PersonId, Place, Question, QuestionId, State
from bot.policy import MINUTE_MS, Policy
from bot.ports import Envelope, Work

DRAFT_CHARS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Transaction:
    """One `Work`, one moment, one policy."""

    work: Work
    now: int
    policy: Policy
    effects: Effects

    def carry_out(self, envelope: Envelope) -> Receipt:
        """The command's effect, once: a key that was seen before gets the reply it got then."""
        known = self.work.receipt(envelope.key)
        if known is not None:
            return known
        actor = self._fresh(envelope.actor)
        receipt = self._decide(envelope.command, actor)
        self.work.remember(envelope.key, receipt, self.now)
        return receipt

    def _fresh(self, actor: Actor) -> Actor:
        """Rank and role as they are now, not as they were when the event was received."""
        if actor.person is None:
            return actor
        person = self.work.person(actor.person.id) or actor.person
        return replace(actor, person=replace(person, staff=None) if actor.guest else person)

    def _decide(self, command: Command, actor: Actor) -> Receipt:
        match command:
            case QuestionCommand():
                return self._on_question(command, actor)
            case PersonCommand():
                return self._on_person(command, actor)
            case CategoryCommand():
                return self._on_category(command, actor)

    # --- questions ---------------------------------------------------------------------------------------------

    def _on_question(self, command: QuestionCommand, actor: Actor) -> Receipt:
        if isinstance(command, c.Ask):
            question, name = None, command.category
            command = replace(command, question=self.work.next_question())
        else:
            question = self.work.question(command.question)
            if question is None:
                return _refused(Refusal(command=command, reason=Reason.NOT_FOUND, question=command.question), actor)
            name = question.category
        if isinstance(command, c.Assign):
            command = replace(command, expert=self._resolved(command.expert, actor))
        category = self.work.category(name)
        context = self._context(command, question, category, actor)
        decision = decide_question(command, question, context)
        if isinstance(decision, Refusal):
            self._keep_words(command, actor)
            return _refused(decision, actor)
        if decision.outcome is not Outcome.NOTHING:
            assert category is not None, "a question that changes has a category"
            self._save(decision, category)
        return _done(decision)

    def _resolved(self, said: PersonId, actor: Actor) -> PersonId:
        """`@bo` as people write it, oneself, or an id as a button says it."""
        if said == ME:
            return actor.id or said
        if not said.startswith("@"):
            return said
        return self.work.person_named(said.removeprefix("@")) or said

    def _context(
        self, command: QuestionCommand, question: Question | None, category: Category | None, actor: Actor
    ) -> Context:
        work, policy = self.work, self.policy
        named = work.person(command.expert) if isinstance(command, c.Assign) else None
        holder = named.id if named is not None else actor.id
        counts = isinstance(command, c.Claim | c.Assign | c.Veto) and holder is not None
        online_since = self.now - policy.online_minutes * MINUTE_MS
        return Context(
            actor=actor,
            now=self.now,
            policy=policy,
            category=category,
            named=named,
            texts=self._texts(command, question),
            claims_held=work.claims_held(holder) if counts and holder is not None else 0,
            open_asked=work.open_asked(command.customer) if isinstance(command, c.Ask) else 0,
            master_online=isinstance(command, c.Escalate)
            and category is not None
            and actor.id is not None
            and work.master_seen(category.name, online_since, actor.id),
            reviewer_staff=self._reviewer_is_staff(question),
            other_ways=self._other_ways(command, question),
        )

    def _other_ways(self, command: QuestionCommand, question: Question | None) -> tuple[Place, ...]:
        if question is None or not isinstance(command, c.Undelivered):
            return ()
        return tuple(self.work.origins_of(question.customer))

    def _texts(self, command: QuestionCommand, question: Question | None) -> dict[int, Message]:
        if question is None:
            return {}
        numbers = {getattr(command, "message", None)}
        numbers.update(text.message for text in unsent(question, self.now))
        found = (self.work.message(question.id, number) for number in numbers if isinstance(number, int))
        return {message.number: message for message in found if message is not None}

    def _reviewer_is_staff(self, question: Question | None) -> bool:
        answer = question.answer if question is not None else None
        if answer is None or answer.reviewer is None:
            return False
        reviewer = self.work.person(answer.reviewer)
        return reviewer is not None and reviewer.staff is not None

    def _keep_words(self, command: QuestionCommand, actor: Actor) -> None:
        """A text that could not be sent is its author's draft: nothing anyone wrote is lost."""
        if isinstance(command, c.SendAnswer | c.Clarify | c.Correct | c.Override) and actor.id is not None:
            self._keep_draft(command.question, Draft(person=actor.id, text=command.words.text))

    def _keep_draft(self, question: QuestionId, draft: Draft) -> None:
        """A text that comes back stands above the draft that is there; what was sent is no draft any more."""
        work, old = self.work, self.work.draft(question, draft.person)
        if not draft.text:
            if draft.sent is None or old.strip() == draft.sent.strip():
                work.keep_draft(question, draft.person, "", self.now)
        elif draft.text.strip() not in old:
            kept = old if old and old.strip() not in draft.text else ""
            text = f"{draft.text}\n\n{kept}" if kept else draft.text
            work.keep_draft(question, draft.person, text[:DRAFT_CHARS_MAX], self.now)

    def _save(self, change: Change[Question], category: Category) -> None:
        work, question = self.work, change.after
        timer = due(question, self.policy, category)
        work.save_question(change, timer)
        work.book(book(change, self.policy), self.now)
        keep_files(work, change)
        for draft in change.drafts:
            self._keep_draft(question.id, draft)
        for message in change.messages:
            if message.revision > 1:
                work.refresh(question.id, message.number)
        cleared = work.show_files_anew(question.id) if files_withdrawn(change) else frozenset()
        notices = announce(change, self._reach(change, category))
        work.want(notices, self.now)
        if isinstance(change.command, c.SendNow | c.TryNow):
            work.hurry(question.origin, text_slot(question, change.command.message), self.now)
        for command in follow_ups(change):
            self._decide(command, Actor(machine=Machine.CLOCK))
        self.wake(question, notices, timer.at if timer else None, cleared)

    def _reach(self, change: Change[Question], category: Category) -> Reach:
        work = self.work
        reminded_lead = isinstance(change.command, c.Remind) and change.command.what is c.Reminder.LEAD_AWAITED
        leads = work.staff_homes(leads_only=True) if reminded_lead else {}
        return Reach(
            category=category,
            homes=work.homes(people_told(change)),
            leads=leads,
            quiet_until=self._quiet({*can_wait(change), *leads}),
            masters=work.master_homes(category.name) if change.outcome is Outcome.REVIEW else {},
        )

    def _quiet(self, people: Iterable[PersonId]) -> dict[PersonId, int]:
        """When the quiet hours end of those who have them now."""
        found = {each: self.work.person(each) for each in people}
        ends = {
            each: quiet_until(person.expert, person.timezone, self.now)
            for each, person in found.items()
            if person is not None and person.expert is not None
        }
        return {each: end for each, end in ends.items() if end is not None}

    def wake_places(self, notices: Iterable[Notice]) -> None:
        places = frozenset(notice.recipient for notice in notices)

        def call() -> None:
            for wanted in self.effects.wanted:
                wanted(places)

        self.work.after_commit(call)

    def wake(
        self,
        question: Question,
        notices: tuple[Notice, ...],
        due_at: int | None,
        cleared: frozenset[Place] = frozenset(),
    ) -> None:
        places = cleared | {*(notice.recipient for notice in notices), question.origin}

        def call() -> None:
            for wanted in self.effects.wanted:
                wanted(places)
            for changed in self.effects.changed:
                changed(question.id)
            if due_at is not None:
                for timed in self.effects.due:
                    timed(due_at)

        self.work.after_commit(call)

    # --- people and categories -----------------------------------------------------------------------------------

    def _on_person(self, command: PersonCommand, actor: Actor) -> Receipt:
        if isinstance(command, c.Link):
            done = carry_out_link(self, command, actor)
            return _refused(done, actor) if isinstance(done, Refusal) else done
        command = replace(command, person=self._resolved(command.person, actor))
        named = self.work.person_named(command.name) if isinstance(command, c.Rename) else None
        person = self.work.person(command.person)
        context = Context(
            actor=actor,
            now=self.now,
            policy=self.policy,
            named=self.work.person(named) if named else None,
            free_name=self._free_name(command, person) if person is not None else "",
        )
        decision = decide_person(command, person, context)
        if isinstance(decision, Refusal):
            return _refused(decision, actor)
        if decision.outcome is not Outcome.NOTHING:
            self.work.save_person(decision, None)
            self._tell_of_pause(decision)
        return _done(decision)

    def _free_name(self, command: PersonCommand, person: Person) -> str:
        """The name that a command gives somebody without asking them, with a number behind it while another member
        has that name; empty for commands that name nobody."""
        if not isinstance(command, c.Enrol | c.Appoint | c.Vouch | c.Introduce):
            return ""
        as_staff = isinstance(command, c.Appoint) or (isinstance(command, c.Vouch) and command.staff is not None)
        wanted = command.name if isinstance(command, c.Introduce) else person.name
        chars_max = self.policy.name_chars_max
        name = fit_name(wanted, as_staff=as_staff, chars_max=chars_max)
        for number in count(1):
            last = f" {number}" if number > 1 else ""
            tried = f"{name[: chars_max - len(last)]}{last}"
            other = self.work.person_named(tried)
            known = self.work.person(other) if other is not None and other != person.id else None
            if known is None or not is_member(known):
                return tried
        raise AssertionError("numbers do not end")

    def _tell_of_pause(self, change: Change[Person]) -> None:
        home = self.work.homes((change.after.id,)).get(change.after.id)
        notice = pause_notice(change, home) if home is not None else None
        if notice is not None:
            self.work.want([notice], self.now)
            self.wake_places([notice])

    def _on_category(self, command: CategoryCommand, actor: Actor) -> Receipt:
        context = Context(actor=actor, now=self.now, policy=self.policy)
        decision = decide_category(command, self.work.category(command.category), context)
        if isinstance(decision, Refusal):
            return _refused(decision, actor)
        self.work.save_category(decision, None)
        if decision.before is not None:
            self._show_category_anew(decision.before, decision.after)
        return _done(decision)

    def _show_category_anew(self, before: Category, after: Category) -> None:
        """Its unfinished questions follow it: to other channels, to staff, out of sight."""
        work = self.work
        for number in work.unfinished(after.name):
            question = work.question(number)
            assert question is not None, "it was just listed"
            notices = tuple(card_notices(question, after, gone_from=before))
            work.want(notices, self.now)
            for message in range(1, question.messages + 1) if before.private is not after.private else ():
                work.refresh(number, message)
            self.wake(question, notices, None)
            if question.state is State.OPEN and not after.open_to_experts:
                self._decide(c.HandOver(question=number), Actor(machine=Machine.CLOCK))


def _done(change: Change[Question] | Change[Person] | Change[Category]) -> Receipt:
    before, after = change.before, change.after
    receipt = Receipt(
        verb=verb_name(type(change.command)),
        outcome=change.outcome,
        actor=change.actor.id,
        message=_main_message(change),
    )
    match after:
        case Question():
            was = before.state if isinstance(before, Question) else None
            return replace(receipt, question=after.id, before=was, after=after.state, at=after.held_until)
        case Person():
            return replace(receipt, person=after.id)
        case Category():
            return replace(receipt, names=(after.name,))


def _main_message(change: Change[Question] | Change[Person] | Change[Category]) -> int | None:
    """The text that the command named, else the one it added."""
    number = getattr(change.command, "message", None)
    if isinstance(number, int) and not isinstance(change.command, c.Correct):
        return number
    added = [message.number for message in change.messages if message.revision == 1]
    return added[0] if added else None


def _refused(refusal: Refusal, actor: Actor) -> Receipt:
    return Receipt(
        verb=verb_name(type(refusal.command)),
        question=refusal.question,
        reason=refusal.reason,
        actor=actor.id,
        message=getattr(refusal.command, "message", None),
        person=refusal.person,
        at=refusal.at,
        limit=refusal.limit,
        names=refusal.names,
    )
