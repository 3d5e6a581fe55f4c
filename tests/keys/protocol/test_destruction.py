"""A receipt says that one key is gone, in the name of one holder."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from nacl.signing import SigningKey

from keys.protocol.data_keys import key_id
from keys.protocol.destruction import require_destroyed, sign_destruction
from keys.protocol.errors import ReceiptError

KEY = SigningKey(bytes(32))
PUBLIC = bytes(KEY.verify_key)
ID = key_id(bytes(14), 7)
RECEIPT = sign_destruction(
    KEY, holder="holder.example", key_id=ID, destroyed_at="2026-11-18T12:00:00Z", leaf_hash=bytes(32)
)


def test_a_receipt_is_checked_offline_with_the_holders_public_key() -> None:
    require_destroyed(RECEIPT, PUBLIC, key_id=ID)


def test_the_same_facts_give_the_same_receipt() -> None:
    again = sign_destruction(
        KEY, holder="holder.example", key_id=ID, destroyed_at="2026-11-18T12:00:00Z", leaf_hash=bytes(32)
    )
    assert again == RECEIPT


@pytest.mark.parametrize(
    "change",
    [
        {"holder": "other.example"},
        {"key_id": key_id(bytes(14), 8)},
        {"destroyed_at": "2026-11-19T12:00:00Z"},
        {"leaf_hash": b"\1" * 32},
        {"leaf_hash": b""},
        {"signature": bytes(64)},
        {"signature": b""},
    ],
)
def test_a_receipt_that_was_changed_is_refused(change: dict[str, Any]) -> None:
    changed = replace(RECEIPT, **change)
    with pytest.raises(ReceiptError):
        require_destroyed(changed, PUBLIC, key_id=changed.key_id)


def test_a_receipt_of_another_key_or_another_holder_is_refused() -> None:
    with pytest.raises(ReceiptError):
        require_destroyed(RECEIPT, PUBLIC, key_id=key_id(bytes(14), 8))
    with pytest.raises(ReceiptError):
        require_destroyed(RECEIPT, bytes(SigningKey(b"\1" * 32).verify_key), key_id=ID)
