"""The contract of the store about people who turn out to be one: found by either id, and nothing is rewritten."""

import json
from dataclasses import is_dataclass, replace
from typing import Any, get_args, get_type_hints

import pytest

from bot.change import Outcome, Receipt
from bot.commands import Claim
from bot.model import (
    Answer,
    Attachment,
    Escalation,
    EscalationReason,
    Expert,
    Kind,
    Payment,
    PersonId,
    Pocket,
    Question,
    QuestionId,
    State,
    Unit,
)
from bot.ports import Token, Work
from storage import SqliteStore
from storage.codec import encode
from storage.work import SqlWork
from tests.contracts import store_samples as s


def places_for_people(hint: Any) -> int:
    """How many fields of the model, however deep, hold the id of a person."""
    if hint is PersonId:
        return 1
    inside = list(get_type_hints(hint).values()) if is_dataclass(hint) else list(get_args(hint))
    return sum(places_for_people(each) for each in inside)


NAMED = places_for_people(Question)
ANN, BO, CY = s.ANN, s.BO, PersonId("cy")


def with_cy(work: Work) -> None:
    s.settle_in(work)
    work.add_person(s.someone("cy", expert=Expert()), s.web_identity("cy"), 1)


def everywhere(work: Work, person: PersonId) -> Question:
    """A question that names this person wherever it can name somebody."""
    asked = s.ask(work, customer=person)
    return s.change(
        work,
        asked,
        Claim(question=asked.id),
        replace(s.said(asked.id, 2, "It is a hold.", author=person), kind=Kind.ANSWER),
        state=State.CLAIMED,
        holder=person,
        passed=(person, ANN),
        answers=(Answer(message=2, author=person, at=2, reviewer=person),),
        files=(Attachment(number=1, message=1, author=person, media_type="image/png"),),
        escalation=Escalation(by=person, at=2, reason=EscalationReason.BUG, message=2),
        payments=(
            Payment(person=person, amount=5, pocket=Pocket.PENDING, why="bounty", at=2),
            Payment(person=None, amount=1, pocket=Pocket.PENDING, why="house", at=2),
        ),
    )


async def test_a_question_names_who_they_are_now_and_its_row_who_they_were(store: SqliteStore) -> None:
    def act(work: Work) -> tuple[str, str]:
        with_cy(work)
        question = everywhere(work, BO)
        before = work.question(question.id)
        assert before is not None
        assert encode(before).count('"bo"') == NAMED
        work.join(BO, CY, 3)
        after = work.question(question.id)
        assert after is not None
        assert isinstance(work, SqlWork)
        return encode(after), work.sql.question(work.connection, question=question.id)

    now, row = await store.run(act)
    assert '"bo"' not in now
    assert now.count('"cy"') == NAMED
    assert row.count('"bo"') == NAMED
    fields = json.loads(now)
    assert fields["passed"] == ["cy", "ann"]


async def test_everything_is_found_by_who_they_are_now(store: SqliteStore) -> None:
    def act(work: Work) -> QuestionId:
        with_cy(work)
        question = everywhere(work, BO)
        work.remember("web:1", Receipt(verb="claim", outcome=Outcome.DONE, actor=BO, person=BO), 2)
        work.join(BO, CY, 3)
        receipt = work.receipt("web:1")
        assert receipt is not None
        assert (receipt.actor, receipt.person) == (CY, CY)
        assert (work.claims_held(CY), work.claims_held(BO)) == (1, 0)
        assert work.unfinished_of(CY) == work.held_by(CY) == [question.id]
        assert work.held_by(BO) == []
        assert work.person_of(s.web_identity("bo")) == work.person_of(s.web_identity("cy")) == CY
        message = work.message(question.id, 2)
        assert message is not None
        assert message.author == CY
        return question.id

    number = await store.run(act)
    views = store.views
    for page in (await views.questions(customer=CY), await views.questions(holder=CY)):
        assert [(each.id, each.customer) for each in page.rows] == [(number, CY)]
    assert [each.id for each in await views.questions_answered_by(CY)] == [number]
    facts = await views.facts(number, now=9, people=[BO])
    assert {each.author for each in facts.messages.values()} == {CY}
    assert facts.people[BO].id == facts.people[CY].id == CY
    by_old_id = await views.person(BO)
    assert by_old_id is not None
    assert by_old_id.id == CY
    assert len(await views.identities(CY)) == 2
    assert BO not in {each.id for each in await views.people()}
    assert [row["actor"] for row in await views.journal(number)] == ["bo", "bo"], "history names who it was then"


async def test_the_newest_answers_under_any_id_come_first(store: SqliteStore) -> None:
    def act(work: Work) -> list[QuestionId]:
        with_cy(work)
        numbers = [everywhere(work, person).id for person in (BO, CY, BO, CY, CY)]
        work.join(BO, CY, 3)
        return numbers

    numbers = await store.run(act)
    found = await store.views.questions_answered_by(CY, limit=4)
    assert [each.id for each in found] == numbers[:0:-1]


