"""Follow whom a person chose to hear: what is open goes to the one they named meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from hub.arrangements.routing import Route
from hub.arrangements.values import Target
from hub.matches import effects, owners
from hub.matches.models import MatchRow
from hub.matches.pairs import Key
from hub.matches.routing import Routed
from hub.matches.states import Because, MatchState
from service.work import Work


def follow_choice(
    work: Work, matches: Sequence[MatchRow], routes: Mapping[Key, Route], *, working_days: int
) -> None:
    """Give open matches to whom the person chose meanwhile; what that one gave on to others stays there.

    Source:
        domain.md row 9 (b).
    """
    chosen = find_chosen(work, matches, routes)
    if not chosen:
        return
    to = {id_: one.staff_id for id_, one in chosen.items() if one.staff_id}
    anew = [match for match in matches if match.id in to]
    effects.give_to_team(
        work, anew, working_days=working_days, because=Because.REASSIGNED, to=to, by_rule=chosen
    )


def find_chosen(work: Work, matches: Sequence[MatchRow], routes: Mapping[Key, Route]) -> dict[UUID, Route]:
    """Find the open matches of which the person chose another than was asked by rule last."""
    routed = [(match, routes.get((match.signal_id, match.other_id))) for match in matches]
    chosen = {
        match.id: one
        for match, one in routed
        if one and one.to is Target.CHOSEN and one.staff_id and match.state == MatchState.OPEN
    }
    asked = owners.find_asked_by_rule(work.session, chosen) if chosen else {}
    return {id_: one for id_, one in chosen.items() if one.staff_id != asked.get(id_)}


def go_along(work: Work, matches: Sequence[MatchRow], routed: Routed, *, working_days: int) -> None:
    """Put open matches that nobody took up where the rule for the person's other matches says.

    Source:
        domain.md row 7 (b): a second match makes it complex, the first included.
    """
    rules = {match.id: routed.routes.get((match.signal_id, match.other_id)) for match in matches}
    by_rule = {
        match.id: one
        for match in matches
        if (one := rules[match.id]) and (match.signal_id, match.other_id) in routed.along
    }
    anew = [match for match in matches if match.id in by_rule and match.state == MatchState.OPEN]
    to = {id_: one.staff_id for id_, one in by_rule.items() if one.staff_id}
    effects.give_to_team(
        work, anew, working_days=working_days, because=Because.REASSIGNED, to=to, by_rule=by_rule
    )
