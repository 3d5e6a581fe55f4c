"""Inquiries over HTTP, where an arrangement has each signal open one."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.context import hub_of
from hub.matches import inquiring
from hub.matches.errors import NotOwnerError
from hub.matches.inquiry_schemas import InquiriesAnswer, InquiryAnswer, InquiryReport
from service.http import AnyCaller

router = APIRouter(tags=["follow-ups"])


@router.get("/inquiries", summary="List the inquiries that are yours", operation_id="listInquiries")
def list_inquiries(request: Request, caller: AnyCaller) -> InquiriesAnswer:
    """Return the clocks of the caller's inquiries; nothing in it identifies anybody."""
    with hub_of(request).disclosing(caller) as work:
        return InquiriesAnswer(inquiries=[InquiryAnswer.of(one) for one in inquiring.list_inquiries(work)])


@router.post("/matches/{matchId}/inquiry", summary="Say how an inquiry goes", operation_id="recordInquiry")
def record_inquiry(
    request: Request, caller: AnyCaller, match_id: Annotated[UUID, Path(alias="matchId")], body: InquiryReport
) -> InquiryAnswer:
    """Write what was done, and when child and parents were heard or why not: dates and codes only."""
    with hub_of(request).database.work(caller) as work:
        found = inquiring.record_inquiry(work, match_id, body.step)
    if found is None:
        raise NotOwnerError
    return InquiryAnswer.of(found)
