"""Deciding on a person: rank, role, pauses, name."""

from dataclasses import replace

from bot.change import Change, Machine, Outcome, Reason, Refusal
from bot.commands import (
    Appoint,
    Block,
    Dismiss,
    Enrol,
    Introduce,
    Leave,
    NoteLapse,
    NoteReview,
    Pause,
    PersonCommand,
    QuietHours,
    Reinstate,
    Rename,
    Resume,
    Suspend,
    Unblock,
    Vouch,
)
from bot.decide.context import Context, staff_roles
from bot.decide.vouching import introduce, vouch
from bot.lifecycle import PERSON_MOVES, Who
from bot.market.reputation import next_rank
from bot.model import UNNAMED, Expert, Person, Standing
from bot.policy import DAY_MS, MINUTE_MS
from bot.privacy.cleaning import clean

# A pseudonym must not pass for the company.
NAMES_TAKEN_BY_STAFF = ("support", "team", "staff", "admin", "official", "guildhall")


def decide_person(command: PersonCommand, person: Person | None, context: Context) -> Change[Person] | Refusal:
    """What becomes of the person, or why nothing does."""
    if person is None:
        return Refusal(command=command, reason=Reason.NO_SUCH_PERSON, names=(str(command.person),))
    who = _roles(person, context)
    moves = [move for move in PERSON_MOVES if move.verb is type(command)]
    mine = [move for move in moves if move.who & who]
    if not mine:
        staff_only = not any(Who.SELF in move.who for move in moves)
        reason = Reason.NOT_STAFF if staff_only else Reason.NOT_ALLOWED
        return Refusal(command=command, reason=reason, person=person.id)
    standing = person.expert.standing if person.expert else None
    if not any(standing in move.when for move in mine):
        reason = Reason.NOT_EXPERT if person.expert is None else Reason.WRONG_STATE
        return Refusal(command=command, reason=reason, person=person.id)
    after = _apply(command, person, context)
    if isinstance(after, Refusal):
        return after
    if is_member(after) and not is_member(person):
        after = replace(after, name=context.free_name or after.name)
    outcome = Outcome.NOTHING if after == person else Outcome.DONE
    return Change(command=command, actor=context.actor, at=context.now, before=person, after=after, outcome=outcome)


def is_member(person: Person) -> bool:
    """Experts and staff, who are told apart by name."""
    return person.expert is not None or person.staff is not None


def fit_name(name: str, *, as_staff: bool, chars_max: int) -> str:
    """The name as a member may carry it: short, visible, and an expert's without words that pass for the company."""
    words = clean(name).split()
    fit = " ".join(word for word in words if as_staff or not _is_taken(word))[:chars_max].strip()
    return fit if any(sign.isalnum() for sign in fit) else UNNAMED


def _is_taken(word: str) -> bool:
    return "".join(sign for sign in word.lower() if sign.isalnum()) in NAMES_TAKEN_BY_STAFF


def _roles(person: Person, context: Context) -> Who:
    match context.actor.machine:
        case Machine.CLOCK:
            return Who.CLOCK
        case Machine.PLATFORM:
            return Who.PLATFORM
    actor = context.actor.person
    if actor is None:
        return Who.NOBODY
    return staff_roles(actor) | (Who.SELF if actor.id == person.id else Who.NOBODY)


def _apply(command: PersonCommand, person: Person, context: Context) -> Person | Refusal:
    match command:
        case Rename():
            return _rename(command, person, context)
        case Appoint():
            return replace(person, staff=command.role, staff_from="")
        case Dismiss():
            return replace(person, staff=None, staff_from="")
        case Vouch():
            return vouch(command, person)
        case Introduce():
            return introduce(command, person, context.free_name)
        case Block():
            return replace(person, blocked=True)
        case Unblock():
            return replace(person, blocked=False)
        case Enrol():
            expert = person.expert or Expert()
            enrolled = replace(expert, rank=command.rank, categories=command.categories, enrolled_from="")
            return replace(person, expert=replace(enrolled, standing=Standing.ACTIVE, why_standing=""))
        case _:
            if person.expert is None:
                return person
            expert_after = _apply_expert(command, person.expert, context)
            if isinstance(expert_after, Refusal):
                return expert_after
            return replace(person, expert=expert_after)


def _apply_expert(command: PersonCommand, expert: Expert, context: Context) -> Expert | Refusal:
    now, policy = context.now, context.policy
    match command:
        case Suspend(why=why):
            return replace(expert, standing=Standing.SUSPENDED, why_standing=why)
        case Reinstate():
            return replace(expert, standing=Standing.ACTIVE, why_standing="")
        case Leave():
            return replace(expert, standing=Standing.LEFT, enrolled_from="")
        case Pause(minutes=minutes):
            if not 0 < minutes <= 60 * 24 * 365:
                return Refusal(command=command, reason=Reason.BAD_AMOUNT, limit=60 * 24 * 365)
            return replace(expert, paused_until=now + minutes * MINUTE_MS)
        case Resume():
            return replace(expert, paused_until=None)
        case QuietHours(from_hour=start, until_hour=end):
            if not (0 <= start <= 23 and 0 <= end <= 23):
                return Refusal(command=command, reason=Reason.BAD_AMOUNT, limit=23)
            return replace(expert, quiet_from_hour=start, quiet_until_hour=end)
        case NoteLapse():
            lapsed = (*(at for at in expert.lapsed_at if now - at < DAY_MS), now)
            pause = len(lapsed) >= policy.lapses_per_day_max
            until = now + policy.lapse_pause_minutes * MINUTE_MS if pause else expert.paused_until
            return replace(expert, lapsed_at=lapsed, paused_until=until)
        case NoteReview(unchanged=unchanged):
            return _reviewed(expert, unchanged, context)
        case _:
            raise AssertionError(f"no case for {type(command).__name__}")


def _reviewed(expert: Expert, unchanged: bool, context: Context) -> Expert:
    """An apprentice whose texts are mostly approved as they are becomes a journeyman by that alone."""
    reviews = (*expert.reviews, unchanged)[-context.policy.rank_window_reviews :]
    reviewed = replace(expert, reviews=reviews)
    return replace(reviewed, rank=next_rank(reviewed, context.policy) or expert.rank)


def _rename(command: Rename, person: Person, context: Context) -> Person | Refusal:
    name = " ".join(clean(command.name).split())  # what cannot be seen must not hide a word that is taken
    if not name or len(name) > context.policy.name_chars_max or not any(sign.isalnum() for sign in name):
        return Refusal(command=command, reason=Reason.BAD_NAME, limit=context.policy.name_chars_max)
    if person.staff is None and any(_is_taken(word) for word in name.split()):
        return Refusal(command=command, reason=Reason.BAD_NAME, names=(name,))
    if context.named is not None and context.named.id != person.id:
        return Refusal(command=command, reason=Reason.NAME_TAKEN, names=(name,))
    return replace(person, name=name)
