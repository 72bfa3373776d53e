"""Discord's commands come out of the verb table, and what is filled in means what the typed sentence would."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import discord
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.discord.calling import Calls, Json, Refused
from adapters.discord.commands import MENUS, Focus, definitions, focused, sentence, synchronise
from adapters.discord.options import name_of, path_of, takes_number
from adapters.discord.settings import DiscordSettings
from bot.commands import Claim, SendAnswer
from bot.grammar import SETTINGS, VERBS, Incomplete, Kind, Misheard, Misread, Slot, Verb, read, verb_said
from bot.model import PersonId, Words, read_number
from bot.policy import Policy
from bot.ports import PlatformTrouble
from tests.fakes.discord import FakeDiscord, Fault, points, running
from tests.fakes.discord.commands import checked, size
from tests.fakes.empty_house import EmptyHouse

SETTINGS_OF_DISCORD = DiscordSettings(token="a.token")
Q7K3 = read_number("Q7K3")
assert Q7K3 is not None
HALL = definitions(SETTINGS_OF_DISCORD)[0]


def subcommands(options: Iterable[Json], *path: str) -> dict[tuple[str, ...], Json]:
    found: dict[tuple[str, ...], Json] = {}
    for each in options:
        if each["type"] == 2:
            found |= subcommands(each["options"], *path, each["name"])
        else:
            found[*path, each["name"]] = each
    return found


AT = subcommands(HALL["options"])


def filled_in(verb: Verb, values: Mapping[str, str], number: str = "Q7K3") -> Json:
    """The data that Discord's client sends when these options, by slot, are filled in."""
    path = path_of(verb)
    given = {name_of(slot): values[slot.name] for slot in verb.slots if slot.name in values}
    if takes_number(verb) and number:
        given["number"] = number
    known = {each["name"] for each in AT[path].get("options", [])}
    assert given.keys() <= known, f"/hall {' '.join(path)} has no {given.keys() - known}"
    options: list[Json] = [{"type": 3, "name": name, "value": value} for name, value in given.items()]
    kinds = [1, 2][: len(path)]
    for kind, name in zip(kinds, reversed(path), strict=True):
        options = [{"type": kind, "name": name, "options": options}]
    return {"id": "1", "type": 1, "name": "hall", "options": options}


def heard(verb: Verb, values: Mapping[str, str], number: str = "Q7K3", **more: Any) -> Any:
    said = sentence(filled_in(verb, values, number))
    return read(said.sentence, values=said.values, **more)


# --- definitions


def test_discord_takes_the_definitions() -> None:
    shown = definitions(SETTINGS_OF_DISCORD)
    checked(shown)  # against the published description, and for names, lengths, order and nesting
    for each in shown:
        assert size(each) <= 8_000
        assert each["default_member_permissions"] is None
    assert [each["name"] for each in shown] == ["hall", "ask", *MENUS]
    assert 1 <= len(MENUS) <= 5
    assert all(verb_said(verb) for verb in MENUS.values())


def test_every_verb_is_one_subcommand_with_all_of_its_slots() -> None:
    assert len(AT) == len(VERBS)
    for verb in VERBS:
        command = AT[path_of(verb)]
        names = [each["name"] for each in command.get("options", [])]
        assert names == [*(["number"] if takes_number(verb) else []), *(name_of(slot) for slot in verb.slots)]
        assert not any(each.get("required") for each in command.get("options", [])), "a form asks for what is left out"
        assert not command["description"][0].islower()


def test_a_choice_is_a_choice_and_what_can_be_looked_up_is() -> None:
    for verb in VERBS:
        options = {each["name"]: each for each in AT[path_of(verb)].get("options", [])}
        assert not takes_number(verb) or options["number"]["autocomplete"]
        for slot in verb.slots:
            option = options[name_of(slot)]
            assert option["type"] == 3, "somebody who lives elsewhere is none of Discord's users"
            if slot.kind is Kind.CHOICE:
                assert [each["value"] for each in option["choices"]] == [each.value for each in slot.options]
            if slot.kind in (Kind.PERSON, Kind.SETTING, Kind.VERB):
                assert option["autocomplete"]
            if slot.kind is Kind.TEXT:
                assert option["max_length"] == 6_000


