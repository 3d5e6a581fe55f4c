"""Give events their place in the transaction of their act, where only one can write anyway.

On SQLite that costs nobody a wait: the writer holds the store alone. What is committed then has its place and
its signed head already, and there is no queue that somebody could take a row from.

Source: docs/adr/0014.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.note import Signer
from service.eventlog.appending import LogBrokenError, list_waiting
from service.eventlog.sharding import place
from service.eventlog.tables import LogTables
from service.logging import log
from service.work import Work


@dataclass(frozen=True, slots=True)
class Inline:
    """What a unit of work does last, before it commits."""

    tables: LogTables
    signer: Signer

    def __call__(self, work: Work) -> None:
        """Place and sign what waits; where that may not be, it goes on waiting, and the act stands."""
        if not list_waiting(work, self.tables, limit=1):
            return
        connection = work.session.connection()
        connection.exec_driver_sql("SAVEPOINT placing")
        try:
            place(work, self.tables, self.signer)
        except LogBrokenError:
            connection.exec_driver_sql("ROLLBACK TO placing")
            # The sequencer's own turn says so until it is mended; nothing is disclosed meanwhile.
            log.error("log_broken")
        connection.exec_driver_sql("RELEASE placing")
