"""Authorise staff and register their keys, and end both; each act recorded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select, update

from hub.audit.service import record
from hub.partners import events, store
from hub.partners.errors import (
    CredentialInvalidError,
    CredentialMissingError,
    CredentialTakenError,
    StaffMissingError,
    StaffTakenError,
)
from hub.partners.models import CredentialRow, StaffRoleRow, StaffRow
from hub.partners.policy import holds, is_active, require_authorisation, require_operator
from hub.partners.service import find_staff, get_partner
from hub.partners.values import Authorisation, HeldRole, Registration, Staff, StaffRole
from service.clock import dutch_date
from service.oauth.credentials import CLIENT_ID
from service.oauth.jose import public_members, thumbprint
from service.work import Work


def authorise(work: Work, authorisation: Authorisation) -> Staff:
    """Let an organisation's member of staff act in a role.

    Raises:
        RoleNotForKindError: Only municipal staff are casemanagers, team leads, desk or privacy officers.
        StaffInvalidError: An address for somebody who gets no mail, or a label that is none.
    """
    require_operator(work.caller)
    partner = get_partner(work, authorisation.organisation_id)
    require_authorisation(authorisation, partner)
    since = authorisation.active_from or dutch_date(work.now)
    staff = Staff(
        id=authorisation.id or uuid4(),
        organisation_id=partner.id,
        roles=(HeldRole(authorisation.role, since),),
        mail_address=authorisation.mail_address,
        contact_label=authorisation.contact_label,
        active_from=since,
        active_until=None,
        trained_on=authorisation.trained_on,
    )
    store.add(work, [_staff_row(staff)], taken=StaffTakenError)
    store.add(work, [_role_row(work, staff)], taken=StaffTakenError)
    record(work, events.StaffAuthorised.of(partner.id, staff_id=staff.id, role=authorisation.role))
    return staff


def end_staff(work: Work, staff_id: UUID, *, on: date | None = None) -> Staff:
    """End an authorisation from a day on, today by default; the member's own keys stop with it.

    Source: domain.md ONB-12: authorisation ends at once.
    """
    require_operator(work.caller)
    staff = find_staff(work, [staff_id]).get(staff_id)
    if staff is None:
        raise StaffMissingError
    day = on or dutch_date(work.now)
    end = update(StaffRow).where(StaffRow.id == staff_id)
    work.session.execute(end.values(active_until_on=day))
    record(work, events.StaffEnded.of(staff.organisation_id, staff_id=staff_id, on=day))
    return find_staff(work, [staff_id])[staff_id]


def attest_training(work: Work, staff_id: UUID, *, on: date) -> Staff:
    """Record that an organisation attested the training of a member of its staff. Source: ONB-13."""
    require_operator(work.caller)
    staff = find_staff(work, [staff_id]).get(staff_id)
    if staff is None:
        raise StaffMissingError
    work.session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(trained_on=on))
    record(work, events.StaffTrained.of(staff.organisation_id, staff_id=staff_id, on=on))
    return find_staff(work, [staff_id])[staff_id]


def note_signals(work: Work, latest: Mapping[UUID, date]) -> None:
    """Remember on which day members of staff last signalled."""
    for staff_id, on in sorted(latest.items()):
        before = StaffRow.last_signalled_on.is_(None) | (StaffRow.last_signalled_on < on)
        own = update(StaffRow).where(StaffRow.id == staff_id, before)
        work.session.execute(own.values(last_signalled_on=on))


def suspend_dormant(work: Work, *, before: date) -> int:
    """Let the right rest of reporters who were trained and last signalled before a day; returns how many.

    They report again once their organisation attests a training anew.

    Source:
        ONB-13.
    """
    reporting = select(StaffRoleRow.staff_id).where(
        StaffRoleRow.role == StaffRole.REPORTER, StaffRoleRow.until_on.is_(None)
    )
    quiet = StaffRow.last_signalled_on.is_(None) | (StaffRow.last_signalled_on < before)
    dormant = update(StaffRow).where(StaffRow.trained_on < before, quiet, StaffRow.id.in_(reporting))
    found = work.session.execute(
        dormant.values(trained_on=None).returning(StaffRow.id, StaffRow.organisation_id)
    ).all()
    for staff_id, organisation_id in found:
        record(work, events.StaffSuspended.of(organisation_id, staff_id=staff_id))
    return len(found)


def end_all_staff(work: Work, organisation_id: UUID) -> int:
    """End every authorisation of an organisation today; returns how many. Source: ONB-12."""
    today = dutch_date(work.now)
    found = [one for one in store.list_staff(work, organisation_id) if is_active(one, today)]
    for one in found:
        end_staff(work, one.id, on=today)
    return len(found)


def count_trained(
    work: Work, ids: Collection[UUID], roles: Collection[StaffRole]
) -> dict[UUID, tuple[int, int]]:
    """Count of each organisation who holds one of these roles today: those who were trained, and all."""
    today = dutch_date(work.now)
    found: dict[UUID, tuple[int, int]] = {}
    for one in store.list_staff_of(work, ids):
        if holds(one, roles, today):
            trained, of = found.get(one.organisation_id, (0, 0))
            found[one.organisation_id] = (trained + (one.trained_on is not None), of + 1)
    return found


def register_credential(work: Work, registration: Registration) -> str:
    """Register a public key for an organisation, or for one member of its staff; returns its thumbprint.

    Raises:
        InvalidKeyError: It is no public Ed25519 or P-256 key, or it holds the private part.
        CredentialTakenError: The client id, or the key under another name, was registered before.
    """
    require_operator(work.caller)
    partner = get_partner(work, registration.organisation_id)
    if not CLIENT_ID.fullmatch(registration.client_id):
        raise CredentialInvalidError(places=("/clientId",))
    if registration.staff_id is not None:
        staff = find_staff(work, [registration.staff_id]).get(registration.staff_id)
        if staff is None or staff.organisation_id != partner.id:
            raise StaffMissingError
    jwk = public_members(registration.public_jwk)
    row = CredentialRow(
        client_id=registration.client_id,
        public_jwk=jwk,
        thumbprint=thumbprint(jwk),
        organisation_id=partner.id,
        staff_id=registration.staff_id,
        registered_at=work.now,
    )
    store.add(work, [row], taken=CredentialTakenError)
    event = events.CredentialRegistered.of(partner.id, client_id=row.client_id, thumbprint=row.thumbprint)
    record(work, event)
    return row.thumbprint


def disable_credential(work: Work, client_id: str) -> None:
    """Let a key sign no longer: at once for new tokens, within a minute for those that were given."""
    require_operator(work.caller)
    row = work.session.get(CredentialRow, client_id)
    if row is None:
        raise CredentialMissingError
    if row.disabled_at is not None:
        return
    row.disabled_at = work.now
    work.session.flush()
    event = events.CredentialDisabled.of(row.organisation_id, client_id=client_id, thumbprint=row.thumbprint)
    record(work, event)


def _staff_row(staff: Staff) -> StaffRow:
    return StaffRow(
        id=staff.id,
        organisation_id=staff.organisation_id,
        mail_address=staff.mail_address,
        contact_label=staff.contact_label,
        active_from_on=staff.active_from,
        active_until_on=staff.active_until,
        trained_on=staff.trained_on,
    )


def _role_row(work: Work, staff: Staff) -> StaffRoleRow:
    held = staff.roles[0]
    return StaffRoleRow(
        staff_id=staff.id, role=held.role, since_on=held.since, granted_at=work.now, granted_by=None
    )
