"""Measure what matching a fresh signal costs beside ten thousand, a hundred thousand and a million stored.

The stored signals are laid by statements inside the database; a quarter of the fresh ones is about a person
whom another school has signalled before, at every size the same.
"""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import md5
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

from bench.messages import MATCH_KEYS
from bench.progress import rounds, step
from bench.town import Sender
from hub.matches.service import match_changed
from hub.signals.store import SIGNAL_COLUMNS, insert_signals
from hub.subjects.policy import Token
from hub.subjects.service import NewRegistration, Pseudonyms, RegistrationKind, store_registrations
from service import clock
from service.clock import dutch_date
from service.database import Database
from service.work import SYSTEM

SIZES = (10_000, 100_000, 1_000_000)
FRESH = 400
ROUNDS = 8
_HEAD = [bytes((kind.code, 0, 1)) for kind in MATCH_KEYS]


def measure_matching(databases: Mapping[int, Database], senders: Sequence[Sender]) -> dict[str, float]:
    """Return microseconds of matching a fresh signal, per number of stored signals.

    Args:
        databases: an empty one for each size. They are measured by turns, so that a busy moment of the
            machine hits all of them.
    """
    chance = random.Random(7)
    for size, database in databases.items():
        with step(f"{database.dialect}: laying {size:,} signals"):
            _fill(database, senders[1], size)
            _match(database, senders[0], size, chance)  # statements are prepared, pages are read
    seconds: dict[int, list[float]] = {size: [] for size in databases}
    for _ in rounds(ROUNDS):
        for size, database in databases.items():
            seconds[size].append(_match(database, senders[0], size, chance))
    return {
        f"{size:.0e}".replace("+0", ""): round(1e6 * median(found) / FRESH, 1)
        for size, found in seconds.items()
    }


def _match(database: Database, sender: Sender, stored: int, chance: random.Random) -> float:
    """Store fresh signals, then match them; return the seconds of the matching alone."""
    known = set(range(0, FRESH, 4))
    tokens = [
        _tokens(chance.randrange(stored)) if at in known else [os.urandom(16) for _ in MATCH_KEYS]
        for at in range(FRESH)
    ]
    store_signals(database, sender, tokens)
    started, matched = perf_counter(), 0
    while done := match_changed(database, limit=FRESH):
        matched += done
    seconds = perf_counter() - started
    assert matched >= FRESH, "a fresh signal was not looked at"
    return seconds


def store_signals(database: Database, sender: Sender, fresh: Sequence[Sequence[bytes]]) -> None:
    """Store a fresh signal about each person."""
    with database.work(SYSTEM) as work:
        ids = [uuid4() for _ in fresh]
        end = work.now + timedelta(days=300)
        insert_signals(work.session, [_signal(id_, sender, work.now, end) for id_ in ids])
        store_registrations(
            work,
            [
                NewRegistration(
                    id_,
                    RegistrationKind.SIGNAL,
                    sender.organisation_id,
                    work.now,
                    end,
                    Pseudonyms(
                        id_,
                        tuple(
                            Token(kind.value, 1, index)
                            for kind, index in zip(MATCH_KEYS, indexes, strict=True)
                        ),
                        bytes(308),
                        1,
                        work.data_keys.take(),
                    ),
                )
                for id_, indexes in zip(ids, fresh, strict=True)
            ],
        )


def _signal(id_: UUID, sender: Sender, now: datetime, end: datetime) -> tuple[object, ...]:
    values = {
        "id": id_,
        "organisation_id": sender.organisation_id,
        "reporter_id": sender.reporter_id,
        "contact_on": dutch_date(now),
        "kind": "contact",
        "legal_basis": "JW_7_1_4_1",
        "bracket": "12-15",
        "bracket_ends": "2028-Q3",
        "subject_notice": "given",
        "notice_given_on": dutch_date(now),
        "notice_given_to": "representative subject",
        "authority_holders": 2,
        "has_decision_reference": False,
        "received_at": now,
        "active_until": end,
        "state": "active",
        "leaf_hash": bytes(32),
        "signature": bytes(64),
    }
    return tuple(values.get(name) for name in SIGNAL_COLUMNS)


def _tokens(number: int) -> list[bytes]:
    """Return the index values of a stored person, as the statements below make them."""
    return [md5(f"{number}:{kind.value}".encode()).digest() for kind in MATCH_KEYS]


def _fill(database: Database, sender: Sender, size: int) -> None:
    fill = _fill_postgresql if database.dialect == "postgresql" else _fill_sqlite
    fill(database, sender, size)


