"""Citizens' requests over HTTP: for the desk, its officers, and the organisations that are asked or told."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from hub.consent.explanation import Language
from hub.context import hub_of
from hub.rights import advising, deciding, desks, filing, searching, telling
from hub.rights.letter import write_letter
from hub.rights.report_schemas import ReportOut, write_report
from hub.rights.reporting import make_report
from hub.rights.schemas import (
    AdviceIn,
    AdviceOut,
    AdvicesOut,
    DecisionIn,
    ExtensionIn,
    FindingOut,
    ForwardingIn,
    NewRequest,
    Nothing,
    RequestOut,
    RequestsOut,
    SearchOut,
    TellingsOut,
    ToldOut,
)
from hub.rights.values import Finding, Told
from hub.rights.values import Request as CitizensRequest
from service.clock import wire_time
from service.http import AnyCaller
from service.idempotency import IdempotencyKey

router = APIRouter(tags=["rights"])
RequestId = Annotated[UUID, Path(alias="requestId")]


@router.post("/rights-requests", status_code=201, summary="File a request", operation_id="fileRightsRequest")
def file_request(
    request: Request, caller: AnyCaller, idempotency_key: IdempotencyKey, message: NewRequest
) -> RequestOut:
    """File the request of a person whose identity was verified, with the person's pseudonyms."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        filed = filing.file_request(
            work,
            hub.subject_keys,
            message,
            idempotency_key=idempotency_key,
            quota_per_day=hub.settings.desk_quota_per_day,
        )
    return _request(filed)


@router.get("/rights-requests", summary="List the desk's requests", operation_id="listRightsRequests")
def list_requests(request: Request, caller: AnyCaller) -> RequestsOut:
    """Return the requests at the caller's desk, newest first."""
    with hub_of(request).database.look(caller) as work:
        return RequestsOut(requests=[_request(one) for one in desks.list_requests(work)])


@router.post(
    "/rights-requests/{requestId}/search", summary="Search for a request", operation_id="searchRightsRequest"
)
def search(
    request: Request, caller: AnyCaller, request_id: RequestId, _body: Nothing | None = None
) -> SearchOut:
    """Search what is kept about the requester; `request` is null where another desk answers for all of it."""
    with hub_of(request).disclosing(caller) as work:
        found = searching.search(work, request_id)
    return SearchOut(request=_request(found) if found else None)


@router.post(
    "/rights-requests/{requestId}/forwarding",
    summary="Forward a request",
    operation_id="forwardRightsRequest",
)
def forward(request: Request, caller: AnyCaller, request_id: RequestId, body: ForwardingIn) -> RequestOut:
    """Send a request to the desk that is responsible; its clock keeps running."""
    with hub_of(request).database.work(caller) as work:
        return _request(desks.forward(work, request_id, to=body.organisation_id))


@router.post(
    "/rights-requests/{requestId}/extension", summary="Extend a term", operation_id="extendRightsRequest"
)
def extend(request: Request, caller: AnyCaller, request_id: RequestId, body: ExtensionIn) -> RequestOut:
    """Take longer to answer, once, for a coded reason."""
    with hub_of(request).database.work(caller) as work:
        return _request(advising.extend(work, request_id, body.reason))


@router.post(
    "/rights-requests/{requestId}/advice-request", summary="Ask for advice", operation_id="askRightsAdvice"
)
def ask_advice(
    request: Request, caller: AnyCaller, request_id: RequestId, _body: Nothing | None = None
) -> RequestOut:
    """Ask the organisations concerned what they advise. Idempotent."""
    with hub_of(request).database.work(caller) as work:
        return _request(advising.ask_advice(work, request_id))


@router.post(
    "/rights-requests/{requestId}/decision", summary="Decide on a request", operation_id="decideRightsRequest"
)
def decide(request: Request, caller: AnyCaller, request_id: RequestId, body: DecisionIn) -> RequestOut:
    """Decide, or where something is erased propose it: `changeId` then waits for a second person."""
    with hub_of(request).database.work(caller) as work:
        return _request(deciding.decide(work, request_id, outcome=body.outcome, ground=body.ground))


