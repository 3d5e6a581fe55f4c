"""Every query on matches, assignments and the intake."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Interval, Table, exists, func, literal, or_, select, union_all, update
from sqlalchemy.orm import Session, aliased

from hub.consent.models import DecisionRow
from hub.matches.models import AssignmentRow, IntakeItemRow, MatchRow
from hub.matches.policy import LIVE
from hub.matches.states import Because, IntakeState, MatchState
from hub.notices.models import NoticeKind, NoticeRow, NoticeState
from service.bulk import insert_into

_MATCH: Table = MatchRow.__table__  # type: ignore[assignment]
_ASSIGNMENT: Table = AssignmentRow.__table__  # type: ignore[assignment]
_INTAKE: Table = IntakeItemRow.__table__  # type: ignore[assignment]

CHUNK = 500  # rows a statement: SQLite takes at most 32,766 parameters
WAITED = timedelta(minutes=5)  # longer than anybody waits for a lock


def list_touching(session: Session, ids: Collection[UUID], *, hold: bool = True) -> list[MatchRow]:
    """Read every match in which these registrations take part, as it is now, and hold it.

    Args:
        hold: False for who only looks, and may not keep the worker waiting.
    """
    found: dict[UUID, MatchRow] = {}
    for part in _chunks(sorted(ids)):
        query = select(MatchRow).where(or_(MatchRow.signal_id.in_(part), MatchRow.other_id.in_(part)))
        query = query.order_by(MatchRow.id)
        held = query.with_for_update().execution_options(populate_existing=True)
        found |= {row.id: row for row in session.scalars(held if hold else query)}
    return list(found.values())


def list_live_keys(session: Session, ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Name the live matches in which these registrations take part."""
    found: list[tuple[UUID, UUID]] = []
    for part in _chunks(sorted(ids)):
        query = select(_MATCH.c.signal_id, _MATCH.c.other_id).where(
            _MATCH.c.state.in_([str(state) for state in LIVE]),
            or_(_MATCH.c.signal_id.in_(part), _MATCH.c.other_id.in_(part)),
        )
        found += [(signal_id, other_id) for signal_id, other_id in session.execute(query)]
    return found


def add_matches(session: Session, rows: Sequence[MatchRow]) -> set[UUID]:
    """Insert matches, one per pair ever; returns the ids of those that were not there."""
    added: set[UUID] = set()
    for part in _chunks(rows):
        values = [{column.name: getattr(row, column.name) for column in _MATCH.c} for row in part]
        insert = insert_into(session, _MATCH).values(values).on_conflict_do_nothing()
        added |= set(session.scalars(insert.returning(_MATCH.c.id)))
    return added


def find_match(session: Session, match_id: UUID, *, teams: Collection[UUID]) -> MatchRow | None:
    """Read one match of these teams, as it is now, and hold it."""
    query = select(MatchRow).where(MatchRow.id == match_id, MatchRow.team_id.in_(teams))
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(fresh).one_or_none()


def find_matches(session: Session, ids: Collection[UUID]) -> dict[UUID, MatchRow]:
    """Read matches by id."""
    parts = (select(MatchRow).where(MatchRow.id.in_(part)) for part in _chunks(sorted(ids)))
    return {row.id: row for query in parts for row in session.scalars(query)}


def lock_matches(session: Session, ids: Collection[UUID]) -> list[MatchRow]:
    """Read matches by id, as they are now, and hold them."""
    found: list[MatchRow] = []
    for part in _chunks(sorted(ids)):
        query = select(MatchRow).where(MatchRow.id.in_(part)).order_by(MatchRow.id).with_for_update()
        found += session.scalars(query.execution_options(populate_existing=True))
    return found


def list_possible(session: Session, teams: Collection[UUID], *, limit: int) -> list[MatchRow]:
    """Read what waits for a human of these teams, longest first."""
    query = select(MatchRow).where(MatchRow.team_id.in_(teams), MatchRow.state == MatchState.POSSIBLE)
    return list(session.scalars(query.order_by(MatchRow.created_at, MatchRow.id).limit(limit)))


def list_with_case(session: Session, signal_ids: Collection[UUID]) -> set[UUID]:
    """Name those of the signals of which a casemanager was told."""
    found: set[UUID] = set()
    for part in _chunks(sorted(signal_ids)):
        told = (_MATCH.c.state == MatchState.OPEN) & _MATCH.c.case_id.is_not(None)
        found |= set(session.scalars(select(_MATCH.c.signal_id).where(told, _MATCH.c.signal_id.in_(part))))
    return found


