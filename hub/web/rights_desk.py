"""The rights desk: citizens' requests with their clocks, each with its next step, and the letter.

Filing one takes the person's pseudonyms, which only the partner's own client makes (`dat rights file`).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from starlette.responses import Response

from hub.consent.explanation import Language
from hub.partners.service import find_partners, list_taking_part
from hub.rights import advising, deciding, desks, judging, objecting, overdue, searching, store, telling
from hub.rights.errors import GroundNotAllowedError
from hub.rights.letter import write_letter
from hub.rights.policy import grounds_for, is_advised, may_choose, may_judge, needs_advice, touched
from hub.rights.reporting import make_report
from hub.rights.values import (
    Comparison,
    Extension,
    Finding,
    Ground,
    Outcome,
    Request,
    RequestKind,
    RequestState,
    Verdict,
)
from hub.web.errors import FormInvalidError
from hub.web.rendering import render
from hub.web.texts import mark, say_code, say_number
from hub.web.visiting import Page, Visit, go_to
from service.work import Work

HANDLING = frozenset(desks.OFFICERS)
DESKS = HANDLING | {*desks.DESK}
OBJECTIONS = frozenset({*objecting.DECIDING, *desks.DESK})
UPHOLDING = frozenset(objecting.DECIDING)
SOON = 14  # days ahead
LATE = 15  # on top, with a page of its own: clocks of advice and correction stand nowhere else
PAGE_SIZE = 30
VIEWS = {"open": mark("To do"), "decided": mark("Decided")}
BACK = "/rights-desk/{request}"
Findings = list[tuple[Finding, list[tuple[str, str]]]]


class Step(StrEnum):
    """What has to happen next with a request."""

    OTHERS = "others"  # whoever filed it, or has no part in deciding, waits for an officer
    SEARCH = "search"
    ASK = "ask"
    WAIT = "wait"
    JUDGE = "judge"
    DECIDE = "decide"
    SECOND = "second"
    CARRIED = "carried"
    ANSWER = "answer"


def show_desk(visit: Visit) -> Response:
    """Show what is late or nearly, the objections that wait, and the desk's requests."""
    view = visit.query("view", VIEWS, "open")
    with visit.disclosing() as work:
        found = desks.list_open(work) if view == "open" else desks.list_decided(work)
        late = overdue.list_deadlines(work, within_days=SOON) if view == "open" else []
        waiting = objecting.list_waiting(work) if view == "open" and visit.has(*OBJECTIONS) else []
        names = find_partners(work, {one.organisation_id for one in late})
    part = visit.part(found, PAGE_SIZE)
    return render(
        visit,
        "rights_desk.html",
        views=VIEWS,
        view=view,
        found=part.rows,
        following=part.following,
        late=visit.part(late, LATE, name="late"),
        waiting=visit.part(waiting, PAGE_SIZE, name="objections"),
        names=names,
    )


def show_request(visit: Visit) -> Response:
    """Show one request: how far it is, what was found, and what has to happen next."""
    with visit.disclosing() as work:
        request = desks.get_request(work, visit.path_id("request"))
        done = request.state is RequestState.DECIDED
        told = telling.list_tellings(work, request.id) if done and _handles(visit, request) else []
        names = find_partners(work, {one.organisation_id for one in request.findings})
        others = _list_other_desks(work, visit, request)
    step = _step_for(visit, request)
    return render(
        visit,
        "rights_request.html",
        request=request,
        step=step,
        may=_handles(visit, request),
        findings=_judgeable(request, step),
        names=names,
        told=told,
        others=others,
        decisions=list_decisions(request.kind),
        leaving=touched(request.findings) if may_choose(request.kind, Outcome.GRANTED) else [],
        extensions=list(Extension),
        letter=request.kind is RequestKind.ACCESS and (done or step in {Step.JUDGE, Step.DECIDE}),
    )


def next_step(request: Request, today: date) -> Step:
    """Say what has to happen next with a request that an officer handles."""
    fixed = {
        RequestState.DECIDED: Step.ANSWER,
        RequestState.APPROVED: Step.CARRIED,
        RequestState.PROPOSED: Step.SECOND,
        RequestState.RECEIVED: Step.SEARCH,
    }
    if request.state in fixed:
        return fixed[request.state]
    kind, desk = request.kind, request.organisation_id
    asked = [one for one in request.findings if needs_advice(kind, one, desk=desk)]
    if any(one.advise_by is None for one in asked):
        return Step.ASK
    if not all(is_advised(one, today) for one in asked):
        return Step.WAIT
    doubtful = any(one.verdict is Verdict.POSSIBLE for one in request.findings)
    return Step.JUDGE if doubtful else Step.DECIDE


def _step_for(visit: Visit, request: Request) -> Step:
    step = next_step(request, visit.today)
    return step if step is Step.ANSWER or _handles(visit, request) else Step.OTHERS


def _handles(visit: Visit, request: Request) -> bool:
    """Tell whether the visitor is an officer who did not file it."""
    return visit.has(*HANDLING) and request.recorded_by != visit.caller.staff_id


def _judgeable(request: Request, step: Step) -> Findings:
    """Give what was found, each with what an officer may say of it now."""
    open_ = step in {Step.JUDGE, Step.DECIDE, Step.WAIT, Step.ASK}
    return [(one, _judgements(one, request.organisation_id) if open_ else []) for one in request.findings]


