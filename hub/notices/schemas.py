"""Wire shapes of the inbox."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from hub.notices.service import Notice
from service.clock import wire_time
from service.http import WireModel

Moment = Annotated[str, Field(min_length=20, max_length=20)]


class NoticeAnswer(WireModel):
    """One notice, in the words that the disclosure level allows. Source: MAT-12."""

    notice_id: UUID
    match_id: UUID
    kind: Literal[
        "match", "intake", "possible", "void", "hand_over", "consult",
        "reminder", "stalled", "escalated", "family", "lead",
        "transfer",
    ]  # fmt: skip
    case_id: UUID | None
    contact_date: date | None
    signal_kind: str | None
    level: Annotated[int, Field(ge=0, le=3)]
    partner: str | None
    reporter_contact: str | None
    police_origin: bool
    verify_person: bool
    handle: UUID | None
    queued_at: Moment
    due_at: Moment
    state: Literal["new", "acknowledged", "already_in_contact", "returned", "void"]

    @classmethod
    def of(cls, notice: Notice) -> NoticeAnswer:
        """Write a notice as it goes over the wire."""
        values = asdict(notice)
        values["queued_at"], values["due_at"] = wire_time(notice.queued_at), wire_time(notice.due_at)
        return cls(**values)


class NoticesAnswer(WireModel):
    """A page of the caller's inbox."""

    notices: list[NoticeAnswer]
    next_cursor: UUID | None


class Acknowledgement(WireModel):
    """What the recipient does with a notice. Source: ROU-13, MAT-15."""

    outcome: Literal["acknowledged", "already_in_contact"]
