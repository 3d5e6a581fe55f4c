"""The inbox over HTTP: only ever the caller's own."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from hub.context import hub_of
from hub.notices import service
from hub.notices.models import NoticeState
from hub.notices.schemas import Acknowledgement, NoticeAnswer, NoticesAnswer
from service.clock import wire_time
from service.http import AnyCaller

router = APIRouter(tags=["notices"])


@router.get("/notices", summary="List your notices", operation_id="listNotices")
def list_notices(
    request: Request,
    caller: AnyCaller,
    *,
    cursor: UUID | None = None,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=200)] = 100,
    state: Literal["open", "all"] = "open",
) -> NoticesAnswer:
    """Return a page of the caller's own inbox; `open` is what waits for an answer."""
    with hub_of(request).database.work(caller) as work:
        notices, following = service.list_own(
            work, cursor=cursor, page_size=page_size, only_new=state == "open"
        )
    return NoticesAnswer(notices=[_answer(notice) for notice in notices], next_cursor=following)


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
    with hub_of(request).database.work(caller) as work:
        return _answer(service.acknowledge(work, notice_id, outcome=NoticeState(body.outcome)))


def _answer(notice: service.Notice) -> NoticeAnswer:
    values = asdict(notice)
    values["agreed_keys"] = list(notice.agreed_keys)
    values["queued_at"], values["due_at"] = wire_time(notice.queued_at), wire_time(notice.due_at)
    return NoticeAnswer(**values)
