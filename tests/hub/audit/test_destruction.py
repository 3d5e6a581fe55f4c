"""What is erased can be read by nobody: its keys are destroyed, with receipts, and nothing else suffers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from nacl.signing import SigningKey
from sqlalchemy import select, text

from hub.audit.destruction import ForgedReceiptError, destroy_actor_years, destroy_requested
from hub.audit.events import AuditEvent
from hub.audit.models import AuditPrivateRow, AuditSubjectRow
from hub.audit.private import open_values
from hub.audit.service import record, sequence_events
from hub.audit.verification import verify
from hub.signals.service import WithdrawalReason, accept, withdraw
from hub.subjects.models import RegistrationRow
from hub.subjects.service import find_destruction, request_destruction
from keys.protocol.destruction import DestructionReceipt
from ledger.note import Signer
from service.database import Database
from service.datakeys.custody import Purpose
from service.datakeys.local import LocalCustody, VolatileKeyStore
from service.datakeys.pool import DataKeyPool
from service.datakeys.releasing import release
from service.datakeys.sealing import key_id_of
from service.errors import UnavailableError
from service.work import SYSTEM, Caller, Role, Work
from tests import builders

SIGNER = Signer.from_seed("hub.test/audit", bytes(32))
ANNA = Caller(Role.STAFF, UUID(int=7), UUID(int=8), "team-1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(AuditEvent):
    code: ClassVar[str] = "test.looked"


class Custodian(LocalCustody):
    """A custodian that may be away, or answer as another would."""

    def __init__(self) -> None:
        super().__init__(VolatileKeyStore())
        self.away = False
        self.forged = False

    def destroy(self, ids: object) -> list[DestructionReceipt]:
        if self.away:
            raise UnavailableError
        receipts = super().destroy(ids)  # type: ignore[arg-type]
        return [replace(one, holder="another") for one in receipts] if self.forged else receipts


@pytest.fixture(autouse=True)
def _evening(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody says the moment of happens in the evening of that day."""
    monkeypatch.setattr("service.clock.now", lambda: now + timedelta(hours=8))


@pytest.fixture
def custodian(hub_database: Database) -> Custodian:
    """The custodian of this database's data keys."""
    custodian = Custodian()
    hub_database.data_keys = DataKeyPool(custodian)
    return custodian


def look_at(database: Database, thing: UUID, *, now: datetime, other: UUID | None = None) -> bytes:
    """Record that Anna looked at something; returns the event's id."""
    subject = {"match": str(thing), **({"other": str(other)} if other else {})}
    with database.work(ANNA, now=now) as work:
        return record(work, Looked(subject=subject, detail={"level": "organisation"})).event_id


def values(database: Database, *event_ids: bytes) -> list[dict[str, bytes | None]]:
    with database.look(SYSTEM) as work:
        opened = open_values(work, event_ids, purpose=Purpose.LOG_READING)
    return [opened[event_id] for event_id in event_ids]


def erase(database: Database, *things: UUID, now: datetime) -> None:
    with database.work(SYSTEM, now=now) as work:
        request_destruction(work, things)


