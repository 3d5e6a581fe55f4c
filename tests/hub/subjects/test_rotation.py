"""Stored pseudonyms move to a new key, and meet those that were made under it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from hub.subjects.models import RegistrationRow
from hub.subjects.opening import Pseudonyms, make_token, seal_elements, unseal_elements
from hub.subjects.rotation import Rotation, rotate_registrations
from hub.subjects.service import (
    NewRegistration,
    RegistrationKind,
    SubjectKeys,
    Verdict,
    claim_changed,
    find_agreeing,
    store_registrations,
)
from keys.protocol.envelope import Entry
from keys.protocol.rotation import delta
from keys.protocol.sodium import multiply, random_scalar
from service.database import Database
from service.datakeys.custody import Purpose
from service.datakeys.releasing import release
from service.datakeys.sealing import key_id_of
from service.work import SYSTEM
from tests import builders

OLD = builders.subject_keys()
NEW = replace(OLD, row_keys={**OLD.row_keys, 2: bytes([4]) * 32})
PERSON = {"A": 1, "F": 1, "bsn": 1}


def evaluated(secret: bytes, bsn_secret: bytes, epoch: int, bsn_epoch: int) -> list[Entry]:
    """A person's pseudonyms under a demographic key and a key for service numbers."""
    return [
        Entry(
            entry.token_type,
            bsn_epoch if entry.token_type == "bsn" else epoch,
            multiply(bsn_secret if entry.token_type == "bsn" else secret, entry.element),
        )
        for entry in builders.entries(PERSON)
    ]


def registration(keys: SubjectKeys, entries: list[Entry], now: datetime) -> NewRegistration:
    id_ = uuid4()
    tokens = tuple(make_token(keys, entry) for entry in entries)
    key = keys.data_keys.take()
    opened = Pseudonyms(id_, tokens, seal_elements(keys, id_, entries, key=key), keys.row_epoch, key)
    return NewRegistration(id_, RegistrationKind.SIGNAL, uuid4(), now, now + timedelta(days=9), opened)


def require_nothing_held(database: Database, patch: pytest.MonkeyPatch) -> None:
    """While the custodian is asked, others write: also to the one writer of SQLite."""
    custody = database.data_keys.custody
    given = custody.release

    def slowly(ids: Collection[bytes], purpose: Purpose) -> dict[bytes, bytes]:
        with database.writer.connect() as other, other.begin():
            other.exec_driver_sql("UPDATE registration SET kind = kind")
        return dict(given(ids, purpose))

    patch.setattr(custody, "release", slowly)


def test_what_was_stored_under_the_old_key_meets_what_comes_under_the_new_one(
    hub_database: Database, now: datetime
) -> None:
    old_secret, new_secret, bsn_secret = (random_scalar() for _ in range(3))
    before = [registration(OLD, evaluated(old_secret, bsn_secret, 1, 1), now) for _ in range(3)]
    after = registration(NEW, evaluated(new_secret, bsn_secret, 2, 1), now)
    with hub_database.work(SYSTEM, now=now) as work:
        store_registrations(work, [*before, after])
        claim_changed(work, 9)
        agreed = find_agreeing(work, [after.id], kinds=[RegistrationKind.SIGNAL])
        assert {one.agreed for one in agreed} == {frozenset({"bsn"})}
    rotation = Rotation(1, 2, 1, {"demographic": delta(old_secret, new_secret)})
    done = []
    with pytest.MonkeyPatch.context() as patch:
        require_nothing_held(hub_database, patch)
        while not done or done[-1]:
            done.append(rotate_registrations(hub_database, NEW, rotation, limit=2, now=now))
    assert done == [2, 1, 0]
    with hub_database.work(SYSTEM, now=now) as work:
        agreed = find_agreeing(work, [after.id], kinds=[RegistrationKind.SIGNAL])
        assert {one.right for one in agreed} == {one.id for one in before}
        assert {(one.agreed, one.verdict) for one in agreed} == {(frozenset({"A", "F", "bsn"}), Verdict.SAME)}
        assert set(claim_changed(work, 9)) == {one.id for one in before}
        row = work.session.get_one(RegistrationRow, before[0].id)
        (key,) = release(work.data_keys.custody, [key_id_of(row.sealed)], Purpose.ROTATION).values()
        stored = unseal_elements(NEW, row.id, epoch=row.epoch, sealed=row.sealed, key=key)
    assert row.epoch == 2
    assert stored == evaluated(new_secret, bsn_secret, 2, 1)
