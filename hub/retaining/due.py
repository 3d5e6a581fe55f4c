"""When the rows of each class are due: their term began before a moment, and nothing holds them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from hub.cases.models import CaseRow
from hub.changes.kinds import ChangeKind
from hub.changes.models import ChangeRow
from hub.consent.models import ConsentRow, DecisionRow, OverrideRow
from hub.matches.models import MatchRow
from hub.notices.models import NoticeKind, NoticeRow
from hub.partners.models import StaffRow
from hub.rights.models import RightsRequestRow
from hub.rights.values import RequestState
from hub.signals.models import SignalRow
from hub.signals.values import SignalState, WithdrawalReason
from hub.subjects.models import RegistrationRow
from hub.teams.models import ProfileRow, TeamRow
from service.clock import dutch_date


def ended_at(id_: Any) -> Any:
    """Return when a registration ended, or nothing while it counts or when it is gone."""
    return select(RegistrationRow.ended_at).where(RegistrationRow.id == id_).scalar_subquery()


def signal_since() -> Any:
    """Return when the term of a signal began: its end, or its arrival where it was erased as unjustified."""
    unjustified = SignalRow.reason == WithdrawalReason.UNJUSTIFIED
    ended = func.coalesce(ended_at(SignalRow.id), SignalRow.active_until)
    return case((unjustified, SignalRow.received_at), else_=ended)


def signal_due(before: datetime) -> ColumnElement[bool]:
    """Select signals that no longer count, since before a moment."""
    over: ColumnElement[bool] = signal_since() < before
    # Of what a covenant keeps in the archive, the term runs until the archive is over; erased is never kept.
    until_on, erased = SignalRow.archived_until_on, SignalRow.reason == WithdrawalReason.UNJUSTIFIED
    kept = func.coalesce(until_on > dutch_date(before), false()) & ~func.coalesce(erased, false())
    return (SignalRow.state != SignalState.ACTIVE) & over & ~kept


def case_due(before: datetime) -> ColumnElement[bool]:
    """Select cases that ended before a moment."""
    return func.coalesce(CaseRow.closed_at, CaseRow.active_until) < before


def match_due(before: datetime) -> ColumnElement[bool]:
    """Select matches of which a side is gone, unchanged since a moment."""
    sides = (exists().where(RegistrationRow.id == side) for side in (MatchRow.signal_id, MatchRow.other_id))
    return or_(*(~side for side in sides)) & (MatchRow.checked_at < before)


def notice_due(before: datetime) -> ColumnElement[bool]:
    """Select notices that take something back, or whose match is gone."""
    orphan = ~exists().where(MatchRow.id == NoticeRow.match_id)
    return (orphan | (NoticeRow.kind == NoticeKind.VOID)) & (NoticeRow.queued_at < before)


def decision_due(before: datetime) -> ColumnElement[bool]:
    """Select decisions on signals that are gone."""
    return signal_gone(DecisionRow.signal_id) & (DecisionRow.decided_at < before)


def signal_gone(id_: Any) -> ColumnElement[bool]:
    """Tell whether there is no such signal any more."""
    return ~exists().where(SignalRow.id == id_)


def override_due(before: datetime) -> ColumnElement[bool]:
    """Select overrides that closed, of signals that are gone, once they were judged."""
    # Not before the privacy officer judged it: a queue that empties itself judges nobody.
    judged = OverrideRow.reviewed_at.is_not(None)
    return signal_gone(OverrideRow.signal_id) & judged & (OverrideRow.closes_at < before)


def change_over(before: datetime) -> ColumnElement[bool]:
    """Select changes that were decided upon, or waited too long."""
    return func.coalesce(ChangeRow.decided_at, ChangeRow.expires_at) < before


def exception_asked_due(before: datetime) -> ColumnElement[bool]:
    """Select who asked for an exception about a signal that is gone."""
    excepts = ChangeRow.kind == ChangeKind.NOTICE_EXCEPTION
    return excepts & signal_gone(ChangeRow.about) & change_over(before)


def request_undecided_due(before: datetime) -> ColumnElement[bool]:
    """Select requests filed before a moment that nobody decided upon; not what two persons just did."""
    open_ = RightsRequestRow.decided_at.is_(None) & (RightsRequestRow.state != RequestState.APPROVED)
    return open_ & (RightsRequestRow.received_at < before)


def staff_organisation(staff_id: Any) -> Any:
    """Return whose a row is that names a member of staff."""
    return select(StaffRow.organisation_id).where(StaffRow.id == staff_id).scalar_subquery()


def team_organisation(team_id: Any) -> Any:
    """Return whose a row is that names a team."""
    return select(TeamRow.organisation_id).where(TeamRow.id == team_id).scalar_subquery()


def profile_due(before: datetime) -> ColumnElement[bool]:
    """Select what another row of the same member of staff replaced."""
    newer = aliased(ProfileRow)
    replaced = (newer.staff_id == ProfileRow.staff_id) & (newer.since_on > ProfileRow.since_on)
    return exists().where(replaced & (newer.since_on < dutch_date(before)))


def consent_due(before: datetime) -> ColumnElement[bool]:
    """Select consents that were withdrawn or ended."""
    return or_(ConsentRow.withdrawn_at < before, ConsentRow.valid_until_on < dutch_date(before))
