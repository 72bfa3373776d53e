"""Fernwood: everything that it is said to show is there, and loading it twice is loading it once."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.cli import fernwood
from bot.model import State

Told = Callable[..., str]


def states() -> Counter[str]:
    with closing(sqlite3.connect("guildhall.db")) as database:
        return Counter(dict(database.execute("SELECT state, count(*) FROM questions GROUP BY state")))


def test_every_state_and_every_rank_is_there_to_be_looked_at(fernwood: Path, done: Told) -> None:
    experts, listed = done("expert", "list"), done("category", "list")

    assert set(states()) == set(State)
    assert states()["solved"] >= 20
    assert all(rank in experts for rank in ("apprentice", "journeyman", "master"))
    assert experts.count("active") == 8
    assert len(done("staff", "list").splitlines()) == 3
    assert listed.count("open") == 5
    assert listed.count("private") == 1


def test_every_step_of_its_past_was_allowed(done: Told, say: Callable[..., object]) -> None:
    result = say("demo")

    assert "refused" not in getattr(result, "stderr", "")
    assert "43 questions" in getattr(result, "stdout", "")


def test_loading_twice_gives_the_same_counts(fernwood: Path, done: Told) -> None:
    before = (states(), done("expert", "list"), done("audit"))
    told = done("demo")

    assert (states(), done("expert", "list"), done("audit")) == before
    assert "Its books are clean" in told


def test_loading_that_was_interrupted_is_finished_and_not_begun_anew(fernwood: Path, done: Told) -> None:
    """The last thing that loading does is to say that it is done; without it every step is tried again."""
    with closing(sqlite3.connect("guildhall.db")) as database, database:
        database.execute("DELETE FROM settings WHERE key = 'demo/loaded'")
    before = (states(), done("expert", "list"), done("audit"))
    done("demo")

    assert (states(), done("expert", "list"), done("audit")) == before


def test_it_does_not_stand_among_somebodys_own_questions(begun: Path, done: Told, refused: Told) -> None:
    Path("own.jsonl").write_text('{"question": "A question of one\'s own, what now?"}\n')
    done("import", "own.jsonl", "--as", "questions", "--category", "getting-started")

    assert "This database has questions of its own" in refused("demo")
    assert states() == {"open": 1}


def test_personal_values_are_masked_in_it(fernwood: Path) -> None:
    """Camille wrote a mail address, Walter a card number: no expert sees either, and Walter's is held for staff."""
    with closing(sqlite3.connect("guildhall.db")) as database:
        shown = "\n".join(row[0] for row in database.execute("SELECT shown_text FROM messages"))
        held = database.execute(
            "SELECT state FROM questions JOIN messages ON question = questions.id WHERE text LIKE '%4111%'"
        ).fetchall()

    assert "camille.dupre" not in shown
    assert "4111" not in shown
    assert held == [("held",)]


def test_what_is_still_to_come_fits_the_people_and_categories() -> None:
    experts = {each.name: each for each in fernwood.members() if each.rank is not None}
    categories = {each.name for each in fernwood.categories()}
    past = {story.key for story in fernwood.past()}

    for coming in fernwood.coming():
        assert coming.category in categories
        assert not experts[coming.expert].categories or coming.category in experts[coming.expert].categories
        assert coming.key not in past
        assert coming.verdict == "helped" or (coming.complaint and coming.second)
