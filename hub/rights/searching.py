"""Search what is registered about a requester, and bring it to the desks that are responsible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy import select

from hub.audit.service import record
from hub.partners.service import find_partners
from hub.rights import store
from hub.rights.desks import get_desks, get_unproposed, move, require_officer
from hub.rights.events import RequestForwarded, RequestSearched
from hub.rights.models import RightsFindingRow, RightsRequestRow
from hub.rights.policy import answer_due, controller_of
from hub.rights.values import Extension, Request, RequestState, Verdict
from hub.subjects.service import (
    Agreement,
    RegistrationKind,
    find_ever_agreeing,
    find_owners,
)
from service.clock import dutch_date
from service.work import Work

KINDS = (
    RegistrationKind.SIGNAL,
    RegistrationKind.CASE,
    RegistrationKind.CONSENT,
    RegistrationKind.OBJECTION,
)


def search(work: Work, request_id: UUID) -> Request | None:
    """Search what is kept about the requester; done again, what came since is added.

    The only look-up by person there is: two people need each other for it, and it is recorded.
    What other municipalities answer for goes to their desks, with the clock of the first receipt. A part
    that a desk proposed or decided upon stays as it was: who asks again gets what came since.

    Returns:
        The request with what its desk answers for; None where all of it went to another desk.

    Raises:
        DeskNotRecordedError: Nobody knows which desk answers for one of the organisations.
        ProposalPendingError: A second officer has this request before them.

    Source:
        TRA-05, TRA-08.
    """
    officer = require_officer(work)
    row = get_unproposed(work, request_id, officer)
    found = find_ever_agreeing(work, [row.root_id], kinds=KINDS)
    owners = find_owners(work, [agreement.right for agreement in found])
    desks = get_desks(work, {owner for owner, _ in owners.values()})
    by_desk: dict[UUID, list[Agreement]] = defaultdict(list)
    for agreement in found:
        by_desk[desks[owners[agreement.right][0]]].append(agreement)
    requests = _requests_of(work, row, list(by_desk))
    for desk, some in by_desk.items():
        if requests[desk].state in store.ADVISABLE:
            _add_findings(work, requests[desk], some, owners)
    for one in {row.id: row, **{part.id: part for part in requests.values()}}.values():
        one.searched_by, one.searched_at = officer.id, work.now
    row.state = max(RequestState.SEARCHED, RequestState(row.state), key=list(RequestState).index).value
    work.session.flush()
    record(work, _searched(officer.organisation_id, row, len(found)))
    if row.organisation_id != officer.organisation_id:
        return None
    return store.as_request(row, store.list_findings(work.session, [row.id])[row.id])


def _requests_of(work: Work, row: RightsRequestRow, desks: Sequence[UUID]) -> dict[UUID, RightsRequestRow]:
    """Return the request of each desk that is concerned: this one, those split off before, and new ones."""
    known = {one.organisation_id: one for one in store.list_of_root(work.session, row.root_id)}
    if row.id == row.root_id and len(desks) == 1 and desks[0] not in known:
        # All of it is another municipality's: the request was misdirected.
        move(work, row, to=desks[0])
        return {desks[0]: row}
    for desk in desks:
        if desk not in known:
            known[desk] = _split_off(work, row, desk)
    return known


def _split_off(work: Work, row: RightsRequestRow, desk: UUID) -> RightsRequestRow:
    facts = {column.name: getattr(row, column.name) for column in RightsRequestRow.__table__.columns}
    part = RightsRequestRow(**{**facts, "id": uuid4(), "organisation_id": desk})
    part.state = RequestState.SEARCHED.value
    part.outcome = part.ground = part.change_id = part.decided_by = part.decided_at = None
    work.session.add(part)
    work.session.flush()
    record(work, RequestForwarded(organisation_id=desk, subject={"request": str(part.id)}))
    return part


def _add_findings(
    work: Work,
    row: RightsRequestRow,
    agreements: Sequence[Agreement],
    owners: dict[UUID, tuple[UUID, RegistrationKind]],
) -> None:
    there = set(
        work.session.scalars(
            select(RightsFindingRow.registration_id).where(RightsFindingRow.request_id == row.id)
        )
    )
    partners = find_partners(work, {owner for owner, _ in owners.values()})
    received_on = dutch_date(row.received_at)
    extension = Extension(row.extension) if row.extension else None
    for agreement in agreements:
        if agreement.right in there:
            continue
        owner, kind = owners[agreement.right]
        controller = controller_of(partners[owner].kind if owner in partners else "")
        work.session.add(
            RightsFindingRow(
                id=uuid4(),
                request_id=row.id,
                registration_id=agreement.right,
                kind=kind.value,
                organisation_id=owner,
                controller=controller.value,
                verdict=Verdict(agreement.verdict.value).value,
                due_on=answer_due(received_on, controller, extension),
            )
        )
    work.session.flush()


def _searched(organisation_id: UUID, row: RightsRequestRow, count: int) -> RequestSearched:
    return RequestSearched(
        organisation_id=organisation_id, subject={"request": str(row.id)}, detail={"found": count}
    )
