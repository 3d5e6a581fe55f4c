"""Data keys in a directory: destroyed is gone from its files, and said so the same way each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from keys.protocol.data_keys import derive_all, key_id
from keys.protocol.errors import ReceiptError
from service.datakeys.custody import Purpose
from service.datakeys.local import LocalCustody


@pytest.fixture
def custody(tmp_path: Path) -> LocalCustody:
    """A custody in a directory."""
    return LocalCustody.in_directory(tmp_path / "data-keys")


def release(custody: LocalCustody, *ids: bytes) -> dict[bytes, bytes]:
    return dict(custody.release(ids, Purpose.LOG_READING))


def test_a_destroyed_key_is_given_to_nobody_and_its_neighbours_are(
    custody: LocalCustody, tmp_path: Path
) -> None:
    batch = custody.issue()
    keys = derive_all(batch.root)
    gone, near, far = (key_id(batch.id, number) for number in (6, 7, 4_000))
    custody.destroy([gone])
    reopened = LocalCustody.in_directory(tmp_path / "data-keys")
    assert release(reopened, gone, near, far) == {near: keys[7], far: keys[4_000]}
    files = [path.read_bytes() for path in (tmp_path / "data-keys").iterdir()]
    assert batch.root not in files


def test_destroying_twice_gives_the_same_receipt(custody: LocalCustody) -> None:
    ids = [key_id(custody.issue().id, number) for number in (1, 2)]
    receipts = custody.destroy(ids)
    assert custody.destroy(ids) == receipts
    for id_, receipt in zip(ids, receipts, strict=True):
        custody.require_receipt(receipt, key_id=id_)
    with pytest.raises(ReceiptError):
        custody.require_receipt(receipts[0], key_id=ids[1])


def test_a_kill_in_the_middle_is_finished_the_next_time(
    custody: LocalCustody, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = custody.issue()
    gone, near = key_id(batch.id, 6), key_id(batch.id, 7)

    def killed(_name: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(custody._keys, "destroy", killed)
        with pytest.raises(KeyboardInterrupt):
            custody.destroy([gone])
    assert release(custody, gone)
    custody.destroy([gone])
    assert release(custody, gone, near) == {near: derive_all(batch.root)[7]}
