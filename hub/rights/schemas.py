"""Wire shapes of citizens' requests: closed, every string an enumeration, a date, an id or a token."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from hub.consent.facts import Bracket, GivenBy
from hub.consent.schemas import Kinds, QuarterText
from hub.rights.values import (
    Ability,
    Advice,
    Authority,
    Clock,
    Comparison,
    Controller,
    Effect,
    Extension,
    Ground,
    Identification,
    Outcome,
    RequestKind,
    RequestState,
    Said,
    Verdict,
)
from hub.subjects.schemas import Envelope, TokenTypes
from service.http import WireModel

Holders = Annotated[int, Field(ge=0, le=4)]
Moment = Annotated[str, Field(min_length=20, max_length=20)]


class Requester(WireModel):
    """Who asks, as the desk verified it. Source: TRA-07, TRA-11.

    `authorityHolders` counts who holds authority over a minor, `holdersAsking` how many of them ask.
    `ability`: a professional attests that the person can weigh this (wilsbekwaam ter zake), or cannot.
    """

    identification: Identification
    filed_by: GivenBy
    authority: Authority
    authority_holders: Holders = 0
    holders_asking: Holders = 0
    ability: Ability = Ability.ABLE
    bracket: Bracket
    bracket_ends: QuarterText | None


class NewRequest(Requester):
    """A request as filed at the desk, after the identity was verified."""

    kind: RequestKind
    scope: Literal["all"] | Kinds = "all"
    token_types: TokenTypes
    envelope: Envelope


class Nothing(WireModel):
    """Nothing needs to be said."""


class ForwardingIn(WireModel):
    """To whose desk a request goes."""

    organisation_id: UUID


class ExtensionIn(WireModel):
    """Why an answer takes longer."""

    reason: Extension


class AdviceIn(WireModel):
    """What an organisation advises on its own registration."""

    advice: Advice


class JudgementIn(WireModel):
    """Whether a finding is the requester's, and with what that was compared."""

    verdict: Literal[Verdict.CONFIRMED, Verdict.REJECTED]
    compared: Comparison


class DecisionIn(WireModel):
    """A decision, its ground, and for rectification and erasure what it is about; without that, all of it."""

    outcome: Outcome
    ground: Ground
    finding_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)] | None = None


class FindingOut(WireModel):
    """A registration that is, or may be, about the requester."""

    finding_id: UUID
    registration_id: UUID
    kind: str
    organisation_id: UUID
    controller: Controller
    verdict: Verdict
    due_date: date
    advise_by_date: date | None
    advice: Advice | None


class RequestOut(WireModel):
    """A request as its desk sees it."""

    request_id: UUID
    kind: RequestKind
    state: RequestState
    organisation_id: UUID
    received_by: UUID
    received_at: Moment
    due_date: date
    extension: Extension | None
    outcome: Outcome | None
    ground: Ground | None
    change_id: UUID | None
    findings: list[FindingOut]


class RequestsOut(WireModel):
    """The requests of a desk."""

    requests: list[RequestOut]


class SearchOut(WireModel):
    """What a search gave; nothing where another municipality's desk answers for all of it."""

    request: RequestOut | None


class AdviceOut(WireModel):
    """What an organisation is asked about one of its own registrations."""

    advice_id: UUID
    request_kind: RequestKind
    registration_id: UUID
    registration_kind: str
    doubt: bool
    advise_by_date: date
    advice: Advice | None


class AdvicesOut(WireModel):
    """Everything an organisation is asked."""

    advices: list[AdviceOut]


class ToldOut(WireModel):
    """What became of something, for one recipient."""

    telling_id: UUID
    organisation_id: UUID
    staff_id: UUID | None
    about: UUID
    effect: Effect
    ground: Ground
    queued_at: Moment
    told_at: Moment | None


class TellingsOut(WireModel):
    """Who was told, or what an organisation is told."""

    tellings: list[ToldOut]


class CorrectionAnswerIn(WireModel):
    """What was registered anew; null where nothing takes its place."""

    replaced_by: UUID | None


class CorrectionOut(WireModel):
    """What an organisation has to put right, or did."""

    correction_id: UUID
    request_id: UUID
    registration_id: UUID
    registration_kind: str
    due_date: date
    replaced_by: UUID | None
    answered_at: Moment | None


class CorrectionsOut(WireModel):
    """Everything an organisation has to put right, the most urgent first."""

    corrections: list[CorrectionOut]


class DeadlineOut(WireModel):
    """A day by which somebody has to have done something for a request."""

    request_id: UUID
    kind: RequestKind
    clock: Clock
    controller: Controller
    desk_id: UUID
    organisation_id: UUID
    due_date: date
    days_late: int


class DeadlinesOut(WireModel):
    """What is late, the longest first."""

    deadlines: list[DeadlineOut]


class AttestationOut(WireModel):
    """That an organisation attested how many hold authority, in a signal or with a consent."""

    about_kind: Literal["signal", "consent"]
    about_id: UUID | None
    organisation_id: UUID | None
    desk_id: UUID | None
    said: Said


class ContradictionOut(WireModel):
    """What nobody is told of, since attestations of authority contradict each other."""

    match_ids: list[UUID]
    matched_at: Moment
    facts: list[str]
    attestations: list[AttestationOut]


class ContradictionsOut(WireModel):
    """What waits for somebody to attest anew, the oldest first."""

    contradictions: list[ContradictionOut]
