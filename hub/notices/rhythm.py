"""How often somebody wants the mail that says nothing: their own choice, within what the hub allows.

Every fixed hour and once a week tell nobody anything: the mail goes whether there is something or not. At
once tells whoever reads mail servers that there was something; a hub offers it only when its operator turned
it on, on the word of the privacy officer.

Source: audit-and-reliability.md, 2.5 (default daily, also when empty; per event by opt-in).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hub.audit.service import record
from hub.notices.errors import RhythmNotOfferedError
from hub.notices.events import RhythmChosen
from hub.notices.models import MailRhythmRow, MailRow, MailState
from hub.notices.terms import is_working_day
from hub.partners.errors import RoleNotAllowedError
from service.bulk import insert_into
from service.clock import AMSTERDAM, dutch_date
from service.work import Work


class Rhythm(StrEnum):
    """When the mail goes."""

    EVERY_TIME = "every_time"  # at each fixed hour
    WEEKLY = "weekly"  # with the first fixed hour of the week
    AT_ONCE = "at_once"  # when something comes, and only then


def offered(*, at_once: bool) -> list[Rhythm]:
    """Return what somebody may choose."""
    return [one for one in Rhythm if at_once or one is not Rhythm.AT_ONCE]


def choose_rhythm(work: Work, rhythm: Rhythm, *, at_once: bool) -> None:
    """Let the caller's mail go in a rhythm from now on.

    Raises:
        RhythmNotOfferedError: This hub does not offer it.
    """
    staff_id = work.caller.staff_id
    if staff_id is None:
        raise RoleNotAllowedError
    if rhythm not in offered(at_once=at_once):
        raise RhythmNotOfferedError(places=("/rhythm",))
    row = {"staff_id": staff_id, "rhythm": rhythm.value, "chosen_at": work.now}
    chosen = insert_into(work.session, MailRhythmRow).values(row)
    anew = {name: chosen.excluded[name] for name in ("rhythm", "chosen_at")}
    work.session.execute(chosen.on_conflict_do_update(index_elements=["staff_id"], set_=anew))
    organisation = work.caller.organisation_id
    record(work, RhythmChosen(organisation_id=organisation, detail={"rhythm": rhythm.value}))


def find_rhythm(work: Work) -> Rhythm:
    """Return the caller's own rhythm: every fixed hour, where nothing was chosen."""
    row = work.session.get(MailRhythmRow, work.caller.staff_id)
    return Rhythm(row.rhythm) if row else Rhythm.EVERY_TIME


def list_choosers(session: Session, rhythm: Rhythm) -> set[UUID]:
    """Name the staff who chose a rhythm."""
    return set(session.scalars(select(MailRhythmRow.staff_id).where(MailRhythmRow.rhythm == rhythm)))


def begins_week(slot: datetime, hours: Collection[int]) -> bool:
    """Tell whether a fixed hour is the first of its week: of the first day on which offices are open."""
    local = slot.astimezone(AMSTERDAM)
    monday = local.date() - timedelta(days=local.weekday())
    first = next(day for day in (monday + timedelta(days=n) for n in range(7)) if is_working_day(day))
    return local.date() == first and local.hour == min(hours)


def hold_mails(session: Session, recipients: Collection[UUID], *, slot: datetime) -> None:
    """Let the mails that wait for these wait on, until a week after this fixed hour at the latest."""
    if not recipients:
        return
    later = datetime.combine(dutch_date(slot) + timedelta(days=8), time(), tzinfo=AMSTERDAM)
    waits = (MailRow.state == MailState.WAITING) & MailRow.recipient.in_(recipients)
    # Not what was hurried: that is about no citizen, and cannot wait.
    mine = waits & (MailRow.due_at > slot - timedelta(days=30))
    session.execute(update(MailRow).where(mine).values(due_at=later))
