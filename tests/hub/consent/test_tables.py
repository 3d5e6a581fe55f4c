"""The tables of a policy set: every row of it is in them, and the lawyer's page is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.consent.loading import default_policy
from hub.consent.tables import place_tables, write_tables

RULES = default_policy()
PAGE = Path(__file__).parents[3] / "docs" / "consent.md"


def test_the_lawyers_page_is_current() -> None:
    """Mend it with: dat-hub policy tables --file hub/consent/default_policy.toml --page docs/consent.md."""
    page = PAGE.read_text("utf-8")
    assert place_tables(page, RULES) == page


def test_every_row_of_the_policy_set_is_in_the_tables() -> None:
    tables = write_tables(RULES)
    rows = [*RULES.bases, *RULES.exceptions, *RULES.overrides]
    assert all(f"`{row.code}`" in tables and row.source in tables for row in rows)
    assert all(f"`{row.kind}`" in tables for row in RULES.partners)
    assert all(row.act.replace("_", " ") in tables for row in RULES.acts)
    assert RULES.hash in tables


def test_a_page_without_a_place_is_left_alone() -> None:
    with pytest.raises(ValueError, match="no place"):
        place_tables("# A page", RULES)
