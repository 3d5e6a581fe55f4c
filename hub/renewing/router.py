"""Which consents are to be asked again, over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import Field

from hub.context import hub_of
from hub.renewing import service
from hub.renewing.service import About, ConsentTask, TaskAnswer
from service.clock import wire_time
from service.http import AnyCaller, WireModel

router = APIRouter(tags=["consent"])


class ConsentTaskOut(WireModel):
    """Ask this again: the consent of the caller's organisation, or the match that rested on one."""

    task_id: UUID
    about_kind: About
    about_id: UUID
    ended_bracket: str
    opened_at: Annotated[str, Field(min_length=20, max_length=20)]
    answer: TaskAnswer | None


class ConsentTasksOut(WireModel):
    """What is to be asked again, the oldest first."""

    consent_tasks: list[ConsentTaskOut]


class TaskAnswerIn(WireModel):
    """What became of it."""

    answer: TaskAnswer


@router.get("/consent-tasks", summary="See which consents to ask again", operation_id="listConsentTasks")
def list_consent_tasks(request: Request, caller: AnyCaller) -> ConsentTasksOut:
    """Return which consents ended with an age, for who recorded them and who heard on them."""
    with hub_of(request).disclosing(caller) as work:
        tasks = service.list_tasks(work)
    return ConsentTasksOut(consent_tasks=[_write(one) for one in tasks])


@router.post(
    "/consent-tasks/{taskId}/answer", summary="Say that it was asked", operation_id="answerConsentTask"
)
def answer_consent_task(
    request: Request, caller: AnyCaller, task_id: Annotated[UUID, Path(alias="taskId")], body: TaskAnswerIn
) -> ConsentTaskOut:
    """Say that the person was asked, or that it is not needed; what they said is a consent, or nothing."""
    with hub_of(request).database.work(caller) as work:
        return _write(service.answer_task(work, task_id, body.answer))


def _write(one: ConsentTask) -> ConsentTaskOut:
    return ConsentTaskOut(
        task_id=one.id,
        about_kind=one.about_kind,
        about_id=one.about_id,
        ended_bracket=one.ended_bracket,
        opened_at=wire_time(one.opened_at),
        answer=one.answer,
    )