def _judgements(one: Finding, desk: UUID) -> list[tuple[str, str]]:
    if one.verdict is Verdict.SAME and one.advice is None:
        return []
    return [
        (f"{said}.{compared}", f"{say_code(f'judged_{said}')}, {say_code(f'compared_{compared}')}")
        for said in (Verdict.CONFIRMED, Verdict.REJECTED)
        for compared in Comparison
        if may_judge(one, said, compared, desk=desk)
    ]


def list_decisions(kind: RequestKind) -> list[tuple[str, str]]:
    """List how a request of a kind can be decided, as the form sends it and in words."""
    return [
        (f"{outcome}.{ground}", f"{say_code(f'outcome_{outcome}')}: {say_code(ground)}")
        for outcome in Outcome
        for ground in Ground
        if ground in grounds_for(kind, outcome)
    ]


def _list_other_desks(work: Work, visit: Visit, request: Request) -> list[tuple[str, str]]:
    if request.state is not RequestState.RECEIVED:
        return []
    partners = list_taking_part(work, visit.today)
    own = request.organisation_id
    return [(str(one.id), one.name) for one in partners if one.kind in desks.KINDS and one.id != own]


def search(visit: Visit) -> Response:
    """Search what is registered about the requester: the one look-up by person there is."""
    with visit.disclosing() as work:
        found = searching.search(work, visit.path_id("request"))
    return _back(visit, "searched") if found else go_to("/rights-desk", said="forwarded")


def ask_advice(visit: Visit) -> Response:
    """Ask the organisations concerned what they advise."""
    with visit.working() as work:
        advising.ask_advice(work, visit.path_id("request"))
    return _back(visit, "advice-asked")


def extend(visit: Visit) -> Response:
    """Take longer to answer, once, for a reason from the list."""
    reason = visit.field_of("extension", Extension)
    with visit.working() as work:
        advising.extend(work, visit.path_id("request"), reason)
    return _back(visit, "extended")


def forward(visit: Visit) -> Response:
    """Send a request to the desk that is responsible."""
    with visit.working() as work:
        desks.forward(work, visit.path_id("request"), to=visit.field_id("desk"))
    return go_to("/rights-desk", said="forwarded")


def judge(visit: Visit) -> Response:
    """Say whether what was found is the requester's, and with what it was compared."""
    said, compared = _pair(visit, "judged")
    try:
        judged, by = Verdict(said), Comparison(compared)
    except ValueError:
        raise FormInvalidError(places=("judged",)) from None
    if judged is not Verdict.CONFIRMED and judged is not Verdict.REJECTED:
        raise FormInvalidError(places=("judged",))
    with visit.working() as work:
        judging.judge_finding(work, visit.path_id("request"), visit.path_id("finding"), judged, compared=by)
    return _back(visit, "noted")


def decide(visit: Visit) -> Response:
    """Decide, or put it before a second officer where something is erased."""
    said, why = _pair(visit, "decision")
    try:
        outcome, ground = Outcome(said), Ground(why)
    except ValueError:
        raise FormInvalidError(places=("decision",)) from None
    request_id, left = visit.path_id("request"), _left_out(visit)
    with visit.working() as work:
        only = None
        if left:
            reached = touched(
                map(store.as_finding, store.list_findings(work.session, [request_id])[request_id])
            )
            only = {one.id for one in reached} - left
        try:
            decided = deciding.decide(work, request_id, outcome=outcome, ground=ground, only=only)
        except GroundNotAllowedError:
            raise FormInvalidError(places=("decision",)) from None
    return _back(visit, "second-officer" if decided.state is RequestState.PROPOSED else "decided")


def uphold(visit: Visit) -> Response:
    """Let an objection stand."""
    with visit.working() as work:
        objecting.uphold(work, visit.path_id("objection"))
    return go_to("/rights-desk", said="upheld")


def get_letter(visit: Visit) -> Response:
    """Give the report as a letter, to save; it is recorded."""
    language = visit.field_of("language", Language)
    with visit.disclosing() as work:
        report = make_report(work, visit.path_id("request"))
    name = f"{say_number(report.request.id).replace(' ', '-').lower()}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write_letter(report, language=language), media_type="application/pdf", headers=headers)


def _back(visit: Visit, said: str) -> Response:
    return go_to(f"/rights-desk/{visit.path_id('request')}", said=said)


def _pair(visit: Visit, name: str) -> tuple[str, str]:
    first, _, second = visit.form.get(name, "").partition(".")
    return first, second


def _left_out(visit: Visit) -> set[UUID]:
    """Name the findings that the decision leaves as they are."""
    try:
        return {UUID(name.removeprefix("leave_")) for name in visit.form if name.startswith("leave_")}
    except ValueError:
        raise FormInvalidError(places=("decision",)) from None


_ONE = "/rights-desk/{request:uuid}"

PAGES = (
    Page("GET", "/rights-desk", show_desk, DESKS),
    Page("GET", _ONE, show_request, DESKS),
    Page("POST", f"{_ONE}/search", search, HANDLING, proven=True, back=BACK),
    Page("POST", f"{_ONE}/advice", ask_advice, HANDLING),
    Page("POST", f"{_ONE}/extension", extend, HANDLING, again=show_request),
    Page("POST", f"{_ONE}/forwarding", forward, DESKS, again=show_request),
    Page("POST", _ONE + "/findings/{finding:uuid}/judgement", judge, HANDLING, again=show_request),
    Page("POST", f"{_ONE}/decision", decide, HANDLING, again=show_request),
    Page("POST", f"{_ONE}/letter", get_letter, DESKS, proven=True, back=BACK, again=show_request),
    Page("POST", "/objections/{objection:uuid}/upholding", uphold, UPHOLDING),
)
