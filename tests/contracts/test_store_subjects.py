"""Questions, people, categories, timers and the lists of them."""

from dataclasses import replace

import pytest

from bot.change import Due
from bot.commands import Claim, Lapse, Pass, Reopen, SendAnswer
from bot.model import (
    Answer,
    Audience,
    Category,
    CategoryName,
    Escalation,
    EscalationReason,
    Expert,
    Identity,
    Kind,
    Payment,
    PersonId,
    Place,
    Pocket,
    QuestionId,
    Rank,
    StaffRole,
    Standing,
    State,
    Words,
)
from bot.ports import Work
from storage import SqliteStore
from tests.contracts.store_samples import (
    ANN,
    BILLING,
    BO,
    add_category,
    ask,
    change,
    claim,
    enrol,
    said,
    settle_in,
    someone,
    web_identity,
)

MASTER = Expert(rank=Rank.MASTER)


@pytest.fixture
async def home(store: SqliteStore) -> SqliteStore:
    await store.run(settle_in)
    return store


async def test_a_question_is_read_back_as_it_was_saved(home: SqliteStore) -> None:
    question = await home.run(ask)

    def everything(work: Work) -> object:
        escalation = Escalation(by=BO, at=3, reason=EscalationReason.BUG, message=2, stands_until=9)
        answer = Answer(message=2, author=BO, at=3, release_at=23)
        return change(
            work,
            question,
            Claim(question=question.id),
            state=State.CLAIMED,
            holder=BO,
            escalation=escalation,
            answers=(answer, replace(answer, message=3, rejected=True)),
            passed=(PersonId("cy"), PersonId("di")),
        )

    assert await home.run(everything) == await home.run(lambda work: work.question(question.id))
    assert await home.run(lambda work: work.question(QuestionId(99))) is None


async def test_changing_what_is_not_there_is_an_error_and_leaves_nothing(home: SqliteStore) -> None:
    question = await home.run(ask)
    with pytest.raises(AssertionError, match="not in the database"):
        await home.run(lambda work: claim(work, replace(question, id=QuestionId(77))))
    assert [row["verb"] for row in await home.views.journal(QuestionId(77))] == []


async def test_a_revised_message_takes_the_place_of_the_first(home: SqliteStore) -> None:
    question = await home.run(ask)
    corrected = replace(said(question.id, 1, "better"), revision=2, redacted=True, to=BO, source=Place("web:@ann"))
    await home.run(lambda work: change(work, question, Reopen(question=question.id), corrected))
    assert await home.run(lambda work: work.message(question.id, 1)) == corrected
    assert await home.run(lambda work: work.message(question.id, 2)) is None


async def test_the_journal_keeps_numbers_and_states_and_never_words(home: SqliteStore) -> None:
    question = await home.run(lambda work: ask(work, "canary words"))
    claimed = await home.run(lambda work: claim(work, question))
    send = SendAnswer(question=question.id, words=Words.plain("canary answer"))
    text = said(question.id, 2, "canary answer", BO)
    await home.run(lambda work: change(work, claimed, send, text, at=3, state=State.ANSWERED))
    skip = Pass(question=question.id, reason="not-mine")
    await home.run(lambda work: change(work, claimed, skip, at=4))
    rows = await home.views.journal(question.id)
    told = [(row["verb"], row["actor"], row["before"], row["after"], row["messages"]) for row in rows]
    assert told == [
        ("ask", "ann", None, "open", "[1]"),
        ("claim", "bo", "open", "claimed", "[]"),
        ("answer", "bo", "claimed", "answered", "[2]"),
        ("pass", "bo", "claimed", "claimed", "[]"),
    ]
    assert rows[3]["args"] == '{"reason":"not-mine"}'
    assert "canary" not in str(rows)


async def test_people_are_known_by_their_accounts(home: SqliteStore) -> None:
    work_account = Identity(platform="slack", workspace="acme", external="U1")
    await home.run(lambda work: work.add_identity(ANN, work_account, 2))
    assert await home.run(lambda work: work.person_of(work_account)) == ANN
    assert await home.views.person_of(work_account) == await home.views.person_of(web_identity("ann"))
    assert await home.views.identities(ANN) == [web_identity("ann"), work_account]
    assert await home.run(lambda work: work.person_of(replace(work_account, workspace="other"))) is None


