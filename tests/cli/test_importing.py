"""Bringing in files: what is understood, what is refused and why, and that a second time adds nothing."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.importing.mapping import BadMap, Record, columns_of, field_map, record_of
from bot.cli.importing.rows import ROW_BYTES_MAX, Format, Refused, Row, format_of, read_rows
from tests.cli.conftest import Say

Told = Callable[..., str]

HELP = (
    '{"id": "wand", "question": "Why does the steam wand drip?", "answer": "Lime on the seat.", "category": "Steam"}',
    '{"id": "jam", "question": "Why does the grinder jam?", "answer": "A stone in it.", "category": "Care"}',
)
THREADS = (
    {
        "id": "7",
        "title": "Sour shots",
        "body": "They taste like lemon. Write to me: ana@example.com",
        "asker": "12",
        "date": "2024-03-01T10:00:00",
        "answers": [
            {"body": "Buy beans.", "score": 9, "accepted": False},
            {"body": "Grind finer, and tell ana@example.com.", "score": 2, "accepted": True},
        ],
    },
    {"id": "8", "title": "Bitter", "body": "What now?", "asker": "12", "date": "2024-03-02", "answers": []},
)


def written(name: str, *lines: object) -> Path:
    path = Path(name)
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines), encoding="utf-8")
    return path


def rows(path: Path) -> list[Row | Refused]:
    return list(read_rows(path, format_of(path)))


def records(path: Path, wanted: str = "") -> list[Record | Refused]:
    found = rows(path)
    fields = field_map(columns_of(found), wanted)
    return [record_of(each, fields) if isinstance(each, Row) else each for each in found]


# --- reading -----------------------------------------------------------------------------------------------------


def test_json_lines_are_read_one_by_one_and_a_bad_one_stops_nothing() -> None:
    Path("a.jsonl").write_bytes(
        b'\xef\xbb\xbf{"question": "one?"}\n\n{"question": \n[1]\n{"question": "\xff"}\n{"question": "two?"}'
    )
    found = rows(Path("a.jsonl"))

    assert [each.line for each in found] == [1, 3, 4, 5, 6]
    assert [type(each).__name__ for each in found] == ["Row", "Refused", "Refused", "Refused", "Row"]
    reasons = [each.why for each in found if isinstance(each, Refused)]
    assert reasons == ["this is not JSON (Expecting value)", "this is not a JSON object", "this is not text in UTF-8"]
    assert found[-1].bytes_read == Path("a.jsonl").stat().st_size


def test_a_line_without_end_is_refused_and_not_kept_in_memory() -> None:
    path = written("a.jsonl", '{"question": "' + "x" * ROW_BYTES_MAX + '"}', '{"question": "short?"}')
    huge, short = rows(path)

    assert isinstance(huge, Refused)
    assert huge.why == "this line is longer than 1 MB"
    assert isinstance(short, Row)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_is_read_with_its_own_separator_and_quotes(sign: str) -> None:
    path = Path("a.csv")
    path.write_text(
        sign.join(["question", "answer"])
        + "\r\n"
        + sign.join(['"Why, and\nhow; or\twhen?"', '"He said ""so"""'])
        + "\r\n",
        newline="",
    )
    [row] = rows(path)

    assert isinstance(row, Row)
    assert row.values == {"question": "Why, and\nhow; or\twhen?", "answer": 'He said "so"'}
    assert row.line == 2


def test_csv_rows_of_the_wrong_length_or_with_broken_quotes_are_refused() -> None:
    path = written("a.csv", "question,answer", "one,two,three", 'what "is,this', '"x" y,z', "fine?,yes")
    found = rows(path)

    assert [each.line for each in found if isinstance(each, Refused)] == [2, 4]
    assert "3 cells and the headings are 2" in next(each.why for each in found if isinstance(each, Refused))


def test_a_csv_row_in_another_encoding_is_refused_and_loses_no_letter() -> None:
    path = Path("a.csv")
    path.write_bytes("question\nWarum ist er bitter?\nWas heißt das für mich?\nWarum nicht?\n".encode("latin-1"))
    first, foreign, last = rows(path)

    assert isinstance(first, Row)
    assert isinstance(foreign, Refused)
    assert (foreign.line, foreign.why) == (3, "this is not text in UTF-8")
    assert isinstance(last, Row)
    assert last.values == {"question": "Warum nicht?"}


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [("question,answer\rWhy is it bitter?,Grind", "new-line character"), ("question," + "x" * 200_000, "larger than")],
)
def test_headings_that_cannot_be_read_are_told_with_what_to_do(refused: Told, headings: str, sentence: str) -> None:
    written("a.csv", headings, "Why is it bitter?,Grind coarser.")

    told = " ".join(refused("import", "a.csv", "--as", "questions").split())
    assert "a.csv, line 1: the headings are not CSV" in told
    assert sentence in told
    assert "put the headings on a line of their own" in told


