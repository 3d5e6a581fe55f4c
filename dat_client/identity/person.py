"""Say what a partner may know of a person, and why a person can be refused.

Nothing here ever shows a value: a person has no telling `repr`, a refusal names its reason only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

Sex = Literal["M", "V", "O", ""]


class RefusalReason(StrEnum):
    """Name why no pseudonym can be made; the closed list that reports count by."""

    NO_NAME = "no_name"
    UNKNOWN_BIRTH_DATE = "unknown_birth_date"
    IMPOSSIBLE_BIRTH_DATE = "impossible_birth_date"
    UNREADABLE_BIRTH_DATE = "unreadable_birth_date"
    FUTURE_BIRTH_DATE = "future_birth_date"
    BAD_BSN = "bad_bsn"
    TOO_FEW_KEYS = "too_few_keys"


class RefusedPersonError(Exception):
    """Report that a person cannot become tokens, by reason and never by value."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """Hold one person as the partner's file has it: the birth name, not the partner's name.

    `birth_date` is taken as given ('yyyymmdd', ISO or 'dd-mm-yyyy'); `prefix` never changes a token, because
    systems disagree on whether a particle stands in its own column.
    """

    surname: str
    given_names: str = ""
    prefix: str = ""
    birth_date: str | date = ""
    sex: Sex = ""
    bsn: str | None = None
    postcode: str = ""
    house_number: str = ""
    house_addition: str = ""

    def __repr__(self) -> str:
        return "Person(...)"
