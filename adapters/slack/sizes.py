"""How much Slack takes.

Sizes: docs.slack.dev/reference/block-kit and slack_sdk.models; what all blocks together may hold is undocumented,
about 13,000 characters (slackapi/bolt-js#2509), and not of text alone (#2867).
"""

import json
from collections.abc import Sequence
from typing import Any, Final

Block = dict[str, Any]

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
# Counted as bytes of JSON, which is more than Slack counts for any script: a refused card is worse than a short one.
MESSAGE_BYTES: Final = 12_500
VIEW_BYTES: Final = 240_000
TEXT: Final = 3_000
INPUT: Final = 3_000
VIEW_TITLE: Final = 24
BUTTON_LABEL: Final = 75
BUTTON_VALUE: Final = 2_000
OPTION_LABEL: Final = 75
OPTION_VALUE: Final = 150
OPTIONS: Final = 100
INPUT_LABEL: Final = 2_000


def json_bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())


def fits_message(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= MESSAGE_BLOCKS and json_bytes(blocks) <= MESSAGE_BYTES
