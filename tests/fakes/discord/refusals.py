"""Discord's JSON errors: codes, texts, nested form errors (docs/topics/opcodes-and-status-codes#json)."""

from collections.abc import Iterable
from typing import Any, Final

from .state import Json

SAID: Final = {
    0: (401, "401: Unauthorized"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown permission overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10087: (400, "Unknown tag"),
    20028: (429, "The write action you are performing on the channel has hit the write rate limit"),
    30003: (400, "Maximum number of pins reached (50)"),
    30010: (400, "Maximum number of reactions reached (20)"),
    30032: (400, "Maximum number of application commands reached (100)"),
    30033: (400, "Maximum number of thread participants has been reached (1000)"),
    30034: (400, "Maximum number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    30048: (400, "Maximum number of tags in a forum channel has been reached"),
    40003: (403, "You are opening direct messages too fast"),
    40005: (413, "Request entity too large. Try sending something smaller in size"),
    40060: (400, "Interaction has already been acknowledged"),
    40061: (400, "Tag names must be unique"),
    40066: (400, "There are no tags available that can be set by non-moderators"),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "You lack permissions to perform that action"),
    50016: (400, "Provided too few or too many messages to delete. Must provide at least 2 and at most 100 messages"),
    50019: (400, "A message can only be pinned in the channel it was sent in"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50034: (400, "A message provided was too old to bulk delete"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
}

Problem = tuple[tuple[str | int, ...], str, str]  # path, Discord's name for what is wrong, its text


class Refused(Exception):
    """Discord answers with this error."""

    def __init__(self, code: int, *, status: int = 0, message: str = "", **more: Any) -> None:
        known = SAID.get(code, (400, ""))
        super().__init__(f"{code} {message or known[1]}")
        self.code, self.status = code, status or known[0]
        self.body: Json = {"message": message or known[1], "code": code} | more


def bad_form(problems: Iterable[Problem]) -> Refused:
    """50035 with its nested errors (docs/reference#error-messages)."""
    errors: Json = {}
    for path, name, text in problems:
        place = errors
        for step in path:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": name, "message": text})
    return Refused(50035, errors=errors)


def bad(path: str, name: str, text: str) -> Refused:
    """50035 for one field, its path with dots."""
    return bad_form([(tuple(path.split(".")), name, text)])


def no_such_route() -> Refused:
    return Refused(0, status=404, message="404: Not Found")
