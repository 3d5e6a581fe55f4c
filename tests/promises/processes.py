"""Real processes: hub, worker and holder as `dat-hub` and `dat-keys` start them, killed at will."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2

from hub.settings import HubSettings
from tests.databases import ROOT

PATIENCE = 30.0  # seconds until a service answers


class ForkServer:
    """A process that has imported everything; use it in a `with`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.promises.forkserver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        self._running: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pid in list(self._running):
            self.kill(pid)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def start(self, service: str, environment: Mapping[str, str], log: Path) -> int:
        """Fork a service and return its process group."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"service": service, "environment": dict(environment), "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        self._running.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        """Kill a service and all its children at once, as the kernel would."""
        self._running.discard(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # first: it may have no group of its own yet
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


@dataclass
class Running:
    """One hub as processes.

    Attributes:
        log: everything its processes write, to standard output and error alike.
    """

    forks: ForkServer
    settings: HubSettings
    log: Path
    pids: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the hub answers."""
        return self.settings.public_url

    def start(self, service: str) -> None:
        """Start the hub, or a worker (`worker`, `worker-2`)."""
        kind = service.partition("-")[0]
        self.pids[service] = self.forks.start(kind, environment_of(self.settings), self.log)

    def kill(self, service: str) -> None:
        """Kill hub or worker."""
        self.forks.kill(self.pids.pop(service))

    def wait(self) -> None:
        """Wait until the hub answers."""
        wait_for_answer(self.url)


def environment_of(settings: HubSettings) -> dict[str, str]:
    """Write settings as the environment of the hub's processes."""
    chosen = settings.model_dump(mode="json", exclude_unset=True)
    return {f"DAT_HUB_{name.upper()}": str(value) for name, value in chosen.items()}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_answer(url: str) -> None:
    """Wait until a service answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(httpx2.TransportError):
            httpx2.get(f"{url}/livez")
            return
        time.sleep(0.01)
    raise TimeoutError("the service did not start")
