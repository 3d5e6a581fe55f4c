"""Put notices in inboxes, show them to their recipients, and take back what no longer stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from hub.audit.service import record, record_many
from hub.notices import store, terms
from hub.notices.delivery import deliver_due
from hub.notices.errors import NoticeClosedError, NoticeMissingError
from hub.notices.events import NoticeAcknowledged, NoticeNotShown, NoticeQueued, NoticeReturned, NoticeShown
from hub.notices.models import NoticeKind, NoticeRow, NoticeState
from hub.notices.policy import ORGANISATION, Sender, disclose, needs_verification
from hub.notices.rhythm import Rhythm, list_choosers
from hub.notices.values import NewNotice, Notice, Page, Returned
from hub.partners.service import StaffRole, find_partners, find_staff, require_role
from hub.teams.service import find_own_team_ids
from service.work import Work

__all__ = [
    "ALERTS", "ASKING", "NewNotice", "Notice", "NoticeKind", "NoticeState", "Page", "Returned", "acknowledge",
    "close_for_matches", "deliver_due", "find_page", "find_senders", "find_told", "leave", "list_overdue",
    "move", "queue",
    "return_overdue", "set_levels", "show", "take_back_shown", "void_for_matches",
]  # fmt: skip

MUNICIPAL_STAFF = (
    StaffRole.CASEMANAGER, StaffRole.TEAM_LEAD, StaffRole.DESK, StaffRole.PARTNER_COORDINATOR,
    StaffRole.MUNICIPAL_COORDINATOR, StaffRole.PROCESS_DIRECTOR,
)  # fmt: skip
# Lines that ask somebody to do something about a match, and among them those that only raise an alarm.
ALERTS = (NoticeKind.REMINDER, NoticeKind.STALLED, NoticeKind.ESCALATED)
ASKING = (NoticeKind.INTAKE, NoticeKind.HAND_OVER, NoticeKind.CONSULT, *ALERTS)
OVERDUE_BATCH = 500
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def queue(work: Work, notices: Sequence[NewNotice], *, working_days: int = terms.TERM_WORKING_DAYS) -> int:
    """Put notices in inboxes and let one mail wait for each recipient, in the transaction of the match.

    Returns:
        How many were new; a notice that its recipient has already is left as it is.
    """
    if not notices:
        return 0
    due_at = terms.due_at(work.now, working_days=working_days)
    put = store.put_notices(work.session, [_row(work, notice, due_at) for notice in notices])
    new = [notice for notice in notices if (notice.match_id, notice.recipient, notice.kind) in put]
    recipients = {notice.recipient for notice in new}
    store.put_mails(work.session, recipients, due_at=work.now)
    if at_once := recipients & list_choosers(work.session, Rhythm.AT_ONCE):
        store.hurry_mails(work.session, at_once, due_at=LONG_AGO)
    record_many(work, [_queued(notice) for notice in new])
    return len(new)


def mail_at_once(work: Work, recipients: Collection[UUID]) -> None:
    """Send each of these members of staff one mail without content, not at the next fixed hour but now.

    Only for what is about no citizen: whoever reads mail servers learns that there was something.
    """
    store.put_mails(work.session, recipients, due_at=LONG_AGO)
    store.hurry_mails(work.session, recipients, due_at=LONG_AGO)


def void_for_matches(work: Work, match_ids: Collection[UUID], *, but: UUID | None = None) -> None:
    """Take back every notice of these matches: stop those nobody saw, and tell those who saw one.

    Args:
        but: who knows, because they say so.

    Source:
        design.md 4, step 6.
    """
    kinds = (NoticeKind.MATCH, NoticeKind.POSSIBLE, NoticeKind.FAMILY, NoticeKind.LEAD, *ASKING)
    closed = store.close_notices(work.session, match_ids, kinds=kinds)
    # Told once, also where it stood again since and was not shown anew: that one knows of it still.
    told = {row.recipient for row in closed if row.told_at is not None} - {but}
    organisations = {id_: staff.organisation_id for id_, staff in find_staff(work, told).items()}
    queue(
        work,
        [
            NewNotice(
                match_id=row.match_id,
                recipient=row.recipient,
                kind=NoticeKind.VOID,
                organisation_id=organisations[row.recipient],
                team_id=row.team_id,
                case_id=row.case_id,
            )
            for row in _one_each(row for row in closed if row.recipient in organisations and row.told_at)
        ],
    )
    store.stop_mails(work.session, {row.recipient for row in closed})


def close_for_matches(
    work: Work,
    match_ids: Collection[UUID],
    *,
    kinds: Collection[NoticeKind] = (NoticeKind.INTAKE, NoticeKind.POSSIBLE),
) -> None:
    """Close notices that ask somebody to act, because it was done; nobody needs to hear of that."""
    closed = store.close_notices(work.session, match_ids, kinds=kinds)
    store.stop_mails(work.session, {row.recipient for row in closed})


def leave(work: Work, match_ids: Collection[UUID]) -> None:
    """Take matches out of the hands of those who were told: their notices went back to the team."""
    left = store.leave_notices(work.session, match_ids)
    store.stop_mails(work.session, left)


def move(work: Work, match_ids: Collection[UUID], team_id: UUID) -> None:
    """Let the notices of matches be behind the wall of another team from now on."""
    store.move_notices(work.session, match_ids, team_id=team_id)


def set_levels(work: Work, levels: Mapping[UUID, int]) -> None:
    """Lower what the notices of matches show; raise it only where nobody was told yet."""
    store.set_levels(work.session, levels)


def find_page(
    work: Work, *, cursor: UUID | None = None, page_size: int = 100, only_new: bool = False
) -> Page:
    """Choose a page of the caller's own inbox; nothing of it is shown yet."""
    staff = require_role(work, *MUNICIPAL_STAFF)
    teams = find_own_team_ids(work)
    rows = store.list_inbox(
        work.session, staff.id, teams=teams, after=cursor, limit=page_size + 1, only_new=only_new
    )
    page = rows[:page_size]
    return Page(
        ids=tuple(row.id for row in page),
        untold=frozenset(row.match_id for row in page if _tells(row) and row.seen_at is None),
        told=frozenset(row.match_id for row in page if _tells(row)),
        following=page[-1].id if len(rows) > page_size else None,
    )


