"""Who works in which team on a day, as the other slices ask it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import Staff, StaffRole, find_staff, list_staff, require_role
from hub.partners.service import holds as holds_role
from hub.teams import store
from hub.teams.errors import TeamMissingError
from hub.teams.policy import is_open, may_carry, may_hear
from hub.teams.values import (
    Absence,
    EmployerKind,
    Expertise,
    Member,
    Post,
    Profile,
    SchoolContact,
    Team,
    TeamKind,
)
from service.clock import dutch_date
from service.work import Work

__all__ = [
    "TEAM_ROLES", "Absence", "EmployerKind", "Expertise", "Member", "Post", "Profile", "SchoolContact",
    "Team", "TeamKind", "eligible_members", "find_home", "find_own_team_ids", "find_school_contact",
    "find_standing", "find_standing_many", "find_team_for", "find_team_ids_of", "get_team", "get_teams",
    "is_open", "list_absences", "list_ended", "list_members", "list_municipalities", "list_open_teams",
    "list_own_teams", "list_posts_of", "list_school_contacts", "may_carry", "may_hear", "require_member",
]  # fmt: skip

TEAM_ROLES = (StaffRole.CASEMANAGER, StaffRole.TEAM_LEAD)
CHAIN = 8  # successors of successors; a ring would otherwise never end


def eligible_members(work: Work, team_id: UUID, *, on: date) -> list[Member]:
    """Return who of a team may be given a match on a day, sorted by id: at work, and allowed to carry one.

    Source:
        domain.md ROU-18 (asked anew each time: who changes employer is judged anew), ROU-03.
    """
    team = get_team(work, team_id)
    members = list_members(work, [team_id], on=on)
    return [member for member in members if not member.absent and may_carry(member, team)]


def list_members(work: Work, team_ids: Collection[UUID], *, on: date) -> list[Member]:
    """Return everybody who works in these teams on a day, the absent too, sorted by team and id.

    Access to a team is this list and nothing else: it ends on the day that a post, a role or an
    authorisation ends.
    """
    open_ = [team for team in _find_teams(work, team_ids).values() if is_open(team, on)]
    posts = store.list_posts(work.session, on=on, teams=[team.id for team in open_ if not team.whole])
    pairs = {(post.team_id, post.staff_id) for post in posts}
    staff = dict(find_staff(work, {staff_id for _, staff_id in pairs}))
    for team in open_:
        if team.whole:
            whole = {one.id: one for one in list_staff(work, team.organisation_id)}
            staff |= whole
            pairs |= {(team.id, staff_id) for staff_id in whole}
    at_work = {pair for pair in pairs if holds_role(staff[pair[1]], TEAM_ROLES, on)}
    return _members(work, at_work, staff, on=on)


def list_absences(work: Work, staff_ids: Collection[UUID]) -> dict[UUID, list[Absence]]:
    """Return when each of these is, was or will be away, as far as it is kept."""
    found: dict[UUID, list[Absence]] = {id_: [] for id_ in staff_ids}
    for one in store.list_all_absences(work.session, found):
        found[one.staff_id].append(one)
    return found


def list_own_teams(work: Work) -> list[Team]:
    """Return the open teams in which the caller works today; none for callers who are no team's member."""
    return _list_teams_of(work, require_role(work, *TEAM_ROLES))


def list_posts_of(work: Work, staff: Staff) -> list[Member]:
    """Return as whom somebody works today, team by team; none for who has no role in a team."""
    teams = [team.id for team in _list_teams_of(work, staff)]
    members = list_members(work, teams, on=dutch_date(work.now))
    return [member for member in members if member.staff_id == staff.id]


def find_own_team_ids(work: Work) -> frozenset[UUID]:
    """Name the open teams in which the caller works today; none for who has no role in a team."""
    try:
        return frozenset(team.id for team in list_own_teams(work))
    except RoleNotAllowedError:
        return frozenset()


def find_team_ids_of(work: Work, organisation_id: UUID) -> frozenset[UUID]:
    """Name the teams of an organisation, those that closed too; it is one itself where it laid out none."""
    teams = store.list_teams(work.session, organisation_id)
    return frozenset(team.id for team in teams) | {organisation_id}


def require_member(work: Work, team_id: UUID, *roles: StaffRole) -> Staff:
    """Require that the caller works in a team today in one of these roles, any of a team's by default.

    Raises:
        RoleNotAllowedError: The caller has none of the roles.
        TeamMissingError: The caller is not of the team; whether it exists is not told.
    """
    staff = require_role(work, *(roles or TEAM_ROLES))
    if team_id not in find_own_team_ids(work):
        raise TeamMissingError
    return staff


