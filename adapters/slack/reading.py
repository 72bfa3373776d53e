"""A line in a thread that calls one person to something only they can read."""

from adapters.slack.blocks import Message
from bot.model import Place

READ_ACTION = "read"


def read_it_blocks(user: str, number: str, recipient: Place, slot: str) -> Message:
    """`@ann, there is news about Q7K3 for you. [Read it]`; pressing shows it to that person alone."""
    said = f"<@{user}>, there is news about {number} for you."
    blocks = (
        {"type": "section", "block_id": "line", "text": {"type": "mrkdwn", "text": said}},
        {
            "type": "actions",
            "block_id": "read",
            "elements": [
                {
                    "type": "button",
                    "action_id": READ_ACTION,
                    "text": {"type": "plain_text", "text": "Read it"},
                    "value": f"{recipient} {slot}",
                }
            ],
        },
    )
    return Message(text=said, blocks=blocks)
