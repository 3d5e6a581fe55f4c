"""Look at the hub from behind, read-only, as an auditor with its database in hand would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from demo.deal import Mark, Pair

WAITING = (
    "select count(*) from match_queue",
    "select count(*) from audit_pending",
    "select count(*) from notice_mail where state in ('waiting', 'leased')",
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that the hub made, by the partners' own references.

    Attributes:
        held: pairs that may not be told.
    """

    matched: frozenset[Pair]
    possible: frozenset[Pair]
    held: int


@contextmanager
def reading(hub: Path) -> Iterator[sqlite3.Connection]:
    """Open the hub's database for reading."""
    with closing(sqlite3.connect(f"file:{hub / 'hub.db'}?mode=ro", uri=True, timeout=10)) as connection:
        yield connection


def is_quiet(hub: Path) -> bool:
    """Tell whether nothing waits: no registration to match, no event to sequence, no mail to send."""
    with reading(hub) as connection:
        return not any(connection.execute(question).fetchone()[0] for question in WAITING)


def read_pairs(hub: Path, ids: Mapping[UUID, Mark]) -> Pairs:
    """Read the pairs that stand now, and call both sides by the partners' references."""
    with reading(hub) as connection:
        rows = connection.execute("select signal_id, other_id, state from person_match").fetchall()
    found: dict[str, set[Pair]] = {}
    for signal_id, other_id, state in rows:
        found.setdefault(state, set()).add(frozenset({ids[UUID(signal_id)], ids[UUID(other_id)]}))
    return Pairs(
        frozenset(found.get("open", ())), frozenset(found.get("possible", ())), len(found.get("held", ()))
    )


def show_rows(hub: Path, table: str, *, limit: int) -> list[dict[str, Any]]:
    """Give rows of a table as they lie there, bytes as hexadecimal."""
    with reading(hub) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(f"select * from {table} limit ?", (limit,)).fetchall()  # noqa: S608 - our names
    return [{name: _readable(row[name]) for name in row.keys()} for row in rows]  # noqa: SIM118 - sqlite3.Row


def count_rows(hub: Path) -> dict[str, int]:
    """Count the rows of every table that has any."""
    with reading(hub) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        counts = {
            name: connection.execute(f"select count(*) from {name}").fetchone()[0]  # noqa: S608 - own schema
            for name in names
        }
    return {name: count for name, count in sorted(counts.items()) if count}


def _readable(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
