"""Who may call, as the other slices ask it: every function is one query, or two."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from hub.partners import store
from hub.partners.errors import PartnerMissingError, RoleNotAllowedError
from hub.partners.models import USED_ASSERTION
from hub.partners.policy import (
    admits,
    holds,
    require_covenant,
    require_kind,
    require_reporter,
    require_sighted,
    require_staff_role,
    require_token_types,
    require_trained,
    takes_part,
)
from hub.partners.values import Partner, PostingPartner, Staff, StaffRole
from service.clock import dutch_date
from service.oauth.store import delete_expired_assertions
from service.work import Work

__all__ = [
    "Partner",
    "PostingPartner",
    "Staff",
    "StaffRole",
    "admits",
    "delete_used_assertions",
    "find_by_oin",
    "find_partners",
    "find_staff",
    "get_own_partner",
    "get_partner",
    "holds",
    "list_reachable",
    "list_staff",
    "list_taking_part",
    "posting_facts",
    "require_covenant",
    "require_kind",
    "require_reporter",
    "require_role",
    "require_sighted",
    "require_token_types",
    "require_trained",
    "takes_part",
]


def get_partner(work: Work, organisation_id: UUID) -> Partner:
    """Return an organisation; raises PartnerMissingError."""
    partner = store.find_partners(work, [organisation_id]).get(organisation_id)
    if partner is None:
        raise PartnerMissingError
    return partner


def get_own_partner(work: Work) -> Partner:
    """Return the caller's organisation; raises RoleNotAllowedError for callers that have none."""
    if work.caller.organisation_id is None:
        raise RoleNotAllowedError
    return get_partner(work, work.caller.organisation_id)


def find_partners(work: Work, ids: Collection[UUID]) -> dict[UUID, Partner]:
    """Return the organisations there are among these, in one query."""
    return store.find_partners(work, ids)


def find_by_oin(work: Work, oins: Collection[str]) -> dict[str, UUID]:
    """Return the ids of the organisations there are among these, by OIN."""
    return store.find_by_oin(work, oins)


def list_taking_part(work: Work, on: date) -> list[Partner]:
    """Return the organisations that are bound on a day, by name: that is public."""
    found = store.find_partners(work).values()
    return sorted((one for one in found if takes_part(one, on)), key=lambda one: one.name)


def find_staff(work: Work, ids: Collection[UUID]) -> dict[UUID, Staff]:
    """Return the members of staff there are among these, ended ones too, in one query."""
    return store.find_staff(work, ids)


def list_staff(work: Work, organisation_id: UUID, *roles: StaffRole | str) -> list[Staff]:
    """Return an organisation's staff who are active today in one of these roles, in any without, by id."""
    on = dutch_date(work.now)
    wanted = [StaffRole(role) for role in roles or StaffRole]
    staff = store.list_staff(work, organisation_id)
    return [one for one in staff if holds(one, wanted, on)]


def list_reachable(work: Work) -> set[UUID]:
    """Return all staff of today who have a mail address."""
    return store.list_reachable(work, dutch_date(work.now))


def posting_facts(
    work: Work, pairs: Collection[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], PostingPartner]:
    """Return what the gates ask about many senders at once, in one query.

    Args:
        pairs: organisation (as authenticated) and reporter (as the message says).

    Returns:
        A value for each pair whose organisation exists; its reporter is None unless it is of it.
    """
    found = store.find_senders(work, pairs) if pairs else {}
    known = ((pair, found[pair[0]]) for pair in pairs if pair[0] in found)
    return {pair: PostingPartner(partner, staff.get(pair[1])) for pair, (partner, staff) in known}


def require_role(work: Work, *roles: StaffRole | str) -> Staff:
    """Require that the caller is a member of staff in one of these roles today, and return who.

    Raises:
        RoleNotAllowedError: The key is an organisation's, the authorisation is over, or the role is another.
    """
    caller = work.caller
    if caller.staff_id is None:
        raise RoleNotAllowedError
    found = store.find_staff(work, [caller.staff_id]).get(caller.staff_id)
    staff = _at_most(_of_organisation(found, caller.organisation_id), caller.at_most)
    require_staff_role(staff, [StaffRole(role) for role in roles], dutch_date(work.now))
    if staff is None:
        raise RoleNotAllowedError
    return staff


def delete_used_assertions(work: Work) -> int:
    """Forget client assertions that have expired, and count them."""
    return delete_expired_assertions(work, USED_ASSERTION)


def _of_organisation(staff: Staff | None, organisation_id: UUID | None) -> Staff | None:
    return staff if staff is not None and staff.organisation_id == organisation_id else None


def _at_most(staff: Staff | None, allowed: frozenset[str] | None) -> Staff | None:
    """Leave out the roles that whoever vouches for a login does not allow."""
    if staff is None or allowed is None:
        return staff
    return replace(staff, roles=tuple(held for held in staff.roles if held.role in allowed))
