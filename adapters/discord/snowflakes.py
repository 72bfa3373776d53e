"""Discord's ids hold the time at which they were made, and are in its order.

https://docs.discord.com/developers/reference#snowflakes
"""

from typing import Final

EPOCH_MS: Final = 1_420_070_400_000


def born_ms(snowflake: str | int) -> int:
    """When the id was made, in milliseconds UTC."""
    return (int(snowflake) >> 22) + EPOCH_MS


def first_of(at_ms: int) -> int:
    """The least id that can have been made at this time or later."""
    return max(0, at_ms - EPOCH_MS) << 22
