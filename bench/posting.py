"""Measure posts through a real hub: one by one, in batches, and how long a single one takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench.loading import Load, send_all
from bench.messages import Prepared
from bench.progress import rounds, say
from bench.proving import Session

SINGLE_CONNECTIONS = 32
LATENCY_CONNECTIONS = 8
BATCH = 1_000
BATCH_CONNECTIONS = 8
ROUNDS = 3
BESIDE_WORKER = 1_500  # signals that are posted beside a working worker


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is posted: `singles` and `batches` a round, `timed` posts for the latency.

    More batches than connections: these never spread evenly over the hub's processes, and with one batch for
    each, the fuller process alone would be measured while the other one waits.
    """

    warm_up: int = 1_000
    singles: int = 2_000
    batches: int = 12
    timed: int = 600

    @property
    def signals(self) -> int:
        """Return how many prepared signals it takes, without those beside a worker."""
        return self.warm_up + BATCH + ROUNDS * (self.singles + self.batches * BATCH + self.timed)


@dataclass(frozen=True, slots=True)
class Front:
    """A running hub as its callers see it: a session for each sender."""

    port: int
    sessions: Sequence[Session]

    def singles(self, signals: Sequence[Prepared]) -> list[bytes]:
        """Build the requests of single posts."""
        return [
            self.sessions[signal.sender].request(
                "POST", "/signals", body=signal.body, headers={"Idempotency-Key": str(signal.key)}
            )
            for signal in signals
        ]

    def batch(self, signals: Sequence[Prepared]) -> bytes:
        """Build the request of one batch, all of one sender."""
        body = b'{"signals":[' + b",".join(signal.item for signal in signals) + b"]}"
        return self.sessions[signals[0].sender].request("POST", "/signal-batches", body=body)

    def no_ops(self, count: int) -> list[bytes]:
        """Build authenticated requests that do nothing: refused for a page size of 0, before any work."""
        return [self.sessions[0].request("GET", "/signals?pageSize=0") for _ in range(count)]


def measure_posts(front: Front, signals: Sequence[Prepared], plan: Plan) -> dict[str, float]:
    """Post everything of the plan; every signal must be taken.

    Returns:
        Rates, latencies in milliseconds, and the load generator's own part of one processor.
    """
    rest = iter(signals)
    send_all(front.port, front.singles(_take(rest, plan.warm_up)), connections=8, expected=202)
    _post_batches(front, _take(rest, BATCH))
    singles = [measure_singles(front, _take(rest, plan.singles)) for _ in rounds(ROUNDS)]
    say(f"single posts/s {[round(load.rate) for load in singles]}")
    batches = [_post_batches(front, _take(rest, plan.batches * BATCH)) for _ in rounds(ROUNDS)]
    say(f"batch signals/s {[round(load.rate * BATCH) for load in batches]}")
    return {
        "single_posts_per_s": median(load.rate for load in singles),
        "batch_signals_per_s": median(load.rate for load in batches) * BATCH,
        "generator_share": median(load.own_share for load in singles),
        "generator_us_per_post": 1e6 * median(load.own_seconds / plan.singles for load in singles),
        **_latencies(front, rest, plan),
    }


def measure_singles(front: Front, signals: Sequence[Prepared]) -> Load:
    """Post signals one by one over 32 connections."""
    return send_all(front.port, front.singles(signals), connections=SINGLE_CONNECTIONS, expected=202)


def _latencies(front: Front, rest: Iterator[Prepared], plan: Plan) -> dict[str, float]:
    """Measure posts and no-ops by turns, so that a busy moment of the machine hits both."""
    posts, no_ops = [], []
    for _ in rounds(ROUNDS):
        posts.append(_timed(front, front.singles(_take(rest, plan.timed)), expected=202))
        no_ops.append(_timed(front, front.no_ops(plan.timed), expected=400))
    say(f"p99 ms of posts {[round(1e3 * load.percentile(0.99), 1) for load in posts]}")
    say(f"p99 ms of no-ops {[round(1e3 * load.percentile(0.99), 1) for load in no_ops]}")
    return {
        "post_p50_ms": 1e3 * median(load.percentile(0.5) for load in posts),
        "post_p99_ms": 1e3 * median(load.percentile(0.99) for load in posts),
        "noop_p50_ms": 1e3 * median(load.percentile(0.5) for load in no_ops),
        "noop_p99_ms": 1e3 * median(load.percentile(0.99) for load in no_ops),
    }


def _timed(front: Front, requests: Sequence[bytes], *, expected: int) -> Load:
    return send_all(front.port, requests, connections=LATENCY_CONNECTIONS, expected=expected)


def _post_batches(front: Front, signals: Sequence[Prepared]) -> Load:
    """Post in batches of 1,000, each of one sender.

    Raises:
        WrongAnswerError: A batch was refused.
        AssertionError: A signal of a batch was.
    """
    requests = [front.batch(batch) for batch in _by_sender(signals, len(front.sessions))]
    load = send_all(front.port, requests, connections=BATCH_CONNECTIONS, expected=202, keep_bodies=True)
    accepted = sum(body.count(b'"status":"accepted"') for body in load.bodies.values())
    assert accepted == len(signals), f"{accepted} of {len(signals)} accepted"
    return load


def _by_sender(signals: Sequence[Prepared], senders: int) -> list[list[Prepared]]:
    mine = [[signal for signal in signals if signal.sender == at] for at in range(senders)]
    return [of[start : start + BATCH] for of in mine if of for start in range(0, len(of), BATCH)]


def _take(rest: Iterator[Prepared], count: int) -> list[Prepared]:
    return [next(rest) for _ in range(count)]
