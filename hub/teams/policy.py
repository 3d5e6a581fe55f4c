"""Who may carry a match of a team, and which periods may meet: rules over exactly the facts they may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from hub.teams.values import EmployerKind, Member, Post, Team, TeamKind

# Source: domain.md ROU-18 and row 12. A GI and a partner that stays a partner never, whatever was agreed
# (Jeugdwet 3.2(2); row 5: GGD and elderly care are partners, not team).
NEVER = frozenset({EmployerKind.CERTIFIED_INSTITUTION, EmployerKind.PARTNER_SERVICE})
SEPARATED = NEVER | {EmployerKind.PROVIDER}


def may_carry(member: Member, team: Team) -> bool:
    """Tell whether a member may own a match of this team: a panel advises, a provider's employee does not.

    Source:
        domain.md ROU-18; row 8 (a panel decides who acts, and never acts itself).
    """
    if team.kind is TeamKind.EXPERT_PANEL:
        return False
    employer = member.profile.employer
    if team.employers and employer not in team.employers:
        return False
    # Somebody's own choice, where the municipality works so, and nowhere else. Source: domain.md row 9 (d).
    if employer is EmployerKind.COMMUNITY and employer not in team.employers:
        return False
    return may_hear(member, team)


def may_hear(member: Member, team: Team) -> bool:
    """Tell whether a member of any team may hear of a match of this one, when they are asked about it.

    Source:
        domain.md ROU-18; row 5 (b): who knows more of something is asked, of whichever team.
    """
    return member.profile.employer not in (SEPARATED if team.provider_separation else NEVER)


def is_open(team: Team, on: date) -> bool:
    """Tell whether a team works on a day; it is over on the day it closes."""
    return (team.opened_on is None or team.opened_on <= on) and (
        team.closed_on is None or on < team.closed_on
    )


def meets(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Tell whether two periods share a day; each is over on its last date."""
    return (one[1] is None or other[0] < one[1]) and (other[1] is None or one[0] < other[1])


def is_double(new: Post, team: Team, others: Iterable[tuple[Post, Team]]) -> bool:
    """Tell whether somebody would work twice for one municipality in teams of one kind on one day.

    Source: domain.md row 6: one authorisation per municipality and period.
    """
    return any(
        (other.id == team.id or (other.kind is team.kind and other.municipality == team.municipality))
        and meets((new.since, new.until), (post.since, post.until))
        for post, other in others
    )
