"""Read the log: for a purpose from a closed list, and never without a line in the log that says so.

Whoever reads opens the unit of work with the gate of disclosures, so what is read is shown only once a
witness has cosigned the record of the reading.

Source: NEN 7513, 9 (the log of log access); domain.md 1G (f).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from hub.audit.covering import Cover
from hub.audit.events import AuditEvent, Facts, Outcome
from hub.audit.service import record
from service.database import Database
from service.work import Caller, Work


class ReadingPurpose(StrEnum):
    """What the log is read for (doel)."""

    SUPERVISION = "supervision"  # the privacy officer's own checks, AVG 39
    RIGHTS_REQUEST = "rights_request"  # AVG 12-21
    COMPLAINT = "complaint"
    MISUSE_CHECK = "misuse_check"
    BREACH = "breach"  # AVG 33-34
    EXTERNAL_AUDIT = "external_audit"  # Wpg 33, AVG 58
    OPERATION = "operation"  # that the log itself is whole


SILENT = "witness_silent"  # what a check found whose witness did not answer

ABOUT_EMPLOYEE = (ReadingPurpose.MISUSE_CHECK, ReadingPurpose.COMPLAINT, ReadingPurpose.BREACH)
"""For what may be read what one employee did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRead(AuditEvent):
    """Somebody read in the log; which of it, and about whom, is sealed like any other private value."""

    code: ClassVar[str] = "log.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogVerified(AuditEvent):
    """Somebody recomputed the whole log; the outcome is `error` where something was found."""

    code: ClassVar[str] = "log.verified"
    purpose: str = ReadingPurpose.OPERATION.value


def record_reading(
    work: Work,
    purpose: ReadingPurpose,
    *,
    what: str,
    organisation_id: UUID | None = None,
    about: Facts | None = None,
    facts: Mapping[str, str | int] | None = None,
) -> None:
    """Write who reads what for which purpose.

    Args:
        what: the code of what is read: a question, an export, the values.
        organisation_id: in whose name it is read.
        about: references to whom it is about; a reading under the names of `THINGS` is erased with them.
    """
    record(
        work,
        LogRead(
            organisation_id=organisation_id,
            purpose=purpose.value,
            subject=about or {},
            detail={"what": what, **(facts or {})},
        ),
    )


@contextmanager
def reading(
    database: Database, cover: Cover, caller: Caller, purpose: ReadingPurpose, *, what: str
) -> Iterator[Work]:
    """Open a unit of work in which the log is read; begun only once the record of it was cosigned.

    Raises:
        AuditUnavailableError: Nobody cosigns now.
    """
    with cover.disclosing(database, caller) as work:
        record_reading(work, purpose, what=what)
    with database.look(caller) as work:
        yield work


def record_verification(work: Work, *, findings: Sequence[str], events: int) -> None:
    """Write that the whole log was recomputed, and whether anything was found. Source: AUD-08.

    A check whose witness did not answer is none: it does not say that all is well, and is no alarm. Two days
    without one are.
    """
    if list(findings) == [SILENT]:
        return
    outcome: Outcome = "error" if findings else "ok"
    record(work, LogVerified(outcome=outcome, detail={"findings": len(findings), "events": events}))
