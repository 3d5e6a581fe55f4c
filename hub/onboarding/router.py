"""How far organisations are, over HTTP: all of them for who oversees, its own for an organisation."""

from __future__ import annotations

from fastapi import APIRouter, Request

from hub.context import hub_of
from hub.onboarding.schemas import OnboardingsOut, write_onboarding
from hub.onboarding.service import list_onboarding
from hub.partners.kinds import load_kinds
from service.http import AnyCaller

router = APIRouter(tags=["partners"])


@router.get("/onboardings", summary="See how far organisations are", operation_id="listOnboardings")
def list_onboardings(request: Request, caller: AnyCaller) -> OnboardingsOut:
    """Return which organisations take part, and what is not in order of each."""
    hub = hub_of(request)
    kinds = load_kinds(hub.settings.partner_kinds)
    with hub.database.look(caller) as work:
        found = list_onboarding(work, kinds=kinds, linkable_percent=hub.settings.linkable_percent)
    return OnboardingsOut(organisations=[write_onboarding(one) for one in found])
