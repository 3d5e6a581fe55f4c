"""Lay out teams, posts, profiles, absences and school contacts: gate, act, record."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.partners.service import StaffRole, find_staff, get_partner, require_role
from hub.teams import events, store
from hub.teams.errors import (
    AbsenceInvalidError,
    NotATeamError,
    PostInvalidError,
    PostMissingError,
    PostTakenError,
    SchoolContactTakenError,
    TeamInvalidError,
    TeamNotConfigurableError,
)
from hub.teams.models import AbsenceRow, PostRow, ProfileRow, SchoolContactRow
from hub.teams.policy import is_double, meets
from hub.teams.service import TEAM_ROLES, find_own_team_ids, find_standing, get_team, list_members
from hub.teams.values import Absence, Post, Profile, SchoolContact, Team
from service.clock import dutch_date
from service.work import Role, Work

LONGEST_ABSENCE = timedelta(days=731)  # whoever is away for longer has no post any more
MUNICIPALITY = re.compile(r"[0-9]{4}")  # CBS code
LOCATION = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,80}")


def open_team(work: Work, team: Team) -> Team:
    """Lay out a team of an organisation that receives matches; twice is once.

    Raises:
        NotATeamError: The organisation does not receive matches.
        TeamInvalidError: The municipality is no code of four digits, or a whole team has another id.
    """
    _require_operator(work)
    if not get_partner(work, team.organisation_id).may_receive:
        raise NotATeamError
    if team.municipality is not None and not MUNICIPALITY.fullmatch(team.municipality):
        raise TeamInvalidError(places=("/municipality",))
    if team.desk is not None and not LOCATION.fullmatch(team.desk):
        raise TeamInvalidError(places=("/desk",))
    if team.whole is not (team.id == team.organisation_id):
        raise TeamInvalidError(places=("/id",))
    opened = replace(team, opened_on=team.opened_on or dutch_date(work.now))
    store.put_team(work.session, store.team_values(opened))
    detail = {"team": str(team.id), "kind": team.kind.value, "separation": int(team.provider_separation)}
    record(work, events.TeamOpened(organisation_id=team.organisation_id, detail=detail))
    return get_team(work, team.id)


def set_intake_team(work: Work, team_id: UUID) -> Team:
    """Let one team take every match that has no case; an organisation's id means the organisation as a whole.

    Raises:
        TeamNotConfigurableError: Somebody else than the operator asks.
        NotATeamError: The organisation does not receive matches.
    """
    _require_operator(work)
    team = get_team(work, team_id)
    if not store.find_teams(work.session, [team_id]):
        team = open_team(work, team)
    store.set_intake_team(work.session, team.id)
    record(work, events.IntakeTeamSet(organisation_id=team.organisation_id, detail={"team": str(team.id)}))
    return team


def succeed_team(work: Work, team_id: UUID, *, successor_id: UUID, on: date) -> Team:
    """Let another team go on with the work of one from a day on; its history stays its own.

    Source:
        domain.md ROU-21, row 11.
    """
    _require_operator(work)
    team, successor = get_team(work, team_id), get_team(work, successor_id)
    ring = find_standing(work, successor.id, on=on)
    if ring is None or ring.id == team.id or on < dutch_date(work.now):
        raise TeamInvalidError(places=("/successorId",))
    store.close_team(work.session, team.id, successor_id=successor.id, on=on)
    detail = {"team": str(team.id), "successor": str(successor.id), "on": on.isoformat()}
    record(work, events.TeamSucceeded(organisation_id=team.organisation_id, detail=detail))
    return get_team(work, team.id)


def give_post(
    work: Work, team_id: UUID, staff_id: UUID, *, since: date | None = None, until: date | None = None
) -> Post:
    """Let a member of staff work in a team of their organisation for a period.

    Raises:
        PostInvalidError: The period is none, or the team is of another organisation or as a whole one.
        PostTakenError: They work for this municipality already in this period.
    """
    _require_operator(work)
    team, staff = get_team(work, team_id), find_staff(work, [staff_id]).get(staff_id)
    begins = since or dutch_date(work.now)
    if team.whole or staff is None or staff.organisation_id != team.organisation_id:
        raise PostInvalidError(places=("/staffId",))
    if until is not None and until <= begins:
        raise PostInvalidError(places=("/until",))
    post = Post(id=uuid4(), team_id=team_id, staff_id=staff_id, since=begins, until=until)
    held = [one for one in store.list_posts(work.session, staff=[staff_id]) if one.until != one.since]
    teams = store.find_teams(work.session, {one.team_id for one in held})
    if is_double(post, team, ((one, teams[one.team_id]) for one in held)):
        raise PostTakenError
    row = PostRow(id=post.id, team_id=team_id, staff_id=staff_id, since_on=begins, until_on=until)
    work.session.add(row)
    work.session.flush()
    record(work, events.PostGiven(organisation_id=team.organisation_id, detail=_post_detail(post)))
    return post


def end_post(work: Work, post_id: UUID, *, on: date | None = None) -> Post:
    """End a post from a day on, today by default; access to the team's matches ends on that day."""
    _require_operator(work)
    row = store.find_post(work.session, post_id)
    if row is None:
        raise PostMissingError
    row.until_on = max(on or dutch_date(work.now), row.since_on)
    work.session.flush()
    post = Post(id=row.id, team_id=row.team_id, staff_id=row.staff_id, since=row.since_on, until=row.until_on)
    team = get_team(work, post.team_id)
    record(work, events.PostEnded(organisation_id=team.organisation_id, detail=_post_detail(post)))
    return post


