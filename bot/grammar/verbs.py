"""The verb table: one row for each verb that a person can say, with its words and what it wants to hear."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from bot.commands import (
    Admit,
    Appeal,
    Appoint,
    Approve,
    Assign,
    Block,
    Claim,
    Clarify,
    Close,
    CloseCategory,
    Command,
    Confirm,
    Correct,
    CreateCategory,
    Deny,
    Dismiss,
    EditCategory,
    Enrol,
    Escalate,
    Extend,
    Flag,
    HandBack,
    Helped,
    Leave,
    Link,
    Note,
    NotYet,
    OpenCategory,
    Override,
    Pass,
    Pause,
    QuietHours,
    Raise,
    Redact,
    Reinstate,
    Release,
    Rename,
    Reopen,
    Resume,
    Revise,
    SendAnswer,
    SendNow,
    ShowFile,
    StaffNote,
    StaffPlease,
    Suspend,
    Take,
    TryNow,
    Unblock,
    Undo,
    Veto,
    Withdraw,
)
from bot.decide.context import staff_roles
from bot.grammar.slots import CLOSINGS, COMPLAINTS, ESCALATIONS, RANKS, ROLES, SHARINGS, WORDY, Kind, Slot
from bot.lifecycle import CATEGORY_MOVES, PERSON_MOVES, QUESTION_MOVES, Who
from bot.model import Person, Rank


class Subject(StrEnum):
    """What a verb is about; a LOOK changes nothing."""

    QUESTION = "question"
    PERSON = "person"
    CATEGORY = "category"
    LOOK = "look"


class Sight(StrEnum):
    """What can be looked at."""

    HELP = "help"
    QUEUE = "queue"
    SHOW = "show"
    DESK = "desk"
    STATEMENT = "statement"
    MONEY = "money"
    WHO = "who"
    INBOX = "inbox"
    CATEGORIES = "categories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """`word` is how buttons say it and help spells it; spaces, hyphens and neither mean the same."""

    word: str
    aliases: tuple[str, ...] = ()
    subject: Subject
    slots: tuple[Slot, ...] = ()
    command: Callable[..., Command] | None = None
    sight: Sight | None = None
    seen_by: Who = Who.NOBODY

    @property
    def who(self) -> Who:
        """Whom the lifecycle lets do it, at some moment; for a look, whom it is for."""
        return _allowed().get(self.command, Who.NOBODY) if self.command else self.seen_by

    @property
    def wordless(self) -> bool:
        """Whether nothing in its sentence is anybody's own words."""
        return not any(slot.kind in WORDY for slot in self.slots)

    def slot(self, name: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.name == name), None)


def verbs_for(roles: Who) -> tuple[Verb, ...]:
    """The verbs that someone with any of `roles` can use at some moment, in the order of the table."""
    return tuple(verb for verb in VERBS if verb.who & roles)


def hats(person: Person) -> Who:
    """Everything this person can come to be: who may claim can be a claimer, and who may write an author."""
    roles = Who.CUSTOMER
    if person.expert:
        roles |= Who.EXPERT | Who.CLAIMER | Who.AUTHOR | Who.SELF
        if person.expert.rank is Rank.MASTER:
            roles |= Who.MASTER
    if person.staff:
        roles |= staff_roles(person) | Who.CLAIMER | Who.AUTHOR | Who.SELF
    return roles


def verb_said(phrase: str) -> Verb | None:
    """The verb of exactly this word or alias, whatever its case, hyphens and spaces."""
    return PHRASES.get(glued(phrase))


def verb_of(command: Command) -> Verb | None:
    """The verb by which a person says such a command, or None for what only the clock or the courier does."""
    return _by_command().get(type(command))


def glued(phrase: str) -> str:
    """`notyet` for "Not yet", "not-yet" and "not–yet": what verbs are compared by."""
    plain = unicodedata.normalize("NFKC", phrase[:_PHRASE_CHARS_MAX]).casefold()
    return re.sub(r"[^\w+]|_", "", plain)


_PHRASE_CHARS_MAX: Final = 80
_EVERYBODY: Final = Who.CUSTOMER | Who.EXPERT | Who.STAFF
_CREW: Final = Who.EXPERT | Who.STAFF


