"""Say what was decided about somebody over time: from when to when, and what came in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from hub.consent.remembering import PastDecision
from service.clock import dutch_date


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was decided, once for as long as it was the same.

    Attributes:
        last_on: the last day on which it was found to hold.
        replaced_on: the day from which something else was decided; None for what stands, or ended.
        replaced_by: whether it could be told from then on.
    """

    first_on: date
    last_on: date
    purpose: str
    allowed: bool
    reasons: tuple[str, ...]
    replaced_on: date | None = None
    replaced_by: bool | None = None


def weigh(decisions: Sequence[PastDecision], standing: Mapping[UUID, datetime]) -> tuple[Weighed, ...]:
    """Say from when to when something was decided, oldest first; what stands is weighed daily, written once.

    Args:
        decisions: oldest first.
        standing: which of them stand, and when each was last found to hold.
    """
    runs = sorted(_runs(decisions, standing), key=lambda one: (one.first_on, one.last_on, one.reasons))
    merged: dict[tuple[object, ...], Weighed] = {}
    for one in runs:
        same = (one.purpose, one.allowed, one.reasons, one.replaced_on, one.replaced_by)
        merged[same] = _join(merged[same], one) if same in merged else one
    return tuple(merged.values())


def _runs(decisions: Sequence[PastDecision], standing: Mapping[UUID, datetime]) -> Iterator[Weighed]:
    """Say of each pair and purpose what was decided in turn; equal decisions after each other are one."""
    pairs = sorted(decisions, key=lambda one: (_pair(one), one.decided_at))
    for _, of_pair in groupby(pairs, key=_pair):
        turns = [list(turn) for _, turn in groupby(of_pair, key=_said)]
        for turn, after in zip(turns, [*turns[1:], None], strict=True):
            last = turn[-1]
            yield Weighed(
                dutch_date(turn[0].decided_at),
                dutch_date(max(last.decided_at, standing.get(last.id, last.decided_at))),
                last.purpose,
                last.allowed,
                tuple(fact for _, fact in last.reasons),
                dutch_date(after[0].decided_at) if after else None,
                after[0].allowed if after else None,
            )


def _pair(one: PastDecision) -> tuple[UUID, UUID, str, str]:
    return (one.signal_id, one.other_id, one.purpose, one.recipient_kind)


def _said(one: PastDecision) -> tuple[bool, tuple[str, ...]]:
    return (one.allowed, tuple(fact for _, fact in one.reasons))


def _join(one: Weighed, other: Weighed) -> Weighed:
    return Weighed(
        min(one.first_on, other.first_on),
        max(one.last_on, other.last_on),
        one.purpose,
        one.allowed,
        one.reasons,
        one.replaced_on,
        one.replaced_by,
    )
