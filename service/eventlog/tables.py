"""The tables of a log; leaves are insert-only and never hold anything that must be erased."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    event,
)

from service.database import UtcDateTime

SHARD_LENGTH = 8  # "2026h2", and "2026h2.2" after a restore

# SQLite numbers rows by itself only in a column of exactly this type.
Sequence64 = BigInteger().with_variant(Integer, "sqlite")


@dataclass(frozen=True, slots=True)
class LogTables:
    """A log's tables.

    Attributes:
        event: the leaf of each event, as hashed.
        pending: events that wait for their place; written in the transaction of the act.
        leaf: the place of each event in the tree of its half-year; written by the sequencer only.
        head: the signed head of each tree; the row the sequencer fences on.
        node: roots of full subtrees of 256**level leaves, so that a proof needs few of the leaves.
    """

    event: Table
    pending: Table
    leaf: Table
    head: Table
    node: Table


def log_tables(metadata: MetaData, prefix: str) -> LogTables:
    """Declare the tables of a log, named `<prefix>_event` and so on."""
    tables = LogTables(
        event=Table(
            f"{prefix}_event",
            metadata,
            Column("event_id", LargeBinary(16), primary_key=True),
            Column("leaf", LargeBinary(1024), nullable=False),
        ),
        pending=Table(
            f"{prefix}_pending",
            metadata,
            Column("seq", Sequence64, primary_key=True, autoincrement=True),
            Column("event_id", LargeBinary(16), nullable=False, unique=True),
            Column("leaf_hash", LargeBinary(32), nullable=False),
            # A number is never used again: "all up to this one are placed" must not come undone.
            sqlite_autoincrement=True,
        ),
        leaf=Table(
            f"{prefix}_leaf",
            metadata,
            Column("shard", String(SHARD_LENGTH), primary_key=True),
            Column("idx", BigInteger, primary_key=True, autoincrement=False),
            Column("event_id", LargeBinary(16), nullable=False, unique=True),
            Column("leaf_hash", LargeBinary(32), nullable=False, index=True),
        ),
        head=Table(
            f"{prefix}_head",
            metadata,
            Column("shard", String(SHARD_LENGTH), primary_key=True),
            Column("size", BigInteger, nullable=False),
            Column("frontier", LargeBinary, nullable=False),
            Column("note", Text, nullable=False),
            Column("signed_at", UtcDateTime, nullable=False),
        ),
        node=Table(
            f"{prefix}_node",
            metadata,
            Column("shard", String(SHARD_LENGTH), primary_key=True),
            Column("level", SmallInteger, primary_key=True, autoincrement=False),
            Column("idx", BigInteger, primary_key=True, autoincrement=False),
            Column("hash", LargeBinary(32), nullable=False),
        ),
    )
    for table in (tables.event, tables.leaf, tables.node):
        _make_insert_only(table)
    return tables


def insert_only_ddl(table: str, dialect: str) -> list[str]:
    """Return the statements that make a table insert-only, whoever asks (a superuser can drop them)."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'insert only'); END"
            for act in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'insert only'; END $$",
        f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ]


def _make_insert_only(table: Table) -> None:
    for dialect in ("sqlite", "postgresql"):
        for statement in insert_only_ddl(table.name, dialect):
            ddl = DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
