"""What the hub tells a partner or casemanager, as values. Fields that later versions add are passed over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from dat_client.errors import AnswerError


class Answer(BaseModel):
    """The base of all answers: frozen, camelCase on the wire."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
    )


AnyAnswer = TypeVar("AnyAnswer", bound=Answer)


def read_answer(kind: type[AnyAnswer], content: Any) -> AnyAnswer:
    """Read an answer, or say that it is not one of this API."""
    try:
        return kind.model_validate(content)
    except ValidationError:
        raise AnswerError from None


class SignalStatus(Answer):
    """One of the own signals; `reference` is added from the local store and was never sent."""

    signal_id: UUID
    contact_date: date
    kind: str
    legal_basis: str
    reporter: UUID
    submitted_by: UUID | None = None
    on_behalf_of: UUID | None = None
    state: str
    valid_until_date: date | None = None
    reference: str | None = None


class CaseStatus(Answer):
    """One case of the own team; `reference` is added from the local store and was never sent."""

    case_id: UUID
    casemanager: UUID | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    state: str | None = None
    reference: str | None = None


class Notice(Answer):
    """What a casemanager is told. `reference` is the own case number, added from the local store."""

    notice_id: UUID
    kind: str
    state: str
    case_id: UUID | None = None
    contact_date: date | None = None
    signal_kind: str | None = None
    level: int | None = None
    partner: str | None = None
    reporter_contact: str | None = None
    police_origin: bool = False
    verify_person: bool = False
    handle: UUID | None = None
    queued_at: datetime | None = None
    due_at: datetime | None = None
    reference: str | None = None


class IntakeItem(Answer):
    """A match without a case, waiting for somebody of the team to take it."""

    item_id: UUID
    waiting_since: datetime | None = None
    brackets: tuple[str, ...] = ()
    partners: tuple[str | None, ...] = ()
    police_origin: bool = False
    state: str | None = None
    left: bool = False


class Handle(Answer):
    """Which reporter to call, and the id by which their client finds the person."""

    signal_id: UUID
    partner: str | None = None
    reporter_contact: str | None = None
    police_origin: bool = False


class AcceptedIntake(Answer):
    """What whoever takes an intake item is told; `reference` is the own case number of its case, if any."""

    item_id: UUID
    case_id: UUID | None = None
    handles: tuple[Handle, ...] = ()
    reference: str | None = None


class OwnMatch(Answer):
    """A match that is the caller's, without a word about whom it concerns."""

    match_id: UUID
    case_id: UUID | None = None
    since: datetime | None = None
    state: str | None = None
    case_lead: str | None = None
    aligned_date: date | None = None
    contacted_date: date | None = None
    joint_consideration_date: date | None = None
    effect: str | None = None


class ViewedMatch(Answer):
    """What an owner, or a colleague who was asked, sees of a match."""

    match_id: UUID
    case_id: UUID | None = None
    handles: tuple[Handle, ...] = ()


class PossibleMatch(Answer):
    """Two registrations that may be one person, for a human to decide."""

    match_id: UUID
    brackets: tuple[str, ...] = ()
    partner: str | None = None
    waiting_since: datetime | None = None
    state: str | None = None


class RightsFinding(Answer):
    """A registration that is, or may be, about somebody who filed a request."""

    finding_id: UUID
    registration_id: UUID
    kind: str
    organisation_id: UUID
    controller: str | None = None
    verdict: str
    due_date: date | None = None
    advise_by_date: date | None = None
    advice: str | None = None


class RequestStatus(Answer):
    """A citizen's request at the own desk; `reference` is added from the local store."""

    request_id: UUID
    kind: str
    state: str
    received_at: datetime | None = None
    due_date: date | None = None
    extension: str | None = None
    outcome: str | None = None
    ground: str | None = None
    change_id: UUID | None = None
    findings: tuple[RightsFinding, ...] = ()
    reference: str | None = None


class RightsAsked(Answer):
    """Advice that is asked on an own registration; `doubt`: it may be about another person."""

    advice_id: UUID
    request_kind: str
    registration_id: UUID
    registration_kind: str
    doubt: bool
    advise_by_date: date | None = None
    advice: str | None = None
    reference: str | None = None


class RightsTold(Answer):
    """What became of something, for one recipient; `about` is the id by which it knows it."""

    telling_id: UUID
    organisation_id: UUID | None = None
    staff_id: UUID | None = None
    about: UUID
    effect: str
    ground: str
    queued_at: datetime | None = None
    told_at: datetime | None = None
    reference: str | None = None
