"""The tables of the partner directory."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Date, ForeignKey, SmallInteger, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime
from service.oauth.store import used_assertion_table

USED_ASSERTION = used_assertion_table(Base.metadata)


class OrganisationRow(Base):
    """An organisation that was admitted; what it may do was fixed by its kind on that day."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    oin: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(32))
    domain: Mapped[str] = mapped_column(String(32))
    may_signal: Mapped[bool] = mapped_column(Boolean)
    may_receive: Mapped[bool] = mapped_column(Boolean)
    decision_reference: Mapped[str | None] = mapped_column(String(80))
    addendum: Mapped[str | None] = mapped_column(String(80))
    told_at_most: Mapped[int | None] = mapped_column(SmallInteger)
    own_bases: Mapped[str | None] = mapped_column(String(200))
    own_brackets: Mapped[str | None] = mapped_column(String(40))
    hears_back: Mapped[bool] = mapped_column(Boolean)
    admitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    live_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CovenantRow(Base):
    """A period in which an organisation is bound by the covenant; both days inclusive."""

    __tablename__ = "covenant"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    valid_from_on: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_until_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SchemePermissionRow(Base):
    """An identity scheme that an organisation may use."""

    __tablename__ = "scheme_permission"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(16), primary_key=True)


class LocationRow(Base):
    """A location of an organisation that takes part (toetreding per locatie)."""

    __tablename__ = "organisation_location"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    since_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)


class StaffRow(Base):
    """A member of staff under a random id; the partner alone knows who that is."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    mail_address: Mapped[str | None] = mapped_column(String(254))
    contact_label: Mapped[str | None] = mapped_column(String(80))
    active_from_on: Mapped[date] = mapped_column(Date)
    active_until_on: Mapped[date | None] = mapped_column(Date)
    trained_on: Mapped[date | None] = mapped_column(Date)
    last_signalled_on: Mapped[date | None] = mapped_column(Date)


class StaffRoleRow(Base):
    """A role that a member of staff holds, from a day until the day on which it is over."""

    __tablename__ = "staff_role"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(24), primary_key=True)
    since_on: Mapped[date] = mapped_column(Date, primary_key=True)
    until_on: Mapped[date | None] = mapped_column(Date)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by: Mapped[UUID | None] = mapped_column(Uuid)


class CredentialRow(Base):
    """A public key under which an organisation, or one member of its staff, calls."""

    __tablename__ = "credential"

    client_id: Mapped[str] = mapped_column(String(63), primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    thumbprint: Mapped[str] = mapped_column(String(43), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MandateRow(Base):
    """A period in which an organisation may bring another's signals; both days inclusive. Source: SIG-12."""

    __tablename__ = "mandate"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    bringer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    valid_from_on: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_until_on: Mapped[date] = mapped_column(Date)


class RightsDeskRow(Base):
    """Which municipality's desk answers for what an organisation registered. Source: Jeugdwet 7.1.2.2(3)."""

    __tablename__ = "rights_desk"

    organisation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    desk_id: Mapped[UUID] = mapped_column(Uuid)
