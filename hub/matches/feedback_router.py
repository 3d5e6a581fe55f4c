"""What a sender may hear back, over HTTP: given by a match's owner, read by whoever signalled."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.consent.service import FeedbackCode
from hub.context import hub_of
from hub.matches import feedback
from service.http import AnyCaller, WireModel

router = APIRouter(tags=["feedback"])


class NewFeedback(WireModel):
    """What the sender may hear: a code, and nothing else. Source: ROU-19, MAT-14."""

    code: FeedbackCode


class FeedbackGivenAnswer(WireModel):
    """Whether a sender may hear it; why not is in the stored decision."""

    match_id: UUID
    told: bool


class FeedbackAnswer(WireModel):
    """What became of one of the own signals."""

    signal_id: UUID
    code: FeedbackCode
    given_date: date
    joint_consideration_date: date | None


class FeedbackListAnswer(WireModel):
    """What became of the own signals, as far as it may be told; nothing else is no news of any kind."""

    feedback_items: list[FeedbackAnswer]


@router.post("/matches/{matchId}/feedback", summary="Let the sender hear back", operation_id="giveFeedback")
def give_feedback(
    request: Request, caller: AnyCaller, match_id: Annotated[UUID, Path(alias="matchId")], body: NewFeedback
) -> FeedbackGivenAnswer:
    """Put a code where the sender finds it, on the consents of the person (terugkoppeling)."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        told = feedback.give_feedback(work, match_id, body.code, working_days=hub.settings.term_working_days)
    return FeedbackGivenAnswer(match_id=match_id, told=told)


@router.get("/feedback-items", summary="List what you may hear back", operation_id="listFeedback")
def list_feedback(request: Request, caller: AnyCaller) -> FeedbackListAnswer:
    """Return what became of the own signals, the latest first, as far as it may be told today."""
    with hub_of(request).disclosing(caller) as work:
        found = feedback.list_feedback(work)
    return FeedbackListAnswer(
        feedback_items=[
            FeedbackAnswer(
                signal_id=one.signal_id,
                code=one.code,
                given_date=one.given_on,
                joint_consideration_date=one.considered_on,
            )
            for one in found
        ]
    )