async def test_an_account_belongs_to_one_person_for_ever(home: SqliteStore) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"):
        await home.run(lambda work: work.add_identity(BO, web_identity("ann"), 2))


@pytest.mark.parametrize("name", ["bo", "BO", " Bo ", "ＢＯ"])
async def test_experts_are_found_by_name_however_it_is_written(home: SqliteStore, name: str) -> None:
    await home.run(lambda work: work.add_person(someone("bo2", name="Bo"), None, 1))
    assert await home.run(lambda work: work.person_named(name)) == BO
    assert (await home.views.person_named(name)) == await home.views.person(BO)


async def test_a_customer_is_found_by_name_only_when_nobody_else_has_it(home: SqliteStore) -> None:
    assert await home.run(lambda work: work.person_named("Ann")) == ANN
    await home.run(lambda work: work.add_person(someone("ann2", name="ANN"), None, 1))
    assert await home.run(lambda work: work.person_named("Ann")) is None
    assert await home.views.person_named("nobody") is None


async def test_two_experts_cannot_have_one_name(home: SqliteStore) -> None:
    with pytest.raises(Exception, match=r"(?i)unique"):
        await home.run(lambda work: work.add_person(someone("bo2", name="BO", expert=Expert()), None, 1))


async def test_a_person_lives_where_they_were_last_heard(home: SqliteStore) -> None:
    place = Place("slack:acme:@U1")
    await home.run(lambda work: work.seen(BO, 5, place))
    await home.run(lambda work: work.seen(BO, 6))
    bo = await home.views.person(BO)
    assert bo is not None
    assert bo.home == place
    renamed = replace(bo, name="Bob", home=Place("web:@bo"))
    await home.run(lambda work: enrol(work, bo, renamed))
    assert await home.views.person(BO) == renamed
    assert await home.run(lambda work: work.homes([BO, ANN])) == {BO: Place("web:@bo")}


async def test_staff_homes(home: SqliteStore) -> None:
    def hire(work: Work) -> None:
        for name, role in (("al", StaffRole.AGENT), ("le", StaffRole.LEAD), ("ad", StaffRole.ADMIN)):
            work.add_person(someone(name, staff=role, home=Place(f"web:@{name}")), None, 1)
        work.add_person(someone("no", staff=StaffRole.LEAD), None, 1)

    await home.run(hire)
    assert set(await home.run(lambda work: work.staff_homes())) == {"al", "le", "ad"}
    assert set(await home.run(lambda work: work.staff_homes(leads_only=True))) == {"le", "ad"}
    assert [person.id for person in await home.views.people(staff=True)] == ["ad", "al", "le", "no"]
    assert [person.id for person in await home.views.people(experts=True)] == ["bo"]
    assert len(await home.views.people()) == 6


@pytest.mark.parametrize(
    ("expert", "seen", "counts"),
    [
        (MASTER, 100, True),
        (MASTER, 99, False),
        (Expert(rank=Rank.JOURNEYMAN), 100, False),
        (replace(MASTER, standing=Standing.SUSPENDED), 100, False),
        (replace(MASTER, categories=(BILLING,)), 100, True),
        (replace(MASTER, categories=(CategoryName("other"),)), 100, False),
    ],
)
async def test_a_master_is_there_who_was_heard_from(home: SqliteStore, expert: Expert, seen: int, counts: bool) -> None:
    def join(work: Work) -> None:
        work.add_person(someone("ma", expert=expert, home=Place("web:@ma")), None, 1)
        work.seen(PersonId("ma"), seen)

    await home.run(join)
    assert await home.run(lambda work: work.master_seen(BILLING, 100, BO)) is counts
    assert await home.run(lambda work: work.master_seen(BILLING, 100, PersonId("ma"))) is False
    reachable = {PersonId("ma"): Place("web:@ma")} if counts or seen == 99 else {}
    assert await home.run(lambda work: work.master_homes(BILLING)) == reachable


