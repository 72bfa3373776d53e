"""What nobody is told of: a gap over HTTP, and an answer that belongs to a channel where the bot is not."""

from pathlib import Path

from adapters.slack.times import Times
from tests.slack_world import slack_world

ASKED = "Why was I billed twice for my subscription in June?"
HOLD = "The second line is a hold by your bank; it disappears after three days by itself."


async def test_what_slack_gave_up_delivering_over_http_is_looked_for(tmp_path: Path) -> None:
    async with slack_world(tmp_path / "world.db", transport="http", times=Times(sweep_seconds=0.1)) as world:
        ann, bo = world.visitor("ann"), await world.expert("bo")
        world.acme.events.discard("message.im")  # as good as given up
        await ann.native.says("dm", ASKED)
        sweeps = world.slack.calls["conversations.list"] + 1  # the next one begins after this was said
        await world.slack.until(lambda: world.slack.calls["conversations.list"] > sweeps, what="a whole sweep")
        await world.settles()
        assert "billed twice" in bo.native.reads("billing")


async def test_an_answer_where_the_bot_is_not_comes_to_ones_own_conversation(tmp_path: Path) -> None:
    async with slack_world(tmp_path / "world.db") as world:
        ann, bo = await world.customer("ann"), await world.expert("bo")
        question = await ann.asks(ASKED)
        await bo.says("claim", question)
        elsewhere = world.acme.channel("elsewhere", members=[bo.native], bot=False)
        await bo.native.types("/hall", "answer", elsewhere)
        await world.settles()
        await bo.native.fills_in({"entry:words": HOLD})
        await bo.native.submits()
        await world.settles()
        assert "Sending to" in bo.native.dm()
        assert "Sending to" not in bo.native.reads(elsewhere)
