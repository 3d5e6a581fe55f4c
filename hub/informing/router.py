"""Telling the person over HTTP, for the organisation that signalled."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.context import hub_of
from hub.informing import service
from hub.informing.schemas import NewSubjectNotice, SubjectNoticeAnswer
from service.http import AnyCaller

router = APIRouter(tags=["informing"])

SignalId = Annotated[UUID, Path(alias="signalId")]


@router.post(
    "/signals/{signalId}/subject-notice",
    status_code=200,
    summary="Attest that the person was told",
    operation_id="attestSubjectNotice",
)
def attest_notice(
    request: Request, caller: AnyCaller, signal_id: SignalId, message: NewSubjectNotice
) -> SubjectNoticeAnswer:
    """Record on which day the person was told of a signal (kennisgeving), and in which roles. Idempotent."""
    with hub_of(request).database.work(caller) as work:
        notice = service.attest_notice(work, signal_id, message)
    return SubjectNoticeAnswer(
        signal_id=notice.signal_id,
        subject_notice="given",
        given_date=notice.given_on,
        given_to=sorted(notice.given_to),
    )
