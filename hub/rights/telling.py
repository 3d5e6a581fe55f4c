"""Tell recipients what became of something they had or heard of, and keep the proof."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hub.audit.service import record
from hub.matches.erasing import find_taken
from hub.notices.erasing import list_seen
from hub.notices.service import NoticeKind
from hub.partners.service import Staff, holds, require_role
from hub.rights import store
from hub.rights.advising import ADVISERS, COORDINATING, list_own
from hub.rights.desks import require_officer
from hub.rights.errors import RequestMissingError, TellingMissingError
from hub.rights.events import OwnTellingsListed, RecipientTold, TellingsListed
from hub.rights.values import Told
from service.clock import dutch_date
from service.work import Work

PAGE = 200


def list_own_tellings(work: Work) -> list[Told]:
    """Return what the caller's organisation is told: what waits first, newest on top; reading proves nothing.

    Who coordinates or leads sees all of it, also of what is erased; a reporter and a casemanager what is
    about their own: one who knows nothing of it must not acknowledge it for everybody.
    """
    staff = require_role(work, *ADVISERS)
    # A page of an organisation's may hold none of one person's.
    limit = PAGE if holds(staff, COORDINATING, dutch_date(work.now)) else None
    found = store.list_own_tellings(work.session, staff.organisation_id, limit=limit)
    own = _list_own(work, staff, [row.about for row in found])
    rows = [row for row in found if row.about in own][:PAGE]
    record(work, OwnTellingsListed(organisation_id=staff.organisation_id, detail={"count": len(rows)}))
    return [store.as_told(row) for row in rows]


def acknowledge_telling(work: Work, telling_id: UUID) -> Told:
    """Say, for the caller's organisation, that it knows and acts on it: that is the proof. Twice is once.

    Raises:
        TellingMissingError: The organisation was told no such thing, or it is about what is not the caller's.

    Source:
        TRA-10; AVG 19.
    """
    staff = require_role(work, *ADVISERS)
    row = store.lock_telling(work.session, telling_id, organisation_id=staff.organisation_id)
    if row is None or not _list_own(work, staff, [row.about]):
        raise TellingMissingError
    if row.told_at is None:
        row.told_at, row.acknowledged_by = work.now, staff.id
        work.session.flush()
        subject = {"telling": str(row.id), "request": str(row.request_id)}
        record(work, RecipientTold(organisation_id=staff.organisation_id, subject=subject))
    return store.as_told(row)


def list_tellings(work: Work, request_id: UUID) -> list[Told]:
    """Return, for an officer, who had to hear what became of a request, and when each did. Source: TRA-10."""
    officer = require_officer(work)
    row = store.get_requests(work.session, [request_id]).get(request_id)
    if row is None or row.organisation_id != officer.organisation_id:
        raise RequestMissingError
    record(work, TellingsListed(organisation_id=row.organisation_id, subject={"request": str(row.id)}))
    return [store.as_told(one) for one in store.list_tellings(work.session, request_id)]


def _list_own(work: Work, staff: Staff, about: Collection[UUID]) -> set[UUID]:
    """Name those of these registrations and matches for which somebody may speak."""
    return list_own(work, staff, dict.fromkeys(about, staff.organisation_id)) | find_taken(
        work, staff.id, about
    )


def follow_tellings(work: Work, *, limit: int = PAGE) -> int:
    """Keep when members of staff saw the notice that takes something back, and count those."""
    rows = store.list_untold(work.session, limit=limit)
    seen = {
        (one.match_id, one.recipient): one.shown_at
        for one in list_seen(work, {row.about for row in rows})
        if one.kind is NoticeKind.VOID and one.shown_at is not None
    }
    told = [row for row in rows if (row.about, row.staff_id) in seen]
    for row in told:
        if row.staff_id is not None:
            row.told_at = seen[row.about, row.staff_id]
    work.session.flush()
    return len(told)
