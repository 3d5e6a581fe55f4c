"""What is known of an organisation that joins, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID


class ProfilePart(StrEnum):
    """What an organisation has laid down at home; the hub knows that, never what. Source: ONB-03."""

    CRITERIA = "criteria"  # when it weighs a contact as worth a signal
    FUNCTIONS = "functions"  # which functions may signal
    COORDINATOR = "coordinator"  # who is its first contact
    NOTICE = "notice"  # how persons are told


class Standard(StrEnum):
    """By which its systems were judged. Source: ONB-10; Besluit Jeugdwet 7.2.1-7.2.2."""

    NEN7510 = "nen7510"
    NTA8023 = "nta8023"
    ISO27001 = "iso27001"
    BIO2 = "bio2"


class Item(StrEnum):
    """What has to be in order before an organisation goes live."""

    COVENANT = "covenant"
    ACCESSION = "accession"
    LOCATION = "location"
    PROFILE = "profile"
    DPIA = "dpia"
    DECISION = "decision"
    SECURITY = "security"
    LINKAGE = "linkage"


class Ending(StrEnum):
    """What becomes of the open signals of an organisation that leaves. Source: ONB-12."""

    WITHDRAW = "withdraw"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """Of so many rows, so many gave enough tokens; counted by the partner's client, with nothing sent.

    Source: Issue of every index before: rows that can't be linked are never found, and nobody notices.
    """

    rows: int
    linkable: int
    measured_on: date

    @property
    def percent(self) -> int:
        """Return the share, rounded down: a gate is not passed by rounding."""
        return 100 * self.linkable // self.rows if self.rows else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What was shown on paper; a new one takes the place of the one before, what is None stays.

    Attributes:
        accession: reference of the accession statement (toetredingsverklaring).
        dpia: reference of the impact assessment; `dpia_review_on` is when it is to be judged again.
    """

    accession: str | None = None
    profile: frozenset[ProfilePart] | None = None
    dpia: str | None = None
    dpia_review_on: date | None = None
    standards: frozenset[Standard] | None = None
    linkage: Linkage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A location that takes part from a day until the day on which that is over. Source: ONB-04."""

    code: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """Rules of an organisation's own: each narrows what its kind may, None leaves it as it is.

    Attributes:
        told_at_most: how much is told of it.
        bases: on which it signals.
        brackets: of whose age.
        hears_back: whether anything may be told back to it.

    Source:
        ONB-05.
    """

    reference: str
    told_at_most: int | None = None
    bases: frozenset[str] | None = None
    brackets: frozenset[str] | None = None
    hears_back: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """How far an organisation is.

    Attributes:
        missing: what is not in order today; of an organisation that is live, what has to be mended.
        trained: how many of its staff who may report were trained, and how many there are.
        measured: what the hub saw itself of what it posted; None while that is too little.
        told_at_most, bases, brackets, hears_back: by its own addendum.
    """

    organisation_id: UUID
    name: str
    kind: str
    state: Literal["joining", "active", "ended"]
    missing: tuple[Item, ...]
    dossier: Dossier
    locations: tuple[Location, ...] = ()
    trained: tuple[int, int] = (0, 0)
    measured: Linkage | None = None
    open_signals: int | None = None
    told_at_most: int | None = None
    bases: frozenset[str] | None = None
    brackets: frozenset[str] | None = None
    hears_back: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the gate may see."""

    has_covenant: bool
    needs_decision: bool
    has_decision: bool
    may_signal: bool
    schemes: frozenset[str]
    dossier: Dossier
    locations: tuple[Location, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """How an organisation leaves; an heir is of the same kind and goes on with its clients."""

    ending: Ending
    heir_id: UUID | None = None
    coordinator_id: UUID | None = None
