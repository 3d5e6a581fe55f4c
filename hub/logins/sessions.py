"""Logins: opened after the provider said who it is, seen with each click, ended by anybody who may."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, or_, select, update

from hub.audit.service import record
from hub.logins.errors import LoginNeededError, LoginRefusedError
from hub.logins.events import LoginEnded, LoginOpened
from hub.logins.models import LoginSessionRow
from hub.logins.provider import Identity
from hub.logins.settings import LoginSettings
from hub.partners.service import Staff, StaffRole, find_staff, holds
from service.clock import dutch_date
from service.work import Caller, Role, Work

NOTED_EVERY = timedelta(minutes=1)  # that somebody is still there need not be written at each click


@dataclass(frozen=True, slots=True)
class LoginSession:
    """Somebody who is logged in.

    Attributes:
        roles: those that both the provider and the hub say today.
        proven_until: until when contact data may be shown; None: not proven anew.
        noted: whether their last click was written down a moment ago.
    """

    id: UUID
    caller: Caller
    roles: frozenset[StaffRole]
    started_at: datetime
    seen_at: datetime
    proven_until: datetime | None
    noted: bool


def open_session(work: Work, identity: Identity, *, token: str, proven: bool) -> None:
    """Log somebody in under the hash of a new cookie; the caller of the unit of work is who it is.

    Raises:
        LoginRefusedError: The hub knows no such member of staff today, or none of their roles is one here.
    """
    if not _held(_get_staff(work, identity.staff_id), identity.roles, dutch_date(work.now)):
        raise LoginRefusedError
    work.session.add(
        LoginSessionRow(
            token_hash=hash_token(token),
            id=uuid4(),
            staff_id=identity.staff_id,
            roles=" ".join(sorted(identity.roles)),
            provider_session=identity.session,
            provider_subject=identity.subject,
            started_at=work.now,
            seen_at=work.now,
            proven_at=work.now if proven else None,
            ended_at=None,
        )
    )
    work.session.flush()
    record(work, LoginOpened(organisation_id=work.caller.organisation_id))


def find_caller(
    work: Work, staff_id: UUID, roles: frozenset[StaffRole], *, among: Collection[UUID] = ()
) -> Caller:
    """Return as whom a member of staff calls from a page.

    Args:
        among: the organisations for which the provider may speak; empty: all of this hub.

    Raises:
        LoginRefusedError: A stranger, or staff of an organisation that is not the provider's to vouch for.
    """
    staff = _get_staff(work, staff_id)
    if among and staff.organisation_id not in among:
        raise LoginRefusedError
    return _caller(staff, roles)


def get_session(work: Work, token: str, limits: LoginSettings) -> LoginSession:
    """Return the login behind a cookie; raises LoginNeededError when it is over."""
    row = work.session.get(LoginSessionRow, hash_token(token))
    if row is None or row.ended_at is not None or _is_over(row, work.now, limits):
        raise LoginNeededError
    return _session(work, row, limits)


def note_seen(work: Work, token: str) -> None:
    """Write that the login is still used."""
    used = update(LoginSessionRow).where(LoginSessionRow.token_hash == hash_token(token))
    work.session.execute(used.values(seen_at=work.now))


def list_sessions(work: Work, limits: LoginSettings) -> list[LoginSession]:
    """List where the caller is logged in, latest first."""
    mine = select(LoginSessionRow).where(
        LoginSessionRow.staff_id == work.caller.staff_id, LoginSessionRow.ended_at.is_(None)
    )
    rows = work.session.scalars(mine.order_by(LoginSessionRow.started_at.desc()))
    return [_session(work, row, limits) for row in rows if not _is_over(row, work.now, limits)]


def end_own(work: Work, session_id: UUID | None = None) -> None:
    """End one login of the caller's, or all of them."""
    mine = LoginSessionRow.staff_id == work.caller.staff_id
    _end(work, mine if session_id is None else mine & (LoginSessionRow.id == session_id))


def end_at_provider(work: Work, session: bytes | None, subject: bytes | None) -> None:
    """End what the provider says is over: one login, or all of a person. Source: Back-Channel Logout 2.7."""
    if session is not None:
        _end(work, LoginSessionRow.provider_session == session)
    elif subject is not None:
        _end(work, LoginSessionRow.provider_subject == subject)


def over_since(before: datetime) -> ColumnElement[bool]:
    """Select the logins that were over at a moment, whatever the limits."""
    return or_(LoginSessionRow.ended_at < before, LoginSessionRow.seen_at < before)


def hash_token(token: str) -> bytes:
    """Hash a cookie: who reads the table can't use it."""
    return hashlib.sha256(token.encode()).digest()


def _end(work: Work, which: ColumnElement[bool]) -> None:
    ended = update(LoginSessionRow).where(which, LoginSessionRow.ended_at.is_(None))
    found: Sequence[UUID] = list(
        work.session.scalars(ended.values(ended_at=work.now).returning(LoginSessionRow.id))
    )
    if found:
        organisation = work.caller.organisation_id
        record(work, LoginEnded(organisation_id=organisation, detail={"count": len(found)}))


def _is_over(row: LoginSessionRow, now: datetime, limits: LoginSettings) -> bool:
    return now - row.seen_at >= limits.idle or now - row.started_at >= limits.longest


def _get_staff(work: Work, staff_id: UUID) -> Staff:
    staff = find_staff(work, [staff_id]).get(staff_id)
    if staff is None:
        raise LoginRefusedError
    return staff


def _caller(staff: Staff, roles: frozenset[StaffRole]) -> Caller:
    return Caller(
        role=Role.STAFF,
        organisation_id=staff.organisation_id,
        staff_id=staff.id,
        credential_id="login",
        at_most=frozenset(roles),
    )


def _held(staff: Staff, roles: frozenset[StaffRole], on: date) -> frozenset[StaffRole]:
    """Return those of these roles that the hub knows of too."""
    return frozenset(role for role in roles if holds(staff, [role], on))


def _session(work: Work, row: LoginSessionRow, limits: LoginSettings) -> LoginSession:
    staff, said = _get_staff(work, row.staff_id), frozenset(StaffRole(role) for role in row.roles.split())
    return LoginSession(
        id=row.id,
        caller=_caller(staff, said),
        roles=_held(staff, said, dutch_date(work.now)),
        started_at=row.started_at,
        seen_at=row.seen_at,
        proven_until=row.proven_at + limits.proven if row.proven_at else None,
        noted=work.now - row.seen_at < NOTED_EVERY,
    )
