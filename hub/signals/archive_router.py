"""What the archive answered, over HTTP: once for each signal, to whoever posted it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request

from hub.context import hub_of
from hub.signals import archiving
from service.http import AnyCaller, WireModel

router = APIRouter(tags=["signals"])


class ArchiveAnswerOut(WireModel):
    """That somebody signalled before about the person of this signal; nothing of who or when."""

    signal_id: UUID
    answered_date: date


class ArchiveAnswersOut(WireModel):
    """The answers that were not shown before."""

    archive_answers: list[ArchiveAnswerOut]


@router.get("/archive-answers", summary="See what the archive answered", operation_id="listArchiveAnswers")
def list_archive_answers(request: Request, caller: AnyCaller) -> ArchiveAnswersOut:
    """Return each answer once; none while the archive is off, as it is by default (historisch archief)."""
    with hub_of(request).disclosing(caller, otherwise=archiving.take_back_answers) as work:
        found = archiving.list_answers(work)
    answers = [ArchiveAnswerOut(signal_id=one.signal_id, answered_date=one.asked_on) for one in found]
    return ArchiveAnswersOut(archive_answers=answers)
