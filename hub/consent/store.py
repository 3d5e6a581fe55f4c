"""Every query on consents, objections and decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, case, or_, select, update
from sqlalchemy.orm import Session

from hub.consent.facts import ConsentFacts, ObjectionFacts, ObjectionState
from hub.consent.models import ConsentRow, DecisionRow, DeskDayRow, DeskPurpose, ObjectionRow, OverrideRow
from service.bulk import insert_into, insert_rows, is_one_of, select_those
from service.clock import dutch_date
from service.work import Work

_DECISION: Table = DecisionRow.__table__  # type: ignore[assignment]
_DESK_DAY: Table = DeskDayRow.__table__  # type: ignore[assignment]
_OUTCOMES = select(_DECISION.c.id, _DECISION.c.allowed, _DECISION.c.reasons)

# SQLite takes at most 32,766 parameters a statement.
CHUNK = 10_000

DECISION_COLUMNS = (
    "id", "signal_id", "other_id", "organisation_id", "purpose", "recipient_kind", "college_id", "allowed",
    "level",
    "police_origin", "reasons", "policy_hash", "consent_texts", "decided_at",
)  # fmt: skip


def find_consent_by_key(session: Session, key_hash: bytes, *, organisation_id: UUID) -> ConsentRow | None:
    """Find the consent that an organisation recorded under this idempotency key."""
    query = select(ConsentRow).where(ConsentRow.organisation_id == organisation_id)
    return session.scalars(query.where(ConsentRow.key_hash == key_hash)).one_or_none()


def find_objection_by_key(session: Session, key_hash: bytes, *, organisation_id: UUID) -> ObjectionRow | None:
    """Find the objection that an organisation recorded under this idempotency key."""
    query = select(ObjectionRow).where(ObjectionRow.organisation_id == organisation_id)
    return session.scalars(query.where(ObjectionRow.key_hash == key_hash)).one_or_none()


def find_own_consent(session: Session, id_: UUID, *, organisation_id: UUID) -> ConsentRow | None:
    """Find a consent of this organisation, locked where the database locks rows."""
    query = select(ConsentRow).where(ConsentRow.id == id_, ConsentRow.organisation_id == organisation_id)
    return session.scalars(query.with_for_update()).one_or_none()


def find_own_objection(session: Session, id_: UUID, *, organisation_id: UUID) -> ObjectionRow | None:
    """Find an objection of this organisation, locked where the database locks rows."""
    query = select(ObjectionRow).where(
        ObjectionRow.id == id_, ObjectionRow.organisation_id == organisation_id
    )
    return session.scalars(query.with_for_update()).one_or_none()


def withdraw_consent(work: Work, id_: UUID, *, on: date) -> None:
    """Mark a consent as withdrawn, once; the worker lets go of it on the day on which it lapses: today."""
    statement = update(ConsentRow).where(ConsentRow.id == id_, ConsentRow.withdrawn_at.is_(None))
    earlier = case((ConsentRow.lapses_on < on, ConsentRow.lapses_on), else_=on)
    work.session.execute(statement.values(withdrawn_at=work.now, lapses_on=earlier))


def lift_objection(work: Work, id_: UUID) -> None:
    """Mark an objection as lifted, once."""
    statement = update(ObjectionRow).where(ObjectionRow.id == id_, ObjectionRow.lifted_at.is_(None))
    work.session.execute(statement.values(lifted_at=work.now, state=ObjectionState.LIFTED.value))


def find_objection(session: Session, id_: UUID) -> ObjectionRow | None:
    """Find an objection of anybody's, locked where the database locks rows."""
    return session.scalars(select(ObjectionRow).where(ObjectionRow.id == id_).with_for_update()).one_or_none()


