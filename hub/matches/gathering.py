"""Roll the matches of one household up: one lead, who hears of each that it is another person, and no more.

Pairwise, like all matching: a child of two homes belongs to the older one. Whose match may not be told has
none here, and so is left out, not the household.

Source: domain.md MAT-03 to MAT-06, ROU-22, row 13.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from hub.arrangements.values import Arrangement
from hub.arrangements.versions import arrangements_in_force
from hub.audit.service import record
from hub.households.service import list_kin
from hub.matches import homes, owners, store
from hub.matches.agreed import queue
from hub.matches.events import HouseholdGathered
from hub.matches.models import HouseholdLeadRow, MatchRow
from hub.matches.states import MatchState
from hub.notices.service import NewNotice, NoticeKind
from hub.notices.terms import DEFAULT, Terms
from hub.teams.service import get_teams
from service.work import Work

BATCH = 500


def gather(work: Work, *, terms: Terms = DEFAULT) -> int:
    """Ask of each new open match whose household it is, where its arrangement has one lead for those.

    Returns:
        How many matches belong to a household by that.
    """
    found = [one for one in arrangements_in_force(work) if one.household]
    return sum(_gather(work, one, terms=terms) for one in found)


def find_kin(work: Work, arrangement: Arrangement, ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return, by registration, those of others of the household, as an arrangement tells households."""
    household = arrangement.household
    if household is None:
        return {}
    kin = list_kin(
        work,
        ids,
        by=household.by,
        controller=arrangement.controller,
        register=timedelta(days=household.register_days),
    )
    return {id_: frozenset(other for one, other in kin if one == id_) for id_, _ in kin}


def find_lead(work: Work, arrangement: Arrangement, kin: Collection[UUID]) -> tuple[UUID, UUID] | None:
    """Return team and member of staff who lead for the household of these registrations, if somebody does."""
    matches = homes.list_open_of(work.session, kin, teams=arrangement.team_ids) if kin else []
    of_matches = homes.find_of_matches(work.session, [match.id for match in matches])
    leads = homes.find_leads(work.session, set(of_matches.values()))
    found = (leads.get(of_matches[match.id]) for match in matches if match.id in of_matches)
    return next(((lead.team_id, lead.staff_id) for lead in found if lead), None)


def _gather(work: Work, arrangement: Arrangement, *, terms: Terms) -> int:
    new = homes.list_ungathered(work.session, arrangement.team_ids, limit=BATCH)
    matches = [one for one in store.lock_matches(work.session, new) if one.state == MatchState.OPEN]
    sides = {id_ for match in matches for id_ in (match.signal_id, match.other_id)}
    kin = find_kin(work, arrangement, sides)
    joined = sum(_join(work, match, _others(work, match, arrangement, kin), terms=terms) for match in matches)
    homes.mark_gathered(work.session, new, now=work.now)
    return joined


def _others(
    work: Work, match: MatchRow, arrangement: Arrangement, kin: Mapping[UUID, frozenset[UUID]]
) -> list[MatchRow]:
    near = kin.get(match.signal_id, frozenset()) | kin.get(match.other_id, frozenset())
    if not near:
        return []
    found = homes.list_open_of(work.session, near, teams=arrangement.team_ids)
    # A match of the same person agrees with one of these in more than the household.
    return [one for one in found if not {one.signal_id, one.other_id} & {match.signal_id, match.other_id}]


def _join(work: Work, match: MatchRow, others: Sequence[MatchRow], *, terms: Terms) -> int:
    if not others:
        return 0
    known = homes.find_of_matches(work.session, [match.id, *(one.id for one in others)])
    first = next((known[one.id] for one in others if one.id in known), None)
    household_id = known.get(match.id) or first or homes.open_household(work.session, now=work.now)
    fresh = [one for one in (match, *others) if one.id not in known]
    homes.join(work.session, household_id, [one.id for one in fresh])
    for one in fresh:
        subject, detail = {"match": str(one.id)}, {"household": str(household_id)}
        record(work, HouseholdGathered(subject=subject, detail=detail))
    lead = homes.find_leads(work.session, [household_id]).get(household_id)
    if lead is not None:
        tell_lead(work, lead, fresh, terms=terms)
    return len(fresh)


def tell_lead(work: Work, lead: HouseholdLeadRow, matches: Sequence[MatchRow], *, terms: Terms) -> None:
    """Let the lead hear of matches that others own: that it is another person, and nothing else.

    Source:
        MAT-05; Jeugdwet 7.1.4.3(2).
    """
    current = owners.find_current(work.session, [match.id for match in matches])
    own = {match_id for match_id, owner in current.items() if owner.staff_id == lead.staff_id}
    home = get_teams(work, [lead.team_id])[lead.team_id].organisation_id
    calls = [
        NewNotice(
            match_id=match.id,
            recipient=lead.staff_id,
            kind=NoticeKind.FAMILY,
            organisation_id=home,
            team_id=lead.team_id,
        )
        for match in matches
        if match.id not in own
    ]
    queue(work, calls, working_days=terms.acknowledge)
