"""Households: one lead for each, named at its meeting and handed over by asking; in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from starlette.responses import Response

from hub.matches.leading import NAMING, Household, answer_lead, list_households, name_lead, offer_lead
from hub.matches.states import HandOverState
from hub.notices.terms import Terms
from hub.partners.service import StaffRole, find_staff
from hub.teams.service import list_members
from hub.web.inbox import TEAM
from hub.web.matches import Answer, list_colleagues, name_members
from hub.web.rendering import render
from hub.web.texts import say_number
from hub.web.visiting import Page, Visit, go_to
from service.clock import dutch_date
from service.work import Work

PAGE_SIZE = 20  # each with the same choice of colleagues
HOUSEHOLDS = TEAM | {StaffRole.PROCESS_DIRECTOR}


def show_households(visit: Visit) -> Response:
    """Show the households in which the visitor has part, those without a lead first."""
    with visit.disclosing() as work:
        found = list_households(work)
        colleagues = list_colleagues(work) if visit.has(*TEAM) else _list_able(work, found)
        leads = find_staff(work, {one.lead for one in found if one.lead})
    names = {id_: one.contact_label or say_number(id_) for id_, one in leads.items()}
    part = visit.part(sorted(found, key=lambda one: (one.lead is not None, one.since)), PAGE_SIZE)
    return render(
        visit,
        "households.html",
        found=part.rows,
        following=part.following,
        colleagues=colleagues,
        names=names,
        me=visit.caller.staff_id,
        may_name=visit.has(*NAMING),
    )


def name_lead_of(visit: Visit) -> Response:
    """Have somebody lead for a household."""
    with visit.working() as work:
        name_lead(work, visit.path_id("household"), visit.field_id("colleague"), terms=_terms(visit))
    return go_to("/households", said="led")


def offer(visit: Visit) -> Response:
    """Ask a colleague to lead from now on."""
    with visit.working() as work:
        offer_lead(work, visit.path_id("household"), visit.field_id("colleague"), terms=_terms(visit))
    return go_to("/households", said="lead-asked")


def answer(visit: Visit) -> Response:
    """Say yes or no to who asks the visitor to lead."""
    said = HandOverState(visit.field_of("answer", Answer))
    with visit.working() as work:
        answer_lead(work, visit.path_id("household"), said, terms=_terms(visit))
    return go_to("/households", said="noted")


def _list_able(work: Work, found: Sequence[Household]) -> dict[UUID, str]:
    """Name, to who is in no team, those who are at work in the teams of what nobody leads."""
    teams = {team_id for one in found if one.lead is None for team_id in one.teams}
    members = list_members(work, teams, on=dutch_date(work.now))
    return name_members(work, [one for one in members if not one.absent])


def _terms(visit: Visit) -> Terms:
    return Terms(acknowledge=visit.term)


PAGES = (
    Page("GET", "/households", show_households, HOUSEHOLDS),
    Page("POST", "/households/{household:uuid}/lead", name_lead_of, frozenset(NAMING), again=show_households),
    Page("POST", "/households/{household:uuid}/offer", offer, TEAM, again=show_households),
    Page("POST", "/households/{household:uuid}/answer", answer, TEAM, again=show_households),
)
