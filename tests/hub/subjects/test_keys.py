"""The hub's keys: loaded whole, rotated weekly, destroyed after the grace."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hub.subjects.keys import (
    create_subject_keys,
    destroy_old_envelope_keys,
    list_envelope_keys,
    load_subject_keys,
    rotate_envelope_key,
)
from service.keystore import FileKeyStore


@pytest.fixture
def store(tmp_path: Path) -> FileKeyStore:
    return FileKeyStore(tmp_path / "keys")


def test_a_new_hub_has_every_key_once(store: FileKeyStore, now: datetime) -> None:
    created = create_subject_keys(store, now=now)
    keys = load_subject_keys(store, "hub")
    assert set(keys.envelope) == {created.kid}
    assert created.created_at == now
    assert (set(keys.peppers), set(keys.row_keys), keys.row_epoch) == ({1}, {1}, 1)
    with pytest.raises(FileExistsError):
        create_subject_keys(store, now=now)


def test_a_hub_without_keys_is_not_opened(store: FileKeyStore) -> None:
    with pytest.raises(KeyError):
        load_subject_keys(store, "hub")


def test_an_envelope_key_lives_a_week_and_dies_48_hours_after_its_successor(
    store: FileKeyStore, now: datetime
) -> None:
    first = create_subject_keys(store, now=now)
    assert rotate_envelope_key(store, now=now + timedelta(days=6)) is None
    second = rotate_envelope_key(store, now=now + timedelta(days=7))
    assert second is not None
    assert destroy_old_envelope_keys(store, now=now + timedelta(days=9)) == []
    assert destroy_old_envelope_keys(store, now=now + timedelta(days=9, seconds=1)) == [first.kid]
    assert [key.kid for key in list_envelope_keys(store)] == [second.kid]
    assert destroy_old_envelope_keys(store, now=now + timedelta(days=99)) == []


def test_no_secret_shows_in_a_representation(store: FileKeyStore, now: datetime) -> None:
    create_subject_keys(store, now=now)
    keys = load_subject_keys(store, "hub")
    assert repr(keys) == "SubjectKeys(hub_id='hub')"
