"""After a restore, erase again what was erased since the backup.

Who keeps the data keys knows: it destroyed those of all that was erased, and signed for each. Elements and
values are unreadable in any backup; the rows beside them are back, and go again before anybody is answered.
It takes a command: a key holder that lies about what was erased must not be able to erase.

Source: audit-and-reliability.md, 1.9 (a); AVG art. 17.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import delete

from hub.audit.destruction import keep_receipts, list_unheard
from hub.audit.service import record
from hub.consent.remembering import erase_said
from hub.rights.erasing import erase_all
from hub.rights.events import ErasuresReplayed
from hub.rights.models import RightsFindingRow
from hub.subjects.service import RegistrationKind, find_by_key
from service.database import Database
from service.errors import UnsafeSettingsError
from service.work import SYSTEM, Work

CHUNK = 200  # registrations a transaction
SAID = (RegistrationKind.CONSENT, RegistrationKind.OBJECTION)


def replay_erasures(database: Database) -> int:
    """Erase what the custodian of the data keys destroyed and the store still has; returns how many.

    Raises:
        UnavailableError: The custodian does not answer.
    """
    unheard = list_unheard(database)
    count = 0
    while found := _find(database, unheard.keys()):
        some = dict(sorted(found.items())[:CHUNK])
        with database.work(SYSTEM) as work:
            _erase(work, some)
        count += len(some)
    with database.work(SYSTEM) as work:
        keep_receipts(work, unheard.values())
    database.empty_log()
    return count


def require_replayed(database: Database) -> None:
    """Refuse to serve a store that has what was erased since its backup.

    Raises:
        UnsafeSettingsError: It has; names the command.
        UnavailableError: The custodian does not answer, and so nobody knows.
    """
    if _find(database, list_unheard(database).keys()):
        raise UnsafeSettingsError("what was erased since the backup is back; run: dat-hub audit reopen")


def _find(database: Database, keys: Collection[bytes]) -> Mapping[UUID, RegistrationKind]:
    if not keys:
        return {}
    with database.look(SYSTEM) as work:
        return {id_: kind for id_, (_, kind) in find_by_key(work, keys).items()}


def _erase(work: Work, kinds: Mapping[UUID, RegistrationKind]) -> None:
    erase_said(work, [id_ for id_, kind in kinds.items() if kind in SAID])
    erase_all(work, {id_: kind.value for id_, kind in kinds.items()})
    work.session.execute(delete(RightsFindingRow).where(RightsFindingRow.registration_id.in_(kinds)))
    record(work, ErasuresReplayed(detail={"registrations": len(kinds)}))
