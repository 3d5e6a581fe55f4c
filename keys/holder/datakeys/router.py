"""Three resources for the hub alone: batches, releases and destructions of data keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from keys.holder.datakeys import counting, service
from keys.holder.datakeys.schemas import (
    MOST_IDS,
    BatchAnswer,
    BatchRequest,
    CountAnswer,
    CountRequest,
    CountsAnswer,
    DestructionAnswer,
    DestructionRequest,
    ReceiptAnswer,
    ReleaseAnswer,
    ReleasedKey,
    ReleaseRequest,
)
from keys.holder.opening import holder_of
from keys.protocol.encoding import b64u
from service.http import AnyCaller

router = APIRouter()
Since = Annotated[str, Query(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
After = Annotated[str, Query(pattern="^[0-9a-f]{32}$")]


@router.post("/data-key-batches")
def create_batch(request: Request, caller: AnyCaller, _body: BatchRequest) -> BatchAnswer:
    """Give a hub fresh data keys, and keep them."""
    holder = holder_of(request)
    with holder.database.work(caller) as work:
        batch_id, root = service.issue(work, holder.data_keys)
    return BatchAnswer(batch_id=batch_id.hex(), root=b64u(root))


@router.post("/data-key-releases")
def create_release(request: Request, caller: AnyCaller, body: ReleaseRequest) -> ReleaseAnswer:
    """Give data keys back, for a purpose."""
    holder, ids = holder_of(request), {bytes.fromhex(one) for one in body.key_ids}
    with holder.database.work(caller) as work:
        found = service.release(work, holder.data_keys, ids, purpose=body.purpose)
    keys = [ReleasedKey(key_id=id_.hex(), secret=b64u(secret)) for id_, secret in found.items()]
    return ReleaseAnswer(keys=keys)


@router.get("/data-key-destructions")
def list_destructions(
    request: Request, caller: AnyCaller, since: Since, after: After = "0" * 32
) -> DestructionAnswer:
    """Repeat the receipts since a moment; a page, and with the last of it the next is asked for."""
    holder = holder_of(request)
    with holder.database.work(caller) as work:
        receipts = service.list_destroyed(
            work, holder.data_keys, since=since, after=bytes.fromhex(after), limit=MOST_IDS
        )
    return DestructionAnswer(receipts=[ReceiptAnswer.of(receipt) for receipt in receipts])


@router.post("/evaluation-counts")
def count_evaluations(request: Request, caller: AnyCaller, body: CountRequest) -> CountsAnswer:
    """Say, from this holder's ledger, how much each organisation had evaluated in an hour; to a hub alone."""
    with holder_of(request).database.work(caller) as work:
        found = counting.count_evaluations(work, body.hour)
    return CountsAnswer(
        counts=[CountAnswer(organisation_id=id_, elements=count) for id_, count in sorted(found.items())]
    )


@router.post("/data-key-destructions")
def create_destruction(request: Request, caller: AnyCaller, body: DestructionRequest) -> DestructionAnswer:
    """Destroy data keys for good, and sign for each."""
    holder, ids = holder_of(request), list(dict.fromkeys(bytes.fromhex(one) for one in body.key_ids))
    with holder.database.work(caller) as work:
        receipts = service.destroy(work, holder.data_keys, ids)
    return DestructionAnswer(receipts=[ReceiptAnswer.of(receipt) for receipt in receipts])
