"""Every query on the register of excluded addresses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub.households.models import AddressReviewRow, ExcludedAddressRow


def find_by_key(session: Session, *, organisation_id: UUID, key_hash: bytes) -> ExcludedAddressRow | None:
    """Read what was recorded under this key."""
    own = ExcludedAddressRow.organisation_id == organisation_id
    query = select(ExcludedAddressRow).where(own, ExcludedAddressRow.key_hash == key_hash)
    return session.scalars(query).one_or_none()


def delete_own(session: Session, address_id: UUID, *, organisation_id: UUID) -> bool:
    """Take an address of this organisation from the register; False where there is none."""
    own = (ExcludedAddressRow.id == address_id) & (ExcludedAddressRow.organisation_id == organisation_id)
    gone = delete(ExcludedAddressRow).where(own).returning(ExcludedAddressRow.id)
    return session.execute(gone).first() is not None


def list_reviewed(session: Session, *, since: datetime) -> Collection[UUID]:
    """Name the organisations that reviewed their register since a moment."""
    latest = func.max(AddressReviewRow.reviewed_at)
    query = select(AddressReviewRow.organisation_id).group_by(AddressReviewRow.organisation_id)
    return list(session.scalars(query.having(latest > since)))
