"""Signals over HTTP: post one or many, see one's own, withdraw."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from hub.audit.proving import list_gaps, prove_leaf
from hub.context import Hub, hub_of
from hub.partners.errors import RoleNotAllowedError
from hub.signals import service
from hub.signals.posting import prepare_post
from hub.signals.receipts import write_receipt
from hub.signals.schemas import (
    UUID_PATTERN,
    AcceptedOut,
    BatchIn,
    BatchOut,
    ClosingOut,
    GapOut,
    GapsOut,
    ProofOut,
    ReceiptOut,
    RefusedOut,
    SignalIn,
    SignalOut,
    SignalsOut,
    WithdrawalIn,
)
from hub.signals.service import Outcome, Receipt, Signal, Submission, WithdrawalReason
from service.clock import dutch_date
from service.errors import DatError, InvalidError
from service.http import AnyCaller, authenticated
from service.plain import PlainRoute, json_answer, json_body, read_json
from service.work import Caller, Work

router = APIRouter(tags=["signals"])
posting = APIRouter(tags=["signals"], route_class=PlainRoute)

IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A UUID of the client's choice: the same key and body give the same receipt again.",
    "schema": {"type": "string", "pattern": UUID_PATTERN, "format": "uuid"},
}
# One at a time: two that compute in one process take half as much processor again, by waiting for each other.
_BATCHES = ThreadPoolExecutor(1, thread_name_prefix="batch")
LeafHash = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="As in the receipt.")]
SignalId = Annotated[str, Path(pattern=UUID_PATTERN, json_schema_extra={"format": "uuid"})]


@posting.post(
    "/signals",
    status_code=202,
    summary="Post one signal",
    response_model=ReceiptOut,
    openapi_extra={**json_body(SignalIn), "parameters": [IDEMPOTENCY_KEY]},
)
async def post_signal(request: Request) -> Response:
    """Take a signal; the answer says nothing of whether anybody else knows the person.

    Async on purpose: two hops to a thread and back, and a thread that waits for each commit, would cost more
    than the post itself. What is computed, the committer computes for a whole group.
    """
    hub, caller = hub_of(request), await authenticated(request)
    _require_organisation(caller)
    await hub.require_room()
    key, signal = _idempotency_key(request), read_json(await request.body(), SignalIn)
    post = partial(prepare_post, hub.subject_keys, caller, signal, idempotency_key=key)
    return json_answer(_receipt_out(await hub.committer.accept_async(post)), status=202)


@posting.post(
    "/signal-batches",
    status_code=202,
    summary="Post at most 1,000 signals",
    response_model=BatchOut,
    openapi_extra=json_body(BatchIn),
)
async def post_batch(request: Request) -> Response:
    """Take signals in one transaction; each is taken or refused on its own."""
    hub, caller = hub_of(request), await authenticated(request)
    _require_organisation(caller)
    await hub.require_room()
    body, loop = await request.body(), asyncio.get_running_loop()
    return json_answer(await loop.run_in_executor(_BATCHES, _take_batch, hub, caller, body), status=202)


router.include_router(posting)


@router.get("/signals", summary="List the own signals, newest first")
def list_signals(
    request: Request,
    caller: AnyCaller,
    cursor: Annotated[str | None, Query(max_length=32)] = None,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=200)] = 50,
    notice: Annotated[
        Literal["overdue"] | None, Query(description="Only those of which the person should have been told.")
    ] = None,
) -> SignalsOut:
    """Return a page of the calling organisation's signals."""
    with hub_of(request).database.look(caller) as work:
        signals, next_cursor = service.list_own(
            work, cursor=cursor, page_size=page_size, only_overdue=notice is not None
        )
        return SignalsOut(signals=_signals_out(work, signals), next_cursor=next_cursor)


@router.get("/signals/{signalId}", summary="See one of the own signals")
def get_signal(
    request: Request, caller: AnyCaller, signal_id: Annotated[SignalId, Path(alias="signalId")]
) -> SignalOut:
    """Return one of the calling organisation's signals."""
    with hub_of(request).database.look(caller) as work:
        return _signals_out(work, [service.get_own(work, UUID(signal_id))])[0]


