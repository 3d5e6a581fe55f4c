"""A batch gives its keys until one is destroyed, and then all but that one, for ever."""

from __future__ import annotations

import hmac
import os
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.protocol.data_keys import (
    BATCH_KEYS,
    ROOT,
    derive,
    derive_all,
    key_id,
    path_to,
    place_of,
    puncture,
)
from keys.protocol.errors import EncodingError

SECRET = bytes(range(32))
KEYS = derive_all(SECRET)


def destroyed(kept: dict[int, bytes], number: int) -> None:
    leaf = BATCH_KEYS + number
    (node,) = kept.keys() & set(path_to(leaf))
    kept |= puncture(node, kept.pop(node), leaf)


def readable(kept: dict[int, bytes], number: int) -> list[bytes]:
    leaf = BATCH_KEYS + number
    return [derive(node, kept[node], leaf) for node in path_to(leaf) if node in kept]


def test_the_keys_of_a_batch_are_many_different_and_as_they_were_written_down() -> None:
    assert len(set(KEYS)) == len(KEYS) == 4_096
    first = SECRET
    for _ in range(12):
        first = hmac.digest(first, b"dat-hub/data-key/v1", "sha512")[:32]
    assert KEYS[0] == first
    assert KEYS[4_095].hex() == "57a2620ad86a08e15158859fce95037334cdffb8624c9e8b9f6c6a843c137a82"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, BATCH_KEYS - 1), min_size=1, max_size=20, unique=True), st.randoms())
def test_whatever_is_destroyed_in_whatever_order_the_others_live_and_it_does_not(
    gone: list[int], random: object
) -> None:
    kept = {ROOT: SECRET}
    for number in gone:
        destroyed(kept, number)
    assert [readable(kept, number) for number in gone] == [[]] * len(gone)
    others = {*range(0, BATCH_KEYS, 97), *(number ^ 1 for number in gone)} - set(gone)
    assert all(readable(kept, number) == [KEYS[number]] for number in others)


def test_nothing_that_is_kept_is_above_a_destroyed_key() -> None:
    kept = {ROOT: SECRET}
    destroyed(kept, 5)
    assert len(kept) == 12
    assert not kept.keys() & set(path_to(BATCH_KEYS + 5))
    # Nor does any secret that is kept give a secret of the way down: they are hashed downwards only.
    way = [derive(ROOT, SECRET, BATCH_KEYS + 5)]
    assert all(
        secret not in {hmac.digest(one, b"dat-hub/data-key/v1", "sha512")[:32] for one in kept.values()}
        for secret in way
    )


def test_a_way_down_begins_at_the_root_and_halves() -> None:
    path = path_to(BATCH_KEYS + 77)
    assert (path[0], path[-1], len(path)) == (ROOT, BATCH_KEYS + 77, 13)
    assert all(below // 2 == above for above, below in pairwise(path))


def test_an_id_names_one_key_and_nothing_else_is_an_id() -> None:
    batch = os.urandom(14)
    assert place_of(key_id(batch, 4_095)) == (batch, BATCH_KEYS + 4_095)
    for wrong in (b"", batch, batch + b"\x10\x00", batch + b"\x00\x00\x00"):
        with pytest.raises(EncodingError):
            place_of(wrong)
    for batch_id, number in ((batch, 4_096), (batch, -1), (batch[1:], 0)):
        with pytest.raises(EncodingError):
            key_id(batch_id, number)


def test_a_secret_beside_the_way_down_derives_nothing() -> None:
    with pytest.raises(EncodingError):
        derive(3, SECRET, BATCH_KEYS)
