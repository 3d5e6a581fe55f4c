"""An alarm: a code, two numbers, an organisation and at most an employee's number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AlarmCode(StrEnum):
    """What was noticed. Source: audit-and-reliability 3.4."""

    UNPOSTED_EVALUATIONS = "unposted_evaluations"
    OVER_CASELOAD = "over_caseload"
    BURST = "burst"
    PROBING = "probing"
    IDLE_CASES = "idle_cases"
    HONEY_TOKEN = "honey_token"  # noqa: S105 - the name of an alarm
    UNUSUAL_READING = "unusual_reading"
    LOG_CHANGED = "log_changed"
    LOG_UNVERIFIED = "log_unverified"


class AlarmState(StrEnum):
    """Whether a privacy officer has seen it, and what became of it."""

    OPEN = "open"
    SEEN = "seen"
    CLOSED = "closed"


class ClosedBecause(StrEnum):
    """What a privacy officer found: a closed list."""

    EXPLAINED = "explained"
    NOTHING_WRONG = "nothing_wrong"
    SPOKEN_TO = "spoken_to"
    ACCESS_ENDED = "access_ended"
    BREACH_REPORTED = "breach_reported"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is to be told.

    Attributes:
        measured, allowed: in the unit of its code.
        slot: the period or thing it is told of once.
    """

    code: AlarmCode
    organisation_id: UUID | None
    staff_id: UUID | None
    measured: int
    allowed: int
    slot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm as it stands."""

    id: UUID
    code: AlarmCode
    organisation_id: UUID | None
    staff_id: UUID | None
    measured: int
    allowed: int
    raised_at: datetime
    state: AlarmState
    closed_because: ClosedBecause | None
    closed_at: datetime | None
