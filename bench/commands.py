"""Durable claims per second: Guildhall's store beside other ways to keep the same promises.

`python -m bench.commands` prints one table from one run. Every flush to the disk is made to cost the same (1 ms, by a
small library preloaded into the measured process, with the databases in memory), so that the figures tell the designs
apart and not the disks. The contenders take turns within each round, and medians over the rounds are printed.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.stores import AwaitingStore, BareClaims, DirectStore
from bot.app import App
from bot.change import Actor, Machine
from bot.commands import Ask, Claim, CreateCategory
from bot.model import (
    Category,
    CategoryName,
    Expert,
    Person,
    PersonId,
    Place,
    QuestionId,
    StaffRole,
    State,
    Words,
)
from bot.policy import Policy
from bot.ports import Envelope, Store, Views, Work
from storage import open_store

IN_FLIGHT = (1, 8, 64)
GOAL = 8.0  # the product's store against the one that awaits each statement, at 64 in flight
FSYNC_US = 1_000
START = 1_780_000_000_000
BILLING = CategoryName("billing")
MEMORY = Path("/dev/shm")
INSIDE = "GUILDHALL_BENCH_INSIDE"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.commands", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender has its turn")
    parser.add_argument("--claims", type=int, default=256, help="claims of each contender in each turn")
    parser.add_argument("--real-disk", metavar="FOLDER", help="measure this folder's own disk instead")
    options = parser.parse_args()
    if options.real_disk or os.environ.get(INSIDE):
        sys.exit(asyncio.run(measure(options.rounds, options.claims, Path(options.real_disk or MEMORY))))
    sys.exit(run_with_fixed_fsync())


def run_with_fixed_fsync(module: str = "bench.commands") -> int:
    """Builds the little library and runs the module again with it."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not MEMORY.is_dir():
        print("This needs a C compiler and /dev/shm. Without them, measure a disk: --real-disk .")
        return 2
    with TemporaryDirectory() as folder:
        library = Path(folder) / "fixed_fsync.so"
        source = Path(__file__).with_name("fixed_fsync.c")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        settings = {"LD_PRELOAD": str(library), "FIXED_FSYNC_US": str(FSYNC_US), INSIDE: "yes"}
        again = [sys.executable, "-m", module, *sys.argv[1:]]
        return subprocess.run(again, env={**os.environ, **settings}, check=False).returncode


@dataclass(frozen=True, slots=True)
class Contender:
    """`claim` makes one durable claim; `ours` is the one the others are measured against."""

    name: str
    claim: Callable[[QuestionId, Person], Awaitable[object]]
    close: Callable[[], Awaitable[None]]


async def measure(rounds: int, claims: int, folder: Path) -> int:
    """Prints the table; returns 0 when the goal is reached, 1 when it is missed."""
    with TemporaryDirectory(dir=folder) as inside:
        questions = rounds * len(IN_FLIGHT) * claims
        experts = await prepare(Path(inside) / "start.db", questions)
        contenders = await line_up(Path(inside))
        rates: dict[tuple[str, int], list[float]] = {}
        try:
            if busy := busy_with():
                print(busy)
            print(
                f"Flushing takes {flush_ms(Path(inside)):.2f} ms; {rounds} rounds of {claims} claims each.", flush=True
            )
            turn = 0
            for number in range(rounds):
                for in_flight in IN_FLIGHT:
                    batch = range(turn * claims, (turn + 1) * claims)
                    turn += 1
                    for contender in contenders[number % 4 :] + contenders[: number % 4]:
                        rate = await claims_per_second(contender, batch, experts, in_flight)
                        rates.setdefault((contender.name, in_flight), []).append(rate)
                print(f"  round {number + 1} of {rounds}", flush=True)
            await check_claims(contenders, Path(inside), questions)
        finally:
            for contender in contenders:
                await contender.close()
    return report(contenders, rates)