async def test_what_somebody_has_in_hand(home: SqliteStore) -> None:
    first, second = await home.run(ask), await home.run(ask)
    await home.run(lambda work: claim(work, first))
    held = await home.run(lambda work: claim(work, second))
    assert await home.run(lambda work: (work.claims_held(BO), work.open_asked(ANN))) == (2, 2)
    await home.run(lambda work: change(work, held, Reopen(question=held.id), state=State.WAITING))
    assert await home.run(lambda work: (work.claims_held(BO), work.open_asked(ANN))) == (1, 2)
    await home.run(lambda work: change(work, held, Reopen(question=held.id), state=State.SOLVED, holder=None))
    assert await home.run(lambda work: (work.claims_held(BO), work.open_asked(ANN))) == (1, 1)


async def test_where_somebody_was_answered_before(home: SqliteStore) -> None:
    def act(work: Work) -> None:
        for place in ("web:@first", "web:@second", "web:@second"):
            question = ask(work)
            change(work, question, Pass(question=question.id), origin=Place(place))
        assert work.origins_of(ANN) == ("web:@second", "web:@first")
        assert work.origins_of(BO) == ()

    await home.run(act)


async def test_values_to_mask_are_known_once(home: SqliteStore) -> None:
    values = [("email", "ann@example.org"), ("name", "Ann"), ("email", "ann@example.org")]
    await home.run(lambda work: work.know(ANN, values))
    assert await home.run(lambda work: work.known(ANN)) == tuple(values[:2])
    assert list(await home.views.known(ANN)) == values[:2]


async def test_every_version_of_a_category_stays(home: SqliteStore) -> None:
    newer = Category(name=BILLING, title="Bills", version=2, private=True, open_to_experts=False)
    await home.run(lambda work: add_category(work, newer))
    await home.run(lambda work: add_category(work, Category(name=CategoryName("a"), title="A")))
    assert await home.run(lambda work: work.category(BILLING)) == newer
    assert [category.name for category in await home.views.categories()] == ["a", "billing"]
    with pytest.raises(Exception, match="append-only"):
        await home.run(lambda work: add_category(work, newer))


async def test_timers_come_due_in_order(home: SqliteStore) -> None:
    def set_timers(work: Work) -> None:
        for at in (30, 10, 20):
            question = ask(work)
            claim(work, question, due=Due(at=at, command=Lapse(question=question.id)))

    await home.run(set_timers)
    due = await home.run(lambda work: work.due_questions(20, 9))
    assert due == [
        (2, Due(at=10, command=Lapse(question=QuestionId(2)))),
        (3, Due(at=20, command=Lapse(question=QuestionId(3)))),
    ]
    assert len(await home.run(lambda work: work.due_questions(99, 1))) == 1
    assert await home.run(lambda work: work.due_since(10, 20)) == [2, 3]
    assert await home.views.next_due() == 10


async def test_the_product_notes_that_it_is_alive(home: SqliteStore) -> None:
    assert await home.run(lambda work: [work.beat(5), work.beat(9)]) == [None, 5]
    assert (await home.views.counts()).last_beat_at == 9


async def test_drafts_are_kept_until_they_are_empty(home: SqliteStore) -> None:
    question = await home.run(ask)
    await home.run(lambda work: work.keep_draft(question.id, BO, "try", 1))
    await home.run(lambda work: work.keep_draft(question.id, BO, "try this", 2))
    assert await home.views.draft(question.id, BO) == "try this"
    assert await home.views.drafts(BO) == [(question.id, "try this")]
    await home.run(lambda work: work.keep_draft(question.id, BO, "", 3))
    assert await home.views.draft(question.id, BO) == ""
    assert await home.views.drafts(BO) == []


