"""How large a simulation is, and the kinds of partner that take part in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What is simulated.

    Attributes:
        clients_per_1000: residents whom any partner meets in the year.
        per_team: casemanagers of one municipality.
        per_kind: partners of one kind at most.
    """

    seed: int = 1
    inhabitants: int = 300_000
    days: int = 365
    clients_per_1000: int = 14
    per_team: int = 9
    per_kind: int = 12

    @property
    def last_day(self) -> date:
        """Return the last simulated day."""
        return FIRST_DAY + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of partner.

    Attributes:
        basis: by which it posts about somebody of this age; None: it doesn't.
        weekdays: whether it meets people on working days only.
    """

    number: int
    weight: float
    has_bsn: bool
    youth: str | None
    adult: str | None
    youngest: int = 0
    oldest: int = 120
    weekdays: bool = True


KINDS: Mapping[str, Kind] = {
    "school": Kind(number=12, weight=5, has_bsn=False, youth="JW_7_1_4_1", adult=None, youngest=4, oldest=20),
    "school_attendance": Kind(
        number=4, weight=2, has_bsn=False, youth="JW_7_1_4_1", adult=None, youngest=5, oldest=17
    ),
    "police": Kind(number=1, weight=3, has_bsn=False, youth="WPG_YOUTH", adult="WPG_ADULT", weekdays=False),
    "housing_association": Kind(
        number=3, weight=4, has_bsn=False, youth=None, adult="NO_OBJECTION", youngest=18
    ),
    "youth_care": Kind(number=3, weight=2, has_bsn=True, youth="JW_7_1_4_1", adult=None),
    "youth_health": Kind(number=1, weight=3, has_bsn=True, youth="JW_7_1_4_1", adult=None, oldest=18),
    "youth_protection": Kind(number=1, weight=1, has_bsn=True, youth="JW_7_1_4_1", adult=None, oldest=17),
    "veilig_thuis": Kind(number=1, weight=1, has_bsn=True, youth="JW_7_1_4_1", adult=None, weekdays=False),
    "general_practitioner": Kind(number=8, weight=2, has_bsn=True, youth="JW_7_1_4_1", adult=None),
    "wmo_provider": Kind(number=4, weight=2, has_bsn=True, youth="JW_7_1_4_1", adult="CONSENT"),
}
# Four municipalities, told apart by their postcodes; the codes are fictive ones of the tests' range.
MUNICIPALITIES = ("9901", "9902", "9903", "9904")
