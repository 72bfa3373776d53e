"""A stateful Slack on real sockets, as strict as the documented contract, for slack_bolt and slack_sdk to talk to.

    async with FakeSlack(seed=7) as slack:                      # http://127.0.0.1:PORT, one loop with the test
        acme = slack.workspace("Acme", transport="socket")      # or transport="http": acme.listens_at(url) later
        bo, stella = acme.person("bo"), acme.person("stella", tz="America/New_York")
        billing = acme.channel("billing", members=[bo, stella]) # the bot is in it unless bot=False
        client = AsyncWebClient(token=acme.bot_token, base_url=slack.api_url, retry_handlers=[])
        app = AsyncApp(client=client, process_before_response=True)
        sockets = AsyncSocketModeHandler(app, acme.app_token, web_client=AsyncWebClient(base_url=slack.api_url))
        await sockets.connect_async()
        ts = await bo.says(billing, "hello @guildhall")         # message and app_mention go out
        await slack.settled()                                   # every event taken or lost, every late apply done
        print(bo.reads(billing))                                # as bo sees it: threads indented, buttons as [Label]
        await bo.presses(billing, some_ts, "Claim")             # returns Came(ok, payload); errors in bo.errors
        await bo.fills_in({"Your answer": "It is a hold."}); await bo.submits()       # the open modal: bo.modal
        assert slack.complaints == [] and slack.too_early == [] and slack.rang == []

FakeSlack(seed, faults=0.0, rate_limits=False, time=RealTime()|HeldTime(), log=path): switches are attributes:
`slack.faults` (FaultPlan: share, force(Fault.BUSY), only, met), `slack.event_faults` (duplicates, reorders),
`slack.rate_limits`, `slack.small_history` (15 objects, once a minute), `slack.in_flight_s` (grace for calls under way
when a 429 is told), `slack.file_share_s`, `slack.sockets` (silence(), speak(), warn(), refresh(), cut(), connections).
Collected: `complaints`, `too_early`, `rang`, `unfurled`, `applied`, `lost`, `calls` (per method).

Workspace: team_id, bot_token, app_token, signing_secret, bot_user_id, bot_id, app_id, scopes, events, commands, paid;
person(), channel(), group(), listens_at(url), revoke(), uninstall(), archive(), unarchive(), kick_bot(), invite_bot(),
unfurls(), enrol(), expel(), change(person, ...), deactivate(person), removes(channel, ts) for moderators.

Someone: says, edits, deletes, joins, leaves, reacts, presses, presses_ephemeral, chooses, types (slash command),
uses_shortcut, uses_global_shortcut, opens_home, presses_home, presses_modal, chooses_home, fills_in, submits, closes,
modal, home(), ephemerals, asides(), message_with(channel, words), payload(channel, ts), dm(), dm_id(),
reads(channel), errors.

As a process: `python -m tests.fakes.slack --port 0 --seed 7 --faults 0.15 --log x.jsonl` prints one JSON line with its
address and the workspace's tokens; people act through POST /people/{team}/{name}/{verb} with JSON arguments, and
GET /verdict gives what was collected (see control.py).

`problems(blocks, surface)` and `view_problems(view)` are pure: what Slack would refuse, for tests of rendering.
`reads(blocks_or_text, ...)` is what people see; `pings(text, blocks, ...)` whom it would ring.
"""

from .blocks import problems, view_problems
from .clock import HeldTime, RealTime
from .faults import Fault, FaultPlan
from .reading import Reader, pings, reads
from .server import FakeSlack
from .state import Channel, Message
from .workspace import Workspace

__all__ = [
    "Channel",
    "FakeSlack",
    "Fault",
    "FaultPlan",
    "HeldTime",
    "Message",
    "Reader",
    "RealTime",
    "Workspace",
    "pings",
    "problems",
    "reads",
    "view_problems",
]
