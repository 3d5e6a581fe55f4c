"""What really happened, beside the hub: who each registration is about, and who may hear what when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hub.subjects.policy import Token, Verdict, bsn_differs, judge, list_agreed
from simulation.wires import Looks


@dataclass(slots=True)
class Registered:
    """A signal or case that the hub has.

    Attributes:
        team: of a case, its municipality's place; of a signal, where its poster said the person lives.
        ended_at: when it was withdrawn or closed.
    """

    client: int
    organisation: UUID
    kind: str
    began_at: datetime
    looks: Looks = field(repr=False)
    team: int | None = None
    basis: str = ""
    notice: str = "given"
    ended_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Tell whether it counts at a moment."""
        return self.began_at <= at and (self.ended_at is None or at < self.ended_at)


@dataclass(slots=True)
class Said:
    """A consent or an objection: from when until when, and as whom the desk wrote the person down."""

    began_at: datetime
    looks: Looks = field(repr=False)
    id: UUID
    ended_at: datetime | None = None

    def stands(self, at: datetime) -> bool:
        """Tell whether it counts at a moment."""
        return self.began_at <= at and (self.ended_at is None or at < self.ended_at)


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody of a team saw a match at a moment: of `match_id`, or of these registrations."""

    at: datetime
    team: int
    match_id: UUID | None
    sides: frozenset[UUID] = frozenset()


@dataclass(slots=True)
class Truth:
    """The books."""

    registered: dict[UUID, Registered] = field(default_factory=dict)
    consents: dict[int, Said] = field(default_factory=dict)
    objections: dict[int, Said] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def open_of(self, client: int, kind: str) -> list[UUID]:
        """Name what of a kind stands of somebody."""
        return [
            id_
            for id_, one in self.registered.items()
            if one.client == client and one.kind == kind and one.ended_at is None
        ]


def agrees(one: Looks, other: Looks) -> Verdict:
    """Judge by the hub's own rule whether two descriptions are one person."""
    mine, theirs = _tokens(one), _tokens(other)
    return judge(list_agreed(mine, theirs), veto=bsn_differs(mine, theirs))


def _tokens(looks: Looks) -> frozenset[Token]:
    return frozenset(Token(name, 1, repr(fields).encode()) for name, fields in looks)
