"""A hub's log with a witness in another store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hub.audit.models import LOG, AuditCosignedRow
from hub.audit.sequencing import Sequencer
from hub.audit.service import record_many
from service.database import Database
from service.work import SYSTEM
from tests.hub.audit.test_service import SIGNER, Happened
from tests.witnesses import COSIGNER, InProcessWitness


@dataclass
class Watched:
    """A log, its witness, and what a worker does."""

    database: Database
    witness: InProcessWitness

    def act(self, count: int = 1) -> None:
        with self.database.work(SYSTEM) as work:
            record_many(work, [Happened() for _ in range(count)])

    def new_worker(self) -> Sequencer:
        return self.witness.sequencer(self.database, SIGNER)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """For each tree its size and how much of it was cosigned."""
        with self.database.look(SYSTEM) as work:
            heads = {row.shard: row.size for row in work.session.execute(LOG.head.select())}
            cosigned: dict[Any, Any] = {
                row.shard: row.size
                for row in work.session.query(AuditCosignedRow)
                if row.witness == COSIGNER.name
            }
        return {shard: (size, cosigned.get(shard, 0)) for shard, size in heads.items()}


@pytest.fixture
def watched(hub_database: Database, tmp_path: Path) -> Iterator[Watched]:
    """A log that is witnessed."""
    witness = InProcessWitness(tmp_path, SIGNER)
    yield Watched(hub_database, witness)
    witness.database.close()
