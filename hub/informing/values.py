"""Overrides as their readers see them: values, never rows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from hub.consent.models import OverrideRow


class ReviewOutcome(StrEnum):
    """What the privacy officer found; anything but `justified` closes what is still open."""

    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One use of an override; whether it opened any match is not in it.

    Attributes:
        asked_by: who can't be its second person.
        opened_at: None while it waits for the second person before it opens.
        closes_at: until when it stands, unless it is ended before.
        outcome: what the privacy officer found.
    """

    id: UUID
    signal_id: UUID
    ground: str
    asked_by: UUID
    asked_at: datetime
    opened_at: datetime | None
    closes_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    informed_on: date | None
    postponed_until_on: date | None


def override_of(row: OverrideRow) -> Override:
    """Read a row as a value."""
    return Override(**{field.name: getattr(row, field.name) for field in fields(Override)})
