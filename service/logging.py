"""Operational log: JSON lines in which only named keys may stand, so that nothing of a person can."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# An allow-list: a deny-list forgets the next name somebody gives to a person.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "service", "code", "status", "route", "method", "request_id", "error",
        "seconds", "count", "job", "worker", "version", "url", "path", "attempt", "reason", "size", "state",
    }
)  # fmt: skip

log = structlog.get_logger()


def keep_allowed(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list."""
    return {key: value for key, value in line.items() if key in ALLOWED}


def configure(service: str, *, level: str = "INFO") -> None:
    """Write JSON lines to standard error; silence what libraries would say about requests."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    for name in ("httpx2", "httpcore2", "sqlalchemy", "granian.access", "_granian.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns, in plain text, of every turn that it skips because the one before is still at work.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
