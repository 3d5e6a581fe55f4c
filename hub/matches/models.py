"""Tables of matches, their owners over time, and the team's intake."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, SmallInteger, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from hub.base import Base
from service.database import UtcDateTime


class MatchRow(Base):
    """A pair of registrations that may be one person: pairwise only, no clusters.

    Where both are the same signal, that one opened an inquiry by itself; it is no match of anything.
    `signal_id` and `other_id` are registrations; `other_id` is a case, or a second signal with the larger id.
    `case_id` repeats `other_id` where that is a case. `team_id` is the team that owns it. `police_origin`
    travels with it to whoever gets it, also from a colleague. Source: CON-14.
    """

    __tablename__ = "person_match"
    __table_args__ = (
        UniqueConstraint("signal_id", "other_id"),
        Index("ix_person_match_other", "other_id"),
        Index("ix_person_match_team", "team_id", "state", "created_at", "id"),
        Index("ix_person_match_checked", "state", "checked_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(Uuid)
    other_id: Mapped[UUID] = mapped_column(Uuid)
    case_id: Mapped[UUID | None] = mapped_column(Uuid)
    team_id: Mapped[UUID | None] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(12))
    verdict: Mapped[str] = mapped_column(String(12))
    agreed: Mapped[str] = mapped_column(String(32))
    level: Mapped[int] = mapped_column(SmallInteger)
    police_origin: Mapped[bool] = mapped_column(Boolean)
    decision_id: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    judged_by: Mapped[UUID | None] = mapped_column(Uuid)
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AssignmentRow(Base):
    """Who owns a match from when: a member of staff, or the team while `staff_id` is empty.

    `arrangement` and `rule` say which rule of which version decided so; empty: a person or a term did.
    `viewed_at` is when the owner first looked at it: they hear when it no longer stands.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        Index("ix_assignment_match", "match_id"),
        Index("ix_assignment_staff", "staff_id", "ended_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    match_id: Mapped[UUID] = mapped_column(Uuid)
    team_id: Mapped[UUID] = mapped_column(Uuid)
    staff_id: Mapped[UUID | None] = mapped_column(Uuid)
    arrangement: Mapped[str | None] = mapped_column(String(32))
    rule: Mapped[str | None] = mapped_column(String(32))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(20))
    viewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_because: Mapped[str | None] = mapped_column(String(24))


