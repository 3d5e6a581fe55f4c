"""Every query on teams and on who works in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Row, Table, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.teams.models import (
    AbsenceRow,
    LocationCoordinatorRow,
    PostRow,
    ProfileRow,
    SchoolContactRow,
    TeamRow,
)
from hub.teams.values import Absence, EmployerKind, Expertise, Post, Profile, SchoolContact, Team, TeamKind
from service.bulk import insert_into, select_those
from service.remembering import each_once, once, watch

watch(*(row.__tablename__ for row in (TeamRow, PostRow, ProfileRow, AbsenceRow)))
_TEAM: Table = TeamRow.__table__  # type: ignore[assignment]
_PROFILE: Table = ProfileRow.__table__  # type: ignore[assignment]
_ABSENCE: Table = AbsenceRow.__table__  # type: ignore[assignment]
_TEAMS = select(_TEAM)
_ON = bindparam("on", type_=Date())
_PROFILES = select(_PROFILE).where(_PROFILE.c.since_on <= _ON).order_by(_PROFILE.c.since_on)
_ABSENCES = (
    select(_ABSENCE)
    .where(_ABSENCE.c.since_on <= _ON, _ABSENCE.c.until_on.is_(None) | (_ABSENCE.c.until_on > _ON))
    .order_by(_ABSENCE.c.until_on)
)


def find_teams(session: Session, ids: Collection[UUID]) -> dict[UUID, Team]:
    """Read teams by id."""

    def ask(unknown: Collection[UUID]) -> dict[UUID, Team]:
        return {row.id: _team(row) for row in select_those(session, _TEAMS, _TEAM.c.id, list(unknown))}

    return each_once(session, "teams", ids, ask)


def list_teams(session: Session, organisation_id: UUID | None = None) -> list[Team]:
    """Read the teams of an organisation, or all of them, in order of id."""

    def ask() -> tuple[Team, ...]:
        query = select(_TEAM).order_by(_TEAM.c.id)
        if organisation_id is not None:
            query = query.where(_TEAM.c.organisation_id == organisation_id)
        return tuple(_team(row) for row in session.execute(query))

    return list(once(session, ("teams_of", organisation_id), ask))


def find_intake_team(session: Session) -> UUID | None:
    """Find the team that takes the intake."""

    def ask() -> UUID | None:
        return session.scalars(select(TeamRow.id).where(TeamRow.takes_intake)).one_or_none()

    return once(session, "intake_team", ask)


def put_team(session: Session, values: dict[str, Any]) -> None:
    """Lay out a team unless it is there."""
    session.execute(insert_into(session, _TEAM).values(**values).on_conflict_do_nothing())


def team_values(team: Team) -> dict[str, Any]:
    """Return what the row of a team says; a new one does not take the intake."""
    values = {name: getattr(team, name) for name in Team.__slots__}
    written = {"kind": team.kind.value, "employers": " ".join(sorted(team.employers)), "takes_intake": False}
    return {**values, **written, "opened_on": team.opened_on or date(1970, 1, 1)}


def set_people(
    session: Session, team_id: UUID, *, separation: bool, employers: Collection[EmployerKind]
) -> None:
    """Write who may be casemanager in a team."""
    said = {"provider_separation": separation, "employers": " ".join(sorted(employers))}
    session.execute(update(_TEAM).where(_TEAM.c.id == team_id).values(**said))


def set_intake_team(session: Session, team_id: UUID) -> None:
    """Let this team, and no other, take the intake."""
    session.execute(update(_TEAM).where(_TEAM.c.takes_intake).values(takes_intake=False))
    session.execute(update(_TEAM).where(_TEAM.c.id == team_id).values(takes_intake=True))


def close_team(session: Session, team_id: UUID, *, successor_id: UUID, on: date) -> None:
    """Let a team be over on a day, and another one go on; the intake goes with it."""
    ended = update(_TEAM).where(_TEAM.c.id == team_id)
    session.execute(ended.values(closed_on=on, successor_id=successor_id))


def list_posts(
    session: Session, *, on: date | None = None, teams: Collection[UUID] = (), staff: Collection[UUID] = ()
) -> list[Post]:
    """Read posts in these teams or of these members, those of one day or all of them."""

    def ask() -> tuple[Post, ...]:
        query = select(PostRow).where(PostRow.team_id.in_(teams) | PostRow.staff_id.in_(staff))
        if on is not None:
            query = query.where(_covers(PostRow.since_on, PostRow.until_on, on))
        return tuple(_post(row) for row in session.scalars(query.order_by(PostRow.id)))

    if not teams and not staff:
        return []
    return list(once(session, ("posts", on, frozenset(teams), frozenset(staff)), ask))


def find_post(session: Session, post_id: UUID) -> PostRow | None:
    """Read one post and hold it."""
    return session.get(PostRow, post_id, with_for_update=True)


def list_profiles(session: Session, staff: Collection[UUID], *, on: date) -> dict[UUID, Profile]:
    """Read what is known of members of staff on a day: the latest row that began."""

    def ask() -> dict[UUID, Profile]:
        rows = select_those(session, _PROFILES, _PROFILE.c.staff_id, list(staff), on=on)
        return {row.staff_id: _profile(row) for row in rows}

    if not staff:
        return {}
    return dict(once(session, ("profiles", on, frozenset(staff)), ask))


def list_absences(session: Session, staff: Collection[UUID], *, on: date) -> dict[UUID, Absence]:
    """Read who is not at work on a day; of two absences, the one that lasts longest."""

    def ask() -> dict[UUID, Absence]:
        rows = select_those(session, _ABSENCES, _ABSENCE.c.staff_id, list(staff), on=on)
        return {row.staff_id: _absence(row) for row in rows}

    if not staff:
        return {}
    return dict(once(session, ("absences", on, frozenset(staff)), ask))


def list_all_absences(session: Session, staff: Collection[UUID]) -> list[Absence]:
    """Read every absence of these members that is kept, in order of days."""
    query = select(AbsenceRow).where(AbsenceRow.staff_id.in_(staff)).order_by(AbsenceRow.since_on)
    return [_absence(row) for row in session.scalars(query)] if staff else []


def list_contacts(session: Session, organisation_id: UUID, location: str) -> list[SchoolContact]:
    """Read who was the fixed contact of a location, in order of days."""
    query = select(SchoolContactRow).where(
        SchoolContactRow.organisation_id == organisation_id, SchoolContactRow.location == location
    )
    return [_contact(row) for row in session.scalars(query.order_by(SchoolContactRow.since_on))]


def list_contacts_on(session: Session, *, on: date) -> list[SchoolContact]:
    """Read the fixed contacts of all locations on a day."""
    query = select(SchoolContactRow).where(_covers(SchoolContactRow.since_on, SchoolContactRow.until_on, on))
    return [_contact(row) for row in session.scalars(query)]


def list_coordinators(
    session: Session, organisation_ids: Collection[UUID], *, on: date
) -> dict[tuple[UUID, str], list[UUID]]:
    """Read who coordinates support at the locations of schools on a day."""
    row = LocationCoordinatorRow
    covers = _covers(row.since_on, row.until_on, on)
    query = select(row).where(row.organisation_id.in_(organisation_ids), covers)
    found: dict[tuple[UUID, str], list[UUID]] = {}
    for one in session.scalars(query.order_by(row.staff_id)):
        found.setdefault((one.organisation_id, one.location), []).append(one.staff_id)
    return found


def _covers(
    since: InstrumentedAttribute[date], until: InstrumentedAttribute[Any], on: date
) -> ColumnElement[bool]:
    return (since <= on) & (until.is_(None) | (until > on))


def _team(row: Row[Any]) -> Team:
    return Team(
        id=row.id,
        organisation_id=row.organisation_id,
        kind=TeamKind(row.kind),
        whole=row.whole,
        municipality=row.municipality,
        provider_separation=row.provider_separation,
        employers=frozenset(EmployerKind(code) for code in row.employers.split()),
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        successor_id=row.successor_id,
        desk=row.desk,
    )


def _post(row: PostRow) -> Post:
    return Post(id=row.id, team_id=row.team_id, staff_id=row.staff_id, since=row.since_on, until=row.until_on)


def _profile(row: Row[Any]) -> Profile:
    return Profile(
        employer=EmployerKind(row.employer),
        expertise=frozenset(Expertise(code) for code in row.expertise.split()),
        generalist=row.generalist,
    )


def _absence(row: AbsenceRow | Row[Any]) -> Absence:
    return Absence(id=row.id, staff_id=row.staff_id, since=row.since_on, until=row.until_on, cover=row.cover)


def _contact(row: SchoolContactRow) -> SchoolContact:
    return SchoolContact(
        organisation_id=row.organisation_id,
        location=row.location,
        team_id=row.team_id,
        staff_id=row.staff_id,
        since=row.since_on,
        until=row.until_on,
    )
