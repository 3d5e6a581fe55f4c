"""When a run that removes data stops and waits for a human: facts in, a reason or nothing out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

CLOCKS_DIFFER = timedelta(minutes=5)
FEW, MOST_OF_FEW_PERCENT = 10, 50


class BrakeReason(StrEnum):
    """Why a run stopped."""

    CLOCK_WENT_BACK = "clock_went_back"
    RUN_STALE = "run_stale"
    TOO_MUCH = "too_much"


class ReleaseReason(StrEnum):
    """Why the operator lets a run pass."""

    CLOCK_IS_RIGHT = "clock_is_right"
    HUB_WAS_DOWN = "hub_was_down"
    COVENANT_ENDED = "covenant_ended"
    TERM_WAS_SHORTENED = "term_was_shortened"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known before anything is removed.

    Attributes:
        last_ran_at: of this rule; None before its first run.
        due: rows that are due, per municipality.
        total: rows that there are, per municipality.
        recent: rows that went in the days before, per municipality: little by little is much too.
    """

    now: datetime
    last_ran_at: datetime | None
    due: Mapping[UUID, int]
    total: Mapping[UUID, int]
    recent: Mapping[UUID, int] = field(default_factory=dict)


def find_brake(
    facts: RunFacts, *, share_percent: int, floor: int, stale_after_days: int
) -> BrakeReason | None:
    """Find why this run has to wait, if it has to.

    A clock that jumped ahead by more than the days shows as a run that comes too late: both wait. One that
    jumped less removes what is due at most that much early.
    """
    last = facts.last_ran_at
    if last is not None and facts.now < last - CLOCKS_DIFFER:
        return BrakeReason.CLOCK_WENT_BACK
    if last is not None and facts.now > last + timedelta(days=stale_after_days):
        return BrakeReason.RUN_STALE
    if any(_is_too_much(facts, place, share_percent=share_percent, floor=floor) for place in facts.due):
        return BrakeReason.TOO_MUCH
    return None


def is_released(released_at: datetime, *, now: datetime, hours: int) -> bool:
    """Tell whether the operator's word still holds: it was about what stood in the report then."""
    return released_at <= now + CLOCKS_DIFFER and now < released_at + timedelta(hours=hours)


def _is_too_much(facts: RunFacts, place: UUID, *, share_percent: int, floor: int) -> bool:
    recent = facts.recent.get(place, 0)
    gone, there = facts.due[place] + recent, facts.total.get(place, 0) + recent
    # Of twenty rows one is five per cent: a small municipality would wait for a human every week, and be
    # released unread. Up to the floor it may lose half, and of so few
    # that one match makes them all.
    floor_holds = gone <= floor and (there < FEW or gone * 100 <= MOST_OF_FEW_PERCENT * there)
    return gone * 100 > share_percent * there and not floor_holds