@router.post("/signals/{signalId}/withdrawal", status_code=200, summary="Withdraw one of the own signals")
def withdraw_signal(
    request: Request,
    caller: AnyCaller,
    signal_id: Annotated[SignalId, Path(alias="signalId")],
    withdrawal: WithdrawalIn,
) -> SignalOut:
    """Withdraw a signal; what hung on it is voided and its recipients are told."""
    with hub_of(request).database.work(caller) as work:
        signal = service.withdraw(work, UUID(signal_id), WithdrawalReason(withdrawal.reason))
        return _signals_out(work, [signal])[0]


def _take_batch(hub: Hub, caller: Caller, body: bytes) -> BatchOut:
    signals, keys = read_json(body, BatchIn).signals, hub.subject_keys
    keys.data_keys.stock(len(signals))
    posts = [prepare_post(keys, caller, item, idempotency_key=UUID(item.idempotency_key)) for item in signals]
    with hub.database.work(caller) as work:
        outcomes = service.accept(work, posts, signer=hub.receipt_signer)
    return BatchOut(results=[_result(outcome) for outcome in outcomes])


def _idempotency_key(request: Request) -> UUID:
    key = request.headers.get("idempotency-key", "")
    if not re.fullmatch(UUID_PATTERN, key):
        raise InvalidError(places=("/idempotency-key",))
    return UUID(key)


@router.get("/receipts/{leafHash}/proof", summary="Prove that what was acknowledged stands in the log")
def get_proof(
    request: Request, caller: AnyCaller, leaf_hash: Annotated[LeafHash, Path(alias="leafHash")]
) -> ProofOut:
    """Give the inclusion proof of a leaf to whoever has its hash; it says nothing about anybody.

    A leaf that a receipt promises and that is not there was dropped: the receipt is the evidence.
    """
    hub = hub_of(request)
    hub.cover.require_covered(hub.database)
    with hub.database.look(caller) as work:
        found = prove_leaf(work, bytes.fromhex(leaf_hash))
    closings = [ClosingOut.of(one) for one in found.closings]
    return ProofOut(leaf_hash=leaf_hash, proof=found.proof.to_text(), closings=closings)


@router.get("/log-gaps", summary="Say what restores took from the log", operation_id="listLogGaps")
def list_log_gaps(request: Request, caller: AnyCaller) -> GapsOut:
    """Give each gap that the log itself tells, with its proof: what was acknowledged may have been in it."""
    hub = hub_of(request)
    hub.cover.require_covered(hub.database)
    with hub.database.look(caller) as work:
        found = list_gaps(work)
    return GapsOut(
        gaps=[
            GapOut(
                leaf=one.leaf.decode(),
                proof=one.proven.proof.to_text(),
                closings=[ClosingOut.of(closing) for closing in one.proven.closings],
                before=one.before,
            )
            for one in found
        ]
    )


def _require_organisation(caller: Caller) -> None:
    if caller.organisation_id is None:
        raise RoleNotAllowedError


def _receipt_out(receipt: Receipt) -> ReceiptOut:
    return ReceiptOut.model_validate(write_receipt(receipt))


def _result(outcome: Outcome) -> AcceptedOut | RefusedOut:
    if isinstance(outcome, DatError):
        return RefusedOut(code=outcome.code, title=outcome.title, places=list(outcome.places))
    return AcceptedOut(receipt=_receipt_out(outcome))


def _signals_out(work: Work, signals: Sequence[Signal]) -> list[SignalOut]:
    brought = service.find_submissions(work, [signal.id for signal in signals])
    return [_signal_out(work, signal, brought.get(signal.id)) for signal in signals]


def _signal_out(work: Work, signal: Signal, brought: Submission | None) -> SignalOut:
    notice = service.notice_standing(work, signal)
    return SignalOut(
        signal_id=str(signal.id),
        contact_date=signal.contact_on,
        kind=signal.kind,
        legal_basis=signal.legal_basis,
        reporter=str(signal.reporter_id),
        submitted_by=str(brought.staff_id) if brought else None,
        on_behalf_of=str(signal.organisation_id)
        if brought and brought.organisation_id != signal.organisation_id
        else None,
        state=signal.state.value,
        valid_until_date=dutch_date(signal.active_until) - timedelta(days=1),
        subject_notice=notice.state,
        notice_due_date=notice.due_on,
    )
