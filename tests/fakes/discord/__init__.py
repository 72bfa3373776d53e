"""A stateful Discord on real sockets, as strict as the documented contract, for discord.py to talk to.

    async with FakeDiscord(seed=7) as discord_there:                # http://127.0.0.1:PORT, one loop with the test
        acme = discord_there.guild("Acme")                          # the bot is in it; bot=False: it is not
        experts = acme.role("Experts")
        bo = acme.person("bo", roles=[experts])
        billing, help_forum = acme.channel("billing"), acme.forum("help", tags=["Open", "Claimed"])
        with points(discord_there):                                 # Route.BASE, DEFAULT_GATEWAY; put back afterwards
            async with running(client, discord_there.token): ...    # logged in, connected, ready; closed in the end
        message = await bo.says(billing, "hello @guildhall")        # MESSAGE_CREATE goes out
        came = await bo.presses(message_of_the_bot, "Claim")        # Came(ok, response, why); errors in bo.errors
        await bo.types("/hall claim number:Q7K3", billing); await bo.suggestions("/hall claim number:Q", billing)
        await bo.fills_in({"Your answer": "It is a hold."}); await bo.submits()        # the open modal: bo.modal
        print(bo.reads(help_forum), bo.asides(), bo.dm())           # as bo sees it: [Label], threads with their tags
        assert discord_there.complaints == discord_there.too_early == discord_there.rang == []

FakeDiscord(seed, faults=0.0, rate_limits=False, privileged={"message_content"}, time=RealTime()|HeldTime(), log=path);
switches are attributes: `faults` (FaultPlan: share, force(Fault.BUSY, method="POST /channels/{channel_id}/messages"),
only, met), `gateway.faults` (duplicates, reorders, missed, resumes_fail), `rate_limits`, `busy_ways`, `refuses`,
`slow_s`, `in_flight_s`, `nonce_s`, `most_threads`, `file_bytes`, `most_invalid`, `resolves_links`, `privileged`
(allow(...)).
`gateway`: silence(), acknowledges, reconnect(), invalidate(resumable=), forget(), close(code), cut(), heartbeat_ms,
handshakes_fail, starts_left, sessions, connections, identifies, resumes, invalid.
Collected: `complaints`, `too_early`, `missing` (permissions), `rang`, `unfurled`, `applied`, `calls`, `refused`.

House (a guild): role, person, channel(only=), forum(tags, moderated, require_tag, only), category, tag; moderators:
denies/allows(channel, who, *permissions), takes/gives(*permissions) of the bot's role, everybody(*permissions),
gives_role, takes_role, removes_role, times_out, accepts, kicks, kicks_bot, invite_bot, archives, locks, removes,
renames. reset_token() is the fake's.

Someone: says, edits, deletes, reacts, posts (forum), starts_thread, joins, leaves, gets_role, loses_role, closes_dms,
opens_dms, presses, presses_ephemeral, chooses, types, suggestions, suggested, uses_menu, fills_in, submits, closes,
modal, shown_modal, ephemerals, asides, reads, dm, message, message_with, thread_with, errors.

As a process: `python -m tests.fakes.discord --port 0 --seed 7 --faults 0.15 --log x.jsonl` prints one JSON line with
its addresses and token; people act through POST /people/{name}/{verb}, see control.py. GET /verdict gives what was
collected. `ledger` reads lost, doubled and order from `applied`.

Requests and payloads are checked against Discord's published OpenAPI description if it lies beside the checkout
(`published()`), and in any case against the limits written in rules.py, components.py and commands.py.
"""

from tests.fakes.slack.clock import HeldTime, RealTime
from tests.fakes.slack.faults import Fault, FaultPlan

from . import ledger
from .house import House
from .interactions import Came
from .openapi import published, schema_problems
from .pointing import points, running
from .posting import Rang
from .server import FakeDiscord
from .someone import Someone
from .state import Channel, Message, Role

__all__ = [
    "Came",
    "Channel",
    "FakeDiscord",
    "Fault",
    "FaultPlan",
    "HeldTime",
    "House",
    "Message",
    "Rang",
    "RealTime",
    "Role",
    "Someone",
    "ledger",
    "points",
    "published",
    "running",
    "schema_problems",
]
