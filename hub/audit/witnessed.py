"""Collect what witnesses hold of the log, to hold the store against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from hub.audit.comparing import find_witnessed, list_missing
from hub.audit.models import LOG, AuditCosignedRow, AuditLineRow
from hub.audit.reading import SILENT, LogVerified, record_verification
from hub.audit.verification import verify
from hub.audit.witness import Watch, WitnessAwayError
from ledger.checkpoint import Checkpoint, open_checkpoint
from ledger.cosignature import WitnessKey, read_cosignatures
from ledger.errors import NoteError
from ledger.note import Signer, Verifier
from service import clock
from service.database import Database
from service.eventlog.appending import shard_of
from service.eventlog.verification import VerificationReport
from service.logging import log
from service.work import OPERATOR, SYSTEM, Role, Work

RECOMPUTED_FOR = timedelta(hours=23)


def ask_witness(database: Database, watch: Watch, signer: Signer) -> list[Checkpoint]:
    """Ask for the last head of every tree, *before* the store is read: what grew since is no roll-back.

    Raises:
        WitnessAwayError: It does not answer: a roll-back can then not be excluded.
    """
    with database.look(SYSTEM) as work:
        shards = sorted(work.session.scalars(select(LOG.head.c.shard).where(LOG.head.c.note != "")))
    found = [find_witnessed(watch, signer, shard) for shard in shards]
    # Trees that a restore took away have no head here; those that nobody speaks of are a finding.
    for shard in shards or [""]:
        found += list_missing(watch, signer, shard, shard_of(clock.now()))[0]
    return list({head.origin: head for head in found if head is not None}.values())


def read_stored(
    work: Work, verifier: Verifier, keys: Sequence[WitnessKey]
) -> tuple[list[Checkpoint], list[str]]:
    """Return the heads whose cosignatures are kept here, and what is wrong with them."""
    heads, findings = [], []
    for row in work.session.scalars(select(AuditCosignedRow)):
        own = Verifier(f"{verifier.name}/{row.shard}", verifier.public)
        try:
            head = open_checkpoint(row.note, [own])
            names = {one.witness for one in read_cosignatures(row.note, keys)}
        except NoteError:
            names = set()
        if row.witness in names and head.size == row.size:
            heads.append(head)
        elif row.witness in {key.name for key in keys}:
            findings.append(f"cosignature_false {row.shard} {row.witness}")
    return heads, findings


def recompute(database: Database, signer: Signer, watch: Watch | None) -> int:
    """Recompute the whole log, as a chore of every day, and write down whether it is whole; returns findings.

    It proves nothing to an outsider, who has the export for that; it tells the privacy officer soon. It is
    asked every hour and done once a day, so that an hour in which the witness was away costs no day, and the
    witness is asked first, so that it costs no work either. Two days without are an alarm.

    Raises:
        WitnessAwayError: It does not answer: no sign that the log was changed, and no proof of anything.
    """
    with database.look(SYSTEM) as work:
        if _was_recomputed(work):
            return 0
    asked = [] if watch is None else ask_witness(database, watch, signer)
    report = _verify(database, signer, watch, asked)
    if report.findings:
        log.error("log_changed", count=len(report.findings))
    with database.work(SYSTEM) as work:
        record_verification(work, findings=report.findings, events=report.events)
    return len(report.findings)


def _was_recomputed(work: Work) -> bool:
    line = AuditLineRow
    query = select(line.idx).where(
        line.code == LogVerified.code, line.role == Role.SYSTEM, line.hour > work.now - RECOMPUTED_FOR
    )
    return work.session.execute(query.limit(1)).first() is not None


def verify_with_witness(
    database: Database, signer: Signer, watch: Watch | None, *, opening: bool = False
) -> VerificationReport:
    """Do what `verify` does, against everything that witnesses hold."""
    asked, findings = [], []
    if watch is not None:
        try:
            asked = ask_witness(database, watch, signer)
        except WitnessAwayError:
            findings = [SILENT]
    report = _verify(database, signer, watch, asked, opening=opening)
    report.findings += findings
    return report


def _verify(
    database: Database,
    signer: Signer,
    watch: Watch | None,
    asked: Sequence[Checkpoint],
    *,
    opening: bool = False,
) -> VerificationReport:
    with database.look(OPERATOR) as work:
        stored, false = read_stored(work, signer.verifier, watch.keys if watch else [])
        report = verify(work, signer.verifier, witnessed=[*asked, *stored], opening=opening)
    report.findings += false
    return report
