"""Send prebuilt requests over many kept-alive connections, cheaply: raw sockets, one thread, no parsing.

A load generator of a real HTTP client would take most of the machine that is measured.
"""

from __future__ import annotations

import select
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter, process_time

TIMEOUT = 60.0  # seconds without any answer
RECEIVE = 1 << 18
_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


@dataclass(slots=True)
class Load:
    """What came of a run of requests.

    Attributes:
        seconds: from the first byte sent to the last one received.
        own_seconds: processor time that this generator took.
        latencies: seconds of each request, in the order of the answers.
        bodies: of the answers in the order of the requests, where they were asked for.
    """

    seconds: float = 0.0
    own_seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    bodies: dict[int, bytes] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def own_share(self) -> float:
        """Return the part of one processor that this generator took."""
        return self.own_seconds / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency that this share of the requests stayed under."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class WrongAnswerError(Exception):
    """Something else came than what the measurement is about: its figures would mean nothing."""


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    number: int = 0
    started: float = 0.0
    received: bytes = b""
    whole: int = 0

    def send(self, number: int, request: bytes) -> None:
        """Send a request; its size fits the socket's buffer or is waited for."""
        self.number, self.received, self.whole, self.started = number, b"", 0, perf_counter()
        if self.socket.send(request) != len(request):
            raise WrongAnswerError("a request did not fit the socket's buffer")

    def receive(self) -> bool:
        """Read what is there; tell whether the answer is complete."""
        data = self.socket.recv(RECEIVE)
        if not data:
            raise WrongAnswerError("the service closed a connection")
        self.received += data
        if not self.whole and (end := self.received.find(_END)) >= 0:
            head = self.received[:end].lower()
            start = head.index(_LENGTH) + len(_LENGTH)
            self.whole = end + len(_END) + int(head[start:].split(b"\r\n", 1)[0])
        return bool(self.whole) and len(self.received) >= self.whole


def send_all(
    port: int, requests: Sequence[bytes], *, connections: int, expected: int, keep_bodies: bool = False
) -> Load:
    """Send every request over so many connections, each waiting for its answer before it sends the next.

    Raises:
        WrongAnswerError: An answer has another status than expected.
    """
    load = Load()
    poll = select.epoll()
    lines = [_connect(port, max(map(len, requests))) for _ in range(min(connections, len(requests)))]
    by_fd = {line.socket.fileno(): line for line in lines}
    for fd in by_fd:
        poll.register(fd, select.EPOLLIN)
    own, started = process_time(), perf_counter()
    try:
        _exchange(poll, by_fd, lines, requests, load, keep_bodies)
    finally:
        load.seconds, load.own_seconds = perf_counter() - started, process_time() - own
        poll.close()
        for line in lines:
            line.socket.close()
    if load.statuses != {expected: len(requests)}:
        raise WrongAnswerError(f"expected {len(requests)} times {expected}, got {dict(load.statuses)}")
    return load


def _exchange(
    poll: select.epoll,
    by_fd: dict[int, _Connection],
    lines: Sequence[_Connection],
    requests: Sequence[bytes],
    load: Load,
    keep_bodies: bool,
) -> None:
    for number, line in enumerate(lines):
        line.send(number, requests[number])
    sent, done, total = len(lines), 0, len(requests)
    while done < total:
        events = poll.poll(TIMEOUT)
        if not events:
            raise WrongAnswerError("no answer in time")
        for fd, _ in events:
            line = by_fd[fd]
            if not line.receive():
                continue
            done += 1
            load.latencies.append(perf_counter() - line.started)
            load.statuses[int(line.received[9:12])] += 1
            if keep_bodies:
                load.bodies[line.number] = line.received.partition(_END)[2]
            if sent < total:
                line.send(sent, requests[sent])
                sent += 1


def _connect(port: int, largest: int) -> _Connection:
    line = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * largest)
    return _Connection(line)
