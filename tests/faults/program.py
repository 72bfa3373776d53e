"""The product as one process over the rehearsal remote, with a fuse.

    python -m tests.faults.program DATABASE URL [--naive]

It is composed of the real App, store, courier, clock and adapter. It prints "ready" when it runs.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from dataclasses import replace

import structlog

from adapters.rehearsal.adapter import Rehearsal
from bot.app import App
from bot.card import Form
from bot.change import Actor
from bot.clock import Clock
from bot.commands import CreateCategory
from bot.courier import Courier
from bot.model import Category, CategoryName, Expert, Identity, Person, PersonId, Place, Rank, StaffRole
from bot.policy import Policy
from bot.ports import Asked, Envelope, Heard, Reply, Store, Work, Wrote
from storage import open_store
from tests.faults.killing import STEPS, Fuse, SteppedStore
from tests.faults.naive import NaiveCourier

CHANNEL = "billing"
EXPERTS = ("bo", "cy", "di")
STAFF = "sam"
POLICY = replace(
    Policy(), undo_seconds=1, settle_seconds=0.4, retry_first_seconds=0.05, retry_last_minutes=0.01, pending_hours=0
)
TIMEOUT_SECONDS = 0.3  # of one request; the remote applies within 0.15 s of its being sent, or never


async def main(options: argparse.Namespace) -> None:
    fuse = Fuse(os.environ.get(STEPS, ""))
    real = await open_store(options.database, exclusive=True)
    store = SteppedStore(real, fuse)
    app = App(store=store, views=real.views, now=now, policy=POLICY, company="Acme")
    await furnish(app, store)
    adapter = Rehearsal(options.url, timeout_seconds=TIMEOUT_SECONDS)
    courier = a_courier(app, store, adapter, fuse, naive=options.naive)
    clock = Clock(store=store, views=real.views, handle=app.handle, now=now, policy=POLICY)
    app.effects.wanted.append(courier.nudge)
    app.effects.due.append(clock.nudge)

    async def hear(heard: Heard | Asked | Wrote) -> Reply | Form:
        fuse("before hear")
        reply = await app.hear(heard)
        fuse("after hear")
        return reply

    parts = [asyncio.create_task(each) for each in (courier.run(), clock.run(), adapter.run(hear))]
    loop = asyncio.get_running_loop()
    for task in parts:
        loop.add_signal_handler(signal.SIGTERM, lambda: [each.cancel() for each in parts])
        task.add_done_callback(lambda done: None if done.cancelled() else [each.cancel() for each in parts])
    print("ready", flush=True)
    ends = await asyncio.gather(*parts, return_exceptions=True)
    await adapter.close()
    await real.close()
    broken = [each for each in ends if not isinstance(each, asyncio.CancelledError)]
    if broken:
        raise SystemExit(f"a part ended by itself: {broken}")


def a_courier(app: App, store: Store, adapter: Rehearsal, fuse: Fuse, *, naive: bool) -> Courier | NaiveCourier:
    if naive:
        return NaiveCourier(
            store=store, views=app.views, adapters={adapter.name: adapter}, render=app.render, apply=app.apply, now=now
        )
    return Courier(
        store=store,
        views=app.views,
        adapters={adapter.name: adapter},
        render=app.render,
        apply=app.apply,
        now=now,
        policy=POLICY,
        step=fuse,
    )


async def furnish(app: App, store: Store) -> None:
    """A category, its experts and one of staff; the second time everything is there already."""
    category = Category(
        name=CategoryName(CHANNEL),
        title="Billing",
        channels=(Place(f"rehearsal:{CHANNEL}"),),
        staff_channel=Place("rehearsal:staff"),
    )
    founder = Actor(person=Person(id=PersonId("founder"), name="Founder", staff=StaffRole.ADMIN))
    create = CreateCategory(category=category.name, as_=category)
    await app.handle(Envelope(key="furnish/category", actor=founder, command=create))

    def act(work: Work) -> None:
        for name in (*EXPERTS, STAFF):
            who = Identity(platform="rehearsal", workspace="", external=name)
            if work.person_of(who) is None:
                staff = StaffRole.LEAD if name == STAFF else None
                rested = Expert(
                    rank=Rank.JOURNEYMAN, quiet_from_hour=0, quiet_until_hour=0
                )  # tests run at night as well
                expert = rested if name != STAFF else None
                person = Person(id=PersonId(f"p-{name}"), name=name.title(), expert=expert, staff=staff)
                work.add_person(person, who, now())
                work.seen(person.id, now(), Place(f"rehearsal:@{name}"))

    await store.run(act)


def now() -> int:
    return time.time_ns() // 1_000_000


def run(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("url")
    parser.add_argument("--naive", action="store_true")
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )
    asyncio.run(main(parser.parse_args(arguments)))


if __name__ == "__main__":
    run()
