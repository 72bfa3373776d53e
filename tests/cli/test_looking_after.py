"""Looking after a house from the command line: begin, people, categories, keys, money, doctor."""

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import read_config
from tests.cli.conftest import BEGINNING, Say

Told = Callable[..., str]


# --- init --------------------------------------------------------------------------------------------------------


def test_init_writes_settings_that_can_be_read_and_a_house_with_an_admin(done: Told) -> None:
    told = done("init", *BEGINNING)

    config = read_config()
    assert (config.company.name, config.unit, config.rules.undo_seconds) == ("Kite", "EUR", 30)
    assert [(each.name, each.title, each.bounty) for each in config.categories()] == [
        ("getting-started", "Getting started", 200)
    ]
    assert "http://127.0.0.1:8080/enter/" in told
    assert "Dana  admin" in done("staff", "list")


def test_init_asks_for_what_was_not_said(done: Told) -> None:
    told = done("init", typed="nowhere\nhere\nmature\nKite & Sons\nUSD\nBilling\ny\nDana\n")

    assert "Where do your experts sit?" in told
    assert "Please say one of: here, slack, discord." in told
    [billing] = read_config().categories()
    assert (billing.name, billing.private, billing.review_percent) == ("billing", True, 2)
    assert read_config().company.name == "Kite & Sons"


@pytest.mark.parametrize(("preset", "bounty"), [("volunteer", 0), ("pilot", 200), ("mature", 200)])
def test_each_preset_is_a_whole_configuration(done: Told, preset: str, bounty: int) -> None:
    done("init", *BEGINNING, "--preset", preset)

    [category] = read_config().categories()
    assert category.bounty == bounty


def test_init_never_overwrites(begun: Path, refused: Told) -> None:
    before = (begun / "guildhall.toml").read_bytes()

    assert "guildhall.toml exists and stays as it is" in refused("init", *BEGINNING)
    assert (begun / "guildhall.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--currency", "€", "The currency must be a currency such as USD"),
        ("--admin", "!!!", "'!!!' cannot be a name here"),
        ("--category", "!!!", "category.name must be a short name"),
        ("--company", " ", "A company and a first category need names."),
    ],
)
def test_init_leaves_nothing_behind_when_it_is_refused(
    refused: Told, folder: Path, option: str, value: str, sentence: str
) -> None:
    sentence_told = refused("init", *BEGINNING, option, value)

    assert sentence.replace("category.name", "name") in sentence_told
    assert list(folder.iterdir()) == []


def test_names_with_quotes_survive_the_settings_file(done: Told) -> None:
    done("init", *BEGINNING, "--company", 'The "Kite" \\ Co', "--category", 'Say "hi"')

    assert read_config().company.name == 'The "Kite" \\ Co'
    assert read_config().categories()[0].title == 'Say "hi"'


# --- people ------------------------------------------------------------------------------------------------------


def test_an_expert_comes_rises_is_suspended_and_comes_back(begun: Path, done: Told) -> None:
    told = done("expert", "add", "Ana", "--category", "getting-started")
    assert "Ana is an expert now: apprentice, getting-started." in told
    assert "/enter/" in told

    done("expert", "rank", "Ana", "master")
    assert "Ana   master  getting-started  active" in done("expert", "list")

    done("expert", "suspend", "Ana", "--why", "Contact details in answers")
    assert "suspended" in done("expert", "list")
    done("expert", "reinstate", "Ana")
    assert "suspended" not in done("expert", "list")


def test_adding_someone_twice_makes_one_person(begun: Path, done: Told) -> None:
    done("expert", "add", "Ana")
    done("expert", "add", "Ana", "--rank", "journeyman")
    done("staff", "add", "Ana")

    assert done("expert", "list").count("Ana") == 1
    assert "Ana   agent" in done("staff", "list")
    done("staff", "remove", "Ana")
    assert "Ana" not in done("staff", "list")


def test_mistaken_names_are_answered_with_a_suggestion(begun: Path, done: Told, refused: Told) -> None:
    done("expert", "add", "Ana")

    assert "called 'Anna': did you mean Ana?" in refused("expert", "rank", "Anna", "master")
    assert "There is no category 'geting-started': did you mean getting-started?" in refused(
        "expert", "add", "Bo", "--category", "geting-started"
    )
    assert "Bo" not in done("expert", "list")
    assert "cannot be a name here" in refused("expert", "add", "Kite Support")
    assert "cannot be a name here" in refused("expert", "add", "Kite Sup\u200bport")
    assert "not text in UTF-8" in refused("expert", "add", "B\udcff")
    assert "Dana" in refused("staff", "remove", "Dane")
    assert "Ana is not on the staff." in refused("staff", "remove", "Ana")


def test_a_sign_in_link_lets_in_once(begun: Path, done: Told) -> None:
    first, second = done("staff", "link", "Dana"), done("staff", "link", "Dana")

    assert first != second
    assert "Sign in within 15 minutes, once: http://127.0.0.1:8080/enter/" in first


# --- categories --------------------------------------------------------------------------------------------------


def test_a_category_is_made_changed_closed_and_opened(begun: Path, done: Told) -> None:
    assert "Lost keys (lost-keys) is open: €1.50 a question." in done(
        "category", "add", "lost-keys", "--bounty", "1.50", "--private"
    )
    assert "bounty is 2.25 now (version 2)" in done("category", "set", "lost-keys", "bounty", "2.25", "--why", "hard")
    assert "go straight to staff" in done("category", "close", "lost-keys")
    assert "lost-keys        Lost keys        closed   private   €2.25" in done("category", "list")
    assert "open to experts" in done("category", "open", "lost-keys")


