"""Hundreds of questions come in by file and by API, and go through the whole loop with many people at work at once."""

import asyncio
import json
import secrets
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx

from bot.model import Rank, StaffRole
from tests.traffic.customers import ByPage, ByProgram, Customer
from tests.traffic.house import ROOT, House, Program, build
from tests.traffic.people import Day, Expert, Person, Staff

SETTINGS = """
[policy]
undo_seconds = 1
essay_seconds = 1
kill_fee_after_minutes = 0

[[category]]
name = "basics"
title = "Basics"
bounty = "2.00"

[[category]]
name = "beer"
title = "Beer"
bounty = "3.10"
veto_allowed = false
links_allowed = ["wikipedia.org"]
"""
PEOPLE = {
    **dict.fromkeys(("Ana", "Bo", "Cy", "Di", "Eve", "Fay"), Rank.JOURNEYMAN),
    "Gus": Rank.APPRENTICE,
    "Sam": StaffRole.LEAD,
    "Tess": StaffRole.AGENT,
}
DATA = ROOT.parent / "shared" / "data"
SAMPLE = [
    {
        "id": f"s{number}",
        "title": f"Which of my {number} kettles is the right one for green tea?",
        "body": f"I have {number} kettles and none of them shows its temperature while it heats.",
        "asker": f"a{number % 7}",
        "answers": [{"body": f"Take kettle {number}, wait two minutes after it boiled, then pour.", "accepted": True}],
    }
    for number in range(3, 63)
]
ENDS = {"solved", "closed"}
UNDER_WAY = ("held", "open", "claimed", "waiting", "review", "answered", "escalated")
LOOK_SECONDS = 0.3
DRAIN_SECONDS = 900.0


def rows_of(path: Path, count: int) -> list[dict[str, object]]:
    """The first rows of a file of questions, or of a small one of our own where it is not there."""
    if not path.exists():
        return [{**each, "question": each["title"], "answer": each["answers"][0]["body"]} for each in SAMPLE][:count]  # type: ignore[index]
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(count), strict=False)]


def best_answer(row: dict[str, object]) -> str:
    answers = row["answers"]
    assert isinstance(answers, list)
    best = max(answers, key=lambda each: (each.get("accepted", False), each.get("score", 0)), default={"body": ""})
    return str(best["body"])


