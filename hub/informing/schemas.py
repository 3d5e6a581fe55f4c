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


class NewNoticeException(WireModel):
    """On which ground the person need not be told yet; a code of the policy set, and nothing else."""

    code: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z][a-z_]*$")]


class NoticeExceptionAnswer(WireModel):
    """An exception that waits for a second person, who finds it among the change proposals."""

    signal_id: UUID
    change_id: UUID
    state: Literal["open"]
    expires_at: Annotated[str, Field(min_length=20, max_length=20)]
