"""Go on after a restore: what the witness saw and the store lost is written down, never talked away.

The witness is not reset and the closed tree not taken up again. The new tree begins with where the store
ended and how far the witness had seen: whoever verifies the log sees the gap for as long as the log is kept.

Source: audit-and-reliability.md, 1.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.errors import AuditGapError, NoGapError
from hub.audit.events import AuditEvent
from hub.audit.models import LOG
from hub.audit.sequencing import find_witnessed, keep_seen
from hub.audit.service import record
from hub.audit.witness import Watch
from ledger.leaf import Opening
from ledger.note import Signer
from service.database import Database
from service.eventlog.appending import shard_of
from service.eventlog.proofs import root_at
from service.eventlog.sharding import closing, lock_newest_head, next_tree, open_tree
from service.work import OPERATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReopened(AuditEvent):
    """The operator closed a tree that a restore had shortened, and began a new one."""

    code: ClassVar[str] = "log.reopened"
    purpose: str = "administration"


def reopen_log(database: Database, signer: Signer, watch: Watch) -> Opening:
    """Close the newest tree where it is behind its witness, and begin another that says so.

    Raises:
        NoGapError: It is not behind.
        AuditGapError: The store is not the beginning of what the witness saw: this is no restore.
        WitnessAwayError: The witness does not answer.
    """
    with database.work(OPERATOR) as work:
        head = lock_newest_head(work, LOG)
        seen = find_witnessed(watch, signer, head.shard) if head else None
        if head is None or seen is None or seen.size <= head.size:
            if head and seen and root_at(work, LOG, head.shard, seen.size) != seen.root:
                raise AuditGapError
            raise NoGapError
        gap = closing(work, head, witnessed=seen.size)
        shard = next_tree(head.shard, shard_of(work.now))
        while find_witnessed(watch, signer, shard) is not None:
            shard = next_tree(shard, shard_of(work.now))
        open_tree(work, LOG, signer, shard, gap)
        keep_seen(work, watch, head.shard, signer)
        record(work, LogReopened(detail={"tree": head.shard, "here": head.size, "witnessed": seen.size}))
    return gap
