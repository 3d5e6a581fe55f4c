"""Wire shapes of telling the person: closed, every string an enumeration, a date or an id."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from hub.informing.values import ReviewOutcome
from service.http import WireModel

Moment = Annotated[str, Field(min_length=20, max_length=20)]
Told = Annotated[
    list[Literal["subject", "representative"]],
    Field(min_length=1, max_length=2, json_schema_extra={"uniqueItems": True}),
]


class NewSubjectNotice(WireModel):
    """That the person was told: on which day, in which roles, of how many parents each. Source: TRA-01.

    `correctsDate` and `correctsHolders` are what was attested before, where this takes its place: a message
    that comes late, after another correction, undoes nothing. Source: AVG 5(1)(d).
    """

    given_date: date
    given_to: Told
    authority_holders: Annotated[int, Field(ge=1, le=8)] | None = None
    corrects_date: date | None = None
    corrects_holders: Annotated[int, Field(ge=1, le=8)] | None = None


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
    expires_at: Moment


class NewOverride(WireModel):
    """Which signal, by the number that its reporter gave, and on which ground of the policy set."""

    signal_id: UUID
    ground: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z][a-z_]*$")]


class Confirmation(WireModel):
    """A confirmation says nothing more."""


class Review(WireModel):
    """What the privacy officer found."""

    outcome: ReviewOutcome


class ToldOfOverride(WireModel):
    """That the person was told on a day, or that telling would endanger somebody for now."""

    outcome: Literal["given", "endangers"]
    given_date: date | None = None

    @model_validator(mode="after")
    def _has_its_day(self) -> ToldOfOverride:
        if (self.outcome == "given") != (self.given_date is not None):
            raise ValueError("a notice that was given has its day, and nothing else has")
        return self


class OverrideAnswer(WireModel):
    """An override; whether it opened any match is not in it."""

    override_id: UUID
    signal_id: UUID
    ground: str
    state: Literal["waiting", "open", "closed"]
    asked_at: Moment
    closes_at: Moment
    confirmed: bool
    outcome: ReviewOutcome | None
    told_date: date | None
    postponed_until_date: date | None


class OverridesAnswer(WireModel):
    """What waits for the caller."""

    overrides: list[OverrideAnswer]
