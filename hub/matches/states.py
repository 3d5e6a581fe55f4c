"""Where matches and intake items are in their life."""

from __future__ import annotations

from enum import StrEnum


class MatchState(StrEnum):
    """What has become of a pair of registrations that agree."""

    POSSIBLE = "possible"  # waits for a human
    OPEN = "open"  # told
    HELD = "held"  # may not be told now
    VOID = "void"  # no longer stands
    REJECTED = "rejected"  # a human says: not one person


class IntakeState(StrEnum):
    """What has become of an item in the team's intake."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    CLOSED = "closed"