def test_what_category_show_prints_category_set_takes(begun: Path, done: Told) -> None:
    shown = done("category", "show", "getting-started")
    for line in shown.splitlines():
        setting, _, value = line.partition(" = ")
        done("category", "set", "getting-started", setting, value)

    assert done("category", "show", "getting-started") == shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "Bad Name"), 'name must be a short name such as "billing"'),
        (("add", "x", "--bounty", "much"), "bounty must be an amount in EUR"),
        (("add", "getting-started"), "getting-started"),
        (("set", "getting-started", "bonty", "2"), "bonty"),
        (("set", "getting-started", "bounty", "much"), "amount in EUR"),
        (("set", "getting-started", "staff_hours", "mon-fri 9-17 Europe/Nowhere"), "time zone"),
        (("close", "gone"), "There is no category 'gone'. There are: getting-started."),
    ],
)
def test_bad_categories_and_settings_are_refused_in_words(
    begun: Path, done: Told, refused: Told, words: tuple[str, ...], sentence: str
) -> None:
    before = done("category", "list")

    assert sentence in refused("category", *words)
    assert done("category", "list") == before


def test_the_settings_seed_a_category_once(begun: Path, done: Told) -> None:
    """Afterwards staff change it, and what the file says is only how it began."""
    done("category", "set", "getting-started", "bounty", "7.00")

    assert "€7.00" in done("category", "list")


# --- keys --------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_listed_and_revoked(begun: Path, done: Told, refused: Told) -> None:
    told = done("token", "create", "--scope", "ask", "--scope", "read", "--label", "shop", "--days", "30")
    secret = next(word for word in told.split() if word.startswith("gh_"))
    listed = done("token", "list")
    assert "shop     ask, read" in listed
    assert secret not in listed
    assert secret.encode() not in (begun / "guildhall.db").read_bytes()

    done("token", "revoke", listed.splitlines()[1].split()[0])
    assert "revoked" in done("token", "list")
    assert "There is no key 'x'" in refused("token", "revoke", "x")
    assert "--person NAME" in refused("token", "create", "--scope", "staff", "--label", "desk")


# --- money -------------------------------------------------------------------------------------------------------


def test_the_payable_list_is_what_the_statements_come_to(fernwood: Path, done: Told) -> None:
    done("payable", "--out", "pay.csv")
    with Path("pay.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) >= 5
    for row in rows:
        assert f"payable: ${row['amount']}" in done("expert", "pay", row["name"])
    assert Path("pay.csv").stat().st_mode & 0o077 == 0


def test_the_audit_is_clean_and_finds_what_was_tampered_with(fernwood: Path, done: Told, say: Say) -> None:
    assert done("audit").startswith("clean: ")

    with closing(sqlite3.connect("guildhall.db")) as database, database:
        database.execute("UPDATE balances SET amount = amount + 1 WHERE account = 'house'")
    result = say("audit")
    assert result.exit_code == 1
    assert "house is kept as" in " ".join(result.stderr.split())


# --- doctor ------------------------------------------------------------------------------------------------------


def test_a_sound_house_passes(fernwood: Path, done: Told) -> None:
    told = done("doctor")

    assert "All is well." in told
    assert "wrong" not in told


def test_the_doctor_names_a_cure_for_each_thing(begun: Path, say: Say, done: Told) -> None:
    done("staff", "remove", "Dana")
    with closing(sqlite3.connect("guildhall.db")) as database, database:
        database.execute("""UPDATE categories SET facts = json_set(facts, '$.channels', json('[]'))""")
    result = say("doctor")
    told = " ".join(result.stdout.split())

    assert result.exit_code == 1
    assert "There is nobody to look after the questions. guildhall staff add NAME --role admin" in told
    assert "It has no channel, so no expert sees its cards. guildhall category set getting-started channels" in told
    assert "no active expert may claim in it. guildhall expert add NAME --category getting-started" in told
    assert "3 things are wrong." in " ".join(result.stderr.split())


def test_the_doctor_sees_posts_in_trouble(fernwood: Path, say: Say) -> None:
    with closing(sqlite3.connect("guildhall.db")) as database, database:
        database.execute("UPDATE posts SET state = 'parked', why = 'platform-off' WHERE id IN (1, 2)")
    told = " ".join(say("doctor").stdout.split())

    assert "delivery to web: 2 posts are not delivered: platform-off. Set that platform up again" in told


def test_the_doctor_reads_settings_first(say: Say) -> None:
    Path("guildhall.toml").write_text("[web]\nprot = 1\n")
    result = say("doctor")

    assert result.exit_code == 1
    assert "line 2: Unknown setting web.prot: did you mean web.port?" in result.stdout


def test_the_doctor_changes_nothing(fernwood: Path, say: Say) -> None:
    before = (fernwood / "guildhall.db").read_bytes()
    say("doctor")

    assert (fernwood / "guildhall.db").read_bytes() == before


def test_a_mistyped_command_is_answered_with_a_suggestion(refused: Told) -> None:
    assert "Did you mean 'doctor'?" in refused("docter")
