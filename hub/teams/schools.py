"""A school's location, its own coordinators, and its one fixed face in a team: who knows whom, and no more.

Source: domain.md ROU-04, row 14.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.audit.service import record
from hub.partners.service import StaffRole, find_staff, get_own_partner, get_partner, require_role
from hub.teams import events, store
from hub.teams.administration import LOCATION
from hub.teams.errors import PostInvalidError, TeamNotConfigurableError
from hub.teams.models import LocationCoordinatorRow
from hub.teams.service import TEAM_ROLES
from service.clock import dutch_date
from service.work import Role, Work

SCHOOL_ROLES = (StaffRole.REPORTER, StaffRole.PARTNER_COORDINATOR)


@dataclass(frozen=True, slots=True)
class KnownLocation:
    """A location as its own staff, or its fixed face, see it.

    Attributes:
        face: how to reach the team's fixed face there; None while nobody is named.
        coordinators: how to reach those who coordinate support there, in the school's words.
    """

    organisation_id: UUID
    location: str
    face: str | None
    coordinators: tuple[str, ...]


def name_coordinator(
    work: Work,
    organisation_id: UUID,
    location: str,
    staff_id: UUID,
    *,
    since: date | None = None,
    until: date | None = None,
) -> None:
    """Let a member of a school's staff coordinate support at a location, beside others if there are.

    Raises:
        PostInvalidError: They are not of the school, the location is no label, or the period is none.
    """
    if work.caller.role is not Role.OPERATOR:
        raise TeamNotConfigurableError
    get_partner(work, organisation_id)
    staff, begins = find_staff(work, [staff_id]).get(staff_id), since or dutch_date(work.now)
    if staff is None or staff.organisation_id != organisation_id or not LOCATION.fullmatch(location):
        raise PostInvalidError(places=("/staffId",))
    if until is not None and until <= begins:
        raise PostInvalidError(places=("/until",))
    row = LocationCoordinatorRow(
        organisation_id=organisation_id, location=location, staff_id=staff_id, since_on=begins, until_on=until
    )
    work.session.merge(row)
    work.session.flush()
    detail = {"staff": str(staff_id), "since": begins.isoformat()}
    record(work, events.CoordinatorNamed(organisation_id=organisation_id, detail=detail))


def list_locations(work: Work) -> list[KnownLocation]:
    """List the locations of the caller's school, or those of which the caller is the fixed face.

    Raises:
        RoleNotAllowedError: The caller is neither of a school nor of a team.
    """
    staff = require_role(work, *SCHOOL_ROLES, *TEAM_ROLES)
    on, own = dutch_date(work.now), get_own_partner(work)
    faces = {
        (one.organisation_id, one.location): one.staff_id
        for one in store.list_contacts_on(work.session, on=on)
        if (one.staff_id == staff.id if own.may_receive else one.organisation_id == own.id)
    }
    schools = {school for school, _ in faces} if own.may_receive else {own.id}
    coordinators = store.list_coordinators(work.session, schools, on=on)
    places = sorted(faces if own.may_receive else faces.keys() | coordinators.keys())
    record(work, events.LocationsListed(organisation_id=own.id, detail={"count": len(places)}))
    people = {*faces.values(), *(id_ for ids in coordinators.values() for id_ in ids)}
    labels = {id_: one.contact_label for id_, one in find_staff(work, people).items()}
    return [_location(place, faces.get(place), coordinators.get(place, []), labels) for place in places]


def _location(
    place: tuple[UUID, str],
    face: UUID | None,
    coordinators: Iterable[UUID],
    labels: Mapping[UUID, str | None],
) -> KnownLocation:
    known = sorted(label for id_ in coordinators if (label := labels.get(id_)))
    return KnownLocation(place[0], place[1], labels.get(face) if face else None, tuple(known))
