"""Policy sets for whoever calls, and decisions for the privacy officer, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from hub.consent import reading, versions
from hub.consent.comparing import compare
from hub.consent.explanation import TEXTS
from hub.consent.facts import Reason
from hub.consent.policy_schemas import (
    DecisionAnswer,
    DecisionsAnswer,
    DifferenceAnswer,
    DifferencesAnswer,
    Hash,
    PolicyAnswer,
    PolicyProposal,
    PolicyProposedAnswer,
    PolicyVersionAnswer,
    PolicyVersionsAnswer,
    ReasonAnswer,
)
from hub.consent.reading import ReadDecision
from hub.context import hub_of
from service.clock import wire_time
from service.http import AnyCaller

router = APIRouter(tags=["policy"])
PolicyHash = Annotated[Hash, Path(alias="policyHash")]


@router.get("/policy-sets", summary="List policy sets", operation_id="listPolicySets")
def list_policy_sets(request: Request, caller: AnyCaller) -> PolicyVersionsAnswer:
    """Return every version of the rules by which is decided, and which one is in force."""
    with hub_of(request).database.look(caller) as work:
        found, in_force = versions.list_versions(work), versions.policy_in_force(work)
    answers = [
        PolicyVersionAnswer(
            version=one.version,
            hash=one.hash,
            in_force_date=one.in_force_on,
            adopted_at=wire_time(one.adopted_at),
            change_id=one.change_id,
        )
        for one in found
    ]
    return PolicyVersionsAnswer(in_force=in_force.hash, policy_sets=answers)


@router.get("/policy-sets/{policyHash}", summary="Read a policy set", operation_id="readPolicySet")
def read_policy_set(request: Request, caller: AnyCaller, policy_hash: PolicyHash) -> PolicyAnswer:
    """Return a policy set as its document: legal bases, partner matrix, ages, levels, terms and sources."""
    with hub_of(request).database.look(caller) as work:
        return PolicyAnswer(hash=policy_hash, document=versions.find_document(work, policy_hash))


@router.get(
    "/policy-sets/{policyHash}/differences", summary="Compare policy sets", operation_id="comparePolicySets"
)
def compare_policy_sets(
    request: Request, caller: AnyCaller, policy_hash: PolicyHash, after: Hash
) -> DifferencesAnswer:
    """Return what the policy set `after` says otherwise."""
    with hub_of(request).database.look(caller) as work:
        found = compare(versions.find_document(work, policy_hash), versions.find_document(work, after))
    answers = [DifferenceAnswer(place=one.place, before=one.before, after=one.after) for one in found]
    return DifferencesAnswer(differences=answers)


@router.post(
    "/policy-proposals", status_code=201, summary="Propose a policy set", operation_id="proposePolicySet"
)
def propose_policy_set(request: Request, caller: AnyCaller, body: PolicyProposal) -> PolicyProposedAnswer:
    """Put a draft before a privacy officer; two persons, each with their own key, change the rules."""
    with hub_of(request).database.work(caller) as work:
        change = versions.propose_draft(
            work, body.policy_hash, in_force_on=body.in_force_date, reason=body.reason
        )
    return PolicyProposedAnswer(
        change_id=change.id, policy_hash=body.policy_hash, expires_at=wire_time(change.expires_at)
    )


@router.get("/decisions", summary="List decisions", operation_id="listDecisions")
def list_decisions(
    request: Request, caller: AnyCaller, registration_id: Annotated[UUID, Query(alias="registrationId")]
) -> DecisionsAnswer:
    """Return the latest decisions about a signal or a case, also those to tell nobody; this is recorded."""
    with hub_of(request).disclosing(caller) as work:
        found = reading.list_decisions(work, registration_id)
    return DecisionsAnswer(decisions=[_answer(one) for one in found])


@router.get("/decisions/{decisionId}", summary="Read a decision", operation_id="readDecision")
def read_decision(
    request: Request, caller: AnyCaller, decision_id: Annotated[UUID, Path(alias="decisionId")]
) -> DecisionAnswer:
    """Return one decision with its reasons in words; that it was read is recorded."""
    with hub_of(request).disclosing(caller) as work:
        return _answer(reading.read_decision(work, decision_id))


def _answer(read: ReadDecision) -> DecisionAnswer:
    decision = read.decision
    return DecisionAnswer(
        decision_id=decision.id,
        signal_id=read.signal_id,
        other_id=read.other_id,
        purpose=read.purpose,
        recipient_kind=read.recipient_kind,
        allowed=decision.allowed,
        level=decision.level,
        police_origin=decision.police_origin,
        policy_hash=decision.policy_hash,
        decided_at=wire_time(read.decided_at),
        reasons=[_reason(one) for one in decision.reasons],
    )


def _reason(reason: Reason) -> ReasonAnswer:
    dutch, english = TEXTS[reason.fact]
    return ReasonAnswer(
        rule=reason.rule, source=reason.source, fact=reason.fact, dutch=dutch, english=english
    )
