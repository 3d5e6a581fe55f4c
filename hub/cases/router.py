"""Cases over HTTP, for the staff of municipal teams."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from hub.cases import service
from hub.cases.schemas import CaseAnswer, CaseClosure, CasesAnswer, NewCase, RegisteredCase
from hub.context import hub_of
from service.clock import wire_time
from service.http import AnyCaller
from service.idempotency import IdempotencyKey
from service.work import Work

router = APIRouter(tags=["cases"])


@router.post("/cases", status_code=201, summary="Register a case", operation_id="registerCase")
def register_case(
    request: Request, caller: AnyCaller, idempotency_key: IdempotencyKey, message: NewCase
) -> RegisteredCase:
    """Register a person whom the team serves, with the person's pseudonyms; rationed per day."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        case = service.register(
            work,
            hub.subject_keys,
            message,
            idempotency_key=idempotency_key,
            quota_per_day=hub.settings.case_quota_per_day,
        )
    return RegisteredCase(case_id=case.id, casemanager=case.casemanager, opened_at=wire_time(case.opened_at))


@router.get("/cases", summary="List your team's cases", operation_id="listCases")
def list_cases(
    request: Request,
    caller: AnyCaller,
    *,
    cursor: UUID | None = None,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=1000)] = 100,
) -> CasesAnswer:
    """Return a page of the caseload of the caller's own team."""
    with hub_of(request).database.look(caller) as work:
        cases, following = service.list_own(work, cursor=cursor, page_size=page_size)
        return CasesAnswer(cases=[_answer(work, case) for case in cases], next_cursor=following)


@router.post("/cases/{caseId}/closure", summary="Close a case", operation_id="closeCase")
def close_case(
    request: Request,
    caller: AnyCaller,
    case_id: Annotated[UUID, Path(alias="caseId")],
    _body: CaseClosure,
) -> CaseAnswer:
    """Close a case of the team; what hung on it is taken back. Idempotent."""
    with hub_of(request).database.work(caller) as work:
        return _answer(work, service.close(work, case_id))


def _answer(work: Work, case: service.Case) -> CaseAnswer:
    is_open = case.closed_at is None and work.now < case.active_until
    return CaseAnswer(
        case_id=case.id,
        casemanager=case.casemanager,
        opened_at=wire_time(case.opened_at),
        legal_basis=case.legal_basis,
        state="open" if is_open else "closed",
    )