def list_signal_pairs(session: Session, signal_ids: Collection[UUID]) -> list[MatchRow]:
    """Read the live matches of these signals with other signals that nobody has taken yet."""
    found: dict[UUID, MatchRow] = {}
    taken = select(_INTAKE.c.match_id).where(_INTAKE.c.state == IntakeState.ACCEPTED)
    for part in _chunks(sorted(signal_ids)):
        query = select(MatchRow).where(
            MatchRow.case_id.is_(None),
            MatchRow.signal_id != MatchRow.other_id,
            MatchRow.state.in_([str(state) for state in LIVE]),
            or_(MatchRow.signal_id.in_(part), MatchRow.other_id.in_(part)),
            MatchRow.id.not_in(taken),
        )
        found |= {row.id: row for row in session.scalars(query)}
    return list(found.values())


def list_decided_otherwise(
    session: Session, *, policy_hash: str, before: datetime, limit: int
) -> list[MatchRow]:
    """Read live matches that nobody looked at since a moment, and that other rules than these decided on."""
    otherwise = exists().where(DecisionRow.id == MatchRow.decision_id, DecisionRow.policy_hash != policy_hash)
    live = MatchRow.state.in_([str(state) for state in LIVE]) & (MatchRow.checked_at < before)
    return list(
        session.scalars(select(MatchRow).where(live, otherwise).order_by(MatchRow.checked_at).limit(limit))
    )


def mark_checked(session: Session, ids: Collection[UUID], *, now: datetime) -> None:
    """Remember that these matches were looked at; in the order of ids, as whoever locks them does."""
    for part in _chunks(sorted(ids)):
        session.execute(update(_MATCH).where(_MATCH.c.id.in_(part)).values(checked_at=now))


def list_stale(session: Session, *, before: datetime, quarter: datetime, limit: int) -> list[MatchRow]:
    """Read what waits, is held or was told to nobody yet, and was last decided on long ago.

    What was told comes once a quarter, when age brackets change. Source: CON-09.
    """
    unseen = select(NoticeRow.match_id).where(
        NoticeRow.kind == NoticeKind.MATCH, NoticeRow.state == NoticeState.NEW, NoticeRow.seen_at.is_(None)
    )
    untaken = select(_INTAKE.c.match_id).where(_INTAKE.c.state == IntakeState.WAITING)
    untold = (MatchRow.state == MatchState.OPEN) & (MatchRow.id.in_(unseen) | MatchRow.id.in_(untaken))
    waits = MatchRow.state.in_([MatchState.HELD.value, MatchState.POSSIBLE.value]) | untold
    told = (MatchRow.state == MatchState.OPEN) & (MatchRow.checked_at < quarter)
    query = select(MatchRow).where((waits & (MatchRow.checked_at < before)) | told)
    return list(session.scalars(query.order_by(MatchRow.checked_at).limit(limit)))


def list_unchecked(session: Session, since: Mapping[UUID, datetime]) -> list[MatchRow]:
    """Read the open matches of these registrations that were last decided on before a moment of each."""
    query = select(MatchRow).where(MatchRow.state == MatchState.OPEN)
    found: dict[UUID, MatchRow] = {}
    for part in _chunks(sorted(since)):
        touched = MatchRow.signal_id.in_(part) | MatchRow.other_id.in_(part)
        found |= {row.id: row for row in session.scalars(query.where(touched).order_by(MatchRow.id))}
    return [
        row
        for row in found.values()
        if any(row.checked_at < since[id_] for id_ in (row.signal_id, row.other_id) if id_ in since)
    ]


def list_untaken(session: Session, teams: Collection[UUID], *, limit: int = 500) -> list[MatchRow]:
    """Read the open matches of these teams that nobody took up, and that may be somebody else's by now.

    Those that were given to somebody, or of whose person another match came, since they were looked at: what
    was looked at makes room for the rest, however many wait. Since a little before: what waited for a lock in
    between bears the time at which it began.
    """
    query = select(MatchRow).join(AssignmentRow, AssignmentRow.match_id == MatchRow.id)
    waits = AssignmentRow.ended_at.is_(None) & AssignmentRow.accepted_at.is_(None)
    own = MatchRow.team_id.in_(teams) & (MatchRow.state == MatchState.OPEN)
    later = aliased(MatchRow)
    sides = (MatchRow.signal_id, MatchRow.other_id)
    since = _shortly_before(session, MatchRow.checked_at)
    came = exists().where(
        later.signal_id.in_(sides) | later.other_id.in_(sides),
        later.created_at >= since,
        later.id != MatchRow.id,
    )
    moved = came | (AssignmentRow.assigned_at >= since)
    ordered = query.where(waits, own, moved).order_by(MatchRow.checked_at, MatchRow.id)
    return list(session.scalars(ordered.limit(limit)))


def _shortly_before(session: Session, moment: Any) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime("%Y-%m-%d %H:%M:%f", moment, f"-{WAITED.seconds} seconds")
    return moment - literal(WAITED, Interval())


