"""What a statistical table is, before and after it is protected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from service.clock import AMSTERDAM

Code = Annotated[str, Field(pattern=r"^[a-z0-9+_-]{1,32}$")]
Municipality = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
# Where nobody said which municipality it is; no municipality has this code.
UNKNOWN = "0000"
# The category of a whole population, in which each person counts once.
WHOLE = ""
QUARTER = r"^20[2-9][0-9]-Q[1-4]$"
Population = Literal["matches", "signals", "endings", "objections", "overrides", "partners"]
FORBID: dict[str, str] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that may be released: how one population divides.

    Attributes:
        share: categories that together make the share that is worth following; none for no such share.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    code: Code
    population: Population
    categories: tuple[Code, ...]
    share: tuple[Code, ...] = ()
    nl: str
    en: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """How cells are protected; see `policy.protect`.

    Attributes:
        ripens_days: how long after its end a period may be released.
        yearly: municipalities of which a quarter would show nothing.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    threshold: Annotated[int, Field(ge=10, le=1000)] = 10
    round_to: Annotated[int, Field(ge=3, le=100)] = 5
    ripens_days: Annotated[int, Field(ge=14, le=90)] = 21
    yearly: frozenset[Municipality] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Every table that may be released, in order, and how each is protected; `hash` names the document."""

    __pydantic_config__: ClassVar[dict[str, str]] = FORBID

    hash: str
    tables: tuple[Table, ...]
    protection: Protection = field(default_factory=Protection)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day until the day after the last."""

    since: date
    until: date

    @property
    def begins_at(self) -> datetime:
        """Return the Dutch midnight with which it begins."""
        return datetime.combine(self.since, time(), AMSTERDAM)

    @property
    def ends_at(self) -> datetime:
        """Return the Dutch midnight with which it is over."""
        return datetime.combine(self.until, time(), AMSTERDAM)


@dataclass(frozen=True, slots=True)
class Counted:
    """How a population divides: how many there are, of how many persons, and how many persons in all.

    Ten signals of one person are ten, and one: what is shown is how many there are, whether it is shown
    follows the persons. Source: STA-04.
    """

    numbers: Mapping[str, int]
    persons: Mapping[str, int]
    everybody: int


@dataclass(frozen=True, slots=True)
class Cells:
    """A table as it is shown: None is a cell that is not.

    Attributes:
        total: of the population; None when that is too small itself.
        cells: each a multiple of the rounding base, or None.
    """

    total: int | None
    cells: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A table of one municipality and period, as it was released and always will be."""

    quarter: str
    municipality: str
    since: date
    until: date
    code: str
    shown: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Everything that was released with a quarter."""

    quarter: str
    declaration: str
    released_at: datetime
    tables: tuple[Released, ...]


def period_of(quarter: str) -> Period:
    """Return the days of a quarter that is written as `2026-Q3`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    begins = date(year, 3 * number - 2, 1)
    ends = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    return Period(begins, ends)
