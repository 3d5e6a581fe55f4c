"""Start, watch and stop the processes of the demo; each in its own trust domain."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from demo.domains import DemoError, Domain

STOP_WITHIN = 15.0  # seconds
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Child:
    """One process that was started."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


@dataclass(slots=True)
class Children:
    """Everything that was started, so that everything is stopped."""

    running: list[Child] = field(default_factory=list)

    def start(
        self,
        domain: Domain,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        out: Path | None = None,
        inside: Path | None = None,
    ) -> Child:
        """Start a process under the domain's account, with its own variables only and its own log."""
        log = domain.logs / f"{name}.log"
        with log.open("ab") as errors, (out or log).open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - our own programs
                [_path(command[0]), *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                cwd=inside or domain.folder,
                env={**domain.environment(), **environment},
                start_new_session=True,
                umask=0o077,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no threads hold locks it needs
                user=domain.account,
                group=domain.account,
                extra_groups=domain.groups,
            )
        for written in (log, out or log):
            domain.own(written)
        child = Child(name, process, log)
        self.running.append(child)
        return child

    def require_alive(self, *, ending: Collection[Child] = ()) -> None:
        """Raise DemoError when a service has stopped by itself; some are meant to end."""
        for child in self.running:
            if child not in ending and child.process.poll() is not None:
                raise DemoError(f"{child.name} stopped with {child.process.returncode}; see {child.log}")

    def wait(self, child: Child, *, allowed: Sequence[int] = (0,)) -> int:
        """Wait for a process that ends by itself."""
        code = child.process.wait()
        self.running.remove(child)
        if code not in allowed:
            raise DemoError(f"{child.name} ended with {code}; see {child.log}")
        return code

    def stop(self) -> None:
        """Ask every process to stop, the last one first, and make it and what it started when it does not."""
        for child in reversed(self.running):
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for child in reversed(self.running):
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self.running.clear()


def run(
    domain: Domain,
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    given: str = "",
    allowed: Sequence[int] = (0,),
) -> str:
    """Run one command in a domain and give what it printed.

    Raises:
        DemoError: With the last line it wrote.
    """
    done = subprocess.run(  # noqa: S603 - our own programs
        [_path(command[0]), *command[1:]],
        input=given,
        capture_output=True,
        encoding="utf-8",
        cwd=domain.folder,
        env={**domain.environment(), **(environment or {})},
        umask=0o077,
        check=False,
        user=domain.account,
        group=domain.account,
        extra_groups=domain.groups,
    )
    if done.returncode not in allowed:
        said = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["it said nothing"]
        raise DemoError(f"{domain.name}: {' '.join(command[:3])} ended with {done.returncode}: {said[0]}")
    return done.stdout


def free_ports(count: int) -> list[int]:
    """Choose ports on this machine that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def wait_until(true: Callable[[], bool], children: Children, *, seconds: float, what: str) -> None:
    """Wait until something holds while every service lives.

    Raises:
        DemoError: It does not within the time, or a service stopped.
    """
    deadline = time.monotonic() + seconds
    while not true():
        children.require_alive()
        if time.monotonic() > deadline:
            raise DemoError(f"waited {seconds:.0f} seconds in vain for: {what}")
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Tell whether a service answers 200 there."""
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - this machine
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def listens(port: int) -> bool:
    """Tell whether something listens on a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def _path(program: str) -> str:
    """Return one of our own programs by its name; an absolute path stays what it is."""
    return str(Path(sys.executable).parent / program)


def _end_with_parent() -> None:
    """Let no service outlive a demo that was killed."""
    if LIBC is not None:
        LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
