"""Two resources: evaluations, and the manifest."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from keys.holder.errors import InvalidElementError
from keys.holder.opening import holder_of
from keys.holder.quota import Claim
from keys.holder.schemas import EvaluationAnswer, EvaluationRequest, ManifestAnswer
from keys.holder.service import evaluate_blinded
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.errors import EncodingError
from service.errors import MissingError
from service.http import authenticated
from service.plain import PlainRoute, json_answer, read_json

router = APIRouter()
evaluating = APIRouter(route_class=PlainRoute)


@evaluating.post("/evaluations")
async def create_evaluation(request: Request) -> Response:
    """Evaluate blinded tokens.

    Caller and body are read here, and the route is a plain one: what is done beside it costs half an
    evaluation.
    """
    holder, caller = holder_of(request), await authenticated(request)
    body = read_json(await request.body(), EvaluationRequest)
    claim = Claim(caller, body.scheme, body.reporter, len(body.elements), body.request_id, body.purpose)
    try:
        blinded = [unb64u(element) for element in body.elements]
    except EncodingError:
        raise InvalidElementError(places=("/elements",)) from None
    done = await evaluate_blinded(holder.committer, holder.shares, claim, epoch=body.epoch, blinded=blinded)
    answer = EvaluationAnswer(
        elements=[b64u(element) for element in done.elements],
        proofs=[b64u(proof) for proof in done.proofs],
    )
    return json_answer(answer)


router.include_router(evaluating)


@router.get("/manifest")
def get_manifest(request: Request) -> ManifestAnswer:
    """Give the manifest that partners check against the root they pinned."""
    path = holder_of(request).settings.manifest
    if not path.exists():
        raise MissingError
    return ManifestAnswer(manifest=path.read_text("ascii").strip())
