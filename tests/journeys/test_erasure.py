"""A pupil's mother proves that the school meant another child: afterwards nothing of it is left to read."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, make_url, select, text

from hub.audit.destruction import destroy_requested
from hub.audit.models import AuditPrivateRow, AuditSubjectRow
from hub.audit.private import open_values
from hub.audit.service import sequence_events
from hub.audit.verification import verify
from hub.base import Base
from hub.changes.models import ChangeRow
from hub.matches.models import MatchRow
from hub.notices.models import NoticeRow
from hub.notices.service import deliver_due
from hub.rights.values import Advice, Ground, Outcome
from hub.subjects.models import MatchIndexRow, RegistrationRow
from hub.subjects.service import find_destruction
from ledger.checkpoint import open_checkpoint
from ledger.note import Signer
from service.datakeys.custody import Purpose
from service.datakeys.releasing import release
from service.datakeys.sealing import key_id_of
from service.work import SYSTEM
from tests.builders import Sender, element, everything
from tests.hub.informing.acts import open_in_spite, tell, tell_later
from tests.hub.rights.conftest import MILA, RightsDesk

SIGNER = Signer.from_seed("hub.dat.example/audit", bytes(32))
# Random numbers of what is gone: who was told, what was destroyed, and for 30 days that a post is no new one.
IDS_STAY_IN = {"rights_telling", "destruction", "destroyed_key", "audit_subject", "signal_key"}


READABLE = {"element", "subject", "detail"}  # what says something to who has no key at all


def sealed_about(desk: RightsDesk, signal_id: UUID) -> set[bytes]:
    """What lies sealed about a signal: its elements, and what the log says of it."""
    with desk.look() as work:
        about = select(AuditSubjectRow.event_id).where(AuditSubjectRow.thing_id == signal_id)
        beside = select(AuditPrivateRow).where(AuditPrivateRow.event_id.in_(about))
        rows = list(work.session.scalars(beside))
        sealed = {part for row in rows for part in (row.subject, row.detail) if part}
        return sealed | {work.session.get_one(RegistrationRow, signal_id).sealed}


def markers_of(desk: RightsDesk, signal_id: UUID) -> dict[str, bytes]:
    """Everything that could be read of the person, in the form in which it lies there."""
    with desk.look() as work:
        row = work.session.get_one(RegistrationRow, signal_id)
        index = select(MatchIndexRow.idx).where(MatchIndexRow.registration_id == signal_id)
        found = {f"index {n}": bytes(one) for n, one in enumerate(work.session.scalars(index))}
        found |= {"sealed": bytes(row.sealed)[-40:], "tokens": bytes(row.tokens)[:40]}
        ids = list(work.session.scalars(select(AuditPrivateRow.event_id)))
        for event_id, values in open_values(work, ids, purpose=Purpose.RIGHTS).items():
            for part in ("subject", "detail"):
                if str(signal_id).encode() in (values[part] or b""):
                    found[f"{part} of {event_id.hex()}"] = values[part] or b""
        found["proposal"] = bytes(work.session.scalars(select(ChangeRow.payload)).one())
    found |= {f"ground {code}": code.encode() for code in ("protection_of_others", "vital_interest")}
    for token_type in MILA:
        found[f"element {token_type}"] = element("mila", token_type)
    return found


def encodings(value: bytes) -> set[bytes]:
    """A value as it may have been written."""
    plain = base64.urlsafe_b64encode(value).rstrip(b"=")
    return {value, value.hex().encode(), value.hex().upper().encode(), base64.b64encode(value), plain}


def autocommit(desk: RightsDesk) -> Connection:
    """Open a connection for what cannot be done inside a transaction."""
    return desk.database.writer.connect().execution_options(isolation_level="AUTOCOMMIT")


def stored_bytes(desk: RightsDesk, *, cleared: bool = True) -> Iterator[bytes]:
    """Every byte of the store, log and all; of PostgreSQL after its nightly clearing up, or before."""
    url = make_url(str(desk.database.url.render_as_string(hide_password=False)))
    if desk.database.dialect == "sqlite":
        folder = Path(url.database or "").parent
        yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())
        return
    with autocommit(desk) as connection:
        if cleared:
            _clear_up(connection)
        home = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        question = text("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't')")
        places = [place for (place,) in connection.execute(question) if place]
    yield from ((home / place).read_bytes() for place in places if (home / place).exists())
    yield from (path.read_bytes() for path in (home / "pg_wal").glob("*") if path.is_file())


def _clear_up(connection: Connection) -> None:
    """Do what docs/operations.md asks of every night: rows, samples of the planner, write-ahead log."""
    busy = text(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()"
    )
    for _ in range(200):  # what PostgreSQL's own cleaners might still read is kept for them
        if connection.execute(busy).scalar_one() == 0:
            break
        time.sleep(0.05)
    tables = [f'"{table}"' for table in Base.metadata.tables]
    for statement in (
        *(f"VACUUM (FULL, ANALYZE) {table}" for table in tables),
        "VACUUM FULL pg_statistic",
        "SELECT pg_switch_wal()",
        "CHECKPOINT",
    ):
        connection.execute(text(statement))


def found_in(store: bytes, markers: Mapping[str, bytes]) -> set[str]:
    """Which of the markers can be found anywhere in these bytes, in any encoding."""
    return {name for name, value in markers.items() if any(one in store for one in encodings(value))}


def tables_naming(desk: RightsDesk, ids: set[UUID]) -> set[str]:
    """Which tables hold any of these ids."""
    wanted = {form for id_ in ids for form in (str(id_), id_.hex, repr(id_.bytes))}
    with desk.look() as work:
        dump = {
            table.name: repr(work.session.execute(table.select()).all())
            for table in Base.metadata.sorted_tables
        }
    return {name for name, said in dump.items() if any(form in said for form in wanted)}


def old_head(desk: RightsDesk) -> str:
    """The signed head of the log as anybody may have kept it."""
    with desk.database.work(SYSTEM, now=desk.town.now) as work:
        sequence_events(work, SIGNER)
    with desk.look() as work:
        return str(work.session.execute(text("SELECT note FROM audit_head ORDER BY shard DESC")).scalar())


class TakesAll:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, address: str, *, mail_id: object, at: object) -> None:
        """Take a mail."""
        self.sent.append(f"{address} {mail_id} {at}")


def test_tra_09_what_was_erased_is_nowhere_to_be_read_and_every_old_proof_still_holds(
    desk: RightsDesk, school: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    town, mail = desk.town, TakesAll()
    signal_id = town.signal(school, MILA, subjectNotice="pending")
    around = {
        tell_later(town, school, signal_id, code="protection_of_others"),
        open_in_spite(town, signal_id),
    }
    tell(town, school, signal_id)
    case_id = town.case(town.anna, MILA)
    kept = town.signal(school, everything("somebody else"))
    town.match()
    assert [one.kind for one in town.inbox(town.anna)] == ["match"]
    head = old_head(desk)
    markers = markers_of(desk, signal_id)
    assert tables_naming(desk, {signal_id}) >= {"notice_exception", "emergency_override"}
    with desk.look() as work:
        ids = {signal_id, case_id, *around} | {
            row.id for table in (MatchRow, NoticeRow) for row in work.session.query(table)
        }
    if desk.database.dialect == "postgresql":
        with autocommit(desk) as connection:
            connection.execute(text("ANALYZE"))  # which keeps samples of what it read
    backup = b"\0".join(stored_bytes(desk, cleared=False))
    seen_before, sealed = found_in(backup, markers), sealed_about(desk, signal_id)
    assert not {name for name in seen_before if name.split()[0] in READABLE}
    # Codes, random numbers, and what says nothing to who has neither pepper nor keys: that, and nothing else.
    assert {name.split()[0] for name in seen_before} == {"index", "sealed", "tokens", "ground", "proposal"}

    request = desk.file("rectification")
    desk.search(request)
    desk.ask(request)
    desk.advise(school, Advice.WRONG_PERSON)
    desk.approve(desk.decide(request, Outcome.GRANTED, Ground.WRONG_PERSON))
    destroy_requested(desk.database)
    town.match()
    deliver_due(desk.database, mail, worker="test", now=lambda: town.now)

    readable = {name: value for name, value in markers.items() if name.split()[0] in READABLE}
    assert readable
    assert found_in(b"\0".join(stored_bytes(desk, cleared=False)), readable) == set()
    assert found_in(b"\0".join(stored_bytes(desk)), markers) == set()
    # Of what lies sealed in a backup of the day before, nobody has the keys any more.
    assert {one in backup for one in sealed} == {True}
    assert release(desk.database.data_keys.custody, {key_id_of(one) for one in sealed}, Purpose.RIGHTS) == {}
    assert tables_naming(desk, ids) <= IDS_STAY_IN | {
        "notice"
    }  # the notice that takes it back names the match
    assert not any(str(id_) in line for id_ in ids for line in [caplog.text, *mail.sent])
    assert [(one.kind, one.state) for one in town.inbox(town.anna)] == [("void", "new")]
    assert tables_naming(desk, {kept}) >= {"signal", "registration"}

    with desk.look() as work:
        proof = find_destruction(work, [signal_id])[signal_id]
    assert proof is not None
    assert proof.receipts
    old_head(desk)
    with desk.look() as work:
        verifier = SIGNER.verifier
        shard = head.split("\n", 1)[0].rsplit("/", 1)[1]
        kept_head = open_checkpoint(head, [type(verifier)(f"{verifier.name}/{shard}", verifier.public)])
        report = verify(work, verifier, witnessed=[kept_head])
    assert report.findings == []
    assert report.events > kept_head.size
