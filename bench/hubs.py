"""Measure one database's hub: posts, their limit, notices and matching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil

from bench.auditing import measure_auditing
from bench.databases import NewDatabase
from bench.limits import measure_crypto, measure_insert
from bench.matching import SIZES, measure_matching
from bench.messages import Prepared, Sealing
from bench.noticing import measure_notices
from bench.posting import BESIDE_WORKER, Front, Plan, measure_posts, measure_singles
from bench.processes import free_port, memory_mb, running
from bench.progress import step
from bench.proving import open_session
from bench.town import Town, environment_of, settings_of, settle
from hub.context import open_database
from hub.settings import HubSettings
from hub.subjects.keys import load_subject_keys
from service.database import Database
from service.keystore import FileKeyStore


def measure_hub(
    town: Town,
    new_database: NewDatabase,
    folder: Path,
    *,
    signals: Sequence[Prepared],
    sealing: Sealing,
    plan: Plan,
) -> dict[str, Any]:
    """Run everything that is measured of a hub on one kind of database."""
    figures: dict[str, Any] = {"crypto_us": measure_crypto()}
    settings = _new_hub(town, new_database, folder, "posts")
    workers = 1 if settings.database.startswith("sqlite") else (psutil.cpu_count() or 1)
    with _served(town, settings, workers) as (front, hub):
        with step(f"posts, {workers} processes"):
            figures |= measure_posts(front, signals, plan)
            figures["hub_mb"] = memory_mb(hub)
        with _open(settings) as database, step("raw insert"):
            figures["insert_us"] = measure_insert(database)
        with _worker(settings) as worker, step("the same beside a worker that matches and sequences"):
            rest = signals[plan.signals : plan.signals + BESIDE_WORKER]
            figures["single_posts_per_s_beside_worker"] = measure_singles(front, rest).rate
            figures["worker_mb"] = memory_mb(worker)
    with step("the same posts with and without the log"):
        figures |= measure_auditing(town, _new_hub(town, new_database, folder, "audit"), signals)
    figures |= _notices(town, _new_hub(town, new_database, folder, "notices"), sealing, workers)
    with ExitStack() as stack:
        laid = {
            size: stack.enter_context(_open(_new_hub(town, new_database, folder, f"matches_{size}")))
            for size in SIZES
        }
        figures["match_us_per_signal"] = measure_matching(laid, town.senders)
    return figures


def _notices(town: Town, settings: HubSettings, sealing: Sealing, workers: int) -> dict[str, float]:
    secrets = load_subject_keys(FileKeyStore(settings.keys), settings.hub_id)
    with (
        _served(town, settings, workers) as (front, _),
        _worker(settings),
        _open(settings) as database,
        step("from post to notice"),
    ):
        waits = measure_notices(front, database, town, sealing, secrets)
    return {
        "post_to_notice_p50_s": waits[len(waits) // 2],
        "post_to_notice_p99_s": waits[int(len(waits) * 0.99)],
    }


def _new_hub(town: Town, new_database: NewDatabase, folder: Path, name: str) -> HubSettings:
    settings = settings_of(
        town, data=folder / name, database_url=new_database(f"dat_{name}"), port=free_port()
    )
    settings.data.mkdir(parents=True, mode=0o700)
    settle(town, settings)
    return settings


@contextmanager
def _served(town: Town, settings: HubSettings, workers: int) -> Iterator[tuple[Front, psutil.Process]]:
    url = settings.public_url
    with running(
        ["dat-hub", "serve", "--workers", str(workers)],
        environment=environment_of(settings),
        log=settings.data / "hub.log",
        ready_url=f"{url}/livez",
    ) as process:
        sessions = [open_session(key, f"{url}/api/v1") for key in town.request_keys]
        yield Front(settings.port, sessions), process


@contextmanager
def _worker(settings: HubSettings) -> Iterator[psutil.Process]:
    with running(
        ["dat-hub", "worker"], environment=environment_of(settings), log=settings.data / "worker.log"
    ) as process:
        yield process


@contextmanager
def _open(settings: HubSettings) -> Iterator[Database]:
    database = open_database(settings)
    try:
        yield database
    finally:
        database.close()
