"""Admit partners to this holder: their keys, the schemes they may use, their reporters and quotas.

The list is the holder's own, loaded by its own administrator; the hub has no say in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from keys.holder.datakeys.rations import require_no_hub
from keys.holder.errors import AdmissionInvalidError, ClientMissingError, ClientTakenError
from keys.holder.events import record
from keys.holder.models import ClientRow, PermissionRow, ReporterRow
from keys.protocol.tokens import SCHEMES
from service.oauth.credentials import CLIENT_ID
from service.oauth.jose import public_members, thumbprint
from service.work import Work

DEFAULT_PER_DAY = {"bsn": 1_000, "demographic": 10_000, "household": 2_000}  # elements
MOST_PER_DAY = 10_000_000


@dataclass(frozen=True, slots=True)
class Admission:
    """A partner's request key and what it may have evaluated.

    Attributes:
        schemes: elements a day by scheme, for the whole organisation; replaces what it had of that scheme.
        staff_id: when one member of staff holds the key.
    """

    client_id: str
    organisation_id: UUID
    public_jwk: Mapping[str, str]
    schemes: Mapping[str, int] = field(default_factory=dict)
    staff_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """One client as the administrator sees it."""

    client_id: str
    organisation_id: UUID
    thumbprint: str
    schemes: Mapping[str, int]
    reporters: int
    disabled: bool


def admit(work: Work, admission: Admission) -> str:
    """Register a partner's key and permissions; returns the key's thumbprint, to compare by another road.

    Raises:
        AdmissionInvalidError: The client id, a scheme or a quota is not of the agreed form.
        InvalidKeyError: It is no public Ed25519 or P-256 key, or it holds the private part.
        ClientTakenError: The client id was used before.
    """
    if not CLIENT_ID.fullmatch(admission.client_id):
        raise AdmissionInvalidError(places=("/clientId",))
    jwk = public_members(dict(admission.public_jwk))
    if work.session.get(ClientRow, admission.client_id) is not None:
        raise ClientTakenError
    row = ClientRow(
        client_id=admission.client_id,
        organisation_id=admission.organisation_id,
        staff_id=admission.staff_id,
        public_jwk=jwk,
        disabled_at=None,
    )
    work.session.add(row)
    record(
        work, "client.admitted", org=admission.organisation_id.hex, client=row.client_id, jkt=thumbprint(jwk)
    )
    for scheme, per_day in sorted(admission.schemes.items()):
        permit(work, admission.organisation_id, scheme, per_day=per_day)
    return thumbprint(jwk)


def permit(work: Work, organisation_id: UUID, scheme: str, *, per_day: int) -> None:
    """Let an organisation use a scheme, so many elements a day; zero ends the permission."""
    if scheme not in SCHEMES:
        raise AdmissionInvalidError(places=("/scheme",))
    require_no_hub(work, organisation_id)
    _require_quota(per_day)
    if per_day:
        work.session.merge(PermissionRow(organisation_id=organisation_id, scheme=scheme, per_day=per_day))
    elif row := work.session.get(PermissionRow, (organisation_id, scheme)):
        work.session.delete(row)
    record(work, "scheme.permitted", org=organisation_id.hex, scheme=scheme, n=per_day)


def add_reporter(work: Work, organisation_id: UUID, reporter_id: UUID, *, per_day: int) -> None:
    """Register a reporter's pseudonym with a daily quota, or change the quota."""
    _require_quota(per_day)
    work.session.merge(ReporterRow(organisation_id=organisation_id, reporter_id=reporter_id, per_day=per_day))
    record(work, "reporter.added", org=organisation_id.hex, rep=reporter_id.hex, n=per_day)


def end_reporter(work: Work, organisation_id: UUID, reporter_id: UUID) -> None:
    """End a reporter; raises ClientMissingError when there is none."""
    row = work.session.get(ReporterRow, (organisation_id, reporter_id))
    if row is None:
        raise ClientMissingError
    work.session.delete(row)
    record(work, "reporter.ended", org=organisation_id.hex, rep=reporter_id.hex)


def disable(work: Work, client_id: str) -> None:
    """Let a key sign no longer, in every process within half a minute."""
    row = work.session.get(ClientRow, client_id)
    if row is None:
        raise ClientMissingError
    row.disabled_at = row.disabled_at or work.now
    record(work, "client.disabled", org=row.organisation_id.hex, client=client_id)


def list_clients(work: Work) -> Iterator[Admitted]:
    """List every client, disabled ones too."""
    schemes: dict[UUID, dict[str, int]] = {}
    for permission in work.session.scalars(select(PermissionRow).order_by(PermissionRow.scheme)):
        schemes.setdefault(permission.organisation_id, {})[permission.scheme] = permission.per_day
    reporters = list(work.session.scalars(select(ReporterRow.organisation_id)))
    for row in work.session.scalars(select(ClientRow).order_by(ClientRow.client_id)):
        yield Admitted(
            client_id=row.client_id,
            organisation_id=row.organisation_id,
            thumbprint=thumbprint(row.public_jwk),
            schemes=schemes.get(row.organisation_id, {}),
            reporters=reporters.count(row.organisation_id),
            disabled=row.disabled_at is not None,
        )


def _require_quota(per_day: int) -> None:
    if not 0 <= per_day <= MOST_PER_DAY:
        raise AdmissionInvalidError(places=("/perDay",))
