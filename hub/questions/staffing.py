"""Who has which role, who gave it, which roles clash, and who has not been seen for long: AUD-11."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from hub.audit.models import AuditActorRow, AuditLineRow
from hub.partners.policy import FORBIDDEN_PAIRS
from hub.partners.store import list_granted
from hub.partners.values import Granted
from hub.questions.values import Ask, Facts
from service.clock import dutch_date

DORMANT = timedelta(days=90)


def list_roles(ask: Ask) -> Sequence[Facts]:
    """Say who had which role in the period, since when, given by whom, and when they last did anything.

    Source: AUD-11; Wpg 6, 32(1)(c).
    """
    granted = [one for one in _granted(ask) if _meets(ask, one)]
    names = ask.names(one.organisation_id for one in granted)
    clashing, seen = _clashing(granted), _last_seen(ask, {one.staff_id for one in granted})
    page = ask.page_of([{"n": number} for number in range(len(granted))])
    return [_facts(ask, granted[int(one["n"])], names, clashing, seen) for one in page]


def _facts(
    ask: Ask,
    one: Granted,
    names: dict[UUID | None, str],
    clashing: set[UUID],
    seen: dict[UUID, datetime],
) -> Facts:
    last = seen.get(one.staff_id)
    is_dormant = last is None or last < ask.work.now - DORMANT
    return {
        "date": one.held.since.isoformat(),
        "organisation": names[one.organisation_id],
        "employee": str(one.staff_id),
        "role": one.held.role.value,
        "until": one.held.until.isoformat() if one.held.until else "",
        "granted_by": str(one.granted_by or "operator"),
        "last_seen": dutch_date(last).isoformat() if last else "",
        "dormant": "yes" if is_dormant else "no",
        "clashes": "yes" if one.staff_id in clashing else "no",
    }


def _granted(ask: Ask) -> list[Granted]:
    found = list_granted(ask.work)
    own = [one for one in found if ask.scope is None or one.organisation_id in ask.scope]
    return sorted(own, key=lambda one: (one.held.since, str(one.staff_id), one.held.role))


def _meets(ask: Ask, one: Granted) -> bool:
    return one.held.since <= ask.question.until and not (
        one.held.until and one.held.until <= ask.question.since
    )


def _clashing(granted: Sequence[Granted]) -> set[UUID]:
    """Return who held two roles on one day that nobody may hold together. Source: domain.md 5.5."""
    return {
        one.staff_id
        for at, one in enumerate(granted)
        for other in granted[at + 1 :]
        if one.staff_id == other.staff_id
        and frozenset({one.held.role, other.held.role}) in FORBIDDEN_PAIRS
        and (one.held.until is None or other.held.since < one.held.until)
        and (other.held.until is None or one.held.since < other.held.until)
    }


def _last_seen(ask: Ask, ids: set[UUID]) -> dict[UUID, datetime]:
    """Return when each last did anything that is in the log, found by their keys."""
    query = (
        select(AuditActorRow.tag, func.max(AuditLineRow.hour))
        .join(AuditLineRow, AuditLineRow.actor_key == AuditActorRow.key_id)
        .group_by(AuditActorRow.tag)
    )
    by_tag = {row[0]: row[1] for row in ask.work.session.execute(query)}
    name = ask.work.data_keys.name_actor
    return {id_: by_tag[tag] for id_ in ids if (tag := name(str(id_))) in by_tag}