_SIGNALS = """
    INSERT INTO signal (id, organisation_id, reporter_id, contact_on, kind, legal_basis, bracket,
        bracket_ends, subject_notice, has_decision_reference, received_at, active_until, state, leaf_hash,
        signature)
    SELECT {id}, {organisation}, {reporter}, {today}, 'contact', 'JW_7_1_4_1', '12-15',
        '2028-Q3', 'given', FALSE, {now}, {end}, 'active', {hash},
        {signature} FROM {numbers}
"""
_REGISTRATIONS = """
    INSERT INTO registration (id, kind, organisation_id, active_from, active_until, epoch, tokens, sealed)
    SELECT {id}, 'signal', {organisation}, {now}, {end}, 1, {tokens}, {sealed} FROM {numbers}
"""


def _fill_postgresql(database: Database, sender: Sender, size: int) -> None:
    tokens = " || ".join(
        f"'\\x{head.hex()}'::bytea || decode(md5(n || ':{kind.value}'), 'hex')"
        for head, kind in zip(_HEAD, MATCH_KEYS, strict=True)
    )
    names = {
        "id": "md5('id ' || n)::uuid",
        "organisation": f"'{sender.organisation_id}'::uuid",
        "reporter": f"'{sender.reporter_id}'::uuid",
        "today": "current_date",
        "now": "now() - interval '1 day'",
        "end": "now() + interval '300 days'",
        "hash": "decode(repeat(md5(n::text), 2), 'hex')",
        "signature": "decode(repeat(md5(n::text), 4), 'hex')",
        "tokens": tokens,
        "sealed": "decode(repeat(md5(n::text), 19), 'hex')",
        "numbers": f"generate_series(0, {size - 1}) AS n",
    }
    index = " UNION ALL ".join(
        f"SELECT decode(md5(n || ':{kind.value}'), 'hex'), {names['id']} FROM {names['numbers']}"
        for kind in MATCH_KEYS
    )
    with database.writer.begin() as connection:
        for statement in (
            _SIGNALS.format(**names),
            _REGISTRATIONS.format(**names),
            "ALTER TABLE match_index DROP CONSTRAINT pk_match_index",
            f"INSERT INTO match_index (idx, registration_id) {index}",
            "SET LOCAL maintenance_work_mem = '512MB'",
            "ALTER TABLE match_index ADD CONSTRAINT pk_match_index PRIMARY KEY (idx, registration_id)",
        ):
            connection.exec_driver_sql(statement)
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")  # else what was laid is written while it is measured


def _fill_sqlite(database: Database, sender: Sender, size: int) -> None:
    connection = sqlite3.connect(str(database.url.database), isolation_level=None, timeout=30)
    now, end = clock.now() - timedelta(days=1), clock.now() + timedelta(days=300)
    values = {
        "id": "id_of(n)",
        "organisation": f"'{sender.organisation_id.hex}'",
        "reporter": f"'{sender.reporter_id.hex}'",
        "today": f"'{dutch_date(now).isoformat()}'",
        "now": f"'{now:%Y-%m-%d %H:%M:%S.%f}'",
        "end": f"'{end:%Y-%m-%d %H:%M:%S.%f}'",
        "hash": "randomblob(32)",
        "signature": "randomblob(64)",
        "tokens": "tokens_of(n)",
        "sealed": "randomblob(308)",
        "numbers": f"(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c"
        f" WHERE n + 1 < {size}) SELECT n FROM c)",
    }
    connection.create_function("id_of", 1, lambda n: md5(f"id {n}".encode()).hexdigest(), deterministic=True)
    connection.create_function("tokens_of", 1, _tokens_blob, deterministic=True)
    parts = " UNION ALL ".join(
        f"SELECT substr(tokens, {19 * at + 4}, 16) AS idx, id FROM registration"
        for at in range(len(MATCH_KEYS))
    )
    try:
        for statement in (
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-500000",
            "PRAGMA temp_store=MEMORY",
            "BEGIN IMMEDIATE",
            _SIGNALS.format(**values),
            _REGISTRATIONS.format(**values),
            f"INSERT INTO match_index (idx, registration_id) SELECT idx, id FROM ({parts}) ORDER BY idx",
            "COMMIT",
            "PRAGMA wal_checkpoint(TRUNCATE)",
        ):
            connection.execute(statement)
    finally:
        connection.close()


def _tokens_blob(number: int) -> bytes:
    return b"".join(head + index for head, index in zip(_HEAD, _tokens(number), strict=True))
