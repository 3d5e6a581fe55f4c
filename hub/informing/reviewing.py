"""Have every override judged afterwards, and the person told of it unless that endangers somebody."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hub.audit.service import record
from hub.consent.errors import NoticeIncompleteError
from hub.consent.models import OverrideRow
from hub.consent.service import policy_in_force
from hub.informing import events, override_store
from hub.informing.errors import (
    OverrideClosedError,
    OverrideMissingError,
    SecondPersonError,
)
from hub.informing.overriding import PROFESSIONALS, end_overrides, event_of
from hub.informing.values import Override, ReviewOutcome, override_of
from hub.partners.desks import supervised_by
from hub.partners.service import Staff, StaffRole, holds, require_role
from service.clock import dutch_date
from service.work import Work

PAGE = 200


def list_overrides(work: Work) -> list[Override]:
    """List what waits for the caller: for review, or, in a team, for a second person; the oldest first.

    Source:
        CON-11; AUD-05.
    """
    staff, on = require_role(work, StaffRole.PRIVACY_OFFICER, *PROFESSIONALS), dutch_date(work.now)
    if holds(staff, {StaffRole.PRIVACY_OFFICER}, on):
        mine = supervised_by(work, staff.organisation_id)
        rows = override_store.list_unreviewed(work.session, mine, on=on, limit=PAGE)
    else:
        rows = override_store.list_unconfirmed(work.session, staff.organisation_id, at=work.now, limit=PAGE)
    subject = {"overrides": " ".join(str(row.id) for row in rows)}
    record(work, events.OverridesListed(organisation_id=staff.organisation_id, subject=subject))
    return [override_of(row) for row in rows]


def review_override(work: Work, override_id: UUID, *, outcome: ReviewOutcome) -> Override:
    """Judge an override of the own municipality, once; one that was not justified closes at once.

    Raises:
        OverrideMissingError: There is none, or it is another municipality's.
        SecondPersonError: The privacy officer took part in it.
        OverrideClosedError: It was judged before.
    """
    staff = require_role(work, StaffRole.PRIVACY_OFFICER)
    row = _get(work, override_id, staff)
    if staff.id in {row.asked_by, row.confirmed_by}:
        raise SecondPersonError
    if row.reviewed_at is not None:
        raise OverrideClosedError
    row.outcome, row.reviewed_by, row.reviewed_at = outcome.value, staff.id, work.now
    work.session.flush()
    record(work, event_of(events.OverrideReviewed, row, outcome=outcome.value))
    if outcome is not ReviewOutcome.JUSTIFIED and row.ended_at is None:
        end_overrides(work, [row])
    return override_of(row)


def attest_told(work: Work, override_id: UUID, *, given_on: date) -> Override:
    """Record that the person was told of the override.

    Source:
        CON-11; AVG 14(3); TRA-01.
    """
    staff = require_role(work, StaffRole.PRIVACY_OFFICER, *PROFESSIONALS)
    row, on = _get(work, override_id, staff), dutch_date(work.now)
    if row.informed_on is not None and row.informed_on != given_on:
        raise OverrideClosedError
    if not dutch_date(row.asked_at) <= given_on <= on:
        raise NoticeIncompleteError(places=("/givenDate",))
    row.informed_on, row.postponed_until_on = given_on, None
    work.session.flush()
    record(work, event_of(events.OverrideTold, row, outcome="given"))
    return override_of(row)


def postpone_telling(work: Work, override_id: UUID) -> Override:
    """Decide that telling the person would endanger somebody for now; it comes back after two weeks.

    Source:
        CON-11, TRA-04: necessary, proportionate, and decided anew each time.
    """
    staff = require_role(work, StaffRole.PRIVACY_OFFICER)
    row = _get(work, override_id, staff)
    if staff.id in {row.asked_by, row.confirmed_by}:
        raise SecondPersonError
    if row.informed_on is not None:
        raise OverrideClosedError
    days = timedelta(days=policy_in_force(work).notice_terms.extension_days)
    row.postponed_until_on = dutch_date(work.now) + days
    work.session.flush()
    record(work, event_of(events.OverrideTold, row, outcome="endangers"))
    return override_of(row)


def _get(work: Work, override_id: UUID, staff: Staff) -> OverrideRow:
    row = override_store.find_locked(work.session, override_id)
    mine = {staff.organisation_id}
    if holds(staff, {StaffRole.PRIVACY_OFFICER}, dutch_date(work.now)):
        mine |= supervised_by(work, staff.organisation_id)
    if row is None or row.organisation_id not in mine:
        raise OverrideMissingError
    return row
