"""How long Discord is waited for: every pause in one place, so that tests can live faster than people do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """`ack_seconds` is when an act is acknowledged although its outcome is not known yet: Discord gives up after 3.

    `call_seconds` is for one request; `again_seconds` the first pause after trouble, which doubles up to
    `again_seconds_max`; `token_again_seconds` the pause while Discord refuses us; `ready_seconds` how long the library
    waits for further servers after signing in; `well_seconds` how often the mark moves on while the gateway is well;
    `hold_seconds` how long a message waits for what was said before it; `refresh_seconds` how often the roles of those
    whom a role made something are looked up, `member_seconds` how long what was found counts; `drain_seconds` how long
    an end waits for what is under way.

    Of the gateway: `deaf_seconds` is how long it may say nothing, `handshake_seconds` how long its first words may
    take, `away_seconds` how long it is tried to go on with a session before all begins anew, and `identify_seconds` to
    `identify_seconds_max` the pause between two new sessions.
    """

    ack_seconds: float = 1.5
    call_seconds: float = 15.0
    again_seconds: float = 2.0
    again_seconds_max: float = 60.0
    token_again_seconds: float = 60.0
    ready_seconds: float = 2.0
    well_seconds: float = 30.0
    hold_seconds: float = 2.0
    refresh_seconds: float = 600.0
    member_seconds: float = 30.0
    drain_seconds: float = 5.0
    deaf_seconds: float = 60.0
    handshake_seconds: float = 20.0
    away_seconds: float = 60.0
    identify_seconds: float = 5.0
    identify_seconds_max: float = 300.0
