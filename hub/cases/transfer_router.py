"""Transfers of cases over HTTP, for the staff of municipal teams."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import Field

from hub.cases import transferring
from hub.cases.transferring import ReturnReason, Transfer, TransferReason
from hub.context import hub_of
from service.clock import wire_time
from service.http import AnyCaller, WireModel

router = APIRouter(tags=["cases"])
TransferId = Annotated[UUID, Path(alias="transferId")]


class NewTransfer(WireModel):
    """Where the person lives now (CBS), and why another team answers."""

    municipality: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    reason: Literal["moved", "care_ended", "came_of_age"]


class TransferAcceptance(WireModel):
    """An acceptance says nothing more."""


class TransferReturn(WireModel):
    """Why the case is not taken over."""

    reason: Literal["not_resident", "not_reached"]


class TransferCompletion(WireModel):
    """The case that the new team registered of the same person."""

    case_id: UUID


class TransferOut(WireModel):
    """That somebody moved; whom to call only for who took it on."""

    transfer_id: UUID
    state: str
    municipality: str
    offered_at: str
    sender: str
    bracket: str | None
    contact: str | None


class TransfersOut(WireModel):
    """What waits for the caller's teams."""

    transfers: list[TransferOut]


@router.post("/cases/{caseId}/transfer", summary="Hand a case over", operation_id="offerTransfer")
def offer_transfer(
    request: Request, caller: AnyCaller, case_id: Annotated[UUID, Path(alias="caseId")], body: NewTransfer
) -> TransferOut:
    """Tell who answers from now on that somebody is theirs; the case stays until it is done."""
    with hub_of(request).database.work(caller) as work:
        reason = TransferReason(body.reason)
        return _answer(transferring.offer_transfer(work, case_id, body.municipality, reason))


@router.get("/case-transfers", summary="See who moved here", operation_id="listTransfers")
def list_transfers(request: Request, caller: AnyCaller) -> TransfersOut:
    """Return that somebody moved here, since when, and from which organisation; nothing of whom."""
    with hub_of(request).disclosing(caller) as work:
        return TransfersOut(transfers=[_answer(one) for one in transferring.list_transfers(work)])


@router.post(
    "/case-transfers/{transferId}/acceptance", summary="Take a transfer on", operation_id="acceptTransfer"
)
def accept_transfer(
    request: Request, caller: AnyCaller, transfer_id: TransferId, _body: TransferAcceptance
) -> TransferOut:
    """Take a transfer on, and learn whom to call."""
    with hub_of(request).disclosing(caller) as work:
        return _answer(transferring.accept_transfer(work, transfer_id))


@router.post(
    "/case-transfers/{transferId}/return", summary="Give a transfer back", operation_id="returnTransfer"
)
def return_transfer(
    request: Request, caller: AnyCaller, transfer_id: TransferId, body: TransferReturn
) -> TransferOut:
    """Give a transfer back with a reason; the old municipality is responsible as before."""
    with hub_of(request).database.work(caller) as work:
        return _answer(transferring.return_transfer(work, transfer_id, ReturnReason(body.reason)))


@router.post(
    "/case-transfers/{transferId}/completion", summary="Complete a transfer", operation_id="completeTransfer"
)
def complete_transfer(
    request: Request, caller: AnyCaller, transfer_id: TransferId, body: TransferCompletion
) -> TransferOut:
    """Close the old case, now that the new team has registered the person itself."""
    with hub_of(request).database.work(caller) as work:
        return _answer(transferring.complete_transfer(work, transfer_id, body.case_id))


def _answer(one: Transfer) -> TransferOut:
    return TransferOut(
        transfer_id=one.id,
        state=one.state.value,
        municipality=one.municipality,
        offered_at=wire_time(one.offered_at),
        sender=one.sender,
        bracket=one.bracket,
        contact=one.contact,
    )
