"""Tables of teams and of who works in them when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base


class TeamRow(Base):
    """A team; one of all takes the intake. A team of a whole organisation has the organisation's id."""

    __tablename__ = "team"
    __table_args__ = (
        Index(
            "uq_team_intake",
            "takes_intake",
            unique=True,
            postgresql_where=text("takes_intake"),
            sqlite_where=text("takes_intake = 1"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    whole: Mapped[bool] = mapped_column(Boolean)
    takes_intake: Mapped[bool] = mapped_column(Boolean)
    municipality: Mapped[str | None] = mapped_column(String(4))
    provider_separation: Mapped[bool] = mapped_column(Boolean)
    employers: Mapped[str] = mapped_column(String(120))
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    successor_id: Mapped[UUID | None] = mapped_column(Uuid)
    desk: Mapped[str | None] = mapped_column(String(80))


class PostRow(Base):
    """A member of staff works in a team, from a day until the day on which that is over."""

    __tablename__ = "team_post"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    since_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)


class ProfileRow(Base):
    """What is known of a member of staff from a day on, until the next row says otherwise."""

    __tablename__ = "staff_profile"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    since_on: Mapped[date] = mapped_column(Date, primary_key=True)
    employer: Mapped[str] = mapped_column(String(24))
    expertise: Mapped[str] = mapped_column(String(120))
    generalist: Mapped[bool] = mapped_column(Boolean)


class AbsenceRow(Base):
    """A member of staff is not at work, from a day until the first day back; never why."""

    __tablename__ = "staff_absence"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    since_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    cover: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class LocationCoordinatorRow(Base):
    """Who coordinates support at a school's location (intern begeleider, zorgcoördinator): one or more."""

    __tablename__ = "location_coordinator"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    location: Mapped[str] = mapped_column(String(80), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    since_on: Mapped[date] = mapped_column(Date, primary_key=True)
    until_on: Mapped[date | None] = mapped_column(Date)


class SchoolContactRow(Base):
    """Who is the fixed contact of a school's location, from a day until the day on which that is over."""

    __tablename__ = "school_contact"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    location: Mapped[str] = mapped_column(String(80), primary_key=True)
    since_on: Mapped[date] = mapped_column(Date, primary_key=True)
    until_on: Mapped[date | None] = mapped_column(Date)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
