"""The key holder over HTTP, under /v1."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI, Request
from starlette.types import ASGIApp

from keys.holder import credentials
from keys.holder.custody import load_shares, signer
from keys.holder.errors import InvalidElementError
from keys.holder.models import LOG
from keys.holder.opening import open_database, require_tables
from keys.holder.quota import Claim
from keys.holder.schemas import EvaluationAnswer, EvaluationRequest, ManifestAnswer
from keys.holder.service import KeyShares, account, evaluate_blinded
from keys.holder.settings import HolderSettings
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.errors import EncodingError
from ledger.note import Signer
from service import logging
from service.database import Database
from service.errors import MissingError
from service.eventlog.appending import sequence_pending
from service.grouping import GroupCommitter
from service.http import AnyCaller, create_api, create_service
from service.keystore import FileKeyStore
from service.oauth.router import token_router
from service.work import SYSTEM

VERSION = "0.1.0"
SEQUENCE_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Holder:
    """One key holder, opened."""

    settings: HolderSettings
    database: Database
    shares: KeyShares
    signer: Signer
    committer: GroupCommitter[Claim, None]


def open_holder(settings: HolderSettings) -> Holder:
    """Open store and keys, or refuse to start.

    Raises:
        UnsafeSettingsError: names what is unsafe and the command that mends it.
    """
    database = open_database(settings)
    database.require_safe()
    require_tables(database)
    keys = FileKeyStore(settings.keys)
    own_signer = signer(keys, settings.name)
    committer: GroupCommitter[Claim, None] = GroupCommitter(database, account)
    return Holder(settings, database, load_shares(keys), own_signer, committer)


def create_holder_api(holder: Holder) -> FastAPI:
    """Return the API of a holder."""
    api = create_api(
        title="DAT-hub key holder",
        version=VERSION,
        description="Evaluates blinded tokens without learning who it is about.",
        server=f"https://holder.dat.example{credentials.BASE}",
        openapi_url=None,
    )
    mint = credentials.mint_of(holder.settings, FileKeyStore(holder.settings.keys))
    api.state.holder = holder
    api.state.authenticator = credentials.authenticator(holder.database, mint)
    tokens = credentials.token_service(holder.database, mint)
    api.include_router(token_router(lambda _request: tokens))
    api.include_router(_router())
    return api


def create_app(settings: HolderSettings | None = None) -> ASGIApp:
    """Return the holder as an ASGI application; what granian calls in each worker process."""
    settings = settings or HolderSettings()
    logging.configure("holder", level=settings.log_level)
    holder = open_holder(settings)
    threading.Thread(target=_sequence_for_ever, args=(holder,), name="sequencer", daemon=True).start()
    return create_service(
        api=create_holder_api(holder),
        base=credentials.BASE,
        version=VERSION,
        is_ready=holder.database.require_safe,
        form_paths=[f"{credentials.BASE}/token"],
    )


def _router() -> APIRouter:
    router = APIRouter()

    @router.post("/evaluations")
    def create_evaluation(request: Request, caller: AnyCaller, body: EvaluationRequest) -> EvaluationAnswer:
        holder: Holder = request.app.state.holder
        claim = Claim(caller, body.scheme, body.reporter, len(body.elements), body.request_id, body.purpose)
        try:
            blinded = [unb64u(element) for element in body.elements]
        except EncodingError:
            raise InvalidElementError(places=("/elements",)) from None
        done = evaluate_blinded(holder.committer, holder.shares, claim, epoch=body.epoch, blinded=blinded)
        return EvaluationAnswer(
            elements=[b64u(element) for element in done.elements],
            proofs=[b64u(proof) for proof in done.proofs],
        )

    @router.get("/manifest")
    def get_manifest(request: Request) -> ManifestAnswer:
        path = request.app.state.holder.settings.manifest
        if not path.exists():
            raise MissingError
        return ManifestAnswer(manifest=path.read_text().strip())

    return router


def _sequence_for_ever(holder: Holder) -> None:
    pause = threading.Event()
    while not pause.wait(SEQUENCE_EVERY):
        try:
            with holder.database.work(SYSTEM) as work:
                sequence_pending(work, LOG, holder.signer)
        except Exception as error:
            logging.log.error("chore_failed", job="sequence", error=type(error).__name__)
