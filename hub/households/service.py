"""Keep the register of excluded addresses, and say who belongs to one household: gate, act, record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.households import events, store
from hub.households.errors import AddressMissingError
from hub.households.models import AddressReviewRow, ExcludedAddressRow
from hub.households.schemas import NewExcludedAddress
from hub.partners.service import (
    Partner,
    Staff,
    StaffRole,
    find_partners,
    get_own_partner,
    require_covenant,
    require_role,
    require_token_types,
)
from hub.subjects.service import (
    NO_END,
    NewRegistration,
    RegistrationKind,
    SubjectKeys,
    erase_registrations,
    find_kin,
    open_sent,
    require_known_key,
    store_registrations,
)
from keys.protocol.tokens import TokenType
from service.clock import dutch_date
from service.idempotency import key_hash
from service.work import Work

KEEPERS = (StaffRole.MUNICIPAL_COORDINATOR,)


def exclude_address(
    work: Work, secrets: SubjectKeys, message: NewExcludedAddress, *, idempotency_key: UUID
) -> ExcludedAddressRow:
    """Put an institution's address in the register, once per idempotency key.

    Raises:
        RoleNotAllowedError: The caller keeps no register.
        TokenTypeNotAllowedError: Their organisation may not use the household scheme.

    Source:
        MAT-04: an address match excludes designated institutions.
    """
    partner, staff = _require_keeper(work)
    require_token_types(partner, message.token_types)
    require_known_key(secrets, message.envelope.kid)
    hashed = key_hash(partner.id, idempotency_key)
    if earlier := store.find_by_key(work.session, organisation_id=partner.id, key_hash=hashed):
        return earlier
    row = ExcludedAddressRow(
        id=uuid4(),
        organisation_id=partner.id,
        recorded_by=staff.id,
        recorded_at=work.now,
        key_hash=hashed,
    )
    work.session.add(row)
    work.session.flush()
    opened = open_sent(secrets, message, partner, registration_id=row.id, idempotency_key=idempotency_key)
    kind = RegistrationKind.EXCLUDED
    store_registrations(work, [NewRegistration(row.id, kind, partner.id, work.now, NO_END, opened)])
    record(work, events.AddressExcluded(organisation_id=partner.id, detail={"address": str(row.id)}))
    return row


def include_address(work: Work, address_id: UUID) -> None:
    """Take an address from the register, and forget it.

    Raises:
        AddressMissingError: It is not in the register of the caller's organisation.
    """
    partner, _ = _require_keeper(work)
    if not store.delete_own(work.session, address_id, organisation_id=partner.id):
        raise AddressMissingError
    erase_registrations(work, [address_id])
    record(work, events.AddressIncluded(organisation_id=partner.id, detail={"address": str(address_id)}))


def review_addresses(work: Work) -> datetime:
    """Write that the register of the caller's municipality is complete today; returns when that was."""
    partner, staff = _require_keeper(work)
    row = AddressReviewRow(id=uuid4(), organisation_id=partner.id, reviewed_by=staff.id, reviewed_at=work.now)
    work.session.add(row)
    work.session.flush()
    record(work, events.AddressesReviewed(organisation_id=partner.id))
    return work.now


def list_kin(
    work: Work, ids: Collection[UUID], *, by: Collection[str], controller: str, register: timedelta
) -> frozenset[tuple[UUID, UUID]]:
    """Find who is of one household with these registrations, and not the same person.

    Args:
        by: `parent`, and `address`, which counts only while the register was reviewed lately.
        controller: OIN of the organisation whose register that is.
        register: how long a review holds.

    Source:
        MAT-03, MAT-04: off until a maintained exclusion register is loaded.
    """
    types = {TokenType.PARENT.value} if "parent" in by else set()
    if "address" in by and _is_fresh(work, controller, register):
        types.add(TokenType.HOUSEHOLD.value)
    return find_kin(work, ids, types=frozenset(types)) if types and ids else frozenset()


def _is_fresh(work: Work, controller: str, register: timedelta) -> bool:
    reviewed = store.list_reviewed(work.session, since=work.now - register)
    return any(partner.oin == controller for partner in find_partners(work, reviewed).values())


def _require_keeper(work: Work) -> tuple[Partner, Staff]:
    staff = require_role(work, *KEEPERS)
    partner = get_own_partner(work)
    require_covenant(partner, dutch_date(work.now))
    return partner, staff
