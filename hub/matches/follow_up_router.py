"""What follows on a match over HTTP: answers of its owner, and what watchers and leads see and do."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request

from hub.context import hub_of
from hub.matches import handing, orphans, owning, retracting, viewing
from hub.matches.errors import NotOwnerError
from hub.matches.follow_up_schemas import (
    Assignment,
    AssignmentAnswer,
    ConsultAnswer,
    Consultation,
    FollowUpsAnswer,
    HandOver,
    HandOverAnswer,
    OwnedAnswer,
    OwnedMatchesAnswer,
    ProgressReport,
    Refusal,
    Retraction,
    RetractionAnswer,
    ViewAnswer,
    Viewing,
)
from hub.matches.states import HandOverState
from hub.notices.models import NoticeState
from hub.notices.schemas import Acknowledgement, NoticeAnswer
from service.clock import wire_time
from service.http import AnyCaller

notices = APIRouter(tags=["notices"])
follow_ups = APIRouter(tags=["follow-ups"])
MatchId = Annotated[UUID, Path(alias="matchId")]


@notices.post(
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
        return NoticeAnswer.of(owning.acknowledge(work, notice_id, outcome=NoticeState(body.outcome)))


@follow_ups.get("/matches", summary="List the matches that are yours", operation_id="listOwnMatches")
def list_matches(request: Request, caller: AnyCaller) -> OwnedMatchesAnswer:
    """Return what the caller owns, longest waiting first; nothing in it identifies anybody."""
    with hub_of(request).disclosing(caller) as work:
        return OwnedMatchesAnswer(matches=[OwnedAnswer.of(one) for one in owning.list_owned(work)])


@follow_ups.post("/matches/{matchId}/view", summary="Look at a match", operation_id="viewMatch")
def view_match(request: Request, caller: AnyCaller, match_id: MatchId, _body: Viewing) -> ViewAnswer:
    """Show its owner, or a colleague who is asked now, whom to call; decided anew and recorded each time."""
    hub = hub_of(request)
    with hub.disclosing(caller) as work:
        view = viewing.view(work, match_id, working_days=hub.settings.term_working_days)
    if view is None:
        raise NotOwnerError
    return ViewAnswer.of(view)


@follow_ups.post("/matches/{matchId}/refusal", summary="Give a match back", operation_id="refuseMatch")
def refuse_match(request: Request, caller: AnyCaller, match_id: MatchId, body: Refusal) -> AssignmentAnswer:
    """Return a match to the queue of its team, with a reason from the list."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        owning.refuse(work, match_id, body.reason, working_days=hub.settings.term_working_days)
    return AssignmentAnswer(match_id=match_id, staff_id=None)


@follow_ups.post("/matches/{matchId}/retraction", summary="Retract a match", operation_id="retractMatch")
def retract_match(
    request: Request, caller: AnyCaller, match_id: MatchId, body: Retraction
) -> RetractionAnswer:
    """Say that it is of two persons: it ends for good, and whoever was told hears that."""
    with hub_of(request).database.work(caller) as work:
        retracting.retract(work, match_id, body.verified)
    return RetractionAnswer(match_id=match_id)


@follow_ups.post("/matches/{matchId}/hand-over", summary="Hand a match over", operation_id="handOverMatch")
def hand_over_match(
    request: Request, caller: AnyCaller, match_id: MatchId, body: HandOver
) -> AssignmentAnswer:
    """Ask a colleague of the team to take it over; it stays the caller's until they accept."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        handing.hand_over(work, match_id, body.colleague, working_days=hub.settings.term_working_days)
    return AssignmentAnswer(match_id=match_id, staff_id=caller.staff_id)


@follow_ups.post(
    "/matches/{matchId}/hand-over-answer", summary="Answer a hand-over", operation_id="answerHandOver"
)
def answer_hand_over(
    request: Request, caller: AnyCaller, match_id: MatchId, body: HandOverAnswer
) -> ViewAnswer:
    """Accept or return what a colleague asks; who accepts sees whom to call."""
    hub = hub_of(request)
    with hub.disclosing(caller) as work:
        view = handing.answer_hand_over(
            work, match_id, HandOverState(body.answer), working_days=hub.settings.term_working_days
        )
    return ViewAnswer.of(view or viewing.View(match_id, None, ()))


@follow_ups.post("/matches/{matchId}/consults", summary="Ask a colleague", operation_id="consultColleague")
def consult_colleague(
    request: Request, caller: AnyCaller, match_id: MatchId, body: Consultation
) -> ConsultAnswer:
    """Let one named colleague look at the match for some days; each look is recorded."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        until = viewing.consult(
            work,
            match_id,
            body.colleague,
            lasts=timedelta(days=body.days),
            working_days=hub.settings.term_working_days,
        )
    return ConsultAnswer(match_id=match_id, colleague=body.colleague, until=wire_time(until))


@follow_ups.post("/matches/{matchId}/follow-up", summary="Say how it goes", operation_id="recordFollowUp")
def record_follow_up(
    request: Request, caller: AnyCaller, match_id: MatchId, body: ProgressReport
) -> OwnedAnswer:
    """Write who leads, since when parties are aligned, and when somebody spoke: dates and ids only."""
    with hub_of(request).database.work(caller) as work:
        return OwnedAnswer.of(owning.record_progress(work, match_id, body.progress))


@follow_ups.post("/matches/{matchId}/assignment", summary="Assign a match", operation_id="assignMatch")
def assign_match(
    request: Request, caller: AnyCaller, match_id: MatchId, body: Assignment
) -> AssignmentAnswer:
    """Ask a member of the team by name to take it up: for its lead, and for who watches over follow-up."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        handing.assign_to(work, match_id, body.staff_id, working_days=hub.settings.term_working_days)
    return AssignmentAnswer(match_id=match_id, staff_id=body.staff_id)


@follow_ups.get("/follow-ups", summary="List how far matches are", operation_id="listFollowUps")
def list_follow_ups(request: Request, caller: AnyCaller) -> FollowUpsAnswer:
    """Return numbers, dates and states for who watches over the follow-up; nothing about anybody."""
    with hub_of(request).disclosing(caller) as work:
        return FollowUpsAnswer.of(orphans.list_follow_ups(work))


@follow_ups.get("/orphans", summary="List matches without an owner", operation_id="listOrphans")
def list_orphans(request: Request, caller: AnyCaller) -> FollowUpsAnswer:
    """Return the open matches that nobody owns who may; empty unless a team has nobody left."""
    with hub_of(request).disclosing(caller) as work:
        return FollowUpsAnswer.of(orphans.list_orphans(work))


router = APIRouter()
router.include_router(notices)
router.include_router(follow_ups)
