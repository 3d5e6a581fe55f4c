"""Every query on notices and mails."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Table, case, delete, exists, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hub.notices.models import MailRow, MailState, NoticeKind, NoticeRow, NoticeState
from service.bulk import insert_into

_NOTICE: Table = NoticeRow.__table__  # type: ignore[assignment]
_MAIL: Table = MailRow.__table__  # type: ignore[assignment]

CHUNK = 500  # rows a statement: SQLite takes at most 32,766 parameters


def put_notices(session: Session, rows: Sequence[Mapping[str, Any]]) -> set[tuple[UUID, UUID, str]]:
    """Put notices in inboxes, once per match, recipient and kind; one that was void or went back is revived.

    Returns:
        Match, recipient and kind of the notices that are new to their recipient.
    """
    put: set[tuple[UUID, UUID, str]] = set()
    for part in _chunks(rows):
        put |= {tuple(row) for row in session.execute(_put(session, part))}
    return put


def _put(session: Session, rows: Sequence[Mapping[str, Any]]) -> Any:
    key = ("match_id", "recipient", "kind")
    insert = insert_into(session, _NOTICE).values(list(rows))
    return insert.on_conflict_do_update(
        index_elements=key,
        set_={name: insert.excluded[name] for name in rows[0] if name not in {"id", *key}},
        where=_NOTICE.c.state.in_([NoticeState.VOID.value, NoticeState.RETURNED.value]),
    ).returning(*(_NOTICE.c[name] for name in key))


def put_mails(session: Session, recipients: Collection[UUID], *, due_at: datetime) -> None:
    """Let one mail wait for each recipient.

    A mail that waits already is locked until this commits: sent before, it would point to an empty inbox.
    """
    rows = [
        {
            "id": uuid4(),
            "recipient": recipient,
            "state": MailState.WAITING,
            "attempt": 0,
            "due_at": due_at,
            "at_once": False,
        }
        for recipient in sorted(recipients)
    ]
    for part in _chunks(rows):
        insert = insert_into(session, _MAIL).values(list(part))
        # A literal: PostgreSQL finds no partial index by a parameter once psycopg has the statement prepared.
        waits: dict[str, Any] = {"index_elements": ["recipient"], "index_where": text("state = 'waiting'")}
        session.execute(
            insert.on_conflict_do_update(**waits, set_={"recipient": insert.excluded.recipient})
            if session.get_bind().dialect.name == "postgresql"
            else insert.on_conflict_do_nothing()
        )


def level_mails(session: Session, *, due_at: datetime, but: Collection[UUID] = ()) -> None:
    """Let all mails that wait be due at the same moment, but for those of some recipients."""
    waits = (_MAIL.c.state == MailState.WAITING) & _MAIL.c.recipient.not_in(but)
    session.execute(update(_MAIL).where(waits).values(due_at=due_at))


def hurry_mails(session: Session, recipients: Collection[UUID], *, due_at: datetime) -> None:
    """Let the mails that wait for these be due at this moment, whatever the fixed hours."""
    waits = (_MAIL.c.state == MailState.WAITING) & _MAIL.c.recipient.in_(recipients)
    session.execute(update(_MAIL).where(waits).values(due_at=due_at, at_once=True))


def stop_mails(session: Session, recipients: Collection[UUID]) -> None:
    """Take back the mails of recipients for whom nothing new is left."""
    waits = (_MAIL.c.state == MailState.WAITING) & _MAIL.c.recipient.in_(recipients)
    left = exists().where(_NOTICE.c.recipient == _MAIL.c.recipient, _NOTICE.c.state == NoticeState.NEW)
    session.execute(delete(_MAIL).where(waits, ~left))


def close_notices(
    session: Session, match_ids: Collection[UUID], *, kinds: Collection[NoticeKind]
) -> list[NoticeRow]:
    """Make the notices of these matches void, whatever was done with them; returns them as they were."""
    open_ = (_NOTICE.c.state != NoticeState.VOID) & _NOTICE.c.kind.in_([str(kind) for kind in kinds])
    found: list[NoticeRow] = []
    for part in _chunks(sorted(match_ids)):
        query = select(NoticeRow).where(_NOTICE.c.match_id.in_(part), open_).order_by(NoticeRow.id)
        found += session.scalars(query.with_for_update()).all()
    for ids in _chunks([row.id for row in found]):
        # What it said goes too: a signal may be withdrawn because it was wrong.
        session.execute(
            update(_NOTICE)
            .where(_NOTICE.c.id.in_(ids))
            .values(
                state=NoticeState.VOID,
                signal_id=None,
                sender_id=None,
                reporter=None,
                contact_on=None,
                signal_kind=None,
                level=0,
                police_origin=False,
                agreed="",
            )
        )
    return found


_GONE = (NoticeState.VOID.value, NoticeState.RETURNED.value)
# Whoever was not shown it in time has nothing to do with it any more, and learns nothing from it afterwards.
_STANDS = NoticeRow.state.not_in(_GONE)


def list_inbox(
    session: Session,
    recipient: UUID,
    *,
    teams: Collection[UUID],
    after: UUID | None,
    limit: int,
    only_new: bool,
) -> list[NoticeRow]:
    """Read a page of an inbox, what is due first on top; what was gone before it was shown never was there.

    Args:
        teams: in which the recipient works today; of another team's match they see nothing any more.
        after: the last one of the page before; where that is gone meanwhile, the first page comes again.
    """
    query = select(NoticeRow).where(NoticeRow.recipient == recipient)
    query = query.where(NoticeRow.team_id.is_(None) | NoticeRow.team_id.in_(teams))
    query = query.where(_STANDS | NoticeRow.seen_at.is_not(None))
    if only_new:
        query = query.where(NoticeRow.state == NoticeState.NEW)
    last = session.get(NoticeRow, after) if after is not None else None
    if last is not None and last.recipient == recipient:
        later = (NoticeRow.due_at == last.due_at) & (NoticeRow.id > last.id)
        query = query.where((NoticeRow.due_at > last.due_at) | later)
    return list(session.scalars(query.order_by(NoticeRow.due_at, NoticeRow.id).limit(limit)))


def lock_inbox(session: Session, recipient: UUID, ids: Collection[UUID]) -> list[NoticeRow]:
    """Read these notices of a recipient as they are now, and hold them; in the order of ids."""
    query = select(NoticeRow).where(NoticeRow.recipient == recipient, NoticeRow.id.in_(ids))
    query = query.where(_STANDS | NoticeRow.seen_at.is_not(None))
    fresh = query.order_by(NoticeRow.id).with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(fresh))


def leave_notices(session: Session, match_ids: Collection[UUID]) -> set[UUID]:
    """Let the notices of these matches have gone back to the team; returns whose they were."""
    told = (_NOTICE.c.kind == NoticeKind.MATCH) & _STANDS
    left: set[UUID] = set()
    for part in _chunks(sorted(match_ids)):
        back = update(_NOTICE).where(_NOTICE.c.match_id.in_(part), told).values(state=NoticeState.RETURNED)
        left |= set(session.scalars(back.returning(_NOTICE.c.recipient)))
    return left


def move_notices(session: Session, match_ids: Collection[UUID], *, team_id: UUID) -> None:
    """Put the notices of matches, those that have a wall, behind another team's."""
    for part in _chunks(sorted(match_ids)):
        walled = _NOTICE.c.match_id.in_(part) & _NOTICE.c.team_id.is_not(None)
        session.execute(update(_NOTICE).where(walled).values(team_id=team_id))


