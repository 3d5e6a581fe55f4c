"""Households as those see them who have part in one: numbers, dates and counts, and nobody's name."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from dat_client.answers import Answer, read_answer
from dat_client.connection import Connection

LeadAnswer = Literal["accepted", "returned"]


class Household(Answer):
    """A household: who leads, what of it is the caller's, and whether the caller is asked to lead."""

    household_id: UUID
    since: datetime
    lead: UUID | None = None
    own_matches: tuple[UUID, ...] = ()
    matches: int = 0
    partners: int = 0
    asked: bool = False


class Lead(Answer):
    """Who leads for a household now, as far as the act decided that."""

    household_id: UUID
    lead: UUID | None = None


class HouseholdActs(Connection):
    """One household, one plan, one lead."""

    def list_households(self) -> list[Household]:
        """Give the households in which the caller has part, oldest first."""
        return list(self.list_pages("/households", "households", Household))

    def name_lead(self, household_id: UUID, *, staff_id: UUID) -> Lead:
        """Have somebody lead, as the start meeting decided: exactly one."""
        return self._lead(household_id, "lead", {"staffId": str(staff_id)})

    def offer_lead(self, household_id: UUID, *, colleague: UUID) -> Lead:
        """Ask a colleague to lead from now on; the caller leads until they accept."""
        return self._lead(household_id, "lead-offer", {"colleague": str(colleague)})

    def answer_lead(self, household_id: UUID, *, answer: LeadAnswer) -> Lead:
        """Accept or return the lead that a colleague asks the caller to take."""
        return self._lead(household_id, "lead-answer", {"answer": answer})

    def _lead(self, household_id: UUID, act: str, body: dict[str, object]) -> Lead:
        return read_answer(Lead, self.hub.post(f"/households/{household_id}/{act}", body))
