"""Recompute the whole log from its leaf bytes and say whether anything was changed, dropped or added."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import exists, func, select

from hub.audit.models import AuditEventRow, AuditHeadRow, AuditLeafRow, AuditPendingRow, AuditPrivateRow
from ledger.checkpoint import open_checkpoint
from ledger.errors import NoteError
from ledger.leaf import commit
from ledger.note import Verifier
from ledger.tree import Frontier, leaf_hash
from service.work import Work

COMMITMENTS = (("ac", "actor"), ("sc", "subject"), ("dc", "detail"))


@dataclass(slots=True)
class VerificationReport:
    """What a full check found.

    Attributes:
        findings: one constant code and place a finding; empty means that all is as it was signed.
    """

    events: int = 0
    pending: int = 0
    shards: int = 0
    opened: int = 0
    erased: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Tell whether everything was as signed."""
        return not self.findings


def verify(work: Work, verifier: Verifier) -> VerificationReport:
    """Recompute every shard from leaf bytes, every signature, and every commitment that can be opened."""
    report = VerificationReport()
    for head in work.session.execute(select(AuditHeadRow).order_by(AuditHeadRow.shard)).scalars():
        report.shards += 1
        _verify_shard(work, head, verifier, report)
    _verify_pending(work, report)
    _verify_nothing_beside(work, report)
    return report


def _verify_shard(work: Work, head: AuditHeadRow, verifier: Verifier, report: VerificationReport) -> None:
    frontier = Frontier()
    for row_number, (idx, stored_hash, leaf, private) in enumerate(_rows(work, head.shard)):
        place = f"{head.shard}/{idx}"
        if idx != row_number:
            report.findings.append(f"index_gap {place}")
        if leaf is None:
            report.findings.append(f"leaf_missing {place}")
            leaf = b""  # noqa: PLW2901
        elif leaf_hash(leaf) != stored_hash:
            report.findings.append(f"leaf_changed {place}")
        frontier = frontier.append(leaf_hash(leaf))
        _verify_private(leaf, private, place, report)
        report.events += 1
    _verify_head(head, frontier, verifier, report)


def _verify_head(
    head: AuditHeadRow, frontier: Frontier, verifier: Verifier, report: VerificationReport
) -> None:
    if not head.note:
        if frontier.size:
            report.findings.append(f"unsigned_head {head.shard}")
        return
    try:
        signed = open_checkpoint(head.note, [Verifier(f"{verifier.name}/{head.shard}", verifier.public)])
    except NoteError:
        report.findings.append(f"bad_signature {head.shard}")
        return
    if signed.size != frontier.size or head.size != frontier.size:
        report.findings.append(f"size_differs {head.shard}")
    if signed.root != frontier.root():
        report.findings.append(f"root_differs {head.shard}")


def _rows(work: Work, shard: str) -> Iterator[tuple[int, bytes, bytes | None, AuditPrivateRow | None]]:
    query = (
        select(AuditLeafRow.idx, AuditLeafRow.leaf_hash, AuditEventRow.leaf, AuditPrivateRow)
        .outerjoin(AuditEventRow, AuditEventRow.event_id == AuditLeafRow.event_id)
        .outerjoin(AuditPrivateRow, AuditPrivateRow.event_id == AuditLeafRow.event_id)
        .where(AuditLeafRow.shard == shard)
        .order_by(AuditLeafRow.idx)
        .execution_options(yield_per=1_000)
    )
    for row in work.session.execute(query):
        yield row[0], row[1], row[2], row[3]


def _verify_private(
    leaf: bytes, private: AuditPrivateRow | None, place: str, report: VerificationReport
) -> None:
    facts = json.loads(leaf) if leaf else {}
    for name, column in COMMITMENTS:
        part = getattr(private, column, None)
        if part is None or name not in facts:
            report.erased += 1
            continue
        report.opened += 1
        if commit(part[:32], bytes.fromhex(facts["id"]), name, part[32:]).hex() != facts[name]:
            report.findings.append(f"private_changed {place}/{column}")


def _verify_pending(work: Work, report: VerificationReport) -> None:
    query = select(AuditPendingRow.seq, AuditPendingRow.leaf_hash, AuditEventRow.leaf).outerjoin(
        AuditEventRow, AuditEventRow.event_id == AuditPendingRow.event_id
    )
    for seq, stored_hash, leaf in work.session.execute(query.execution_options(yield_per=1_000)):
        report.pending += 1
        if leaf is None or leaf_hash(leaf) != stored_hash:
            report.findings.append(f"pending_changed {seq}")


def _verify_nothing_beside(work: Work, report: VerificationReport) -> None:
    """Find events that are neither in a tree nor waiting: dropped from the queue, or never put in it."""
    placed = exists().where(AuditLeafRow.event_id == AuditEventRow.event_id)
    waiting = exists().where(AuditPendingRow.event_id == AuditEventRow.event_id)
    lost = work.session.execute(
        select(func.count()).select_from(AuditEventRow).where(~placed, ~waiting)
    ).scalar_one()
    if lost:
        report.findings.append(f"events_without_place {lost}")
