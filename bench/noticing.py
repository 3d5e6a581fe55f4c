"""Measure how long a casemanager waits: from a post at a school to the notice in the inbox."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from threading import Thread
from time import perf_counter, sleep
from uuid import UUID, uuid4

from sqlalchemy import select

from bench.loading import send_all
from bench.messages import MATCH_KEYS, Sealing, draw_person, prepare, seal_part
from bench.posting import Front
from bench.town import Town
from hub.cases.schemas import NewCase
from hub.cases.service import register
from hub.notices.models import NoticeRow
from hub.subjects.service import SubjectKeys
from service.database import Database
from service.work import SYSTEM

CASES = 200
PAUSE = 0.02  # seconds between posts, on average
GLANCE = 0.005  # seconds between looks at the inbox
PATIENCE = 30.0


def measure_notices(
    front: Front, database: Database, town: Town, sealing: Sealing, secrets: SubjectKeys
) -> list[float]:
    """Post a signal about each person of a caseload, and return the seconds until each notice is there."""
    people = [draw_person() for _ in range(CASES)]
    _register(database, town, sealing, secrets, people)
    signals = [prepare(sealing, town.senders, person, number=number) for number, person in enumerate(people)]
    requests = front.singles(signals)
    posted: dict[UUID, float] = {}
    seen: dict[UUID, float] = {}
    watcher = Thread(target=_watch, args=(database, seen))
    watcher.start()
    chance = random.Random(1)
    for request in requests:
        started = perf_counter()
        load = send_all(front.port, [request], connections=1, expected=202, keep_bodies=True)
        posted[UUID(json.loads(load.bodies[0])["signalId"])] = started
        sleep(chance.expovariate(1 / PAUSE))
    watcher.join()
    assert posted.keys() == seen.keys(), "not every signal reached the casemanager"
    return sorted(seen[signal_id] - started for signal_id, started in posted.items())


def _watch(database: Database, seen: dict[UUID, float]) -> None:
    """Look at the inbox until it holds a notice for each case."""
    last = perf_counter()
    while len(seen) < CASES and perf_counter() - last < PATIENCE:
        with database.look(SYSTEM) as work:
            found = work.session.scalars(select(NoticeRow.signal_id)).all()
        moment = perf_counter()
        for signal_id in found:
            if signal_id is not None and signal_id not in seen:
                seen[signal_id] = last = moment
        sleep(GLANCE)


def _register(
    database: Database,
    town: Town,
    sealing: Sealing,
    secrets: SubjectKeys,
    people: Sequence[Sequence[bytes]],
) -> None:
    for person in people:
        key = uuid4()
        part: dict[str, object] = {
            "legalBasis": "JW_WMO_TASK",
            "bracket": "12-15",
            "bracketEnds": "2028-Q3",
            "tokenTypes": [kind.value for kind in MATCH_KEYS],
        }
        envelope = seal_part(sealing, town.team_id, key, part, person)
        case = NewCase.model_validate({**part, "envelope": envelope})
        with database.work(town.casemanager) as work:
            register(work, secrets, case, idempotency_key=key, quota_per_day=CASES)
