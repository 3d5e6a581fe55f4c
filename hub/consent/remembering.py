"""Read what was decided about registrations, and erase it with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select

from hub.consent.models import WITHDRAWAL, ConsentRow, DecisionRow, ObjectionRow
from hub.subjects.service import RegistrationKind, Verdict, erase_registrations, find_ever_agreeing, may_agree
from service.clock import dutch_date
from service.work import Work


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One stored decision on a telling; `reasons` are (rule, fact) codes."""

    id: UUID
    signal_id: UUID
    other_id: UUID
    purpose: str
    recipient_kind: str
    allowed: bool
    level: int
    reasons: tuple[tuple[str, str], ...]
    decided_at: datetime


def list_decisions(work: Work, registration_ids: Collection[UUID]) -> list[PastDecision]:
    """Return what was decided about these registrations, oldest first."""
    query = select(DecisionRow).where(_about(registration_ids))
    rows = work.session.scalars(query.order_by(DecisionRow.decided_at, DecisionRow.id))
    return [
        PastDecision(
            id=row.id,
            signal_id=row.signal_id,
            other_id=row.other_id,
            purpose=row.purpose,
            recipient_kind=row.recipient_kind,
            allowed=row.allowed,
            level=row.level,
            reasons=tuple(
                (rule, fact) for rule, _, fact in (one.partition(":") for one in row.reasons.split())
            ),
            decided_at=row.decided_at,
        )
        for row in rows
    ]


def erase_decisions(work: Work, registration_ids: Collection[UUID]) -> set[UUID]:
    """Delete what was decided about these registrations; returns the ids."""
    gone = delete(DecisionRow).where(_about(registration_ids)).returning(DecisionRow.id)
    return set(work.session.execute(gone).scalars())


def _about(ids: Collection[UUID]) -> ColumnElement[bool]:
    return or_(DecisionRow.signal_id.in_(ids), DecisionRow.other_id.in_(ids))


@dataclass(frozen=True, slots=True)
class Said:
    """A consent or an objection, as it was recorded; `about` are kinds of partner, `*` for all."""

    id: UUID
    kind: str
    about: tuple[str, ...]
    recorded_at: datetime
    until_on: date | None
    ended_at: datetime | None


def list_said(work: Work, ids: Collection[UUID]) -> list[Said]:
    """Return the consents and objections among these registrations, oldest first."""
    consents = work.session.scalars(select(ConsentRow).where(ConsentRow.id.in_(ids)))
    stops = ObjectionRow.id.in_(ids) & (ObjectionRow.kind != WITHDRAWAL)
    objections = work.session.scalars(select(ObjectionRow).where(stops))
    said = [
        Said(
            row.id,
            "consent",
            tuple(row.partner_kinds.split()),
            row.recorded_at,
            row.valid_until_on,
            row.withdrawn_at or row.lapsed_at,
        )
        for row in consents
    ] + [
        Said(row.id, "objection", _scope(row.scope), row.recorded_at, None, row.lifted_at)
        for row in objections
    ]
    return sorted(said, key=lambda one: (one.recorded_at, one.id))


def covers_still(work: Work, consent_id: UUID) -> bool:
    """Tell whether the person consented anew to the same, for longer than this one. Source: CON-09."""
    row, on = work.session.get_one(ConsentRow, consent_id), dutch_date(work.now)
    agreements = find_ever_agreeing(work, [row.id], kinds=(RegistrationKind.CONSENT,))
    same = {one.right for one in agreements if one.verdict is Verdict.SAME}
    query = select(ConsentRow.id).where(
        ConsentRow.id.in_(same),
        ConsentRow.kind == row.kind,
        ConsentRow.purpose == row.purpose,
        ConsentRow.partner_kinds == row.partner_kinds,
        ConsentRow.organisations == row.organisations,
        ConsentRow.withdrawn_at.is_(None),
        ConsentRow.lapses_on > on,
    )
    return work.session.scalars(query.limit(1)).first() is not None


def find_attestations(work: Work, ids: Collection[UUID]) -> dict[UUID, tuple[UUID, int]]:
    """Return who recorded the consents among these that are not over, and how many hold authority by them.

    One that was withdrawn is among them: what came with it stays known.
    """
    lasts = ConsentRow.valid_until_on >= dutch_date(work.now)
    rows = work.session.scalars(select(ConsentRow).where(ConsentRow.id.in_(ids), lasts))
    return {row.id: (row.organisation_id, row.authority_holders) for row in rows}


def find_withdrawn_attestations(work: Work, ids: Collection[UUID]) -> dict[UUID, dict[UUID, int]]:
    """Return, by registration, the withdrawn consents of surely the same person, and how many hold authority.

    What a professional attested of authority stays known when the consent that it came with is taken back:
    else taking back would open what a contradiction held. Who recorded a consent anew said it anew.

    Source:
        CON-04, CON-07.
    """
    taken_back = ConsentRow.withdrawn_at.is_not(None) & (ConsentRow.authority_holders > 0)
    lasting = ConsentRow.valid_until_on >= dutch_date(work.now)
    if not may_agree(work, ids, among=select(ConsentRow.id).where(taken_back, lasting)):
        return {}
    agreements = find_ever_agreeing(work, ids, kinds=(RegistrationKind.CONSENT,))
    same = [(one.left, one.right) for one in agreements if one.verdict is Verdict.SAME]
    lasts = ConsentRow.id.in_({id_ for _, id_ in same}) & (ConsentRow.valid_until_on >= dutch_date(work.now))
    rows = {row.id: row for row in work.session.scalars(select(ConsentRow).where(lasts))} if same else {}
    found: dict[UUID, dict[UUID, int]] = {}
    for mine in {left for left, _ in same}:
        own = sorted((rows[id_] for left, id_ in same if left == mine and id_ in rows), key=_recorded_at)
        last = {row.organisation_id: row for row in own}
        found[mine] = {row.id: row.authority_holders for row in last.values() if row.withdrawn_at is not None}
    return found


def _recorded_at(row: ConsentRow) -> datetime:
    return row.recorded_at


def has_stop(work: Work, consent_id: UUID) -> bool:
    """Tell whether an objection or restriction stands that may be of who gave this consent. CON-12."""
    agreements = find_ever_agreeing(work, [consent_id], kinds=(RegistrationKind.OBJECTION,))
    stands = ObjectionRow.lifted_at.is_(None) & (ObjectionRow.kind != WITHDRAWAL)
    query = select(ObjectionRow.id).where(ObjectionRow.id.in_([one.right for one in agreements]), stands)
    return work.session.scalars(query.limit(1)).first() is not None


def _scope(written: str) -> tuple[str, ...]:
    return ("*",) if written == "all" else tuple(written.split())


def erase_said(work: Work, ids: Collection[UUID]) -> None:
    """Delete consents and objections with the pseudonyms that they were attached by."""
    erase_registrations(work, ids)
    for table in (ConsentRow, ObjectionRow):
        work.session.execute(delete(table).where(table.id.in_(ids)))
