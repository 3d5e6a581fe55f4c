"""Which rows each rule of keeping is about, when they are due, and how they go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, select

from hub.cases.ending import erase_cases
from hub.cases.models import CaseRow, QuotaDayRow
from hub.changes.kinds import ChangeKind
from hub.changes.models import ChangeRow
from hub.consent.models import ConsentRow, DecisionRow, DeskDayRow, ObjectionRow, OverrideRow
from hub.consent.remembering import erase_said
from hub.informing.models import NoticeExceptionRow
from hub.logins.models import LoginSessionRow
from hub.logins.sessions import over_since
from hub.matches.erasing import delete_matches
from hub.matches.models import MatchRow
from hub.notices.models import MailRow, MailState, NoticeRow
from hub.renewing.models import ConsentTaskRow
from hub.retaining.due import (
    case_due,
    change_over,
    consent_due,
    decision_due,
    exception_asked_due,
    match_due,
    notice_due,
    override_due,
    profile_due,
    request_undecided_due,
    signal_due,
    signal_gone,
    staff_organisation,
    team_organisation,
)
from hub.retention.service import Keeping
from hub.rights.desks import find_desks
from hub.rights.forgetting import forget_requests, forget_undecided
from hub.rights.models import RightsRequestRow
from hub.signals.ending import erase_signals
from hub.signals.models import SignalRow
from hub.subjects.service import erase_registrations
from hub.teams.models import AbsenceRow, LocationCoordinatorRow, PostRow, ProfileRow, SchoolContactRow
from service.clock import dutch_date
from service.work import Work


def municipalities_of(work: Work, organisation_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Return the municipality that answers for each organisation, of those for which it was recorded."""
    return find_desks(work, organisation_ids)


def _table(row: Any) -> Table:
    return row.__table__  # type: ignore[no-any-return]


def _by_id(
    column: Any, act: Callable[[Work, Sequence[UUID]], object]
) -> Callable[[Work, ColumnElement[bool], int], int]:
    def remove(work: Work, condition: ColumnElement[bool], limit: int) -> int:
        ids = list(work.session.scalars(select(column).where(condition).order_by(column).limit(limit)))
        act(work, ids)
        return len(ids)

    return remove


def _plainly(row: Any) -> Callable[[Work, ColumnElement[bool], int], int]:
    """Delete all that is due in one statement: these tables are small."""

    def remove(work: Work, condition: ColumnElement[bool], _limit: int) -> int:
        found = work.session.scalar(select(func.count()).select_from(_table(row)).where(condition))
        work.session.execute(delete(row).where(condition))
        return int(found or 0)

    return remove


def _erase_signals(work: Work, ids: Sequence[UUID]) -> None:
    erase_registrations(work, ids)
    erase_signals(work, ids)


def _erase_cases(work: Work, ids: Sequence[UUID]) -> None:
    erase_registrations(work, ids)
    erase_cases(work, ids)


