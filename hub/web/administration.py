"""The functional administrator's pages: who takes part, how mail goes, how the hub is; no person in it."""

from __future__ import annotations

from starlette.responses import Response

from hub.custody import describe_data_keys
from hub.health import read_health
from hub.notices.models import MailState
from hub.notices.outbox import PAGE, count_mails, list_mails, resend
from hub.onboarding.service import OVERSEERS, list_onboarding
from hub.onboarding.values import Onboarding
from hub.partners.kinds import load_kinds
from hub.partners.service import StaffRole
from hub.web.rendering import render
from hub.web.texts import mark
from hub.web.visiting import Page, Visit, go_to

ADMINISTRATOR = frozenset({StaffRole.FUNCTIONAL_ADMINISTRATOR})
MAILS = {"dead": mark("Given up"), "waiting": mark("To be tried again"), "delivered": mark("Sent")}
STATES = {
    "dead": [MailState.DEAD],
    "waiting": [MailState.WAITING, MailState.LEASED],
    "delivered": [MailState.DELIVERED],
}


def show_partners(visit: Visit) -> Response:
    """Show which organisations take part or join, and what is not in order of each."""
    settings = visit.hub.settings
    kinds = load_kinds(settings.partner_kinds)
    with visit.looking() as work:
        found = list_onboarding(work, kinds=kinds, linkable_percent=settings.linkable_percent)
    least = settings.linkable_percent
    asking = [one for one in found if _asks(one, least)]
    calm = [one for one in found if not _asks(one, least)]
    return render(visit, "partners.html", asking=asking, calm=calm, kinds=kinds, least=least)


def _asks(one: Onboarding, least: int) -> bool:
    """Tell whether an organisation asks for attention: it joins, or something is not in order of it."""
    if one.state == "ended":
        return False
    linked = one.measured is None or one.measured.percent >= least
    return one.state == "joining" or bool(one.missing) or not linked or one.trained[0] < one.trained[1]


def show_delivery(visit: Visit) -> Response:
    """Show what became of mails: those that were given up first."""
    view, page = visit.query("view", MAILS, "dead"), visit.query_number("page", at_most=1000)
    with visit.disclosing() as work:
        found, counts = list_mails(work, states=STATES[view], page=page), count_mails(work)
    following = page + 1 if len(found) > PAGE else None
    return render(
        visit,
        "delivery.html",
        views=MAILS,
        view=view,
        found=found[:PAGE],
        counts={name: sum(counts[state] for state in states) for name, states in STATES.items()},
        following=following,
    )


def resend_mail(visit: Visit) -> Response:
    """Have a mail that was given up tried again."""
    with visit.working() as work:
        resend(work, visit.path_id("mail"))
    return go_to("/delivery", said="resent")


def show_health(visit: Visit) -> Response:
    """Show how the hub is: what waits, since when, and what was missed."""
    hub = visit.hub
    with visit.looking() as work:
        found = read_health(work)
    hub.database.require_safe()
    return render(
        visit,
        "health.html",
        found=found,
        witness=hub.cover.describe(hub.database)["witness"],
        keys=describe_data_keys(hub.settings),
        dialect=hub.database.dialect,
    )


PAGES = (
    Page("GET", "/partners", show_partners, frozenset(OVERSEERS)),
    Page("GET", "/delivery", show_delivery, ADMINISTRATOR),
    Page("POST", "/mails/{mail:uuid}/again", resend_mail, ADMINISTRATOR),
    Page("GET", "/health", show_health, ADMINISTRATOR),
)
