"""Every query of the partner directory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase

from hub.partners.models import (
    CovenantRow,
    CredentialRow,
    OrganisationRow,
    SchemePermissionRow,
    StaffRoleRow,
    StaffRow,
)
from hub.partners.values import Granted, HeldRole, Partner, Staff, StaffRole
from service.bulk import one_of, select_those
from service.clock import dutch_date
from service.errors import ConflictError
from service.oauth.credentials import Credential
from service.remembering import each_once, forget, once, watch
from service.work import Role, Work

# By column of the table: every group of posts asks this, and the ORM's way takes longer than the database.
_O, _C, _P, _S, _R = (
    row.metadata.tables[row.__tablename__].c
    for row in (OrganisationRow, CovenantRow, SchemePermissionRow, StaffRow, StaffRoleRow)
)
watch(
    *(
        row.__tablename__
        for row in (OrganisationRow, CovenantRow, SchemePermissionRow, StaffRow, StaffRoleRow)
    )
)
_SCHEMES = select(func.aggregate_strings(_P.scheme, " ")).where(_P.organisation_id == _O.id).scalar_subquery()
_PARTNERS = (
    select(_O.id, _O.oin, _O.name, _O.kind, _O.may_signal, _O.may_receive, _O.live_at, _O.ended_at)
    .add_columns(_O.domain, _O.told_at_most, _C.valid_from_on, _C.valid_until_on, _SCHEMES.label("schemes"))
    .add_columns(_O.own_bases, _O.own_brackets, _O.hears_back)
    .outerjoin(CovenantRow.__table__, _C.organisation_id == _O.id)
    .order_by(_O.id)
)
_OF_STAFF = (
    _S.id.label("staff_id"), _S.organisation_id, _S.mail_address, _S.contact_label, _S.active_from_on,
    _S.active_until_on, _S.trained_on, _R.role, _R.since_on, _R.until_on,
)  # fmt: skip
_STAFF = (
    select(*_OF_STAFF)
    .outerjoin(StaffRoleRow.__table__, _R.staff_id == _S.id)
    .order_by(_S.id, _R.role, _R.since_on)
)


def find_partners(work: Work, ids: Collection[UUID] | None = None) -> dict[UUID, Partner]:
    """Return partners by id, in one query; all of them without ids."""
    if ids is None:
        return _partners(work, work.session.execute(_PARTNERS).all())

    def ask(unknown: Collection[UUID]) -> dict[UUID, Partner]:
        return _partners(work, select_those(work.session, _PARTNERS, _O.id, list(unknown)))

    return each_once(work.session, "partners", ids, ask)


def _partners(work: Work, rows: Sequence[Any]) -> dict[UUID, Partner]:
    today = dutch_date(work.now)
    return {key: _partner(list(group), today) for key, group in groupby(rows, key=lambda row: row.id)}


def find_senders(
    work: Work, pairs: Collection[tuple[UUID, UUID]]
) -> dict[UUID, tuple[Partner, dict[UUID, Staff]]]:
    """Return organisations with those of the named staff that are of them, in one query."""
    chosen = {"organisations": list({one for one, _ in pairs}), "staff": list({one for _, one in pairs})}
    connection, today = work.session.connection(), dutch_date(work.now)
    rows = connection.execute(_senders(connection.dialect.name), chosen).all()
    return {
        key: (_partner(of, today), {one.id: one for one in _grouped([row for row in of if row.staff_id])})
        for key, of in ((key, list(group)) for key, group in groupby(rows, key=lambda row: row.id))
    }


@cache
def _senders(dialect: str) -> Select[Any]:
    of_it = and_(_S.organisation_id == _O.id, one_of(_S.id, "staff", dialect=dialect))
    return (
        _PARTNERS.add_columns(*_OF_STAFF)
        .outerjoin(StaffRow.__table__, of_it)
        .outerjoin(StaffRoleRow.__table__, _R.staff_id == _S.id)
        .where(one_of(_O.id, "organisations", dialect=dialect))
        .order_by(_S.id, _R.role, _R.since_on)
    )


def find_by_oin(work: Work, oins: Collection[str]) -> dict[str, UUID]:
    """Return the ids of organisations, by OIN."""
    query = select(_O.oin, _O.id).where(_O.oin.in_(oins))
    return {row.oin: row.id for row in work.session.execute(query)}


def find_staff(work: Work, ids: Collection[UUID]) -> dict[UUID, Staff]:
    """Return staff by id, in one query, also those whose authorisation is over."""

    def ask(unknown: Collection[UUID]) -> dict[UUID, Staff]:
        return {one.id: one for one in _grouped(select_those(work.session, _STAFF, _S.id, list(unknown)))}

    return each_once(work.session, "staff", ids, ask)


def list_staff(work: Work, organisation_id: UUID) -> list[Staff]:
    """Return an organisation's staff, sorted by id."""
    of_it = _STAFF.where(_S.organisation_id == organisation_id)
    found = once(
        work.session,
        ("staff_of", organisation_id),
        lambda: tuple(_grouped(work.session.execute(of_it).all())),
    )
    return list(found)


def list_reachable(work: Work, on: date) -> set[UUID]:
    """Return staff with a mail address who are active on a day."""
    today = (_S.active_from_on <= on) & (_S.active_until_on.is_(None) | (_S.active_until_on > on))
    query = select(_S.id).where(_S.mail_address.is_not(None), today)
    return set(work.session.scalars(query))


