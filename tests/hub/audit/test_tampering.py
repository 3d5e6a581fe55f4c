"""Whoever tampers is found, every time, and by the detector that is meant for it; who was erased never is."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from hub.audit.verification import verify
from service.work import SYSTEM
from tests.hub.audit.tampering import ALONE, CLASSES, ERASED, SEED, Store, new_store
from tests.hub.audit.test_service import SIGNER


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A log that everybody may tamper with."""
    store = new_store(tmp_path_factory.mktemp("tampered"))
    yield store
    store.database.close()


def tamper(store: Store, name: str, count: int) -> None:
    act, detectors = CLASSES[name]
    for number in range(count):
        seed = f"{SEED}/{name}/{number}"
        found = store.find(act, random.Random(seed), opening=name == "change a private row")
        kinds = {finding.split()[0] for finding in found}
        assert kinds & detectors, (seed, found)
        if name in ALONE:
            assert kinds == detectors, (seed, found)


def test_an_erased_row_is_no_alarm(store: Store) -> None:
    with store.database.look(SYSTEM) as work:
        report = verify(work, SIGNER.verifier, witnessed=store.heads, opening=True)
    assert (report.findings, report.erased, report.witnessed) == ([], ERASED * 2, len(store.heads))


@pytest.mark.parametrize("name", CLASSES)
def test_a_hundred_of_a_kind_are_found(store: Store, name: str) -> None:
    tamper(store, name, 100)


@pytest.mark.prove
@pytest.mark.parametrize("name", CLASSES)
def test_a_thousand_of_a_kind_are_found(store: Store, name: str) -> None:
    tamper(store, name, 1_000)


@pytest.mark.parametrize("name", sorted(ALONE))
def test_without_a_witness_nobody_would_find_it(store: Store, name: str) -> None:
    heads, store.heads = store.heads, []
    try:
        assert store.find(CLASSES[name][0], random.Random(SEED)) == []
    finally:
        store.heads = heads


def test_what_was_done_is_undone(store: Store) -> None:
    assert store.find(None, random.Random(SEED), opening=True) == []