def list_pending(session: Session, *, of: Collection[UUID] | None, limit: int) -> list[ObjectionRow]:
    """List objections that wait for a decision, the oldest first; of these organisations only."""
    query = select(ObjectionRow).where(ObjectionRow.state == ObjectionState.PENDING)
    if of is not None:
        query = query.where(is_one_of(session, ObjectionRow.organisation_id, list(of)))
    return list(session.scalars(query.order_by(ObjectionRow.recorded_at, ObjectionRow.id).limit(limit)))


def list_lapsing(session: Session, *, on: date, limit: int) -> list[ConsentRow]:
    """List consents that were withdrawn or whose period or age is over, and not let go of yet, locked."""
    open_ = ConsentRow.lapsed_at.is_(None)
    query = select(ConsentRow).where(open_, ConsentRow.lapses_on <= on).order_by(ConsentRow.id)
    return list(session.scalars(query.limit(limit).with_for_update(skip_locked=True)))


def list_unsettled(session: Session, *, limit: int) -> list[ObjectionRow]:
    """List objections that were taken back or rejected and whose registration was not ended yet, locked."""
    query = select(ObjectionRow).where(ObjectionRow.lifted_at.is_not(None), ObjectionRow.settled_at.is_(None))
    return list(
        session.scalars(query.order_by(ObjectionRow.id).limit(limit).with_for_update(skip_locked=True))
    )


def find_consents(session: Session, ids: Collection[UUID]) -> dict[UUID, ConsentFacts]:
    """Read consents as facts, withdrawn ones too."""
    parts = (select(ConsentRow).where(ConsentRow.id.in_(part)) for part in _chunks(ids))
    return {row.id: consent_facts(row) for query in parts for row in session.scalars(query)}


def find_recipients(session: Session, ids: Collection[UUID], *, on: date) -> dict[UUID, tuple[int, UUID]]:
    """Read which consents of today name who hears: how late each was recorded, and whom it names."""
    named = select(ConsentRow).where(ConsentRow.recipient.is_not(None), ConsentRow.withdrawn_at.is_(None))
    today = named.where(ConsentRow.valid_from_on <= on, ConsentRow.valid_until_on >= on)
    parts = (today.where(ConsentRow.id.in_(part)) for part in _chunks(ids))
    rows = sorted((row for query in parts for row in session.scalars(query)), key=lambda row: row.recorded_at)
    return {row.id: (at, row.recipient) for at, row in enumerate(rows) if row.recipient}


def list_begun(session: Session, *, since: date, on: date) -> dict[UUID, date]:
    """Name the consents that name who hears and began in these days, later than they were recorded."""
    named = ConsentRow.recipient.is_not(None) & ConsentRow.withdrawn_at.is_(None)
    began = ConsentRow.valid_from_on.between(since, on)
    query = select(ConsentRow.id, ConsentRow.valid_from_on, ConsentRow.recorded_at).where(named, began)
    return {id_: day for id_, day, recorded_at in session.execute(query) if dutch_date(recorded_at) < day}


def list_open_consents(session: Session, ids: Collection[UUID]) -> list[ConsentRow]:
    """Read those of these consents that were not withdrawn."""
    open_ = select(ConsentRow).where(ConsentRow.withdrawn_at.is_(None)).order_by(ConsentRow.id)
    return [row for part in _chunks(ids) for row in session.scalars(open_.where(ConsentRow.id.in_(part)))]


def find_objections(session: Session, ids: Collection[UUID]) -> dict[UUID, ObjectionFacts]:
    """Read the objections that were not lifted, as facts."""
    open_ = select(ObjectionRow).where(ObjectionRow.lifted_at.is_(None))
    parts = (open_.where(ObjectionRow.id.in_(part)) for part in _chunks(ids))
    return {
        row.id: ObjectionFacts(
            scope=frozenset(row.scope.split()),
            pending=row.state in {ObjectionState.PENDING, ObjectionState.REQUESTED},
            restriction=row.kind == "restriction",
        )
        for query in parts
        for row in session.scalars(query)
    }