KEEPINGS: tuple[Keeping, ...] = (
    Keeping(
        rule="signal",
        table=_table(SignalRow),
        due=signal_due,
        since=SignalRow.received_at,
        remove=_by_id(SignalRow.id, _erase_signals),
        organisation=SignalRow.organisation_id,
    ),
    Keeping(
        rule="case",
        table=_table(CaseRow),
        due=case_due,
        since=CaseRow.opened_at,
        remove=_by_id(CaseRow.id, _erase_cases),
        organisation=CaseRow.organisation_id,
    ),
    Keeping(
        rule="match",
        table=_table(MatchRow),
        due=match_due,
        since=MatchRow.created_at,
        remove=_by_id(MatchRow.id, delete_matches),
        organisation=MatchRow.team_id,
        organisation_of=team_organisation,
    ),
    Keeping(
        rule="notice",
        table=_table(NoticeRow),
        due=notice_due,
        since=NoticeRow.queued_at,
        remove=_plainly(NoticeRow),
        organisation=NoticeRow.recipient,
        organisation_of=staff_organisation,
    ),
    Keeping(
        rule="login_session",
        table=_table(LoginSessionRow),
        due=over_since,
        since=LoginSessionRow.started_at,
        remove=_plainly(LoginSessionRow),
    ),
    Keeping(
        rule="decision",
        table=_table(DecisionRow),
        due=decision_due,
        since=DecisionRow.decided_at,
        remove=_plainly(DecisionRow),
        organisation=DecisionRow.organisation_id,
    ),
    Keeping(
        rule="consent",
        table=_table(ConsentRow),
        due=consent_due,
        since=ConsentRow.recorded_at,
        remove=_by_id(ConsentRow.id, erase_said),
        organisation=ConsentRow.organisation_id,
    ),
    Keeping(
        rule="consent_task",
        table=_table(ConsentTaskRow),
        due=lambda before: ConsentTaskRow.opened_at < before,
        since=ConsentTaskRow.opened_at,
        remove=_plainly(ConsentTaskRow),
        organisation=ConsentTaskRow.organisation_id,
    ),
    Keeping(
        rule="objection",
        table=_table(ObjectionRow),
        due=lambda before: ObjectionRow.lifted_at < before,
        since=ObjectionRow.recorded_at,
        remove=_by_id(ObjectionRow.id, erase_said),
        organisation=ObjectionRow.organisation_id,
    ),
    Keeping(
        rule="rights_request",
        table=_table(RightsRequestRow),
        due=lambda before: RightsRequestRow.decided_at < before,
        since=RightsRequestRow.received_at,
        remove=_by_id(RightsRequestRow.id, forget_requests),
        organisation=RightsRequestRow.organisation_id,
    ),
    Keeping(
        rule="rights_undecided",
        table=_table(RightsRequestRow),
        due=request_undecided_due,
        since=RightsRequestRow.received_at,
        remove=_by_id(RightsRequestRow.id, forget_undecided),
        organisation=RightsRequestRow.organisation_id,
    ),
    Keeping(
        rule="mail",
        table=_table(MailRow),
        due=lambda before: (
            MailRow.state.in_([MailState.DELIVERED, MailState.DEAD]) & (MailRow.due_at < before)
        ),
        since=MailRow.due_at,
        remove=_plainly(MailRow),
        organisation=MailRow.recipient,
        organisation_of=staff_organisation,
    ),
    Keeping(
        rule="daily_counts",
        table=_table(DeskDayRow),
        due=lambda before: DeskDayRow.used_on < dutch_date(before),
        since=DeskDayRow.used_on,
        remove=_plainly(DeskDayRow),
        organisation=DeskDayRow.organisation_id,
    ),
    Keeping(
        rule="daily_quota",
        table=_table(QuotaDayRow),
        due=lambda before: QuotaDayRow.used_on < dutch_date(before),
        since=QuotaDayRow.used_on,
        remove=_plainly(QuotaDayRow),
        organisation=QuotaDayRow.organisation_id,
    ),
    Keeping(
        rule="notice_exception",
        table=_table(NoticeExceptionRow),
        due=lambda before: (
            signal_gone(NoticeExceptionRow.signal_id) & (NoticeExceptionRow.approved_at < before)
        ),
        since=NoticeExceptionRow.approved_at,
        remove=_plainly(NoticeExceptionRow),
        organisation=NoticeExceptionRow.organisation_id,
    ),
    Keeping(
        rule="exception_asked",
        table=_table(ChangeRow),
        due=exception_asked_due,
        since=ChangeRow.proposed_at,
        remove=_plainly(ChangeRow),
        organisation=ChangeRow.organisation_id,
    ),
    Keeping(
        rule="change",
        table=_table(ChangeRow),
        due=lambda before: (ChangeRow.kind != ChangeKind.NOTICE_EXCEPTION) & change_over(before),
        since=ChangeRow.proposed_at,
        remove=_plainly(ChangeRow),
        organisation=ChangeRow.organisation_id,
    ),
    Keeping(
        rule="override",
        table=_table(OverrideRow),
        due=override_due,
        since=OverrideRow.asked_at,
        remove=_plainly(OverrideRow),
        organisation=OverrideRow.organisation_id,
    ),
    Keeping(
        rule="team_post",
        table=_table(PostRow),
        due=lambda before: PostRow.until_on < dutch_date(before),
        since=PostRow.since_on,
        remove=_plainly(PostRow),
        organisation=PostRow.staff_id,
        organisation_of=staff_organisation,
    ),
    Keeping(
        rule="staff_profile",
        table=_table(ProfileRow),
        due=profile_due,
        since=ProfileRow.since_on,
        remove=_plainly(ProfileRow),
        organisation=ProfileRow.staff_id,
        organisation_of=staff_organisation,
    ),
    Keeping(
        rule="staff_absence",
        table=_table(AbsenceRow),
        due=lambda before: AbsenceRow.until_on < dutch_date(before),
        since=AbsenceRow.since_on,
        remove=_plainly(AbsenceRow),
        organisation=AbsenceRow.staff_id,
        organisation_of=staff_organisation,
    ),
    Keeping(
        rule="school_contact",
        table=_table(SchoolContactRow),
        due=lambda before: SchoolContactRow.until_on < dutch_date(before),
        since=SchoolContactRow.since_on,
        remove=_plainly(SchoolContactRow),
        organisation=SchoolContactRow.organisation_id,
    ),
    Keeping(
        rule="location_coordinator",
        table=_table(LocationCoordinatorRow),
        due=lambda before: LocationCoordinatorRow.until_on < dutch_date(before),
        since=LocationCoordinatorRow.since_on,
        remove=_plainly(LocationCoordinatorRow),
        organisation=LocationCoordinatorRow.organisation_id,
    ),
)
