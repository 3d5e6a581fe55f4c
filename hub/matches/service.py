"""What others may ask of matches."""

from __future__ import annotations

from hub.matches.escalating import escalate
from hub.matches.intake import Accepted, Handle, IntakeItem, accept_intake, list_intake
from hub.matches.matching import match_changed
from hub.matches.orphans import (
    Followed,
    count_states,
    list_follow_ups,
    list_orphans,
    list_team_follow_ups,
    page_follow_ups,
    page_team,
)
from hub.matches.overdue import return_overdue
from hub.matches.owning import acknowledge
from hub.matches.possible import Judgement, PossibleMatch, decide_possible, list_possible
from hub.matches.redeciding import redecide
from hub.matches.showing import list_notices
from hub.matches.sweeping import sweep_owners
from hub.notices.service import take_back_shown

__all__ = [
    "Accepted", "Followed", "Handle", "IntakeItem", "Judgement", "PossibleMatch", "accept_intake",
    "acknowledge", "count_states", "decide_possible", "escalate", "list_follow_ups", "list_intake",
    "list_notices", "list_orphans", "list_possible", "list_team_follow_ups", "match_changed",
    "page_follow_ups", "page_team", "redecide", "return_overdue", "sweep_owners", "take_back_shown",
]  # fmt: skip