def show(work: Work, page: Page, *, verified: Collection[UUID]) -> list[Notice]:
    """Show the caller a page of their own inbox; what is shown for the first time is recorded as told.

    Read again and held: what is taken back meanwhile is not shown, or its recipient hears that it was.

    Args:
        verified: matches of which was decided, in this unit of work, that they may be told now.
    """
    staff = require_role(work, *MUNICIPAL_STAFF)
    held = {row.id: row for row in store.lock_inbox(work.session, staff.id, page.ids)}
    there = [held[id_] for id_ in page.ids if id_ in held]
    rows = [row for row in there if row.match_id in verified or not _tells(row)]
    first = [row for row in rows if row.seen_at is None]
    store.mark_seen(work.session, [row.id for row in first], now=work.now)
    record_many(work, [_shown(row, staff.organisation_id) for row in first])
    senders = find_senders(work, [(row.sender_id, row.reporter) for row in rows])
    return [_notice(row, senders.get((row.sender_id, row.reporter))) for row in rows]


def take_back_shown(work: Work, shown_at: datetime) -> None:
    """Let what was recorded as shown at that moment, and was not shown, be decided on anew the next time."""
    staff = require_role(work, *MUNICIPAL_STAFF)
    rows = store.forget_seen(work.session, staff.id, shown_at)
    subjects = [{"notice": str(row.id), "match": str(row.match_id)} for row in rows]
    events = [NoticeNotShown(organisation_id=staff.organisation_id, subject=one) for one in subjects]
    record_many(work, events)


def acknowledge(work: Work, notice_id: UUID, *, outcome: NoticeState) -> Notice:
    """Take up a notice of the caller, or say that the team was in contact already; twice the same is once.

    Raises:
        NoticeMissingError: It is not in the caller's inbox, or was never shown.
        NoticeClosedError: It was answered otherwise, went back to the team, or no longer stands.

    Source:
        ROU-13, MAT-15.
    """
    staff = require_role(work, *MUNICIPAL_STAFF)
    row = store.lock_own(work.session, notice_id, staff.id)
    # An answer shows the notice: whoever guesses a number must not be told past the decision.
    if row is None or row.seen_at is None or not _within_wall(work, row):
        raise NoticeMissingError
    if row.state not in {NoticeState.NEW, outcome}:
        raise NoticeClosedError
    if row.state == NoticeState.NEW:
        row.state = outcome
        work.session.flush()
        store.stop_mails(work.session, {staff.id})
        subject = {"notice": str(row.id), "match": str(row.match_id)}
        record(
            work,
            NoticeAcknowledged(
                organisation_id=staff.organisation_id, subject=subject, detail={"outcome": outcome.value}
            ),
        )
    senders = find_senders(work, [(row.sender_id, row.reporter)])
    return _notice(row, senders.get((row.sender_id, row.reporter)))


