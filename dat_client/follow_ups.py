"""What an owner does with a match: look, give back, hand over, ask a colleague."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from dat_client.answers import Answer, OwnMatch, ViewedMatch, read_answer
from dat_client.connection import Connection

Refusal = Literal["other_expertise", "no_capacity", "conflict_of_interest", "other_team", "other_person"]
Verified = Literal["with_person", "with_reporter", "own_file"]
FeedbackCode = Literal["taken_up", "in_contact", "closed", "joint_consideration"]
OfferAnswer = Literal["accepted", "returned"]
Effect = Literal["more_insight", "earlier", "adjusted", "none"]


class Feedback(Answer):
    """What became of one of the own signals: a code, and days."""

    signal_id: UUID
    code: str
    given_date: date
    joint_consideration_date: date | None = None


class FollowUpActs(Connection):
    """The matches that are the caller's."""

    def own_matches(self) -> list[OwnMatch]:
        """Give what the caller owns, longest waiting first."""
        return list(self.list_pages("/matches", "matches", OwnMatch))

    def view_match(self, match_id: UUID) -> ViewedMatch:
        """Look at a match: whom to call, with which handle; the hub records each look."""
        return self._viewed(match_id, "view", {})

    def refuse_match(self, match_id: UUID, *, reason: Refusal) -> None:
        """Give a match back to the queue of its team."""
        self.hub.post(f"/matches/{match_id}/refusal", {"reason": reason})

    def retract_match(self, match_id: UUID, *, verified: Verified) -> None:
        """Say that a match is of two persons after all: it ends, and whoever was told hears that.

        Raises:
            HubError: Both have one service number: give it back as `other_person`, and a team lead looks.
        """
        self.hub.post(f"/matches/{match_id}/retraction", {"verified": verified})

    def record_follow_up(
        self,
        match_id: UUID,
        *,
        lead: UUID | Literal["subject"] | None = None,
        aligned: date | None = None,
        contacted: date | None = None,
        weighed: date | None = None,
        effect: Effect | None = None,
    ) -> OwnMatch:
        """Say who leads, since when parties are aligned, when somebody spoke, and what it brought."""
        said = {
            "caseLead": lead and str(lead),
            "alignedDate": aligned and aligned.isoformat(),
            "contactedDate": contacted and contacted.isoformat(),
            "jointConsiderationDate": weighed and weighed.isoformat(),
            "effect": effect,
        }
        body = {name: value for name, value in said.items() if value is not None}
        return read_answer(OwnMatch, self.hub.post(f"/matches/{match_id}/follow-up", body))

    def hand_over(self, match_id: UUID, *, colleague: UUID) -> None:
        """Ask a colleague to take a match over; it stays the caller's until they accept."""
        self.hub.post(f"/matches/{match_id}/hand-over", {"colleague": str(colleague)})

    def answer_hand_over(self, match_id: UUID, *, answer: OfferAnswer) -> ViewedMatch:
        """Accept or return what a colleague asks."""
        return self._viewed(match_id, "hand-over-answer", {"answer": answer})

    def give_feedback(self, match_id: UUID, *, code: FeedbackCode) -> bool:
        """Let the sender hear a code; tells whether the person's consents allow it."""
        return bool(self.hub.post(f"/matches/{match_id}/feedback", {"code": code})["told"])

    def list_feedback(self) -> list[Feedback]:
        """Give what became of the own signals, as far as it may be told."""
        return list(self.list_pages("/feedback-items", "feedbackItems", Feedback))

    def consult(self, match_id: UUID, *, colleague: UUID, days: int) -> None:
        """Let one colleague look at a match for some days."""
        self.hub.post(f"/matches/{match_id}/consults", {"colleague": str(colleague), "days": days})

    def _viewed(self, match_id: UUID, act: str, body: dict[str, object]) -> ViewedMatch:
        return read_answer(ViewedMatch, self.hub.post(f"/matches/{match_id}/{act}", body))
