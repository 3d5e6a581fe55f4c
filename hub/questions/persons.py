"""What was done about one person, on their request, and what one employee did: AUD-03 and AUD-04."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from hub.audit.models import AuditLineRow, AuditSubjectRow
from hub.audit.private import list_actor_keys
from hub.matches.models import MatchRow
from hub.partners.service import find_staff
from hub.questions.errors import NotInMunicipalityError, QuestionIncompleteError, RequestNotVerifiedError
from hub.questions.values import Ask, Facts, merged
from hub.rights import store
from hub.rights.models import RightsRequestRow
from hub.rights.policy import is_withheld
from hub.rights.values import SURE, Identification, RequestState, Verdict
from hub.signals.models import SignalRow, SignalSubmissionRow
from hub.signals.service import get_signals
from service.bulk import is_one_of
from service.clock import dutch_date

MOST = 20_000  # rows that are merged for one answer

Row = tuple[datetime, int, Facts]


def list_about_requester(ask: Ask) -> Sequence[Facts]:
    """Say all that was done about the requester, in order: what, by which organisation and role.

    What is under an exception to telling the person is left out, as in the report that the person gets.

    Source: AUD-03; AVG 15; NEN 7513.
    """
    ids, withheld = _registrations(ask, _get_request(ask))
    # A pair of a case and a withheld signal touches the case: what was done with it would give that away.
    about, hidden = _with_matches(ask, ids), _with_matches(ask, withheld)
    rows = [*_signalled(ask, SignalRow.id.in_(ids)), *_events(ask, about - hidden, hidden=hidden)]
    names = ask.names(facts["organisation_id"] for _, _, facts in rows)
    said = [(at, count, _named(facts, names)) for at, count, facts in rows]
    return ask.page_of(merged(said))


def _get_request(ask: Ask) -> RightsRequestRow:
    id_ = ask.question.request_id
    if id_ is None:
        raise QuestionIncompleteError(places=("/requestId",))
    row = store.get_requests(ask.work.session, [id_]).get(id_)
    if row is None or (ask.scope is not None and row.organisation_id not in ask.scope):
        raise NotInMunicipalityError
    if row.identification == Identification.NOT_VERIFIED or row.state == RequestState.RECEIVED:
        raise RequestNotVerifiedError
    return row


def _registrations(ask: Ask, request: RightsRequestRow) -> tuple[set[UUID], set[UUID]]:
    """Return those that surely are the requester's, without and with an exception to telling."""
    findings = store.list_findings(ask.work.session, [request.id])[request.id]
    sure = [one.registration_id for one in findings if Verdict(one.verdict) in SURE]
    ground = store.as_request(request).ground
    on = dutch_date(ask.work.now)
    withheld = {
        one.id
        for one in get_signals(ask.work, sure).values()
        if is_withheld(one.exception_code, one.exception_until_on, on=on, ground=ground)
    }
    return set(sure) - withheld, withheld


def _with_matches(ask: Ask, ids: Collection[UUID]) -> set[UUID]:
    matches = select(MatchRow.id).where(or_(MatchRow.signal_id.in_(ids), MatchRow.other_id.in_(ids)))
    return {*ids, *ask.work.session.scalars(matches)} if ids else set()


def _about(ask: Ask, things: Collection[UUID]) -> Select[Any]:
    row = AuditSubjectRow
    return select(row.event_id).where(is_one_of(ask.work.session, row.thing_id, sorted(things)))


def _events(
    ask: Ask, things: Collection[UUID], *, hidden: Collection[UUID]
) -> Iterator[tuple[datetime, int, dict[str, Any]]]:
    line = AuditLineRow
    query = (
        select(line.hour, line.code, line.outcome, line.role, line.organisation_id, func.count())
        .where(line.event_id.in_(_about(ask, things)), line.event_id.not_in(_about(ask, hidden)))
        .where(ask.within(line.hour))
        .group_by(line.hour, line.code, line.outcome, line.role, line.organisation_id)
        .order_by(line.hour)
        .limit(MOST)
    )
    for hour, code, outcome, role, organisation_id, count in ask.work.session.execute(query):
        facts = {"organisation_id": organisation_id, "role": role, "act": code, "outcome": outcome}
        yield hour, count, facts


def _signalled(ask: Ask, which: Any) -> Iterator[tuple[datetime, int, dict[str, Any]]]:
    """Signals are found by themselves: the event that took one names nothing else."""
    query = select(SignalRow).where(which, ask.within(SignalRow.received_at))
    for signal in ask.work.session.scalars(query.order_by(SignalRow.received_at).limit(MOST)):
        facts = {
            "organisation_id": signal.organisation_id,
            "role": "partner",
            "act": "signal.accepted",
            "outcome": "ok",
            "thing": signal.id,
        }
        yield signal.received_at, 1, facts


def _named(facts: dict[str, Any], names: dict[UUID | None, str]) -> Facts:
    return {
        "organisation": names.get(facts["organisation_id"], ""),
        **{name: facts[name] for name in ("role", "act", "outcome")},
    }


def list_of_employee(ask: Ask) -> Sequence[Facts]:
    """Say what one employee did, about which registrations and matches, in order.

    Source: AUD-04; NEN 7513 (per-employee view).
    """
    staff_id = ask.question.staff_id
    if staff_id is None:
        raise QuestionIncompleteError(places=("/staffId",))
    staff = find_staff(ask.work, [staff_id]).get(staff_id)
    if staff is None or (ask.scope is not None and staff.organisation_id not in ask.scope):
        raise NotInMunicipalityError
    return ask.page_of(merged(done_by(ask, staff_id)))


def done_by(ask: Ask, staff_id: UUID) -> list[Row]:
    """Return what somebody did in the period, about which registrations and matches."""
    brought = select(SignalSubmissionRow.signal_id).where(SignalSubmissionRow.staff_id == staff_id)
    theirs = (SignalRow.reporter_id == staff_id) | SignalRow.id.in_(brought)
    signalled: list[Row] = [
        (at, count, {"act": facts["act"], "outcome": facts["outcome"], "about": str(facts["thing"])})
        for at, count, facts in _signalled(ask, theirs)
    ]
    return [*signalled, *_done(ask, staff_id)]


def _done(ask: Ask, staff_id: UUID) -> Iterator[Row]:
    line, about = AuditLineRow, AuditSubjectRow
    keys = list_actor_keys(ask.work, str(staff_id))
    query = (
        select(line.hour, line.code, line.outcome, about.thing_id, func.count())
        .outerjoin(about, about.event_id == line.event_id)
        .where(is_one_of(ask.work.session, line.actor_key, keys), ask.within(line.hour))
        .group_by(line.hour, line.code, line.outcome, about.thing_id)
        .order_by(line.hour)
        .limit(MOST)
    )
    for hour, code, outcome, thing, count in ask.work.session.execute(query):
        yield hour, count, {"act": code, "outcome": outcome, "about": str(thing) if thing else ""}
