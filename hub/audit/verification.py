"""Check the hub's log: the tree from its leaf bytes, and the value behind every commitment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import exists, func, select

from hub.audit.erasing import PrivateErased
from hub.audit.models import LOG, AuditPrivateRow
from ledger.checkpoint import Checkpoint
from ledger.errors import LeafError
from ledger.leaf import commit, find_opening
from ledger.note import Verifier
from service.eventlog.verification import FoundLeaf, VerificationReport, verify_tree
from service.work import Work

COMMITMENTS = (("ac", "actor"), ("sc", "subject"), ("dc", "detail"))
OPENING = 32  # bytes in front of a part


def verify(work: Work, verifier: Verifier, *, witnessed: Sequence[Checkpoint] = ()) -> VerificationReport:
    """Recompute the whole log and say what was changed, dropped or added.

    A part that is not there was taken away, unless an event in the tree says that it was erased: a row that
    says so of itself would let anybody hide who acted. Who acted is never erased.

    Args:
        witnessed: heads that a witness holds; without them a roll-back of the whole database shows nothing.
    """
    beside = PrivateReport()
    report = verify_tree(
        work, LOG, verifier, witnessed=witnessed, on_leaves=partial(_verify_private, work, beside)
    )
    report.opened = beside.opened
    report.findings += beside.findings
    report.findings += [
        finding
        for (event_id, column), finding in beside.missing.items()
        if column == "actor" or event_id not in beside.erased
    ]
    report.findings += _without_event(work)
    return report


@dataclass(slots=True)
class PrivateReport(VerificationReport):
    """What was found beside the tree: what is missing, and of which events that was said."""

    missing: dict[tuple[bytes, str], str] = field(default_factory=dict)
    erased: set[bytes] = field(default_factory=set)


def _verify_private(work: Work, report: PrivateReport, found: Sequence[FoundLeaf]) -> None:
    # By column, not by object: a session that keeps every row of the log would not fit in memory.
    query = select(*AuditPrivateRow.__table__.c).where(
        AuditPrivateRow.event_id.in_([one.event_id for one in found])
    )
    rows = {row.event_id: row for row in work.session.execute(query)}
    for one in found:
        _verify_parts(rows.get(one.event_id), one, report)


def _verify_parts(private: Any, found: FoundLeaf, report: PrivateReport) -> None:
    if private is None and find_opening(found.leaf):
        return  # the first leaf of a tree says all it knows itself
    committed = _committed(found.leaf)
    for name, column in COMMITMENTS:
        part = getattr(private, column, None)
        if part is None:
            report.missing[found.event_id, column] = f"private_missing {found.place}/{column}"
        elif committed.get(name) != _commitment(part, found.event_id, name):
            report.findings.append(f"private_changed {found.place}/{column}")
        else:
            report.opened += 1
            if column == "detail" and committed.get("ev") == PrivateErased.code:
                report.erased |= {bytes.fromhex(one) for one in _committed(part[OPENING:])["events"].split()}


def _committed(leaf: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(leaf)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _commitment(part: bytes, event_id: bytes, name: str) -> str | None:
    try:
        return commit(part[:OPENING], event_id, name, part[OPENING:]).hex()
    except LeafError:
        return None


def _without_event(work: Work) -> list[str]:
    event = exists().where(LOG.event.c.event_id == AuditPrivateRow.event_id)
    query = select(func.count()).select_from(AuditPrivateRow).where(~event)
    return [f"private_without_event {count}"] if (count := work.session.execute(query).scalar_one()) else []
