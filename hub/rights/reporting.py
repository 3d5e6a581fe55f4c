"""Gather what is known of a requester, for the report that the person gets: coded, and of nobody else.

Staff appear by role only: a name is given after weighing, by people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from uuid import UUID

from hub.audit.service import record
from hub.cases.service import get_cases
from hub.consent.keeping import keeping_in_force
from hub.consent.remembering import Said, list_decisions, list_said
from hub.matches.erasing import find_standing_decisions, list_judges, list_recipients
from hub.matches.viewers import list_viewers
from hub.partners.policy import covers
from hub.partners.service import Partner, Staff, StaffRole, find_partners, find_staff, require_role
from hub.retention.terms import Terms
from hub.rights import store
from hub.rights.desks import DESK, OFFICERS
from hub.rights.errors import NotSearchedError, RequestMissingError
from hub.rights.events import ReportMade
from hub.rights.policy import is_withheld
from hub.rights.values import SURE, Controller, Finding, Request, RequestKind, RequestState
from hub.rights.weighing import Weighed, weigh
from hub.signals.service import find_submissions, get_signals
from service.clock import dutch_date
from service.work import Work


@dataclass(frozen=True, slots=True)
class Registered:
    """A signal or case about the requester: by whom, when, on which basis, until when; never why.

    Attributes:
        number: of a signal, from the oldest, by which it is meant elsewhere in the report; 0 for a case.
        brought_by: the organisation that posted it for the one that had the contact. Source: SIG-12.
    """

    kind: str
    organisation: str
    contact_on: date | None
    signal_kind: str | None
    legal_basis: str
    registered_on: date
    until_on: date
    state: str
    notice: str | None
    brought_by: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody who heard of it or looked: the organisation and the role, what they did, and when.

    Attributes:
        on: when they first heard of it, of somebody who was told.
        level: the most that they were ever told, then or later.
        about: the numbers of the signals that they heard of.
    """

    on: date
    organisation: str
    role: str
    act: str
    level: int | None
    about: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All that the hub knows of the requester, but signals under an exception to telling the person.

    Attributes:
        controllers: who decided on what is in it, for where one goes who disagrees.
        withheld: how many those are, for the officer who still has to decide; None in what the person gets.
        part: whose part this is; None for the whole.
        keeping: how long each class of data is kept here.
    """

    request: Request
    desk: str
    made_on: date
    registered: tuple[Registered, ...]
    told: tuple[Act, ...]
    looked: tuple[Act, ...]
    weighed: tuple[Weighed, ...]
    said: tuple[Said, ...]
    doubtful: int
    controllers: frozenset[Controller]
    withheld: int | None
    part: Controller | None
    keeping: Terms


def make_report(work: Work, request_id: UUID, *, part: Controller | None = None) -> Report:
    """Gather the report for a request for access; that it was made is recorded.

    For officers once it was searched, and for the desk once it was decided.

    Args:
        part: only what this controller answers for. The police answer for their own part, by their own clock.

    Raises:
        RequestMissingError: The desk has no such request for access.
        NotSearchedError: Nobody looked yet, or the desk asks before the decision.

    Source:
        TRA-06, TRA-08; AVG 15; Wpg 25.
    """
    staff = require_role(work, *DESK, *OFFICERS)
    row = store.get_requests(work.session, [request_id]).get(request_id)
    if row is None or row.organisation_id != staff.organisation_id or row.kind != RequestKind.ACCESS:
        raise RequestMissingError
    officer = any(held.role in OFFICERS and covers(held, dutch_date(work.now)) for held in staff.roles)
    if row.state == RequestState.RECEIVED or (row.state != RequestState.DECIDED and not officer):
        raise NotSearchedError
    request = store.as_request(row, store.list_findings(work.session, [row.id])[row.id])
    withheld = _find_withheld(work, request)
    report = _gather(work, _part_of(request, part), staff, withheld, part)
    subject, detail = {"request": str(row.id)}, {"withheld": len(withheld)}
    record(work, ReportMade(organisation_id=row.organisation_id, subject=subject, detail=detail))
    return report


def _part_of(request: Request, part: Controller | None) -> Request:
    if part is None:
        return request
    return replace(request, findings=tuple(one for one in request.findings if one.controller is part))


def _find_withheld(work: Work, request: Request) -> frozenset[UUID]:
    signals = get_signals(work, [one.registration_id for one in request.findings]).values()
    on = dutch_date(work.now)
    return frozenset(
        one.id
        for one in signals
        if is_withheld(one.exception_code, one.exception_until_on, on=on, ground=request.ground)
    )


def _gather(
    work: Work, request: Request, officer: Staff, withheld: frozenset[UUID], part: Controller | None
) -> Report:
    findings = [one for one in request.findings if one.registration_id not in withheld]
    sure = [one for one in findings if one.verdict in SURE]
    ids = [one.registration_id for one in sure]
    brought = {id_: one.organisation_id for id_, one in find_submissions(work, ids).items()}
    concerned = {request.organisation_id, *(one.organisation_id for one in sure), *brought.values()}
    partners = find_partners(work, concerned)
    numbers = _numbers(work, ids)
    told, looked = _acts(work, request, sure, officer, withheld, numbers=numbers)
    return Report(
        request=request,
        desk=partners[request.organisation_id].name,
        made_on=dutch_date(work.now),
        registered=_registered(work, numbers, ids, partners, brought),
        told=told,
        looked=looked,
        weighed=weigh(
            [one for one in list_decisions(work, ids) if withheld.isdisjoint({one.signal_id, one.other_id})],
            find_standing_decisions(work, ids),
        ),
        said=tuple(list_said(work, ids)),
        controllers=frozenset(one.controller for one in sure),
        doubtful=sum(one.verdict == "possible" for one in findings),
        withheld=None if request.state is RequestState.DECIDED else len(withheld),
        part=part,
        keeping=keeping_in_force(work),
    )


def _numbers(work: Work, ids: Collection[UUID]) -> dict[UUID, int]:
    """Number the signals from the oldest, so that one part of a report can point to another."""
    oldest = sorted(get_signals(work, ids).values(), key=lambda one: (one.received_at, one.id))
    return {one.id: number for number, one in enumerate(oldest, start=1)}


def _registered(
    work: Work,
    numbers: Mapping[UUID, int],
    ids: Collection[UUID],
    partners: Mapping[UUID, Partner],
    brought: Mapping[UUID, UUID],
) -> tuple[Registered, ...]:
    signals = [
        Registered(
            kind="signal",
            organisation=partners[one.organisation_id].name,
            contact_on=one.contact_on,
            signal_kind=one.kind,
            legal_basis=one.legal_basis,
            registered_on=dutch_date(one.received_at),
            until_on=dutch_date(one.active_until) - timedelta(days=1),
            state=one.state.value,
            notice=one.subject_notice,
            brought_by=_bringer(brought.get(one.id), one.organisation_id, partners),
            number=numbers[one.id],
        )
        for one in get_signals(work, ids).values()
    ]
    cases = [
        Registered(
            kind="case",
            organisation=partners[one.organisation_id].name,
            contact_on=None,
            signal_kind=None,
            legal_basis=one.legal_basis,
            registered_on=dutch_date(one.opened_at),
            until_on=dutch_date(one.closed_at or one.active_until),
            state="closed" if one.closed_at else "active",
            notice=None,
        )
        for one in get_cases(work, ids).values()
    ]
    return tuple(
        sorted([*signals, *cases], key=lambda one: (one.registered_on, one.number, one.organisation))
    )


def _bringer(brought: UUID | None, had: UUID, partners: Mapping[UUID, Partner]) -> str | None:
    """Name who brought a signal, where that was another organisation."""
    return partners[brought].name if brought is not None and brought != had else None


def _acts(
    work: Work,
    request: Request,
    sure: Sequence[Finding],
    officer: Staff,
    withheld: frozenset[UUID],
    *,
    numbers: Mapping[UUID, int],
) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
    ids = [one.registration_id for one in sure]
    # A pair of a case and a withheld signal touches the case: who heard of the pair would give it away.
    heard = [one for one in list_recipients(work, ids) if withheld.isdisjoint(one.registration_ids)]
    searched = store.list_searches(work.session, ids) | request.searches
    compared = store.list_judgements(work.session, ids)
    judged = sorted(
        (set(list_judges(work, ids)) | compared) - set(list_judges(work, withheld)), key=itemgetter(1, 0)
    )
    viewers = [one for one in list_viewers(work, ids) if withheld.isdisjoint(one.registration_ids)]
    seen = (
        {one.staff_id for one in heard}
        | {one.staff_id for one in viewers}
        | {id_ for id_, _ in (*judged, *searched)}
    )
    staff = find_staff(work, seen) | {officer.id: officer}
    concerned = {one.organisation_id for one in staff.values()} | {one.organisation_id for one in sure}
    names = find_partners(work, concerned)
    told = [
        replace(
            _act(staff[one.staff_id], names, one.how, at=one.told_at, level=one.level),
            about=tuple(sorted(numbers[id_] for id_ in one.registration_ids if id_ in numbers)),
        )
        for one in heard
    ]
    looked = [_act(staff[id_], names, "judged", at=at) for id_, at in judged if id_ in staff]
    looked += [
        _act(staff[one.staff_id], names, one.seen_on.value, at=at)
        for one in viewers
        for at in (one.first_at, one.last_at)
    ]
    looked += [_act(staff[id_], names, "searched", at=at) for id_, at in searched if id_ in staff]
    looked += [_act(officer, names, "printed", at=work.now)]
    looked += [
        Act(dutch_date(one.advised_at), names[one.organisation_id].name, "reporter", "advised", None)
        for one in sure
        if one.advised_at is not None
    ]
    return tuple(sorted(told, key=_order)), tuple(sorted(set(looked), key=_order))


def _act(
    staff: Staff, names: dict[UUID, Partner], act: str, *, at: datetime, level: int | None = None
) -> Act:
    on = dutch_date(at)
    held = [one.role for one in staff.roles if covers(one, on)] or [one.role for one in staff.roles]
    role = min(held, key=list(StaffRole).index).value
    return Act(on, names[staff.organisation_id].name, role, act, level)


def _order(act: Act) -> tuple[date, str, str, str, tuple[int, ...]]:
    return (act.on, act.organisation, act.role, act.act, act.about)
