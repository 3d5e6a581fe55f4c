"""Wire shapes of policy sets and of decisions, as people read them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from hub.changes.service import ChangeReason
from service.http import WireModel

Hash = Annotated[str, Field(min_length=32, max_length=32, pattern=r"^[0-9a-f]+$")]
Moment = Annotated[str, Field(min_length=20, max_length=20)]


class PolicyVersionAnswer(WireModel):
    """A version of the policy set, without what it says."""

    version: int
    hash: Hash
    in_force_date: date
    adopted_at: Moment
    change_id: UUID | None


class PolicyVersionsAnswer(WireModel):
    """Every version, and which one is in force."""

    in_force: Hash
    policy_sets: list[PolicyVersionAnswer]


class PolicyProposal(WireModel):
    """Which draft, from which day on, and why: the draft itself was laid down by the operator."""

    policy_hash: Hash
    in_force_date: date
    reason: ChangeReason


class PolicyProposedAnswer(WireModel):
    """A policy set that waits for its second person, among the change proposals."""

    change_id: UUID
    policy_hash: Hash
    expires_at: Moment


class PolicyAnswer(WireModel):
    """A policy set as its document."""

    hash: Hash
    document: dict[str, Any]


class DifferenceAnswer(WireModel):
    """One thing that differs between two policy sets; null where there is none."""

    place: str
    before: Any
    after: Any


class DifferencesAnswer(WireModel):
    """What differs between two policy sets."""

    differences: list[DifferenceAnswer]


class ReasonAnswer(WireModel):
    """One reason of a decision, in words."""

    rule: str
    source: str
    fact: str
    dutch: str
    english: str


class DecisionAnswer(WireModel):
    """A decision and its reasons; about whom is in no way to be seen."""

    decision_id: UUID
    signal_id: UUID
    other_id: UUID
    purpose: str
    recipient_kind: str
    allowed: bool
    level: int
    police_origin: bool
    policy_hash: Hash
    decided_at: Moment
    reasons: list[ReasonAnswer]


class DecisionsAnswer(WireModel):
    """The latest decisions about one registration."""

    decisions: list[DecisionAnswer]