def test_an_empty_file_has_no_rows() -> None:
    assert rows(written("a.csv")) == []
    assert rows(written("a.jsonl")) == []


def test_the_format_is_told_by_the_ending_and_else_by_the_first_sign() -> None:
    assert format_of(written("a.csv", "{")) is Format.CSV
    assert format_of(written("a.ndjson", "x")) is Format.JSONL
    assert format_of(written("a", '  {"question": 1}')) is Format.JSONL
    assert format_of(written("b", "question,answer")) is Format.CSV


# --- what is what ------------------------------------------------------------------------------------------------


def test_columns_are_guessed_and_shown() -> None:
    assert str(field_map(("id", "question", "answer", "category"))) == (
        "question=question,answer=answer,category=category,id=id"
    )
    assert str(field_map(("Title", "BODY", "asker", "date"))) == "question=Title+BODY,customer=asker,asked=date"


def test_what_was_said_wins_over_the_guess_and_nothing_leaves_a_target_out() -> None:
    found = field_map(("title", "body", "reply", "mood"), "question=title, answer=body+reply, category=")

    assert str(found) == "question=title,answer=body+reply"


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("qestion=title", "'qestion' is nothing that can be mapped; did you mean question?"),
        ("question=titel", "the file has no column 'titel'; did you mean title?"),
        ("question", "--map question: 'question' is nothing"),
        ("zzz=title", "there are question, answer, category, customer, asked, id, language."),
        ("question=", "Which column is the question? There are: title."),
    ],
)
def test_a_bad_mapping_is_answered_with_what_there_is(wanted: str, sentence: str) -> None:
    with pytest.raises(BadMap) as bad:
        field_map(("title",), wanted)
    assert sentence in str(bad.value)


def test_the_accepted_answer_is_the_answer_and_title_and_body_are_the_question() -> None:
    first, second = records(written("a.jsonl", *THREADS))

    assert isinstance(first, Record)
    assert first.question == "Sour shots\n\nThey taste like lemon. Write to me: ana@example.com"
    assert first.answer == "Grind finer, and tell ana@example.com."
    assert (first.customer, first.id, first.asked_at) == ("12", "7", 1_709_287_200_000)
    assert isinstance(second, Record)
    assert second.answer == ""


@pytest.mark.parametrize(
    ("moment", "at"),
    [
        ("2024-03-01T10:00:00Z", 1_709_287_200_000),
        ("2024-03-01T11:00:00+01:00", 1_709_287_200_000),
        ("1709287200", 1_709_287_200_000),
        (1_709_287_200_000, 1_709_287_200_000),
    ],
)
def test_moments_are_read_as_they_come(moment: object, at: int) -> None:
    [record] = records(written("a.jsonl", {"question": "When was it?", "date": moment}))

    assert isinstance(record, Record)
    assert record.asked_at == at


@pytest.mark.parametrize("moment", ["yesterday", "-5", "NaN", "1e30", "2024-13-01"])
def test_what_is_no_moment_is_refused_with_its_line(moment: str) -> None:
    [refused] = records(written("a.jsonl", {"question": "When was it?", "date": moment}))

    assert isinstance(refused, Refused)
    assert moment in refused.why


def test_a_row_without_a_question_is_refused() -> None:
    [refused] = records(written("a.jsonl", {"question": "  ", "answer": "yes"}))

    assert isinstance(refused, Refused)
    assert refused.why == "there is no question in question"


# --- the command -------------------------------------------------------------------------------------------------


def test_questions_are_opened_once_however_often_the_file_comes(begun: Path, done: Told) -> None:
    written("help.jsonl", *HELP)
    command = ("import", "help.jsonl", "--as", "questions", "--category", "getting-started")

    assert "Reading help.jsonl as jsonl: question=question,answer=answer" in done(*command)
    assert "0 brought in, 2 were there already, 0 refused." in done(*command)
    assert "2 transfers" in done("audit")


def test_a_renamed_file_is_the_same_collection_when_it_is_named(begun: Path, done: Told) -> None:
    written("help.jsonl", *HELP)
    done("import", "help.jsonl", "--as", "questions", "--category", "getting-started")
    Path("help.jsonl").rename("other.jsonl")

    again = done("import", "other.jsonl", "--as", "questions", "--category", "getting-started", "--source", "help")
    assert "2 were there already" in again