def test_the_numbers_people_read_are_those_of_the_house() -> None:
    settings = DiscordSettings(token="t", command="guild", ask_command="question")
    guild, question, *_ = definitions(settings, Policy(claim_minutes=40))
    assert (guild["name"], question["name"]) == ("guild", "question")
    assert subcommands(guild["options"])["claim",]["description"] == "Take a question for 40 minutes"


# --- what was filled in


WORD = st.sampled_from(
    ["it", "goes", "away", "within", "three", "days", "Settings,", "then", "Devices.", "ünïcode", "4"]
)
LINE = st.lists(WORD, min_size=2, max_size=6).map(" ".join)
TYPED: dict[Kind, st.SearchStrategy[str]] = {
    Kind.MESSAGE: st.integers(1, 999).map(str),
    Kind.PERSON: st.sampled_from(["@bo", "p:k3j9", "<@77>"]),
    Kind.AMOUNT: st.sampled_from(["2.50", "5", "$1.40"]),
    Kind.DURATION: st.sampled_from(["90", "45 min", "2 h", "1 day"]),
    Kind.HOUR: st.integers(0, 23).map(str),
    Kind.QUESTION: st.sampled_from(["Q8M2", "q8m2"]),
    Kind.CATEGORY: st.sampled_from(["billing", "account"]),
    Kind.CATEGORIES: st.sampled_from(["billing", "billing account"]),
    Kind.SETTING: st.sampled_from(list(SETTINGS)),
    Kind.VERB: st.sampled_from(["claim", "not-yet"]),
    Kind.CODE: st.just("7F3K-92RX"),
    Kind.PERCENT: st.sampled_from(["100", "50", "0"]),
}
# How a slot is introduced in a typed sentence.
CUES: dict[Kind, str] = {Kind.EDITS: "edits: ", Kind.REASON: "because: ", Kind.WHY: "because ", Kind.PERCENT: "\npay: "}
PEOPLE = {"<@77>": PersonId("k77")}


def value_of(slot: Slot) -> st.SearchStrategy[str]:
    if slot.kind is Kind.CHOICE:
        return st.sampled_from([str(each.value) for each in slot.options])
    return TYPED.get(slot.kind, LINE)


@st.composite
def legal(draw: st.DrawFn) -> tuple[Verb, dict[str, str]]:
    """A verb with all it needs and any of what it can have."""
    verb = draw(st.sampled_from(VERBS))
    chosen = [slot for slot in verb.slots if slot.required or draw(st.booleans())]
    return verb, {slot.name: draw(value_of(slot)) for slot in chosen}


@given(legal())
def test_what_is_filled_in_means_what_the_typed_sentence_means(filled: tuple[Verb, dict[str, str]]) -> None:
    verb, values = filled
    number = ["Q7K3"] if takes_number(verb) else []
    parts = [CUES.get(slot.kind, "") + values[slot.name] for slot in verb.slots if slot.name in values]
    typed = read(" ".join([verb.word, *number, *parts]), people=PEOPLE)
    assert not isinstance(typed, Misread | Incomplete), typed
    assert heard(verb, values, people=PEOPLE) == typed
    assert type(heard(verb, values, people=PEOPLE)) is type(typed)


@given(legal(), st.data())
def test_what_is_left_out_is_asked_for_and_nothing_filled_in_is_lost(
    filled: tuple[Verb, dict[str, str]], data: st.DataObject
) -> None:
    verb, values = filled
    needed = [slot.name for slot in verb.slots if slot.required]
    assume(needed)
    left_out = data.draw(st.sets(st.sampled_from(needed), min_size=1))
    meaning = heard(verb, {name: value for name, value in values.items() if name not in left_out}, people=PEOPLE)
    assert isinstance(meaning, Incomplete)
    assert (meaning.verb, {slot.name for slot in meaning.missing}) == (verb, left_out)
    assert meaning.values.keys() == values.keys() - left_out


WORDY = [verb for verb in VERBS if verb.slot("words") and verb.command]
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(str.strip)
ODD = ["Q8M2 was the same", "4", "because: no", "edits: all", "reason: x", "@bo", "pay: 5%", "claim", "to", '"quoted"']


