"""Recompute the whole log at once, for whoever supervises it and does not wait for the worker: AUD-08."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from hub.audit.keys import ledger_signer
from hub.audit.witness import watch_of
from hub.audit.witnessed import verify_with_witness
from hub.context import Hub
from hub.questions.errors import VerifyingError
from hub.questions.scope import require_reader
from service.eventlog.verification import VerificationReport
from service.work import Caller

# It reads the whole log: two at once would keep everybody else waiting.
_checking = threading.Lock()


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, and the name of the witness that it was held against; "" where nobody witnesses."""

    report: VerificationReport
    witness: str


def check_log(hub: Hub, caller: Caller) -> Checked:
    """Recompute the log and hold it against its witness; record it afterwards, before it is shown.

    Raises:
        RoleNotAllowedError: Only a privacy officer checks, or the operator at the machine.
        VerifyingError: Somebody does so at this moment.
    """
    with hub.database.look(caller) as work:
        require_reader(work)
    settings = hub.settings
    watch = watch_of(settings.witness_url, settings.witness_keys, ca_file=settings.data_keys_ca_file)
    if not _checking.acquire(blocking=False):
        raise VerifyingError
    try:
        found = verify_with_witness(hub.database, ledger_signer(hub.keys, settings.hub_id), watch)
    finally:
        _checking.release()
    return Checked(found, watch.name if watch else "")
