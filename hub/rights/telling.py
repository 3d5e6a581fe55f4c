"""Tell recipients what became of something they had or heard of, and keep the proof."""

from __future__ import annotations

from uuid import UUID

from hub.audit.service import record
from hub.notices.erasing import list_seen
from hub.notices.service import NoticeKind
from hub.partners.errors import RoleNotAllowedError
from hub.rights import store
from hub.rights.desks import require_officer
from hub.rights.errors import RequestMissingError
from hub.rights.events import RecipientTold, TellingsListed
from hub.rights.values import Told
from service.work import Work

PAGE = 200


def list_own_tellings(work: Work) -> list[Told]:
    """Return what the caller's organisation is told, newest first; what it sees first is proved as told."""
    organisation_id = work.caller.organisation_id
    if organisation_id is None:
        raise RoleNotAllowedError
    rows = store.list_own_tellings(work.session, organisation_id, limit=PAGE)
    fresh = [row for row in rows if row.told_at is None]
    if fresh:
        store.mark_told(work.session, fresh, now=work.now)
        about = " ".join(str(row.id) for row in fresh)
        record(work, RecipientTold(organisation_id=organisation_id, subject={"tellings": about}))
    return [store.as_told(row) for row in rows]


def list_tellings(work: Work, request_id: UUID) -> list[Told]:
    """Return, for an officer, who had to hear what became of a request, and when each did. Source: TRA-10."""
    officer = require_officer(work)
    row = store.get_requests(work.session, [request_id]).get(request_id)
    if row is None or row.organisation_id != officer.organisation_id:
        raise RequestMissingError
    record(work, TellingsListed(organisation_id=row.organisation_id, subject={"request": str(row.id)}))
    return [store.as_told(one) for one in store.list_tellings(work.session, request_id)]


def follow_tellings(work: Work, *, limit: int = PAGE) -> int:
    """Keep when members of staff saw the notice that takes something back, and count those."""
    rows = store.list_untold(work.session, limit=limit)
    seen = {
        (one.match_id, one.recipient): one.seen_at
        for one in list_seen(work, {row.about for row in rows})
        if one.kind is NoticeKind.VOID
    }
    told = [row for row in rows if (row.about, row.staff_id) in seen]
    for row in told:
        if row.staff_id is not None:
            row.told_at = seen[row.about, row.staff_id]
    work.session.flush()
    return len(told)
