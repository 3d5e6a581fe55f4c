"""Each acceptance test of each arrangement is a journey that is called by its letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Which acceptance tests each row has; a row with one of them has no letters in its source.
LETTERS = {
    1: "abcde", 2: "a", 3: "abc", 4: "abc", 5: "abc", 6: "abc", 7: "abc", 8: "abc", 9: "abcd", 10: "abcd",
    11: "abc", 12: "abc", 13: "abcd", 14: "abc", 15: "a", 16: "a",
}  # fmt: skip


@pytest.mark.parametrize("row", LETTERS)
def test_every_letter_of_a_row_has_a_journey(row: int) -> None:
    (file,) = HERE.glob(f"test_row_{row:02}_*.py")
    found = re.findall(r"^def test_([a-e])_", file.read_text("utf-8"), flags=re.MULTILINE)
    assert set(found) == set(LETTERS[row])
