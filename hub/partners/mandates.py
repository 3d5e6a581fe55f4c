"""Who brings signals for whom: organisations that do not connect signal through one that does.

A primary school through the GGD, school social work or school attendance. The operator records it, from the
covenant; both stay admitted, bound and authorised each by its own, and a mandate lends nothing of that.

Source: SIG-12; domain.md 3.1 (partners without own login).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hub.audit.service import record
from hub.partners.errors import CovenantInvalidError, KindNotAllowedError
from hub.partners.events import MandateGiven
from hub.partners.models import MandateRow
from hub.partners.policy import require_covenant_dates, require_operator, require_sighted
from hub.partners.service import get_partner
from service.work import Work


def give_mandate(work: Work, organisation_id: UUID, *, to: UUID, begins: date, ends: date) -> None:
    """Let one organisation bring signals for another on these days, both inclusive.

    Given again from the same day it lasts as the new one says: so it is ended, too.

    Raises:
        CovenantInvalidError: It ends before it begins, or is given to oneself.
        KindNotAllowedError: The one that had the contact may not signal.
    """
    require_operator(work.caller)
    require_covenant_dates(begins, ends)
    had, brings = get_partner(work, organisation_id), get_partner(work, to)
    if had.id == brings.id:
        raise CovenantInvalidError(places=("/to",))
    require_sighted(brings)
    if not had.may_signal or not brings.may_signal:
        raise KindNotAllowedError
    row = MandateRow(organisation_id=had.id, bringer_id=brings.id, valid_from_on=begins, valid_until_on=ends)
    work.session.merge(row)
    work.session.flush()
    record(work, MandateGiven.of(had.id, to=brings.id, begins=begins, ends=ends))


def find_mandates(work: Work, bringer_ids: Collection[UUID], on: date) -> frozenset[tuple[UUID, UUID]]:
    """Return for which organisations these may bring signals on a day, as (whose, who brings)."""
    row = MandateRow
    query = select(row.organisation_id, row.bringer_id).where(row.bringer_id.in_(bringer_ids))
    found = work.session.execute(query.where(row.valid_from_on <= on, on <= row.valid_until_on))
    return frozenset((whose, brings) for whose, brings in found)


def list_represented(work: Work, organisation_id: UUID) -> frozenset[UUID]:
    """Name the organisations for which this one brought signals, also where its mandate is over."""
    query = select(MandateRow.organisation_id).where(MandateRow.bringer_id == organisation_id)
    return frozenset(work.session.scalars(query))
