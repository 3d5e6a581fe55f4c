"""Hand a case to who answers from now on, after a move or a birthday, and take one over."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from dat_client.answers import Answer, read_answer
from dat_client.connection import Connection

TransferReason = Literal["moved", "care_ended", "came_of_age"]
ReturnReason = Literal["not_resident", "not_reached"]


class Transfer(Answer):
    """That somebody exists who is another team's now; whom to call only for who took it on."""

    transfer_id: UUID
    state: str
    municipality: str
    offered_at: datetime
    sender: str
    bracket: str | None = None
    contact: str | None = None


class TransferActs(Connection):
    """Cases that change hands."""

    def offer_transfer(self, case_id: UUID, *, municipality: str, reason: TransferReason) -> Transfer:
        """Hand a case to who answers in a municipality; it stays the own one until it is completed."""
        body = {"municipality": municipality, "reason": reason}
        return read_answer(Transfer, self.hub.post(f"/cases/{case_id}/transfer", body))

    def list_transfers(self) -> list[Transfer]:
        """Give what waits for the own teams: that somebody is theirs now, and nothing of whom."""
        return list(self.list_pages("/case-transfers", "transfers", Transfer))

    def accept_transfer(self, transfer_id: UUID) -> Transfer:
        """Take one on: whom to call."""
        return read_answer(Transfer, self.hub.post(f"/case-transfers/{transfer_id}/acceptance", {}))

    def return_transfer(self, transfer_id: UUID, *, reason: ReturnReason) -> Transfer:
        """Give one back; the other team answers as before."""
        body = {"reason": reason}
        return read_answer(Transfer, self.hub.post(f"/case-transfers/{transfer_id}/return", body))

    def complete_transfer(self, transfer_id: UUID, *, case_id: UUID) -> Transfer:
        """Close the old case, now that the person is registered here."""
        body = {"caseId": str(case_id)}
        return read_answer(Transfer, self.hub.post(f"/case-transfers/{transfer_id}/completion", body))