@cache
def _allowed() -> dict[object, Who]:
    allowed: dict[object, Who] = {}
    rows = [
        *((move.verb, move.who) for move in QUESTION_MOVES),
        *((move.verb, move.who) for move in PERSON_MOVES),
        *((move.verb, move.who) for move in CATEGORY_MOVES),
    ]
    for verb, who in rows:
        allowed[verb] = allowed.get(verb, Who.NOBODY) | who
    return allowed


@cache
def _by_command() -> dict[object, Verb]:
    return {verb.command: verb for verb in VERBS if verb.command}


def _about_question(word: str, command: Callable[..., Command], *slots: Slot, also: str = "") -> Verb:
    return Verb(word=word, aliases=_listed(also), subject=Subject.QUESTION, command=command, slots=slots)


def _about_person(word: str, command: Callable[..., Command], *slots: Slot, also: str = "") -> Verb:
    return Verb(word=word, aliases=_listed(also), subject=Subject.PERSON, command=command, slots=slots)


def _about_category(word: str, command: Callable[..., Command], *slots: Slot, also: str = "") -> Verb:
    every = (Slot(name="category", kind=Kind.CATEGORY), *slots, Slot(name="why", kind=Kind.WHY, required=False))
    return Verb(word=word, aliases=_listed(also), subject=Subject.CATEGORY, command=command, slots=every)


def _look(sight: Sight, seen_by: Who, *slots: Slot, also: str = "") -> Verb:
    return Verb(
        word=sight.value, aliases=_listed(also), subject=Subject.LOOK, sight=sight, seen_by=seen_by, slots=slots
    )


def _listed(phrases: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in phrases.split("|") if phrase.strip())


_MESSAGE: Final = Slot(name="message", kind=Kind.MESSAGE)
_WORDS: Final = Slot(name="words", kind=Kind.TEXT)
_SOME_WORDS: Final = Slot(name="words", kind=Kind.TEXT, required=False)
_EDITS: Final = Slot(name="words", kind=Kind.EDITS, required=False)
_PERSON: Final = Slot(name="person", kind=Kind.PERSON)
_PERSON_OR_ME: Final = Slot(name="person", kind=Kind.PERSON, required=False)