def find_overrides(session: Session, signal_ids: Collection[UUID], *, at: datetime) -> dict[UUID, str]:
    """Read the ground of the override that is open at a moment, per signal."""
    columns = (OverrideRow.signal_id, OverrideRow.ground)
    open_ = select(*columns).where(OverrideRow.opened_at <= at, OverrideRow.closes_at > at)
    open_ = open_.where(OverrideRow.ended_at.is_(None))
    parts = (open_.where(OverrideRow.signal_id.in_(part)) for part in _chunks(signal_ids))
    return {id_: ground for query in parts for id_, ground in session.execute(query)}


def take_quota(
    session: Session, *, organisation_id: UUID, on: date, limit: int, purpose: DeskPurpose = DeskPurpose.SAID
) -> bool:
    """Take one of a day's recordings for a purpose, in one statement; False when they are used up."""
    first = {"organisation_id": organisation_id, "used_on": on, "purpose": purpose.value, "used": 1}
    counted = (
        insert_into(session, _DESK_DAY)
        .values(first)
        .on_conflict_do_update(
            index_elements=["organisation_id", "used_on", "purpose"],
            set_={"used": _DESK_DAY.c.used + 1},
            where=_DESK_DAY.c.used < limit,
        )
        .returning(_DESK_DAY.c.used)
    )
    return session.execute(counted).first() is not None


def insert_decisions(session: Session, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert decisions, in the order of `DECISION_COLUMNS`."""
    insert_rows(session, _DECISION, DECISION_COLUMNS, rows)


def find_decision(
    session: Session, decision_id: UUID, *, colleges: Collection[UUID] | None
) -> DecisionRow | None:
    """Find one decision of these municipal organisations; None asks for anybody's."""
    query = select(DecisionRow).where(DecisionRow.id == decision_id, *_of(colleges))
    return session.scalars(query).one_or_none()


def find_outcomes(session: Session, ids: Collection[UUID]) -> Sequence[Any]:
    """Read of decisions by id whether they allow something, and their reasons."""
    return select_those(session, _OUTCOMES, _DECISION.c.id, list(ids))


def list_decisions(
    session: Session, registration_id: UUID, *, colleges: Collection[UUID] | None, limit: int
) -> list[DecisionRow]:
    """List the decisions about a registration, as the signal or as the other side, the latest first."""
    sides = or_(DecisionRow.signal_id == registration_id, DecisionRow.other_id == registration_id)
    query = select(DecisionRow).where(sides, *_of(colleges))
    return list(session.scalars(query.order_by(DecisionRow.decided_at.desc(), DecisionRow.id).limit(limit)))


def _of(colleges: Collection[UUID] | None) -> tuple[ColumnElement[bool], ...]:
    return () if colleges is None else (DecisionRow.college_id.in_(colleges),)


def consent_facts(row: ConsentRow) -> ConsentFacts:
    """Read a stored consent as the facts that a rule may see."""
    return ConsentFacts(
        kind=row.kind,
        purpose=row.purpose,
        partner_kinds=frozenset(row.partner_kinds.split()),
        valid_from_on=row.valid_from_on,
        valid_until_on=row.valid_until_on,
        given_by=row.given_by,
        authority_attested=row.authority_attested,
        withdrawn=row.withdrawn_at is not None,
        bracket=row.bracket,
        bracket_ends=row.bracket_ends,
        organisations=frozenset(UUID(one) for one in row.organisations.split()),
        authority_holders=row.authority_holders,
        holders_consented=row.holders_consented,
    )


def find_texts(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the version of the text with which each of these consents was asked."""
    found: dict[UUID, str] = {}
    for part in _chunks(ids):
        rows = session.execute(select(ConsentRow.id, ConsentRow.text_version).where(ConsentRow.id.in_(part)))
        found |= {row.id: row.text_version for row in rows}
    return found


def _chunks(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    values = sorted(ids)
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
