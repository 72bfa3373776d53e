"""Fernwood: everything that it is said to show is there, and loading it twice is loading it once."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.cli import fernwood as fernwood_company
from bot.cli.compose import web_of
from bot.cli.house import open_house
from bot.cli.living import Living
from bot.config import read_config
from bot.courier import Courier
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
    experts = {each.name: each for each in fernwood_company.members() if each.rank is not None}
    categories = {each.name for each in fernwood_company.categories()}
    past = {story.key for story in fernwood_company.past()}

    for coming in fernwood_company.coming():
        assert coming.category in categories
        assert not experts[coming.expert].categories or coming.category in experts[coming.expert].categories
        assert coming.key not in past
        assert coming.verdict == "helped" or (coming.complaint and coming.second)


async def test_its_people_live_on_and_each_question_only_once(fernwood: Path) -> None:
    """In a time that passes as they wait, with a courier that delivers meanwhile."""
    async with open_house(read_config(), exclusive=True) as house:
        moment = [house.app.now()]
        app = replace(house.app, now=lambda: moment[0])
        courier = Courier(
            store=house.store,
            views=house.views,
            adapters={"web": await web_of(house)},
            render=app.render,
            apply=app.apply,
            now=app.now,
            policy=app.policy,
        )

        async def wait(seconds: float) -> None:
            moment[0] += int(seconds * 1_000)
            await courier.flush()

        before = states()
        await Living(app, house.store, wait=wait).run()
        after = states()
        assert after["solved"] == before["solved"] + len(fernwood_company.coming())
        await Living(app, house.store, wait=wait).run()
        assert states() == after