# fmt: off
VERBS: Final[tuple[Verb, ...]] = (
    _about_question("claim", Claim, also="claim it | take it | mine"),
    _about_question("answer", SendAnswer, _WORDS, also="reply | respond"),
    _about_question("extend", Extend, also="more time | +10 | +10 min"),
    _about_question("release", Release, also="unclaim | let go | give up"),
    _about_question("pass", Pass, Slot(name="reason", kind=Kind.LINE, required=False), also="not for me | skip"),
    _about_question("clarify", Clarify, _WORDS, also="ask back | ask customer"),
    _about_question("undo", Undo, _MESSAGE, also="unsend | take back"),
    _about_question("send-now", SendNow, _MESSAGE, also="send it now"),
    _about_question("try-now", TryNow, _MESSAGE, also="try again | retry | resend"),
    _about_question("correct", Correct, _MESSAGE, _WORDS, also="correction | send a correction"),
    _about_question("escalate", Escalate, Slot(name="reason", kind=Kind.CHOICE, options=ESCALATIONS), _WORDS,
                    also="needs staff"),
    _about_question("approve", Approve, _MESSAGE, _EDITS),
    _about_question("revise", Revise, _MESSAGE, _WORDS, also="request changes"),
    _about_question("veto", Veto),
    _about_question("note", Note, _WORDS),
    _about_question("appeal", Appeal, _WORDS, also="something is wrong | wrong"),
    _about_question("flag", Flag, _MESSAGE, _WORDS, also="report | bad answer"),
    _about_question("helped", Helped, _MESSAGE, _SOME_WORDS, also="it helped | solved | yes solved"),
    _about_question("not-yet", NotYet, _MESSAGE, Slot(name="complaint", kind=Kind.CHOICE, options=COMPLAINTS),
                    _SOME_WORDS, also="not solved"),
    _about_question("staff-please", StaffPlease, also="staff"),
    _about_question("withdraw", Withdraw, also="never mind"),
    _about_question("show-file", ShowFile, Slot(name="file", kind=Kind.MESSAGE),
                    Slot(name="choice", kind=Kind.CHOICE, options=SHARINGS)),
    _about_question("admit", Admit, also="let through"),
    _about_question("take", Take, also="take over | take it over"),
    _about_question("assign", Assign, Slot(name="expert", kind=Kind.PERSON), also="give to"),
    _about_question("hand-back", HandBack, also="give back"),
    _about_question("confirm", Confirm),
    _about_question("deny", Deny),
    _about_question("override", Override, _WORDS, Slot(name="reason", kind=Kind.REASON),
                    Slot(name="pay_percent", kind=Kind.PERCENT, required=False)),
    _about_question("raise", Raise, Slot(name="bounty", kind=Kind.AMOUNT), also="raise to | raise bounty"),
    _about_question("staff-note", StaffNote, _WORDS),
    _about_question("redact", Redact, _MESSAGE),
    _about_question("close", Close, Slot(name="reason", kind=Kind.CHOICE, options=CLOSINGS),
                    Slot(name="duplicate_of", kind=Kind.QUESTION, required=False)),
    _about_question("reopen", Reopen),

    _about_person("pause", Pause, _PERSON_OR_ME, Slot(name="minutes", kind=Kind.DURATION),
                  also="break | take a break"),
    _about_person("resume", Resume, _PERSON_OR_ME, also="I'm back | back"),
    _about_person("quiet", QuietHours, Slot(name="from_hour", kind=Kind.HOUR),
                  Slot(name="until_hour", kind=Kind.HOUR), also="quiet hours"),
    _about_person("rename", Rename, _PERSON_OR_ME, Slot(name="name", kind=Kind.LINE),
                  also="rename to | name | call me"),
    _about_person("leave", Leave),
    _about_person("link", Link, Slot(name="code", kind=Kind.CODE, required=False),
                  also="link code | link with | connect"),
    _about_person("enrol", Enrol, _PERSON, Slot(name="rank", kind=Kind.CHOICE, options=RANKS, required=False),
                  Slot(name="categories", kind=Kind.CATEGORIES, required=False), also="enroll"),
    _about_person("suspend", Suspend, _PERSON, Slot(name="why", kind=Kind.LINE)),
    _about_person("reinstate", Reinstate, _PERSON),
    _about_person("appoint", Appoint, _PERSON, Slot(name="role", kind=Kind.CHOICE, options=ROLES)),
    _about_person("dismiss", Dismiss, _PERSON),
    _about_person("block", Block, _PERSON),
    _about_person("unblock", Unblock, _PERSON),

    _about_category("category-open", OpenCategory, also="open category"),
    _about_category("category-close", CloseCategory, also="close category"),
    _about_category("category-set", EditCategory, Slot(name="setting", kind=Kind.SETTING),
                    Slot(name="to", kind=Kind.VALUE), also="set category"),
    _about_category("category-create", CreateCategory, Slot(name="title", kind=Kind.LINE),
                    also="create category | new category"),

    _look(Sight.HELP, _EVERYBODY, Slot(name="argument", kind=Kind.VERB, required=False), also="commands"),
    _look(Sight.QUEUE, _CREW, Slot(name="argument", kind=Kind.CATEGORY, required=False), also="open questions"),
    _look(Sight.SHOW, _CREW),
    _look(Sight.DESK, _CREW, also="me | my desk | home"),
    _look(Sight.MONEY, _CREW, also="balance | earnings"),
    _look(Sight.STATEMENT, _CREW, Slot(name="argument", kind=Kind.PERSON, required=False),
          also="see every line"),
    _look(Sight.WHO, Who.STAFF, Slot(name="argument", kind=Kind.CATEGORY, required=False), also="experts"),
    _look(Sight.INBOX, Who.STAFF),
    _look(Sight.CATEGORIES, _CREW),
)
# fmt: on

PHRASES: Final[dict[str, Verb]] = {
    glued(phrase): verb for verb in VERBS for phrase in (verb.word, *verb.aliases) if glued(phrase)
}
