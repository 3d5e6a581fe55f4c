"""Which desk a request is at, who may handle it there, and to which desk it goes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.changes.service import ChangeState, get_change
from hub.partners.administration import list_partners
from hub.partners.desks import find_recorded, list_recorded
from hub.partners.models import RightsDeskRow
from hub.partners.service import (
    Staff,
    StaffRole,
    find_partners,
    get_partner,
    holds,
    list_staff,
    require_role,
    takes_part,
)
from hub.rights import store
from hub.rights.errors import (
    DeskMissingError,
    DeskNotRecordedError,
    ProposalPendingError,
    RequestDecidedError,
    RequestMissingError,
    SecondOfficerNeededError,
)
from hub.rights.events import DeskAppointed, RequestForwarded, RequestShown
from hub.rights.models import RightsForwardingRow, RightsRequestRow
from hub.rights.values import Request, RequestState
from service.clock import dutch_date
from service.errors import RefusedError
from service.work import Role, Work

OFFICERS = (StaffRole.RIGHTS_OFFICER, StaffRole.MUNICIPAL_SUPERVISOR)
DESK = (StaffRole.DESK,)
KINDS = frozenset({"municipal_team", "rights_desk"})
PAGE = 200
EYES = 2  # who proposes an erasure and who approves it


class GapReason(StrEnum):
    """Why an organisation's citizens' requests would get stuck."""

    NO_DESK = "no_desk"
    FEW_OFFICERS = "few_officers"


def list_requests(work: Work) -> list[Request]:
    """List the requests of the caller's desk; what was found is for its officers.

    All that is open, the most urgent first, and of what was decided the newest.
    """
    return [*list_open(work), *list_decided(work)]


def list_open(work: Work) -> list[Request]:
    """List what the caller's desk did not decide yet, the most urgent first."""
    staff = require_role(work, *DESK, *OFFICERS)
    return [store.as_request(row) for row in store.list_open(work.session, [staff.organisation_id])]


def list_decided(work: Work) -> list[Request]:
    """List the newest of what the caller's desk decided."""
    staff = require_role(work, *DESK, *OFFICERS)
    rows = store.list_decided(work.session, staff.organisation_id, limit=PAGE)
    return [store.as_request(row) for row in rows]


def get_request(work: Work, request_id: UUID) -> Request:
    """Return a request of the caller's desk; what was found only to an officer who did not file it.

    Raises:
        RequestMissingError: It is at another desk, or there is none.
    """
    staff = require_role(work, *DESK, *OFFICERS)
    row = store.get_requests(work.session, [request_id]).get(request_id)
    if row is None or row.organisation_id != staff.organisation_id:
        raise RequestMissingError
    seen = row.recorded_by != staff.id and holds(staff, OFFICERS, dutch_date(work.now))
    found = store.list_findings(work.session, [row.id])[row.id] if seen else []
    subject, detail = {"request": str(row.id)}, {"found": len(found)}
    record(work, RequestShown(organisation_id=row.organisation_id, subject=subject, detail=detail))
    return store.as_request(row, found)


def require_officer(work: Work) -> Staff:
    """Require that the caller handles requests at a desk, and return who."""
    return require_role(work, *OFFICERS)


def get_open(work: Work, request_id: UUID, officer: Staff) -> RightsRequestRow:
    """Hold a request of the officer's desk that is not decided.

    Raises:
        RequestMissingError: It is at another desk, or there is none.
        RequestDecidedError: It was decided.
        SecondOfficerNeededError: The caller filed it: no one person looks somebody up.
    """
    row = store.lock_request(work.session, request_id, organisation_id=officer.organisation_id)
    if row is None:
        raise RequestMissingError
    if row.state in {RequestState.DECIDED, RequestState.APPROVED}:
        raise RequestDecidedError
    if row.recorded_by == officer.id:
        raise SecondOfficerNeededError
    return row


def get_unproposed(work: Work, request_id: UUID, officer: Staff) -> RightsRequestRow:
    """Hold a request as `get_open` does, of which no second person has a proposal before them.

    One that was rejected, or waited too long, is open to be handled again.

    Raises:
        ProposalPendingError: A second person decides on exactly what was found.
    """
    row = get_open(work, request_id, officer)
    if row.state == RequestState.PROPOSED and row.change_id is not None:
        change = get_change(work, row.change_id)
        if change.state is ChangeState.OPEN and work.now < change.expires_at:
            raise ProposalPendingError
        row.state, row.change_id = RequestState.SEARCHED.value, None
        work.session.flush()
    return row


