"""Find what is unusual, in counts: by index, for the worker looks every twenty seconds.

Source: audit-and-reliability 3.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from hub.alarms import policy
from hub.alarms.models import DeclaredCaseloadRow
from hub.alarms.posters import BROUGHT, POSTING_ORGANISATION, POSTING_STAFF
from hub.alarms.values import AlarmCode, Found
from hub.audit.models import AuditActorRow, AuditLineRow
from hub.audit.reading import ABOUT_EMPLOYEE, ReadingPurpose
from hub.cases.models import CaseRow
from hub.matches.models import FollowUpRow, MatchRow
from hub.partners.models import OrganisationRow, StaffRow
from hub.signals.models import SignalRow, SignalSubmissionRow
from hub.signals.values import SignalState, WithdrawalReason
from hub.subjects.models import RegistrationRow
from service.bulk import is_one_of
from service.clock import dutch_date
from service.work import Role, Work

YEAR = timedelta(days=365)
DAY = timedelta(days=1)
LOOKS = ("match.contact_revealed", "decision.read")
ABOUT_SOMEBODY = (*ABOUT_EMPLOYEE, ReadingPurpose.RIGHTS_REQUEST)
OWN_AFFAIRS = (ReadingPurpose.OPERATION, ReadingPurpose.EXTERNAL_AUDIT)


def find_all(work: Work) -> list[Found]:
    """Find all that is unusual at this moment."""
    finders = (
        _bursts, _probes, _over_caseload, _idle_cases, _reading, _operator_reading, _looking, _changed,
        _unverified,
    )  # fmt: skip
    return [one for find in finders for one in find(work)]


def _since(work: Work, moment: datetime) -> ColumnElement[bool]:
    """Select signals since a moment, by the index that begins with their organisation."""
    ids = list(work.session.scalars(select(OrganisationRow.id)))
    return is_one_of(work.session, SignalRow.organisation_id, ids) & (SignalRow.received_at >= moment)


def _bursts(work: Work) -> Iterator[Found]:
    count = func.count()
    query = (
        select(POSTING_ORGANISATION, POSTING_STAFF, count)
        .select_from(SignalRow)
        .outerjoin(SignalSubmissionRow, BROUGHT)
        .where(_since(work, work.now - timedelta(hours=1)))
        .group_by(POSTING_ORGANISATION, POSTING_STAFF)
        .having(count > policy.POSTS_AN_HOUR)
    )
    for organisation_id, staff_id, measured in work.session.execute(query):
        slot = work.now.strftime("%Y-%m-%dT%H")
        yield Found(AlarmCode.BURST, organisation_id, staff_id, measured, policy.POSTS_AN_HOUR, slot)


def _probes(work: Work) -> Iterator[Found]:
    """Count what was taken back within a day; of what was erased as unjustified the moment is not kept."""
    query = (
        select(POSTING_ORGANISATION, POSTING_STAFF, SignalRow.received_at, RegistrationRow.ended_at)
        .select_from(SignalRow)
        .outerjoin(SignalSubmissionRow, BROUGHT)
        .outerjoin(RegistrationRow, RegistrationRow.id == SignalRow.id)
        .where(_since(work, work.now - policy.PATTERN), SignalRow.state == SignalState.WITHDRAWN)
        .where(or_(RegistrationRow.ended_at.is_not(None), SignalRow.reason == WithdrawalReason.UNJUSTIFIED))
    )
    counted = Counter(
        (organisation_id, staff_id)
        for organisation_id, staff_id, at, ended_at in work.session.execute(query)
        if ended_at is None or ended_at - at <= policy.TAKEN_BACK_WITHIN
    )
    yield from _counted(work, AlarmCode.PROBING, counted, limit=policy.PROBES)


def _over_caseload(work: Work) -> Iterator[Found]:
    declared = {row.organisation_id: row.persons for row in work.session.scalars(select(DeclaredCaseloadRow))}
    since, counted = work.now - YEAR, Counter[UUID]()
    for owner, began in (
        (SignalRow.organisation_id, SignalRow.received_at),
        (CaseRow.organisation_id, CaseRow.opened_at),
    ):
        query = select(owner, func.count()).where(
            is_one_of(work.session, owner, list(declared)), began >= since
        )
        for organisation_id, count in work.session.execute(query.group_by(owner)):
            counted[organisation_id] += count
    for organisation_id, measured in counted.items():
        allowed = policy.allowed_registrations(declared[organisation_id])
        if measured > allowed:
            slot = work.now.strftime("%Y-%m")
            yield Found(AlarmCode.OVER_CASELOAD, organisation_id, None, measured, allowed, slot)


def _idle_cases(work: Work) -> Iterator[Found]:
    """Count cases that were closed within a day, and those of which nobody took up a match."""
    since = work.now - policy.PATTERN
    closed = select(CaseRow.organisation_id, CaseRow.casemanager, CaseRow.opened_at, CaseRow.closed_at).where(
        CaseRow.opened_at >= since, CaseRow.closed_at.is_not(None)
    )
    counted = Counter(
        (organisation_id, staff_id)
        for organisation_id, staff_id, opened_at, closed_at in work.session.execute(closed)
        if closed_at and closed_at - opened_at <= policy.TAKEN_BACK_WITHIN
    )
    told = (
        select(CaseRow.organisation_id, CaseRow.casemanager, func.count())
        .join(MatchRow, MatchRow.case_id == CaseRow.id)
        .join(FollowUpRow, FollowUpRow.match_id == MatchRow.id)
        .where(FollowUpRow.opened_at < since, FollowUpRow.opened_at >= since - policy.PATTERN)
        .where(FollowUpRow.answered_at.is_(None))
        .group_by(CaseRow.organisation_id, CaseRow.casemanager)
    )
    for organisation_id, staff_id, count in work.session.execute(told):
        counted[organisation_id, staff_id] += count
    yield from _counted(work, AlarmCode.IDLE_CASES, counted, limit=policy.IDLE)


def _counted(
    work: Work, code: AlarmCode, counted: Counter[tuple[UUID, UUID]], *, limit: int
) -> Iterator[Found]:
    for (organisation_id, staff_id), measured in counted.items():
        if measured >= limit:
            slot = work.now.strftime("%Y-%m")
            yield Found(code, organisation_id, staff_id, measured, limit, slot)


def _reading(work: Work) -> Iterator[Found]:
    """Tell readings about somebody from those of an officer who turns the pages of the log."""
    line = AuditLineRow
    read, about = line.code == "log.read", line.purpose.in_([one.value for one in ABOUT_SOMEBODY])
    yield from _by_actor(work, read & about, least=policy.READINGS_ABOUT_A_DAY, slot="about")
    yield from _by_actor(work, read & ~about, least=policy.READINGS_A_DAY, slot="read")


def _looking(work: Work) -> Iterator[Found]:
    yield from _by_actor(work, AuditLineRow.code.in_(LOOKS), least=policy.LOOKS_A_DAY, slot="looked")


def _operator_reading(work: Work) -> Iterator[Found]:
    """Tell of every day on which the operator asked about people or organisations: that is not operating."""
    line = AuditLineRow
    query = select(func.count()).where(
        line.code == "log.read",
        line.hour >= work.now - DAY,
        line.role == Role.OPERATOR,
        line.purpose.not_in([one.value for one in OWN_AFFAIRS]),
    )
    if measured := work.session.execute(query).scalar_one():
        yield Found(
            AlarmCode.UNUSUAL_READING, None, None, measured, 0, work.now.strftime("operator %Y-%m-%d")
        )


def _by_actor(work: Work, which: ColumnElement[bool], *, least: int, slot: str) -> Iterator[Found]:
    line, actor, count = AuditLineRow, AuditActorRow, func.count()
    query = (
        select(actor.tag, count)
        .select_from(line)
        .join(actor, actor.key_id == line.actor_key)
        .where(which, line.hour >= work.now - DAY, line.role == Role.STAFF)
        .group_by(actor.tag)
        .having(count > least)
    )
    found = {row[0]: row[1] for row in work.session.execute(query)}
    allowed = {tag: policy.allowed_a_day(_usual(work, which, tag), least=least) for tag in found}
    once = work.now.strftime(f"{slot} %Y-%m-%d")
    for organisation_id, staff_id in work.session.execute(_everybody()) if found else ():
        tag = work.data_keys.name_actor(str(staff_id))
        if found.get(tag, 0) > allowed.get(tag, 0):
            facts = (organisation_id, staff_id, found[tag], allowed[tag])
            yield Found(AlarmCode.UNUSUAL_READING, *facts, once)


def _usual(work: Work, which: ColumnElement[bool], tag: bytes) -> int:
    """Return how often somebody did it on a day on which they did, in the thirty days before today."""
    line, actor = AuditLineRow, AuditActorRow
    query = (
        select(line.hour, func.count())
        .join(actor, actor.key_id == line.actor_key)
        .where(which, actor.tag == tag, line.role == Role.STAFF)
        .where(line.hour >= work.now - policy.PATTERN - DAY, line.hour < work.now - DAY)
        .group_by(line.hour)
    )
    days = Counter[date]()
    for hour, count in work.session.execute(query):
        days[dutch_date(hour)] += count
    return round(days.total() / len(days)) if days else 0


def _everybody() -> Any:
    return select(StaffRow.organisation_id, StaffRow.id)


def _changed(work: Work) -> Iterator[Found]:
    """Find that the log was recomputed today and was not as it was signed."""
    line = AuditLineRow
    query = select(func.count()).where(
        line.code == "log.verified", line.outcome == "error", line.hour >= work.now - DAY
    )
    if count := work.session.execute(query).scalar_one():
        yield Found(AlarmCode.LOG_CHANGED, None, None, count, 0, work.now.strftime("%Y-%m-%d"))


def _unverified(work: Work) -> Iterator[Found]:
    """Find that nobody recomputed the log for two days: a witness that is kept away hides no change."""
    line, before = AuditLineRow, work.now - policy.UNVERIFIED
    verified = select(line.idx).where(line.code == "log.verified", line.hour >= before)
    is_young = work.session.execute(select(line.idx).where(line.hour < before).limit(1)).first() is None
    if not is_young and work.session.execute(verified.limit(1)).first() is None:
        hours = int(policy.UNVERIFIED / timedelta(hours=1))
        yield Found(AlarmCode.LOG_UNVERIFIED, None, None, hours, hours, work.now.strftime("%Y-%m-%d"))