async def test_a_card_gets_everything_it_may_show(home: SqliteStore) -> None:
    question = await home.run(ask)

    def go_on(work: Work) -> None:
        for name in ("re", "es", "no"):
            work.add_person(someone(name), None, 1)
        work.add_person(someone("pa"), None, 1)
        payment = Payment(person=PersonId("pa"), amount=1, pocket=Pocket.PENDING, why="shared", at=3)
        answer = Answer(message=2, author=BO, at=3, reviewer=PersonId("re"))
        escalation = Escalation(by=PersonId("es"), at=3, reason=EscalationReason.BUG, message=2)
        text = replace(said(question.id, 2, "It is a hold.", BO), kind=Kind.ANSWER, audience=Audience.INTERNAL)
        command = Reopen(question=question.id)
        change(work, question, command, text, holder=BO, answers=(answer,), escalation=escalation, payments=(payment,))
        work.keep_draft(question.id, BO, "draft", 1)

    await home.run(go_on)
    facts = await home.views.facts(question.id, now=9, people=[PersonId("no"), PersonId("nobody")], draft_of=BO)
    assert facts.now == 9
    assert facts.question == await home.run(lambda work: work.question(question.id))
    assert facts.category == await home.run(lambda work: work.category(BILLING))
    assert [message.text for message in facts.messages.values()] == ["Why was I billed twice?", "It is a hold."]
    assert set(facts.people) == {"ann", "bo", "re", "es", "no", "pa"}
    assert facts.draft == "draft"
    assert (await home.views.facts(None, now=9, people=[BO])).people.keys() == {BO}


async def test_a_list_goes_on_where_the_page_before_ended(home: SqliteStore) -> None:
    def many(work: Work) -> None:
        for number in range(1, 11):
            question = ask(work)
            if number % 2:
                claim(work, question)

    await home.run(many)
    views = home.views
    newest = await views.questions(limit=4)
    assert [question.id for question in newest.rows] == [10, 9, 8, 7]
    rest = await views.questions(limit=6, after=newest.after)
    assert ([question.id for question in rest.rows], rest.after) == ([6, 5, 4, 3, 2, 1], None)
    oldest = await views.questions(states=[State.OPEN], oldest_first=True, limit=2)
    assert [question.id for question in oldest.rows] == [2, 4]
    later = await views.questions(states=[State.OPEN], oldest_first=True, after=oldest.after)
    assert [question.id for question in later.rows] == [6, 8, 10]


async def test_a_list_is_of_what_was_asked_for(home: SqliteStore) -> None:
    def mixed(work: Work) -> None:
        add_category(work, Category(name=CategoryName("other"), title="Other"))
        work.add_person(someone("cy"), None, 1)
        claim(work, ask(work))
        ask(work, customer=PersonId("cy"))
        change(work, ask(work), Reopen(question=QuestionId(3)), category=CategoryName("other"))

    await home.run(mixed)

    async def ids(**which: object) -> list[int]:
        both = [await home.views.questions(oldest_first=way, **which) for way in (True, False)]  # type: ignore[arg-type]
        assert list(both[0].rows) == list(reversed(both[1].rows))
        return [question.id for question in both[0].rows]

    other = CategoryName("other")
    assert await ids() == [1, 2, 3]
    assert await ids(category=BILLING) == [1, 2]
    assert await ids(customer=ANN) == [1, 3]
    assert await ids(customer=ANN, category=other) == [3]
    assert await ids(holder=BO) == [1]
    assert await ids(holder=BO, customer=ANN, category=BILLING) == [1]
    assert await ids(holder=BO, category=other) == []
    assert await ids(holder=BO, customer=PersonId("cy")) == []
    assert await ids(states=[State.CLAIMED, State.OPEN], category=BILLING) == [1, 2]
    assert (await home.views.counts()).unfinished[State.OPEN] == 2


async def test_what_somebody_answered(home: SqliteStore) -> None:
    for _ in range(3):
        question = await home.run(ask)
        if question.id != 2:
            texts = [replace(said(question.id, n, "so", BO), kind=Kind.ANSWER) for n in (2, 3)]
            await home.run(lambda work, q=question, t=texts: change(work, q, Reopen(question=q.id), *t, messages=3))
    assert [question.id for question in await home.views.questions_answered_by(BO)] == [3, 1]
    assert [question.id for question in await home.views.questions_answered_by(BO, limit=1)] == [3]
