"""Make the holder's own list what a signed one says: admit, change and end until they are the same."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select

from keys.holder import administration
from keys.holder.administration import Admission
from keys.holder.errors import ClientTakenError, PermissionListError
from keys.holder.events import record
from keys.holder.models import ClientRow, PermissionListRow, PermissionRow, ReporterRow
from keys.holder.permission_list import ListedClient, ListedOrganisation, PermissionList
from service.oauth.jose import public_members
from service.work import Work


def load_list(work: Work, permissions: PermissionList) -> None:
    """Load a list that was read with `read_list`; whoever is not on it may ask no longer.

    A key that was disabled here stays so, also when it is on the list.

    Raises:
        PermissionListError: Its serial is not above that of the list before.
        ClientTakenError: A client id is of another key or organisation here.
    """
    newest = work.session.scalar(select(func.max(PermissionListRow.serial))) or 0
    if permissions.serial <= newest:
        raise PermissionListError
    work.session.add(PermissionListRow(serial=permissions.serial, loaded_at=work.now))
    record(work, "permissions.loaded", serial=permissions.serial)
    for organisation in permissions.organisations:
        for client in organisation.clients:
            _admit(work, organisation.organisation, client)
    _disable_others(work, {one.client_id for each in permissions.organisations for one in each.clients})
    listed = {one.organisation: one for one in permissions.organisations}
    _set_schemes(work, listed)
    _set_reporters(work, listed)


def _admit(work: Work, organisation_id: UUID, client: ListedClient) -> None:
    row = work.session.get(ClientRow, client.client_id)
    if row is None:
        admission = Admission(client.client_id, organisation_id, client.jwk, staff_id=client.staff)
        administration.admit(work, admission)
        return
    facts = (row.organisation_id, row.staff_id, row.public_jwk)
    if facts != (organisation_id, client.staff, public_members(client.jwk)):
        raise ClientTakenError


def _disable_others(work: Work, listed: set[str]) -> None:
    enabled = select(ClientRow.client_id).where(ClientRow.disabled_at.is_(None))
    for client_id in sorted(set(work.session.scalars(enabled)) - listed):
        administration.disable(work, client_id)


def _set_schemes(work: Work, listed: Mapping[UUID, ListedOrganisation]) -> None:
    rows = work.session.scalars(select(PermissionRow)).all()
    held = {(row.organisation_id, row.scheme): row.per_day for row in rows}
    wanted = {(id_, str(name)): count for id_, one in listed.items() for name, count in one.schemes.items()}
    for organisation_id, scheme in sorted(held.keys() | wanted.keys()):
        per_day = wanted.get((organisation_id, scheme), 0)
        if per_day != held.get((organisation_id, scheme)):
            administration.permit(work, organisation_id, scheme, per_day=per_day)


def _set_reporters(work: Work, listed: Mapping[UUID, ListedOrganisation]) -> None:
    rows = work.session.scalars(select(ReporterRow)).all()
    held = {(row.organisation_id, row.reporter_id): row.per_day for row in rows}
    wanted = {(id_, who): count for id_, one in listed.items() for who, count in one.reporters.items()}
    for key in sorted(held.keys() - wanted.keys()):
        administration.end_reporter(work, *key)
    for key, per_day in sorted(wanted.items()):
        if per_day != held.get(key):
            administration.add_reporter(work, *key, per_day=per_day)
