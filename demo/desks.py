"""The organisations of the fictive municipality Waterstad, and whom each may write about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CASEMANAGERS = ("noord", "midden", "zuid")
LEAD = "lead"
COUNTER = "balie"
TEAM_BASIS = "JW_WMO_TASK"


@dataclass(frozen=True, slots=True)
class Desk:
    """One organisation that takes part.

    Attributes:
        folder: its trust domain, under `partners/`.
        uses_bsn: whether its covenant lets it use the citizen service number.
        contact: how recipients may reach its reporter: a function and a desk number.
    """

    folder: str
    kind: str
    name: str
    oin: str
    uses_bsn: bool = False
    contact: str | None = None

    @property
    def bases(self) -> tuple[str, ...]:
        """Name the legal bases that its desk page offers, the usual one first."""
        if self.kind == "police":
            return ("WPG_YOUTH", "WPG_ADULT")
        if self.kind == "municipal_team":
            return (TEAM_BASIS,)
        return ("NO_OBJECTION",) if self.kind == "housing_association" else ("JW_7_1_4_1", "CONSENT")

    @property
    def schemes(self) -> tuple[str, ...]:
        """Name the identity schemes it may use."""
        return ("bsn", "demographic") if self.uses_bsn else ("demographic",)


POLICE = Desk(
    "police", "police", "Politie Waterstad", "00000099000000001000", contact="Wijkagenten, 0900-0000 toets 1"
)
HOUSING = Desk(
    "housing",
    "housing_association",
    "Woonstichting De Dijk",
    "00000099000000002000",
    contact="Woonconsulenten, 0900-0000 toets 2",
)
SCHOOL = Desk(
    "school",
    "school",
    "Scholengemeenschap De Linde",
    "00000099000000003000",
    contact="Zorgteam, 0900-0000 toets 3",
)
ATTENDANCE = Desk(
    "attendance",
    "school_attendance",
    "Leerplicht Waterstad",
    "00000099000000004000",
    uses_bsn=True,
    contact="Leerplichtambtenaren, 0900-0000 toets 4",
)
TEAM = Desk("team", "municipal_team", "Sociaal team Waterstad", "00000099000000005000", uses_bsn=True)
POSTING = (POLICE, HOUSING, SCHOOL, ATTENDANCE)
DESKS = (*POSTING, TEAM)


def find_basis(desk: Desk, born_on: date, *, today: date) -> str | None:
    """Name the legal basis on which a desk may write about somebody of this age, or None.

    Whoever comes of age in this quarter may be on either side of the line, and must be allowed on both.

    Source: domain.md 5.1, as `hub/consent/default_policy.toml` has it.
    """
    youngest, oldest = age_on(born_on, today), age_on(born_on, _quarter_end(today))
    if desk == HOUSING:
        return "NO_OBJECTION" if youngest >= 18 else None
    if desk == POLICE:
        return "WPG_YOUTH" if oldest < 23 else "WPG_ADULT" if youngest >= 18 else None
    return "JW_7_1_4_1" if oldest < 23 and youngest >= (5 if desk == ATTENDANCE else 4) else None


def age_on(born_on: date, day: date) -> int:
    """Count the full years of somebody on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _quarter_end(day: date) -> date:
    month = (day.month + 2) // 3 * 3
    return date(day.year, month, 31 if month in (3, 12) else 30)
