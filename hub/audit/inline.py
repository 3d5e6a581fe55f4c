"""Have a hub on SQLite sequence in the transaction of each act, once it is known that its store is whole."""

from __future__ import annotations

from hub.audit.comparing import hold_against_witness
from hub.audit.errors import AuditGapError
from hub.audit.models import LOG
from hub.audit.witness import Watch, WitnessAwayError
from ledger.note import Signer
from service.database import Database
from service.eventlog.inline import Inline


def sequence_inline(database: Database, signer: Signer, watch: Watch | None) -> None:
    """Let events get their place at once where there is one writer; elsewhere the worker's turn gives it.

    A store that was restored must not sign a second history: while its witness cannot be asked, or saw more
    than is here, events wait for the worker, which asks again.
    """
    if database.dialect != "sqlite":
        return
    try:
        if watch is not None:
            hold_against_witness(database, watch, signer)
    except (AuditGapError, WitnessAwayError):
        return
    database.before_commit = Inline(LOG, signer)