def test_rows_without_ids_are_told_apart_by_what_they_say(begun: Path, done: Told) -> None:
    line = {"question": "Why does it hum?"}
    written("a.jsonl", line, {"question": "Why does it drip?"}, line)
    command = ("import", "a.jsonl", "--as", "questions", "--category", "getting-started")

    assert "2 brought in, 1 were there already" in done(*command)
    assert "0 brought in, 3 were there already" in done(*command)


def test_each_row_finds_its_own_category_and_may_make_it(begun: Path, done: Told, say: Say) -> None:
    written("help.jsonl", *HELP)

    result = say("import", "help.jsonl", "--as", "questions")
    assert result.exit_code == 1
    assert "0 brought in, 2 refused." in result.stdout
    assert "there is no category 'Steam'" in result.stderr

    assert "2 brought in" in done("import", "help.jsonl", "--as", "questions", "--create-categories")
    listed = done("category", "list")
    assert "steam" in listed
    assert "care" in listed


def test_every_refused_row_is_reported_with_what_to_do(begun: Path, done: Told) -> None:
    written("a.jsonl", '{"question": "short"}', "{nonsense", '{"question": "A question that is long enough?"}')

    told = done("import", "a.jsonl", "--as", "questions", "--category", "getting-started")
    report = [json.loads(line) for line in Path("a.jsonl.refused.jsonl").read_text().splitlines()]

    assert "1 brought in, 2 refused." in told
    assert [each["line"] for each in report] == [1, 2]
    assert all(each["why"] and each["do"] for each in report)


def test_history_is_kept_solved_masked_and_without_money(begun: Path, done: Told) -> None:
    written("threads.jsonl", *THREADS)

    told = done("import", "threads.jsonl", "--as", "history", "--category", "getting-started")
    assert "1 brought in, 1 refused." in told
    assert "there is no answer" in Path("threads.jsonl.refused.jsonl").read_text()
    with closing(sqlite3.connect("guildhall.db")) as database:
        [question] = list(database.execute("SELECT state, asked_at, holder FROM questions"))
        shown = [row[0] for row in database.execute("SELECT shown_text FROM messages ORDER BY number")]
    assert question == ("solved", 1_709_287_200_000, None)
    assert shown[1].startswith("Grind finer, and tell ")
    assert "ana@example.com" not in " ".join(shown)
    assert done("audit") == "clean: 0 transfers in 0 units, all sums zero\n"
    assert "0 brought in, 1 were there already" in done(
        "import", "threads.jsonl", "--as", "history", "--category", "getting-started"
    )


def test_only_the_first_rows_when_so_many_are_wanted(begun: Path, done: Told) -> None:
    written("help.jsonl", *HELP)

    assert "1 brought in" in done(
        "import", "help.jsonl", "--as", "questions", "--category", "getting-started", "--limit", "1"
    )


def test_strange_texts_come_in_whole_or_are_refused_and_break_nothing(begun: Path, done: Told) -> None:
    written(
        "strange.jsonl",
        r'{"id": "a", "question": "A lone half: \ud83d and a \u0000 in it, what now?"}',
        r'{"id": "b\ud83d", "question": "\u202edrowkcab si siht, @everyone <b>hi</b>", "asker": "x\u0000\ud83d"}',
        {"id": "c", "question": "x" * 100_000},
        {"id": "d", "question": "/hall close Q7K3 spam is not a command here"},
        {"id": "e", "question": {"body": "An object with words in its body?"}},
        {"id": "f", "question": 12},
        {"id": "g", "question": ["first of a list that is long enough", "second"]},
    )
    told = done("import", "strange.jsonl", "--as", "questions", "--category", "getting-started")
    report = [json.loads(line) for line in Path("strange.jsonl.refused.jsonl").read_text().splitlines()]

    assert "5 brought in, 2 refused." in told
    assert [each["line"] for each in report] == [3, 6]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "missing.csv", "--as", "questions"), "There is no file missing.csv."),
        (("import", "help.jsonl", "--as", "questions", "--category", "x"), "There is no category 'x'"),
        (("import", "help.jsonl", "--as", "questions", "--map", "question=q"), "the file has no column 'q'"),
        (("import", "help.jsonl"), "--as"),
    ],
)
def test_mistakes_of_the_command_are_sentences(
    begun: Path, refused: Told, words: tuple[str, ...], sentence: str
) -> None:
    written("help.jsonl", *HELP)

    assert sentence in refused(*words)
