"""Logs: one line for each change and each post, for people or for machines, and never anybody's words."""

import logging
import sys
from typing import Final

import structlog

from bot.change import Receipt
from bot.config import Log
from bot.model import spoken_number

log = structlog.get_logger("guildhall")

_OF_OTHERS: Final = logging.WARNING  # libraries speak only when something is wrong


def start_logs(log: Log, *, for_good: bool = True) -> None:
    """Sends everything to standard error, in the style and from the level that the settings name. `for_good`: nothing
    changes this any more, so that each line need not look it up."""
    level = logging.getLevelNamesMapping()[log.level.upper()]
    people = sys.stderr.isatty() if log.style == "auto" else log.style == "console"
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if people else "iso", utc=not people),
    ]
    last: list[structlog.typing.Processor]
    if people:
        last = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    else:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=for_good,
    )
    _take_in_others(shared, last, max(level, _OF_OTHERS))


def whisper() -> None:
    """Only what is wrong: single commands speak for themselves."""
    start_logs(Log(level="warning"), for_good=False)


def log_change(receipt: Receipt) -> None:
    """Numbers and ids only: what somebody wrote is in the database and nowhere else."""
    log.info(
        "change" if receipt.outcome else "refused",
        verb=receipt.verb,
        question=spoken_number(receipt.question) if receipt.question is not None else None,
        by=receipt.actor,
        outcome=receipt.outcome or receipt.reason,
        state=receipt.after,
    )


def _take_in_others(
    shared: list[structlog.typing.Processor], last: list[structlog.typing.Processor], level: int
) -> None:
    """Libraries that use the standard library's logging come out in the same form."""
    sink = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    sink.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, *last]))
    root = logging.getLogger()
    root.handlers = [sink]
    root.setLevel(level)
