"""The holder as a witness over HTTP: plain text, as the protocol has it, and no caller but a signed head.

Source: C2SP tlog-witness.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from keys.holder import witnessing
from keys.holder.opening import Holder, holder_of
from ledger.note import MAX_NOTE_BYTES
from ledger.witnessing import NotCosignedError, Refusal
from service.errors import MissingError
from service.work import SYSTEM

router = APIRouter(prefix="/witness")
MAX_BODY = MAX_NOTE_BYTES + 64 * 45  # bytes: a note behind as many hashes as a proof may have
SIZE_TYPE = "text/x.tlog.size"


@router.post("/add-checkpoint")
async def add_checkpoint(request: Request) -> Response:
    """Cosign a head that continues what was seen; the answer says nothing else."""
    body = await request.body()
    return await run_in_threadpool(_cosign, holder_of(request), body)


@router.get("/{originHash}/checkpoint")
def get_checkpoint(
    request: Request, origin_hash: Annotated[str, Path(alias="originHash", pattern="^[0-9a-f]{64}$")]
) -> Response:
    """Give the last head that was cosigned, with the cosignatures."""
    with holder_of(request).database.look(SYSTEM) as work:
        note = witnessing.find_checkpoint(work, origin_hash)
    if note is None:
        raise MissingError
    return PlainTextResponse(note)


def _cosign(holder: Holder, body: bytes) -> Response:
    try:
        if len(body) > MAX_BODY:
            raise NotCosignedError(Refusal.MALFORMED)
        with holder.database.work(SYSTEM) as work:
            lines = witnessing.cosign(work, holder.cosigner, body.decode())
    except UnicodeDecodeError:
        return PlainTextResponse("", status_code=Refusal.MALFORMED)
    except NotCosignedError as error:
        if error.refusal is Refusal.OTHER_SIZE:
            return Response(f"{error.seen}\n", status_code=error.refusal, media_type=SIZE_TYPE)
        return PlainTextResponse("", status_code=error.refusal)
    return PlainTextResponse(lines)
