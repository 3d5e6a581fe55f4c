"""Tell the hub how old a person is without telling when they were born."""

from __future__ import annotations

from datetime import date
from typing import Literal

from dat_client.identity.person import RefusalReason, RefusedPersonError

Bracket = Literal["0-11", "12-15", "16-17", "18-22", "23+"]

_BRACKETS: tuple[tuple[int, Bracket], ...] = ((12, "0-11"), (16, "12-15"), (18, "16-17"), (23, "18-22"))


def bracket(birth_date: date, on: date) -> Bracket:
    """Give the age bracket a person is in on a day.

    Raises:
        RefusedPersonError: The person is born after that day.

    Source: design.md 7; born on 29 February, one comes of age on 1 March.
    """
    age = _age(birth_date, on)
    return next((name for end, name in _BRACKETS if age < end), "23+")


def bracket_ends(birth_date: date, on: date) -> str | None:
    """Give the quarter ('2031-Q2') in which the person grows out of the bracket, None for the last.

    A quarter and not a month: the month would be the birth month.
    """
    age = _age(birth_date, on)
    end = next((end for end, _ in _BRACKETS if age < end), None)
    return f"{birth_date.year + end:04}-Q{(birth_date.month + 2) // 3}" if end else None


def _age(birth_date: date, on: date) -> int:
    if birth_date > on:
        raise RefusedPersonError(RefusalReason.FUTURE_BIRTH_DATE)
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
