"""Suggests what somebody could mean while they type: questions, categories, people, settings, verbs."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rapidfuzz import fuzz

from bot import commands as c
from bot.app.reader import Reader
from bot.card import Choice
from bot.change import Actor
from bot.decide import Context, qualifies, roles
from bot.grammar import Sight, Subject, Verb, hats, verb_said
from bot.lifecycle import QUESTION_MOVES, Who
from bot.model import (
    Category,
    Person,
    Question,
    QuestionId,
    Standing,
    State,
    read_number,
    spoken_number,
)
from bot.ports import Facts
from bot.wording import suggestions as lines

ASK: Final = "ask"
_MOST: Final = 25  # what Discord shows; more would not be read
_LOOKED_AT: Final = 50
_LIKE_PERCENT_MIN: Final = 80
_LIKE_CHARS_MIN: Final = 4  # so that three letters are not taken for any three others
_SEARCHED_CHARS_MAX: Final = 300
_TYPED_CHARS_MAX: Final = 60

_HOLDING: Final = (State.CLAIMED, State.WAITING, State.REVIEW)
_WITH_STAFF: Final = (State.HELD, State.ESCALATED, State.REVIEW)


async def suggestions(reader: Reader, person: Person | None, kind: str, typed: str, verb: str) -> tuple[Choice, ...]:
    """At most 25 choices of that kind for `verb`, the likeliest first; see `bot.ports.Desk.suggest`."""
    typed, known = typed.strip()[:_TYPED_CHARS_MAX], verb_said(verb)
    if kind == "category" and verb == ASK and not (person and person.blocked):
        return _fitting(typed, _categories(await _open_categories(reader)))
    if person is None or person.blocked:
        return ()
    match kind:
        case "question":
            return await _Questions(reader, person, known).like(typed)
        case "category" if person.is_crew:
            return _fitting(typed, _categories(await _categories_for(reader, person, known)))
        case "categories" if person.staff is not None:
            return _listed(typed, await _open_categories(reader))
        case "person" if person.staff is not None:
            return _fitting(typed.lstrip("@"), await _people(reader, known))
        case "setting" if person.staff is not None:
            choices = lines.setting_choices(person.languages)
            return _fitting(typed, ((each, f"{each.label} {each.value.replace('_', ' ')}") for each in choices))
        case "verb":
            found = lines.verb_choices(hats(person), reader.policy, person.languages)
            return _fitting(typed, ((choice, " ".join((choice.label, *row.aliases))) for row, choice in found))
    return ()


# --- questions


class _Questions:
    """The questions about which one person could say one verb."""

    def __init__(self, reader: Reader, person: Person, verb: Verb | None) -> None:
        self.reader = reader
        self.person = person
        self.moves = [] if verb is None else [move for move in QUESTION_MOVES if move.verb is verb.command]
        self.looking = verb is None or verb.sight is Sight.SHOW
        self.passing = verb is not None and verb.command in (c.Claim, c.Pass)
        self.is_of_questions = self.looking or (verb is not None and verb.subject is Subject.QUESTION)

    async def like(self, typed: str) -> tuple[Choice, ...]:
        """By number, or by the words that this person may read, with the question itself when its number is whole."""
        if not self.is_of_questions:
            return ()
        categories = await self.reader.categories()
        found: dict[QuestionId, Question] = {}
        for each in (*await self._named(typed), *await self._likely()):
            if self._may(each, categories.get(each.category)):
                found.setdefault(each.id, each)
        plain = _number_begun(typed)
        begun = [each for each in found.values() if plain and spoken_number(each.id).startswith(plain)]
        shown = begun or list(found.values())
        most = _MOST if begun or not typed else _LOOKED_AT
        facts = [await self.reader.facts(each.id, self.person) for each in shown[:most]]
        if begun:
            return tuple(lines.question_choice(each, self.person) for each in facts)
        return _fitting(typed, ((lines.question_choice(each, self.person), self._searched(each)) for each in facts))

    async def _named(self, typed: str) -> Sequence[Question]:
        number = read_number(typed.partition(" ")[0])
        question = (await self.reader.facts(number)).question if number is not None else None
        return () if question is None else (question,)

    async def _likely(self) -> list[Question]:
        """What they hold, wrote in and asked; then what waits for staff, what is open, and the newest of the rest."""
        questions, person, wanted = self.reader.views.questions, self.person, self._states()
        if not wanted:
            return []
        held = (await questions(states=wanted, holder=person.id, limit=_LOOKED_AT)).rows if person.is_crew else ()
        found = sorted(held, key=_nearest)
        if person.is_crew and self._is_for(Who.AUTHOR):
            found += await self.reader.views.questions_answered_by(person.id, _LOOKED_AT)
        if self._is_for(Who.CUSTOMER):
            found += (await questions(states=wanted, customer=person.id, limit=_LOOKED_AT)).rows
        if not person.is_crew or not self._is_for(Who.EXPERT | Who.MASTER | Who.STAFF):
            return found
        shared = (_WITH_STAFF, True), ((State.OPEN,), True), (_others(wanted), False)
        for states, oldest_first in shared:
            if states := tuple(each for each in states if each in wanted):
                page = await questions(states=states, oldest_first=oldest_first, limit=_LOOKED_AT)
                found += page.rows
        return found

    def _states(self) -> tuple[State, ...]:
        if self.looking:
            return tuple(State)
        mine = hats(self.person)
        return tuple(state for state in State if any(move.who & mine and state in move.when for move in self.moves))

    def _is_for(self, who: Who) -> bool:
        return self.looking or any(move.who & who & hats(self.person) for move in self.moves)

    def _may(self, question: Question, category: Category | None) -> bool:
        """Whether the table lets them; a question that experts were not shown is not told of."""
        person = self.person
        if self.passing and person.id in question.passed:
            return False
        context = Context(actor=Actor(person=person), now=0, policy=self.reader.policy, category=category)
        who = roles(c.Claim(question=question.id), question, context)
        for answer in question.answers:
            who |= roles(c.Undo(question=question.id, message=answer.message), question, context)
        seen = question.offered or person.staff is not None or bool(who & (Who.CUSTOMER | Who.CLAIMER | Who.AUTHOR))
        if self.looking:
            return seen and bool(who & (Who.STAFF | Who.EXPERT))
        return seen and any(move.who & who and question.state in move.when for move in self.moves)

    def _searched(self, facts: Facts) -> str:
        choice = lines.question_choice(facts, self.person)
        return f"{choice.label} {choice.value[1:]} {lines.question_words(facts, self.person)[:_SEARCHED_CHARS_MAX]}"


def _nearest(question: Question) -> tuple[int, int]:
    """Claims first, and among them the one that ends first."""
    order = _HOLDING.index(question.state) if question.state in _HOLDING else len(_HOLDING)
    return order, question.held_until or 0


def _others(wanted: Iterable[State]) -> tuple[State, ...]:
    return tuple(each for each in wanted if each is not State.OPEN and each not in _WITH_STAFF)


def _number_begun(typed: str) -> str:
    """`Q7` for "q7", "#q7" and "7": how the numbers begin that could be meant."""
    plain = typed.lstrip("#").upper().replace("-", "").replace(" ", "")
    plain = plain if plain.startswith("Q") else f"Q{plain}" if plain[:1].isdigit() else ""
    return plain[:1] + plain[1:].translate(_HEARD_AS)


_HEARD_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})  # as `bot.model.read_number` hears them


# --- categories and people


async def _open_categories(reader: Reader) -> list[Category]:
    return [each for each in await reader.views.categories() if each.open_to_experts]


async def _categories_for(reader: Reader, person: Person, verb: Verb | None) -> list[Category]:
    found = list(await reader.views.categories())
    if person.staff is None:
        return [each for each in found if qualifies(person, each)]
    match verb.command if verb is not None else None:
        case c.OpenCategory:
            return [each for each in found if not each.open_to_experts]
        case c.CloseCategory:
            return [each for each in found if each.open_to_experts]
        case c.CreateCategory:
            return []
    return found


def _categories(found: Iterable[Category]) -> Iterable[tuple[Choice, str]]:
    choices = [lines.category_choice(each) for each in found]
    return [(each, each.label) for each in choices]


def _listed(typed: str, found: Iterable[Category]) -> tuple[Choice, ...]:
    """One more category behind those that are written already."""
    words = typed.replace(",", " ").split()
    known = {each.name: each for each in found}
    ready = [word for word in words[: None if typed.endswith((" ", ",")) else -1] if word in known]
    last = "" if typed.endswith((" ", ",")) or not words else words[-1]
    if last in known:
        ready, last = [*dict.fromkeys((*ready, last))], ""
        whole = Choice(label=", ".join(ready)[: lines.LABEL_CHARS_MAX], value=" ".join(ready))
    else:
        whole = None
    more = _fitting(last, _categories(each for name, each in known.items() if name not in ready))
    before = " ".join(ready)
    joined = [
        Choice(label=f"{', '.join(ready)}, {each.label}"[: lines.LABEL_CHARS_MAX], value=f"{before} {each.value}")
        if ready
        else each
        for each in more
    ]
    return tuple(each for each in ((whole, *joined) if whole else joined) if len(each.value) <= 100)[:_MOST]


_Fit = Callable[[Person], bool]


async def _people(reader: Reader, verb: Verb | None) -> list[tuple[Choice, str]]:
    """Experts, and for verbs about staff those; customers are nobody's to look up."""
    match verb.command if verb is not None else None:
        case c.Block | c.Unblock:
            return []
        case c.Dismiss:
            found = await reader.views.people(staff=True)
        case c.Appoint | c.Rename:
            found = await reader.views.people(experts=True, staff=True)
        case command:
            fit = _FIT.get(command, _serves)
            found = [each for each in await reader.views.people(experts=True) if fit(each)]
    categories = await reader.categories()
    choices = [lines.person_choice(each, categories) for each in found]
    return [(each, each.label) for each in choices]


