"""Go on after a restore: what the witness saw and the store lost is written down, never talked away.

The witness is not reset and the closed tree not taken up again. The new tree begins with where the store
ended, how far the witness had seen, and how much of that is here: whoever verifies the log sees the gap for
as long as the log is kept. It is the same way out after a standby that lagged and was promoted, and for a
witness that was itself restored.

Source: audit-and-reliability.md, 1.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from hub.audit.comparing import compare, list_missing
from hub.audit.errors import NoGapError
from hub.audit.events import AuditEvent
from hub.audit.models import LOG
from hub.audit.service import record
from hub.audit.witness import Watch
from ledger.leaf import Opening
from ledger.note import Signer
from service.database import Database
from service.eventlog.appending import shard_of
from service.eventlog.sharding import closing, lay_empty, lock_newest_head, open_tree
from service.work import OPERATOR, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReopened(AuditEvent):
    """The operator closed a tree that is not what the witness saw, and began a new one."""

    code: ClassVar[str] = "log.reopened"
    purpose: str = "administration"


def _lay_first(work: Work, signer: Signer, watch: Watch) -> Any:
    """Lay the first tree that the witness saw of a store that has none, empty; raises NoGapError."""
    missing, _ = list_missing(watch, signer, "", shard_of(work.now))
    if not missing:
        raise NoGapError
    return lay_empty(work, LOG, signer, missing[0].origin.rpartition("/")[2])


def reopen_log(database: Database, signer: Signer, watch: Watch) -> Opening:
    """Close the newest tree where it is not what its witness saw, and begin another that says so.

    Raises:
        NoGapError: It is, or neither has any tree.
        WitnessAwayError: The witness does not answer.
    """
    with database.work(OPERATOR) as work:
        head = lock_newest_head(work, LOG) or _lay_first(work, signer, watch)
        standing = compare(work, watch, signer, head.shard)
        missing, shard = list_missing(watch, signer, head.shard, shard_of(work.now))
        if standing.is_whole and not missing:
            raise NoGapError
        lost = " ".join(f"{one.origin.rpartition('/')[2]}:{one.size}" for one in missing)
        gap = closing(work, head, witnessed=standing.witnessed, agreed=standing.agreed, lost=lost or None)
        open_tree(work, LOG, signer, shard, gap)
        detail = {"tree": head.shard, "here": head.size, "witnessed": standing.witnessed}
        record(work, LogReopened(detail={**detail, "agreed": standing.agreed, "lost": len(missing)}))
    return gap
