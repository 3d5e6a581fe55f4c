"""Measure what the audit log costs: the same posts, through the same group commit, with and without it.

Without means that nothing is written, hashed or committed to; what is on no disk is promised by no receipt.
The worker's sequencer runs beside the audited posts, in this very process: on the hub's own time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from bench.messages import Prepared
from bench.progress import rounds, say
from bench.town import Town
from hub.audit.events import AuditEvent, Recorded
from hub.audit.keys import ledger_signer
from hub.audit.sequencing import Sequencer
from hub.context import Hub
from hub.opening import open_hub
from hub.settings import HubSettings
from hub.signals import accepting
from hub.signals.posting import prepare_post
from hub.signals.schemas import SignalIn
from hub.signals.values import Post
from service.work import Caller, Role

CONNECTIONS = 16
ROUNDS = 3
POSTS = 1_000  # a round of each kind
EVERY = 0.2  # seconds between turns of the sequencer


def measure_auditing(town: Town, settings: HubSettings, signals: Sequence[Prepared]) -> dict[str, float]:
    """Return acts a second with and without the log, and their ratio, at 16 connections."""
    hub = open_hub(settings)
    posts = iter([_post(hub, town, one) for one in signals[: 2 * ROUNDS * POSTS]])
    rates: dict[bool, list[float]] = {True: [], False: []}
    for _ in rounds(ROUNDS):
        for audited in (True, False):
            some = [next(posts) for _ in range(POSTS)]
            with _sequencing(hub) if audited else _unaudited():
                rates[audited].append(_rate(hub, some))
    hub.database.close()
    say(f"audited/s {[round(rate) for rate in rates[True]]}, not {[round(rate) for rate in rates[False]]}")
    ratios = [one / other for one, other in zip(rates[True], rates[False], strict=True)]
    return {"audited_per_s": median(rates[True]), "audited_vs_unaudited": median(ratios)}


def _post(hub: Hub, town: Town, prepared: Prepared) -> Post:
    sender = town.senders[prepared.sender]
    caller = Caller(Role.PARTNER, sender.organisation_id, credential_id="bench")
    signal = SignalIn.model_validate_json(prepared.body)
    return prepare_post(hub.subject_keys, caller, signal, idempotency_key=UUID(str(prepared.key)))


def _rate(hub: Hub, posts: Sequence[Post]) -> float:
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        started = perf_counter()
        list(pool.map(hub.committer.accept, posts))
        return len(posts) / (perf_counter() - started)


@contextmanager
def _sequencing(hub: Hub) -> Iterator[None]:
    sequencer = Sequencer(hub.database, ledger_signer(hub.keys, hub.settings.hub_id), None)
    stopped = threading.Event()

    def run() -> None:
        while not stopped.wait(EVERY):
            sequencer.turn()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@contextmanager
def _unaudited() -> Iterator[None]:
    record = vars(accepting)["record_many"]

    def nothing(_work: object, events: Sequence[AuditEvent], **_: Any) -> list[Recorded]:
        return [Recorded(os.urandom(16), os.urandom(32)) for _ in events]

    vars(accepting)["record_many"] = nothing
    try:
        yield
    finally:
        vars(accepting)["record_many"] = record