def list_staff_of(work: Work, organisation_ids: Collection[UUID]) -> list[Staff]:
    """Return the staff of organisations, sorted by id."""
    return _grouped(work.session.execute(_STAFF.where(_S.organisation_id.in_(organisation_ids))).all())


def list_granted(work: Work, organisation_id: UUID | None = None) -> list[Granted]:
    """Return every role that was ever given, in order of staff, role and day."""
    query = select(StaffRoleRow, StaffRow.organisation_id).join(
        StaffRow, StaffRow.id == StaffRoleRow.staff_id
    )
    if organisation_id is not None:
        query = query.where(StaffRow.organisation_id == organisation_id)
    ordered = query.order_by(StaffRow.organisation_id, StaffRoleRow.staff_id, StaffRoleRow.role)
    return [_granted(row, owner) for row, owner in work.session.execute(ordered)]


def lock_staff(work: Work, staff_id: UUID) -> None:
    """Hold a member of staff: of two roles that may not meet, granted at once, one must see the other."""
    work.session.execute(select(StaffRow.id).where(StaffRow.id == staff_id).with_for_update())
    forget(work.session)


def end_role(work: Work, held: HeldRole, *, staff_id: UUID, on: date) -> None:
    """Let a role be over on a day."""
    row = work.session.get_one(StaffRoleRow, (staff_id, held.role.value, held.since))
    row.until_on = on
    work.session.flush()


def find_credential(work: Work, client_id: str) -> Credential | None:
    """Return a credential that is in force now, of an organisation and member of staff that still are."""
    today = dutch_date(work.now)
    query = (
        select(CredentialRow, StaffRow.active_from_on, StaffRow.active_until_on)
        .join(OrganisationRow, OrganisationRow.id == CredentialRow.organisation_id)
        .outerjoin(
            StaffRow,
            and_(
                StaffRow.id == CredentialRow.staff_id,
                StaffRow.organisation_id == CredentialRow.organisation_id,
            ),
        )
        .where(
            CredentialRow.client_id == client_id,
            CredentialRow.disabled_at.is_(None),
            OrganisationRow.ended_at.is_(None),
        )
    )
    found = work.session.execute(query).one_or_none()
    if found is None or (found[0].staff_id is not None and not _covers(found[1], found[2], today)):
        return None
    return _credential(found[0])


def add(work: Work, rows: Sequence[DeclarativeBase], *, taken: type[ConflictError]) -> None:
    """Insert rows now; raises `taken` when one of them is there already."""
    work.session.add_all(rows)
    try:
        work.session.flush()
    except IntegrityError:
        raise taken from None


def _partner(rows: list[Any], today: date) -> Partner:
    first = rows[0]
    begins, ends = _covenant({(row.valid_from_on, row.valid_until_on) for row in rows}, today)
    state: Literal["joining", "active", "ended"] = "active" if first.live_at is not None else "joining"
    return Partner(
        id=first.id,
        oin=first.oin,
        name=first.name,
        kind=first.kind,
        covenant_from=begins,
        covenant_until=ends,
        schemes=frozenset((first.schemes or "").split()),
        may_signal=first.may_signal,
        may_receive=first.may_receive,
        state="ended" if first.ended_at is not None else state,
        domain=first.domain,
        told_at_most=first.told_at_most,
        bases=_codes(first.own_bases),
        brackets=_codes(first.own_brackets),
        hears_back=first.hears_back,
    )


def _codes(written: str | None) -> frozenset[str] | None:
    return None if written is None else frozenset(written.split())


def _covenant(
    periods: Iterable[tuple[date | None, date | None]], today: date
) -> tuple[date | None, date | None]:
    signed = [(begins, ends) for begins, ends in periods if begins is not None and ends is not None]
    # The one in force wins over one that is signed for later; of several, the one that lasts longest.
    order = sorted(signed, key=lambda period: (period[0] <= today <= period[1], period[1]))
    return order[-1] if order else (None, None)


def _grouped(rows: Sequence[Any]) -> list[Staff]:
    return [_staff(list(group)) for _, group in groupby(rows, key=lambda row: row.staff_id)]


def _staff(rows: list[Any]) -> Staff:
    first = rows[0]
    # Once each: beside two covenants, a role comes twice.
    held = dict.fromkeys((row.role, row.since_on, row.until_on) for row in rows if row.role)
    return Staff(
        id=first.staff_id,
        organisation_id=first.organisation_id,
        roles=tuple(HeldRole(StaffRole(role), since, until) for role, since, until in held),
        mail_address=first.mail_address,
        contact_label=first.contact_label,
        active_from=first.active_from_on,
        active_until=first.active_until_on,
        trained_on=first.trained_on,
    )


def _granted(row: StaffRoleRow, organisation_id: UUID) -> Granted:
    return Granted(
        staff_id=row.staff_id,
        organisation_id=organisation_id,
        held=HeldRole(StaffRole(row.role), row.since_on, row.until_on),
        granted_at=row.granted_at,
        granted_by=row.granted_by,
    )


def _credential(row: CredentialRow) -> Credential:
    return Credential(
        client_id=row.client_id,
        public_jwk=row.public_jwk,
        organisation_id=row.organisation_id,
        staff_id=row.staff_id,
        role=Role.PARTNER if row.staff_id is None else Role.STAFF,
    )


def _covers(begins: date | None, ends: date | None, today: date) -> bool:
    return begins is not None and begins <= today and (ends is None or today < ends)
