"""Let every open match have an owner who may own it: today, whatever happened to people and teams.

Level-triggered: it looks at what is, not at what changed, so a missed turn is caught up by the next one.

Source: domain.md ROU-03, ROU-05, ROU-10 to ROU-13, ROU-18, ROU-21, ONB-12.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from hub.arrangements.versions import arrangements_in_force
from hub.cases.service import move_cases
from hub.matches import effects, owners, store
from hub.matches.agreed import read_terms
from hub.matches.leading import sweep_households
from hub.matches.leave import Leave, read_leaves, stays
from hub.matches.models import AssignmentRow, MatchRow
from hub.matches.showing import still_told
from hub.matches.standing import list_in_hand
from hub.matches.states import Because, MatchState
from hub.notices import service as notices
from hub.notices.service import NoticeKind
from hub.notices.terms import DEFAULT, Terms
from hub.teams.roster import Roster, read_roster
from hub.teams.service import find_standing, find_team_for, list_ended
from service.clock import dutch_date
from service.work import Work

BATCH = 500


def sweep_owners(work: Work, *, terms: Terms = DEFAULT) -> int:
    """Move what a closed team has, give on what somebody may not own today, and name who takes what waits.

    Returns:
        How many matches changed hands.
    """
    moved = sum(_succeed(work, team.id, terms) for team in list_ended(work, on=dutch_date(work.now)))
    moved += _take_along(work, terms)
    return moved + _give_on(work, terms) + _name_leads(work, terms) + sweep_households(work, terms=terms)


def _take_along(work: Work, terms: Terms) -> int:
    """Let what nobody took up go along with a person's later matches, where a rule says so. Source: row 7."""
    asking = [one for one in arrangements_in_force(work) if any(rule.takes_along for rule in one.rules)]
    teams = {id_ for one in asking for id_ in one.team_ids}
    waiting = {match.id: match.team_id for match in store.list_untaken(work.session, teams)} if teams else {}
    after = still_told(work, waiting, working_days=terms.acknowledge)
    store.mark_checked(work.session, after, now=work.now)
    return sum(match.team_id != waiting[id_] for id_, match in after.items())


def _succeed(work: Work, team_id: UUID, terms: Terms) -> int:
    """Let a closed team's cases and open matches be its successor's; who may, stays owner. Source: ROU-21."""
    goes_on = find_standing(work, team_id, on=dutch_date(work.now)) or find_team_for(work)
    if goes_on is None:
        return 0
    move_cases(work, team_id, goes_on.id)
    matches = _lock_open(work, owners.list_of_team(work.session, team_id))
    ids = [match.id for match in matches]
    notices.move(work, ids, goes_on.id)
    current = owners.find_current(work.session, ids)
    roster = read_roster(work, [goes_on.id])
    for match in matches:
        match.team_id = goes_on.id
    work.session.flush()
    given = []
    for match in matches:
        owner = current.get(match.id)
        if owner and owner.staff_id and owner.accepted_at and roster.is_able(goes_on.id, owner.staff_id):
            effects.take_over(work, match, owner.staff_id, because=Because.SUCCEEDED)
        else:
            given.append(match)
    _give(work, given, because=Because.SUCCEEDED, terms=terms)
    return len(matches)


def _give_on(work: Work, terms: Terms) -> int:
    """Give what somebody may not own today to their cover, or back to the team.

    Of who is away for a little what is in hand stays, unless it would be late when they are back; else it
    goes to their cover, or to a lead by name.

    Source:
        ROU-03, ROU-10 to ROU-13.
    """
    pairs = owners.list_owner_pairs(work.session)
    roster = read_roster(work, {team for team, _ in pairs})
    unable = sorted(pair for pair in pairs if not roster.is_able(*pair))
    leaves, agreed = read_leaves(work, roster, unable), read_terms(work, terms)
    count = 0
    for team_id, staff_id in unable:
        leave, own = leaves.get(staff_id), agreed.of(team_id)
        owned = list_in_hand(work.session, team_id, staff_id)
        going = [one for one in owned if leave is None or not stays(one, leave, own)]
        found = _lock_owned(work, [one.match_id for one in going])
        # Locked, then looked at again: a colleague may have taken it over in between.
        rows = [(match, one) for match, one in found if (one.team_id, one.staff_id) == (team_id, staff_id)]
        to = {match.id: heir for match, one in rows if (heir := _find_heir(match, one, roster, leaves))}
        _give(work, [match for match, _ in rows], to=to, because=Because.NOT_ABLE, terms=terms)
        count += len(rows)
    return count


def _find_heir(
    match: MatchRow, owner: AssignmentRow, roster: Roster, leaves: Mapping[UUID, Leave]
) -> UUID | None:
    """Return who is asked by name: who stands in, or of what was in hand a lead; else it is the team's."""
    assert owner.staff_id is not None, "what is given on was somebody's"
    carrier = roster.find_carrier(owner.team_id, owner.staff_id)
    if carrier is None and owner.accepted_at and owner.staff_id in leaves:
        return _lead_for(match, roster)
    return carrier


def _name_leads(work: Work, terms: Terms) -> int:
    """Put on a lead's list what waited longer than one meeting. Source: ROU-05."""
    matches: list[MatchRow] = []
    for own, teams in read_terms(work, terms).groups():
        before = work.now - own.meeting
        left = owners.list_left(work.session, before=before, limit=BATCH, **teams)
        # Locked, then looked at again: somebody may have taken it from the queue in between.
        matches += [match for match, owner in _lock_owned(work, left) if _is_left(owner, before)]
    roster = read_roster(work, {match.team_id for match in matches if match.team_id})
    to = {match.id: lead for match in matches if (lead := _lead_for(match, roster))}
    named = [match for match in matches if match.id in to]
    _give(work, named, to=to, because=Because.LEFT, terms=terms, kind=NoticeKind.REMINDER)
    return len(named)


def _is_left(owner: AssignmentRow, before: datetime) -> bool:
    return owner.accepted_at is None and (owner.staff_id is None or owner.assigned_at <= before)


def _lead_for(match: MatchRow, roster: Roster) -> UUID | None:
    """Choose by the match's number: leads of one team share what is left, and every turn chooses the same."""
    if match.team_id is None:
        return None
    members = roster.members[match.team_id].values()
    able = [one for one in members if roster.is_able(one.team_id, one.staff_id)]
    leads = [one for one in able if one.leads] or able
    return leads[match.id.int % len(leads)].staff_id if leads else None


def _lock_open(work: Work, ids: Collection[UUID]) -> list[MatchRow]:
    return [row for row in store.lock_matches(work.session, ids) if row.state == MatchState.OPEN]


def _lock_owned(work: Work, ids: Collection[UUID]) -> list[tuple[MatchRow, AssignmentRow]]:
    matches = _lock_open(work, ids)
    current = owners.find_current(work.session, [match.id for match in matches])
    return [(match, current[match.id]) for match in matches if match.id in current]


def _give(
    work: Work,
    matches: Collection[MatchRow],
    *,
    because: Because,
    terms: Terms,
    to: Mapping[UUID, UUID] | None = None,
    kind: NoticeKind = NoticeKind.INTAKE,
) -> None:
    if matches:
        effects.give_to_team(
            work, list(matches), working_days=terms.acknowledge, because=because, to=to, kind=kind
        )