def set_profile(work: Work, staff_id: UUID, profile: Profile, *, since: date | None = None) -> None:
    """Say what is known of a member of staff from a day on; what was known before stays for the days before.

    Source:
        domain.md row 12 (c): who changes employer is judged anew.
    """
    _require_operator(work)
    staff = find_staff(work, [staff_id]).get(staff_id)
    if staff is None:
        raise PostInvalidError(places=("/staffId",))
    row = ProfileRow(
        staff_id=staff_id,
        since_on=since or dutch_date(work.now),
        employer=profile.employer.value,
        expertise=" ".join(sorted(profile.expertise)),
        generalist=profile.generalist,
    )
    work.session.merge(row)
    work.session.flush()
    detail = {"staff": str(staff_id), "employer": profile.employer.value, "since": row.since_on.isoformat()}
    record(work, events.ProfileSet(organisation_id=staff.organisation_id, detail=detail))


def record_absence(
    work: Work, *, since: date, until: date, cover: UUID | None = None, staff_id: UUID | None = None
) -> Absence:
    """Record that somebody is not at work, never why: oneself, or a colleague by their team lead.

    Args:
        until: the first day back.
        cover: a colleague of the same team; without one, what comes in goes to the team. What is in hand
            stays, where it is not late when they are back.

    Raises:
        AbsenceInvalidError: It is over before it begins, or longer than two years, or cover and absent are no
            colleagues.

    Source:
        domain.md ROU-03.
    """
    caller = require_role(work, *TEAM_ROLES)
    absent = staff_id or caller.id
    today = dutch_date(work.now)
    if until <= max(since, today) or until - since > LONGEST_ABSENCE or cover == absent:
        raise AbsenceInvalidError(places=("/untilDate",))
    colleagues = {one.staff_id for one in list_members(work, find_own_team_ids(work), on=today)}
    if not {absent, cover or absent} <= colleagues:
        raise AbsenceInvalidError(places=("/cover",))
    if absent != caller.id:
        require_role(work, StaffRole.TEAM_LEAD)
    row = AbsenceRow(id=uuid4(), staff_id=absent, since_on=since, until_on=until, cover=cover)
    work.session.add(row)
    work.session.flush()
    detail = {"staff": str(absent), "since": since.isoformat(), "until": until.isoformat()}
    detail |= {"cover": str(cover)} if cover else {}
    record(work, events.AbsenceRecorded(organisation_id=caller.organisation_id, detail=detail))
    return Absence(id=row.id, staff_id=absent, since=since, until=until, cover=cover)


def name_school_contact(work: Work, contact: SchoolContact) -> None:
    """Give a school's location its one fixed face in a team. Source: domain.md ROU-04.

    Raises:
        SchoolContactTakenError: The location has one already on one of these days.
        PostInvalidError: They do not work in the team, or the location is no label.
    """
    _require_operator(work)
    get_partner(work, contact.organisation_id)
    staff = {one.staff_id for one in list_members(work, [contact.team_id], on=dutch_date(work.now))}
    if contact.staff_id not in staff or not LOCATION.fullmatch(contact.location):
        raise PostInvalidError(places=("/staffId",))
    if contact.until is not None and contact.until <= contact.since:
        raise PostInvalidError(places=("/until",))
    held = store.list_contacts(work.session, contact.organisation_id, contact.location)
    if any(meets((one.since, one.until), (contact.since, contact.until)) for one in held):
        raise SchoolContactTakenError
    row = SchoolContactRow(
        organisation_id=contact.organisation_id,
        location=contact.location,
        since_on=contact.since,
        until_on=contact.until,
        team_id=contact.team_id,
        staff_id=contact.staff_id,
    )
    work.session.add(row)
    work.session.flush()
    detail = {"staff": str(contact.staff_id), "team": str(contact.team_id)}
    record(work, events.SchoolContactNamed(organisation_id=contact.organisation_id, detail=detail))


def _require_operator(work: Work) -> None:
    if work.caller.role is not Role.OPERATOR:
        raise TeamNotConfigurableError


def _post_detail(post: Post) -> dict[str, str]:
    until = post.until.isoformat() if post.until else ""
    return {
        "staff": str(post.staff_id),
        "team": str(post.team_id),
        "since": post.since.isoformat(),
        "until": until,
    }