def find_home(work: Work, organisation_id: UUID) -> Team | None:
    """Return the team that an organisation is as a whole; None where it laid out teams by posts only."""
    teams = store.list_teams(work.session, organisation_id)
    whole = next((team for team in teams if team.whole), None)
    return whole if whole or teams else Team(id=organisation_id, organisation_id=organisation_id, whole=True)


def get_team(work: Work, team_id: UUID) -> Team:
    """Return a team; an organisation that laid out none is one itself. Raises TeamMissingError."""
    return get_teams(work, [team_id])[team_id]


def get_teams(work: Work, ids: Collection[UUID]) -> dict[UUID, Team]:
    """Return teams by id; see `get_team`."""
    found = _find_teams(work, ids)
    if found.keys() != set(ids):
        raise TeamMissingError
    return found


def find_standing(work: Work, team_id: UUID, *, on: date) -> Team | None:
    """Return the team that goes on with the work of another: itself, or the last of its successors.

    Source:
        domain.md ROU-21.
    """
    return find_standing_many(work, [team_id], on=on).get(team_id)


def find_standing_many(work: Work, ids: Collection[UUID], *, on: date) -> dict[UUID, Team]:
    """Return, for each of these teams whose work somebody goes on with, who does; see `find_standing`."""
    goes_on = {id_: id_ for id_ in ids}
    known: dict[UUID, Team] = {}
    for _ in range(CHAIN + 1):
        known |= _find_teams(work, set(goes_on.values()) - known.keys())
        over = {id_: known[at] for id_, at in goes_on.items() if at in known and not is_open(known[at], on)}
        further = {id_: team.successor_id for id_, team in over.items() if team.successor_id}
        if not further:
            break
        goes_on |= further
    return {id_: known[at] for id_, at in goes_on.items() if at in known and is_open(known[at], on)}


def list_municipalities(work: Work, *, on: date) -> set[str]:
    """Return the municipalities of the teams that are not over on a day."""
    return {one.municipality for one in list_open_teams(work, on=on) if one.municipality is not None}


def list_open_teams(work: Work, *, on: date) -> list[Team]:
    """Return the teams that were laid out and are not over on a day."""
    return [one for one in store.list_teams(work.session) if is_open(one, on)]


def list_ended(work: Work, *, on: date) -> list[Team]:
    """Return the teams that are over on a day."""
    return [team for team in store.list_teams(work.session) if team.closed_on and team.closed_on <= on]


def find_team_for(work: Work) -> Team | None:
    """Return the team that takes matches without a case, or None while the operator named none."""
    found = store.find_intake_team(work.session)
    return find_standing(work, found, on=dutch_date(work.now)) if found else None


def find_school_contact(
    work: Work, organisation_id: UUID, location: str, *, on: date
) -> SchoolContact | None:
    """Return the fixed face of a school's location on a day. Source: domain.md ROU-04."""
    contacts = store.list_contacts(work.session, organisation_id, location)
    held = (one for one in contacts if one.since <= on and (one.until is None or on < one.until))
    return next(held, None)


def list_school_contacts(work: Work, *, on: date) -> list[SchoolContact]:
    """Return the fixed faces of schools' locations on a day. Source: domain.md ROU-04."""
    return store.list_contacts_on(work.session, on=on)


def _find_teams(work: Work, ids: Collection[UUID]) -> dict[UUID, Team]:
    if not ids:
        return {}
    found = store.find_teams(work.session, ids)
    homes = (find_home(work, id_) for id_ in set(ids) - found.keys())
    return found | {home.id: home for home in homes if home is not None and home.id in ids}


def _list_teams_of(work: Work, staff: Staff) -> list[Team]:
    on = dutch_date(work.now)
    posts = store.list_posts(work.session, on=on, staff=[staff.id])
    teams = store.find_teams(work.session, {post.team_id for post in posts})
    home = find_home(work, staff.organisation_id)
    if home is not None:
        teams[home.id] = home
    return [team for _, team in sorted(teams.items()) if is_open(team, on)]


def _members(
    work: Work, pairs: Iterable[tuple[UUID, UUID]], staff: dict[UUID, Staff], *, on: date
) -> list[Member]:
    pairs = sorted(pairs)
    ids = {staff_id for _, staff_id in pairs}
    profiles = store.list_profiles(work.session, ids, on=on)
    absences = store.list_absences(work.session, ids, on=on)
    return [
        Member(
            staff_id=staff_id,
            team_id=team_id,
            leads=holds_role(staff[staff_id], [StaffRole.TEAM_LEAD], on),
            profile=profiles.get(staff_id, Profile()),
            absent=staff_id in absences,
            cover=absences[staff_id].cover if staff_id in absences else None,
        )
        for team_id, staff_id in pairs
    ]
