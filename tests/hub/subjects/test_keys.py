"""The hub's keys: loaded whole, rotated weekly, destroyed after the grace."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from hub.audit.models import LOG
from hub.subjects.keys import (
    Keyring,
    create_subject_keys,
    envelope_public_keys,
    list_envelope_keys,
    load_subject_keys,
    renew_envelope_keys,
)
from hub.subjects.renewing import renew_keys
from service.database import Database
from service.errors import UnavailableError
from service.keystore import FileKeyStore
from service.work import SYSTEM
from tests.hub.audit.test_service import force


@pytest.fixture
def store(tmp_path: Path) -> FileKeyStore:
    return FileKeyStore(tmp_path / "keys")


def test_a_new_hub_has_every_key_once(store: FileKeyStore, now: datetime) -> None:
    create_subject_keys(store, now=now)
    keys = load_subject_keys(store, "hub")
    assert (set(keys.peppers), set(keys.row_keys), keys.row_epoch) == ({1}, {1}, 1)
    assert list(keys.envelope) == [key["kid"] for key in envelope_public_keys(store)]
    with pytest.raises(FileExistsError):
        create_subject_keys(store, now=now)


def test_a_hub_without_keys_is_not_opened(store: FileKeyStore) -> None:
    with pytest.raises(KeyError):
        load_subject_keys(store, "hub")


def test_an_envelope_key_lives_a_week_and_dies_48_hours_later(store: FileKeyStore, now: datetime) -> None:
    create_subject_keys(store, now=now)
    first, *others = list_envelope_keys(store)
    assert [key.valid_until - now for key in (first, *others)] == [timedelta(weeks=n) for n in range(1, 6)]
    assert renew_envelope_keys(store, now=now + timedelta(days=6)) == 0
    assert renew_envelope_keys(store, now=now + timedelta(days=9)) == 1
    assert first in list_envelope_keys(store)
    assert renew_envelope_keys(store, now=now + timedelta(days=9, seconds=1)) == 1
    assert list_envelope_keys(store)[:-1] == others


def test_after_a_long_sleep_every_old_key_is_gone_and_new_ones_are_there(
    store: FileKeyStore, now: datetime
) -> None:
    create_subject_keys(store, now=now)
    later = now + timedelta(days=400)
    renew_envelope_keys(store, now=later)
    assert all(later < key.valid_until for key in list_envelope_keys(store))
    assert len(list_envelope_keys(store)) == 5


def test_a_running_hub_keeps_its_keys_when_they_cannot_be_read_again(
    store: FileKeyStore, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_subject_keys(store, now=now)
    said = io.StringIO()
    monkeypatch.setattr("hub.subjects.keys.log", structlog.wrap_logger(structlog.WriteLogger(said)))
    ring = Keyring(store, "hub")
    before = ring.current()
    monkeypatch.setattr("hub.subjects.keys.READ_AGAIN", -1.0)
    empty = store.directory / "envelope.20270101t000000z-deadbeef"
    empty.touch(mode=0o600)
    assert ring.current() is before
    assert "ValueError" in said.getvalue()
    empty.unlink()
    assert ring.current() is not before


def test_no_secret_shows_in_a_representation(store: FileKeyStore, now: datetime) -> None:
    create_subject_keys(store, now=now)
    keys = load_subject_keys(store, "hub")
    assert repr(keys) == "SubjectKeys(hub_id='hub')"


def test_keys_are_renewed_once_the_log_says_so(
    store: FileKeyStore, hub_database: Database, now: datetime
) -> None:
    create_subject_keys(store, now=now)
    assert renew_keys(hub_database, store, now=now) == 0
    assert _renewals(hub_database) == 0
    force(hub_database, "ALTER TABLE audit_pending RENAME TO hidden")
    with pytest.raises(UnavailableError):
        renew_keys(hub_database, store, now=now + timedelta(days=10))
    assert len(list_envelope_keys(store)) == 5
    force(hub_database, "ALTER TABLE hidden RENAME TO audit_pending")
    assert renew_keys(hub_database, store, now=now + timedelta(days=10)) == 2
    assert _renewals(hub_database) == 1


def _renewals(database: Database) -> int:
    with database.look(SYSTEM) as work:
        return sum(b'"key.renewed"' in leaf for leaf in work.session.scalars(select(LOG.event.c.leaf)))