@router.get(
    "/rights-requests/{requestId}/tellings", summary="See who was told", operation_id="listRightsTellings"
)
def list_tellings(request: Request, caller: AnyCaller, request_id: RequestId) -> TellingsOut:
    """Return who has to hear what became of a request, and when each did."""
    with hub_of(request).disclosing(caller) as work:
        return TellingsOut(tellings=[_told(one) for one in telling.list_tellings(work, request_id)])


@router.get("/rights-requests/{requestId}/report", summary="Get the report", operation_id="getRightsReport")
def get_report(request: Request, caller: AnyCaller, request_id: RequestId) -> ReportOut:
    """Return all that is known of the requester; that it was made is recorded."""
    with hub_of(request).disclosing(caller) as work:
        return write_report(make_report(work, request_id))


@router.get(
    "/rights-requests/{requestId}/letter",
    summary="Get the report as a letter",
    operation_id="getRightsLetter",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The letter."}},
)
def get_letter(
    request: Request, caller: AnyCaller, request_id: RequestId, language: Language = Language.DUTCH
) -> Response:
    """Return the report as a PDF, in Dutch or English; the municipality adds the address."""
    with hub_of(request).disclosing(caller) as work:
        report = make_report(work, request_id)
    return Response(write_letter(report, language=language), media_type="application/pdf")


@router.get("/rights-advices", summary="List what advice is asked", operation_id="listRightsAdvices")
def list_advices(request: Request, caller: AnyCaller) -> AdvicesOut:
    """Return for which of its registrations the calling organisation is asked for advice."""
    with hub_of(request).disclosing(caller) as work:
        return AdvicesOut(advices=[_asked(one) for one in advising.list_asked(work)])


@router.post("/rights-advices/{adviceId}/advice", summary="Give advice", operation_id="giveRightsAdvice")
def give_advice(
    request: Request,
    caller: AnyCaller,
    advice_id: Annotated[UUID, Path(alias="adviceId")],
    body: AdviceIn,
) -> AdviceOut:
    """Give the calling organisation's advice on its own registration."""
    with hub_of(request).database.work(caller) as work:
        return _asked(advising.give_advice(work, advice_id, body.advice))


@router.get(
    "/rights-tellings", summary="See what became of own registrations", operation_id="listOwnTellings"
)
def list_own_tellings(request: Request, caller: AnyCaller) -> TellingsOut:
    """Return what the calling organisation is told about its own registrations; fetching it is the proof."""
    with hub_of(request).disclosing(caller) as work:
        return TellingsOut(tellings=[_told(one) for one in telling.list_own_tellings(work)])


def _request(one: CitizensRequest) -> RequestOut:
    return RequestOut(
        request_id=one.id,
        kind=one.kind,
        state=one.state,
        organisation_id=one.organisation_id,
        received_by=one.received_by,
        received_at=wire_time(one.received_at),
        due_date=one.due_on,
        extension=one.extension,
        outcome=one.outcome,
        ground=one.ground,
        change_id=one.change_id,
        findings=[_finding(finding) for finding in one.findings],
    )


def _finding(one: Finding) -> FindingOut:
    return FindingOut(
        finding_id=one.id,
        registration_id=one.registration_id,
        kind=one.kind,
        organisation_id=one.organisation_id,
        controller=one.controller,
        verdict=one.verdict,
        due_date=one.due_on,
        advise_by_date=one.advise_by,
        advice=one.advice,
    )


def _asked(one: advising.Asked) -> AdviceOut:
    return AdviceOut(
        advice_id=one.id,
        request_kind=one.request_kind,
        registration_id=one.registration_id,
        registration_kind=one.registration_kind,
        doubt=one.doubt,
        advise_by_date=one.advise_by,
        advice=one.advice,
    )


def _told(one: Told) -> ToldOut:
    return ToldOut(
        telling_id=one.id,
        organisation_id=one.organisation_id,
        staff_id=one.staff_id,
        about=one.about,
        effect=one.effect,
        ground=one.ground,
        queued_at=wire_time(one.queued_at),
        told_at=wire_time(one.told_at) if one.told_at else None,
    )
