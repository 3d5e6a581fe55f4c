"""The matches somebody has in hand: look, give back, hand over, ask a colleague, say how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from starlette.responses import Response

from hub.consent.service import FeedbackCode
from hub.matches import feedback, handing, owning, retracting, viewing
from hub.matches.errors import NothingToTellError, NotOwnerError
from hub.matches.owning import Owned, Progress
from hub.matches.states import HandOverState, RefusalReason, Verified
from hub.matches.viewing import LONGEST_CONSULT, View
from hub.partners.service import find_staff
from hub.teams.service import Member, list_members, list_own_teams
from hub.web.errors import FormInvalidError
from hub.web.inbox import TEAM
from hub.web.rendering import render
from hub.web.texts import say_code, say_number
from hub.web.visiting import Page, Visit, go_to
from service.clock import dutch_date
from service.work import Work

PAGE_SIZE = 50


class Answer(StrEnum):
    """What a colleague says who is asked to take a match over."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is on the page of a match.

    Attributes:
        owned: None for a colleague who was asked to look along, and for anybody else.
        view: None until somebody asked to see whom to call.
    """

    match_id: UUID
    owned: Owned | None
    view: View | None
    colleagues: dict[UUID, str]


def show_matches(visit: Visit) -> Response:
    """Show a page of what the visitor has in hand, longest waiting first."""
    with visit.disclosing() as work:
        owned, following = owning.page_owned(work, cursor=visit.query_id("after"), page_size=PAGE_SIZE)
    return render(visit, "matches.html", owned=owned, following=following)


def show_match(visit: Visit) -> Response:
    """Show one match and what can be done with it; whom to call only after asking for that."""
    with visit.disclosing() as work:
        shown = _read(work, visit.path_id("match"), None)
    return _render(visit, shown)


def look(visit: Visit) -> Response:
    """Show whom to call; each look is decided anew and recorded."""
    with visit.disclosing() as work:
        view = viewing.view(work, visit.path_id("match"), working_days=visit.term)
        shown = _read(work, visit.path_id("match"), view)
    # After the unit of work: that it may not be told any more is a decision, and stays.
    if view is None:
        raise NotOwnerError
    return _render(visit, shown)


def give_back(visit: Visit) -> Response:
    """Give a match back to the team, with a reason from the list."""
    reason = visit.field_of("reason", RefusalReason)
    with visit.working() as work:
        owning.refuse(work, visit.path_id("match"), reason, working_days=visit.term)
    return go_to("/matches", said="given-back")


def retract(visit: Visit) -> Response:
    """Say that a match is of two persons, and how that is known; whoever was told hears that."""
    verified = visit.field_of("verified", Verified)
    with visit.working() as work:
        retracting.retract(work, visit.path_id("match"), verified)
    return go_to("/matches", said="retracted")


def hand_over(visit: Visit) -> Response:
    """Ask a colleague to take a match over."""
    with visit.working() as work:
        handing.hand_over(work, visit.path_id("match"), visit.field_id("colleague"), working_days=visit.term)
    return go_to("/matches", said="handed-over")


def answer_hand_over(visit: Visit) -> Response:
    """Say yes or no to a colleague who asks; who says yes sees whom to call."""
    said = HandOverState(visit.field_of("answer", Answer))
    with visit.disclosing() as work:
        view = handing.answer_hand_over(work, visit.path_id("match"), said, working_days=visit.term)
        shown = _read(work, visit.path_id("match"), view)
    if view is None:
        return go_to("/inbox", said="not-taken-over")
    return _render(visit, shown)


def consult(visit: Visit) -> Response:
    """Let one colleague look along for some days."""
    with visit.working() as work:
        viewing.consult(
            work,
            visit.path_id("match"),
            visit.field_id("colleague"),
            lasts=visit.field_days("days", at_most=LONGEST_CONSULT.days),
            working_days=visit.term,
        )
    return go_to(f"/matches/{visit.path_id('match')}", said="consulted")


def report(visit: Visit) -> Response:
    """Write when there was contact, or when parties were aligned."""
    contacted_on, aligned_on, considered_on = (
        visit.field_date(name) if visit.form.get(name) else None
        for name in ("contacted_on", "aligned_on", "considered_on")
    )
    progress = Progress(contacted_on=contacted_on, aligned_on=aligned_on, jointly_considered_on=considered_on)
    with visit.working() as work:
        owning.record_progress(work, visit.path_id("match"), progress)
    return go_to(f"/matches/{visit.path_id('match')}", said="noted")


def give_feedback(visit: Visit) -> Response:
    """Let whoever signalled hear a code back, as far as the person's consents allow."""
    code = visit.field_of("feedback", FeedbackCode)
    try:
        with visit.working() as work:
            told = feedback.give_feedback(work, visit.path_id("match"), code, working_days=visit.term)
    except NothingToTellError:
        raise FormInvalidError(places=("feedback",)) from None
    said = "feedback" if told else "feedback-not"
    return go_to(f"/matches/{visit.path_id('match')}", said=said)


def name_members(work: Work, members: Sequence[Member]) -> dict[UUID, str]:
    """Name members of a team as their organisation does: a function and a desk; else by number."""
    staff = find_staff(work, {one.staff_id for one in members})
    return {id_: one.contact_label or say_number(id_) for id_, one in staff.items()}


def list_colleagues(work: Work) -> dict[UUID, str]:
    """Name the visitor's colleagues who are at work today."""
    teams = [team.id for team in list_own_teams(work)]
    members = list_members(work, teams, on=dutch_date(work.now))
    there = [one for one in members if not one.absent and one.staff_id != work.caller.staff_id]
    return name_members(work, there)


def _read(work: Work, match_id: UUID, view: View | None) -> Shown:
    return Shown(match_id, owning.find_owned(work, match_id), view, list_colleagues(work))


def _tellable(owned: Owned | None) -> list[FeedbackCode]:
    """List what may be said: that help and enforcement were weighed together only with its day."""
    weighed = owned is not None and owned.jointly_considered_on is not None
    return [one for one in FeedbackCode if weighed or one is not FeedbackCode.JOINT_CONSIDERATION]


def _render(visit: Visit, shown: Shown) -> Response:
    return render(
        visit,
        "match.html",
        shown=shown,
        reasons=list(RefusalReason),
        verified=list(Verified),
        feedback=[(one.value, say_code(f"feedback_{one}")) for one in _tellable(shown.owned)],
        days=LONGEST_CONSULT.days,
    )


PAGES = (
    Page("GET", "/matches", show_matches, TEAM),
    Page("GET", "/matches/{match:uuid}", show_match, TEAM),
    Page("POST", "/matches/{match:uuid}/look", look, TEAM, proven=True, back="/matches/{match}"),
    Page("POST", "/matches/{match:uuid}/refusal", give_back, TEAM, again=show_match),
    Page("POST", "/matches/{match:uuid}/retraction", retract, TEAM, again=show_match),
    Page("POST", "/matches/{match:uuid}/hand-over", hand_over, TEAM, again=show_match),
    Page(
        "POST", "/matches/{match:uuid}/hand-over-answer", answer_hand_over, TEAM, proven=True, back="/inbox"
    ),
    Page("POST", "/matches/{match:uuid}/consult", consult, TEAM, again=show_match),
    Page("POST", "/matches/{match:uuid}/follow-up", report, TEAM, again=show_match),
    Page("POST", "/matches/{match:uuid}/feedback", give_feedback, TEAM, again=show_match),
)