def assign(
    session: Session, rows: Sequence[Mapping[str, Any]], *, now: datetime, because: Because = Because.TAKEN
) -> None:
    """Give matches an owner from now on, and end what went before."""
    end_assignments(session, [row["match_id"] for row in rows], now=now, because=because)
    for part in _chunks(rows):
        session.execute(
            insert_into(session, _ASSIGNMENT),
            [{**row, "id": uuid4(), "assigned_at": now, "ended_at": None} for row in part],
        )


def end_assignments(
    session: Session, match_ids: Collection[UUID], *, now: datetime, because: Because = Because.CLOSED
) -> None:
    """End who owns these matches."""
    for part in _chunks(sorted(match_ids)):
        current = _ASSIGNMENT.c.match_id.in_(part) & _ASSIGNMENT.c.ended_at.is_(None)
        session.execute(update(_ASSIGNMENT).where(current).values(ended_at=now, ended_because=because))


def put_intake(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put matches in the intake, one item each; one that was closed or taken waits again.

    One that waits already goes on waiting since when it did, in the team that has it now.
    """
    for part in _chunks(rows):
        insert = insert_into(session, _INTAKE).values(list(part))
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["match_id"],
                set_={name: insert.excluded[name] for name in part[0] if name not in {"id", "match_id"}},
                where=_INTAKE.c.state != IntakeState.WAITING,
            )
        )
        for team_id in {row["team_id"] for row in part}:
            ids = [row["match_id"] for row in part if row["team_id"] == team_id]
            moved = _INTAKE.c.match_id.in_(ids) & (_INTAKE.c.team_id != team_id)
            session.execute(update(_INTAKE).where(moved).values(team_id=team_id))


def put_taken(session: Session, row: Mapping[str, Any]) -> None:
    """Write that somebody has a match, whatever its item said before."""
    insert = insert_into(session, _INTAKE).values(**row)
    anew = {name: insert.excluded[name] for name in row if name not in {"id", "match_id", "waiting_since"}}
    session.execute(insert.on_conflict_do_update(index_elements=["match_id"], set_=anew))


def close_intake(session: Session, match_ids: Collection[UUID]) -> None:
    """Close the items of these matches."""
    for part in _chunks(sorted(match_ids)):
        of_matches = _INTAKE.c.match_id.in_(part) & (_INTAKE.c.state != IntakeState.CLOSED)
        session.execute(update(_INTAKE).where(of_matches).values(state=IntakeState.CLOSED))


def list_intake(
    session: Session, teams: Collection[UUID], *, staff_id: UUID, limit: int
) -> list[IntakeItemRow]:
    """Read what waits for these teams, longest first, and what this member has taken.

    The first of each team and of the member's own: indexes have those in order, of all together none has.
    """
    if not teams:
        return []
    open_ = select(IntakeItemRow.id).join(MatchRow, MatchRow.id == IntakeItemRow.match_id)
    open_ = open_.where(MatchRow.state == MatchState.OPEN).limit(limit)
    ordered = open_.order_by(IntakeItemRow.waiting_since, IntakeItemRow.id)
    waits, mine = IntakeItemRow.state == IntakeState.WAITING, IntakeItemRow.accepted_by == staff_id
    parts = [ordered.where(IntakeItemRow.team_id == team_id, waits) for team_id in sorted(teams)]
    parts.append(
        ordered.where(mine, IntakeItemRow.state == IntakeState.ACCEPTED, IntakeItemRow.team_id.in_(teams))
    )
    first = union_all(*(select(part.subquery().c.id) for part in parts))
    query = select(IntakeItemRow).where(IntakeItemRow.id.in_(first))
    return list(session.scalars(query.order_by(IntakeItemRow.waiting_since, IntakeItemRow.id).limit(limit)))


def find_items(session: Session, match_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Name the item by which each of these matches waits for a team, where it does."""
    query = select(IntakeItemRow.match_id, IntakeItemRow.id).where(
        IntakeItemRow.match_id.in_(match_ids), IntakeItemRow.state == IntakeState.WAITING
    )
    return {row.match_id: row.id for row in session.execute(query)}


def take_intake(session: Session, item_id: UUID, *, team_id: UUID, staff_id: UUID, now: datetime) -> bool:
    """Take an item that nobody has, in one statement: the first wins."""
    waits = (_INTAKE.c.id == item_id) & (_INTAKE.c.team_id == team_id)
    taken = update(_INTAKE).where(waits, _INTAKE.c.state == IntakeState.WAITING)
    values = taken.values(state=IntakeState.ACCEPTED, accepted_by=staff_id, accepted_at=now)
    return session.execute(values.returning(_INTAKE.c.id)).first() is not None


def find_item(session: Session, item_id: UUID, *, teams: Collection[UUID]) -> IntakeItemRow | None:
    """Read one item of these teams."""
    query = select(IntakeItemRow).where(IntakeItemRow.id == item_id, IntakeItemRow.team_id.in_(teams))
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
