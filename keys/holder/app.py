"""The key holder over HTTP, under /v1."""

from __future__ import annotations

import threading

from fastapi import FastAPI
from starlette.types import ASGIApp

from keys.holder import credentials
from keys.holder.chores import run_chores
from keys.holder.datakeys.router import router as data_keys
from keys.holder.opening import Holder, open_holder
from keys.holder.router import evaluating, router
from keys.holder.settings import HolderSettings
from keys.holder.witness_router import router as witness_router
from service import logging
from service.http import create_api, create_service
from service.keystore import FileKeyStore
from service.oauth.failures import settle_in_background
from service.oauth.router import token_router
from service.work import SYSTEM

VERSION = "0.1.0"


def create_holder_api(holder: Holder) -> FastAPI:
    """Return the API of a holder."""
    api = create_api(
        title="DAT-hub key holder",
        version=VERSION,
        description="Evaluates blinded tokens without learning who it is about.",
        server=f"https://holder.dat.example{credentials.BASE}",
    )
    mint = credentials.mint_of(holder.settings, FileKeyStore(holder.settings.keys))
    api.state.holder = holder
    api.state.authenticator = credentials.authenticator(holder.database, mint)
    api.state.tokens = credentials.token_service(holder.database, mint)
    api.include_router(token_router())
    api.include_router(router)
    api.include_router(witness_router)
    api.include_router(data_keys)
    return api


def create_app(settings: HolderSettings | None = None) -> ASGIApp:
    """Return the holder as an ASGI application; what granian calls in each worker process."""
    settings = settings or HolderSettings()
    logging.configure("holder", level=settings.log_level)
    holder = open_holder(settings)
    api = create_holder_api(holder)
    service = _behind_front(holder, api)
    settle_in_background([api.state.tokens.failures])
    threading.Thread(target=run_chores, args=(holder,), name="chores", daemon=True).start()
    return service


def create_holder_service(holder: Holder) -> ASGIApp:
    """Return an opened holder as an ASGI application, without its chores."""
    return _behind_front(holder, create_holder_api(holder))


def _behind_front(holder: Holder, api: FastAPI) -> ASGIApp:
    def require_ready() -> None:
        with holder.database.look(SYSTEM):
            holder.database.require_safe()

    return create_service(
        api=api,
        base=credentials.BASE,
        version=VERSION,
        is_ready=require_ready,
        plain=evaluating.routes,
        form_paths=[f"{credentials.BASE}/token"],
        text_paths=[f"{credentials.BASE}/witness/add-checkpoint"],
    )