def set_levels(session: Session, levels: Mapping[UUID, int]) -> None:
    """Set the level of what stands of these matches: lower always, higher only before it was seen."""
    for match_id, level in sorted(levels.items()):
        told = (_NOTICE.c.match_id == match_id) & (_NOTICE.c.kind == NoticeKind.MATCH)
        stands = told & (_NOTICE.c.state != NoticeState.VOID)
        lower = (_NOTICE.c.level > level) | _NOTICE.c.seen_at.is_(None)
        session.execute(update(_NOTICE).where(stands, lower).values(level=level))


def find_own(session: Session, notice_id: UUID, recipient: UUID) -> NoticeRow | None:
    """Read one notice of this recipient."""
    query = select(NoticeRow).where(NoticeRow.id == notice_id, NoticeRow.recipient == recipient)
    return session.scalars(query).one_or_none()


def lock_own(session: Session, notice_id: UUID, recipient: UUID) -> NoticeRow | None:
    """Read one notice of this recipient and hold it."""
    query = select(NoticeRow).where(NoticeRow.id == notice_id, NoticeRow.recipient == recipient)
    return session.scalars(query.with_for_update()).one_or_none()


def _is_overdue(now: datetime) -> ColumnElement[bool]:
    waits = (_NOTICE.c.state == NoticeState.NEW) & (_NOTICE.c.kind == NoticeKind.MATCH)
    return waits & (_NOTICE.c.due_at <= now)


