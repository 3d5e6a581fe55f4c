"""Consents and objections over HTTP: at the desk, in the team, and at a partner for its own signals."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.consent import service
from hub.consent.facts import ConsentState, ObjectionState
from hub.consent.schemas import (
    ConsentAnswer,
    NewConsent,
    NewObjection,
    NewWithdrawal,
    ObjectionAnswer,
    Withdrawal,
    WithdrawalAnswer,
)
from hub.consent.service import RecordedFact
from hub.context import hub_of
from service.clock import wire_time
from service.http import AnyCaller
from service.idempotency import IdempotencyKey

router = APIRouter(tags=["consent"])


@router.post("/consents", status_code=201, summary="Record a consent", operation_id="recordConsent")
def record_consent(
    request: Request, caller: AnyCaller, idempotency_key: IdempotencyKey, message: NewConsent
) -> ConsentAnswer:
    """Record what a person consents to (toestemming), with the person's pseudonyms."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        fact = service.record_consent(
            work,
            hub.subject_keys,
            message,
            idempotency_key=idempotency_key,
            quota_per_day=hub.settings.desk_quota_per_day,
        )
    return _consent(fact)


@router.post("/consents/{consentId}/withdrawal", summary="Withdraw a consent", operation_id="withdrawConsent")
def withdraw_consent(
    request: Request,
    caller: AnyCaller,
    consent_id: Annotated[UUID, Path(alias="consentId")],
    _body: Withdrawal | None = None,
) -> ConsentAnswer:
    """End a consent; from then on it opens nothing. Idempotent."""
    with hub_of(request).database.work(caller) as work:
        fact = service.withdraw_consent(work, consent_id)
    return _consent(fact)


@router.post(
    "/consent-withdrawals",
    status_code=201,
    summary="Take back what was consented to elsewhere",
    operation_id="withdrawConsents",
)
def withdraw_everywhere(
    request: Request, caller: AnyCaller, idempotency_key: IdempotencyKey, message: NewWithdrawal
) -> WithdrawalAnswer:
    """Take back what a person consented to, whoever recorded it, with the person's pseudonyms (intrekken)."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        fact = service.withdraw_everywhere(
            work,
            hub.subject_keys,
            message,
            idempotency_key=idempotency_key,
            quota_per_day=hub.settings.desk_quota_per_day,
        )
    return WithdrawalAnswer(withdrawal_id=fact.id, recorded_at=wire_time(fact.recorded_at))


@router.post("/objections", status_code=201, summary="Record an objection", operation_id="recordObjection")
def record_objection(
    request: Request, caller: AnyCaller, idempotency_key: IdempotencyKey, message: NewObjection
) -> ObjectionAnswer:
    """Record what a person objects to (bezwaar), with the person's pseudonyms."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        fact = service.record_objection(
            work,
            hub.subject_keys,
            message,
            idempotency_key=idempotency_key,
            quota_per_day=hub.settings.desk_quota_per_day,
        )
    return _objection(fact)


@router.post(
    "/objections/{objectionId}/withdrawal", summary="Lift an objection", operation_id="liftObjection"
)
def lift_objection(
    request: Request,
    caller: AnyCaller,
    objection_id: Annotated[UUID, Path(alias="objectionId")],
    _body: Withdrawal | None = None,
) -> ObjectionAnswer:
    """End an objection that was taken back or decided upon. Idempotent."""
    with hub_of(request).database.work(caller) as work:
        fact = service.lift_objection(work, objection_id)
    return _objection(fact)


def _consent(fact: RecordedFact) -> ConsentAnswer:
    return ConsentAnswer(
        consent_id=fact.id, state=ConsentState(fact.state), recorded_at=wire_time(fact.recorded_at)
    )


def _objection(fact: RecordedFact) -> ObjectionAnswer:
    return ObjectionAnswer(
        objection_id=fact.id, state=ObjectionState(fact.state), recorded_at=wire_time(fact.recorded_at)
    )
