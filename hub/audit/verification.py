"""Check the hub's log: the tree from its leaf bytes, and the values behind commitments that can be opened."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import exists, func, select

from hub.audit.destruction import list_proved
from hub.audit.lines import count_missing_lines, list_wrong_lines
from hub.audit.models import LOG, AuditPrivateRow
from hub.audit.private import PARTS, commitment, open_part
from ledger.checkpoint import Checkpoint
from ledger.errors import LeafError
from ledger.leaf import find_opening
from ledger.note import Verifier
from service.datakeys.custody import Purpose
from service.datakeys.releasing import release
from service.datakeys.sealing import OVERHEAD, SealedError, key_id_of
from service.eventlog.verification import FoundLeaf, VerificationReport, verify_tree
from service.work import Work

SHORTEST = OVERHEAD + 32 + len("{}")


@dataclass(frozen=True, slots=True)
class _Keys:
    """The data keys of some rows: those that were given back, and those proved to be destroyed."""

    given: Mapping[bytes, bytes]
    destroyed: Collection[bytes]


def verify(
    work: Work, verifier: Verifier, *, witnessed: Sequence[Checkpoint] = (), opening: bool = False
) -> VerificationReport:
    """Recompute the whole log and say what was changed, dropped or added.

    The tree needs no keys, and what was erased is no finding. Rows beside it stay when their keys are
    destroyed: a part that is not there was taken away.

    Args:
        witnessed: heads that a witness holds; without them a roll-back of the whole database shows nothing.
        opening: ask the data keys back, and check the value behind every commitment. A part whose key is gone
            counts as erased under the custodian's signed receipt only: a row that could say of itself that it
            was erased would let anybody hide who acted.

    Raises:
        UnavailableError: The custodian of the data keys does not answer, or the ration is used up.
    """
    beside = VerificationReport()
    report = verify_tree(
        work,
        LOG,
        verifier,
        witnessed=witnessed,
        on_leaves=partial(_verify_private, work, beside, opening=opening),
    )
    report.opened, report.erased = beside.opened, beside.erased
    report.findings += beside.findings
    report.findings += _without_event(work)
    report.findings += [f"lines_missing {count}"] if (count := count_missing_lines(work)) else []
    return report


def _verify_private(
    work: Work, report: VerificationReport, found: Sequence[FoundLeaf], *, opening: bool
) -> None:
    # By column, not by object: a session that keeps every row of the log would not fit in memory.
    query = select(*AuditPrivateRow.__table__.c).where(
        AuditPrivateRow.event_id.in_([one.event_id for one in found])
    )
    rows = {row.event_id: row for row in work.session.execute(query)}
    keys = _keys(work, rows.values()) if opening else None
    report.findings += list_wrong_lines(work, found)
    for one in found:
        if one.event_id not in rows and find_opening(one.leaf):
            continue  # the first leaf of a tree says all it knows itself
        committed = _committed(one.leaf)
        for part, name in PARTS.items():
            sealed = getattr(rows.get(one.event_id), part, None)
            said = _judge(sealed, one.event_id, part, committed.get(name), keys)
            report.opened += said == "opened"
            report.erased += said == "erased"
            if said.startswith("private_"):
                report.findings.append(f"{said} {one.place}/{part}")


def _keys(work: Work, rows: Collection[Any]) -> _Keys:
    named = set(_key_ids(rows))
    given = release(work.data_keys.custody, named, Purpose.LOG_CHECKING)
    return _Keys(given, list_proved(work, named - given.keys()))


def _key_ids(rows: Collection[Any]) -> Iterator[bytes]:
    for row in rows:
        yield from (key_id_of(sealed) for part in PARTS if (sealed := getattr(row, part)) is not None)


def _judge(sealed: bytes | None, event_id: bytes, part: str, committed: object, keys: _Keys | None) -> str:
    if sealed is None:
        return "private_missing"
    if len(sealed) < SHORTEST:
        return "private_changed"
    if keys is None:
        return "sealed"
    try:
        opened = open_part(keys.given, sealed, event_id=event_id, part=part)
        if opened is None:
            return "erased" if key_id_of(sealed) in keys.destroyed else "private_without_key"
        agrees = commitment(opened, event_id=event_id, part=part) == committed
    except (SealedError, LeafError):
        agrees = False
    return "opened" if agrees else "private_changed"


def _committed(leaf: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(leaf)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _without_event(work: Work) -> list[str]:
    event = exists().where(LOG.event.c.event_id == AuditPrivateRow.event_id)
    query = select(func.count()).select_from(AuditPrivateRow).where(~event)
    return [f"private_without_event {count}"] if (count := work.session.execute(query).scalar_one()) else []
