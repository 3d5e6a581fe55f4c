"""Give roles to staff for a period and end them: who has which role since when, given by whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hub.audit.service import record
from hub.partners import events, store
from hub.partners.errors import GrantMissingError, StaffMissingError
from hub.partners.models import StaffRoleRow
from hub.partners.policy import covers, require_grant, require_granter, require_operator
from hub.partners.service import find_staff, get_partner
from hub.partners.values import Grant, Granted, HeldRole, Staff, StaffRole
from service.clock import dutch_date
from service.work import Work


def grant_role(work: Work, grant: Grant) -> Staff:
    """Let a member of staff act in one more role, from a day on; two that may not meet are refused.

    Raises:
        RoleNotAllowedError: The one who decided it may not, or would give a role to themselves.
        RolesConflictError: The role may not be held beside one that is held on one of these days.
        GrantInvalidError: The days are wrong, or the role is held already.

    Source:
        domain.md 5.5, AUD-11.
    """
    require_operator(work.caller)
    today = dutch_date(work.now)
    store.lock_staff(work, grant.staff_id)
    staff = _get_staff(work, grant.staff_id)
    if grant.granted_by is not None:
        require_granter(find_staff(work, [grant.granted_by]).get(grant.granted_by), staff, today)
    new = HeldRole(grant.role, grant.since or today, grant.until)
    require_grant(new, staff, get_partner(work, staff.organisation_id))
    row = StaffRoleRow(
        staff_id=staff.id,
        role=new.role,
        since_on=new.since,
        until_on=new.until,
        granted_at=work.now,
        granted_by=grant.granted_by,
    )
    work.session.merge(row)  # one that was over on the day it began is begun anew
    work.session.flush()
    record(work, events.RoleGranted.of(staff.organisation_id, grant=grant, since=new.since))
    return _get_staff(work, staff.id)


def end_role(work: Work, staff_id: UUID, role: StaffRole, *, on: date | None = None) -> Staff:
    """Let a role be over from a day on, today by default.

    Raises:
        GrantMissingError: The role is not held on that day.
    """
    require_operator(work.caller)
    store.lock_staff(work, staff_id)
    staff, day = _get_staff(work, staff_id), on or dutch_date(work.now)
    held = next((held for held in staff.roles if held.role is role and covers(held, day)), None)
    if held is None:
        raise GrantMissingError
    store.end_role(work, held, staff_id=staff_id, on=day)
    record(work, events.RoleEnded.of(staff.organisation_id, staff_id=staff_id, role=role, on=day))
    return _get_staff(work, staff_id)


def list_roles(work: Work, organisation_id: UUID | None = None) -> list[Granted]:
    """Return who had which role since when, given by whom. Source: domain.md AUD-11."""
    require_operator(work.caller)
    return store.list_granted(work, organisation_id)


def _get_staff(work: Work, staff_id: UUID) -> Staff:
    staff = find_staff(work, [staff_id]).get(staff_id)
    if staff is None:
        raise StaffMissingError
    return staff
