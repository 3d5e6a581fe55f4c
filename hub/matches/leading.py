"""One lead for each household: named at its start meeting, handed over by asking, never doubled.

Source: domain.md row 13, ROU-08 to ROU-11, ROU-22.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.audit.service import record
from hub.matches import events, homes, owners
from hub.matches.agreed import queue, read_controllers, read_terms
from hub.matches.errors import HouseholdLedError, HouseholdMissingError, NotEligibleError
from hub.matches.gathering import gather, tell_lead
from hub.matches.leave import read_leaves
from hub.matches.models import HouseholdLeadRow, HouseholdRow, MatchRow
from hub.matches.states import HandOverState
from hub.notices.service import NewNotice, NoticeKind, close_for_matches
from hub.notices.terms import DEFAULT, Terms, began_before
from hub.partners.service import Staff, StaffRole, holds, list_staff, require_role
from hub.signals.service import get_signals
from hub.teams.roster import read_roster
from hub.teams.service import TEAM_ROLES, Team, find_own_team_ids, get_teams
from service.clock import dutch_date
from service.work import Work

NAMING = (StaffRole.TEAM_LEAD, StaffRole.PROCESS_DIRECTOR)


@dataclass(frozen=True, slots=True)
class Household:
    """A household as those see it who have part in it: numbers, dates and counts, and nobody's name.

    Attributes:
        lead: who leads for it; None while nobody does.
        own: the matches of it that are the caller's.
        partners: how many organisations met somebody of it. Source: ROU-22.
        teams: those that have its matches.
        asked: whether the lead asks the caller to lead from now on.
    """

    id: UUID
    since: datetime
    lead: UUID | None
    own: tuple[UUID, ...]
    matches: int
    partners: int
    teams: frozenset[UUID]
    asked: bool


def list_households(work: Work) -> list[Household]:
    """List the households that the caller leads or is asked to, owns a match of, or names the lead of."""
    staff = require_role(work, *TEAM_ROLES, StaffRole.PROCESS_DIRECTOR)
    rows = {row.id: row for row in homes.list_households(work.session)}
    matches, leads = homes.list_matches(work.session, rows), homes.find_leads(work.session, rows)
    named = _named_by(work, staff, matches)
    current = owners.find_current(work.session, {one.id for found in matches.values() for one in found})
    mine = {
        match_id for match_id, owner in current.items() if owner.staff_id == staff.id and owner.accepted_at
    }
    found = [
        _household(work, row, matches[row.id], leads.get(row.id), mine, caller=staff.id)
        for row in rows.values()
        if row.id in named
        or mine & {one.id for one in matches[row.id]}
        or (row.id in leads and staff.id in {leads[row.id].staff_id, leads[row.id].offered_to})
    ]
    record(work, events.HouseholdsListed(organisation_id=staff.organisation_id, detail={"count": len(found)}))
    return found


def name_lead(work: Work, household_id: UUID, staff_id: UUID, *, terms: Terms = DEFAULT) -> None:
    """Have somebody lead for a household, as its start meeting decided: exactly one.

    Raises:
        HouseholdMissingError: No match of it is of the caller's team or organisation.
        HouseholdLedError: Somebody leads for it already: they hand it over, nobody takes it.
        NotEligibleError: The one named may carry no match of its teams today.
    """
    staff = require_role(work, *NAMING)
    household, matches = _require(work, household_id)
    if household_id not in _named_by(work, staff, {household_id: matches}):
        raise HouseholdMissingError
    if homes.find_leads(work.session, [household_id]):
        raise HouseholdLedError
    lead = _begin(work, household, matches, staff_id)
    record(work, _event(events.LeadNamed, staff, matches, household_id, to=staff_id))
    _ask(work, matches[0], lead.staff_id, lead.team_id, terms=terms)
    tell_lead(work, lead, matches, terms=terms)


def offer_lead(work: Work, household_id: UUID, colleague: UUID, *, terms: Terms = DEFAULT) -> None:
    """Ask a colleague to lead for a household; the caller leads until they accept.

    Raises:
        HouseholdMissingError: The caller does not lead for it.
        NotEligibleError: The colleague may carry no match of its teams today.
    """
    staff = require_role(work, *TEAM_ROLES)
    _, matches = _require(work, household_id)
    lead = homes.find_leads(work.session, [household_id]).get(household_id)
    if lead is None or lead.staff_id != staff.id:
        raise HouseholdMissingError
    team_id = _find_able(work, matches, colleague) if colleague != staff.id else None
    if team_id is None:
        raise NotEligibleError
    lead.offered_to = colleague
    work.session.flush()
    record(work, _event(events.LeadOffered, staff, matches, household_id, to=colleague))
    _ask(work, matches[0], colleague, team_id, terms=terms)


def answer_lead(work: Work, household_id: UUID, answer: HandOverState, *, terms: Terms = DEFAULT) -> None:
    """Accept or return what the lead asks the caller: to lead for a household from now on.

    Raises:
        HouseholdMissingError: Nobody asks the caller, or does no longer.
    """
    staff = require_role(work, *TEAM_ROLES)
    household, matches = _require(work, household_id)
    lead = homes.find_leads(work.session, [household_id]).get(household_id)
    if lead is None or lead.offered_to != staff.id:
        raise HouseholdMissingError
    lead.offered_to = None
    close_for_matches(work, [match.id for match in matches], kinds=(NoticeKind.LEAD,))
    record(work, _event(events.LeadAnswered, staff, matches, household_id, to=staff.id, answer=answer.value))
    if answer is HandOverState.ACCEPTED:
        homes.end_lead(work.session, household, lead, because="handed_over", now=work.now)
        tell_lead(work, _begin(work, household, matches, staff.id), matches, terms=terms)


def sweep_households(work: Work, *, terms: Terms = DEFAULT) -> int:
    """Gather households, let go of leads who may not lead today, and call for those without one in time."""
    count = gather(work, terms=terms)
    homes.delete_empty(work.session)
    rows = {row.id: row for row in homes.list_households(work.session)}
    matches, leads = homes.list_matches(work.session, rows), homes.find_leads(work.session, rows)
    roster, agreed = read_roster(work, {lead.team_id for lead in leads.values()}), read_terms(work, terms)
    away = read_leaves(work, roster, {(lead.team_id, lead.staff_id) for lead in leads.values()})
    for household_id, lead in leads.items():
        leave = away.get(lead.staff_id)
        # Who is back soon goes on leading: for a day off nobody gets another face.
        is_there = leave is not None and leave.is_short(agreed.of(lead.team_id))
        if not is_there and not roster.is_able(lead.team_id, lead.staff_id):
            homes.end_lead(work.session, rows[household_id], lead, because="not_able", now=work.now)
    return count + sum(_call(work, row, matches[row.id], terms=terms) for row in rows.values())


def _call(work: Work, row: HouseholdRow, matches: Sequence[MatchRow], *, terms: Terms) -> int:
    """Have the process director see to it that somebody leads: a task, once. Source: row 13 (c), ROU-11."""
    if row.leadless_at is None or row.called_at is not None or not matches:
        return 0
    own = read_terms(work, terms).of(matches[0].team_id)
    if row.leadless_at >= began_before(work.now, working_days=own.acknowledge):
        return 0
    teams = _teams_of(work, matches)
    answers = read_controllers(work)
    organisations = {team.organisation_id for team in teams.values()}
    # Of a foundation's team the municipality hears that answers for the arrangement.
    organisations |= {answers[team_id] for team_id in teams if team_id in answers}
    directors = [one for id_ in organisations for one in list_staff(work, id_, StaffRole.PROCESS_DIRECTOR)]
    calls = [
        NewNotice(
            match_id=matches[0].id,
            recipient=one.id,
            kind=NoticeKind.LEAD,
            organisation_id=one.organisation_id,
        )
        for one in directors
    ]
    queue(work, calls, working_days=own.acknowledge)
    row.called_at = work.now
    work.session.flush()
    detail: dict[str, str | int] = {"household": str(row.id), "called": len(calls)}
    record(work, events.LeadMissed(subject={"match": str(matches[0].id)}, detail=detail))
    return 1


def _require(work: Work, household_id: UUID) -> tuple[HouseholdRow, list[MatchRow]]:
    row = homes.lock(work.session, household_id)
    matches = homes.list_matches(work.session, [household_id])[household_id] if row else []
    if row is None or not matches:
        raise HouseholdMissingError
    return row, matches


def _begin(work: Work, row: HouseholdRow, matches: Sequence[MatchRow], staff_id: UUID) -> HouseholdLeadRow:
    team_id = _find_able(work, matches, staff_id)
    if team_id is None:
        raise NotEligibleError
    homes.begin_lead(work.session, row, team_id=team_id, staff_id=staff_id, now=work.now)
    close_for_matches(work, [match.id for match in matches], kinds=(NoticeKind.LEAD,))
    return homes.find_leads(work.session, [row.id])[row.id]


def _find_able(work: Work, matches: Sequence[MatchRow], staff_id: UUID) -> UUID | None:
    teams = sorted(_teams_of(work, matches))
    roster = read_roster(work, teams)
    return next((team_id for team_id in teams if roster.is_able(team_id, staff_id)), None)


def _named_by(work: Work, staff: Staff, matches: dict[UUID, list[MatchRow]]) -> set[UUID]:
    """Name the households whose lead somebody may name: of their team, or of those they answer for."""
    on = dutch_date(work.now)
    teams = find_own_team_ids(work) if holds(staff, [StaffRole.TEAM_LEAD], on) else frozenset()
    directs = holds(staff, [StaffRole.PROCESS_DIRECTOR], on)
    known = _teams_of(work, [match for own in matches.values() for match in own])
    if directs:
        answers = read_controllers(work)
        of = {id_: {team.organisation_id, answers.get(id_)} for id_, team in known.items()}
        teams |= {id_ for id_, organisations in of.items() if staff.organisation_id in organisations}
    return {id_ for id_, own in matches.items() if not teams.isdisjoint(match.team_id for match in own)}


def _household(
    work: Work,
    row: HouseholdRow,
    matches: Sequence[MatchRow],
    lead: HouseholdLeadRow | None,
    mine: Collection[UUID],
    *,
    caller: UUID,
) -> Household:
    signals = get_signals(work, {id_ for match in matches for id_ in (match.signal_id, match.other_id)})
    return Household(
        id=row.id,
        since=row.opened_at,
        lead=lead.staff_id if lead else None,
        own=tuple(match.id for match in matches if match.id in mine),
        matches=len(matches),
        partners=len({signal.organisation_id for signal in signals.values()}),
        teams=frozenset(match.team_id for match in matches if match.team_id),
        asked=lead is not None and lead.offered_to == caller,
    )


def _ask(work: Work, match: MatchRow, recipient: UUID, team_id: UUID, *, terms: Terms) -> None:
    """Put a line in somebody's inbox: that a household asks for them, and not who that is."""
    home = get_teams(work, [team_id])[team_id].organisation_id
    notice = NewNotice(
        match_id=match.id, recipient=recipient, kind=NoticeKind.LEAD, organisation_id=home, team_id=team_id
    )
    queue(work, [notice], working_days=terms.acknowledge)


def _teams_of(work: Work, matches: Sequence[MatchRow]) -> dict[UUID, Team]:
    return get_teams(work, {match.team_id for match in matches if match.team_id})


def _event(
    kind: type[events.OfMatch],
    staff: Staff,
    matches: Sequence[MatchRow],
    household_id: UUID,
    *,
    to: UUID,
    **detail: str,
) -> events.OfMatch:
    detail |= {"household": str(household_id), "to": str(to), "staff": str(staff.id)}
    return kind(organisation_id=staff.organisation_id, subject={"match": str(matches[0].id)}, detail=detail)
