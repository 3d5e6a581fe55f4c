"""Who hears of a match: the first rule of an arrangement that can, decides. Pure; the only engine there is.

Source: domain.md ROU-06, ROU-07: ordered, deterministic, explainable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.arrangements.values import Arrangement, IntakeModel, Rule, Target, TeamEntry
from hub.teams.roster import Roster
from hub.teams.values import Member

DEFAULT_HASH = "default"
BY_NAME = frozenset({Target.CASEMANAGER, Target.CHOSEN, Target.HOUSEHOLD_LEAD, Target.MEMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the rules may see of a match.

    Attributes:
        case_team: the team that goes on with the person's case today; None without a case.
        senders: kinds of the organisations that left a signal.
        partners: how many organisations met the person, those of other matches included.
        earlier: how many other matches of the person stand.
        residence: municipality or district; None where no sender said it.
        household_lead: team and member of staff who lead for the person's household; None while nobody does.
        chosen: who the person named in a consent.
        is_inquiry: it is one signal that opens an inquiry, and no match.
        number: of the match; breaks ties, so that equal facts give equal answers.
    """

    case_team: UUID | None
    casemanager: UUID | None
    bracket: str
    senders: frozenset[str]
    partners: int
    earlier: int
    residence: str | None
    on: date
    number: int
    is_inquiry: bool = False
    household_lead: tuple[UUID, UUID] | None = None
    chosen: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Whose a match is, by which rule of which arrangement.

    Attributes:
        team_id: None: nobody hears.
        staff_id: who owns it from now on; None is the team's queue.
        to: what the rule said.
    """

    arrangement: str
    rule: str
    to: Target
    team_id: UUID | None
    staff_id: UUID | None = None


def route(
    arrangement: Arrangement, facts: Facts, *, roster: Roster, load: Mapping[UUID, int] | None = None
) -> Route:
    """Say whose a match is.

    Args:
        roster: the case's team and those of the arrangement, with who works in them today.
        load: how many open matches members own; who is absent from it owns none.

    Returns:
        The answer of the first rule that holds and can be carried out; nobody, where none can.
    """
    for rule in arrangement.rules:
        if holds(rule, facts, arrangement):
            found = _carry_out(rule, arrangement, facts, roster=roster, load=load or {})
            if found is not None:
                return found
    return Route(arrangement=arrangement.hash, rule="none", to=Target.NOBODY, team_id=None)


def holds(rule: Rule, facts: Facts, arrangement: Arrangement) -> bool:
    """Tell whether everything that a rule asks of a match is so."""
    return all(_answers(rule, facts, arrangement))


def default_arrangement(intake: UUID | None) -> Arrangement:
    """Return what holds where nobody made an arrangement: the casemanager, else the intake's queue."""
    entries = (TeamEntry(id=intake, tier="intake"),) if intake else ()
    rest = (
        Rule(code="intake", to=Target.QUEUE, tier="intake") if intake else Rule(code="none", to=Target.NOBODY)
    )
    return Arrangement(
        name="default",
        hash=DEFAULT_HASH,
        intake=IntakeModel.WEEKLY_MEETING,
        source="ROU-01",
        controller="",
        residences=frozenset(),
        consent_profile="default",
        teams=entries,
        rules=(
            Rule(code="casemanager", to=Target.CASEMANAGER, case=True),
            Rule(code="case_team", to=Target.CASE_TEAM, case=True),
            rest,
        ),
    )


def _answers(rule: Rule, facts: Facts, arrangement: Arrangement) -> Iterable[bool]:
    yield rule.case is None or rule.case is (facts.case_team is not None)
    yield not rule.brackets or facts.bracket in rule.brackets
    yield not rule.senders or bool(rule.senders & facts.senders)
    yield rule.partners_at_least is None or facts.partners >= rule.partners_at_least
    yield rule.earlier_at_least is None or facts.earlier >= rule.earlier_at_least
    yield rule.inquiry is None or rule.inquiry is facts.is_inquiry
    yield rule.region is None or _lives_in(rule.region, facts, arrangement)


def _lives_in(code: str, facts: Facts, arrangement: Arrangement) -> bool:
    regions = (one for one in arrangement.regions if one.code == code)
    return facts.residence is not None and any(one.holds(facts.residence, facts.on) for one in regions)


def _carry_out(
    rule: Rule, arrangement: Arrangement, facts: Facts, *, roster: Roster, load: Mapping[UUID, int]
) -> Route | None:
    """Do what a rule says, or None where nobody can be asked: the next rule has its turn."""
    team_id, staff_id = None, None
    if rule.to in {Target.CASEMANAGER, Target.CASE_TEAM}:
        team_id = facts.case_team
    elif rule.to in {Target.MEMBER, Target.QUEUE}:
        team_id = _find_team(rule, arrangement.teams, facts)
    elif rule.to is Target.HOUSEHOLD_LEAD and facts.household_lead:
        team_id, leads = facts.household_lead
        staff_id = roster.find_carrier(team_id, leads)
    elif rule.to is Target.CHOSEN and facts.chosen:
        able = (team.id for team in arrangement.teams if roster.is_able(team.id, facts.chosen))
        team_id, staff_id = next(able, None), facts.chosen
    if rule.to is Target.CASEMANAGER and team_id and facts.casemanager:
        staff_id = roster.find_carrier(team_id, facts.casemanager)
    elif rule.to is Target.MEMBER and team_id:
        staff_id = _find_member(rule, team_id, facts, roster=roster, load=load)
    misses_team = rule.to is not Target.NOBODY and team_id is None
    if misses_team or (rule.to in BY_NAME and staff_id is None):
        return None
    return Route(arrangement=arrangement.hash, rule=rule.code, to=rule.to, team_id=team_id, staff_id=staff_id)


def _find_team(rule: Rule, teams: Iterable[TeamEntry], facts: Facts) -> UUID | None:
    """Find the team of a tier for where the person lives and how old they are; the closest area first."""
    fitting = [
        (closeness, at, team.id)
        for at, team in enumerate(teams)
        if team.tier == rule.tier and (closeness := _closeness(team, facts)) is not None
    ]
    return min(fitting, key=lambda one: (-one[0], one[1]))[2] if fitting else None


def _closeness(team: TeamEntry, facts: Facts) -> int | None:
    """Say how exactly a team is for this person, in digits of its area; None: it is not for them."""
    if team.brackets and facts.bracket not in team.brackets:
        return None
    if not team.areas:
        return 0
    lives = facts.residence or ""
    return max((len(area) for area in team.areas if lives.startswith(area)), default=None)


def _find_member(
    rule: Rule, team_id: UUID, facts: Facts, *, roster: Roster, load: Mapping[UUID, int]
) -> UUID | None:
    """Choose who of a team is asked: who fits and has least; the match's number decides between equals."""
    members = [
        member
        for member in roster.members.get(team_id, {}).values()
        if roster.is_able(team_id, member.staff_id) and _fits(rule, member)
    ]
    best = min(
        members,
        key=lambda one: (load.get(one.staff_id, 0), one.staff_id.int ^ facts.number),
        default=None,
    )
    return best.staff_id if best else None


def _fits(rule: Rule, member: Member) -> bool:
    profile = member.profile
    return (
        (not rule.expertise or bool(rule.expertise & profile.expertise))
        and (not rule.employers or profile.employer in rule.employers)
        and (rule.generalist is None or rule.generalist is profile.generalist)
    )
