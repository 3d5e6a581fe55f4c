"""What the worker does, and which of it is done once per period however many workers there are.

Matching, delivery and sequencing are level-triggered: "everything that is due", with leases and row locks, so
that two workers share the work. The others claim a slot in the database first: one worker wins it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.bulk import insert_into
from service.database import Database, UtcDateTime
from service.work import SYSTEM, Work


class ChoreRunRow(Base):
    """A slot of a chore that some worker has claimed."""

    __tablename__ = "chore_run"

    chore: Mapped[str] = mapped_column(String(32), primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something that is due again and again.

    Attributes:
        run: does all that is due and returns how much that was; safe to run again.
        every: the period.
        once: whether one worker does it per period, or all workers share it.
    """

    name: str
    every: timedelta
    run: Callable[[], int]
    once: bool = False


def claim(work: Work, name: str, slot: int) -> bool:
    """Claim a numbered slot of something that one worker does; False when another worker has it."""
    free = insert_into(work.session, ChoreRunRow).values(chore=name, slot=slot, claimed_at=work.now)
    claimed = work.session.execute(free.on_conflict_do_nothing().returning(ChoreRunRow.slot)).first()
    if claimed:
        work.session.execute(
            delete(ChoreRunRow).where(ChoreRunRow.chore == name, ChoreRunRow.slot < slot - 100)
        )
    return claimed is not None


def run_chore(database: Database, chore: Chore) -> int:
    """Run a chore if it is this worker's turn; returns how much was done.

    A turn that failed is given back, and whoever comes first tries again: no day is skipped.
    """
    if not chore.once:
        return chore.run()
    with database.work(SYSTEM) as work:
        slot = int(work.now.timestamp() // chore.every.total_seconds())
        if not claim(work, chore.name, slot):
            return 0
    try:
        return chore.run()
    except Exception:
        mine = (ChoreRunRow.chore == chore.name, ChoreRunRow.slot == slot)
        with database.work(SYSTEM) as work:
            work.session.execute(delete(ChoreRunRow).where(*mine))
        raise
