"""The local memory of posts: written before, finished after, never in the way of another run."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from dat_client import ConfigurationError, StoreError
from dat_client.messages import Message
from dat_client.store import Kind, State, Store
from service import clock


@pytest.fixture
def message() -> Message:
    """A sealed message of no meaning."""
    return Message(uuid4(), b'{"kind":"contact"}')


def test_a_post_keeps_its_bytes_until_it_is_answered(tmp_path: Path, message: Message) -> None:
    store = Store(tmp_path / "posts.db")
    store.add_pending([(Kind.SIGNAL, message, "F1", b"m" * 16)], now=clock.now())
    (pending,) = store.list_posts(state=State.PENDING)
    assert pending.message == message
    remote_id = uuid4()
    store.accept([(message.idempotency_key, remote_id, None, None)])
    found = store.find_by_remote_id(remote_id)
    assert found is not None
    assert (found.content, found.body_hash, found.reference) == (None, message.body_hash, "F1")
    store.close()


def test_a_refused_row_may_be_tried_again(tmp_path: Path, message: Message) -> None:
    store = Store(tmp_path / "posts.db")
    store.add_pending([(Kind.SIGNAL, message, None, b"m" * 16)], now=clock.now())
    store.refuse([(message.idempotency_key, "covenant_not_in_force")])
    assert store.find_by_marks([b"m" * 16]) == {}
    store.add_pending([(Kind.SIGNAL, Message(uuid4(), b"{}"), None, b"m" * 16)], now=clock.now())
    store.close()


def test_two_runs_never_write_one_row_down_twice(tmp_path: Path, message: Message) -> None:
    stores = [Store(tmp_path / "posts.db") for _ in range(2)]
    stores[0].add_pending([(Kind.SIGNAL, message, None, b"m" * 16)], now=clock.now())
    with pytest.raises(StoreError):
        stores[1].add_pending([(Kind.SIGNAL, Message(uuid4(), b"{}"), None, b"m" * 16)], now=clock.now())
    assert len(list(stores[1].list_posts())) == 1
    for store in stores:
        store.close()


def test_the_marks_of_old_rows_are_forgotten(tmp_path: Path, message: Message) -> None:
    store = Store(tmp_path / "posts.db")
    store.add_pending([(Kind.SIGNAL, message, None, b"m" * 16)], now=clock.now() - timedelta(days=70))
    store.forget_marks(before=clock.now() - timedelta(days=62))
    assert store.find_by_marks([b"m" * 16]) == {}
    store.close()


def test_only_its_owner_reads_the_store(tmp_path: Path) -> None:
    path = tmp_path / "posts.db"
    Store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(ConfigurationError):
        Store(path)
