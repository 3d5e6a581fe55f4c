"""What has no owner: ids, dates and states, for whoever watches over the follow-up and sees nothing else.

Source: domain.md ROU-02 (the watcher checks only that parties meet), ROU-13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from hub.audit.service import record
from hub.matches import owners, store
from hub.matches.agreed import AgreedTerms, read_terms
from hub.matches.events import FollowUpsListed
from hub.matches.models import AssignmentRow, FollowUpRow, MatchRow
from hub.matches.viewers import SeenOn, note_viewer
from hub.notices.terms import DEFAULT, Terms, began_before
from hub.partners.service import StaffRole, require_role
from hub.teams.roster import Roster, read_roster
from hub.teams.service import find_own_team_ids
from service.work import Role, Work

WATCHERS = (StaffRole.PROCESS_DIRECTOR, StaffRole.MUNICIPAL_COORDINATOR)
LATE = frozenset({"no_owner", "owner_not_able", "waits_too_long"})
GRACE = timedelta(days=1)  # the worker sweeps more often than this


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a match is: a number, dates and a state, and nothing about the person.

    Attributes:
        owner: who has it or is asked; for who leads the team only.
        number: by which the team's lists name it: of what waits for the team, its item's.
        late: it waits longer than was agreed.
    """

    match_id: UUID
    opened_at: datetime
    state: str
    owner: UUID | None = None
    number: UUID | None = None
    late: bool = False


def list_follow_ups(work: Work, *, terms: Terms = DEFAULT) -> list[Followed]:
    """List how far the open matches of the caller's organisation are, longest waiting first."""
    staff = require_role(work, *WATCHERS)
    rows, roster = _read(work)
    own = [
        row
        for row in rows
        if row[0].team_id and roster.organisation_of(row[0].team_id) == staff.organisation_id
    ]
    detail = {"count": len(own)}
    record(work, FollowUpsListed(organisation_id=staff.organisation_id, detail=detail))
    note_viewer(work, staff, {match.id for match, *_ in own}, SeenOn.FOLLOW_UPS)
    agreed = read_terms(work, terms)
    return [_followed(work, row, roster, agreed) for row in own]


def list_team_follow_ups(work: Work, *, terms: Terms = DEFAULT) -> list[Followed]:
    """List how far the open matches of the caller's own teams are, who has each, and which are late.

    Source:
        domain.md 5.5 (the team lead assigns and watches over terms).
    """
    staff = require_role(work, StaffRole.TEAM_LEAD)
    teams = find_own_team_ids(work)
    rows, roster = _read(work)
    own = [row for row in rows if row[0].team_id in teams]
    record(work, FollowUpsListed(organisation_id=staff.organisation_id, detail={"count": len(own)}))
    note_viewer(work, staff, {match.id for match, *_ in own}, SeenOn.FOLLOW_UPS)
    agreed, items = read_terms(work, terms), store.find_items(work.session, [match.id for match, *_ in own])
    found = [_with_owner(work, row, _followed(work, row, roster, agreed), agreed, items) for row in own]
    return sorted(found, key=lambda one: (not one.late, one.opened_at))


def list_orphans(work: Work, *, terms: Terms = DEFAULT) -> list[Followed]:
    """List the open matches that nobody owns who may: empty, unless a team has nobody left.

    For the operator all of them; for a watcher those of the own organisation.
    """
    if work.caller.role in {Role.OPERATOR, Role.SYSTEM}:
        rows, roster = _read(work)
        record(work, FollowUpsListed(detail={"count": len(rows)}))
        agreed = read_terms(work, terms)
        found = [_followed(work, row, roster, agreed) for row in rows]
    else:
        found = list_follow_ups(work, terms=terms)
    return [one for one in found if one.state in LATE]


Row = tuple[MatchRow, AssignmentRow | None, FollowUpRow | None]


def _read(work: Work) -> tuple[list[Row], Roster]:
    rows = owners.list_open(work.session)
    return rows, read_roster(work, {match.team_id for match, _, _ in rows if match.team_id})


def _followed(work: Work, row: Row, roster: Roster, terms: AgreedTerms) -> Followed:
    match, _, follow_up = row
    opened_at = follow_up.opened_at if follow_up else match.created_at
    return Followed(match.id, opened_at, _state(work, row, roster, terms.of(match.team_id)))


def _with_owner(
    work: Work, row: Row, found: Followed, terms: AgreedTerms, items: Mapping[UUID, UUID]
) -> Followed:
    match, owner, _ = row
    over = began_before(work.now, working_days=terms.of(match.team_id).acknowledge)
    late = found.state in LATE or (found.state == "asked" and found.opened_at < over)
    number = items.get(match.id, match.id)
    return replace(found, owner=owner.staff_id if owner else None, number=number, late=late)


def _state(work: Work, row: Row, roster: Roster, terms: Terms) -> str:
    match, owner, follow_up = row
    if owner is None or follow_up is None or match.team_id is None:
        return "no_owner"
    if owner.staff_id is None:
        waited = work.now - owner.assigned_at
        return "waits_too_long" if waited > terms.meeting + GRACE else "in_queue"
    if owner.team_id != match.team_id or not roster.is_able(match.team_id, owner.staff_id):
        return "owner_not_able"
    return "taken_up" if owner.accepted_at else "asked"
