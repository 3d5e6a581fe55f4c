"""Erase changes that were about a registration, with what they hold."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete

from hub.changes.models import ChangeRow
from service.work import Work


def erase_changes(work: Work, about: Collection[UUID]) -> set[UUID]:
    """Delete what was proposed about these registrations, decided or not; returns the ids."""
    gone = delete(ChangeRow).where(ChangeRow.about.in_(about)).returning(ChangeRow.id)
    return set(work.session.execute(gone).scalars())
