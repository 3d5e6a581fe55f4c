"""The inbox, the team's intake and its possible matches over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request

from hub.context import hub_of
from hub.matches import service
from hub.matches.errors import IntakeTakenError
from hub.matches.schemas import (
    AcceptedAnswer,
    HandleAnswer,
    IntakeAcceptance,
    IntakeItemAnswer,
    IntakeItemsAnswer,
    JudgedAnswer,
    PossibleDecision,
    PossibleMatchAnswer,
    PossibleMatchesAnswer,
)
from hub.notices.schemas import NoticeAnswer, NoticesAnswer
from service.clock import wire_time
from service.http import AnyCaller

inbox = APIRouter(tags=["notices"])
team = APIRouter(tags=["matches"])


@inbox.get("/notices", summary="List your notices", operation_id="listNotices")
def list_notices(
    request: Request,
    caller: AnyCaller,
    *,
    cursor: UUID | None = None,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=200)] = 100,
    state: Literal["open", "all"] = "open",
) -> NoticesAnswer:
    """Return a page of the caller's own inbox; `open` is what waits for an answer."""
    hub = hub_of(request)
    with hub.disclosing(caller, otherwise=service.take_back_shown) as work:
        notices, following = service.list_notices(
            work,
            cursor=cursor,
            page_size=page_size,
            only_new=state == "open",
            working_days=hub.settings.term_working_days,
        )
    return NoticesAnswer(notices=[NoticeAnswer.of(notice) for notice in notices], next_cursor=following)


@team.get("/intake-items", summary="List what waits for your team", operation_id="listIntakeItems")
def list_intake_items(request: Request, caller: AnyCaller) -> IntakeItemsAnswer:
    """Return matches without a case, and matches that nobody took up in time; longest waiting first."""
    with hub_of(request).disclosing(caller) as work:
        items = service.list_intake(work)
    return IntakeItemsAnswer(
        items=[
            IntakeItemAnswer.model_validate({**asdict(item), "waiting_since": wire_time(item.waiting_since)})
            for item in items
        ]
    )


@team.post(
    "/intake-items/{itemId}/acceptance", summary="Take an intake item", operation_id="acceptIntakeItem"
)
def accept_intake_item(
    request: Request,
    caller: AnyCaller,
    item_id: Annotated[UUID, Path(alias="itemId")],
    _body: IntakeAcceptance,
) -> AcceptedAnswer:
    """Take an item; whoever is first sees, at the level allowed, which reporter to call with which number."""
    hub = hub_of(request)
    with hub.disclosing(caller) as work:
        accepted = service.accept_intake(work, item_id, working_days=hub.settings.term_working_days)
    if accepted is None:
        raise IntakeTakenError
    return AcceptedAnswer(
        item_id=accepted.item_id,
        case_id=accepted.case_id,
        handles=[HandleAnswer(**asdict(handle)) for handle in accepted.handles],
    )


@team.get(
    "/possible-matches", summary="List your team's possible matches", operation_id="listPossibleMatches"
)
def list_possible_matches(request: Request, caller: AnyCaller) -> PossibleMatchesAnswer:
    """Return what waits for a team lead's judgement; nothing in it identifies anybody."""
    with hub_of(request).disclosing(caller) as work:
        found = service.list_possible(work)
    return PossibleMatchesAnswer(
        possible_matches=[
            PossibleMatchAnswer.model_validate({**asdict(one), "waiting_since": wire_time(one.waiting_since)})
            for one in found
        ]
    )


@team.post(
    "/possible-matches/{matchId}/decision",
    summary="Confirm or reject a possible match",
    operation_id="decidePossibleMatch",
)
def decide_possible_match(
    request: Request,
    caller: AnyCaller,
    match_id: Annotated[UUID, Path(alias="matchId")],
    body: PossibleDecision,
) -> JudgedAnswer:
    """Say whether two registrations are one person; until then nobody is told."""
    hub = hub_of(request)
    with hub.database.work(caller) as work:
        service.decide_possible(work, match_id, body.decision, working_days=hub.settings.term_working_days)
    return JudgedAnswer(match_id=match_id, state=body.decision)


router = APIRouter()
router.include_router(inbox)
router.include_router(team)
