"""What may meet, and what becomes of a pair: rules over exactly the facts they may see."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.matches.states import MatchState
from hub.subjects.policy import Verdict

ARRANGED = timedelta(hours=1)
LIVE = frozenset({MatchState.POSSIBLE, MatchState.OPEN, MatchState.HELD})


def may_meet(left_organisation: object, right_organisation: object) -> bool:
    """Tell whether two registrations may make a match: never two of one organisation, so never of one team.

    Source:
        MAT-01; Jeugdwet 7.1.2.3(1)(c).
    """
    return left_organisation != right_organisation


def looks_arranged(one_at: datetime, other_at: datetime) -> bool:
    """Tell whether two signals look as if they were posted to make a match: within an hour of each other.

    A statistic only. It says nothing of a pair, and nobody is treated otherwise for it: partners that import
    at one time of the day count too, so read the share over time and not the number.

    Source:
        MAT-17.
    """
    return abs(one_at - other_at) <= ARRANGED


def next_state(verdict: Verdict, *, allowed: bool, confirmed: bool) -> MatchState:
    """Say what becomes of a pair that agrees now.

    Nobody is told of a possible match before a human has confirmed it, and a human is asked only where the
    answer may be told.

    Source:
        design.md 3; MAT-11.
    """
    if not allowed:
        return MatchState.HELD
    return MatchState.OPEN if verdict is Verdict.SAME or confirmed else MatchState.POSSIBLE
