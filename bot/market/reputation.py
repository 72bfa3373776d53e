"""Points, which are shown and never spent, and the rank that an expert has earned.

Amounts are those of "Reputation and money" in the product description, as `Policy` holds them.
"""

from collections.abc import Iterator

from bot.change import Change
from bot.commands import Helped, NotYet, Settle
from bot.market.accounts import POOL, cause_key, points_of
from bot.market.causes import Cause
from bot.market.pay import earning_answer
from bot.model import POINTS, Complaint, Expert, PersonId, Pocket, Question, Rank, Standing, State, Transfer
from bot.policy import HOUR_MS, Policy

_BLAMED = frozenset({Complaint.DID_NOT_WORK, Complaint.NOT_UNDERSTOOD})


def points(change: Change[Question], policy: Policy) -> tuple[Transfer, ...]:
    """What the change means for its expert's points. Silence is no verdict, and staff earn none."""
    after = change.after
    return tuple(
        Transfer(
            key=cause_key(after, "points", number),
            debit=POOL if amount > 0 else points_of(person),
            credit=points_of(person) if amount > 0 else POOL,
            amount=abs(amount),
            unit=POINTS,
            why=why,
            question=after.id,
        )
        for number, (person, amount, why) in enumerate(_verdicts(change, policy))
        if amount
    )


def next_rank(expert: Expert, policy: Policy) -> Rank | None:
    """The rank that this expert's reviews have earned, if it is higher than the present one.

    Only the first step comes by itself: masters are made by people, and so is every step down.
    """
    if expert.rank is not Rank.APPRENTICE or expert.standing is not Standing.ACTIVE:
        return None
    approved = sum(expert.reviews[-policy.rank_window_reviews :])
    return Rank.JOURNEYMAN if approved >= policy.rank_approvals_needed else None


def _verdicts(change: Change[Question], policy: Policy) -> Iterator[tuple[PersonId, int, Cause]]:
    before, after = change.before, change.after
    if before is None:
        return
    author = _author(before)
    match change.command:
        case Helped() if author and after.confirmed and not before.confirmed:
            yield author, policy.helped_points, Cause.HELPED
        case Settle() if author and after.settled and not before.settled and after.confirmed:
            yield author, policy.settled_points, Cause.SETTLED
        case NotYet(complaint=complaint) if before.state is State.SOLVED:
            helped_by = _pending_author(before) or author
            if helped_by and before.confirmed and _undone(before, after, change.at, policy):
                yield helped_by, -policy.helped_points, Cause.REVERSAL
            if helped_by and complaint in _BLAMED:
                yield helped_by, policy.reopened_points, Cause.REOPENED


def _author(question: Question) -> PersonId | None:
    answer = earning_answer(question)
    return answer.author if answer else None


def _pending_author(question: Question) -> PersonId | None:
    """Whose pay for the newest solution is pending: it stays theirs when staff have corrected it since."""
    solutions = [each for each in question.payments if (each.pocket, each.why) == (Pocket.PENDING, Cause.BOUNTY)]
    return solutions[-1].person if solutions else None


def _undone(before: Question, after: Question, at: int, policy: Policy) -> bool:
    """Whether "not yet" came in time to undo "helped": points follow the money, or the clock where there is none."""
    if any(each.pocket is Pocket.PENDING for each in before.payments):
        return after.payments != before.payments
    solved_at = before.solved_at
    if solved_at is None or any(each.why == Cause.BOUNTY and each.at >= solved_at for each in before.payments):
        return False  # the money is payable by now
    return at - solved_at < policy.pending_hours * HOUR_MS
