"""Handle the objections that were heard outside the desk: of the own municipality, never one's own case."""

from __future__ import annotations

from uuid import UUID

from hub.audit.service import record
from hub.cases.service import require_not_own_case
from hub.consent import objecting
from hub.consent.errors import ObjectionMissingError
from hub.consent.facts import ObjectionState
from hub.consent.objecting import WaitingObjection
from hub.consent.recording import RecordedFact
from hub.partners.service import Staff, StaffRole, get_own_partner, require_covenant, require_role
from hub.rights import store
from hub.rights.desks import DESK, list_served
from hub.rights.errors import ObjectionTakenUpError
from hub.rights.events import ObjectionsListed, ObjectionTakenUp
from hub.rights.filing import requester_facts, require_requester
from hub.rights.models import RightsRequestRow
from hub.rights.policy import answer_due
from hub.rights.schemas import Requester
from hub.rights.values import Controller, Request, RequestKind, RequestState
from hub.subjects.service import RegistrationKind, find_ever_agreeing
from service.clock import dutch_date
from service.work import Work

DECIDING = (StaffRole.RIGHTS_OFFICER,)
_KINDS = (RegistrationKind.SIGNAL, RegistrationKind.CASE)


def list_waiting(work: Work) -> list[WaitingObjection]:
    """List the objections for which the caller's desk answers and that wait, the oldest first."""
    staff = require_role(work, *DECIDING, *DESK)
    found = objecting.list_pending(work, of=list_served(work, staff.organisation_id))
    record(work, ObjectionsListed(organisation_id=staff.organisation_id, detail={"count": len(found)}))
    return found


def uphold(work: Work, objection_id: UUID) -> RecordedFact:
    """Uphold an objection, which goes on stopping; that waits for nothing.

    Rejecting one is another matter: that is done as a request only (`take_up`), where the person is
    identified and whoever registered something is asked for advice. Here it would also tell one officer
    alone whether anybody knows this person.

    Raises:
        ObjectionMissingError: There is none, or another municipality's desk answers for it.
        OwnCaseError: The caller is casemanager of what this is, or may be, about.

    Source:
        CON-12; Jeugdwet 7.1.5.2; domain.md 5.5.
    """
    staff = require_role(work, *DECIDING)
    _get_waiting(work, objection_id, staff)
    about = {one.right for one in find_ever_agreeing(work, [objection_id], kinds=_KINDS)}
    require_not_own_case(work, staff.id, about)
    return objecting.decide_objection(work, objection_id, ObjectionState.UPHELD)


def take_up(work: Work, objection_id: UUID, requester: Requester) -> Request:
    """Handle an objection as a request, once the desk has identified who objects; its clock runs since then.

    It stays stopped all the while, and from here on stands or falls with the request.

    Raises:
        ObjectionMissingError: There is none, or another municipality's desk answers for it.
        ObjectionTakenUpError: It is part of a request already, or was decided.
        IdentityNotVerifiedError: Nobody verified who asks.
        RequesterNotEntitledError: At this age others ask, or ask along.

    Source:
        TRA-06, TRA-07, TRA-11; CON-12; Jeugdwet 7.1.5.2.
    """
    staff = require_role(work, *DESK)
    require_covenant(get_own_partner(work), dutch_date(work.now))
    require_requester(work, requester)
    waiting = _get_waiting(work, objection_id, staff)
    if waiting.state != ObjectionState.PENDING:
        raise ObjectionTakenUpError
    handed = objecting.hand_to_request(work, objection_id)
    row = RightsRequestRow(
        id=objection_id,
        root_id=objection_id,
        kind=RequestKind(waiting.kind).value,
        state=RequestState.RECEIVED.value,
        organisation_id=staff.organisation_id,
        received_by=staff.organisation_id,
        recorded_by=staff.id,
        key_hash=handed.key_hash,
        body_hash=handed.body_hash,
        **requester_facts(requester),
        received_at=waiting.recorded_at,
        due_on=answer_due(dutch_date(waiting.recorded_at), Controller.MUNICIPALITY),
    )
    work.session.add(row)
    work.session.flush()
    subject = {"request": str(row.id), "objection": str(row.id)}
    record(work, ObjectionTakenUp(organisation_id=staff.organisation_id, subject=subject))
    return store.as_request(row)


def _get_waiting(work: Work, objection_id: UUID, staff: Staff) -> WaitingObjection:
    found = objecting.find_waiting(work, objection_id)
    if found is None or found.organisation_id not in list_served(work, staff.organisation_id):
        raise ObjectionMissingError
    return found
