"""Let an organisation leave: its authority ends at once, its open signals end or go on with an heir.

Source: domain.md ONB-12.
"""

from __future__ import annotations

from uuid import UUID

from hub.audit.service import record
from hub.onboarding import events, store
from hub.onboarding.errors import HeirInvalidError
from hub.onboarding.models import DossierRow
from hub.onboarding.values import Ending, Leaving
from hub.partners import administration, staffing
from hub.partners.policy import holds, require_operator
from hub.partners.service import Partner, StaffRole, find_partners, find_staff, get_partner
from hub.signals.service import hand_over_open, withdraw_open
from service.clock import dutch_date
from service.work import Work

BATCH = 500


def offboard(work: Work, organisation_id: UUID, leaving: Leaving) -> Partner:
    """End an organisation's authority, that of its staff and its keys; the worker settles its open signals.

    Nothing of it works any longer, in any process within a minute.

    Raises:
        HeirInvalidError: Who goes on is another kind, not live, may not use the same identity schemes, or has
            no such coordinator.
    """
    require_operator(work.caller)
    partner = get_partner(work, organisation_id)
    if partner.state == "ended":
        return partner
    if leaving.ending is Ending.HAND_OVER:
        _require_heir(work, partner, leaving)
    administration.end_organisation(work, partner.id)
    staffing.end_all_staff(work, partner.id)
    row = store.get_row(work.session, partner.id)
    row.ending, row.heir_id, row.coordinator_id = leaving.ending, leaving.heir_id, leaving.coordinator_id
    work.session.flush()
    record(work, events.Offboarded(organisation_id=partner.id, detail={"signals": leaving.ending.value}))
    return get_partner(work, organisation_id)


def wind_up(work: Work) -> int:
    """Settle a batch of the open signals of each organisation that left; returns how many."""
    return sum(_wind_up(work, row) for row in store.list_unwound(work.session))


def _wind_up(work: Work, row: DossierRow) -> int:
    if row.ending == Ending.HAND_OVER and row.heir_id is not None and row.coordinator_id is not None:
        done = hand_over_open(
            work, row.organisation_id, to=row.heir_id, reporter_id=row.coordinator_id, limit=BATCH
        )
    else:
        done = withdraw_open(work, row.organisation_id, limit=BATCH)
    if done:
        detail: dict[str, str | int] = {"signals": done, "how": row.ending or ""}
        record(work, events.SignalsWoundUp(organisation_id=row.organisation_id, detail=detail))
    if done < BATCH:
        row.wound_up_at = work.now
    work.session.flush()
    return done


def _require_heir(work: Work, partner: Partner, leaving: Leaving) -> None:
    """Require that an heir may have had these signals itself: it learns of each person in them."""
    heir = find_partners(work, [leaving.heir_id]).get(leaving.heir_id) if leaving.heir_id else None
    if heir is None or heir.id == partner.id or heir.state != "active" or heir.kind != partner.kind:
        raise HeirInvalidError(places=("/heir",))
    if not partner.schemes <= heir.schemes:
        raise HeirInvalidError(places=("/heir",))
    staff = find_staff(work, [leaving.coordinator_id]) if leaving.coordinator_id else {}
    one = staff.get(leaving.coordinator_id) if leaving.coordinator_id else None
    may = {StaffRole.PARTNER_COORDINATOR, StaffRole.REPORTER, StaffRole.CASEMANAGER}
    if one is None or one.organisation_id != heir.id or not holds(one, may, dutch_date(work.now)):
        raise HeirInvalidError(places=("/coordinator",))
