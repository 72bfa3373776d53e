"""How long Slack is waited for: every pause in one place, so that tests can live faster than people do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A socket is found deaf at most `deaf_after_seconds + look_seconds` after the last answer to a ping.

    `call_seconds` is for one request of the Web API; `again_seconds` the first pause after trouble, which doubles up
    to `again_seconds_max`; `token_again_seconds` the pause while Slack refuses us; `well_seconds` how often the mark
    moves on, while a socket is well, and `sweep_seconds` how often it is looked, over HTTP, for what Slack gave up
    delivering; `refresh_seconds` how often lists are read; `drain_seconds` how long an end waits for what is under way.
    """

    call_seconds: float = 15.0
    hold_seconds: float = 2.0
    ping_seconds: float = 4.0
    deaf_after_seconds: float = 15.0
    look_seconds: float = 1.0
    close_seconds: float = 5.0
    again_seconds: float = 2.0
    again_seconds_max: float = 60.0
    token_again_seconds: float = 60.0
    well_seconds: float = 30.0
    sweep_seconds: float = 300.0
    refresh_seconds: float = 600.0
    drain_seconds: float = 5.0