async def test_drafts_known_values_tokens_and_doors_change_hands(store: SqliteStore) -> None:
    def act(work: Work) -> None:
        with_cy(work)
        first, second, third = (s.ask(work).id for _ in range(3))
        work.keep_draft(first, BO, "Only mine.", 2)
        work.keep_draft(second, BO, "Mine.", 2)
        work.keep_draft(second, CY, "Theirs.", 2)
        work.keep_draft(third, BO, "Same.", 2)
        work.keep_draft(third, CY, "The Same. And more.", 2)
        work.know(BO, [("email", "b@example.org"), ("name", "B")])
        work.know(CY, [("name", "B")])
        token = Token(id="t1", digest="ab", client="shop", scopes=("expert",), made_at=1, person=BO)
        work.save_token(token)
        work.add_door("cd", BO, 99)
        work.join(BO, CY, 3)
        drafts = [work.draft(each, CY) for each in (first, second, third)]
        assert drafts == ["Only mine.", "Theirs.\n\nMine.", "The Same. And more."]
        assert [work.draft(each, BO) for each in (first, second, third)] == ["", "", ""]
        assert work.known(CY) == (("email", "b@example.org"), ("name", "B"))
        assert work.known(BO) == ()
        assert work.token("ab") == replace(token, person=CY)
        assert work.use_door("cd", 9) == CY

    await store.run(act)


async def test_whoever_was_joined_twice_is_the_last(store: SqliteStore) -> None:
    def act(work: Work) -> None:
        with_cy(work)
        question = everywhere(work, ANN)
        work.join(ANN, BO, 3)
        work.join(BO, CY, 4)
        for number in (ANN, BO, CY):
            person = work.person(number)
            assert person is not None
            assert person.id == CY
        found = work.question(question.id)
        assert found is not None
        assert found.customer == CY
        assert work.unfinished_of(CY) == [question.id]

    await store.run(act)


async def test_the_books_stay_as_they_are(store: SqliteStore) -> None:
    def act(work: Work) -> None:
        with_cy(work)
        work.book([s.transfer("k1", "company", "pending:bo", 140)], 2)
        owned = work.balances(BO)
        work.join(BO, CY, 3)
        assert owned == work.balances(BO) == {("pending", Unit("USD")): 140}
        assert work.balances(CY) == {}

    await store.run(act)


async def test_a_code_is_one_persons_newest_until_it_expires_or_is_used(store: SqliteStore) -> None:
    def act(work: Work) -> None:
        with_cy(work)
        work.save_link_code(BO, "old", 50)
        work.save_link_code(BO, "new", 50)
        work.save_link_code(CY, "other", 50)
        assert [work.link_code_of(each, 49) for each in ("old", "new", "other", "none")] == [None, BO, CY, None]
        assert work.link_code_of("new", 50) is None
        work.join(CY, BO, 10)
        assert [work.link_code_of(each, 11) for each in ("new", "other")] == [None, None]

    await store.run(act)


async def test_wrong_codes_are_counted_and_cannot_be_shaken_off(store: SqliteStore) -> None:
    def act(work: Work) -> None:
        with_cy(work)
        for at in (10, 20, 30):
            work.note_wrong_code(BO, at, forget_before=10 if at == 30 else 0)
        assert work.wrong_codes(BO, 0) == [20, 30], "what is too old is forgotten"
        assert work.wrong_codes(BO, 20) == [30]
        work.join(BO, CY, 40)
        assert work.wrong_codes(CY, 0) == [20, 30]

    await store.run(act)


async def test_a_join_that_fails_leaves_two_people(store: SqliteStore) -> None:
    await store.run(with_cy)

    def act(work: Work) -> None:
        work.join(BO, CY, 3)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        await store.run(act)
    assert {each.id for each in await store.views.people()} == {ANN, BO, CY}
    person = await store.views.person(BO)
    assert person is not None
    assert person.id == BO


async def test_an_erasure_by_either_id_reaches_both(store: SqliteStore) -> None:
    def act(work: Work) -> dict[str, int]:
        with_cy(work)
        everywhere(work, BO)
        everywhere(work, CY)
        work.save_link_code(CY, "code", 50)
        work.join(BO, CY, 3)
        work.save_link_code(CY, "later", 50)
        reached = dict(work.erase_person(BO, 4))
        assert work.link_code_of("later", 5) is None
        assert isinstance(work, SqlWork)
        rows = work.connection.execute("SELECT name, facts FROM people WHERE id IN ('bo', 'cy')").fetchall()
        assert [(name, "erased" in facts) for name, facts in rows] == [("erased", True)] * 2
        return reached

    reached = await store.run(act)
    assert (reached["messages"], reached["identities"]) == (4, 2)
