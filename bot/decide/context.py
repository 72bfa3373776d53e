"""The facts a decision may use, and what they make of the actor: customer, expert, claimer, staff."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.change import Actor, Machine
from bot.commands import Appeal, Ask, QuestionCommand
from bot.lifecycle import Who
from bot.model import Category, Message, Person, PersonId, Place, Question, Rank, StaffRole, Standing
from bot.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything around the subject, read in the same transaction.

    `named` is the person a command names; `texts` are the texts it names or replaces, by number; `claims_held`
    counts the claims of whoever would hold the question; `open_asked` the asker's unfinished questions;
    `free_name` is the name that somebody is to get, as nobody else has it;
    `other_ways` are places where the customer was answered before;
    `reviewer_staff` tells that the standing answer was reviewed by staff, who earn no share.
    """

    actor: Actor
    now: int
    policy: Policy
    category: Category | None = None
    named: Person | None = None
    texts: Mapping[int, Message] = field(default_factory=dict)
    free_name: str = ""
    claims_held: int = 0
    open_asked: int = 0
    master_online: bool = False
    reviewer_staff: bool = False
    other_ways: tuple[Place, ...] = ()

    @property
    def person(self) -> PersonId:
        assert self.actor.id is not None, "only people do this"
        return self.actor.id


def roles(command: QuestionCommand, question: Question | None, context: Context) -> Who:
    """What the actor is to this question at this moment."""
    person, machine = context.actor.person, context.actor.machine
    found = Who.NOBODY
    if machine is Machine.CLOCK:
        return Who.CLOCK
    if machine is Machine.COURIER:
        return Who.COURIER
    if machine is Machine.INTEGRATION:
        found |= Who.INTEGRATION
    if person is None:
        return found
    found |= staff_roles(person)
    if isinstance(command, Ask):
        return found | (Who.CUSTOMER if person.id == command.customer else Who.NOBODY)
    if question is None:
        return found
    if person.id == question.customer:
        return found | Who.CUSTOMER
    if qualifies(person, context.category):
        found |= Who.EXPERT
        if person.expert and person.expert.rank is Rank.MASTER and not _is_author(command, question, person.id):
            found |= Who.MASTER
    if person.id == question.holder and (Who.EXPERT | Who.STAFF) & found:
        found |= Who.CLAIMER
    if _is_author(command, question, person.id):
        found |= Who.AUTHOR
    return found


def staff_roles(person: Person) -> Who:
    """A lead can do what an agent can, an admin what a lead can."""
    if person.staff is None:
        return Who.NOBODY
    found = Who.STAFF
    if person.staff.height >= StaffRole.LEAD.height:
        found |= Who.LEAD
    if person.staff is StaffRole.ADMIN:
        found |= Who.ADMIN
    return found


def qualifies(person: Person, category: Category | None) -> bool:
    """Whether this person may hold questions of the category as an expert. Staff are never paid as experts."""
    expert = person.expert
    if expert is None or category is None or person.staff is not None or person.blocked:
        return False
    if expert.standing is not Standing.ACTIVE or not category.open_to_experts:
        return False
    if expert.rank.height < category.rank_min.height:
        return False
    return not expert.categories or category.name in expert.categories


def _is_author(command: QuestionCommand, question: Question, person: PersonId) -> bool:
    if isinstance(command, Appeal):
        escalated = question.escalation is not None and question.escalation.by == person
        return escalated or any(answer.author == person for answer in question.answers)
    number = getattr(command, "message", None)
    answer = question.answer_numbered(number) if number is not None else None
    return answer is not None and answer.author == person
