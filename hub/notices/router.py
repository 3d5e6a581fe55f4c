"""Taking up a notice over HTTP; the inbox is served by `hub.matches`, which decides before it shows."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.context import hub_of
from hub.notices import service
from hub.notices.models import NoticeState
from hub.notices.schemas import Acknowledgement, NoticeAnswer
from service.http import AnyCaller

router = APIRouter(tags=["notices"])


@router.post(
    "/notices/{noticeId}/acknowledgement", summary="Take up a notice", operation_id="acknowledgeNotice"
)
def acknowledge(
    request: Request,
    caller: AnyCaller,
    notice_id: Annotated[UUID, Path(alias="noticeId")],
    body: Acknowledgement,
) -> NoticeAnswer:
    """Say that the recipient takes it up, or that the team was in contact already."""
    with hub_of(request).disclosing(caller) as work:
        return NoticeAnswer.of(service.acknowledge(work, notice_id, outcome=NoticeState(body.outcome)))
