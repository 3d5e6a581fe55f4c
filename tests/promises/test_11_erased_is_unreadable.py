"""Erased is unreadable everywhere: a backup of the hub taken before opens nothing of it any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from nacl.signing import SigningKey
from sqlalchemy import select
from starlette.testclient import TestClient

import hub.models  # noqa: F401
from hub.audit.destruction import destroy_requested
from hub.audit.models import AuditPrivateRow
from hub.audit.private import open_values
from hub.base import Base
from hub.custody import client_jwk, create_client_key, open_data_keys
from hub.rights.replaying import replay_erasures, require_replayed
from hub.settings import HubSettings
from hub.signals.service import WithdrawalReason, accept, withdraw
from hub.subjects import opening
from hub.subjects.models import MatchIndexRow, RegistrationRow
from hub.subjects.opening import unseal_elements
from hub.subjects.service import find_destruction
from keys.holder import administration
from keys.holder.administration import Admission
from keys.holder.custody import receipt_signer
from keys.holder.datakeys import router
from keys.holder.datakeys.rations import permit_hub
from keys.holder.opening import Holder
from keys.protocol.destruction import require_destroyed
from keys.protocol.encoding import b64u
from keys.protocol.errors import ReceiptError
from service.database import Database
from service.datakeys import remote
from service.datakeys.custody import Purpose
from service.datakeys.pool import DataKeyPool, DataKeysUnavailableError
from service.datakeys.releasing import release
from service.datakeys.remote import CustodianAwayError, HolderCustody
from service.datakeys.sealing import key_id_of
from service.errors import UnsafeSettingsError
from service.keystore import FileKeyStore
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.keys.holder import world

PERSON = {"A": 1, "F": 1}


@dataclass
class Two:
    """A hub and the key holder that keeps its data keys, each with its own store."""

    database: Database
    holder: Holder
    keys: builders.SubjectKeys
    school: builders.Sender
    now: datetime

    def post(self) -> UUID:
        post = builders.new_post(self.keys, PERSON, sender=self.school, now=self.now)
        with self.database.work(SYSTEM, now=self.now) as work:
            accept(work, [post], signer=SigningKey(bytes(32)))
        return post.signal_id

    def erase(self, signal_id: UUID) -> None:
        with self.database.work(self.school.caller, now=self.now) as work:
            withdraw(work, signal_id, WithdrawalReason.UNJUSTIFIED)


def custody_of(holder: Holder, http: TestClient, directory: Path) -> HolderCustody:
    """What the hub opens from its settings, over a connection within this process."""
    settings = HubSettings(
        data=directory,
        data_keys_url=holder.settings.public_url,
        data_keys_public=b64u(bytes(receipt_signer(FileKeyStore(holder.settings.keys)).verify_key)),
    )
    custody = open_data_keys(settings).custody
    assert isinstance(custody, HolderCustody)
    custody._http = http  # type: ignore[assignment]
    return custody


@pytest.fixture
def two(tmp_path: Path, now: datetime) -> Iterator[Two]:
    """A hub, its key holder, and a school that may post."""
    holder = world.new_holder(tmp_path / "holder")
    own = FileKeyStore(tmp_path / "hub" / "keys")
    create_client_key(own)
    with holder.database.work(OPERATOR) as work:
        administration.admit(work, Admission("hub", organisation := uuid4(), client_jwk(own)))
        permit_hub(work, organisation, {})
    with world.serve(holder) as http:
        pool = DataKeyPool(custody_of(holder, http, tmp_path / "hub"))
        database = Database(f"sqlite:///{tmp_path / 'hub.db'}", data_keys=pool)
        Base.metadata.create_all(database.writer)
        keys = replace(builders.subject_keys(), data_keys=pool)
        yield Two(database, holder, keys, builders.sender(database, now=now), now)
        database.close()
    holder.database.close()


def backup_of(two: Two, directory: Path) -> Database:
    """A copy of the hub's database as it is now."""
    with closing(sqlite3.connect(directory / "hub.db")) as connection:
        connection.execute("VACUUM INTO ?", (str(directory / "backup.db"),))
    return Database(f"sqlite:///{directory / 'backup.db'}", data_keys=two.database.data_keys)


def readable(two: Two, backup: Database) -> tuple[set[UUID], bytes]:
    """The registrations whose elements still open in a copy, and what the log says there."""
    with backup.look(SYSTEM) as work:
        rows = list(work.session.scalars(select(RegistrationRow)))
        custody = work.data_keys.custody
        given = release(custody, [key_id_of(row.sealed) for row in rows], Purpose.RIGHTS)
        opened = {
            row.id
            for row in rows
            if (key := given.get(key_id_of(row.sealed)))
            and unseal_elements(two.keys, row.id, epoch=row.epoch, sealed=row.sealed, key=key)
        }
        ids = list(work.session.scalars(select(AuditPrivateRow.event_id)))
        values = open_values(work, ids, purpose=Purpose.RIGHTS).values()
        return opened, b"".join(value for parts in values for value in parts.values() if value)


def test_a_backup_taken_before_opens_nothing_of_it_and_everything_else(two: Two, tmp_path: Path) -> None:
    gone, kept = two.post(), two.post()
    backup = backup_of(two, tmp_path)
    assert readable(two, backup)[0] == {gone, kept}
    two.erase(gone)
    assert destroy_requested(two.database) == 2
    opened, said = readable(two, backup)
    assert opened == {kept}
    assert str(kept).encode() in said
    assert str(gone).encode() not in said
    assert str(two.school.partner.id).encode() in said
    backup.close()


