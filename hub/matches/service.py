"""What others may ask of matches."""

from __future__ import annotations

from hub.matches.intake import Accepted, Handle, IntakeItem, accept_intake, list_intake
from hub.matches.matching import match_changed
from hub.matches.overdue import return_overdue
from hub.matches.possible import Judgement, PossibleMatch, decide_possible, list_possible
from hub.matches.showing import list_notices

__all__ = [
    "Accepted", "Handle", "IntakeItem", "Judgement", "PossibleMatch", "accept_intake", "decide_possible",
    "list_intake", "list_notices", "list_possible", "match_changed", "return_overdue",
]  # fmt: skip
