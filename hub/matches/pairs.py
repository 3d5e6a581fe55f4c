"""Find the pairs of registrations that agree now and may meet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from hub.cases.service import Case, get_cases
from hub.matches.lone import find_lone
from hub.matches.policy import may_meet
from hub.signals.service import Signal, get_signals
from hub.subjects.service import Agreement, RegistrationKind, Verdict, find_agreeing
from service.work import Work

KINDS = (RegistrationKind.SIGNAL, RegistrationKind.CASE)
Key = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Pair:
    """A signal, and the case or other signal that may be about the same person.

    Attributes:
        inquiry_basis: of a signal alone, which is its own other side: on which basis a team looks into it.
    """

    signal: Signal
    other: Signal | Case
    agreed: frozenset[str]
    verdict: Verdict
    inquiry_basis: str | None = None

    @property
    def signals(self) -> tuple[Signal, ...]:
        """Return the one or two signals."""
        two = isinstance(self.other, Signal) and self.inquiry_basis is None
        return (self.signal, self.other) if two else (self.signal,)  # type: ignore[return-value]

    @property
    def key(self) -> Key:
        """Name the pair by its registrations: the signal first; of two signals, the smaller id."""
        return self.signal.id, self.other.id

    @property
    def case(self) -> Case | None:
        """Return the case, if this is a pair of a signal and a case."""
        return self.other if isinstance(self.other, Case) else None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the index gave.

    Attributes:
        also: signals and cases that a consent or an objection among those asked about is attached to.
    """

    pairs: list[Pair]
    also: frozenset[UUID]


def find_pairs(work: Work, ids: Collection[UUID]) -> Found:
    """Find the pairs in which these registrations take part."""
    agreements = find_agreeing(work, ids, kinds=KINDS)
    named = {id_ for agreement in agreements for id_ in (agreement.left, agreement.right)}
    signals, cases = (get_signals(work, named), get_cases(work, named)) if named else ({}, {})
    pairs = [_pair(agreement, signals, cases) for agreement in agreements]
    also = (one.right for one in agreements if one.left not in signals and one.left not in cases)
    alone = [Pair(one, one, frozenset(), Verdict.SAME, basis) for one, basis in find_lone(work, ids)]
    return Found([*(pair for pair in pairs if pair is not None), *alone], frozenset(also))


def ids_of(pairs: Iterable[Pair]) -> set[UUID]:
    """Name every registration that takes part."""
    return {id_ for pair in pairs for id_ in pair.key}


def _pair(agreement: Agreement, signals: dict[UUID, Signal], cases: dict[UUID, Case]) -> Pair | None:
    left, right = agreement.left, agreement.right
    if left in cases or (left in signals and right in signals and right < left):
        left, right = right, left
    signal, other = signals.get(left), signals.get(right) or cases.get(right)
    if signal is None or other is None or not may_meet(signal.organisation_id, other.organisation_id):
        return None
    return Pair(signal, other, agreement.agreed, agreement.verdict)
