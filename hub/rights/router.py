"""Citizens' requests over HTTP: for the desk, its officers, and the organisations that are asked or told."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from hub.consent.explanation import Language
from hub.context import hub_of
from hub.rights import advising, deciding, desks, filing, judging, searching, telling
from hub.rights.letter import write_letter
from hub.rights.report_schemas import ReportOut, write_report
from hub.rights.reporting import make_report
from hub.rights.schemas import (
    AdviceIn,
    AdviceOut,
    AdvicesOut,
    DecisionIn,
    ExtensionIn,
    ForwardingIn,
    JudgementIn,
    NewRequest,
    Nothing,
    RequestOut,
    RequestsOut,
    SearchOut,
    TellingsOut,
    ToldOut,
)
from hub.rights.values import Controller
from hub.rights.writing import write_asked, write_request, write_told
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
            quota_per_day=hub.settings.rights_quota_per_day,
        )
    return write_request(filed)


@router.get("/rights-requests", summary="List the desk's requests", operation_id="listRightsRequests")
def list_requests(request: Request, caller: AnyCaller) -> RequestsOut:
    """Return the requests at the caller's desk, what is open first."""
    with hub_of(request).database.look(caller) as work:
        return RequestsOut(requests=[write_request(one) for one in desks.list_requests(work)])


@router.post(
    "/rights-requests/{requestId}/search", summary="Search for a request", operation_id="searchRightsRequest"
)
def search(
    request: Request, caller: AnyCaller, request_id: RequestId, _body: Nothing | None = None
) -> SearchOut:
    """Search what is kept about the requester; `request` is null where another desk answers for all of it."""
    with hub_of(request).disclosing(caller) as work:
        found = searching.search(work, request_id)
    return SearchOut(request=write_request(found) if found else None)


@router.post(
    "/rights-requests/{requestId}/forwarding",
    summary="Forward a request",
    operation_id="forwardRightsRequest",
)
def forward(request: Request, caller: AnyCaller, request_id: RequestId, body: ForwardingIn) -> RequestOut:
    """Send a request to the desk that is responsible; its clock keeps running."""
    with hub_of(request).database.work(caller) as work:
        return write_request(desks.forward(work, request_id, to=body.organisation_id))


@router.post(
    "/rights-requests/{requestId}/extension", summary="Extend a term", operation_id="extendRightsRequest"
)
def extend(request: Request, caller: AnyCaller, request_id: RequestId, body: ExtensionIn) -> RequestOut:
    """Take longer to answer, once, for a coded reason."""
    with hub_of(request).database.work(caller) as work:
        return write_request(advising.extend(work, request_id, body.reason))


@router.post(
    "/rights-requests/{requestId}/advice-request", summary="Ask for advice", operation_id="askRightsAdvice"
)
def ask_advice(
    request: Request, caller: AnyCaller, request_id: RequestId, _body: Nothing | None = None
) -> RequestOut:
    """Ask the organisations concerned what they advise. Idempotent."""
    with hub_of(request).database.work(caller) as work:
        return write_request(advising.ask_advice(work, request_id))


@router.post(
    "/rights-requests/{requestId}/findings/{findingId}/judgement",
    summary="Judge a finding",
    operation_id="judgeRightsFinding",
)
def judge_finding(
    request: Request,
    caller: AnyCaller,
    request_id: RequestId,
    finding_id: Annotated[UUID, Path(alias="findingId")],
    body: JudgementIn,
) -> RequestOut:
    """Say whether a doubtful finding is the requester's; until then it is in no answer and stays."""
    with hub_of(request).database.work(caller) as work:
        judged = judging.judge_finding(work, request_id, finding_id, body.verdict, compared=body.compared)
    return write_request(judged)


@router.post(
    "/rights-requests/{requestId}/decision", summary="Decide on a request", operation_id="decideRightsRequest"
)
def decide(request: Request, caller: AnyCaller, request_id: RequestId, body: DecisionIn) -> RequestOut:
    """Decide, or where something is erased propose it: `changeId` then waits for a second person."""
    with hub_of(request).database.work(caller) as work:
        decided = deciding.decide(
            work, request_id, outcome=body.outcome, ground=body.ground, only=body.finding_ids
        )
    return write_request(decided)


@router.get(
    "/rights-requests/{requestId}/tellings", summary="See who was told", operation_id="listRightsTellings"
)
def list_tellings(request: Request, caller: AnyCaller, request_id: RequestId) -> TellingsOut:
    """Return who has to hear what became of a request, and when each did."""
    with hub_of(request).disclosing(caller) as work:
        return TellingsOut(tellings=[write_told(one) for one in telling.list_tellings(work, request_id)])


@router.get("/rights-requests/{requestId}/report", summary="Get the report", operation_id="getRightsReport")
def get_report(
    request: Request, caller: AnyCaller, request_id: RequestId, controller: Controller | None = None
) -> ReportOut:
    """Return all that is known of the requester, or what one controller answers for; it is recorded."""
    with hub_of(request).disclosing(caller) as work:
        return write_report(make_report(work, request_id, part=controller))


@router.get(
    "/rights-requests/{requestId}/letter",
    summary="Get the report as a letter",
    operation_id="getRightsLetter",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "The letter."}},
)
def get_letter(
    request: Request,
    caller: AnyCaller,
    request_id: RequestId,
    language: Language = Language.DUTCH,
    controller: Controller | None = None,
) -> Response:
    """Return the report as a PDF, in Dutch or English; the municipality adds the address."""
    with hub_of(request).disclosing(caller) as work:
        report = make_report(work, request_id, part=controller)
    return Response(write_letter(report, language=language), media_type="application/pdf")


@router.get("/rights-advices", summary="List what advice is asked", operation_id="listRightsAdvices")
def list_advices(request: Request, caller: AnyCaller) -> AdvicesOut:
    """Return for which of its registrations the calling organisation is asked for advice."""
    with hub_of(request).disclosing(caller) as work:
        return AdvicesOut(advices=[write_asked(one) for one in advising.list_asked(work)])


@router.post("/rights-advices/{adviceId}/advice", summary="Give advice", operation_id="giveRightsAdvice")
def give_advice(
    request: Request,
    caller: AnyCaller,
    advice_id: Annotated[UUID, Path(alias="adviceId")],
    body: AdviceIn,
) -> AdviceOut:
    """Give the calling organisation's advice on its own registration."""
    with hub_of(request).database.work(caller) as work:
        return write_asked(advising.give_advice(work, advice_id, body.advice))


@router.post(
    "/rights-tellings/{tellingId}/acknowledgement",
    summary="Acknowledge what became of something",
    operation_id="acknowledgeRightsTelling",
)
def acknowledge_telling(
    request: Request,
    caller: AnyCaller,
    telling_id: Annotated[UUID, Path(alias="tellingId")],
    _body: Nothing | None = None,
) -> ToldOut:
    """Say that the organisation knows what became of it and acts on it: the proof that it was told."""
    with hub_of(request).database.work(caller) as work:
        return write_told(telling.acknowledge_telling(work, telling_id))


@router.get(
    "/rights-tellings", summary="See what became of own registrations", operation_id="listOwnTellings"
)
def list_own_tellings(request: Request, caller: AnyCaller) -> TellingsOut:
    """Return what the calling organisation is told about its own registrations; it acknowledges each."""
    with hub_of(request).disclosing(caller) as work:
        return TellingsOut(tellings=[write_told(one) for one in telling.list_own_tellings(work)])
