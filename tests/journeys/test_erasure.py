"""A pupil's mother proves that the school meant another child: afterwards nothing of it is left to read."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url, select, text

from hub.audit.destruction import destroy_requested
from hub.audit.models import AuditPrivateRow
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
from service.work import SYSTEM
from tests.builders import Sender, element, everything
from tests.hub.informing.acts import open_in_spite, tell, tell_later
from tests.hub.rights.conftest import MILA, RightsDesk

SIGNER = Signer.from_seed("hub.dat.example/audit", bytes(32))
# Random numbers of what is gone: who was told, what was destroyed, and for 30 days that a post is no new one.
IDS_STAY_IN = {"rights_telling", "destruction", "destroyed_key", "audit_subject", "signal_key"}


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


def stored_bytes(desk: RightsDesk) -> Iterator[bytes]:
    """Every byte of the store: SQLite's files, or PostgreSQL's pages after its own clearing up."""
    url = make_url(str(desk.database.url.render_as_string(hide_password=False)))
    if desk.database.dialect == "sqlite":
        folder = Path(url.database or "").parent
        yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())
        return
    with desk.database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in Base.metadata.tables:
            connection.execute(text(f'VACUUM FULL "{table}"'))
        connection.execute(text("CHECKPOINT"))
        home = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        question = text("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't')")
        places = [place for (place,) in connection.execute(question) if place]
    yield from ((home / place).read_bytes() for place in places if (home / place).exists())


def found_in(desk: RightsDesk, markers: Mapping[str, bytes]) -> set[str]:
    """Which of the markers can be found anywhere in the store, in any encoding."""
    store = b"\0".join(stored_bytes(desk))
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
    seen_before = found_in(desk, markers)
    assert {name.split()[0] for name in seen_before} >= {"index", "sealed", "tokens", "ground", "proposal"}

    request = desk.file("rectification")
    desk.search(request)
    desk.ask(request)
    desk.advise(school, Advice.WRONG_PERSON)
    desk.approve(desk.decide(request, Outcome.GRANTED, Ground.WRONG_PERSON))
    destroy_requested(desk.database)
    town.match()
    deliver_due(desk.database, mail, worker="test", now=lambda: town.now)

    assert found_in(desk, markers) == set()
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
