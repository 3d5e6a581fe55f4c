"""Erase what was said of telling the persons of signals, with what was opened in spite of it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete

from hub.changes.erasing import erase_changes
from hub.consent.models import OverrideRow
from hub.informing.models import NoticeExceptionRow
from service.work import Work


def erase_told(work: Work, signal_ids: Collection[UUID]) -> set[UUID]:
    """Delete exceptions and overrides of these signals; returns the ids of all that is gone.

    What an override did stays in the log, as codes of no person.

    Source:
        TRA-09; SIG-08, SIG-18.
    """
    overrides = delete(OverrideRow).where(OverrideRow.signal_id.in_(signal_ids)).returning(OverrideRow.id)
    return set(work.session.execute(overrides).scalars()) | erase_grounds(work, signal_ids)


def erase_grounds(work: Work, signal_ids: Collection[UUID]) -> set[UUID]:
    """Delete the exceptions of these signals, and who asked for them; returns the ids of those proposals.

    A ground is near to substance: that somebody was to be protected stays nowhere.
    """
    work.session.execute(delete(NoticeExceptionRow).where(NoticeExceptionRow.signal_id.in_(signal_ids)))
    return erase_changes(work, signal_ids)
