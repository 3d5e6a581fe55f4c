"""Say who heard of registrations through their matches, and erase those matches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from hub.matches import effects, owners, store
from hub.matches.models import (
    AssignmentRow,
    ConsultRow,
    EscalationRow,
    FeedbackRow,
    FollowUpRow,
    HandOverRow,
    HouseholdMatchRow,
    InquiryClockRow,
    InquiryRow,
    IntakeItemRow,
    MatchRow,
    MatchViewerRow,
)
from hub.matches.policy import LIVE
from hub.matches.states import MatchState
from hub.notices.erasing import erase_notices, list_seen
from hub.notices.service import NoticeKind
from hub.partners.service import find_staff
from service.work import Work

# What one person is asked about a match; what a whole team sees on a list is kept by `viewers`.
AIMED = frozenset({NoticeKind.FAMILY, NoticeKind.LEAD, NoticeKind.HAND_OVER, NoticeKind.CONSULT})


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member of staff who heard of a registration.

    Attributes:
        how: `notice` from the inbox, `intake` by taking it for the team or from a colleague, `consult` when
            a colleague asked them to look, `asked` by a notice of a family, or to take over or lead:
            it says a number and no sender.
    """

    match_id: UUID
    registration_ids: frozenset[UUID]
    organisation_id: UUID
    staff_id: UUID
    how: str
    level: int
    told_at: datetime


def find_standing_decisions(work: Work, registration_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return which decision stands for each match of these, and when it was last found to hold."""
    rows = store.list_touching(work.session, registration_ids)
    return {row.decision_id: row.checked_at for row in rows if row.decision_id}


def list_recipients(work: Work, registration_ids: Collection[UUID], *, hold: bool = True) -> list[Recipient]:
    """Return everybody who was told of these registrations, also where it was taken back since."""
    matches = {row.id: row for row in store.list_touching(work.session, registration_ids, hold=hold)}
    seen = list_seen(work, matches)
    heard = [
        (one.match_id, one.recipient, "notice", one.level, one.seen_at)
        for one in seen
        if one.kind is NoticeKind.MATCH
    ]
    by_notice = {(match_id, staff_id) for match_id, staff_id, *_ in heard}
    found = owners.list_heard(work.session, matches)
    by_hand = {(match_id, staff_id) for match_id, staff_id, *_ in found}
    asked = {
        (one.match_id, one.recipient): (one.match_id, one.recipient, "asked", 0, one.seen_at)
        for one in reversed(seen)
        if one.kind in AIMED
    }
    heard += [one for key, one in asked.items() if key not in by_notice | by_hand]
    heard += [
        (match_id, staff_id, how, matches[match_id].level, at)
        for match_id, staff_id, how, at in found
        if (match_id, staff_id) not in by_notice
    ]
    staff = find_staff(work, {staff_id for _, staff_id, *_ in heard})
    return [
        Recipient(
            match_id=match_id,
            registration_ids=frozenset({matches[match_id].signal_id, matches[match_id].other_id}),
            organisation_id=staff[staff_id].organisation_id,
            staff_id=staff_id,
            how=how,
            level=level,
            told_at=told_at,
        )
        for match_id, staff_id, how, level, told_at in heard
        if staff_id in staff
    ]


def list_keys(work: Work, registration_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Return the pair of every match of these registrations, whatever became of it."""
    rows = store.list_touching(work.session, registration_ids)
    return {row.id: (row.signal_id, row.other_id) for row in rows}


def list_lately(work: Work, match_ids: Collection[UUID], *, since: datetime) -> dict[UUID, UUID]:
    """Return who took matches up, and has them still or had them until lately."""
    row = AssignmentRow
    taken = row.match_id.in_(match_ids) & row.accepted_at.is_not(None) & row.staff_id.is_not(None)
    query = select(row.match_id, row.staff_id).where(taken, row.ended_at.is_(None) | (row.ended_at >= since))
    found = work.session.execute(query.order_by(row.assigned_at))
    return {match_id: staff_id for match_id, staff_id in found if staff_id}


def find_taken(work: Work, staff_id: UUID, match_ids: Collection[UUID]) -> set[UUID]:
    """Name those of these matches that somebody took up, whoever has them since."""
    heard = owners.list_heard(work.session, match_ids)
    return {match_id for match_id, by, how, _ in heard if by == staff_id and how == "intake"}


def erase_matches(work: Work, registration_ids: Collection[UUID]) -> set[UUID]:
    """Take back and delete every match of these registrations, which are locked by whoever asks.

    Returns:
        The ids of matches, notices, owners and intake items that are gone.

    Source:
        TRA-09, SIG-18: everybody who was told gets the notice that takes it back.
    """
    rows = store.list_touching(work.session, registration_ids)
    live = [row for row in rows if row.state in LIVE]
    for row in live:
        row.state = MatchState.VOID
    work.session.flush()
    effects.take_back(work, live)
    effects.record_states(work, live)
    return delete_matches(work, {row.id for row in rows})


def delete_matches(work: Work, ids: Collection[UUID]) -> set[UUID]:
    """Delete matches that are void, with what hung on them; returns the ids of all that is gone."""
    gone = set(ids) | erase_notices(work, ids)
    for table in (AssignmentRow, IntakeItemRow, HandOverRow, ConsultRow, FeedbackRow):
        deleted = delete(table).where(table.match_id.in_(ids)).returning(table.id)
        gone |= set(work.session.execute(deleted).scalars())
    for clock in (FollowUpRow, EscalationRow, HouseholdMatchRow, MatchViewerRow, InquiryRow, InquiryClockRow):
        work.session.execute(delete(clock).where(clock.match_id.in_(ids)))
    work.session.execute(delete(MatchRow).where(MatchRow.id.in_(ids)))
    return gone


def list_judges(work: Work, registration_ids: Collection[UUID]) -> list[tuple[UUID, datetime]]:
    """Return who judged whether matches of these registrations are of one person, and when."""
    rows = store.list_touching(work.session, registration_ids)
    return sorted(
        {(row.judged_by, row.judged_at) for row in rows if row.judged_by and row.judged_at},
        key=lambda judged: (judged[1], judged[0]),
    )
