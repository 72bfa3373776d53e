"""Money, what can never be changed, words that are blanked in every copy, and the doors programs come in by."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import Reopen
from bot.market.audit import audit
from bot.market.statement import statement_lines, sums
from bot.model import Account, Expert, Notice, PersonId, Place, Post, QuestionId, Ref, Transfer, Unit
from bot.ports import SavedRequest, Token, Work
from storage import SqliteStore, migrate
from storage.opening import BUSY_MS, connect
from storage.queries import load_queries
from storage.work import SqlWork
from tests.contracts.conftest import Open
from tests.contracts.store_samples import (
    ANN,
    BO,
    CHANNEL,
    USD,
    ask,
    card,
    change,
    claim,
    line,
    said,
    settle_in,
    someone,
    transfer,
    web_identity,
)

ALL_BUT_ID = "state, category, customer, holder, asked_at, since, due_at, due, facts, revision, asks_staff"
APPEND_ONLY = ("category_versions", "journal", "reveals", "transfers")


@pytest.fixture
async def home(store: SqliteStore) -> SqliteStore:
    await store.run(settle_in)
    return store


# Money


async def test_a_cause_booked_twice_moves_money_once(home: SqliteStore) -> None:
    once = transfer("Q1/1/money/0", "company", "escrow:1", 200)
    await home.run(lambda work: work.book([once, once], 1))
    await home.run(lambda work: work.book([replace(once, amount=999)], 2))
    balances = await home.run(
        lambda work: [work.balance(Account(name), USD) for name in ("company", "escrow:1", "house")]
    )
    assert balances == [-200, 200, 0]
    assert await home.run(lambda work: work.balance(Account("company"), Unit("points"))) == 0


async def test_a_statement_is_what_the_ledger_says_page_by_page(home: SqliteStore) -> None:
    booked = [
        transfer("1", "company", "pending:bo", 200, question=1),
        transfer("2", "pending:bo", "payable:bo", 200),
        transfer("3", "company", "pending:cy", 70),
        transfer("4", "pool", "points:bo", 10, unit=Unit("points")),
        transfer("5", "payable:bo", "paid:bo", 150),
    ]
    for at, each in enumerate(booked, start=1):
        await home.run(lambda work, each=each, at=at: work.book([each], at))
    expected = statement_lines(enumerate(booked, start=1), BO)
    whole = await home.views.statement(BO)
    assert Counter(whole.rows) == Counter(expected)
    assert [line.at for line in whole.rows] == [5, 5, 4, 2, 2, 1]
    found, after = [], None
    while True:
        page = await home.views.statement(BO, after=after, limit=1)
        found += page.rows
        if (after := page.after) is None:
            break
    assert found == list(whole.rows)
    # A pocket that came to nothing is still named.
    assert await home.views.balances(BO) == sums(whole.rows)
    assert [(person.id, unit, amount) for person, unit, amount in await home.views.payable()] == [(BO, USD, 50)]


accounts = st.sampled_from(["company", "house", "escrow:1", "pending:bo", "payable:bo", "points:bo"])
transfers = st.builds(
    lambda key, pair, amount, unit: transfer(key, pair[0], pair[1], amount, unit=Unit(unit)),
    st.text("abc", min_size=1, max_size=2),
    st.tuples(accounts, accounts).filter(lambda pair: pair[0] != pair[1]),
    st.integers(1, 10**12),
    st.sampled_from(["USD", "points"]),
)


@given(booked=st.lists(transfers, max_size=30))
def test_balances_are_the_sums_of_the_transfers(
    booked: list[Transfer], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("books") / "guildhall.db"
    migrate(path)
    connection = connect(path, read_only=False, busy_ms=BUSY_MS)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    work = SqlWork(load_queries(), connection)
    work.book(booked, 1)
    expected: Counter[tuple[str, str]] = Counter()
    for each in {one.key: one for one in reversed(booked)}.values():
        expected[each.debit, each.unit] -= each.amount
        expected[each.credit, each.unit] += each.amount
    kept = {(account, unit): amount for account, unit, amount in work.sql.kept_balances(connection)}
    assert kept == expected
    assert sum(kept.values()) == 0
    connection.close()


async def test_an_audit_of_sound_books_finds_nothing(home: SqliteStore) -> None:
    question = await home.run(ask)
    await home.run(lambda work: work.book([transfer("k", "company", f"escrow:{question.id}", 200)], 1))
    await home.run(lambda work: change(work, question, Reopen(question=question.id), escrow=200))
    rows = await home.views.audit_rows()
    assert rows.totals == {USD: 0}
    assert audit(rows.totals, rows.mismatches, rows.escrow_left, rows.negatives, rows.repeated) == ()


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        ("UPDATE balances SET amount = amount + 1 WHERE account = 'house'", ["balance"]),
        ("DELETE FROM balances WHERE account = 'house'", ["balance"]),
        ("UPDATE questions SET facts = replace(facts, '\"escrow\":200', '\"escrow\":100')", ["escrow"]),
        ("UPDATE questions SET state = 'solved'", ["escrow"]),
        ("INSERT INTO questions SELECT 9, " + ALL_BUT_ID + " FROM questions", ["escrow"]),
        ("INSERT INTO balances VALUES ('payable:bo', 'USD', -5, 'payable')", ["balance", "negative"]),
        (
            "INSERT INTO transfers (key, debit, credit, amount, unit, why, at)"
            " VALUES ('x', 'company', 'escrow:9', 5, 'USD', '', 1)",
            ["balance", "balance"],
        ),
    ],
)
async def test_an_audit_finds_what_somebody_changed(home: SqliteStore, tamper: str, found: list[str]) -> None:
    question = await home.run(ask)
    booked = [
        transfer("k", "company", f"escrow:{question.id}", 200),
        transfer("l", "company", "house", 30),
    ]
    await home.run(lambda work: work.book(booked, 1))
    await home.run(lambda work: change(work, question, Reopen(question=question.id), escrow=200))
    await execute(home, tamper)
    rows = await home.views.audit_rows()
    findings = audit(rows.totals, rows.mismatches, rows.escrow_left, rows.negatives, rows.repeated)
    assert sorted(finding.check for finding in findings) == sorted(found)


async def execute(store: SqliteStore, statement: str) -> None:
    """As somebody with a database tool would."""

    def act(work: Work) -> None:
        assert isinstance(work, SqlWork)
        work.connection.execute(statement)

    await store.run(act)


# What is never changed


async def filled(store: SqliteStore) -> None:
    question = await store.run(ask)
    await store.run(lambda work: work.book([transfer("k", "company", "escrow:1")], 1))
    await store.run(lambda work: work.log_reveal(BO, question.id, 1, "asked by the customer", 2))


@pytest.mark.parametrize("table", APPEND_ONLY)
async def test_what_is_written_for_ever_cannot_be_changed(home: SqliteStore, table: str) -> None:
    await filled(home)
    column = {"category_versions": "why"}.get(table, "at")
    before = await contents(home, table)
    assert before
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ):
        if table == "transfers" and statement.startswith("INSERT"):
            await execute(home, statement)  # a cause that is there adds nothing
        else:
            with pytest.raises(Exception, match=f"{table} is append-only"):
                await execute(home, statement)
    assert await contents(home, table) == before


async def contents(store: SqliteStore, table: str) -> list[tuple[object, ...]]:
    def act(work: Work) -> list[tuple[object, ...]]:
        assert isinstance(work, SqlWork)
        return list(work.connection.execute(f"SELECT * FROM {table}"))

    return await store.run(act)


def test_every_table_that_must_stay_has_its_guards_and_no_other(tmp_path: Path) -> None:
    migrate(tmp_path / "guards.db")
    connection = connect(tmp_path / "guards.db", read_only=True, busy_ms=BUSY_MS)
    triggers = connection.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    connection.close()
    guards = Counter((table, sql.split()[4]) for table, _, sql in triggers)
    assert guards == Counter((table, act) for table in APPEND_ONLY for act in ("UPDATE", "DELETE", "INSERT"))


# Words


async def test_a_text_that_changed_is_shown_anew_in_every_copy(home: SqliteStore) -> None:
    question = await home.run(lambda work: ask(work, "my password is canary"))
    await show(home, card("Q1/card", question=question.id), line("Q1/m/1", question=question.id, message=1))
    assert await pending(home) == []
    await home.run(lambda work: work.refresh(question.id, 1))
    assert {post.notice.slot for post in await pending(home)} == {"Q1/card", "Q1/m/1"}


async def test_an_erased_person_leaves_books_and_no_trace(home: SqliteStore) -> None:
    first = await home.run(lambda work: ask(work, "canary one", at=1))
    second = await home.run(lambda work: claim(work, ask(work, "canary two", at=2)))
    reply = said(second.id, 2, "canary three", ANN)
    await home.run(lambda work: change(work, second, Reopen(question=second.id), reply))
    await home.run(lambda work: change(work, second, Reopen(question=second.id), said(second.id, 3, "Bo's", BO)))

    def leave_traces(work: Work) -> None:
        work.know(ANN, [("email", "canary@example.org")])
        work.keep_draft(first.id, ANN, "canary draft", 3)
        work.add_identity(ANN, replace(web_identity("canary"), platform="email"), 3)
        work.seen(ANN, 3, Place("email:canary@example.org"))
        work.book([transfer("k", "company", "pending:ann", 7)], 3)
        work.save_token(Token(id="t", digest="d1", client="canary-app", scopes=(), made_at=3, person=ANN))
        work.add_door("door", ANN, 99)

    await home.run(leave_traces)
    await show(home, card("Q1/card", question=first.id), line("Q2/m/3", question=second.id, message=3))
    await show(home, line("Q1/m/1", question=first.id, message=1))
    journal = await contents(home, "journal")
    reached = await home.run(lambda work: work.erase_person(ANN, 50))
    assert reached == {"messages": 3, "files": 0, "drafts": 1, "known values": 1, "identities": 2, "posts": 2}
    for table in ("messages", "drafts", "known_values", "identities", "people", "posts", "journal", "doors"):
        assert "canary" not in str(await contents(home, table)), table
    ann = await home.views.person(ANN)
    assert ann is not None
    assert (ann.name, ann.home) == ("erased", None)
    assert await home.run(lambda work: work.person_of(web_identity("ann"))) is None
    assert await home.run(lambda work: work.door("door", 5)) is None
    token = await home.views.token("d1")
    assert token is not None
    assert token.revoked_at == 50
    assert {post.notice.slot for post in await pending(home)} == {"Q1/card", "Q1/m/1"}
    text = await home.run(lambda work: work.message(second.id, 3))
    assert text is not None
    assert text.text == "Bo's"
    assert await contents(home, "journal") == journal
    assert (await home.views.balances(ANN)) == {("pending", USD): 7}
    again = await home.run(lambda work: work.erase_person(ANN, 60))
    assert {count for name, count in again.items() if name != "posts"} == {0}


async def test_what_was_erased_has_left_the_file(open_database: Open) -> None:
    store = await open_database()
    await store.run(settle_in)
    await store.run(lambda work: ask(work, "canary " * 9_000))
    await store.run(lambda work: ask(work, "canary"))
    await store.run(lambda work: work.keep_draft(QuestionId(1), ANN, "canary", 2))
    await store.run(lambda work: work.know(ANN, [("email", "canary@example.org")]))
    await store.run(lambda work: work.erase_person(ANN, 5))
    await store.close()
    assert b"canary" not in store.path.read_bytes()


async def test_two_erased_experts_do_not_collide(home: SqliteStore) -> None:
    await home.run(lambda work: work.add_person(someone("cy", expert=Expert()), None, 1))
    for person in (BO, PersonId("cy")):
        await home.run(lambda work, person=person: work.erase_person(person, 5))
    assert await home.views.people(experts=True) == []
    # Their names are free again.
    await home.run(lambda work: work.add_person(someone("bo2", name="bo", expert=Expert()), None, 1))


async def show(store: SqliteStore, *notices: Notice) -> None:
    await store.run(lambda work: work.want(notices, 1))
    for post in await pending(store):
        await store.run(lambda work, post=post: work.shown(post, Ref("r")))


async def pending(store: SqliteStore) -> list[Post]:
    """Everything that would be sent to the channel now; the store is left as it was."""

    def act(work: Work) -> list[Post]:
        found = []
        while post := work.next_post(CHANNEL, 10**6):
            found.append(post)
            work.shown(post, post.ref or Ref("r"))
        raise Found(found)

    try:
        return await store.run(act)
    except Found as found:
        return found.posts


class Found(Exception):
    """Carries posts out of a transaction that is taken back."""

    def __init__(self, posts: list[Post]) -> None:
        self.posts = posts


# Doors


async def test_a_program_comes_in_by_its_token(home: SqliteStore) -> None:
    token = Token(id="t1", digest="ab", client="shop", scopes=("ask", "read"), made_at=1, person=BO, expires_at=9)
    await home.run(lambda work: work.save_token(token))
    assert await home.views.token("ab") == token
    revoked = replace(token, revoked_at=5)
    await home.run(lambda work: work.save_token(revoked))
    assert await home.run(lambda work: [work.token("ab"), *work.tokens()]) == [revoked, revoked]
    assert await home.views.token("cd") is None


async def test_a_link_opens_once_and_not_too_late(home: SqliteStore) -> None:
    await home.run(lambda work: work.add_door("d", BO, 10))
    assert await home.run(lambda work: [work.door("d", 9), work.door("d", 10), work.door("e", 1)]) == [BO, None, None]
    assert await home.run(lambda work: [work.use_door("d", 9), work.use_door("d", 9), work.door("d", 9)]) == [
        BO,
        None,
        None,
    ]


async def test_a_request_is_answered_with_what_it_got_the_first_time(home: SqliteStore) -> None:
    await home.run(lambda work: work.open_request("shop/1", "print", 5))
    await home.run(lambda work: work.open_request("shop/1", "other", 6))
    begun = SavedRequest(fingerprint="print", at=5)
    assert await home.views.saved_request("shop/1") == begun
    await home.run(lambda work: work.answer_request("shop/1", 201, '{"number": "Q7K3"}'))
    answered = replace(begun, status=201, body='{"number": "Q7K3"}')
    assert await home.run(lambda work: work.saved_request("shop/1")) == answered
    await home.run(lambda work: work.forget_requests(5))
    assert await home.views.saved_request("shop/1") == answered
    await home.run(lambda work: work.forget_requests(6))
    assert await home.views.saved_request("shop/1") is None


async def test_settings(home: SqliteStore) -> None:
    assert await home.run(lambda work: work.setting("secret")) is None
    await home.run(lambda work: work.set_setting("secret", "a"))
    await home.run(lambda work: work.set_setting("secret", "b"))
    assert await home.run(lambda work: work.setting("secret")) == "b"
