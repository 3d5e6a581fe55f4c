"""Hand a case to who answers now, after a move or a birthday: "exists", accepted, old one closed.

The hub cannot carry the person over: the new team learns who it is by calling the old casemanager, registers
the person itself, and only then the old case ends. Until that moment the old municipality stays responsible.
What hung on the old case is voided and decided anew for the new one, so that each consent is asked again.

Source: domain.md ROU-14, ROU-15; Jeugdwet 7.1.2.3(1)(g).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from hub.arrangements.service import find_entry_team, find_team_of_age
from hub.audit.service import record
from hub.cases import events, store
from hub.cases.errors import CaseMissingError, TransferInvalidError, TransferMissingError, TransferStateError
from hub.cases.models import CaseRow, TransferRow
from hub.consent.facts import Bracket
from hub.notices.service import NewNotice, NoticeKind, close_for_matches, queue
from hub.partners.service import find_partners, find_staff, require_role
from hub.subjects.service import RegistrationKind, Verdict, end_registrations, find_agreeing
from hub.teams.roster import read_roster
from hub.teams.service import TEAM_ROLES, Team, get_team, list_own_teams
from service.work import Work


class TransferState(StrEnum):
    """Where a transfer is."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    RETURNED = "returned"


class TransferReason(StrEnum):
    """Why another team answers; a move into care is no reason (ROU-15)."""

    MOVED = "moved"
    CARE_ENDED = "care_ended"
    CAME_OF_AGE = "came_of_age"  # another team of the same municipality is for them now


class ReturnReason(StrEnum):
    """Why a team does not take a case over."""

    NOT_RESIDENT = "not_resident"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """That somebody exists who moved; nothing of whom.

    Attributes:
        bracket: the age; None before it is accepted.
        contact: whom to call; None before it is accepted.
    """

    id: UUID
    state: TransferState
    municipality: str
    offered_at: datetime
    sender: str
    bracket: str | None = None
    contact: str | None = None


