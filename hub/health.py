"""How the hub itself is: counts and moments of the work that waits, for the functional administrator.

Nothing in it is about a person, and nothing about one organisation's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from hub.audit.models import LOG, AuditLineRow
from hub.chores import ChoreRunRow
from hub.notices.models import MailRow, MailState
from hub.partners.service import StaffRole, require_role
from hub.retention.models import RetentionRunRow
from hub.subjects.models import MatchQueueRow, RegistrationRow
from service.work import Work

# After so many of its periods a chore that one worker does is late, however often workers are restarted.
MISSED = 3
GRACE = timedelta(minutes=2)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of something waits, and since when; None where nothing does."""

    count: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ChoreSeen:
    """When a chore that one worker does was done last, and whether that is too long ago."""

    name: str
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What an administrator looks at first.

    Attributes:
        unsequenced: events that have no place in the log yet; `unread`: lines not laid out yet.
        unmatched: registrations that nobody compared yet.
        mails: those that a server did not take and that are tried again.
        unopened: envelopes of a week that did not open, by the reason.
        braked: rules of keeping whose last run was stopped, with the reason.
    """

    unsequenced: int
    unread: int
    unmatched: Waiting
    mails: Waiting
    given_up: int
    unopened: Mapping[str, int]
    braked: Mapping[str, str]
    chores: Sequence[ChoreSeen]


def read_health(work: Work) -> Health:
    """Count what waits and what was missed; raises RoleNotAllowedError for who is no administrator."""
    require_role(work, StaffRole.FUNCTIONAL_ADMINISTRATOR)
    return Health(
        unsequenced=_count(work, LOG.pending.c.seq),
        unread=_count_unread(work),
        unmatched=_waiting(work, MatchQueueRow.queued_at),
        mails=_waiting(work, MailRow.due_at, MailRow.state == MailState.WAITING, MailRow.attempt > 0),
        given_up=_count(work, MailRow.id, MailRow.state == MailState.DEAD),
        unopened=_count_unopened(work),
        braked=_list_braked(work),
        chores=_list_chores(work),
    )


def _count(work: Work, column: Any, *conditions: Any) -> int:
    return int(work.session.execute(select(func.count(column)).where(*conditions)).scalar_one())


def _waiting(work: Work, moment: Any, *conditions: Any) -> Waiting:
    count, since = work.session.execute(select(func.count(), func.min(moment)).where(*conditions)).one()
    return Waiting(count, since)


def _count_unread(work: Work) -> int:
    head, line = LOG.head.c, AuditLineRow
    newest = work.session.execute(select(head.shard, head.size).order_by(head.shard.desc()).limit(1)).first()
    if newest is None:
        return 0
    last = work.session.scalar(select(func.max(line.idx)).where(line.shard == newest.shard))
    return max(int(newest.size) - (0 if last is None else last + 1), 0)


def _count_unopened(work: Work) -> dict[str, int]:
    row = RegistrationRow
    query = select(row.quarantine, func.count()).where(
        row.quarantine.is_not(None), row.active_from >= work.now - WEEK
    )
    return {str(reason): count for reason, count in work.session.execute(query.group_by(row.quarantine))}


def _list_braked(work: Work) -> dict[str, str]:
    run = RetentionRunRow
    last = select(run.rule, func.max(run.ran_at).label("at")).group_by(run.rule).subquery()
    query = select(run.rule, run.braked).join(last, (last.c.rule == run.rule) & (last.c.at == run.ran_at))
    return {rule: braked for rule, braked in work.session.execute(query) if braked}


def _list_chores(work: Work) -> list[ChoreSeen]:
    row = ChoreRunRow
    last = select(row.chore, func.max(row.slot).label("slot")).group_by(row.chore).subquery()
    query = select(row.chore, row.slot, row.claimed_at).join(
        last, (last.c.chore == row.chore) & (last.c.slot == row.slot)
    )
    found = work.session.execute(query.order_by(row.chore)).all()
    return [ChoreSeen(name, at, _is_late(slot, at, work.now)) for name, slot, at in found]


def _is_late(slot: int, at: datetime, now: datetime) -> bool:
    """Tell whether a chore missed its turns; its slots are numbered from 1970 by its period."""
    period = timedelta(seconds=at.timestamp() / slot) if slot else timedelta()
    # What goes at fixed hours has the moment itself as its slot, and pauses at weekends.
    return period > timedelta(seconds=1.5) and now - at > MISSED * period + GRACE