def test_what_an_event_was_about_is_gone_and_who_acted_is_not(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    gone, kept = uuid4(), uuid4()
    first, second = (look_at(hub_database, thing, now=now) for thing in (gone, kept))
    assert str(gone).encode() in (values(hub_database, first)[0]["subject"] or b"")
    erase(hub_database, gone, now=now)
    assert destroy_requested(hub_database) == 1
    before, after = values(hub_database, first, second)
    assert (before["subject"], before["detail"]) == (None, None)
    assert str(ANNA.staff_id).encode() in (before["actor"] or b"")
    assert str(kept).encode() in (after["subject"] or b"")


def test_the_proof_is_a_receipt_of_every_key_there_was(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    gone, never = uuid4(), uuid4()
    events = [look_at(hub_database, gone, now=now) for _ in range(3)]
    with hub_database.look(SYSTEM) as work:
        query = select(AuditPrivateRow.subject).where(AuditPrivateRow.event_id.in_(events))
        keys = {key_id_of(sealed or b"") for sealed in work.session.scalars(query)}
    erase(hub_database, gone, now=now)
    with hub_database.look(SYSTEM) as work:
        assert find_destruction(work, [gone, never]) == {gone: None, never: None}
    destroy_requested(hub_database)
    with hub_database.look(SYSTEM) as work:
        proof = find_destruction(work, [gone])[gone]
        assert work.session.execute(select(AuditSubjectRow)).all() == []
    assert proof is not None
    assert {receipt.key_id for receipt in proof.receipts} == keys
    for receipt in proof.receipts:
        custodian.require_receipt(receipt, key_id=receipt.key_id)


def test_an_event_about_two_is_erased_with_either(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    gone, other = uuid4(), uuid4()
    event = look_at(hub_database, gone, other=other, now=now)
    for thing in (other, gone):
        erase(hub_database, thing, now=now)
        assert destroy_requested(hub_database) == 1
        assert values(hub_database, event)[0]["subject"] is None


def test_what_is_recorded_about_it_later_goes_too(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    gone = uuid4()
    erase(hub_database, gone, now=now)
    destroy_requested(hub_database)
    late = look_at(hub_database, gone, now=now + timedelta(minutes=1))
    assert destroy_requested(hub_database) == 1
    assert values(hub_database, late)[0]["subject"] is None
    assert destroy_requested(hub_database) == 0


def test_a_custodian_that_is_away_loses_no_request(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    gone = uuid4()
    event = look_at(hub_database, gone, now=now)
    erase(hub_database, gone, now=now)
    custodian.away = True
    with pytest.raises(UnavailableError):
        destroy_requested(hub_database)
    assert values(hub_database, event)[0]["subject"]
    custodian.away = False
    assert destroy_requested(hub_database) == 1


def test_a_kill_after_the_answer_and_before_our_commit_costs_nothing(
    hub_database: Database, custodian: Custodian, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = uuid4()
    look_at(hub_database, gone, now=now)
    erase(hub_database, gone, now=now)

    def killed(*_facts: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("hub.audit.destruction.record", killed)
        with pytest.raises(KeyboardInterrupt):
            destroy_requested(hub_database)
    with hub_database.look(SYSTEM) as work:
        assert find_destruction(work, [gone])[gone] is None
    assert destroy_requested(hub_database) == 1
    with hub_database.look(SYSTEM) as work:
        assert find_destruction(work, [gone])[gone] is not None


def test_a_receipt_that_another_signed_is_none(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    gone = uuid4()
    look_at(hub_database, gone, now=now)
    erase(hub_database, gone, now=now)
    custodian.forged = True
    with pytest.raises(ForgedReceiptError):
        destroy_requested(hub_database)
    with hub_database.look(SYSTEM) as work:
        assert find_destruction(work, [gone])[gone] is None


def test_nothing_is_destroyed_by_an_act_that_is_rolled_back(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    event = look_at(hub_database, thing := uuid4(), now=now)

    def act_and_fail() -> None:
        with hub_database.work(SYSTEM, now=now) as work:
            request_destruction(work, [thing])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        act_and_fail()
    assert destroy_requested(hub_database) == 0
    assert values(hub_database, event)[0]["subject"]


def test_the_log_still_verifies_and_only_a_signed_receipt_makes_it_erased(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    gone = uuid4()
    look_at(hub_database, gone, now=now)
    look_at(hub_database, uuid4(), now=now)
    erase(hub_database, gone, now=now)
    destroy_requested(hub_database)
    with hub_database.work(SYSTEM, now=now + timedelta(seconds=1)) as work:
        sequence_events(work, SIGNER)
    with hub_database.look(SYSTEM) as work:
        report = verify(work, SIGNER.verifier, opening=True)
        assert (report.findings, report.erased, report.opened) == ([], 2, 7)
        assert verify(work, SIGNER.verifier).verified
    with hub_database.writer.begin() as connection:
        connection.execute(text("UPDATE destroyed_key SET destroyed_at = '2020-01-01T00:00:00Z'"))
    with hub_database.look(SYSTEM) as work:
        found = verify(work, SIGNER.verifier, opening=True).findings
    assert [one.split()[0] for one in found] == ["private_without_key"] * 2


def test_the_tree_verifies_while_the_custodian_is_away(
    hub_database: Database, custodian: Custodian, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(hub_database, uuid4(), now=now)

    def away(*_facts: object) -> None:
        raise UnavailableError

    monkeypatch.setattr(custodian, "release", away)
    with hub_database.look(SYSTEM) as work:
        report = verify(work, SIGNER.verifier)
    assert (report.findings, report.opened) == ([], 0)


def test_actors_are_forgotten_after_five_whole_years(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    old = look_at(hub_database, uuid4(), now=now - timedelta(days=6 * 365))
    young = look_at(hub_database, uuid4(), now=now - timedelta(days=5 * 365))
    assert [destroy_actor_years(hub_database, term=kept_for(5)) for _ in range(2)] == [1, 0]
    first, second = values(hub_database, old, young)
    assert (first["actor"], second["actor"]) == (None, values(hub_database, young)[0]["actor"])
    assert second["actor"] is not None
    assert first["subject"] is not None
    # A covenant chose another term.
    assert [destroy_actor_years(hub_database, term=kept_for(3)) for _ in range(2)] == [1, 0]
    assert values(hub_database, young)[0]["actor"] is None


def kept_for(years: int) -> Callable[[Work], timedelta]:
    """The term of a policy set."""
    return lambda _: timedelta(days=365 * years)


def test_an_unjustified_signal_takes_its_keys_with_it(
    hub_database: Database, custodian: Custodian, now: datetime
) -> None:
    keys = replace(builders.subject_keys(), data_keys=hub_database.data_keys)
    school = builders.sender(hub_database, now=now)
    posts = [builders.new_post(keys, {"A": 1, "F": 1}, sender=school, now=now) for _ in range(2)]
    with hub_database.work(SYSTEM, now=now) as work:
        accept(work, posts, signer=SigningKey(bytes(32)))
    signals = [post.signal_id for post in posts]
    with hub_database.look(SYSTEM) as work:
        sealed = {row.id: row.sealed for row in work.session.scalars(select(RegistrationRow))}
    gone, kept = signals
    with hub_database.work(school.caller, now=now) as work:
        withdraw(work, gone, WithdrawalReason.UNJUSTIFIED)
    assert destroy_requested(hub_database) == 2
    # What a backup still holds of it is sealed under a key that is nowhere.
    ids = [key_id_of(sealed[signal]) for signal in signals]
    assert set(release(custodian, ids, Purpose.ROTATION)) == {key_id_of(sealed[kept])}
    with hub_database.look(SYSTEM) as work:
        subjects = b"".join(builders.audit_values(work, "subject"))
    assert str(kept).encode() in subjects
    assert str(gone).encode() not in subjects
