"""Have the data keys of what was erased destroyed where they are held."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from service.work import Work


def destroy_keys(work: Work, registration_ids: Collection[UUID]) -> None:
    """Ask for the destruction of the data keys of these registrations; there are none yet."""
