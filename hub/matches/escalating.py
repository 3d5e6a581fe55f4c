"""The ladder: remind, then call the coordinator, then the municipal contact person; each step once.

Level-triggered and idempotent: a step that is due and was not taken is taken, however late the worker comes.
What is called carries a number of the match and nothing else.

Source: domain.md ROU-10, ROU-11, ROU-12.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hub.audit.service import record_many
from hub.matches import inquiries, owners, store
from hub.matches.agreed import read_controllers, read_terms
from hub.matches.events import MatchEscalated
from hub.matches.models import AssignmentRow, MatchRow
from hub.matches.states import MatchState
from hub.notices.service import NewNotice, NoticeKind, queue
from hub.notices.terms import DEFAULT, Terms, began_before
from hub.partners.service import StaffRole, list_staff
from hub.teams.roster import Roster, read_roster
from service.work import Work

BATCH = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: when it is due, whom it calls, and whether it is for matches that were taken up already."""

    name: str
    working_days: int
    kind: NoticeKind
    answered: bool = False


def steps_of(terms: Terms) -> tuple[Step, ...]:
    """Return the ladder that these terms make."""
    return (
        Step("remind", terms.remind, NoticeKind.REMINDER),
        Step("coordinate", terms.coordinate, NoticeKind.STALLED),
        Step("municipal", terms.municipal, NoticeKind.ESCALATED),
        Step("contact", terms.contact, NoticeKind.STALLED, answered=True),
    )


def escalate(work: Work, *, terms: Terms = DEFAULT, limit: int = BATCH) -> int:
    """Take every step that is due, at most `limit` of each; returns how many."""
    climbed = sum(
        _take(work, step, terms=own, limit=limit, teams=teams)
        for own, teams in read_terms(work, terms).groups()
        for step in steps_of(own)
    )
    return climbed + _miss_clocks(work, terms=terms, limit=limit)


def _miss_clocks(work: Work, *, terms: Terms, limit: int) -> int:
    """Call the leads and the municipality for each clock of an inquiry that ended. Source: row 10 (b)."""
    missed = inquiries.list_missed(work.session, now=work.now, limit=limit)
    if not missed:
        return 0
    ids = {match_id for match_id, _ in missed}
    matches = {one.id: one for one in store.lock_matches(work.session, ids) if one.state == MatchState.OPEN}
    roster = read_roster(work, {one.team_id for one in matches.values() if one.team_id})
    current = owners.find_current(work.session, ids)
    ended = [
        (matches[match_id], code)
        for match_id, code in missed
        if match_id in matches and inquiries.miss_clock(work.session, match_id, code, now=work.now)
    ]
    rungs = [
        (match, Step(code, 0, kind))
        for match, code in ended
        for kind in (NoticeKind.STALLED, NoticeKind.ESCALATED)
    ]
    _call(work, rungs, current=current, roster=roster, terms=terms)
    return len(ended)


def _take(work: Work, step: Step, *, terms: Terms, limit: int, teams: Mapping[str, Collection[UUID]]) -> int:
    ids = owners.list_due(
        work.session,
        step=step.name,
        answered=step.answered,
        before=began_before(work.now, working_days=step.working_days),
        limit=limit,
        **teams,
    )
    if not ids:
        return 0
    matches = [match for match in store.lock_matches(work.session, ids) if match.state == MatchState.OPEN]
    roster = read_roster(work, {match.team_id for match in matches if match.team_id})
    current = owners.find_current(work.session, ids)
    called = [match for match in matches if owners.take_step(work.session, match.id, step.name, now=work.now)]
    _call(work, [(match, step) for match in called], current=current, roster=roster, terms=terms)
    return len(called)


def _call(
    work: Work,
    rungs: Sequence[tuple[MatchRow, Step]],
    *,
    current: Mapping[UUID, AssignmentRow],
    roster: Roster,
    terms: Terms,
) -> None:
    """Call whom each rung calls, in a few statements whatever their number."""
    notices: list[NewNotice] = []
    events: list[MatchEscalated] = []
    for match, step in rungs:
        assert match.team_id is not None, "a match that is told has a team"
        home = roster.organisation_of(match.team_id)
        called = sorted(_audience(work, match.team_id, current.get(match.id), step=step, roster=roster))
        notices += [
            NewNotice(match_id=match.id, recipient=one, kind=step.kind, organisation_id=home)
            for one in called
        ]
        said: dict[str, str | int] = {"step": step.name, "called": len(called)}
        subject = {"match": str(match.id)}
        events.append(MatchEscalated(organisation_id=home, subject=subject, detail=said))
    # Two clocks of one inquiry may call the same person of the same match: one line is enough.
    queue(work, list(dict.fromkeys(notices)), working_days=terms.acknowledge)
    record_many(work, events)


def _audience(
    work: Work, team_id: UUID, owner: AssignmentRow | None, *, step: Step, roster: Roster
) -> set[UUID]:
    """Name whom a rung calls; where nobody fills a function, the next one up, and at last the leads."""
    leads = set(roster.list_leads(team_id))
    organisation_id = roster.organisation_of(team_id)
    if step.kind is NoticeKind.REMINDER:
        return {owner.staff_id} if owner and owner.staff_id else leads
    if step.kind is NoticeKind.STALLED:
        return leads | _in_role(work, {organisation_id}, StaffRole.PARTNER_COORDINATOR)
    # Of a team of a foundation the municipality hears that answers for the arrangement.
    near = {organisation_id, read_controllers(work).get(team_id, organisation_id)}
    return (
        _in_role(work, near, StaffRole.MUNICIPAL_COORDINATOR)
        or _in_role(work, near, StaffRole.PROCESS_DIRECTOR)
        or leads
    )


def _in_role(work: Work, organisations: Collection[UUID], role: StaffRole) -> set[UUID]:
    return {one.id for id_ in organisations for one in list_staff(work, id_, role)}
