"""What a hub cannot do without: the cryptography of one signal, and its rows on disk.

The limit of a service is 1 / (sum of both), on one core and in batches of 1,000, by the plainest code.
"""

from __future__ import annotations

import hmac
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.signing import SigningKey
from sqlalchemy import Boolean, Date, LargeBinary, SmallInteger, String, Table, Uuid, select
from sqlalchemy.dialects import sqlite as sqlite_dialect

import hub.models  # noqa: F401 - every table
from bench.messages import MATCH_KEYS, draw_person
from hub.base import Base
from keys.protocol.envelope import Entry, generate_key_pair, load_private_key, seal, unseal
from keys.protocol.sodium import is_element
from ledger.tree import leaf_hash
from service import clock
from service.database import Database, UtcDateTime
from service.work import SYSTEM

Rows = Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]
SIGNALS = 1_000
ROUNDS = 3
_COPY_TYPES: Mapping[type, str] = {
    Uuid: "uuid",
    LargeBinary: "bytea",
    UtcDateTime: "timestamptz",
    Date: "date",
    SmallInteger: "int2",
    Boolean: "bool",
    String: "varchar",
}


def measure_crypto(rounds: int = 500) -> dict[str, float]:
    """Return microseconds a signal of each unavoidable primitive, on one core."""
    private, public = generate_key_pair()
    key, info, person = load_private_key(private), bytes(120), draw_person()
    sealed = seal(public, info, [Entry(kind, 1, one) for kind, one in zip(MATCH_KEYS, person, strict=True)])
    cipher, signer, pepper = AESGCM(bytes(32)), SigningKey.generate(), os.urandom(32)
    steps: dict[str, Callable[[], object]] = {
        "unseal": lambda: unseal(key, info, sealed),
        "is_element": lambda: [is_element(one) for one in person],
        "index": lambda: [hmac.digest(pepper, bytes(26) + one, "sha256") for one in person],
        "seal": lambda: cipher.encrypt(os.urandom(12), bytes(280), b"place"),
        "sign": lambda: signer.sign(bytes(300)),
    }
    return {name: _microseconds(step, rounds) for name, step in steps.items()}


def measure_insert(database: Database) -> float:
    """Return microseconds a signal to put its rows into the hub's own tables, 1,000 signals a commit.

    The rows are those that the hub itself wrote, under new keys.
    """
    samples = _read_samples(database)
    write = _copy_all if database.dialect == "postgresql" else _execute_many
    seconds = []
    for _ in range(ROUNDS):
        rows = _draw_rows(database, samples)
        started = perf_counter()
        write(database, rows)
        seconds.append(perf_counter() - started)
    return 1e6 * median(seconds) / SIGNALS


def _microseconds(step: Callable[[], object], rounds: int) -> float:
    pieces = []
    for _ in range(10):
        started = perf_counter()
        for _ in range(rounds // 10):
            step()
        pieces.append(perf_counter() - started)
    return 1e6 * median(pieces) / (rounds // 10)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _read_samples(database: Database) -> dict[str, list[dict[str, Any]]]:
    names = ("signal", "registration", "audit_event", "audit_private")
    with database.look(SYSTEM) as work:
        return {
            name: [dict(row) for row in work.session.execute(select(_table(name)).limit(SIGNALS)).mappings()]
            for name in names
        }


def _draw_rows(database: Database, samples: Mapping[str, list[dict[str, Any]]]) -> Rows:
    """Give real rows new keys, and build the rows that hang on them."""
    ids, events = [uuid4() for _ in range(SIGNALS)], [os.urandom(16) for _ in range(SIGNALS)]
    now = clock.now()

    def again(name: str, key: str, values: Sequence[object]) -> list[dict[str, Any]]:
        kept = samples[name]
        return [{**kept[at % len(kept)], key: value} for at, value in enumerate(values)]

    audit = again("audit_event", "event_id", events)
    tables = {
        "signal": again("signal", "id", ids),
        "signal_key": [
            {"key": os.urandom(16), "body_hash": os.urandom(32), "signal_id": id_, "used_at": now}
            for id_ in ids
        ],
        "registration": again("registration", "id", ids),
        "match_index": [{"idx": os.urandom(16), "registration_id": id_} for id_ in ids for _ in MATCH_KEYS],
        "match_queue": [{"registration_id": id_, "queued_at": now} for id_ in ids],
        "audit_event": audit,
        "audit_pending": [
            {"event_id": row["event_id"], "leaf_hash": leaf_hash(row["leaf"])} for row in audit
        ],
        "audit_private": again("audit_private", "event_id", events),
    }
    return {
        name: (list(rows[0]), [_bound(database, _table(name), row) for row in rows])
        for name, rows in tables.items()
    }


def _bound(database: Database, table: Table, row: Mapping[str, Any]) -> list[Any]:
    """Write values as the driver takes them; what that costs is not the limit's."""
    if database.dialect == "postgresql":
        return list(row.values())
    dialect = sqlite_dialect.dialect()
    processors = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in row}
    return [process(value) if (process := processors[name]) else value for name, value in row.items()]


def _copy_all(database: Database, tables: Rows) -> None:
    plain = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        for name, (columns, rows) in tables.items():
            statement = f"COPY {name} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
            with connection.cursor().copy(statement) as copy:
                copy.set_types([_COPY_TYPES[type(_table(name).c[column].type)] for column in columns])
                for row in rows:
                    copy.write_row(row)


def _execute_many(database: Database, tables: Rows) -> None:
    connection = sqlite3.connect(str(database.url.database), isolation_level=None, timeout=30)
    try:
        for pragma in ("synchronous=FULL", "secure_delete=ON", "cache_size=-32000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")
        for name, (columns, rows) in tables.items():
            holes = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({holes})", rows)
        connection.execute("COMMIT")
    finally:
        connection.close()
