"""Telling the person over HTTP, for the organisation that signalled."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request

from hub.context import hub_of
from hub.informing import excepting, service
from hub.informing.schemas import (
    NewNoticeException,
    NewSubjectNotice,
    NoticeExceptionAnswer,
    SubjectNoticeAnswer,
)
from service.clock import wire_time
from service.http import AnyCaller

router = APIRouter(tags=["informing"])

CorrectionKey = Annotated[
    UUID | None, Header(alias="Idempotency-Key", description="Needed for a correction: each has its own.")
]
SignalId = Annotated[UUID, Path(alias="signalId")]


@router.post(
    "/signals/{signalId}/subject-notice",
    status_code=200,
    summary="Attest that the person was told",
    operation_id="attestSubjectNotice",
)
def attest_notice(
    request: Request,
    caller: AnyCaller,
    signal_id: SignalId,
    message: NewSubjectNotice,
    idempotency_key: CorrectionKey = None,
) -> SubjectNoticeAnswer:
    """Record on which day the person was told of a signal (kennisgeving), and in which roles. Idempotent."""
    with hub_of(request).database.work(caller) as work:
        notice = service.attest_notice(work, signal_id, message, idempotency_key=idempotency_key)
    return SubjectNoticeAnswer(
        signal_id=notice.signal_id,
        subject_notice="given",
        given_date=notice.given_on,
        given_to=sorted(notice.given_to),
    )


@router.post(
    "/signals/{signalId}/notice-exception",
    status_code=201,
    summary="Ask that the person need not be told yet",
    operation_id="askNoticeException",
)
def ask_exception(
    request: Request, caller: AnyCaller, signal_id: SignalId, message: NewNoticeException
) -> NoticeExceptionAnswer:
    """Propose a coded, time-boxed exception; it opens nothing until a second person approves it."""
    with hub_of(request).database.work(caller) as work:
        change = excepting.ask_exception(work, signal_id, code=message.code)
    return NoticeExceptionAnswer(
        signal_id=signal_id, change_id=change.id, state="open", expires_at=wire_time(change.expires_at)
    )