@given(st.sampled_from(WORDY), st.data(), st.sampled_from(ODD) | ANY_TEXT)
def test_no_word_of_a_text_is_taken_for_anything_else(verb: Verb, data: st.DataObject, text: str) -> None:
    values = {slot.name: data.draw(value_of(slot)) for slot in verb.slots if slot.required} | {"words": text}
    meaning = heard(verb, values, people=PEOPLE)
    assert meaning.words == Words.plain(text.strip())
    assert meaning.question == Q7K3


@pytest.mark.parametrize(
    "number", ["Q7K3", "q7k3", "#Q7K3", " Q7K-3 ", "q 7 k 3", "7K3", "Q7K3 · Billing · Why was I billed twice…"]
)
def test_a_number_may_be_typed_as_people_say_it(number: str) -> None:
    words = {"words": "It is a hold."}
    assert heard(verb_named("answer"), words, number) == SendAnswer(question=Q7K3, words=Words.plain("It is a hold."))
    assert heard(verb_named("claim"), {}, number) == Claim(question=Q7K3)


def verb_named(word: str) -> Verb:
    verb = verb_said(word)
    assert verb is not None
    return verb


@pytest.mark.parametrize("number", ["banana", "4", "Q7", "the second one", "@bo", "edits: x", "Q" * 400, "ein Ü"])
@pytest.mark.parametrize("word", ["claim", "answer", "redact", "close", "withdraw", "helped", "approve"])
def test_what_is_no_number_never_means_the_question_of_the_thread(word: str, number: str) -> None:
    verb, other = verb_named(word), read_number("Q8M2")
    values = {slot.name: {"message": "4", "reason": "spam"}.get(slot.name, "all of it") for slot in verb.slots}
    values.pop("duplicate_of", None)
    meaning = heard(verb, values, number, question=other)
    assert isinstance(meaning, Misread), meaning


def test_in_a_thread_the_number_may_be_left_out() -> None:
    for number in ("", "-", "\x00", "…"):
        assert heard(verb_named("claim"), {}, number, question=Q7K3) == Claim(question=Q7K3)
    meaning = heard(verb_named("claim"), {}, "")
    assert isinstance(meaning, Misread)
    assert meaning.why is Misheard.NO_QUESTION


def test_people_are_named_by_signs_of_the_platform_too() -> None:
    said = sentence(filled_in(verb_named("assign"), {"expert": "<@!77>"}))
    assert (said.values, said.mentions) == ({"expert": "<@77>"}, ("77",))
    words = sentence(filled_in(verb_named("note"), {"words": "ask <@77> about it"}))
    assert words.mentions == (), "somebody in a text is not who the verb is about"


def test_a_command_that_was_taken_away_is_read_as_its_words() -> None:
    old: Json = {"name": "hall", "options": [{"type": 1, "name": "clam", "options": []}]}
    meaning = read(sentence(old).sentence)
    assert isinstance(meaning, Misread)
    assert meaning.suggestions == ("claim",)
    assert focused(old) is None


def test_asking_carries_words_category_and_files() -> None:
    resolved = {"attachments": {"7": {"id": "7", "filename": "a.png"}, "8": {"id": "8", "filename": "b.png"}}}
    given: list[Json] = [
        {"type": 3, "name": "words", "value": "Why was I billed twice?"},
        {"type": 11, "name": "file2", "value": "8"},
        {"type": 11, "name": "file", "value": "7"},
        {"type": 3, "name": "category", "value": "billing"},
    ]
    said = sentence({"name": "ask", "type": 1, "options": given, "resolved": resolved})
    assert said.sentence == "ask"
    assert said.values == {"words": "Why was I billed twice?", "category": "billing"}
    assert [each["filename"] for each in said.attachments] == ["a.png", "b.png"]
    assert sentence({"name": "ask", "type": 1}).values == {}


# --- what is being typed


