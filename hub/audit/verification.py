"""Check the hub's log: the tree from its leaf bytes, and every commitment that can still be opened."""

from __future__ import annotations

import json

from hub.audit.models import LOG, AuditPrivateRow
from ledger.leaf import commit
from ledger.note import Verifier
from service.eventlog.verification import VerificationReport, verify_tree
from service.work import Work

COMMITMENTS = (("ac", "actor"), ("sc", "subject"), ("dc", "detail"))


def verify(work: Work, verifier: Verifier) -> VerificationReport:
    """Recompute the whole log and say what was changed, dropped or added."""
    beside = VerificationReport()

    def check_private(place: str, event_id: bytes, leaf: bytes) -> None:
        _verify_private(work.session.get(AuditPrivateRow, event_id), place, leaf, beside)

    report = verify_tree(work, LOG, verifier, on_leaf=check_private)
    report.opened, report.erased = beside.opened, beside.erased
    report.findings += beside.findings
    return report


def _verify_private(
    private: AuditPrivateRow | None, place: str, leaf: bytes, report: VerificationReport
) -> None:
    facts = json.loads(leaf)
    for name, column in COMMITMENTS:
        part = getattr(private, column, None)
        if part is None or name not in facts:
            report.erased += 1
            continue
        report.opened += 1
        if commit(part[:32], bytes.fromhex(facts["id"]), name, part[32:]).hex() != facts[name]:
            report.findings.append(f"private_changed {place}/{column}")
