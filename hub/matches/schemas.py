"""Wire shapes of the intake and of possible matches."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from hub.matches.possible import Judgement
from service.http import WireModel

Moment = Annotated[str, Field(min_length=20, max_length=20)]


class IntakeItemAnswer(WireModel):
    """An item that waits for the team."""

    item_id: UUID
    waiting_since: Moment
    brackets: list[str]
    partners: list[str | None]
    police_origin: bool
    state: Literal["waiting", "accepted"]
    left: bool


class IntakeItemsAnswer(WireModel):
    """What waits for the team, longest first."""

    items: list[IntakeItemAnswer]


class IntakeAcceptance(WireModel):
    """Taking an item says nothing more."""


class HandleAnswer(WireModel):
    """Which reporter to call about which number."""

    signal_id: UUID
    partner: str | None
    reporter_contact: str | None
    police_origin: bool


class AcceptedAnswer(WireModel):
    """What whoever takes an item learns."""

    item_id: UUID
    case_id: UUID | None
    handles: list[HandleAnswer]


class PossibleMatchAnswer(WireModel):
    """Two registrations that may be one person."""

    match_id: UUID
    brackets: list[str]
    partner: str | None
    police_origin: bool
    waiting_since: Moment


class PossibleMatchesAnswer(WireModel):
    """What waits for a human of the team, longest first."""

    possible_matches: list[PossibleMatchAnswer]


class PossibleDecision(WireModel):
    """What a team lead says of it."""

    decision: Judgement


class JudgedAnswer(WireModel):
    """What was recorded; whether somebody is told now is not part of the answer."""

    match_id: UUID
    state: Judgement