def list_overdue(session: Session, *, now: datetime, limit: int) -> set[UUID]:
    """Name the matches whose notice was not taken up within its term, longest waiting first."""
    query = select(_NOTICE.c.match_id).where(_is_overdue(now)).order_by(_NOTICE.c.due_at)
    return set(session.scalars(query.limit(limit)))


def lock_overdue(session: Session, match_ids: Collection[UUID], *, now: datetime) -> list[NoticeRow]:
    """Hold the notices of these matches that were not taken up within their term."""
    query = select(NoticeRow).where(_is_overdue(now), _NOTICE.c.match_id.in_(match_ids))
    held = query.order_by(NoticeRow.id).with_for_update(skip_locked=True)
    return list(session.scalars(held.execution_options(populate_existing=True)))


def set_state(session: Session, ids: Collection[UUID], state: NoticeState) -> None:
    """Move notices to a state."""
    session.execute(update(_NOTICE).where(_NOTICE.c.id.in_(ids)).values(state=state))


def mark_seen(session: Session, ids: Collection[UUID], *, now: datetime) -> None:
    """Remember when notices were shown, and when each was first, and at which level at most."""
    if not ids:
        return
    known, level = _NOTICE.c.told_level, _NOTICE.c.level
    most = case((known.is_(None) | (known < level), level), else_=known)
    told = {"told_at": func.coalesce(_NOTICE.c.told_at, now), "told_level": most, "told_before": known}
    session.execute(update(_NOTICE).where(_NOTICE.c.id.in_(ids)).values(seen_at=now, **told))


def forget_seen(session: Session, recipient: UUID, seen_at: datetime) -> list[NoticeRow]:
    """Let what this recipient saw first at that very moment count as not seen; returns those."""
    chosen = select(NoticeRow).where(NoticeRow.recipient == recipient, NoticeRow.seen_at == seen_at)
    rows = list(session.scalars(chosen.order_by(NoticeRow.id).with_for_update()))
    for row in rows:
        if row.told_at == row.seen_at:
            row.told_at = None
        row.seen_at, row.told_level = None, row.told_before
    session.flush()
    return rows


def lease_mail(
    session: Session, *, worker: str, now: datetime, since: datetime, until: datetime
) -> MailRow | None:
    """Take one mail that is due, past those that another worker holds; its lease ends by itself.

    Args:
        since: the last fixed hour; what became due after it waits, unless it is sent at once.
    """
    struck = or_(MailRow.due_at <= since, MailRow.at_once & (MailRow.due_at <= now))
    due = MailRow.state.in_([MailState.WAITING, MailState.LEASED]) & struck
    query = (
        select(MailRow)
        .where(due)
        .order_by(MailRow.due_at, MailRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    mail = session.scalars(query).one_or_none()
    if mail is not None:
        mail.state, mail.leased_by, mail.due_at = MailState.LEASED, worker, until
        mail.attempt += 1
        session.flush()
    return mail


def end_mail(session: Session, mail_id: UUID, state: MailState, *, worker: str) -> bool:
    """End a mail that this worker still holds."""
    held = (_MAIL.c.id == mail_id) & (_MAIL.c.state == MailState.LEASED) & (_MAIL.c.leased_by == worker)
    ended = session.execute(update(_MAIL).where(held).values(state=state).returning(_MAIL.c.id))
    return ended.first() is not None


def put_back_mail(session: Session, mail_id: UUID, *, worker: str, due_at: datetime) -> bool:
    """Let a mail wait for its next attempt; False, and dropped, where a newer one waits for its recipient."""
    held = (_MAIL.c.id == mail_id) & (_MAIL.c.state == MailState.LEASED) & (_MAIL.c.leased_by == worker)
    try:
        with session.begin_nested():
            session.execute(update(_MAIL).where(held).values(state=MailState.WAITING, due_at=due_at))
    except IntegrityError:
        session.execute(delete(_MAIL).where(held))
        return False
    return True


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
