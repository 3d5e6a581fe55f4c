"""Open a signal in spite of what is missing, on a coded ground and two people's word (noodprocedure).

No lane for what can't wait: acute danger goes to 112, Veilig Thuis and the reporting code, by telephone.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from hub.audit.events import AuditEvent
from hub.audit.service import record, record_many
from hub.consent.grounds import OverrideGround
from hub.consent.models import OverrideRow
from hub.consent.service import policy_in_force
from hub.informing import events, override_store
from hub.informing.errors import (
    OverrideClosedError,
    OverrideGroundError,
    OverrideMissingError,
    OverrideStandsError,
    SecondPersonError,
)
from hub.informing.service import require_standing
from hub.informing.values import Override, override_of
from hub.partners.service import Staff, StaffRole, require_role
from hub.signals.errors import SignalMissingError
from hub.signals.service import Signal, get_held
from hub.subjects.service import enqueue
from hub.teams.service import find_team_for, list_own_teams
from service.work import Work

PROFESSIONALS = (StaffRole.CASEMANAGER, StaffRole.TEAM_LEAD)
BATCH = 500
CBS_DIGITS = 4  # of a municipality; six name a district


def ask_override(work: Work, signal_id: UUID, *, ground: str) -> Override:
    """Open a signal for as long as its ground says on one person's word; the answer tells of no match.

    The number of the signal comes from its reporter, by telephone. Of one signal a single person opens the
    first override only: whatever became of it, the next opens when it has its second person.

    Raises:
        RoleNotAllowedError: The caller is no casemanager or team lead.
        OverrideGroundError: The ground is not listed.
        SignalMissingError: There is none, or it is another municipality's; SignalEndedError: it has ended.
        OverrideStandsError: One is open already, or waits.

    Source:
        CON-11; AVG 6(1)(d); Jeugdwet 7.1.4.1, 7.3.4(2).
    """
    staff = require_role(work, *PROFESSIONALS)
    rule = _get_ground(work, ground)
    signal = get_held(work, signal_id)
    _require_near(work, signal, staff)
    require_standing(work, signal)
    earlier = override_store.list_of_signal(work.session, signal.id)
    if standing := next((row for row in earlier if _stands(row, work)), None):
        return _replay(standing, staff, ground=rule.code)
    row = OverrideRow(
        id=uuid4(),
        signal_id=signal.id,
        organisation_id=staff.organisation_id,
        ground=rule.code,
        asked_by=staff.id,
        asked_at=work.now,
        opened_at=None if earlier else work.now,
        closes_at=work.now + timedelta(hours=rule.hours),
    )
    work.session.add(row)
    work.session.flush()
    enqueue(work, [signal.id])
    record(work, event_of(events.OverrideAsked, row, ground=row.ground))
    return override_of(row)


def confirm_override(work: Work, override_id: UUID) -> Override:
    """Let an override stand for its days, as a second professional of the same organisation.

    Raises:
        SecondPersonError: The caller asked for it.
        OverrideClosedError: It has closed, or was confirmed before.
    """
    staff = require_role(work, *PROFESSIONALS)
    row = _get_own(work, override_id, staff)
    if row.asked_by == staff.id:
        raise SecondPersonError
    if row.confirmed_at is not None or not _stands(row, work):
        raise OverrideClosedError
    row.confirmed_by, row.confirmed_at = staff.id, work.now
    row.opened_at = row.opened_at or work.now
    row.closes_at = work.now + timedelta(days=_get_ground(work, row.ground).days)
    work.session.flush()
    enqueue(work, [row.signal_id])
    record(work, event_of(events.OverrideConfirmed, row))
    return override_of(row)


def end_due(work: Work, *, limit: int = BATCH) -> int:
    """Close overrides whose time is over, and count them; what was told on them is taken back."""
    rows = override_store.lock_due(work.session, at=work.now, limit=limit)
    end_overrides(work, rows)
    return len(rows)


def end_overrides(work: Work, rows: list[OverrideRow]) -> None:
    """Close overrides and have what rested on them decided again."""
    for row in rows:
        row.ended_at = work.now
    work.session.flush()
    enqueue(work, {row.signal_id for row in rows})
    record_many(work, [_ended(row) for row in rows])


def event_of(event: type[AuditEvent], row: OverrideRow, **detail: str) -> AuditEvent:
    """Say what happened to an override; its ground lies beside the tree."""
    return event(
        organisation_id=row.organisation_id,
        purpose="override",
        subject={"override": str(row.id), "signal": str(row.signal_id)},
        detail=detail,
    )


def _replay(row: OverrideRow, staff: Staff, *, ground: str) -> Override:
    """Give the same answer to whoever asks the same again, as after a time-out."""
    if (row.asked_by, row.ground) != (staff.id, ground):
        raise OverrideStandsError
    return override_of(row)


def _ended(row: OverrideRow) -> AuditEvent:
    return event_of(events.OverrideEnded, row, confirmed="yes" if row.confirmed_at else "no")


def _require_near(work: Work, signal: Signal, staff: Staff) -> None:
    """Require a signal about somebody of a municipality in which the caller works; unknown is not told apart.

    Of one without a residence it is the organisation that takes what has no home: there it would be told.

    Source:
        MAT-07, MAT-08.
    """
    served = {team.municipality for team in list_own_teams(work)} - {None}
    if signal.residence is not None and served:
        near = signal.residence[:CBS_DIGITS] in served
    else:
        intake = find_team_for(work)
        near = intake is not None and intake.organisation_id == staff.organisation_id
    if not near:
        raise SignalMissingError


def _get_ground(work: Work, code: str) -> OverrideGround:
    ground = policy_in_force(work).find_override(code)
    if ground is None:
        raise OverrideGroundError(places=("/ground",))
    return ground


def _get_own(work: Work, override_id: UUID, staff: Staff) -> OverrideRow:
    row = override_store.find_locked(work.session, override_id)
    if row is None or row.organisation_id != staff.organisation_id:
        raise OverrideMissingError
    return row


def _stands(row: OverrideRow, work: Work) -> bool:
    return row.ended_at is None and work.now < row.closes_at
