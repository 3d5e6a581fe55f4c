"""Serve an application with granian, the same way for every service."""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def serve_app(factory: str, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped.

    Args:
        factory: "module:function" that returns the application in each worker process.
    """
    Granian(
        factory,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        factory=True,
        workers=workers,
        backpressure=256,
        # Paths are caller-chosen text: what is worth knowing of a request is logged by the front.
        log_access=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
    ).serve()