def forward(work: Work, request_id: UUID, *, to: UUID) -> Request:
    """Send a request to the desk that is responsible; its clock keeps running.

    Raises:
        DeskMissingError: That organisation has no desk.

    Source:
        TRA-05; Jeugdwet 7.1.2.2(3), 7.1.5.2.
    """
    staff = require_role(work, *DESK, *OFFICERS)
    row = store.lock_request(work.session, request_id, organisation_id=staff.organisation_id)
    if row is None:
        raise RequestMissingError
    if row.state != RequestState.RECEIVED:
        raise RequestDecidedError
    target = find_partners(work, [to]).get(to)
    if target is None or target.kind not in KINDS or not takes_part(target, dutch_date(work.now)):
        raise DeskMissingError(places=("/organisationId",))
    move(work, row, to=to)
    return store.as_request(row)


def move(work: Work, row: RightsRequestRow, *, to: UUID) -> None:
    """Put a request at another desk and keep where it came from."""
    if row.organisation_id == to:
        return
    work.session.add(
        RightsForwardingRow(
            id=uuid4(), request_id=row.id, from_id=row.organisation_id, to_id=to, forwarded_at=work.now
        )
    )
    row.organisation_id = to
    work.session.flush()
    record(work, RequestForwarded(organisation_id=to, subject={"request": str(row.id)}))


def find_desks(work: Work, organisation_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return which desk answers for what organisations registered, for those for which that is known.

    What a desk registered itself, it answers for itself, unless another was recorded.
    """
    partners = find_partners(work, organisation_ids)
    own = {id_: id_ for id_, partner in partners.items() if partner.kind == "rights_desk"}
    return own | find_recorded(work, organisation_ids)


def list_served(work: Work, desk_id: UUID) -> set[UUID]:
    """Name the organisations for whose registrations a desk answers."""
    named = list_recorded(work, desk_id) | {desk_id}
    return {id_ for id_, desk in find_desks(work, named).items() if desk == desk_id}


def get_desks(work: Work, organisation_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return which desk answers for what each of these organisations registered.

    Raises:
        DeskNotRecordedError: Of one of them nobody recorded it: the desk that happened to be asked does not
            answer for another college's reporters. `list_gaps` names it for the operator.

    Source:
        TRA-05; Jeugdwet 7.1.2.2(3).
    """
    known = find_desks(work, organisation_ids)
    if known.keys() != set(organisation_ids):
        raise DeskNotRecordedError
    return known


@dataclass(frozen=True, slots=True)
class Gap:
    """An organisation that takes part and for which no desk can answer as it should."""

    organisation_id: UUID
    name: str
    reason: GapReason


def list_gaps(work: Work) -> list[Gap]:
    """List the organisations whose citizens' requests would get stuck, by name; only the operator asks.

    Because nobody recorded a desk, or because that desk has less than two who may decide.
    """
    organisations = [one for one in list_partners(work) if takes_part(one, dutch_date(work.now))]
    known = find_desks(work, {one.id for one in organisations})
    able = {desk for desk in set(known.values()) if len(list_staff(work, desk, *OFFICERS)) >= EYES}
    return [
        Gap(one.id, one.name, GapReason.FEW_OFFICERS if one.id in known else GapReason.NO_DESK)
        for one in organisations
        if known.get(one.id) not in able
    ]


def appoint_desk(work: Work, organisation_id: UUID, *, desk_id: UUID) -> None:
    """Record which municipality's desk answers for what an organisation registers.

    Source:
        Jeugdwet 7.1.2.2(3): the college that has the agreement with the reporter.
    """
    if work.caller.role is not Role.OPERATOR:
        raise RefusedError
    if get_partner(work, desk_id).kind not in KINDS:
        raise DeskMissingError
    get_partner(work, organisation_id)
    work.session.merge(RightsDeskRow(organisation_id=organisation_id, desk_id=desk_id))
    work.session.flush()
    record(work, DeskAppointed(organisation_id=organisation_id, detail={"desk": str(desk_id)}))
