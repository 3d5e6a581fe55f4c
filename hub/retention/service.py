"""Apply terms of keeping, stop where something is odd, and prove per rule what went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, Table, Uuid, func, literal, select, update

from hub.audit.service import record
from hub.partners.service import StaffRole
from hub.retention.events import RetentionBraked, RetentionRan, RetentionReleased
from hub.retention.models import RetentionPlaceRow, RetentionReleaseRow, RetentionRunRow
from hub.retention.policy import BrakeReason, ReleaseReason, RunFacts, find_brake, is_released
from hub.retention.terms import Terms, default_terms
from service.database import Database
from service.errors import RefusedError
from service.logging import log
from service.work import SYSTEM, Role, Work

__all__ = [
    "BrakeReason", "Keeping", "ReleaseReason", "Terms", "TermsOf",
    "apply", "default_terms", "release", "retain_due",
]  # fmt: skip

NOWHERE = UUID(int=0)
BATCH, BATCHES = 500, 100
READERS = (StaffRole.PRIVACY_OFFICER,)

Municipalities = Callable[[Work, Collection[UUID]], Mapping[UUID, UUID]]
TermsOf = Callable[[Work], Terms]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """One class of data, as its rule is applied to it.

    Attributes:
        due: which rows are due, given the moment before which their term must have begun.
        since: the moment or day that shows how old a row is.
        organisation: whose rows they are, or the member of staff or the team; None where they are nobody's.
        organisation_of: gives the query of whose that member of staff or team is.
        remove: deletes at most so many rows that are due, with all that belongs to them, and counts them.
    """

    rule: str
    table: Table
    due: Callable[[datetime], ColumnElement[bool]]
    since: Any
    remove: Callable[[Work, ColumnElement[bool], int], int]
    organisation: Any = None
    organisation_of: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows an organisation has of a class, and the moment or day of the oldest."""

    rows: int
    oldest: datetime | date


def retain_due(
    database: Database,
    keepings: Sequence[Keeping],
    municipalities: Municipalities,
    *,
    terms_of: TermsOf,
    now: datetime | None = None,
) -> int:
    """Apply every rule, each in a unit of work of its own, and count the rows that went."""
    gone = 0
    for keeping in keepings:
        with database.work(SYSTEM, now=now) as work:
            gone += apply(work, keeping, municipalities, terms=terms_of(work))
    return gone


def apply(work: Work, keeping: Keeping, municipalities: Municipalities, *, terms: Terms) -> int:
    """Apply one rule, or stop and raise the alarm; returns how many rows went.

    Source:
        AVG 5(1)(e); domain.md 5.3.
    """
    condition = keeping.due(work.now - terms.get_rule(keeping.rule).term)
    due = count_places(work, keeping, municipalities, condition)
    facts = RunFacts(
        now=work.now,
        last_ran_at=last_ran_at(work, keeping.rule),
        due=due,
        total=count_places(work, keeping, municipalities, None) if due else {},
        recent=_recent(work, keeping.rule, terms) if due else {},
    )
    brake = terms.brake
    braked = find_brake(
        facts,
        share_percent=brake.share_percent,
        floor=brake.floor,
        stale_after_days=brake.stale_after_days,
    )
    if braked is not None and not _use_release(work, keeping.rule, hours=brake.release_hours):
        log.error("retention_braked", job=keeping.rule, error=braked.value)
        _remember(work, keeping.rule, due=due, gone={}, braked=braked)
        return 0
    _remove(work, keeping, condition)
    # Counted again, not presumed: a run stops at so many rows, and what it left is no proof of anything.
    left = count_places(work, keeping, municipalities, condition)
    gone = {place: max(count - left.get(place, 0), 0) for place, count in due.items()}
    _remember(work, keeping.rule, due=due, gone=gone, braked=None)
    return sum(gone.values())


def release(work: Work, rule: str, *, reason: ReleaseReason) -> None:
    """Let the next run of a rule pass the brake, once and soon; raises KeyError for an unknown rule."""
    if work.caller.role is not Role.OPERATOR:
        raise RefusedError
    default_terms().get_rule(rule)
    work.session.add(RetentionReleaseRow(id=uuid4(), rule=rule, reason=reason.value, released_at=work.now))
    work.session.flush()
    record(work, RetentionReleased(detail={"rule": rule, "reason": reason.value}))


