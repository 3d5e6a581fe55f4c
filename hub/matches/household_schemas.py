"""Households on the wire: numbers, dates and counts, and nobody's name."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from hub.matches.leading import Household
from hub.matches.schemas import Moment
from service.clock import wire_time
from service.http import WireModel


class LeadNaming(WireModel):
    """Who leads for a household, as its start meeting decided."""

    staff_id: UUID


class LeadOffer(WireModel):
    """Whom the lead asks to lead from now on."""

    colleague: UUID


class LeadAnswer(WireModel):
    """What the colleague says."""

    answer: Literal["accepted", "returned"]


class HouseholdAnswer(WireModel):
    """A household: who leads, which of its matches are the caller's, and how many there are.

    `asked`: the lead asks the caller to lead from now on.
    """

    household_id: UUID
    since: Moment
    lead: UUID | None
    own_matches: list[UUID]
    matches: int
    partners: int
    asked: bool

    @classmethod
    def of(cls, one: Household) -> HouseholdAnswer:
        """Write it as it goes over the wire."""
        return cls(
            household_id=one.id,
            since=wire_time(one.since),
            lead=one.lead,
            own_matches=list(one.own),
            matches=one.matches,
            partners=one.partners,
            asked=one.asked,
        )


class HouseholdsAnswer(WireModel):
    """The households in which the caller has part, oldest first."""

    households: list[HouseholdAnswer]


class LeadState(WireModel):
    """Who leads for a household now, as far as the act decided that."""

    household_id: UUID
    lead: UUID | None