def offer_transfer(work: Work, case_id: UUID, municipality: str, reason: TransferReason) -> Transfer:
    """Tell the team that answers from now on that somebody is theirs; twice is once.

    Raises:
        CaseMissingError: It is no open case of the caller's teams.
        TransferInvalidError: Nobody in this hub answers there, or the same team does.
    """
    staff = require_role(work, *TEAM_ROLES)
    case = store.lock_own(work.session, case_id, teams=[team.id for team in list_own_teams(work)])
    if case is None or case.closed_at is not None:
        raise CaseMissingError
    if found := store.find_open_transfer(work.session, case_id):
        return _read(work, found)
    team = _find_next(work, case, municipality, reason)
    if team is None or team.id == case.team_id:
        raise TransferInvalidError(places=("/municipality",))
    row = TransferRow(
        id=uuid4(),
        case_id=case_id,
        from_team_id=case.team_id,
        from_staff_id=staff.id,
        to_team_id=team.id,
        municipality=municipality,
        state=TransferState.OFFERED,
        offered_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    subject, detail = {"case": str(case_id)}, {"to": municipality, "reason": reason.value}
    record(work, events.TransferOffered(organisation_id=case.organisation_id, subject=subject, detail=detail))
    _notify(work, row, team, read_roster(work, [team.id]).list_leads(team.id))
    return _read(work, row)


def _find_next(work: Work, case: CaseRow, municipality: str, reason: TransferReason) -> Team | None:
    """Find who answers from now on: where the person lives now, or who is for the age they come to."""
    if reason is not TransferReason.CAME_OF_AGE:
        return find_entry_team(work, municipality)
    team = find_team_of_age(work, case.team_id, Bracket(case.bracket).next())
    return team if team and team.municipality == municipality else None


def _notify(work: Work, row: TransferRow, team: Team, recipients: Collection[UUID]) -> None:
    """Put a line in inboxes that a case changes hands, with the number of the transfer and nothing else."""
    calls = [
        NewNotice(
            match_id=row.id,
            recipient=one,
            kind=NoticeKind.TRANSFER,
            organisation_id=team.organisation_id,
            team_id=team.id,
        )
        for one in recipients
    ]
    queue(work, calls)


def list_transfers(work: Work) -> list[Transfer]:
    """List what waits for the caller's teams: that somebody moved here, since when, and from where."""
    staff = require_role(work, *TEAM_ROLES)
    rows = store.list_transfers(work.session, [team.id for team in list_own_teams(work)])
    record(work, events.TransfersListed(organisation_id=staff.organisation_id, detail={"count": len(rows)}))
    return [_read(work, row) for row in rows]


def accept_transfer(work: Work, transfer_id: UUID) -> Transfer:
    """Take it on to find out who it is, and learn whom to call; the old case stays until it is completed.

    Raises:
        TransferMissingError: It is not for the caller's teams. TransferStateError: Somebody else has it.
    """
    row = _hold(work, transfer_id)
    if row.state == TransferState.OFFERED:
        row.state, row.decided_by, row.decided_at = TransferState.ACCEPTED, work.caller.staff_id, work.now
        work.session.flush()
        close_for_matches(work, [row.id], kinds=[NoticeKind.TRANSFER])
        _record(work, row, "accepted")
    elif row.state != TransferState.ACCEPTED or row.decided_by != work.caller.staff_id:
        raise TransferStateError
    return _read(work, row, told=True)


def return_transfer(work: Work, transfer_id: UUID, reason: ReturnReason) -> Transfer:
    """Give it back with a reason from the list; the old municipality is responsible as before."""
    row = _hold(work, transfer_id)
    if row.state not in {TransferState.OFFERED, TransferState.ACCEPTED}:
        raise TransferStateError
    row.state, row.decided_by, row.decided_at = TransferState.RETURNED, work.caller.staff_id, work.now
    work.session.flush()
    close_for_matches(work, [row.id], kinds=[NoticeKind.TRANSFER])
    _notify(work, row, get_team(work, row.from_team_id), [row.from_staff_id])
    _record(work, row, reason.value)
    return _read(work, row)


def complete_transfer(work: Work, transfer_id: UUID, case_id: UUID) -> Transfer:
    """Close the old case, once the new team has registered the person itself.

    Raises:
        TransferInvalidError: The case is not the caller's team's, or not of the same person.
        TransferStateError: It was not accepted.
    """
    row = _hold(work, transfer_id)
    if row.state == TransferState.COMPLETED and row.new_case_id == case_id:
        return _read(work, row)
    if row.state != TransferState.ACCEPTED:
        raise TransferStateError
    _require_same_person(work, row, case_id)
    old = work.session.get(CaseRow, row.case_id, with_for_update=True)
    if old is not None and old.closed_at is None:
        end_registrations(work, [old.id])
        old.closed_at = work.now
        record(work, events.CaseClosed(organisation_id=old.organisation_id, subject={"case": str(old.id)}))
    row.state, row.new_case_id, row.decided_at = TransferState.COMPLETED, case_id, work.now
    work.session.flush()
    _record(work, row, "completed")
    return _read(work, row)


def _require_same_person(work: Work, row: TransferRow, case_id: UUID) -> None:
    new = store.lock_own(work.session, case_id, teams=[row.to_team_id])
    if new is None or new.closed_at is not None:
        raise TransferInvalidError(places=("/caseId",))
    agreements = find_agreeing(work, [case_id], kinds=[RegistrationKind.CASE])
    same = {other for one in agreements if one.verdict is Verdict.SAME for other in (one.left, one.right)}
    if row.case_id not in same:
        raise TransferInvalidError(places=("/caseId",))


def _hold(work: Work, transfer_id: UUID) -> TransferRow:
    require_role(work, *TEAM_ROLES)
    row = store.lock_transfer(work.session, transfer_id, [team.id for team in list_own_teams(work)])
    if row is None:
        raise TransferMissingError
    return row


def _record(work: Work, row: TransferRow, how: str) -> None:
    event = events.TransferAnswered(
        organisation_id=work.caller.organisation_id, subject={"case": str(row.case_id)}, detail={"how": how}
    )
    record(work, event)


def _read(work: Work, row: TransferRow, *, told: bool = False) -> Transfer:
    case = work.session.get(CaseRow, row.case_id)
    sender = find_partners(work, [case.organisation_id]) if case else {}
    staff = find_staff(work, [row.from_staff_id]).get(row.from_staff_id) if told else None
    return Transfer(
        id=row.id,
        state=TransferState(row.state),
        municipality=row.municipality,
        offered_at=row.offered_at,
        sender=next((one.name for one in sender.values()), ""),
        bracket=case.bracket if case and told else None,
        contact=(staff.contact_label or staff.mail_address) if staff else None,
    )