async def prepare(path: Path, questions: int) -> Sequence[Person]:
    """A database with that many open questions, asked through the product; returns experts to claim them."""
    experts = [
        Person(id=PersonId(f"expert{n}"), name=f"Expert {n}", expert=Expert()) for n in range(questions // 3 + 1)
    ]
    customer = Person(id=PersonId("customer"), name="Customer")
    lead = Person(id=PersonId("lead"), name="Lead", staff=StaffRole.ADMIN)
    category = Category(name=BILLING, title="Billing", channels=(Place("web:billing"),))
    async with await open_store(str(path)) as store:
        app = app_on(store, store.views)

        def settle_in(work: Work) -> None:
            for person in (customer, lead, *experts):
                work.add_person(person, None, START)

        await store.run(settle_in)
        create = CreateCategory(category=BILLING, as_=category)
        await app.handle(Envelope(key="bench:category", actor=Actor(person=lead), command=create))
        asking = (app.handle(asked(number, customer)) for number in range(questions))
        receipts = await asyncio.gather(*asking)
        assert all(receipt.after == State.OPEN for receipt in receipts), receipts[0]
    return experts


def asked(number: int, customer: Person) -> Envelope:
    ask = Ask(
        question=QuestionId(0),
        customer=customer.id,
        category=BILLING,
        language="en",
        words=Words.plain(f"Why was I billed twice for order {number}? It says so on my statement."),
        origin=Place("web:@customer"),
    )
    return Envelope(key=f"bench:ask:{number}", actor=Actor(person=customer, machine=Machine.INTEGRATION), command=ask)


def app_on(store: Store, views: Views, now: Callable[[], int] = lambda: START) -> App:
    policy = Policy(open_questions_per_customer_max=10**9)
    return App(store=store, views=views, now=now, policy=policy)


async def line_up(folder: Path) -> list[Contender]:
    """Each contender on a copy of its own."""
    paths = []
    for name in ("ours", "awaiting", "direct", "bare"):
        paths.append(Path(shutil.copy(folder / "start.db", folder / f"{name}.db")))
    ours = await open_store(str(paths[0]))
    awaiting = await AwaitingStore.open(paths[1])
    direct = DirectStore(paths[2])
    bare = BareClaims(paths[3])
    return [
        Contender("Guildhall's store", claims_through(app_on(ours, ours.views)), ours.close),
        Contender(
            "same rules, each statement awaited", claims_through(app_on(awaiting, awaiting.views)), awaiting.close
        ),
        Contender("same rules, sqlite3 on the loop", claims_through(app_on(direct, direct.views)), direct.close),
        Contender("sqlite3 alone, no rules", lambda question, person: bare.claim(question, person.id), bare.close),
    ]


def claims_through(app: App) -> Callable[[QuestionId, Person], Awaitable[object]]:
    async def claim(question: QuestionId, person: Person) -> None:
        command = Claim(question=question)
        receipt = await app.handle(Envelope(key=f"bench:claim:{question}", actor=Actor(person=person), command=command))
        assert receipt.after == State.CLAIMED, receipt

    return claim


async def claims_per_second(contender: Contender, batch: range, experts: Sequence[Person], in_flight: int) -> float:
    """So many callers, each making one claim after the other until the batch is done."""
    left = iter(batch)

    async def caller() -> None:
        for number in left:
            await contender.claim(QuestionId(number + 1), experts[number // 3])

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(in_flight)))
    return len(batch) / (time.perf_counter() - began)


async def check_claims(contenders: Sequence[Contender], folder: Path, questions: int) -> None:
    """A rate means nothing if work was left out: every question must be claimed, by everyone with rules."""
    for name in ("ours", "awaiting", "direct"):
        async with await open_store(str(folder / f"{name}.db"), read_only=True) as store:
            counts = await store.views.counts()
            assert counts.unfinished[State.CLAIMED] == questions, (name, counts)


def busy_with() -> str:
    """A word of warning when others use the machine: they slow whoever computes, and not whoever waits for a flush."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return (
        f"The machine is busy (load {load:.1f} on {cores} cores), so the ratio comes out low." if load > cores else ""
    )


def flush_ms(folder: Path) -> float:
    """The median of a hundred flushes of four kilobytes."""
    took = []
    with (folder / "flushed").open("wb", buffering=0) as file:
        for _ in range(100):
            file.write(b"x" * 4096)
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return median(took)


def report(contenders: Sequence[Contender], rates: dict[tuple[str, int], list[float]]) -> int:
    """The medians; and the ratio that counts, taken within each round, so that a busy moment hits both sides."""
    print(f"\n{'durable claims per second':38}" + "".join(f"{n:>6} in flight" for n in IN_FLIGHT))
    for contender in contenders:
        figures = "".join(f"{median(rates[contender.name, n]):16,.0f}" for n in IN_FLIGHT)
        print(f"{contender.name:38}{figures}")
    ours, awaiting = (rates[contender.name, IN_FLIGHT[-1]] for contender in contenders[:2])
    ratio = median(mine / theirs for mine, theirs in zip(ours, awaiting, strict=True))
    verdict = "reached" if ratio >= GOAL else "MISSED"
    print(f"\nAt {IN_FLIGHT[-1]} in flight: {ratio:.1f} times the store that awaits each statement.")
    print(f"The goal of {GOAL:g} is {verdict}.")
    return 0 if ratio >= GOAL else 1


if __name__ == "__main__":
    main()
