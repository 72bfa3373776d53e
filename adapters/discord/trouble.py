"""What Discord's refusals mean for a post."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import structlog

from adapters.discord.calling import Refused
from adapters.discord.permissions import (
    ATTACH,
    CREATE_THREADS,
    HISTORY,
    MANAGE_THREADS,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Permission,
)
from bot.ports import Blocked, Busy, Gone, PlatformTrouble, StorageTrouble, Unknown

log = structlog.get_logger(__name__)

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_SERVER: Final = 10004
UNKNOWN_MEMBER: Final = 10007
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_USER: Final = 10013
UNKNOWN_TAG: Final = 10087
TAG_REQUIRED: Final = 40067
NO_ACCESS: Final = 50001
NOT_PERMITTED: Final = 50013
WRONG_KIND: Final = 50024
ARCHIVED: Final = 50083
THREAD_EXISTS: Final = 160004
LOCKED: Final = 160005
THREADS_FULL: Final = 160006
NO_SERVER_IN_COMMON: Final = 50278
NO_DIRECT: Final = frozenset({50007, 50033, NO_SERVER_IN_COMMON, UNKNOWN_USER})
# Too many edits of old messages, too many direct conversations opened, someone archives while we write.
TOO_MUCH: Final = frozenset({30046, 40003, ARCHIVED, THREADS_FULL})
TOO_MUCH_SECONDS: Final = 30.0

DIRECT_CLOSED: Final = "discord-no-direct"
PERMISSION: Final = "discord-permission"

# What each act needs, beside seeing the channel: docs/topics/threads#permissions.
TO_SEND: Final = (SEND,)
TO_SPEAK: Final = (SEND_IN_THREADS,)
TO_ATTACH: Final = (ATTACH,)
TO_OPEN_THREADS: Final = (CREATE_THREADS, HISTORY)
TO_LOOK: Final = (HISTORY,)
TO_KEEP_THREADS: Final = (MANAGE_THREADS,)


@contextmanager
def meaning(gone: str, *needs: Permission) -> Iterator[None]:
    """Refusals inside become a platform's trouble. `gone` ("thread" or "channel") is what is missing when the channel
    that was written to is; `needs` are the permissions that the act takes."""
    try:
        yield
    except Refused as refusal:
        raise trouble_of(refusal, gone, needs) from refusal


@contextmanager
def plainly(*needs: Permission) -> Iterator[None]:
    """Nothing but a platform's trouble leaves."""
    try:
        with meaning("channel", *needs):
            yield
    except StorageTrouble as trouble:
        raise Unknown(str(trouble)) from trouble


def trouble_of(refusal: Refused, gone: str, needs: Sequence[Permission]) -> PlatformTrouble:
    match refusal.code:
        case 10003:
            return Gone(gone)
        case 10008:
            return Gone("thread")
        case 10004:
            return Blocked("discord-server", "Invite the bot to the server again: `guildhall discord-invite`.")
        case 50001:
            return lacking(VIEW)
        case 50013:
            return lacking(*needs or TO_KEEP_THREADS)
        case 160005:
            return _said(PERMISSION, f'The thread is locked. Unlock it, or give the bot "{MANAGE_THREADS.name}".')
        case code if code in NO_DIRECT:
            return Blocked(DIRECT_CLOSED, "This person takes no direct messages from the bot.")
        case code if code in TOO_MUCH:
            return Busy(TOO_MUCH_SECONDS)
    return _said("rejected", f"Discord says {refusal}; this is a mistake of ours.")


def lacking(*needs: Permission) -> Blocked:
    """The bot may not do what needs these permissions."""
    words = " and ".join(f'"{each.name}"' for each in needs)
    return _said(PERMISSION, f"Give the bot {words} in that channel, then try again.")


def _said(why: str, cure: str) -> Blocked:
    log.warning("Discord does not let the bot post", why=why, cure=cure)
    return Blocked(why, cure)