@pytest.mark.parametrize(
    ("verb", "slot", "focus"),
    [
        ("claim", "number", Focus(kind="question", typed="q7", verb="claim")),
        ("assign", "expert", Focus(kind="person", typed="q7", verb="assign")),
        ("close", "duplicate-of", Focus(kind="question", typed="q7", verb="show")),
        ("category-set", "category", Focus(kind="category", typed="q7", verb="category-set")),
        ("category-set", "setting", Focus(kind="setting", typed="q7", verb="category-set")),
        ("enrol", "categories", Focus(kind="categories", typed="q7", verb="enrol")),
        ("help", "verb", Focus(kind="verb", typed="q7", verb="help")),
        ("answer", "words", None),
    ],
)
def test_what_is_typed_is_looked_up_as_what_it_is(verb: str, slot: str, focus: Focus | None) -> None:
    data = filled_in(verb_named(verb), {})
    inner = data["options"][0]
    while inner["type"] == 2:
        inner = inner["options"][0]
    inner["options"] = [{"type": 3, "name": slot, "value": "q7", "focused": True}]
    assert focused(data) == focus


# --- with Discord


async def with_client(there: FakeDiscord, act: Callable[[Calls, list[Json]], Any]) -> None:
    """A client that answers commands with a pause, and what is typed with one choice."""
    calls, came = Calls(), []
    intents = discord.Intents(guilds=True)
    client = discord.Client(intents=intents, http_trace=calls.trace, guild_ready_timeout=0.05)
    calls.client = client

    @client.event
    async def on_interaction(interaction: discord.Interaction) -> None:
        came.append(interaction.data)
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([discord.app_commands.Choice(name="Q7K3 · Billing", value="Q7K3")])
        else:
            await interaction.response.defer(ephemeral=True)

    with points(there):
        async with running(client, there.token):
            await act(calls, came)


async def test_people_see_the_commands_and_say_verbs_with_them() -> None:
    async with FakeDiscord(seed=3) as there:
        acme = there.guild("Acme")
        billing, bo = acme.channel("billing"), acme.person("bo")

        async def act(calls: Calls, came: list[Json]) -> None:
            assert await synchronise(calls, there.application_id, EmptyHouse(), SETTINGS_OF_DISCORD)
            assert (await bo.types("/hall claim number:Q7K3", billing)).ok
            assert sentence(came[-1]).sentence == "claim Q7K3"
            assert (await bo.types("/hall staff close number:q7k3 reason:Spam", billing)).ok
            said = sentence(came[-1])
            assert (said.sentence, said.values) == ("close Q7K3", {"reason": "spam"})
            assert (await bo.types("/hall me pause duration:2 h", "dm")).ok, "in direct messages as well"
            assert sentence(came[-1]).values == {"minutes": "2 h"}
            assert (await bo.types("/ask words:Why twice?", "dm", files=(("a.png", b"png"),))).ok
            assert [each["filename"] for each in sentence(came[-1]).attachments] == ["a.png"]
            assert await bo.suggestions("/hall staff take number:q7", billing) == ["Q7K3 · Billing"]
            assert focused(came[-1]) == Focus(kind="question", typed="q7", verb="take")
            line = await bo.says(billing, "It is a hold.")
            assert (await bo.uses_menu("Send to customer", line)).ok
            assert MENUS[came[-1]["name"]] == "answer"

        await with_client(there, act)
        assert there.complaints == []


async def test_discord_is_told_only_what_it_does_not_know() -> None:
    async with FakeDiscord(seed=3) as there:
        there.guild("Acme")
        desk, told = EmptyHouse(), []

        def puts() -> int:
            return sum(each["what"] == "commands" for each in told)

        async def act(calls: Calls, came: list[Json]) -> None:
            there.log = told.append  # type: ignore[method-assign]
            app, settings = there.application_id, SETTINGS_OF_DISCORD
            there.faults.force(Fault.FAILS, method="PUT /applications/{application_id}/commands")
            with pytest.raises(PlatformTrouble):
                await synchronise(calls, app, desk, settings)
            assert desk.kept == {}, "what was not said is not taken for said"
            assert await synchronise(calls, app, desk, settings)
            assert not await synchronise(calls, app, desk, settings)
            assert puts() == 1
            assert await synchronise(calls, app, desk, DiscordSettings(token="t", command="guild"))
            assert await synchronise(calls, app, desk, settings, Policy(claim_minutes=40))
            assert puts() == 3
            before = dict(desk.kept)
            with pytest.raises(Refused):
                await synchronise(calls, "4711", desk, settings, Policy(claim_minutes=40))
            assert desk.kept == before, "what was refused is not taken for said"

        await with_client(there, act)
