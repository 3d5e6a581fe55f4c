"""Whether an arrangement fits the teams, the policy set and the other arrangements, and who may say so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from hub.arrangements.errors import ArrangementInvalidError, NotControllerError
from hub.arrangements.values import Arrangement
from hub.consent.service import policy_in_force
from hub.documents import unique
from hub.partners.service import Partner, find_partners, get_own_partner
from hub.teams.errors import TeamMissingError
from hub.teams.service import Team, get_team
from service.clock import dutch_date
from service.work import Work


def require_controller(work: Work, oin: str) -> None:
    """Require that the caller is of the organisation that answers for an arrangement.

    Who proposes a version is of the organisation that answers until now, who approves it of the one that
    will: no municipality takes the residents or the teams of another, and one can hand them over.
    """
    if get_own_partner(work).oin != oin:
        raise NotControllerError


def require_fitting(work: Work, arrangement: Arrangement, *, others: Collection[Arrangement]) -> None:
    """Require that an arrangement fits the teams, the policy set and the other arrangements there are.

    Args:
        others: those that hold on one of its days.

    Raises:
        ArrangementInvalidError: names every place that does not.
    """
    if places := unique(_faults(work, arrangement, others)):
        raise ArrangementInvalidError(places=places)


def _faults(work: Work, arrangement: Arrangement, others: Collection[Arrangement]) -> Iterator[str]:
    taken = {team_id for one in others for team_id in one.team_ids | one.ended_ids}
    served = set()
    for at, entry in enumerate(arrangement.teams):
        team = _find_team(work, entry.id, arrangement)
        if team is None or entry.id in taken:
            yield f"/teams/{at}/id"
        served.add(team.municipality if team else None)
    for at, step in enumerate(arrangement.successions):
        if step.team in taken or _find_team(work, step.team, arrangement) is None:
            yield f"/successions/{at}/team"
    # Whose residents these are is what the operator laid the teams out for, not what a file says.
    if arrangement.residences - served or any(one.residences & arrangement.residences for one in others):
        yield "/residences"
    if arrangement.consent_profile != policy_in_force(work).age_profile:
        yield "/consent_profile"
    yield from _basis_faults(work, arrangement)


def _basis_faults(work: Work, arrangement: Arrangement) -> Iterator[str]:
    """Find bases that no law of the policy set gives today: without one, one signal alone is never told."""
    if arrangement.inquiry is None:
        return
    on = dutch_date(work.now)
    known = {one.code for one in policy_in_force(work).bases if one.in_force(on)}
    if arrangement.inquiry.bases - known:
        yield "/inquiry/bases"
    if arrangement.inquiry.legal_basis not in known:
        yield "/inquiry/legal_basis"


def _find_team(work: Work, team_id: UUID, arrangement: Arrangement) -> Team | None:
    """Find a team that receives matches and is the controller's, or works for one of the municipalities."""
    try:
        team = get_team(work, team_id)
    except TeamMissingError:
        return None
    home = find_partners(work, [team.organisation_id]).get(team.organisation_id)
    if home is None or not home.may_receive:
        return None
    return team if _is_theirs(team, home, arrangement) else None


def _is_theirs(team: Team, home: Partner, arrangement: Arrangement) -> bool:
    return home.oin == arrangement.controller or team.municipality in arrangement.residences
