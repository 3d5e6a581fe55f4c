"""The agenda of the team meeting, as it is printed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from dat_client.agenda import print_agenda, print_agenda_page
from dat_client.answers import IntakeItem

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ITEMS = [
    IntakeItem(
        item_id=UUID(int=1),
        waiting_since=datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
        brackets=("12-15",),
        partners=("education", None),
        state="waiting",
    ),
    IntakeItem(
        item_id=UUID(int=2),
        waiting_since=datetime(2026, 11, 16, 9, 0, tzinfo=UTC),
        brackets=("0-11", "12-15"),
        partners=("<housing>",),
        state="waiting",
        left=True,
    ),
    IntakeItem(item_id=UUID(int=3), waiting_since=NOW, brackets=("23+",), state="accepted"),
]


def test_the_agenda_shows_numbers_brackets_and_days_longest_first() -> None:
    _, _, _, first, second = print_agenda(ITEMS, now=NOW).splitlines()
    assert first.split("  ")[:4] == ["1", str(UUID(int=2)), "0-11 / 12-15", "9"]
    assert "teamleider" in first
    assert second == f"2  {UUID(int=1)}  12-15  1  education"


@pytest.mark.parametrize("shown", [print_agenda, print_agenda_page])
def test_what_was_taken_is_not_on_the_agenda(shown: object) -> None:
    assert str(UUID(int=3)) not in shown(ITEMS, now=NOW)  # type: ignore[operator]


def test_the_page_escapes_what_it_shows_and_loads_nothing() -> None:
    page = print_agenda_page(ITEMS, now=NOW)
    assert "&lt;housing&gt;" in page
    assert not any(word in page for word in ("<housing>", "http", "src=", "<script", "<link"))
