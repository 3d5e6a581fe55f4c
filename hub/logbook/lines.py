"""Write events as lines of the Logboek Dataverwerkingen 1.0: what was processed, about which registration.

No line says who did it, nor for whom: that is in the audit log, found by the same
trace. An event about several persons gives a line for the act and one below it for each.

Source: Logboek Dataverwerkingen 1.0, interface of the logboek; W3C Trace Context.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import select, tuple_

from hub.audit.models import LOG, AuditLineRow, AuditSubjectRow
from hub.questions.texts import find_word
from hub.signals.models import SignalRow
from service.bulk import is_one_of
from service.datakeys.pool import DataKeyPool
from service.work import Work

SIGNALLED = "signal.accepted"
UNSET, OK, ERROR = 0, 1, 2
# A refusal is the caller's mistake, which the standard calls unset; an error is ours.
STATUSES = {"ok": OK, "denied": UNSET, "error": ERROR}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogbookLine:
    """One line.

    Attributes:
        trace_id, span_id, parent_span_id: 16, 8 and 8 bytes as hex.
        status: 0 unset, 1 ok, 2 error.
        moment: start and end; an event has no duration.
        processing_activity_id: URI in the register of processing activities.
        data_subject_id: the registration, encrypted; None where it is about nobody.
    """

    trace_id: str
    span_id: str
    parent_span_id: str | None
    status: int
    name: str
    moment: datetime
    processing_activity_id: str
    data_subject_id: str | None

    @property
    def milliseconds(self) -> int:
        """Return the moment as milliseconds since 1970."""
        return int(self.moment.timestamp() * 1000)


class SubjectCodes:
    """Encrypt the number of a registration, so that nobody but this hub can read it back.

    One block of AES on 16 random bytes: equal numbers give equal codes, which is what a log is asked by.
    """

    def __init__(self, pool: DataKeyPool) -> None:
        # One block, and never two: a mode would add nothing to it.
        self._cipher = Cipher(algorithms.AES256(pool.derive(b"logbook")), modes.ECB())  # noqa: S305

    def write(self, thing: UUID) -> str:
        """Return the code of a registration or match, 32 hex digits."""
        return self._cipher.encryptor().update(thing.bytes).hex()

    def read(self, code: str) -> UUID:
        """Return what a code stands for."""
        return UUID(bytes=self._cipher.decryptor().update(bytes.fromhex(code)))


def write_lines(work: Work, rows: Sequence[AuditLineRow], *, register: str) -> Iterator[LogbookLine]:
    """Write the lines of events, in order."""
    about, codes = find_subjects(work, rows), SubjectCodes(work.data_keys)
    for row in rows:
        subjects = [codes.write(thing) for thing in sorted(about[row.event_id])]
        # Who asks by one code must not learn the others from a line in common.
        single = subjects[0] if len(subjects) == 1 else None
        act = _line(row, register, subject=single, parent=None)
        yield act
        for subject in subjects if len(subjects) > 1 else ():
            yield _line(row, register, subject=subject, parent=act.span_id)


def find_subjects(work: Work, rows: Sequence[AuditLineRow]) -> Mapping[bytes, set[UUID]]:
    """Return which registrations and matches each event is about, as far as they were not erased."""
    found: dict[bytes, set[UUID]] = defaultdict(set)
    ids = [row.event_id for row in rows]
    query = select(AuditSubjectRow.event_id, AuditSubjectRow.thing_id).where(
        is_one_of(work.session, AuditSubjectRow.event_id, ids)
    )
    for event_id, thing in work.session.execute(query):
        found[event_id].add(thing)
    for event_id, thing in _signalled(work, [row for row in rows if row.code == SIGNALLED]):
        found[event_id].add(thing)
    return found


def _signalled(work: Work, rows: Collection[AuditLineRow]) -> Iterator[tuple[bytes, UUID]]:
    """Find signals by their receipts: the event that took one names nothing else."""
    moments = [row.recorded_at for row in rows if row.recorded_at]
    if not moments:
        return
    places, leaf = [(row.shard, row.idx) for row in rows], LOG.leaf.c
    by_hash = {
        one.leaf_hash: one.event_id
        for one in work.session.execute(
            select(leaf.leaf_hash, leaf.event_id).where(tuple_(leaf.shard, leaf.idx).in_(places))
        )
    }
    senders = sorted({row.organisation_id for row in rows if row.organisation_id})
    query = select(SignalRow.id, SignalRow.leaf_hash).where(
        is_one_of(work.session, SignalRow.organisation_id, senders),
        SignalRow.received_at.between(min(moments), max(moments)),
    )
    for id_, hashed in work.session.execute(query):
        if hashed in by_hash:
            yield by_hash[hashed], id_


def _line(row: AuditLineRow, register: str, *, subject: str | None, parent: str | None) -> LogbookLine:
    span = hashlib.sha256(row.event_id + (subject or "").encode()).digest()[:8]
    return LogbookLine(
        trace_id=row.event_id.hex(),
        span_id=span.hex(),
        parent_span_id=parent,
        status=STATUSES[row.outcome],
        name=find_word(row.code, "nl") or row.code,
        moment=row.recorded_at or row.hour,
        processing_activity_id=f"{register}/{row.purpose}",
        data_subject_id=subject,
    )
