"""A witness in this process: the key holder's own code on a store of its own, without HTTP between."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from hub.audit.sequencing import Sequencer
from hub.audit.witness import Watch, WitnessAwayError
from keys.holder import witnessing
from keys.holder.models import Base
from ledger.cosignature import Cosigner
from ledger.note import Signer
from ledger.witnessing import NotCosignedError
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests.databases import lay_sqlite

COSIGNER = Cosigner("holder.example/witness", bytes([1]) * 32, bytes([2]) * 32)


class InProcessWitness:
    """A key holder that cosigns, can be away, and counts."""

    def __init__(self, folder: Path, signer: Signer) -> None:
        self.database = Database(lay_sqlite(folder / "holder.db", Base.metadata.create_all), pool=4)
        with self.database.work(OPERATOR) as work:
            witnessing.trust_log(work, signer.verifier.to_text())
        self.is_away = False
        self.asked = 0

    def add_checkpoint(self, body: str) -> tuple[int, str]:
        """Cosign as the holder's route does."""
        self.asked += 1
        if self.is_away:
            raise WitnessAwayError
        try:
            with self.database.work(SYSTEM) as work:
                return 200, witnessing.cosign(work, COSIGNER, body)
        except NotCosignedError as error:
            return int(error.refusal), f"{error.seen}\n"

    def find_checkpoint(self, origin: str) -> str | None:
        """Give what was cosigned last."""
        if self.is_away:
            raise WitnessAwayError
        with self.database.look(SYSTEM) as work:
            return witnessing.find_checkpoint(work, sha256(origin.encode()).hexdigest())

    @property
    def watch(self) -> Watch:
        """What a hub knows of this witness."""
        return Watch(self, COSIGNER.name, COSIGNER.keys)

    def sequencer(self, database: Database, signer: Signer) -> Sequencer:
        """What a worker runs that knows this witness."""
        return Sequencer(database, signer, self.watch)
