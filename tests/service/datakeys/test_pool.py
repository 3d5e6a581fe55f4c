"""Fresh keys at hand: each once, without waiting, and for a while without their custodian."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from keys.protocol.data_keys import BATCH_KEYS
from service.database import Database
from service.datakeys import pool as pools
from service.datakeys.custody import Batch, Purpose
from service.datakeys.local import LocalCustody, VolatileKeyStore
from service.datakeys.pool import DataKeyPool, DataKeysUnavailableError
from service.datakeys.sealing import SealedError, key_id_of, open_with, seal, unseal
from service.errors import UnavailableError
from service.work import SYSTEM


class Away(LocalCustody):
    """A custodian that can be out of reach."""

    def __init__(self, *, separated: bool = False) -> None:
        super().__init__(VolatileKeyStore())
        self.separated = separated
        self.away = False
        self.asked = 0
        self.answered = threading.Event()

    def issue(self) -> Batch:
        self.asked += 1
        self.answered.set()
        if self.away:
            raise UnavailableError
        return super().issue()


def test_every_key_is_handed_out_once_and_can_be_asked_back() -> None:
    custody = Away()
    pool = DataKeyPool(custody, ahead=2 * BATCH_KEYS)
    # A loop empties a pool faster than its thread fills it: it waits, and is not refused.
    taken = [pool.take() for _ in range(2 * BATCH_KEYS + 9)]
    assert len({key.id for key in taken}) == len({key.secret for key in taken}) == len(taken)
    given = custody.release([key.id for key in taken[:50]], Purpose.LOG_READING)
    assert given == {key.id: key.secret for key in taken[:50]}


def test_only_who_finds_no_key_waits_for_the_custodian() -> None:
    custody = Away()
    pool = DataKeyPool(custody)
    pool.take()
    assert custody.asked == 1
    custody.away = True
    for _ in range(BATCH_KEYS - 1):
        pool.take()
    with pytest.raises(DataKeysUnavailableError) as refused:
        pool.take()
    assert refused.value.retry_after


def test_a_custodian_that_is_away_is_not_asked_again_at_every_post(monkeypatch: pytest.MonkeyPatch) -> None:
    custody = Away()
    custody.away = True
    pool = DataKeyPool(custody)
    for _ in range(20):
        with pytest.raises(DataKeysUnavailableError):
            pool.take()
    assert custody.asked == 1
    custody.away = False
    monkeypatch.setattr(pools, "monotonic", lambda: float("inf"))
    assert pool.take()


def test_who_takes_a_key_never_waits_for_another_house() -> None:
    custody = Away(separated=True)
    pool = DataKeyPool(custody, ahead=BATCH_KEYS)
    with pytest.raises(DataKeysUnavailableError):
        pool.take()
    pool.stock(BATCH_KEYS + 1)
    assert len({pool.take().id for _ in range(BATCH_KEYS + 1)}) == BATCH_KEYS + 1


def test_while_keys_are_waited_for_others_write_to_the_one_writer_of_sqlite(tmp_path: Path) -> None:
    custody = Away(separated=True)
    database = Database(f"sqlite:///{tmp_path / 'store.db'}", data_keys=DataKeyPool(custody))
    other = sqlite3.connect(tmp_path / "store.db", timeout=0, check_same_thread=False)

    def hang() -> Batch:
        other.execute("BEGIN IMMEDIATE")  # fails where the transaction that wants a key was begun before
        other.rollback()
        raise UnavailableError

    custody.issue = hang  # type: ignore[method-assign]
    with pytest.raises(DataKeysUnavailableError), database.work(SYSTEM) as work:
        work.data_keys.take()
    with database.work(SYSTEM) as work:  # what needs no key goes on
        assert work.session.scalar(text("SELECT 1"))
    other.close()
    database.close()


def test_an_actor_has_one_key_a_year_in_a_process() -> None:
    pool = DataKeyPool(Away())
    key = pool.of_actor("anna", 2026)
    assert pool.of_actor("anna", 2026) is key
    assert key not in (pool.of_actor("anna", 2027), pool.of_actor("bram", 2026), pool.take())


def test_a_forked_process_does_not_go_on_with_its_parents_keys() -> None:
    pool = DataKeyPool(Away())
    pool.take()
    parents = {key.id for key in pool._ready}
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        os.write(write, pool.take().id)
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 16) not in parents


def test_a_sealed_value_opens_in_its_own_place_and_with_its_own_key_only() -> None:
    pool = DataKeyPool(Away())
    key, other = pool.take(), pool.take()
    sealed = seal(key, b"value", place=b"here")
    assert unseal(key.secret, sealed, place=b"here") == b"value"
    assert key_id_of(sealed) == key.id
    assert b"value" not in sealed
    assert open_with({other.id: other.secret}, sealed, place=b"here") is None
    for secret, data, place in (
        (other.secret, sealed, b"here"),
        (key.secret, sealed, b"there"),
        (key.secret, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"here"),
        (key.secret, b"", b"here"),
    ):
        with pytest.raises(SealedError):
            unseal(secret, data, place=place)


def test_neither_a_key_nor_a_batch_shows_its_secret() -> None:
    custody = Away()
    batch, key = custody.issue(), DataKeyPool(custody).take()
    assert batch.root.hex() not in repr(batch)
    assert repr(batch.root) not in repr(batch)
    assert repr(key.secret) not in repr(key)
