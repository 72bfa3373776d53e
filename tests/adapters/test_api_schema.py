"""The API attacked from its own description: nothing breaks, and nothing is answered that is not described."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from adapters.web.tokens import Scope
from tests.adapters.calling import DESCRIPTION
from tests.adapters.site import ANSWER, TEXT, a_site

SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
EXAMPLES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A site on a real socket, with a token for each scope and questions in several states."""

    address: str
    secrets: dict[Scope, str]
    numbers: tuple[str, ...]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """In a thread with a loop of its own, for the attacker is not asynchronous."""
    ready, told, over = threading.Event(), [], asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve(path: Path) -> None:
        async with a_site(path) as site:
            running = asyncio.create_task(site.web.run(site.world.app.hear))
            await site.web.serving.wait()
            bo, sam = await site.world.expert("bo"), await site.world.staff("sam")
            people = {Scope.EXPERT: bo.id, Scope.STAFF: sam.id}
            programs = {scope: await site.program(scope, person=people.get(scope)) for scope in Scope}
            asked = [await programs[Scope.ASK].asks(f"{TEXT} {n}", customer={"id": f"c-{n}"}) for n in range(4)]
            await site.answered(asked[1]["id"], "bo")
            await bo.says("claim", asked[2]["id"])
            await bo.says(f"answer {ANSWER}", asked[3]["id"])
            told.append(
                Served(
                    address=f"http://127.0.0.1:{site.web.port}/api/v1",
                    secrets={scope: each.secret for scope, each in programs.items()},
                    numbers=tuple(each["number"] for each in asked),
                )
            )
            ready.set()
            await over.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(tmp_path_factory.mktemp("served")),))
    thread.start()
    try:
        assert ready.wait(60), "the site did not start"
        yield told[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_breaks_and_nothing_is_answered_that_is_not_described(served: Served, case: Case) -> None:
    scopes = [scope for each in case.operation.definition.raw["security"] for scope in each["token"]]
    if "number" in case.path_parameters:
        # Random words name no question, so that nearly every request would end there.
        written = len(str(case.path_parameters["number"])) + len(str(case.body))
        case.path_parameters["number"] = served.numbers[written % len(served.numbers)]
    headers = {"Authorization": f"Bearer {served.secrets[Scope(scopes[-1])]}"}
    # What fits the description can still be refused by the rules: somebody was quicker, a text is too short.
    # In an address, the last of two equal names counts, as everywhere on the web.
    excluded = [positive_data_acceptance, *([negative_data_rejection] if case.method == "GET" else [])]
    case.call_and_validate(base_url=served.address, headers=headers, excluded_checks=excluded)
