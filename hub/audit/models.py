"""Tables of the log: leaves never hold anything that must be erased; what can be erased lies beside them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DDL, BigInteger, Integer, LargeBinary, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime

# SQLite numbers rows by itself only in a column of exactly this type.
Sequence64 = BigInteger().with_variant(Integer, "sqlite")


class AuditEventRow(Base):
    """The leaf of one event, as hashed: coded facts and hiding commitments. Insert only."""

    __tablename__ = "audit_event"

    event_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    leaf: Mapped[bytes] = mapped_column(LargeBinary(1024))


class AuditPrivateRow(Base):
    """The openings and values behind an event's commitments; each part can be erased on its own.

    A part is 32 bytes of opening followed by canonical JSON.
    """

    __tablename__ = "audit_private"

    event_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[bytes | None] = mapped_column(LargeBinary)
    subject: Mapped[bytes | None] = mapped_column(LargeBinary)
    detail: Mapped[bytes | None] = mapped_column(LargeBinary)


class AuditPendingRow(Base):
    """Events that wait for their place in the tree; written in the transaction of the act."""

    __tablename__ = "audit_pending"

    seq: Mapped[int] = mapped_column(Sequence64, primary_key=True, autoincrement=True)
    event_id: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditLeafRow(Base):
    """The place of each event in the tree of its half-year. Insert only, by the sequencer."""

    __tablename__ = "audit_leaf"

    shard: Mapped[str] = mapped_column(String(6), primary_key=True)
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event_id: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditHeadRow(Base):
    """The signed head of each shard; the row the sequencer fences on."""

    __tablename__ = "audit_head"

    shard: Mapped[str] = mapped_column(String(6), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    frontier: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


IMMUTABLE = ("audit_event", "audit_leaf")


def immutable_ddl(table: str, dialect: str) -> list[str]:
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


for _name in IMMUTABLE:
    for _dialect in ("sqlite", "postgresql"):
        for _statement in immutable_ddl(_name, _dialect):
            _ddl = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(Base.metadata.tables[_name], "after_create", _ddl.execute_if(dialect=_dialect))
