"""`dat-hub cases` as an operator uses it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner

from hub.cases.commands import cases_app
from hub.cases.models import QuotaDayRow
from service import clock
from service.database import Database
from service.work import SYSTEM
from tests.builders import admit_partner


def test_an_operator_allows_more_cases_for_a_day(
    hub_database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAT_HUB_DATABASE_URL", database_url)
    team = admit_partner(hub_database, "municipal_team", now=clock.now())
    for extra, code in (("2000", 0), ("5001", 2)):
        done = CliRunner().invoke(cases_app, ["allow", str(team.id), extra, "--on", "2027-01-04"])
        assert done.exit_code == code, done.output
    with hub_database.look(SYSTEM) as work:
        leaves = work.session.scalars(text("SELECT leaf FROM audit_event")).all()
        assert sum(b"case.quota_raised" in leaf for leaf in leaves) == 1
        assert [(row.used, row.extra) for row in work.session.scalars(select(QuotaDayRow))] == [(0, 2000)]
