"""Inquiries on the wire: clocks, dates and codes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from hub.arrangements.values import ClockCode
from hub.matches.inquiring import InquiryStep, NotHeard, NotInvolved, OpenInquiry
from hub.matches.schemas import Moment
from service.clock import wire_time
from service.http import WireModel


class InquiryReport(WireModel):
    """What was done in an inquiry, and when child and parents were heard, or why not."""

    done: list[ClockCode] = Field(default=[], max_length=5)
    child_heard_date: date | None = None
    child_not_heard: NotHeard | None = None
    parents_involved_date: date | None = None
    parents_not_involved: NotInvolved | None = None

    @property
    def step(self) -> InquiryStep:
        """Read it."""
        return InquiryStep(
            done=frozenset(self.done),
            child_heard_on=self.child_heard_date,
            child_not_heard=self.child_not_heard,
            parents_involved_on=self.parents_involved_date,
            parents_not_involved=self.parents_not_involved,
        )


class ClockAnswer(WireModel):
    """By when something is done by law, and when it was."""

    code: ClockCode
    due_at: Moment
    done_at: Moment | None
    missed_at: Moment | None


class InquiryAnswer(WireModel):
    """An inquiry of the caller."""

    match_id: UUID
    opened_at: Moment
    clocks: list[ClockAnswer]
    child_heard_date: date | None
    child_not_heard: NotHeard | None
    parents_involved_date: date | None
    parents_not_involved: NotInvolved | None

    @classmethod
    def of(cls, one: OpenInquiry) -> InquiryAnswer:
        """Write it as it goes over the wire."""
        return cls(
            match_id=one.match_id,
            opened_at=wire_time(one.opened_at),
            clocks=[
                ClockAnswer(
                    code=clock.code,
                    due_at=wire_time(clock.due_at),
                    done_at=wire_time(clock.met_at) if clock.met_at else None,
                    missed_at=wire_time(clock.missed_at) if clock.missed_at else None,
                )
                for clock in one.clocks
            ],
            child_heard_date=one.child_heard_on,
            child_not_heard=one.child_not_heard,
            parents_involved_date=one.parents_involved_on,
            parents_not_involved=one.parents_not_involved,
        )


class InquiriesAnswer(WireModel):
    """The inquiries that are the caller's, oldest first."""

    inquiries: list[InquiryAnswer]
