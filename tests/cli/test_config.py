"""Settings: what is read, from where, and what somebody is told who mistypes one."""

from pathlib import Path

import pytest

from bot.config import BadConfig, hours_text, read_amount, read_config, read_hours
from bot.model import Place, StaffHours, Unit
from bot.policy import Policy


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GUILDHALL_CONFIG", raising=False)
    return tmp_path


def complaints(text: str) -> list[str]:
    Path("guildhall.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig) as bad:
        read_config()
    return list(bad.value.complaints)


def test_nothing_configured_is_a_whole_configuration() -> None:
    config = read_config()

    assert config.database.url == "sqlite:///guildhall.db"
    assert (config.web.host, config.web.port, config.web.public_url) == ("127.0.0.1", 8080, "")
    assert config.rules == Policy()
    assert [category.channels for category in config.categories()] == [("web:general",)]


def test_the_file_of_the_working_directory_is_read() -> None:
    Path("guildhall.toml").write_text(
        """
        [company]
        name = "Fernwood"
        [money]
        currency = "EUR"
        [policy]
        undo_seconds = 5
        [[category]]
        name = "billing"
        bounty = "3.50"
        private = true
        staff_hours = "mon-sat 08:00-18:00 Europe/Berlin"
        [[category]]
        name = "steam-and-water"
        bounty = 2
        channels = ["web:steam", "rehearsal:steam"]
        """
    )

    config = read_config()
    billing, steam = config.categories()

    assert config.company.name == "Fernwood"
    assert config.rules == Policy(undo_seconds=5)
    assert (billing.bounty, billing.unit, billing.private) == (350, "EUR", True)
    assert billing.channels == ("web:billing",)
    assert billing.staff_hours == StaffHours(
        timezone="Europe/Berlin", weekdays=(0, 1, 2, 3, 4, 5), from_minute=480, until_minute=1080
    )
    assert (steam.bounty, steam.title) == (200, "Steam and water")
    assert steam.channels == (Place("web:steam"), Place("rehearsal:steam"))


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("guildhall.toml").write_text("[web]\nport = 8081\nhost = '0.0.0.0'\n")
    monkeypatch.setenv("GUILDHALL_WEB__PORT", "8082")
    monkeypatch.setenv("GUILDHALL_POLICY__UNDO_SECONDS", "7")

    config = read_config()

    assert (config.web.port, config.web.host, config.rules.undo_seconds) == (8082, "0.0.0.0", 7)


def test_a_named_file_wins_over_the_one_of_the_working_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("guildhall.toml").write_text("[web]\nport = 1\n")
    Path("second.toml").write_text("[web]\nport = 2\n")
    Path("third.toml").write_text("[web]\nport = 3\n")
    monkeypatch.setenv("GUILDHALL_CONFIG", "second.toml")

    assert read_config().web.port == 2
    assert read_config(Path("third.toml")).web.port == 3


def test_the_secret_comes_from_the_environment_and_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_SECRET", "correct horse battery staple, twice")

    config = read_config()

    assert config.secret is not None
    assert config.secret.get_secret_value() == "correct horse battery staple, twice"
    assert "horse" not in repr(config)


def test_a_secret_that_can_be_guessed_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_SECRET", "horse")

    with pytest.raises(
        BadConfig, match=r"^Environment variable GUILDHALL_SECRET: secret must have 32 characters"
    ) as bad:
        read_config()
    assert "horse" not in str(bad.value)


def test_a_variable_of_somebody_else_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Container platforms make such variables out of a service's name."""
    monkeypatch.setenv("GUILDHALL_PORT_8080_TCP_ADDR", "10.0.0.1")

    assert read_config().web.port == 8080


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[web]\nprot = 1", "guildhall.toml, line 2: Unknown setting web.prot: did you mean web.port?"),
        ("[wbe]\nport = 1", "guildhall.toml, line 1: Unknown setting wbe: did you mean web?"),
        (
            "\n[policy]\nclaim_minuts = 3",
            "guildhall.toml, line 3: Unknown setting policy.claim_minuts: did you mean policy.claim_minutes?",
        ),
        (
            "[[category]]\nname = 'a'\n[[category]]\nname = 'b'\nbonty = '1'",
            "guildhall.toml, line 5: Unknown setting category.bonty: did you mean category.bounty?",
        ),
        ("colour = 'red'", "guildhall.toml, line 1: Unknown setting colour: docs/running.md lists every setting."),
        (
            "[discord]\nmode = 'socket'",
            "guildhall.toml, line 2: Unknown setting discord.mode: did you mean discord.command?",
        ),
        ("[web]\nport = 'abc'", "guildhall.toml, line 2: web.port must be a whole number, not 'abc'."),
        ("[web]\nport = 70000", "guildhall.toml, line 2: web.port must be 65535 or less, not 70000."),
        (
            "[web]\npublic_url = 'help.example.com'",
            "guildhall.toml, line 2: web.public_url must be an address such as "
            "\"https://help.example.com\", not 'help.example.com'.",
        ),
        ("web = 5", "guildhall.toml, line 1: web must be a table in [brackets], not 5."),
        (
            "[category]\nname = 'a'",
            "guildhall.toml, line 1: category is written [[category]], in double brackets, once for each.",
        ),
        ("[[category]]\ntitle = 'A'", "guildhall.toml, line 1: category.name is missing."),
        (
            "[[category]]\nname = 'a'\nprivate = 'perhaps'",
            "guildhall.toml, line 3: category.private must be true or false, not 'perhaps'.",
        ),
        (
            "[[category]]\nname = 'a'\nbounty = '2.505'",
            "guildhall.toml, line 3: category.bounty must be an amount in USD that is not negative, "
            "in whole minor units, not '2.505'.",
        ),
        (
            "[[category]]\nname = 'a'\nbounty = '-2'",
            "guildhall.toml, line 3: category.bounty must be an amount in USD that is not negative, "
            "in whole minor units, not '-2'.",
        ),
        (
            "[[category]]\nname = 'a'\nrank_min = 'novice'",
            "guildhall.toml, line 3: category.rank_min must be 'apprentice', 'journeyman' or 'master', not 'novice'.",
        ),
        (
            "[[category]]\nname = 'a'\nstaff_hours = 'always'",
            "guildhall.toml, line 3: category.staff_hours must be days and local times, such as: "
            "mon-fri 9:00-17:00 Europe/Berlin, not 'always'.",
        ),
        (
            "[[category]]\nname = 'a'\n[[category]]\nname = 'a'",
            "guildhall.toml, line 4: category.name is 'a' a second time; names are unique.",
        ),
        (
            "[[category]]\nname = 'a'\nchannels = ['discord:123:456']",
            "guildhall.toml, line 3: category.channels must name server and channel on Discord as in "
            "\"discord:acme:1181234567890123456\", not 'discord:123:456'.",
        ),
        (
            "[policy]\nclaim_warning_minutes = 15",
            "guildhall.toml, line 2: policy.claim_warning_minutes must be less than policy.claim_minutes.",
        ),
        ("[policy]\nexpert_percent = 101", "must be between 0 and 100, not 101"),
        ("[policy]\nexpert_percent = 95", "policy.reviewer_percent and policy.expert_percent must be 100 together"),
        (
            "secret = 'x'",
            "guildhall.toml, line 1: A secret does not belong in a file; set GUILDHALL_SECRET in the environment.",
        ),
        ("[web\nport = 1", "guildhall.toml is not TOML: "),
    ],
)
def test_each_mistake_has_a_sentence_with_its_line(text: str, complaint: str) -> None:
    [found] = complaints(text)

    assert complaint in found


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    found = complaints("[web]\nport = 'x'\nprot = 1\n[policy]\nundo_seconds = 'y'\n")

    assert [line.split(":")[0] for line in found] == [f"guildhall.toml, line {number}" for number in (2, 3, 5)]


