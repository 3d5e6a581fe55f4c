"""The hub over HTTP: every slice's router under /api/v1."""

from __future__ import annotations

from functools import cache, partial
from threading import Lock

from fastapi import APIRouter, FastAPI
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from hub.alarms.router import router as alarms
from hub.approving import EFFECTS
from hub.arrangements.router import router as arrangements
from hub.audit.malformed import MalformedMeter
from hub.cases.router import router as cases
from hub.cases.transfer_router import router as transfers
from hub.changes.router import router as changes
from hub.consent.policy_router import router as policy
from hub.consent.router import router as consent
from hub.context import Hub
from hub.custody import describe_data_keys, warn_when_not_separated
from hub.households.router import router as addresses
from hub.informing.override_router import router as overrides
from hub.informing.router import router as informing
from hub.informing.text_router import router as texts
from hub.logbook.router import router as logbook
from hub.matches.feedback_router import router as feedback
from hub.matches.follow_up_router import router as follow_ups
from hub.matches.household_router import router as households
from hub.matches.inquiry_router import router as inquiries
from hub.matches.router import router as matches
from hub.onboarding.router import router as onboarding
from hub.opening import open_hub
from hub.partners.authentication import authenticator_of, token_service_of
from hub.questions.own_router import router as own
from hub.questions.router import router as questions
from hub.renewing.router import router as renewing
from hub.retaining.router import router as retention
from hub.rights.clocks_router import router as clocks
from hub.rights.objections_router import router as objections
from hub.rights.router import router as rights
from hub.settings import HubSettings
from hub.signals.archive_router import router as archive
from hub.signals.router import posting
from hub.signals.router import router as signals
from hub.statistics.router import router as statistics
from hub.teams.router import router as teams
from hub.web.app import beside
from service import logging
from service.http import create_api, create_service
from service.oauth.failures import settle_in_background
from service.oauth.router import token_router
from service.openapi import openapi_document

VERSION = "0.1.0"
BASE = "/api/v1"
DESCRIPTION = (
    "Contact signals (DAT-informatie: that there was contact, never what about) between partners and the "
    "casemanager of a municipality. Every call carries a DPoP-bound access token from `/token`."
)


def create_hub_api(hub: Hub | None = None) -> FastAPI:
    """Return the API; without a hub only its document can be asked for."""
    api = create_api(
        title="DAT-hub", version=VERSION, description=DESCRIPTION, server=f"https://hub.dat.example{BASE}"
    )
    if hub is not None:
        api.state.hub = hub
        api.state.effects = EFFECTS
        api.state.authenticator = authenticator_of(hub)
        api.state.tokens = token_service_of(hub)
    api.include_router(token_router())
    for router in (
        signals,
        archive,
        informing,
        overrides,
        texts,
        cases,
        transfers,
        matches,
        follow_ups,
        households,
        inquiries,
        addresses,
        feedback,
        teams,
        onboarding,
        consent,
        policy,
        changes,
        arrangements,
        objections,
        rights,
        clocks,
        renewing,
        own,
        retention,
        questions,
        alarms,
        statistics,
        logbook,
    ):
        api.include_router(router)
    api.include_router(_document_router(api))
    return api


def create_app(settings: HubSettings | None = None) -> ASGIApp:
    """Return the hub as an ASGI application, ready to serve; what granian calls in each worker process."""
    settings = settings or HubSettings()
    # In every worker process: without it, a line could hold more than the keys that are allowed.
    logging.configure("hub", level=settings.log_level)
    hub = open_hub(settings)
    warn_when_not_separated(settings)
    api, malformed = create_hub_api(hub), MalformedMeter(hub.database)
    settle_in_background([malformed.meter, api.state.tokens.failures])
    return _behind_front(hub, api, malformed)


def serve_hub(hub: Hub) -> ASGIApp:
    """Put an opened hub behind its front."""
    return _behind_front(hub, create_hub_api(hub), MalformedMeter(hub.database))


def _behind_front(hub: Hub, api: FastAPI, malformed: MalformedMeter) -> ASGIApp:
    service = create_service(
        api=api,
        base=BASE,
        version=VERSION,
        is_ready=partial(_ready, hub),
        plain=posting.routes,
        on_malformed=malformed,
        form_paths=[f"{BASE}/token"],
    )
    return beside(service, hub)


def _ready(hub: Hub) -> dict[str, str]:
    hub.database.require_safe()
    return {**hub.cover.describe(hub.database), **describe_data_keys(hub.settings)}


def _document_router(api: FastAPI) -> APIRouter:
    # Once, and one at a time: anybody may ask for it, and to make it takes more than a second.
    router, making = APIRouter(), Lock()

    @cache
    def document() -> bytes:
        return bytes(JSONResponse(openapi_document(api)).body)

    @router.get("/openapi.json", summary="This document", tags=["about"], openapi_extra={"x-public": True})
    def openapi() -> Response:
        headers = {"Access-Control-Allow-Origin": "*"}
        with making:
            return Response(document(), headers=headers, media_type="application/json")

    return router
