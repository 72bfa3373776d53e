"""Deciding on a question: look up the move, check who and when, then let the verb say what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot import commands as c
from bot.change import Change, Outcome, Reason, Refusal
from bot.commands import QuestionCommand
from bot.decide import answering, asking, claiming, mending, staffing, timing
from bot.decide.context import Context, roles
from bot.decide.files import show_file, with_files
from bot.decide.steps import Decision, Step, refuse, take_back_all
from bot.lifecycle import QUESTION_MOVES, Move, Who
from bot.model import Category, Question, Standing, State

Verb = Callable[[Any, Question, Context], Decision]

VERBS: Final[Mapping[type, Verb]] = {
    c.Admit: staffing.admit,
    c.Claim: claiming.claim,
    c.Extend: claiming.extend,
    c.Release: claiming.release,
    c.Lapse: claiming.lapse,
    c.Pass: claiming.pass_on,
    c.Clarify: answering.clarify,
    c.Expire: timing.expire,
    c.Reply: asking.reply,
    c.Reword: mending.reword,
    c.TakeBack: mending.take_back_words,
    c.SendAnswer: answering.answer,
    c.Undo: answering.undo,
    c.SendNow: answering.send_now,
    c.Approve: answering.approve,
    c.Revise: answering.revise,
    c.Delivered: answering.delivered,
    c.Undelivered: answering.undelivered,
    c.TryNow: answering.try_now,
    c.Correct: answering.correct,
    c.Helped: asking.helped,
    c.Silence: timing.silence,
    c.PayRest: timing.pay_rest,
    c.NotYet: asking.not_yet,
    c.StaffPlease: asking.staff_please,
    c.Escalate: claiming.escalate,
    c.Stand: claiming.stand,
    c.Veto: claiming.veto,
    c.Take: staffing.take,
    c.Assign: staffing.assign,
    c.HandBack: staffing.hand_back,
    c.HandOver: timing.hand_over,
    c.Confirm: staffing.confirm,
    c.Deny: staffing.deny,
    c.Override: staffing.override,
    c.Appeal: staffing.note,
    c.Flag: staffing.flag,
    c.Raise: staffing.raise_bounty,
    c.Note: staffing.note,
    c.StaffNote: staffing.note,
    c.Redact: staffing.redact,
    c.ShowFile: show_file,
    c.Close: staffing.close,
    c.Withdraw: asking.withdraw,
    c.Reopen: staffing.reopen,
    c.Mature: timing.mature,
    c.Settle: timing.settle,
    c.Remind: timing.remind,
    c.Postpone: timing.postpone,
}


def decide_question(
    command: QuestionCommand, question: Question | None, context: Context
) -> Change[Question] | Refusal:
    """What becomes of the question, or why nothing does. Pure: the same arguments, the same decision."""
    who = roles(command, question, context)
    moves = [move for move in QUESTION_MOVES if move.verb is type(command)]
    mine = [move for move in moves if move.who & who]
    if isinstance(command, c.Ask):
        assert question is None, "a question is asked once"
        decision = asking.ask(command, who, context) if mine else refuse(command, Reason.NOT_ALLOWED)
        return _change(command, None, decision, context, mine)
    if question is None:
        return refuse(command, Reason.NOT_FOUND)
    if not mine:
        return _not_by_you(command, question, context, moves, who)
    now_mine = [move for move in mine if question.state in move.when]
    if not now_mine:
        return _not_now(command, question, context)
    decision = VERBS[type(command)](command, question, context)
    return _change(command, question, decision, context, now_mine)


def may(command: QuestionCommand, question: Question, context: Context) -> bool:
    """Whether the table lets the actor do this now, whatever else may stand against it."""
    who = roles(command, question, context)
    return any(move.verb is type(command) and move.who & who and question.state in move.when for move in QUESTION_MOVES)


def _change(
    command: QuestionCommand,
    before: Question | None,
    decision: Decision,
    context: Context,
    moves: list[Move[State]],
) -> Change[Question] | Refusal:
    if isinstance(decision, Refusal):
        return decision
    decision = take_back_all(decision, context)
    decision = replace(decision, after=with_files(decision, command))
    _assert_listed(before, decision, moves)
    revision = before.revision + 1 if before is not None else 1
    return Change(
        command=command,
        actor=context.actor,
        at=context.now,
        before=before,
        after=replace(decision.after, revision=revision, **_seen_by(command, decision, context)),
        outcome=decision.outcome,
        messages=decision.messages,
        drafts=decision.drafts,
    )


def _seen_by(command: QuestionCommand, step: Step, context: Context) -> dict[str, Any]:
    """Once experts or staff have a card of the question, it stays up to date for ever.

    A text under review in a private category shows on staff's card alone. What asks for staff stays in their inbox
    until one of them does something about the question.
    """
    after = step.after
    private = step.outcome is Outcome.REVIEW and context.category is not None and context.category.private
    with_experts = after.state is State.OPEN or (after.state is State.CLAIMED and not after.with_staff)
    asked_staff = isinstance(command, c.StaffNote | c.Appeal | c.Flag) or (
        isinstance(command, c.Remind) and command.what in (c.Reminder.UNDELIVERED, c.Reminder.REVIEW_AWAITED)
    )
    with_staff = after.state in (State.HELD, State.ESCALATED) or after.with_staff or private
    by_staff = context.actor.person is not None and context.actor.person.staff is not None
    asking = after.asks_staff or isinstance(command, c.Appeal | c.Flag)
    return {
        "offered": after.offered or with_experts,
        "staffed": after.staffed or with_staff or asked_staff,
        "asks_staff": asking and not by_staff,
    }


def _assert_listed(before: Question | None, step: Step, moves: list[Move[State]]) -> None:
    """The table is the truth: a verb that leads anywhere else is a bug."""
    state = step.after.state
    stays = before is not None and state is before.state
    assert stays or any(state in move.outcomes for move in moves), f"{moves[0].verb.__name__} may not lead to {state}"


def _not_by_you(
    command: QuestionCommand, question: Question, context: Context, moves: list[Move[State]], who: Who
) -> Refusal:
    """The most useful reason why this person may not: what they would have to be."""
    wanted = Who.NOBODY
    for move in moves:
        wanted |= move.who
    person = context.actor.person
    if Who.EXPERT & wanted and Who.CUSTOMER & who:
        return refuse(command, Reason.OWN_QUESTION)
    is_expert = person is not None and person.expert is not None and person.staff is None
    came_late = isinstance(command, c.SendAnswer | c.Clarify) and is_expert
    if came_late and question.state is State.CLAIMED:
        return refuse(command, Reason.ALREADY_TAKEN, person=question.holder, at=question.claimed_at)
    if (Who.EXPERT | Who.CLAIMER | Who.MASTER) & wanted and person is not None:
        return _not_expert(command, context.category, context, question)
    return refuse(command, Reason.NOT_STAFF if Who.STAFF & wanted else Reason.NOT_ALLOWED)


def _not_expert(command: QuestionCommand, category: Category | None, context: Context, question: Question) -> Refusal:
    person = context.actor.person
    assert person is not None
    expert = person.expert
    if expert is None or category is None or person.blocked:
        return refuse(command, Reason.NOT_EXPERT)
    if expert.standing is Standing.SUSPENDED:
        return refuse(command, Reason.SUSPENDED)
    if not category.open_to_experts:
        return refuse(command, Reason.CATEGORY_OFF)
    if expert.categories and category.name not in expert.categories:
        return refuse(command, Reason.NOT_EXPERT, names=(category.title,))
    if expert.rank.height < category.rank_min.height:
        return refuse(command, Reason.RANK_TOO_LOW, names=(category.rank_min,))
    if question.state is State.OPEN:
        return refuse(command, Reason.WRONG_STATE)
    return refuse(command, Reason.NOT_ALLOWED)


def _not_now(command: QuestionCommand, question: Question, context: Context) -> Refusal:
    held = question.state in (State.CLAIMED, State.WAITING, State.REVIEW)
    if isinstance(command, c.Claim) and held and question.holder is not None:
        if question.holder == context.actor.id:
            return refuse(command, Reason.ALREADY_YOURS)
        return refuse(command, Reason.ALREADY_TAKEN, person=question.holder, at=question.claimed_at)
    if context.actor.machine is not None:
        return refuse(command, Reason.TOO_EARLY)
    return refuse(command, Reason.WRONG_STATE)