def test_a_mistake_in_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_WEB__PORT", "x")
    with pytest.raises(BadConfig, match=r"^Environment variable GUILDHALL_WEB__PORT: web.port must be a whole"):
        read_config()

    monkeypatch.delenv("GUILDHALL_WEB__PORT")
    monkeypatch.setenv("GUILDHALL_WBE__PORT", "1")
    with pytest.raises(BadConfig, match=r"GUILDHALL_WBE__PORT: Unknown setting wbe.port: did you mean web.port\?"):
        read_config()


def test_a_file_that_cannot_be_read_is_said_plainly() -> None:
    with pytest.raises(BadConfig, match=r"There is no settings file missing\.toml\. `guildhall init` writes one\."):
        read_config(Path("missing.toml"))

    Path("guildhall.toml").write_bytes(b"[web]\nhost = '\xff'\n")
    with pytest.raises(BadConfig, match="is not text in UTF-8"):
        read_config()


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("2", "USD", 200),
        ("2.5", "USD", 250),
        ("$0.05", "USD", 5),
        ("300", "JPY", 300),
        ("7", "gems", 7),
    ],
)
def test_amounts_are_read_to_the_last_minor_unit(text: str, unit: str, amount: int) -> None:
    assert read_amount(text, Unit(unit)) == amount


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "USD"),
        ("free", "USD"),
        ("-1", "USD"),
        ("1.005", "USD"),
        ("1.5", "JPY"),
        ("inf", "USD"),
    ],
)
def test_what_is_not_an_amount_is_refused(text: str, unit: str) -> None:
    with pytest.raises(ValueError, match="must be an amount"):
        read_amount(text, Unit(unit))


@pytest.mark.parametrize(
    "text",
    [
        "mon-fri 09:00-17:00 Europe/Berlin",
        "sat-sun 10:30-24:00 UTC",
        "sat-mon 00:00-12:00 UTC",
        "sun 08:00-09:00 UTC",
    ],
)
def test_staff_hours_are_written_as_they_are_read(text: str) -> None:
    assert hours_text(read_hours(text)) == text


def test_staff_hours_may_run_over_the_end_of_the_week() -> None:
    assert read_hours("sat-mon 9-17").weekdays == (5, 6, 0)
