"""Wire shapes of alarms and of those who do not exist."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from hub.alarms.texts import TEXTS
from hub.alarms.values import Alarm, AlarmCode, AlarmState, ClosedBecause
from hub.subjects.schemas import Envelope, TokenTypes
from service.clock import wire_time
from service.http import WireModel

Moment = Annotated[str, Field(min_length=20, max_length=20)]


class AlarmOut(WireModel):
    """An alarm: what was measured, what is allowed, and what to do, in Dutch and English."""

    warning_id: UUID
    code: AlarmCode
    organisation_id: UUID | None
    staff_id: UUID | None
    measured: int
    allowed: int
    raised_at: Moment
    state: AlarmState
    closed_because: ClosedBecause | None
    closed_at: Moment | None
    nl: str
    en: str


class AlarmsOut(WireModel):
    """Alarms, newest first."""

    warnings: list[AlarmOut]


class AlarmClosure(WireModel):
    """Why an alarm is closed."""

    reason: ClosedBecause


class NewHoneyToken(WireModel):
    """Somebody who does not exist, as pseudonyms."""

    token_types: TokenTypes
    envelope: Envelope


class HoneyTokenOut(WireModel):
    """It was registered."""

    honey_token_id: UUID


def write_alarm(one: Alarm) -> AlarmOut:
    """Write an alarm, with its words."""
    dutch, english = TEXTS[one.code]
    return AlarmOut(
        warning_id=one.id,
        code=one.code,
        organisation_id=one.organisation_id,
        staff_id=one.staff_id,
        measured=one.measured,
        allowed=one.allowed,
        raised_at=wire_time(one.raised_at),
        state=one.state,
        closed_because=one.closed_because,
        closed_at=wire_time(one.closed_at) if one.closed_at else None,
        nl=dutch,
        en=english,
    )
