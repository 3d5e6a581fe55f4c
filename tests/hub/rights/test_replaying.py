"""After a restore: what was erased since the backup is erased again before anybody is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hub.audit.destruction import ForgedReceiptError, destroy_requested, list_proved
from hub.rights.replaying import replay_erasures, require_replayed
from hub.subjects.models import RegistrationRow
from keys.protocol.destruction import DestructionReceipt
from service.database import Database
from service.datakeys.local import LocalCustody, VolatileKeyStore
from service.datakeys.pool import DataKeyPool
from service.datakeys.sealing import key_id_of
from service.errors import UnsafeSettingsError
from service.work import SYSTEM
from tests import builders
from tests.builders import Town, everything

JAN, PIET = everything("jan"), everything("piet")
ABOUT_A_SIGNAL = {
    "signal": "id", "registration": "id", "match_index": "registration_id", "person_match": "signal_id",
    "decision": "signal_id",
}  # fmt: skip


@pytest.fixture
def town(hub_database: Database, now: Any) -> Town:
    """A municipality whose data keys are its own, and not those of all tests."""
    hub_database.data_keys = DataKeyPool(LocalCustody(VolatileKeyStore()))
    return builders.town(hub_database, now=now)


def key_of(town: Town, signal_id: UUID) -> bytes:
    with town.database.look(SYSTEM) as work:
        return key_id_of(work.session.get_one(RegistrationRow, signal_id).sealed)


def rows_about(town: Town, signal_id: UUID) -> set[str]:
    found = set()
    with town.database.look(SYSTEM) as work:
        for table, column in ABOUT_A_SIGNAL.items():
            query = text(f"SELECT {column} FROM {table}")
            if signal_id in {UUID(str(one)) for one in work.session.scalars(query)}:
                found.add(table)
    return found


@pytest.fixture
def restored(town: Town) -> tuple[UUID, UUID]:
    """A store as a backup gives it back: of two signals that met a case, the first was erased since."""
    school = builders.sender(town.database, "school", now=town.now)
    town.case(town.anna, JAN)
    town.case(town.anna, PIET)
    gone, kept = (town.signal(school, person) for person in (JAN, PIET))
    town.match()
    town.inbox(town.anna)
    town.database.data_keys.custody.destroy([key_of(town, gone)])
    return gone, kept


def test_nobody_is_answered_while_something_is_back_that_was_erased(
    town: Town, restored: tuple[UUID, UUID]
) -> None:
    with pytest.raises(UnsafeSettingsError, match="dat-hub audit reopen"):
        require_replayed(town.database)
    assert replay_erasures(town.database) == 1
    require_replayed(town.database)
    assert replay_erasures(town.database) == 0


def test_its_rows_go_again_and_those_of_others_stay(town: Town, restored: tuple[UUID, UUID]) -> None:
    gone, kept = restored
    whole = set(ABOUT_A_SIGNAL)
    assert (rows_about(town, gone), rows_about(town, kept)) == (whole, whole)
    key = key_of(town, gone)
    replay_erasures(town.database)
    assert (rows_about(town, gone), rows_about(town, kept)) == (set(), whole)
    with town.database.look(SYSTEM) as work:
        assert list_proved(work, [key]) == {key}
    assert destroy_requested(town.database) > 0
    notices = [notice.kind for notice in town.inbox(town.anna)]
    assert [str(kind) for kind in notices].count("void") == 1


def test_a_store_that_was_not_restored_has_nothing_to_erase_again(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    town.signal(school, JAN)
    require_replayed(town.database)
    assert replay_erasures(town.database) == 0


def test_what_another_than_the_custodian_says_was_erased_is_not(
    town: Town, restored: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or whoever answers in its place could have the hub erase what it likes."""
    _, kept = restored
    forged = DestructionReceipt("local", key_of(town, kept), "2026-11-22T10:00:00Z", bytes(32), bytes(64))
    custody = town.database.data_keys.custody
    monkeypatch.setattr(custody, "list_destroyed", lambda _since: iter([forged]))
    with pytest.raises(ForgedReceiptError):
        replay_erasures(town.database)
    assert rows_about(town, kept) == set(ABOUT_A_SIGNAL)
