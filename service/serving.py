"""Serve an application with granian, the same way for every service."""

from __future__ import annotations

import gc
from functools import partial
from pkgutil import resolve_name
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

YOUNG = 20_000  # objects between two collections: one per group of requests, not ten per request


def serve_app(factory: str, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped.

    Args:
        factory: "module:function" that returns the application in each worker process.
    """
    # Before the worker processes are forked, so that they share it: a collection in each would write to it.
    resolve_name(factory)
    _settle()
    Granian(
        factory,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        backpressure=256,
        # Paths are caller-chosen text: what is worth knowing of a request is logged by the front.
        log_access=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
    ).serve(target_loader=partial(_load, factory), wrap_loader=False)


def _load(factory: str) -> Any:
    """Make the application and ready this worker process for small, short requests."""
    app = resolve_name(factory)()
    _settle()
    gc.set_threshold(YOUNG)
    return app


def _settle() -> None:
    """Set apart what was loaded: it stays, and to search it for garbage would take a tenth of a second."""
    gc.collect()
    gc.freeze()
