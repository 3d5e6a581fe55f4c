"""Start the services as their operators do, wait until they answer, measure their memory, stop them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import psutil

PATIENCE = 60.0  # seconds to start
MIB = 1024 * 1024


class ServiceFailedError(Exception):
    """A service did not start; its log says why."""


@contextmanager
def running(
    command: Sequence[str], *, environment: Mapping[str, str], log: Path, ready_url: str | None = None
) -> Iterator[psutil.Process]:
    """Run one of our console scripts while the block lasts."""
    program = Path(sys.executable).with_name(command[0])
    with log.open("ab") as file:
        child = subprocess.Popen(
            [program, *command[1:]], env={**os.environ, **environment}, stdout=file, stderr=file
        )
    try:
        _wait_until_ready(child, ready_url, log)
        yield psutil.Process(child.pid)
    finally:
        _stop(child)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory_mb(process: psutil.Process) -> float:
    """Return the memory of a service in MiB, its child processes included.

    What forked processes share is counted once (PSS): the sum of their resident sizes counts it twice.
    """
    family = [process, *process.children(recursive=True)]
    return round(sum(member.memory_full_info().pss for member in family) / MIB, 1)


def _wait_until_ready(child: subprocess.Popen[bytes], url: str | None, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while url and time.monotonic() < until:
        if child.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    if url or child.poll() is not None:
        raise ServiceFailedError(f"{child.args!r} did not start: {log.read_text()[-2000:]}")


def _stop(child: subprocess.Popen[bytes]) -> None:
    family = psutil.Process(child.pid).children(recursive=True) if child.poll() is None else []
    child.terminate()
    try:
        child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for member in psutil.wait_procs(family, timeout=5)[1]:
        member.kill()
