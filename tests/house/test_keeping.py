"""Every table of the hub has a term, goes with a class that has one, or says why it stays. Source: AUD-09."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hub.models  # noqa: F401
from hub.base import Base
from hub.retaining.kept import GOES_WITH, KEPT
from hub.retaining.registry import KEEPINGS
from hub.retention.terms import default_terms

ROLES = (Path(__file__).resolve().parents[2] / "deploy/postgresql/roles.sql").read_text("utf-8")
RULED = {one.table.name for one in KEEPINGS}
# A rule in words only: the data keys of the log's values are destroyed, which is no row that goes.
BY_KEY = {"audit_private"}


def test_aud_09_every_table_has_a_term_or_a_reason_and_never_two() -> None:
    named = [*RULED, *GOES_WITH, *KEPT]
    assert sorted(named) == sorted(Base.metadata.tables)
    assert all(len(reason) > 20 for reason in KEPT.values())


def test_aud_09_every_term_has_its_job_and_every_job_its_term() -> None:
    rules = [one.rule for one in KEEPINGS]
    assert len(rules) == len(set(rules))
    assert set(rules) == {one.code for one in default_terms().rules} - BY_KEY
    assert set(GOES_WITH.values()) <= set(rules)


@pytest.mark.parametrize("table", sorted(RULED | set(GOES_WITH)))
def test_the_worker_and_nobody_else_may_clear_what_has_a_term(table: str) -> None:
    found = re.search(rf"\('{table}',\s+'([^']*)', '([^']*)', '([^']*)'", ROLES)
    assert found is not None
    assert "DELETE" in found[2]
    assert "DELETE" not in found[3]


@pytest.mark.parametrize("table", ["policy_set", "arrangement"])
def test_con_01_nobody_can_remove_a_version(table: str) -> None:
    found = re.search(rf"\('{table}',(.*)\)", ROLES)
    assert found is not None
    assert "DELETE" not in found[1]