def written_of(two: Two, signal_id: UUID) -> list[bytes]:
    """What the store may hold of a registration: index values, sealed elements, elements in clear."""
    with two.database.look(SYSTEM) as work:
        row = work.session.get_one(RegistrationRow, signal_id)
        index = select(MatchIndexRow.idx).where(MatchIndexRow.registration_id == signal_id)
        found = [bytes(one) for one in work.session.scalars(index)]
        return [
            *found,
            bytes(row.sealed)[-40:],
            *(builders.element(one, name) for name, one in PERSON.items()),
        ]


def raw_search(folder: Path, wanted: Collection[bytes]) -> set[bytes]:
    """Look through every byte of the files of a store: database, write-ahead log, backup."""
    stored = b"\0".join(path.read_bytes() for path in folder.glob("*.db*"))
    return {one for one in wanted if one in stored}


def erased(two: Two, folder: Path) -> set[bytes]:
    """Post, erase, destroy; returns what a raw search of the hub's store finds all the same."""
    gone = two.post()
    written = written_of(two, gone)
    assert len(raw_search(folder, written)) >= len(written) - len(PERSON)
    two.erase(gone)
    destroy_requested(two.database)
    return raw_search(folder, written)


def test_a_raw_search_of_the_store_finds_nothing_of_what_was_erased(two: Two, tmp_path: Path) -> None:
    assert erased(two, tmp_path) == set()


def test_mutant_that_deletes_rows_only_leaves_them_on_the_disk(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "empty_log", lambda _: None)
    with two.database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")
    assert erased(two, tmp_path)


def test_mutant_that_does_not_seal_leaves_the_person_in_every_backup(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plain(_keys: object, _id: object, entries: Collection[Any], *, key: Any) -> bytes:
        return bytes(key.id) + b"".join(entry.element for entry in entries)

    monkeypatch.setattr(opening, "seal_elements", plain)
    gone = two.post()
    written = written_of(two, gone)
    backup_of(two, tmp_path).close()
    two.erase(gone)
    destroy_requested(two.database)
    in_clear = {builders.element(one, name) for name, one in PERSON.items()}
    assert raw_search(tmp_path, written) >= in_clear


def test_mutant_that_destroys_no_key_leaves_a_backup_open(two: Two, tmp_path: Path) -> None:
    gone = two.post()
    backup = backup_of(two, tmp_path)
    two.erase(gone)
    assert readable(two, backup)[0] == {gone}
    backup.close()


def test_a_backup_that_is_restored_hears_from_the_holder_what_is_to_be_erased_again(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "MOST_AT_ONCE", 1)  # a page for each receipt
    monkeypatch.setattr(router, "MOST_IDS", 1)
    gone, kept = two.post(), two.post()
    backup = backup_of(two, tmp_path)
    two.erase(gone)
    assert destroy_requested(two.database) == 2
    with pytest.raises(UnsafeSettingsError):
        require_replayed(backup)
    assert replay_erasures(backup) == 1
    require_replayed(backup)
    with backup.look(SYSTEM) as work:
        assert [row.id for row in work.session.query(RegistrationRow)] == [kept]
    backup.close()


def test_the_proof_is_the_holders_word_about_this_very_key(two: Two, tmp_path: Path) -> None:
    gone = two.post()
    with two.database.look(SYSTEM) as work:
        key_id = key_id_of(work.session.get_one(RegistrationRow, gone).sealed)
    two.erase(gone)
    destroy_requested(two.database)
    with two.database.look(SYSTEM) as work:
        proof = find_destruction(work, [gone])[gone]
    assert proof is not None
    (receipt,) = [one for one in proof.receipts if one.key_id == key_id]
    public = bytes(receipt_signer(FileKeyStore(two.holder.settings.keys)).verify_key)
    require_destroyed(receipt, public, key_id=key_id)
    with pytest.raises(ReceiptError):
        require_destroyed(receipt, bytes(SigningKey.generate().verify_key), key_id=key_id)


def test_a_holder_that_signs_with_another_key_than_the_pinned_one_proves_nothing(
    two: Two, tmp_path: Path
) -> None:
    gone = two.post()
    two.erase(gone)
    custody = two.database.data_keys.custody
    assert isinstance(custody, HolderCustody)
    custody._receipt_public = bytes(SigningKey.generate().verify_key)
    with pytest.raises(Exception, match="forged_receipt"):
        destroy_requested(two.database)
    with two.database.look(SYSTEM) as work:
        assert find_destruction(work, [gone])[gone] is None


def test_a_holder_that_is_away_stops_erasing_and_posting_and_says_nothing(two: Two) -> None:
    gone = two.post()
    two.erase(gone)
    custody = two.database.data_keys.custody
    assert isinstance(custody, HolderCustody)

    def away(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError(f"canary {request.headers}")

    custody._http = httpx2.Client(transport=httpx2.MockTransport(away))
    with pytest.raises(CustodianAwayError) as refused:
        destroy_requested(two.database)
    assert "canary" not in repr(refused.value) + str(refused.value.__cause__)
    with pytest.raises(DataKeysUnavailableError):
        DataKeyPool(custody).take()


def test_a_holder_that_answers_nonsense_is_away(two: Two) -> None:
    custody = two.database.data_keys.custody
    assert isinstance(custody, HolderCustody)
    for answer in (b"", b"[]", b'{"batchId": "00", "root": "AA"}', b'{"keys": 7, "receipts": [{}]}'):
        transport = httpx2.MockTransport(lambda _request, said=answer: httpx2.Response(200, content=said))
        custody._http = httpx2.Client(transport=transport)
        for act in (
            custody.issue,
            lambda: custody.release([bytes(16)], Purpose.RIGHTS),
            lambda: custody.destroy([bytes(16)]),
        ):
            with pytest.raises(CustodianAwayError):
                act()
