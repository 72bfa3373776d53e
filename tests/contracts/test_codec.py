"""Whatever is written down is read back the same, also by a version that knows more or fewer fields."""

import json
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, NewType, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.commands
from bot.change import Due, Receipt
from bot.commands import Approve, Claim, Command, EditCategory, NotYet, Pass, Rename, SendAnswer
from bot.lifecycle import verb_name
from bot.model import (
    Category,
    CategoryName,
    Complaint,
    Message,
    Notice,
    Person,
    PersonId,
    Question,
    QuestionId,
    Words,
)
from storage.codec import args_of, decode, decode_command, encode

VERBS: list[type] = [
    each for each in (getattr(bot.commands, name) for name in bot.commands.__all__) if is_dataclass(each)
]
VERBS = [verb for verb in VERBS if not verb.__name__.endswith("Command")]
WORDLESS = [verb for verb in VERBS if Words not in get_type_hints(verb).values()]


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type, words excepted; made without looking at how the codec does it."""
    if isinstance(hint, NewType):
        return any_of(hint.__supertype__)
    if hint is str:
        return st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    if get_origin(hint) is tuple:
        parts = get_args(hint)
        if parts[-1] is Ellipsis:
            return st.lists(any_of(parts[0]), max_size=3).map(tuple)
        return st.tuples(*map(any_of, parts))
    if get_origin(hint) is dict:
        return st.dictionaries(*map(any_of, get_args(hint)), max_size=3)
    if get_args(hint):
        return st.one_of(any_of(each) for each in get_args(hint) if each is not Words)
    if is_dataclass(hint):
        return any_thing(hint)
    return st.none() if hint is type(None) else st.from_type(hint)


def any_thing(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: any_of(hints[field.name]) for field in fields(kind)})


@pytest.mark.parametrize("kind", [Question, Person, Category, Notice, Receipt, Message])
def test_a_noun_is_read_back_as_it_was(kind: type) -> None:
    @given(thing=any_thing(kind))
    def there_and_back(thing: object) -> None:
        assert decode(kind, encode(thing)) == thing

    there_and_back()


@pytest.mark.parametrize("verb", WORDLESS)
def test_a_timer_is_read_back_with_its_command(verb: type) -> None:
    @given(command=any_thing(verb), at=st.integers(0, 2**53))
    def there_and_back(command: Command, at: int) -> None:
        assert decode_command(encode(command)) == command
        due = Due(at=at, command=command)
        assert decode(Due, encode(due)) == due

    there_and_back()


def test_there_are_verbs_with_words_and_without() -> None:
    assert 25 < len(WORDLESS) < len(VERBS)


@pytest.mark.parametrize("kind", [Question, Person, Category, Notice, Receipt])
def test_what_a_newer_version_added_is_passed_over(kind: type) -> None:
    @given(thing=any_thing(kind))
    def with_more(thing: object) -> None:
        row = json.loads(encode(thing))
        assert decode(kind, json.dumps({**row, "unheard_of": [{"x": 1}]})) == thing

    with_more()


@pytest.mark.parametrize("kind", [Question, Person, Category, Notice, Receipt])
def test_what_an_older_version_lacked_takes_its_default(kind: type) -> None:
    optional = [
        field.name
        for field in fields(kind)  # type: ignore[arg-type]
        if field.default is not MISSING or field.default_factory is not MISSING
    ]

    @given(thing=any_thing(kind), lacking=st.sets(st.sampled_from(optional)))
    def with_less(thing: Any, lacking: set[str]) -> None:
        row = {name: value for name, value in json.loads(encode(thing)).items() if name not in lacking}
        read = decode(kind, json.dumps(row))
        kept = {name: getattr(thing, name) for name in row}
        assert read == kind(**kept)

    with_less()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in WORDLESS])
def test_words_cannot_be_written_into_a_timer(verb: type) -> None:
    hints = get_type_hints(verb)
    values = {
        field.name: Words.plain("canary") if Words in (hints[field.name], *get_args(hints[field.name])) else 1
        for field in fields(verb)  # type: ignore[arg-type]
    }
    with pytest.raises(TypeError, match="words"):
        encode(Due(at=1, command=verb(**values)))


def test_only_the_models_own_things_are_written() -> None:
    with pytest.raises(TypeError, match="object is not one of"):
        encode({"x": object()})


def test_the_journal_keeps_what_was_done_and_not_what_was_said() -> None:
    question = QuestionId(3)
    words = Words.plain("canary")
    assert args_of(Claim(question=question)) == {}
    assert args_of(SendAnswer(question=question, words=words)) == {}
    assert args_of(Approve(question=question, message=2, words=words)) == {"message": 2}
    assert args_of(NotYet(question=question, message=2, complaint=Complaint.OTHER_TOPIC, words=words)) == {
        "message": 2,
        "complaint": "other-topic",
    }
    assert args_of(Pass(question=question, reason="not-mine")) == {"reason": "not-mine"}
    assert args_of(Rename(person=PersonId("p"), name="canary")) == {}
    edit = EditCategory(category=CategoryName("b"), setting="bounty", to="2.50", why="canary")
    assert args_of(edit) == {"setting": "bounty", "to": "2.50"}


@pytest.mark.parametrize("verb", VERBS)
def test_the_journal_can_keep_every_command(verb: type) -> None:
    @given(command=any_thing(verb) if verb in WORDLESS else st.nothing() | _worded(verb))
    def kept(command: Command) -> None:
        assert "canary" not in json.dumps(args_of(command))

    kept()
    assert verb_name(verb) == verb_name(verb).lower()


def _worded(verb: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(verb)
    given_words = st.just(Words.plain("canary"))
    return st.builds(
        verb,
        **{
            field.name: given_words
            if Words in (hints[field.name], *get_args(hints[field.name]))
            else any_of(hints[field.name])
            for field in fields(verb)
        },
    )