def count_owners(
    work: Work, keeping: Keeping, condition: ColumnElement[bool] | None = None
) -> dict[UUID, Counted]:
    """Count the rows of each organisation and find its oldest; `NOWHERE` has what is nobody's."""
    found: dict[UUID, Counted] = {}
    counting = _counting_all(keeping) if condition is None else _counting(keeping, condition)
    for id_, count, oldest in work.session.execute(counting):
        before = found.get(id_ or NOWHERE, Counted(0, oldest))
        found[id_ or NOWHERE] = Counted(before.rows + count, min(before.oldest, oldest))
    return found


@cache
def _counting_all(keeping: Keeping) -> Select[Any]:
    """Write the query once: a page asks them all, and writing them costs more than most of them."""
    return _counting(keeping, None)


def _counting(keeping: Keeping, condition: ColumnElement[bool] | None) -> Select[Any]:
    key = keeping.organisation if keeping.organisation is not None else literal(NOWHERE, Uuid)
    rows = select(key.label("key"), keeping.since.label("began")).select_from(keeping.table)
    chosen = (rows if condition is None else rows.where(condition)).subquery()
    # By what a row carries first: whose that is, is then asked once, and not for every row.
    keys = (
        select(chosen.c.key, func.count().label("counted"), func.min(chosen.c.began).label("oldest"))
        .group_by(chosen.c.key)
        .subquery()
    )
    owner = keeping.organisation_of(keys.c.key) if keeping.organisation_of else keys.c.key
    return select(owner, keys.c.counted, keys.c.oldest)


def count_places(
    work: Work, keeping: Keeping, municipalities: Municipalities, condition: ColumnElement[bool] | None
) -> dict[UUID, int]:
    owners = count_owners(work, keeping, condition)
    return add_places(owners, municipalities(work, owners.keys()))


def add_places(owners: Mapping[UUID, Counted], places: Mapping[UUID, UUID]) -> dict[UUID, int]:
    """Add up what the organisations of each municipality have."""
    found: Counter[UUID] = Counter()
    for id_, counted in owners.items():
        found[places.get(id_, NOWHERE)] += counted.rows
    return dict(found)


def _remove(work: Work, keeping: Keeping, condition: ColumnElement[bool]) -> None:
    for _ in range(BATCHES):
        if keeping.remove(work, condition, BATCH) < BATCH:
            break


def last_ran_at(work: Work, rule: str) -> datetime | None:
    # A run that was stopped is no run: a clock that is wrong for two days would release itself.
    ran = select(func.max(RetentionRunRow.ran_at)).where(RetentionRunRow.rule == rule)
    return work.session.scalar(ran.where(RetentionRunRow.braked.is_(None)))


def _use_release(work: Work, rule: str, *, hours: int) -> bool:
    """Use the operator's word up; one that is too old lets nothing pass, and is used up too."""
    free = (RetentionReleaseRow.rule == rule) & RetentionReleaseRow.used_at.is_(None)
    used = update(RetentionReleaseRow).where(free).values(used_at=work.now)
    given = work.session.execute(used.returning(RetentionReleaseRow.released_at)).scalars()
    return any(is_released(at, now=work.now, hours=hours) for at in given)


def _recent(work: Work, rule: str, terms: Terms) -> dict[UUID, int]:
    since = work.now - timedelta(days=terms.brake.window_days)
    runs = select(RetentionRunRow.id).where(
        RetentionRunRow.rule == rule, RetentionRunRow.braked.is_(None), RetentionRunRow.ran_at > since
    )
    place = RetentionPlaceRow.place
    went = select(place, func.sum(RetentionPlaceRow.gone)).where(RetentionPlaceRow.run_id.in_(runs))
    return {row[0]: int(row[1]) for row in work.session.execute(went.group_by(place))}


def _remember(
    work: Work,
    rule: str,
    *,
    due: Mapping[UUID, int],
    gone: Mapping[UUID, int],
    braked: BrakeReason | None,
) -> None:
    total, went = sum(due.values()), sum(gone.values())
    run = RetentionRunRow(id=uuid4(), rule=rule, ran_at=work.now, due=total, gone=went, braked=braked)
    work.session.add(run)
    work.session.add_all(
        RetentionPlaceRow(run_id=run.id, place=place, due=count, gone=gone.get(place, 0))
        for place, count in due.items()
    )
    work.session.flush()
    detail: dict[str, str | int] = {"rule": rule, "due": total, "gone": went}
    if braked is not None:
        record(work, RetentionBraked(detail={**detail, "brake": braked.value}))
    else:
        record(work, RetentionRan(detail=detail))
