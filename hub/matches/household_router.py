"""Households over HTTP: who leads, and how many partners met somebody of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.context import Hub, hub_of
from hub.matches import leading
from hub.matches.household_schemas import (
    HouseholdAnswer,
    HouseholdsAnswer,
    LeadAnswer,
    LeadNaming,
    LeadOffer,
    LeadState,
)
from hub.matches.states import HandOverState
from hub.notices.terms import Terms
from service.http import AnyCaller

router = APIRouter(tags=["households"])
HouseholdId = Annotated[UUID, Path(alias="householdId")]


@router.get("/households", summary="List households", operation_id="listHouseholds")
def list_households(request: Request, caller: AnyCaller) -> HouseholdsAnswer:
    """Return the households in which the caller has part; nothing in it identifies anybody."""
    with hub_of(request).disclosing(caller) as work:
        found = leading.list_households(work)
    return HouseholdsAnswer(households=[HouseholdAnswer.of(one) for one in found])


@router.post(
    "/households/{householdId}/lead", summary="Name who leads for a household", operation_id="nameLead"
)
def name_lead(request: Request, caller: AnyCaller, household_id: HouseholdId, body: LeadNaming) -> LeadState:
    """Have somebody lead for a household, as its start meeting decided: exactly one."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        leading.name_lead(work, household_id, body.staff_id, terms=_terms(hub))
    return LeadState(household_id=household_id, lead=body.staff_id)


@router.post("/households/{householdId}/lead-offer", summary="Hand the lead over", operation_id="offerLead")
def offer_lead(request: Request, caller: AnyCaller, household_id: HouseholdId, body: LeadOffer) -> LeadState:
    """Ask a colleague to lead from now on; the caller leads until they accept."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        leading.offer_lead(work, household_id, body.colleague, terms=_terms(hub))
    return LeadState(household_id=household_id, lead=caller.staff_id)


@router.post(
    "/households/{householdId}/lead-answer",
    summary="Answer who hands the lead over",
    operation_id="answerLead",
)
def answer_lead(
    request: Request, caller: AnyCaller, household_id: HouseholdId, body: LeadAnswer
) -> LeadState:
    """Accept or return the lead that a colleague asks the caller to take."""
    hub = hub_of(request)
    answer = HandOverState(body.answer)
    with hub.database.work(caller) as work:
        leading.answer_lead(work, household_id, answer, terms=_terms(hub))
    taken = answer is HandOverState.ACCEPTED
    return LeadState(household_id=household_id, lead=caller.staff_id if taken else None)


def _terms(hub: Hub) -> Terms:
    return Terms(acknowledge=hub.settings.term_working_days)