def find_told(work: Work, notice_id: UUID) -> UUID | None:
    """Name the match of which a notice of the caller tells; None where it tells of none, or is not theirs."""
    staff = require_role(work, *MUNICIPAL_STAFF)
    row = store.find_own(work.session, notice_id, staff.id)
    return row.match_id if row is not None and _tells(row) else None


def list_overdue(work: Work, *, limit: int = OVERDUE_BATCH) -> set[UUID]:
    """Name the matches whose notice was not taken up within its term, longest waiting first."""
    return store.list_overdue(work.session, now=work.now, limit=limit)


def return_overdue(work: Work, match_ids: Collection[UUID]) -> list[Returned]:
    """Return to the team those of these that are still not taken up. Source: ROU-12, ROU-13."""
    rows = store.lock_overdue(work.session, match_ids, now=work.now)
    store.set_state(work.session, [row.id for row in rows], NoticeState.RETURNED)
    record_many(
        work,
        [NoticeReturned(subject={"notice": str(row.id), "match": str(row.match_id)}) for row in rows],
    )
    store.stop_mails(work.session, {row.recipient for row in rows})
    return [Returned(row.match_id, row.recipient) for row in rows]


def find_senders(
    work: Work, pairs: Collection[tuple[UUID | None, UUID | None]]
) -> dict[tuple[UUID | None, UUID | None], Sender]:
    """Look up who left signals, per organisation and reporter, in two queries."""
    partners = find_partners(work, {sender for sender, _ in pairs if sender})
    staff = find_staff(work, {reporter for _, reporter in pairs if reporter})
    return {
        (sender, reporter): Sender(
            domain=partners[sender].domain,
            name=partners[sender].name,
            contact=staff[reporter].contact_label if reporter in staff else None,
        )
        for sender, reporter in pairs
        if sender in partners
    }


def _tells(row: NoticeRow) -> bool:
    """Tell whether showing this notice tells of somebody, again or for the first time."""
    return row.kind == NoticeKind.MATCH and row.state not in {NoticeState.VOID, NoticeState.RETURNED}


def _within_wall(work: Work, row: NoticeRow) -> bool:
    return row.team_id is None or row.team_id in find_own_team_ids(work)


def _one_each(rows: Iterable[NoticeRow]) -> list[NoticeRow]:
    """Keep one row per match and recipient."""
    return list({(row.match_id, row.recipient): row for row in rows}.values())


def _row(work: Work, notice: NewNotice, due_at: datetime) -> dict[str, object]:
    return {
        "id": uuid4(),
        "match_id": notice.match_id,
        "recipient": notice.recipient,
        "kind": notice.kind.value,
        "team_id": notice.team_id,
        "case_id": notice.case_id,
        "signal_id": notice.signal_id,
        "sender_id": notice.sender_id,
        "reporter": notice.reporter,
        "contact_on": notice.contact_on,
        "signal_kind": notice.signal_kind,
        "level": notice.level,
        "police_origin": notice.police_origin,
        "agreed": " ".join(sorted(notice.agreed)),
        "state": NoticeState.NEW.value,
        "queued_at": work.now,
        "due_at": due_at,
        "seen_at": None,
    }


def _notice(row: NoticeRow, sender: Sender | None) -> Notice:
    shown = disclose(row.level, sender, police_origin=row.police_origin)
    agreed = frozenset(row.agreed.split())
    return Notice(
        notice_id=row.id,
        match_id=row.match_id,
        kind=row.kind,
        case_id=row.case_id,
        contact_date=row.contact_on,
        signal_kind=row.signal_kind,
        level=row.level,
        partner=shown.partner,
        reporter_contact=shown.reporter_contact,
        police_origin=shown.police_origin,
        verify_person=bool(agreed) and needs_verification(agreed),
        handle=row.signal_id if row.level >= ORGANISATION else None,
        queued_at=row.queued_at,
        due_at=row.due_at,
        state=row.state,
    )


def _queued(notice: NewNotice) -> NoticeQueued:
    return NoticeQueued(
        organisation_id=notice.organisation_id,
        subject={"match": str(notice.match_id), "recipient": str(notice.recipient)},
        detail={"kind": notice.kind.value, "level": notice.level},
    )


def _shown(row: NoticeRow, organisation_id: UUID) -> NoticeShown:
    return NoticeShown(
        organisation_id=organisation_id,
        subject={"notice": str(row.id), "match": str(row.match_id)},
        detail={"kind": row.kind, "level": row.level},
    )
