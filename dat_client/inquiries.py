"""Inquiries that a signal opened by itself: their clocks, and what is said of them in dates and codes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from dat_client.answers import Answer, read_answer
from dat_client.connection import Connection

NotHeard = Literal["too_young", "unsafe", "refused", "not_reached"]
NotInvolved = Literal["unsafe", "refused", "not_reached"]


class ClockCode(StrEnum):
    """What of an inquiry is bound to a time."""

    PROTECT = "protect"
    RECEIPT = "receipt"
    ASSESS = "assess"
    DECIDE = "decide"
    COMPLETE = "complete"


class Clock(Answer):
    """By when something is done, and when it was."""

    code: str
    due_at: datetime
    done_at: datetime | None = None
    missed_at: datetime | None = None


class Inquiry(Answer):
    """An inquiry of the caller, without a word about whom it concerns."""

    match_id: UUID
    opened_at: datetime
    clocks: tuple[Clock, ...] = ()
    child_heard_date: date | None = None
    child_not_heard: str | None = None
    parents_involved_date: date | None = None
    parents_not_involved: str | None = None

    @property
    def next_clock(self) -> Clock | None:
        """Return the clock that ends first of those that run."""
        running = (one for one in self.clocks if one.done_at is None)
        return min(running, key=lambda one: one.due_at, default=None)


class InquiryActs(Connection):
    """The inquiries that are the caller's."""

    def list_inquiries(self) -> list[Inquiry]:
        """Give them, oldest first."""
        return list(self.list_pages("/inquiries", "inquiries", Inquiry))

    def record_inquiry(
        self,
        match_id: UUID,
        *,
        done: Collection[ClockCode] = (),
        child: date | NotHeard | None = None,
        parents: date | NotInvolved | None = None,
    ) -> Inquiry:
        """Say what was done, and when child and parents were heard or why not."""
        body: dict[str, object] = {"done": sorted(done)}
        body |= _said(child, on="childHeardDate", otherwise="childNotHeard")
        body |= _said(parents, on="parentsInvolvedDate", otherwise="parentsNotInvolved")
        return read_answer(Inquiry, self.hub.post(f"/matches/{match_id}/inquiry", body))


def _said(what: date | str | None, *, on: str, otherwise: str) -> dict[str, object]:
    if what is None:
        return {}
    return {on: what.isoformat()} if isinstance(what, date) else {otherwise: what}