def _serves(person: Person) -> bool:
    return person.expert is not None and person.expert.standing is Standing.ACTIVE


def _is_suspended(person: Person) -> bool:
    return person.expert is not None and person.expert.standing is Standing.SUSPENDED


def _anybody(person: Person) -> bool:
    return True


_FIT: Final[dict[object, _Fit]] = {c.Reinstate: _is_suspended, c.Enrol: _anybody}


# --- what fits


def _fitting(typed: str, found: Iterable[tuple[Choice, str]]) -> tuple[Choice, ...]:
    """Those that fit what is typed, the best first, otherwise in their order; all of them while nothing is typed.

    What only looks alike counts where nothing fits better.
    """
    scored = [(_score(typed.casefold(), choice, text.casefold()), choice) for choice, text in found]
    least = 2 if any(score > 1 for score, _ in scored) else 1
    fit = sorted((each for each in scored if each[0] >= least), key=lambda each: -each[0])
    return tuple(choice for _, choice in fit[:_MOST])


def _score(typed: str, choice: Choice, text: str) -> int:
    """3 for what begins so, 2 where each typed word begins a word, 1 for what looks alike, 0 for what does not fit."""
    if not typed:
        return 1
    if text.startswith(typed) or choice.value.casefold().startswith(typed):
        return 3
    words = _words(text)
    if all(any(word.startswith(piece) for word in words) for piece in _words(typed)):
        return 2
    alike = len(typed) >= _LIKE_CHARS_MIN and fuzz.partial_ratio(typed, text) >= _LIKE_PERCENT_MIN
    return 1 if alike else 0


def _words(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text).split()
