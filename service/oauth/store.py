"""The table in which a service remembers assertions that were used, one of its own for each service."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import cast

from sqlalchemy import Column, CursorResult, LargeBinary, MetaData, String, Table, delete

from service.bulk import insert_into
from service.database import UtcDateTime
from service.work import Work


def used_assertion_table(metadata: MetaData) -> Table:
    """Add the table of used assertions to a service's tables; ids are stored as hashes."""
    return Table(
        "used_assertion",
        metadata,
        Column("client_id", String(63), primary_key=True),
        Column("jti_hash", LargeBinary(32), primary_key=True),
        Column("expires_at", UtcDateTime(), nullable=False, index=True),
    )


def take_assertion(work: Work, table: Table, client_id: str, jti: str, expires_at: datetime) -> bool:
    """Use up an assertion; False when it was used before, by this process or any other."""
    jti_hash = sha256(f"{client_id}.{jti}".encode()).digest()
    row = {"client_id": client_id, "jti_hash": jti_hash, "expires_at": expires_at}
    taken = insert_into(work.session, table).values(row).on_conflict_do_nothing()
    return work.session.execute(taken.returning(table.c.client_id)).first() is not None


def delete_expired_assertions(work: Work, table: Table) -> int:
    """Forget assertions that have expired, and count them."""
    done = work.session.execute(delete(table).where(table.c.expires_at < work.now))
    return cast("CursorResult[object]", done).rowcount
