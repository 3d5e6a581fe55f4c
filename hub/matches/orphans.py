"""What has no owner: ids, dates and states, for whoever watches over the follow-up and sees nothing else.

Source: domain.md ROU-02 (the watcher checks only that parties meet), ROU-13.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from hub.audit.service import record
from hub.matches import store
from hub.matches.agreed import AgreedTerms, read_terms
from hub.matches.events import FollowUpsListed
from hub.matches.leave import InHand, Leave, read_leaves, stays
from hub.matches.standing import Standing, list_standing
from hub.matches.viewers import SeenOn, note_viewer
from hub.notices.terms import DEFAULT, Terms, began_before
from hub.partners.service import StaffRole, require_role
from hub.teams.roster import Roster, read_roster
from hub.teams.service import find_own_team_ids, find_team_ids_of
from service.work import Role, Work

WATCHERS = (StaffRole.PROCESS_DIRECTOR, StaffRole.MUNICIPAL_COORDINATOR)
LATE = frozenset({"no_owner", "owner_not_able", "waits_too_long"})
MOST = 200  # matches that a figure or a lead's list is of, so that a page stays quick
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
    return _show(work, _read_own(work), terms)


def page_follow_ups(
    work: Work, *, cursor: UUID | None, page_size: int, terms: Terms = DEFAULT
) -> tuple[list[Followed], UUID | None]:
    """List a page of them, as `list_follow_ups` does, with the cursor of the next page."""
    rows = _read_own(work, after=cursor, limit=page_size + 1)
    shown = _show(work, rows[:page_size], terms)
    return shown, shown[-1].match_id if len(rows) > page_size else None


def count_states(work: Work, *, terms: Terms = DEFAULT, at_most: int = MOST) -> Counter[str]:
    """Count how far the matches of the caller's organisation are: of at most so many that wait longest."""
    rows = _read_own(work, limit=at_most)
    around = _read_around(work, rows, terms)
    return Counter(_followed(work, row, around).state for row in rows)


def list_team_follow_ups(work: Work, *, terms: Terms = DEFAULT) -> list[Followed]:
    """List how far the open matches of the caller's own teams are: at most `MOST`, as `page_team` does."""
    return page_team(work, terms=terms, size=MOST)[0]


def page_team(work: Work, *, terms: Terms = DEFAULT, size: int) -> tuple[list[Followed], int]:
    """List how far the open matches of the caller's own teams are, who has each, and which are late.

    Returns:
        So many of the `MOST` that wait longest, what is late on top; and how many come after these.

    Source:
        domain.md 5.5 (the team lead assigns and watches over terms).
    """
    staff = require_role(work, StaffRole.TEAM_LEAD)
    own = list_standing(work.session, teams=find_own_team_ids(work), limit=MOST)
    around = _read_around(work, own, terms)
    found = [_with_owner(work, row, _followed(work, row, around), around) for row in own]
    shown = sorted(found, key=lambda one: (not one.late, one.opened_at))[:size]
    record(work, FollowUpsListed(organisation_id=staff.organisation_id, detail={"count": len(shown)}))
    note_viewer(work, staff, {one.match_id for one in shown}, SeenOn.FOLLOW_UPS)
    items = store.find_items(work.session, [one.match_id for one in shown])
    numbered = [replace(one, number=items.get(one.match_id, one.match_id)) for one in shown]
    return numbered, len(found) - len(shown)


def list_orphans(work: Work, *, terms: Terms = DEFAULT) -> list[Followed]:
    """List the open matches that nobody owns who may: empty, unless a team has nobody left.

    For the operator all of them; for a watcher those of the own organisation.
    """
    if work.caller.role in {Role.OPERATOR, Role.SYSTEM}:
        rows = list_standing(work.session)
        around = _read_around(work, rows, terms)
        record(work, FollowUpsListed(detail={"count": len(rows)}))
        found = [_followed(work, row, around) for row in rows]
    else:
        found = list_follow_ups(work, terms=terms)
    return [one for one in found if one.state in LATE]


def _read_own(work: Work, *, after: UUID | None = None, limit: int | None = None) -> list[Standing]:
    """Read those of the organisation of a watcher."""
    own = require_role(work, *WATCHERS).organisation_id
    return list_standing(work.session, teams=find_team_ids_of(work, own), after=after, limit=limit)


def _show(work: Work, rows: Sequence[Standing], terms: Terms) -> list[Followed]:
    staff = require_role(work, *WATCHERS)
    record(work, FollowUpsListed(organisation_id=staff.organisation_id, detail={"count": len(rows)}))
    note_viewer(work, staff, {one.match_id for one in rows}, SeenOn.FOLLOW_UPS)
    around = _read_around(work, rows, terms)
    return [_followed(work, row, around) for row in rows]


@dataclass(frozen=True, slots=True)
class _Around:
    """What else says how far matches are: who can work on them, who is away for how long, and the terms."""

    roster: Roster
    leaves: Mapping[UUID, Leave]
    agreed: AgreedTerms


def _read_around(work: Work, rows: Sequence[Standing], terms: Terms) -> _Around:
    roster = read_roster(work, {one.team_id for one in rows if one.team_id})
    owned = {(one.team_id, one.staff_id) for one in rows if one.team_id and one.staff_id}
    return _Around(roster, read_leaves(work, roster, owned), read_terms(work, terms))


def _followed(work: Work, row: Standing, around: _Around) -> Followed:
    state = _state(work, row, around)
    return Followed(row.match_id, row.opened_at or row.created_at, state)


def _with_owner(work: Work, row: Standing, found: Followed, around: _Around) -> Followed:
    over = began_before(work.now, working_days=around.agreed.of(row.team_id).acknowledge)
    late = found.state in LATE or (found.state == "asked" and found.opened_at < over)
    return replace(found, owner=row.staff_id, late=late)


def _state(work: Work, row: Standing, around: _Around) -> str:
    if row.assigned_at is None or row.opened_at is None or row.team_id is None:
        return "no_owner"
    if row.staff_id is None:
        waited = work.now - row.assigned_at
        return "waits_too_long" if waited > around.agreed.of(row.team_id).meeting + GRACE else "in_queue"
    if row.owner_team != row.team_id or not _has_it(row, row.team_id, row.staff_id, around):
        return "owner_not_able"
    return "taken_up" if row.accepted_at else "asked"


def _has_it(row: Standing, team_id: UUID, staff_id: UUID, around: _Around) -> bool:
    """Tell whether the owner works on a match, or is away for so little that it stays with them."""
    if around.roster.is_able(team_id, staff_id):
        return True
    leave, taken = around.leaves.get(staff_id), row.accepted_at is not None
    if leave is None or row.opened_at is None:
        return False
    hand = InHand(row.match_id, row.opened_at, taken, row.spoken, row.clock_at)
    return stays(hand, leave, around.agreed.of(team_id))
