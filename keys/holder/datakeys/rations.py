"""What a hub may do with data keys, and how much of it a day: each purpose has a ration of its own.

A stolen credential of the hub can so open, or destroy, no more than a day's ration before somebody looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import exists, select

from keys.holder.counting import lock_used, write_used
from keys.holder.datakeys.models import DataKeyRationRow
from keys.holder.errors import (
    AdmissionInvalidError,
    DataKeyQuotaError,
    DataKeysNotPermittedError,
    HubApartError,
)
from keys.holder.events import record
from keys.holder.models import PermissionRow, ReporterRow
from service.clock import dutch_date
from service.work import Caller, Role, Work

ISSUE, DESTROY = "issue", "destroy"
RATIONS = {
    ISSUE: 1_000,  # batches of 4,096 keys
    DESTROY: 20_000,  # keys, as all below
    "log_reading": 2_000,
    "log_checking": 200_000,
    "rights": 2_000,
    "rotation": 0,  # opened by people, for the days of a rotation
}


def permit_hub(work: Work, organisation_id: UUID, rations: Mapping[str, int]) -> None:
    """Keep data keys for an organisation that is a hub, with these rations and the usual ones.

    Raises:
        HubApartError: It may have tokens evaluated: whoever holds both could turn the hub's tokens back.
        AdmissionInvalidError: There is no such ration.
    """
    if not rations.keys() <= RATIONS.keys() or min(rations.values(), default=0) < 0:
        raise AdmissionInvalidError(places=("/ration",))
    if any(_has(work, row, organisation_id) for row in (PermissionRow, ReporterRow)):
        raise HubApartError
    for name, per_day in {**RATIONS, **rations}.items():
        work.session.merge(DataKeyRationRow(organisation_id=organisation_id, name=name, per_day=per_day))
        record(work, "data_keys.permitted", org=organisation_id.hex, pur=name, n=per_day)


def require_no_hub(work: Work, organisation_id: UUID) -> None:
    """Refuse to let a hub have tokens evaluated; raises HubApartError."""
    if _has(work, DataKeyRationRow, organisation_id):
        raise HubApartError


def spend(work: Work, name: str, count: int) -> UUID:
    """Take so much of the caller's ration of the day; returns whose it is.

    Raises:
        DataKeysNotPermittedError: The caller is no hub.
        DataKeyQuotaError: The ration is used up.
    """
    organisation_id = _hub_of(work.caller)
    ration = work.session.get(DataKeyRationRow, (organisation_id, name))
    if ration is None:
        raise DataKeysNotPermittedError
    counter, day = (organisation_id, name), dutch_date(work.now)
    total = lock_used(work, [counter], day)[counter] + count
    if total > ration.per_day:
        raise DataKeyQuotaError(retry_after=3600)
    write_used(work, {counter: total})
    return organisation_id


def require_hub(work: Work) -> UUID:
    """Require that the caller is a hub whose data keys are kept here; returns which.

    Raises:
        DataKeysNotPermittedError: It is not.
    """
    organisation_id = _hub_of(work.caller)
    if not _has(work, DataKeyRationRow, organisation_id):
        raise DataKeysNotPermittedError
    return organisation_id


def _hub_of(caller: Caller) -> UUID:
    # A key of one member of staff never speaks for the hub, whatever its organisation may do.
    if caller.organisation_id is None or caller.role is not Role.PARTNER:
        raise DataKeysNotPermittedError
    return caller.organisation_id


def _has(
    work: Work, row: type[DataKeyRationRow | PermissionRow | ReporterRow], organisation_id: UUID
) -> bool:
    return work.session.scalar(select(exists().where(row.organisation_id == organisation_id))) is True
