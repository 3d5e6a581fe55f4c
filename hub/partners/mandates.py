"""Who brings signals for whom: organisations that do not connect signal through one that does.

A primary school through the GGD, school social work or school attendance. The operator records it, from the
covenant; both stay admitted, bound and authorised each by its own, and a mandate lends nothing of that.

Source: SIG-12; domain.md 3.1 (partners without own login).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from hub.audit.service import record
from hub.partners.errors import (
    CovenantInvalidError,
    KindNotAllowedError,
    MandateMissingError,
    MandatesFullError,
)
from hub.partners.events import MandateEnded, MandateGiven
from hub.partners.models import MandateRow
from hub.partners.policy import require_covenant_dates, require_operator, require_sighted
from hub.partners.service import get_partner
from service.clock import dutch_date
from service.work import Work

POLICE = "police"
# Whose signal it says it brings is a choice of its own, where the team may hear the name: three bits.
AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Mandate:
    """That an organisation lets another bring its signals on these days, both inclusive."""

    organisation_id: UUID
    bringer_id: UUID
    begins: date
    ends: date


def give_mandate(
    work: Work, organisation_id: UUID, *, to: UUID, begins: date, ends: date, at_most: int = AT_MOST
) -> None:
    """Let one organisation bring signals for another on these days, both inclusive.

    Given again from the same day it lasts as the new one says; `end_mandate` ends it.

    Raises:
        MandatesFullError: Who brings would do so for more than `at_most` others on one of these days.
        CovenantInvalidError: It ends before it begins, or is given to oneself.
        KindNotAllowedError: One of them may not signal, or is the police: what the police know is told on a
            decision of its own, to whom that names, and never through another. Wpg 18-20; MAT-13.
    """
    require_operator(work.caller)
    require_covenant_dates(begins, ends)
    had, brings = get_partner(work, organisation_id), get_partner(work, to)
    if had.id == brings.id:
        raise CovenantInvalidError(places=("/to",))
    require_sighted(brings)
    if not all(one.may_signal and one.kind != POLICE for one in (had, brings)):
        raise KindNotAllowedError
    _require_room(work, had.id, to=brings.id, days=(begins, ends), at_most=at_most)
    row = MandateRow(organisation_id=had.id, bringer_id=brings.id, valid_from_on=begins, valid_until_on=ends)
    work.session.merge(row)
    work.session.flush()
    record(work, MandateGiven.of(had.id, to=brings.id, begins=begins, ends=ends))


def _require_room(work: Work, had: UUID, *, to: UUID, days: tuple[date, date], at_most: int) -> None:
    begins, ends = days
    row = MandateRow
    others = select(row.organisation_id).where(row.bringer_id == to, row.organisation_id != had)
    beside = others.where(row.valid_from_on <= ends, row.valid_until_on >= begins)
    if len(set(work.session.scalars(beside))) >= at_most:
        raise MandatesFullError(places=("/to",))


def end_mandate(work: Work, organisation_id: UUID, *, to: UUID, on: date) -> None:
    """Let one organisation bring nothing more for another from a day, however often it was recorded.

    Raises:
        MandateMissingError: None of that day or later is recorded.
        CovenantInvalidError: The day is over: what was brought on it, was brought on a mandate.
    """
    require_operator(work.caller)
    if on < dutch_date(work.now):
        raise CovenantInvalidError(places=("/on",))
    of_both = (MandateRow.organisation_id == organisation_id, MandateRow.bringer_id == to)
    rows = work.session.scalars(select(MandateRow).where(*of_both, MandateRow.valid_until_on >= on)).all()
    if not rows:
        raise MandateMissingError
    for row in rows:
        if row.valid_from_on < on:
            row.valid_until_on = on - timedelta(days=1)
        else:
            work.session.delete(row)
    work.session.flush()
    record(work, MandateEnded.of(organisation_id, to=to, on=on))


def list_mandates(work: Work) -> list[Mandate]:
    """List every mandate that was recorded, the newest period of each pair first."""
    require_operator(work.caller)
    row = MandateRow
    rows = work.session.scalars(
        select(row).order_by(row.organisation_id, row.bringer_id, row.valid_from_on.desc())
    )
    return [
        Mandate(one.organisation_id, one.bringer_id, one.valid_from_on, one.valid_until_on) for one in rows
    ]


def find_mandates(work: Work, bringer_ids: Collection[UUID], on: date) -> frozenset[tuple[UUID, UUID]]:
    """Return for which organisations these may bring signals on a day, as (whose, who brings)."""
    row = MandateRow
    query = select(row.organisation_id, row.bringer_id).where(row.bringer_id.in_(bringer_ids))
    found = work.session.execute(query.where(row.valid_from_on <= on, on <= row.valid_until_on))
    return frozenset((whose, brings) for whose, brings in found)