def written(path: Path, rows: Iterable[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


async def test_every_question_goes_through_the_whole_loop_once(tmp_path: Path, proofs: bool) -> None:
    faq = rows_of(DATA / "faq_small" / "pypi_help.jsonl", 56)
    beer = rows_of(DATA / "stackexchange" / "beer.jsonl", 500 if proofs else 60)
    asked = [str(row["question"]) for row in faq] + [f"{row['title']}\n\n{row['body']}" for row in beer]
    known = [str(row["answer"]) for row in faq] + [best_answer(row) for row in beer]
    house = await build(tmp_path, SETTINGS, PEOPLE, programs=("shop", "bazaar"))
    files = [written(tmp_path / "help.jsonl", faq), written(tmp_path / "beer.jsonl", beer[::2])]
    imports = [
        ("import", str(path), "--as", "questions", "--category", name)
        for path, name in zip(files, ("basics", "beer"), strict=True)
    ]

    for words, rows in zip(imports, (faq, beer[::2]), strict=True):
        assert f"{len(rows)} brought in, 0 refused" in await house.says(*words)
    async with house.runs() as running, running.http() as http:
        day, customers = await a_day(house, http, beer[1::2], dict(zip(asked, known, strict=True)))
        for words, rows in zip(imports, (faq, beer[::2]), strict=True):
            assert f"0 brought in, {len(rows)} were there already" in await house.says(*words)
        staff = Program(http, house.keys["Sam"])
        await check_questions(staff, asked)
        replaced = await check_deliveries(house, day, staff)
        await check_answers(day, customers, replaced, Program(http, house.keys["bazaar"]))
        await check_statements(house, http)
    assert "clean" in await house.says("audit")
    print(
        f"\n{len(asked)} questions, {len(day.sent)} texts sent:",
        *(f"  {n:>5} {what}" for what, n in sorted(day.did.items())),
        sep="\n",
    )


async def a_day(
    house: House, http: httpx.AsyncClient, to_ask: list[dict[str, object]], known: dict[str, str]
) -> tuple[Day, list[Customer]]:
    """Everybody works until every question is where it stays."""
    day = Day(seed=7)
    bell, shop = Program(http, house.keys["Sam"]), Program(http, house.keys["shop"])
    customers: dict[str, Customer] = {}
    for row in await bell.every_question():
        shown = (await bell.get(f"/questions/{row['number']}")).raise_for_status().json()
        day.answers[shown["number"]] = known[shown["text"]]
        path = httpx.URL(shown["link"]).path
        customers[shown["number"]] = ByPage(http, shown["number"], path)
    crew: list[Person] = []
    for name, right in PEOPLE.items():
        at_work = Staff if isinstance(right, StaffRole) else Expert
        crew.append(at_work(Program(http, house.keys[name]), name, day))
    working = [asyncio.create_task(each.lives()) for each in crew]
    asking = asyncio.create_task(ask_all(shop, to_ask, day, customers, known))
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await live_as_customers(bell, day, customers, asking, working)
    finally:
        day.over.set()
        await asyncio.gather(asking, *working)
    return day, list(customers.values())


async def ask_all(
    shop: Program, rows: list[dict[str, object]], day: Day, customers: dict[str, Customer], known: dict[str, str]
) -> None:
    """Several at once; whoever got no answer in time would send again, so some do."""
    turns = asyncio.Semaphore(6)

    async def ask(row: dict[str, object]) -> None:
        text, key = f"{row['title']}\n\n{row['body']}", secrets.token_hex(8)
        body = {"text": text, "category": "beer", "customer": {"id": f"asker-{row.get('asker')}"}}
        async with turns:
            first = await shop.post("/questions", body, key=key)
            assert first.status_code == 201, first.text
            number = first.json()["number"]
            day.answers[number] = known[text]
            customers[number] = ByProgram(shop, number)
            if day.draw(number, "asks again") < 0.2:
                again = await shop.post("/questions", body, key=key)
                assert again.json() == first.json()
                assert again.headers["idempotent-replayed"] == "true"

    await asyncio.gather(*(ask(row) for row in rows))


async def live_as_customers(
    bell: Program,
    day: Day,
    customers: dict[str, Customer],
    asking: asyncio.Task[None],
    working: list[asyncio.Task[None]],
) -> None:
    """Customers look when something happened; those who say nothing more leave their question answered."""
    quiet: set[str] = set()
    while True:
        everybody_asked = asking.done()
        rows = await bell.every_question(*UNDER_WAY)
        moving = [row for row in rows if str(row["number"]) not in quiet]
        if everybody_asked and not moving:
            return
        for task in (asking, *working):
            if task.done():
                task.result()
        awake = [(customers[str(row["number"])], row) for row in moving if row["number"] in customers]
        await asyncio.gather(*(react(each, row, bell, day, quiet) for each, row in awake))
        await asyncio.sleep(LOOK_SECONDS)


async def react(customer: Customer, row: dict[str, object], bell: Program, day: Day, quiet: set[str]) -> None:
    number = customer.number
    match row["state"]:
        case "waiting":
            shown = (await bell.get(f"/questions/{number}")).raise_for_status().json()
            if all(each["state"] == "delivered" for each in shown["answers"]):
                kind = await customer.replies("It is the newest one, and it began last week.")
                day.did[f"customer replied {kind}".strip()] += 1
        case "open" | "claimed" if day.once(number, "withdraw", 0.02):
            day.did[f"customer withdrew {await customer.presses('withdraw')}".strip()] += 1
        case "open" | "claimed" if day.once(number, "staff please", 0.03):
            day.did[f"customer wanted staff {await customer.presses('staff-please')}".strip()] += 1
        case "answered":
            await judge(customer, bell, day, quiet)


async def judge(customer: Customer, bell: Program, day: Day, quiet: set[str]) -> None:
    number = customer.number
    shown = (await bell.get(f"/questions/{number}")).raise_for_status().json()
    answers = [each for each in shown["answers"] if each["kind"] == "answer"]
    if not answers or answers[-1]["state"] != "delivered" or answers[-1]["rejected"] or shown["state"] != "answered":
        return
    answer = answers[-1]["number"]
    if day.draw(number, "silent") < 0.1:
        quiet.add(number)
        day.did["customer said nothing"] += 1
        return
    for turn, share in (("first", 0.15), ("second", 0.05)):
        if day.once(number, f"not yet, {turn}", share):
            await say_not_yet(customer, answer, turn, day)
            return
    kind = await customer.helped(answer, "Thank you, that was it." if day.draw(number, "thanks") < 0.2 else "")
    day.did[f"customer: helped {kind}".strip()] += 1
    if not kind and day.once(number, "not yet, after all", 0.05):
        await say_not_yet(customer, answer, "after all", day)


async def say_not_yet(customer: Customer, answer: int, turn: str, day: Day) -> None:
    complaints = ("did-not-work", "not-understood", "other-topic", "someone-else")
    complaint = complaints[int(day.draw(customer.number, f"complaint {turn}") * 4)]
    kind = await customer.not_yet(answer, complaint, "It is still the same as before, I am afraid.")
    day.did[f"customer: not yet, {turn} {kind}".strip()] += 1


# What must be true afterwards


async def check_questions(staff: Program, asked: list[str]) -> None:
    """Every question is there once, and where somebody or nobody has to do something about it."""
    rows = await staff.every_question()
    texts = []
    for row in rows:
        shown = (await staff.get(f"/questions/{row['number']}")).raise_for_status().json()
        texts.append(shown["text"])
        if row["state"] not in ENDS:
            assert row["state"] == "answered", shown
            assert shown["answers"][-1]["state"] == "delivered", shown
    assert Counter(texts) == Counter(asked)


async def check_answers(day: Day, customers: list[Customer], replaced: set[tuple[str, int]], stranger: Program) -> None:
    """What was sent is what the customer reads, once each; and nobody else."""
    sent: defaultdict[str, list[str]] = defaultdict(list)
    for (number, message), text in sorted(day.gone_out().items(), key=lambda each: each[0][1]):
        if (number, message) not in replaced:
            sent[number].append(squeezed(text))
    for customer in customers:
        assert [squeezed(each) for each in await customer.reads()] == sent[customer.number], customer.number
        assert await customer.keeps_out(stranger), customer.number


async def check_statements(house: House, http: httpx.AsyncClient) -> None:
    """Each expert's lines come to the balances that they are shown, and to what the ledger says."""
    ledger = sums_in(house)
    for name, right in PEOPLE.items():
        me, rows = await desk(Program(http, house.keys[name]))
        lines: Counter[tuple[str, str]] = Counter()
        for row in rows:
            lines[row["account"], row["money"]["unit"]] += row["money"]["amount"]
        shown = {(each["pocket"], each["money"]["unit"]): each["money"]["amount"] for each in me["balances"]}
        booked = {
            (pocket, unit): amount for (pocket, whose, unit), amount in ledger.items() if whose == me_id(house, name)
        }
        assert nonzero(lines) == nonzero(shown) == nonzero(booked), name
        assert isinstance(right, StaffRole) or lines["pending", "USD"] + lines["payable", "USD"] > 0, name
    assert sum(amount for (_, _, unit), amount in ledger.items() if unit == "USD") == 0


async def desk(program: Program) -> tuple[dict, list[dict]]:  # type: ignore[type-arg]
    first = me = (await program.get("/me", limit=50)).raise_for_status().json()
    rows = list(me["statement"]["rows"])
    while after := me["statement"]["after"]:
        me = (await program.get("/me", limit=50, after=after)).raise_for_status().json()
        rows += me["statement"]["rows"]
    return first, rows


async def check_deliveries(house: House, day: Day, staff: Program) -> set[tuple[str, int]]:
    """Everything that went off was delivered once and nothing else was; but for what a later text took the place of,
    which is with its author again and no longer among the question's answers. These are returned."""
    delivered = Counter(told(house, "SELECT question, args FROM journal WHERE verb = 'delivered'"))
    assert set(delivered.values()) == {1}
    assert delivered.keys() <= day.gone_out().keys()
    replaced = day.gone_out().keys() - delivered.keys()
    for number, message in replaced:
        shown = (await staff.get(f"/questions/{number}")).raise_for_status().json()
        left = [each["number"] for each in shown["answers"]]
        assert message not in left, shown
        assert shown["state"] == "closed" or max(left) > message, shown
    day.did["replaced before they went"] += len(replaced)
    return replaced


def told(house: House, query: str) -> Iterator[tuple[str, int]]:
    from bot.model import QuestionId, spoken_number

    for question, args in looked_up(house, query):
        yield spoken_number(QuestionId(question)), json.loads(args)["message"]


def sums_in(house: House) -> Counter[tuple[str, str, str]]:
    """What every account comes to by its transfers: pocket, owner, unit."""
    found: Counter[tuple[str, str, str]] = Counter()
    for debit, credit, amount, unit in looked_up(house, "SELECT debit, credit, amount, unit FROM transfers"):
        for account, change in ((debit, -amount), (credit, amount)):
            pocket, _, whose = account.partition(":")
            found[pocket, whose, unit] += change
    return found


def me_id(house: House, name: str) -> str:
    [(person,)] = looked_up(house, f"SELECT id FROM people WHERE name = '{name}'")
    return str(person)


def looked_up(house: House, query: str) -> list[tuple]:  # type: ignore[type-arg]
    connection = sqlite3.connect(f"file:{house.database}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def nonzero(sums: object) -> dict[tuple[str, str], int]:
    return {key: amount for key, amount in dict(sums).items() if amount}  # type: ignore[call-overload]


def squeezed(text: str) -> str:
    return " ".join(text.split())
