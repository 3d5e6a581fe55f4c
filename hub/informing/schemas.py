"""Wire shapes of telling the person: closed, every string an enumeration, a date or an id."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from service.http import WireModel

Told = Annotated[
    list[Literal["subject", "representative"]],
    Field(min_length=1, max_length=2, json_schema_extra={"uniqueItems": True}),
]


class NewSubjectNotice(WireModel):
    """That the person was told: on which day, and in which roles. Source: TRA-01."""

    given_date: date
    given_to: Told


class SubjectNoticeAnswer(WireModel):
    """A notice as its own organisation sees it."""

    signal_id: UUID
    subject_notice: Literal["given"]
    given_date: date
    given_to: Told
