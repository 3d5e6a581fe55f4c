"""Nobody reads the log without a line in the log that says who, what and for which purpose."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from hub.audit import covering
from hub.audit.commands import audit_app
from hub.audit.covering import Cover
from hub.audit.errors import AuditUnavailableError
from hub.audit.models import LOG
from hub.audit.reading import ReadingPurpose, reading, record_reading
from hub.context import open_database
from hub.initialising import initialise
from hub.migrating import migrate
from hub.settings import HubSettings
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests.builders import audit_values
from tests.hub.audit.conftest import Watched
from tests.witnesses import COSIGNER


def leaves(database: Database) -> list[dict[str, object]]:
    with database.look(SYSTEM) as work:
        return [
            json.loads(leaf) for leaf in work.session.execute(LOG.event.select()).columns("leaf").scalars()
        ]


def test_who_reads_names_a_purpose_and_about_whom_is_sealed(watched: Watched) -> None:
    whom = str(uuid4())
    with watched.database.work(OPERATOR) as work:
        record_reading(work, ReadingPurpose.MISUSE_CHECK, what="AUD-04", about={"staff": whom})
    [leaf] = leaves(watched.database)
    assert (leaf["ev"], leaf["pur"], leaf["role"]) == ("log.read", "misuse_check", "operator")
    assert whom not in json.dumps(leaf)
    with watched.database.look(SYSTEM) as work:
        assert whom in audit_values(work, "subject")[0].decode()


def test_what_is_read_is_not_even_begun_before_a_witness_saw_the_record(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("PATIENCE", 0.1), ("BACK_OFF", 0.0), ("COUNT_EVERY", 0.0)):
        monkeypatch.setattr(covering, name, seconds)
    worker = watched.new_worker()
    watched.act()
    worker.turn()
    read = []
    for nudge in (None, worker.turn):
        cover = Cover(COSIGNER.name, nudge=nudge)
        try:
            with reading(watched.database, cover, OPERATOR, ReadingPurpose.OPERATION, what="tiles"):
                read.append(nudge is not None)
        except AuditUnavailableError:
            assert nudge is None
    assert read == [True]


def test_the_commands_that_read_write_that_they_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = HubSettings(data=tmp_path / "hub")
    initialise(settings)
    database = open_database(settings)
    migrate(database)
    monkeypatch.setenv("DAT_HUB_DATA", str(settings.data))
    for words in (["verify"], ["verify", "--open"], ["export-tiles", str(tmp_path / "log")]):
        assert CliRunner().invoke(audit_app, words).exit_code == 0
    found = [(leaf["ev"], leaf["pur"], leaf["out"]) for leaf in leaves(database)]
    assert sorted(one for one in found if one[0].startswith("log.")) == [
        ("log.read", "external_audit", "ok"),
        ("log.read", "operation", "ok"),
        ("log.verified", "operation", "ok"),
        ("log.verified", "operation", "ok"),
    ]
    database.close()
