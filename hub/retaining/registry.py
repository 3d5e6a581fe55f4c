"""Which rows each rule of keeping is about, when they are due, and how they go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, case, delete, exists, func, or_, select

from hub.cases.ending import erase_cases
from hub.cases.models import CaseRow, QuotaDayRow
from hub.consent.models import ConsentRow, DecisionRow, DeskDayRow, ObjectionRow
from hub.consent.remembering import erase_said
from hub.matches.erasing import delete_matches
from hub.matches.models import MatchRow
from hub.notices.models import MailRow, MailState, NoticeKind, NoticeRow
from hub.retention.service import NOWHERE, Keeping
from hub.rights.desks import desks_of
from hub.rights.forgetting import forget_requests
from hub.rights.models import RightsRequestRow
from hub.signals.ending import erase_signals
from hub.signals.models import SignalRow
from hub.signals.values import SignalState, WithdrawalReason
from hub.subjects.models import RegistrationRow
from hub.subjects.service import erase_registrations
from service.clock import dutch_date
from service.work import Work


def municipalities_of(work: Work, organisation_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Return the municipality that answers for each organisation; one for all where none was recorded."""
    return desks_of(work, organisation_ids, default=NOWHERE)


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


def _ended_at(id_: Any) -> Any:
    """Return when a registration ended, or nothing while it counts or when it is gone."""
    return select(RegistrationRow.ended_at).where(RegistrationRow.id == id_).scalar_subquery()


def _signal_since() -> Any:
    unjustified = SignalRow.reason == WithdrawalReason.UNJUSTIFIED
    ended = func.coalesce(_ended_at(SignalRow.id), SignalRow.active_until)
    return case((unjustified, SignalRow.received_at), else_=ended)


def _erase_signals(work: Work, ids: Sequence[UUID]) -> None:
    erase_registrations(work, ids)
    erase_signals(work, ids)


def _erase_cases(work: Work, ids: Sequence[UUID]) -> None:
    erase_registrations(work, ids)
    erase_cases(work, ids)


def _signal_due(before: datetime) -> ColumnElement[bool]:
    over: ColumnElement[bool] = _signal_since() < before
    return (SignalRow.state != SignalState.ACTIVE) & over


def _case_due(before: datetime) -> ColumnElement[bool]:
    return func.coalesce(CaseRow.closed_at, CaseRow.active_until) < before


def _match_due(before: datetime) -> ColumnElement[bool]:
    sides = (exists().where(RegistrationRow.id == side) for side in (MatchRow.signal_id, MatchRow.other_id))
    return or_(*(~side for side in sides)) & (MatchRow.checked_at < before)


def _notice_due(before: datetime) -> ColumnElement[bool]:
    orphan = ~exists().where(MatchRow.id == NoticeRow.match_id)
    return (orphan | (NoticeRow.kind == NoticeKind.VOID)) & (NoticeRow.queued_at < before)


def _decision_due(before: datetime) -> ColumnElement[bool]:
    return ~exists().where(SignalRow.id == DecisionRow.signal_id) & (DecisionRow.decided_at < before)


def _consent_due(before: datetime) -> ColumnElement[bool]:
    return or_(ConsentRow.withdrawn_at < before, ConsentRow.valid_until_on < dutch_date(before))


KEEPINGS: tuple[Keeping, ...] = (
    Keeping(
        rule="signal",
        table=_table(SignalRow),
        due=_signal_due,
        since=SignalRow.received_at,
        remove=_by_id(SignalRow.id, _erase_signals),
        organisation=SignalRow.organisation_id,
    ),
    Keeping(
        rule="case",
        table=_table(CaseRow),
        due=_case_due,
        since=CaseRow.opened_at,
        remove=_by_id(CaseRow.id, _erase_cases),
        organisation=CaseRow.organisation_id,
    ),
    Keeping(
        rule="match",
        table=_table(MatchRow),
        due=_match_due,
        since=MatchRow.created_at,
        remove=_by_id(MatchRow.id, delete_matches),
    ),
    Keeping(
        rule="notice",
        table=_table(NoticeRow),
        due=_notice_due,
        since=NoticeRow.queued_at,
        remove=_plainly(NoticeRow),
    ),
    Keeping(
        rule="decision",
        table=_table(DecisionRow),
        due=_decision_due,
        since=DecisionRow.decided_at,
        remove=_plainly(DecisionRow),
    ),
    Keeping(
        rule="consent",
        table=_table(ConsentRow),
        due=_consent_due,
        since=ConsentRow.recorded_at,
        remove=_by_id(ConsentRow.id, erase_said),
        organisation=ConsentRow.organisation_id,
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
        rule="mail",
        table=_table(MailRow),
        due=lambda before: (
            MailRow.state.in_([MailState.DELIVERED, MailState.DEAD]) & (MailRow.due_at < before)
        ),
        since=MailRow.due_at,
        remove=_plainly(MailRow),
    ),
    Keeping(
        rule="daily_counts",
        table=_table(DeskDayRow),
        due=lambda before: DeskDayRow.used_on < dutch_date(before),
        since=DeskDayRow.used_on,
        remove=_plainly(DeskDayRow),
    ),
    Keeping(
        rule="daily_quota",
        table=_table(QuotaDayRow),
        due=lambda before: QuotaDayRow.used_on < dutch_date(before),
        since=QuotaDayRow.used_on,
        remove=_plainly(QuotaDayRow),
    ),
)