class FollowUpRow(Base):
    """What became of a match that was told: dates and coded facts, never what was spoken about.

    `opened_at` starts the clock of the ladder; `answered_at` is when an owner took it up. `case_lead` is the
    central point of contact: a member of staff, or the person where `subject_leads`. `gathered_at` is when it
    was asked whether others of the household are known, `of_household` whether that was ever so.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ix_follow_up_open", "closed_at", "opened_at"),
        Index("ix_follow_up_opened", "opened_at"),
    )

    match_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    case_lead: Mapped[UUID | None] = mapped_column(Uuid)
    subject_leads: Mapped[bool] = mapped_column(Boolean)
    aligned_on: Mapped[date | None] = mapped_column(Date)
    contacted_on: Mapped[date | None] = mapped_column(Date)
    jointly_considered_on: Mapped[date | None] = mapped_column(Date)
    looks_arranged: Mapped[bool] = mapped_column(Boolean)
    effect: Mapped[str | None] = mapped_column(String(12))
    gathered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    of_household: Mapped[bool] = mapped_column(Boolean)


class FeedbackRow(Base):
    """What the owner of a match lets the sender of a signal hear: one code, and days (terugkoppeling).

    `seen_at` is when the sender was first shown it; each showing is decided on. Source: ROU-19, MAT-14.
    """

    __tablename__ = "sender_feedback"
    __table_args__ = (
        UniqueConstraint("match_id", "signal_id"),
        Index("ix_sender_feedback_sender", "organisation_id", "given_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    match_id: Mapped[UUID] = mapped_column(Uuid)
    signal_id: Mapped[UUID] = mapped_column(Uuid)
    organisation_id: Mapped[UUID] = mapped_column(Uuid)
    code: Mapped[str] = mapped_column(String(20))
    considered_on: Mapped[date | None] = mapped_column(Date)
    given_by: Mapped[UUID] = mapped_column(Uuid)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InquiryRow(Base):
    """An inquiry that one signal opened: a match of it with itself. Dates and codes, never what was found."""

    __tablename__ = "inquiry"

    match_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    legal_basis: Mapped[str] = mapped_column(String(24))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    child_heard_on: Mapped[date | None] = mapped_column(Date)
    child_not_heard: Mapped[str | None] = mapped_column(String(12))
    parents_involved_on: Mapped[date | None] = mapped_column(Date)
    parents_not_involved: Mapped[str | None] = mapped_column(String(12))


class InquiryClockRow(Base):
    """By when something of an inquiry is done, by law; `missed_at` is when others were called for it."""

    __tablename__ = "inquiry_clock"
    __table_args__ = (Index("ix_inquiry_clock_due", "met_at", "missed_at", "due_at"),)

    match_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EscalationRow(Base):
    """A step of the ladder that was taken for a match, once."""

    __tablename__ = "escalation"

    match_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    step: Mapped[str] = mapped_column(String(16), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HouseholdRow(Base):
    """Open matches of several people of one household; who they are is known to nobody here.

    `leadless_at` is since when nobody leads for it; `called_at` is when the process director heard of that.
    """

    __tablename__ = "household"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leadless_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HouseholdMatchRow(Base):
    """A match belongs to a household, while it is open."""

    __tablename__ = "household_match"
    __table_args__ = (Index("ix_household_match", "household_id"),)

    match_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    household_id: Mapped[UUID] = mapped_column(Uuid)


class HouseholdLeadRow(Base):
    """Who leads for a household from when (regisseur): one at a time, which the index sees to.

    `offered_to` is a colleague who was asked to take over; the lead stays until they accept.
    """

    __tablename__ = "household_lead"
    __table_args__ = (
        Index(
            "uq_household_lead",
            "household_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    household_id: Mapped[UUID] = mapped_column(Uuid)
    team_id: Mapped[UUID] = mapped_column(Uuid)
    staff_id: Mapped[UUID] = mapped_column(Uuid)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_to: Mapped[UUID | None] = mapped_column(Uuid)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_because: Mapped[str | None] = mapped_column(String(24))


class HandOverRow(Base):
    """An owner asked a named colleague to take a match over; the owner stays owner until they accept."""

    __tablename__ = "hand_over"
    __table_args__ = (Index("ix_hand_over_match", "match_id", "state"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    match_id: Mapped[UUID] = mapped_column(Uuid)
    giver: Mapped[UUID] = mapped_column(Uuid)
    colleague: Mapped[UUID] = mapped_column(Uuid)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(12))


class ConsultRow(Base):
    """An owner lets one named colleague look at a match until a moment."""

    __tablename__ = "consult"
    __table_args__ = (Index("ix_consult_match", "match_id", "colleague"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    match_id: Mapped[UUID] = mapped_column(Uuid)
    asked_by: Mapped[UUID] = mapped_column(Uuid)
    colleague: Mapped[UUID] = mapped_column(Uuid)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IntakeItemRow(Base):
    """A match that waits for somebody of the team to take it."""

    __tablename__ = "intake_item"
    __table_args__ = (
        UniqueConstraint("match_id"),
        Index("ix_intake_item_team", "team_id", "state", "waiting_since", "id"),
        Index("ix_intake_item_taken", "accepted_by", "state", "waiting_since", "id"),
        Index(
            "ix_intake_item_accepted",
            "accepted_at",
            postgresql_where=text("accepted_at IS NOT NULL"),
            sqlite_where=text("accepted_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    match_id: Mapped[UUID] = mapped_column(Uuid)
    team_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(12))
    waiting_since: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_by: Mapped[UUID | None] = mapped_column(Uuid)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MatchViewerRow(Base):
    """A match stood on a list before somebody, the first time and the last."""

    __tablename__ = "match_viewer"

    match_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    seen_on: Mapped[str] = mapped_column(String(16), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
