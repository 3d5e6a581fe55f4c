"""Wire shapes of consents and objections: closed, every string an enumeration, a date, an id or a token."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from hub.consent.facts import (
    Bracket,
    ConsentKind,
    ConsentState,
    GivenBy,
    GivenHow,
    HelpException,
    ObjectionState,
    Purpose,
)
from hub.subjects.schemas import Envelope, TokenTypes
from service.http import WireModel

Kind = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z][a-z_]*$")]
Kinds = Annotated[list[Kind], Field(min_length=1, max_length=10, json_schema_extra={"uniqueItems": True})]
Everyone = Annotated[list[Literal["*"]], Field(min_length=1, max_length=1)]
QuarterText = Annotated[str, Field(min_length=7, max_length=7, pattern=r"^20[0-9]{2}-Q[1-4]$")]
Holders = Annotated[int, Field(ge=0, le=8)]
Organisations = Annotated[list[UUID], Field(max_length=10, json_schema_extra={"uniqueItems": True})]
TextVersion = Annotated[str, Field(min_length=1, max_length=24, pattern=r"^[a-z0-9][a-z0-9.-]*$")]


class NewConsent(WireModel):
    """A consent as given at the desk, or at the partner itself for its own signals. Source: CON-03."""

    kind: ConsentKind
    purpose: Purpose
    partner_kinds: Kinds | Everyone
    valid_from_date: date
    valid_until_date: date
    given_by: GivenBy
    given_how: GivenHow
    authority_attested: bool
    authority_holders: Holders = 0
    holders_consented: Holders = 0
    organisations: Organisations = Field(default_factory=list)
    recipient: UUID | None = None
    exception: HelpException | None = None
    text_version: TextVersion
    bracket: Bracket
    bracket_ends: QuarterText | None
    token_types: TokenTypes
    envelope: Envelope


class NewObjection(WireModel):
    """An objection as made at the desk. Source: CON-12."""

    kind: Literal["objection", "restriction"] = "objection"
    scope: Literal["all"] | Kinds
    token_types: TokenTypes
    envelope: Envelope


class NewWithdrawal(WireModel):
    """What a person takes back at a desk that did not record it: for every partner, or for some kinds."""

    scope: Literal["all"] | Kinds
    token_types: TokenTypes
    envelope: Envelope


Statement = NewConsent | NewObjection | NewWithdrawal


class Withdrawal(WireModel):
    """Nothing needs to be said to withdraw: it is as easy as giving. Source: AVG 7(3)."""


class ConsentAnswer(WireModel):
    """A consent as its own desk sees it."""

    consent_id: UUID
    state: ConsentState
    recorded_at: Annotated[str, Field(min_length=20, max_length=20)]


class ObjectionAnswer(WireModel):
    """An objection as its own desk sees it."""

    objection_id: UUID
    state: ObjectionState
    recorded_at: Annotated[str, Field(min_length=20, max_length=20)]


class WithdrawalAnswer(WireModel):
    """That it was taken; whether anything was there to take back, nobody is told."""

    withdrawal_id: UUID
    recorded_at: Annotated[str, Field(min_length=20, max_length=20)]


class ObjectionDecision(WireModel):
    """That the rights officer upholds an objection; it is rejected as a request only. Source: CON-12."""

    outcome: Literal["upheld"]


class PendingObjection(ObjectionAnswer):
    """An objection that waits for a decision; about whom is in no way to be seen."""

    kind: Literal["objection", "restriction"]
    scope: list[str]
    organisation_id: UUID


class PendingObjections(WireModel):
    """The objections that wait, the oldest first."""

    objections: list[PendingObjection]
