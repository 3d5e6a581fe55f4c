"""Wire shapes of what follows on a match: numbers, dates and codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from hub.matches.orphans import Followed
from hub.matches.owning import Owned, Progress
from hub.matches.schemas import HandleAnswer, Moment
from hub.matches.states import MatchEffect, RefusalReason, Verified
from hub.matches.viewing import View
from service.clock import wire_time
from service.http import WireModel


class Viewing(WireModel):
    """Looking at a match says nothing more."""


class Refusal(WireModel):
    """Why a match is given back. Source: ROU-13."""

    reason: RefusalReason


class Retraction(WireModel):
    """That a match is of two persons, and by what its owner knows."""

    verified: Verified


class RetractionAnswer(WireModel):
    """A match that does not stand."""

    match_id: UUID
    state: Literal["rejected"] = "rejected"


class HandOver(WireModel):
    """Whom its owner asks to take a match over."""

    colleague: UUID


class HandOverAnswer(WireModel):
    """What the colleague says."""

    answer: Literal["accepted", "returned"]


class Consultation(WireModel):
    """Who may look at a match, and for how many days."""

    colleague: UUID
    days: Annotated[int, Field(ge=1, le=14)]


class Assignment(WireModel):
    """Who is asked to take a match up."""

    staff_id: UUID


class ProgressReport(WireModel):
    """What an owner says of a match; what is left out stays as it was. Source: ROU-08, ROU-12, ROU-19."""

    case_lead: UUID | Literal["subject"] | None = None
    aligned_date: date | None = None
    contacted_date: date | None = None
    joint_consideration_date: date | None = None
    effect: MatchEffect | None = None

    @property
    def progress(self) -> Progress:
        """Return it as the service takes it."""
        leads = None if self.case_lead is None else self.case_lead == "subject"
        return Progress(
            case_lead=self.case_lead if isinstance(self.case_lead, UUID) else None,
            subject_leads=leads,
            aligned_on=self.aligned_date,
            contacted_on=self.contacted_date,
            jointly_considered_on=self.joint_consideration_date,
            effect=self.effect,
        )


class AssignmentAnswer(WireModel):
    """Whose a match is now; nobody's by name while it waits for the team."""

    match_id: UUID
    staff_id: UUID | None


class ConsultAnswer(WireModel):
    """Who may look at a match until when."""

    match_id: UUID
    colleague: UUID
    until: Moment


class OwnedAnswer(WireModel):
    """A match as its owner has it in hand; whom it concerns is only seen by looking at it."""

    match_id: UUID
    case_id: UUID | None
    since: Moment
    state: Literal["asked", "taken_up"]
    case_lead: UUID | Literal["subject"] | None
    aligned_date: date | None
    contacted_date: date | None
    joint_consideration_date: date | None
    effect: MatchEffect | None

    @classmethod
    def of(cls, one: Owned) -> OwnedAnswer:
        """Write it as it goes over the wire."""
        return cls(
            match_id=one.match_id,
            case_id=one.case_id,
            since=wire_time(one.since),
            state="taken_up" if one.accepted else "asked",
            case_lead="subject" if one.subject_leads else one.case_lead,
            aligned_date=one.aligned_on,
            contacted_date=one.contacted_on,
            joint_consideration_date=one.jointly_considered_on,
            effect=one.effect,
        )


class OwnedMatchesAnswer(WireModel):
    """What the caller owns."""

    matches: list[OwnedAnswer]


class ViewAnswer(WireModel):
    """What an owner, or a colleague who is asked, sees of a match at the level allowed today."""

    match_id: UUID
    case_id: UUID | None
    handles: list[HandleAnswer]

    @classmethod
    def of(cls, view: View) -> ViewAnswer:
        """Write it as it goes over the wire."""
        handles = [HandleAnswer(**asdict(handle)) for handle in view.handles]
        return cls(match_id=view.match_id, case_id=view.case_id, handles=handles)


class FollowUpAnswer(WireModel):
    """How far a match is. Source: ROU-02."""

    match_id: UUID
    opened_at: Moment
    state: str


class FollowUpsAnswer(WireModel):
    """How far matches are, longest waiting first."""

    follow_ups: list[FollowUpAnswer]

    @classmethod
    def of(cls, found: Sequence[Followed]) -> FollowUpsAnswer:
        """Write them as they go over the wire."""
        return cls(
            follow_ups=[
                FollowUpAnswer(match_id=one.match_id, opened_at=wire_time(one.opened_at), state=one.state)
                for one in found
            ]
        )
