"""Tables of statistics: what each day brought, by code, and what was released."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class TallyRow(Base):
    """How many of one category a day brought; signals are gone before a quarter is over, counts are not.

    The row of `division` "" says that the day was counted.
    """

    __tablename__ = "statistic_tally"

    counted_on: Mapped[date] = mapped_column(Date, primary_key=True)
    municipality: Mapped[str] = mapped_column(String(4), primary_key=True)
    division: Mapped[str] = mapped_column(String(32), primary_key=True)
    category: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    persons: Mapped[int] = mapped_column(Integer)
    persons_in_year: Mapped[int] = mapped_column(Integer)


class ReleaseRow(Base):
    """That a quarter was released; there is never a second release of one."""

    __tablename__ = "statistic_release"

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    declaration: Mapped[str] = mapped_column(String(32))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[UUID | None] = mapped_column(Uuid)


class ReleasedRow(Base):
    """A table as it was released; `cells` are the numbers that were shown, null where none was."""

    __tablename__ = "statistic_table"

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(4), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    since_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    total: Mapped[int | None] = mapped_column(Integer)
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
