"""Register somebody who does not exist, and notice whoever meets them.

Nobody is told of such a meeting but the privacy officer, and whoever posts sees the same as always.

Source: audit-and-reliability 3.4, 2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, union_all

from hub.alarms.events import HoneySeeded
from hub.alarms.models import HoneyTokenRow
from hub.alarms.posters import BROUGHT, POSTING_ORGANISATION, POSTING_STAFF
from hub.alarms.schemas import NewHoneyToken
from hub.alarms.values import AlarmCode, Found
from hub.audit.service import record
from hub.cases.models import CaseRow
from hub.partners.service import StaffRole, get_own_partner, require_role, require_token_types
from hub.signals.models import SignalRow, SignalSubmissionRow
from hub.subjects.service import (
    NO_END,
    NewRegistration,
    RegistrationKind,
    SubjectKeys,
    find_ever_agreeing,
    open_sent,
    require_known_key,
    store_registrations,
)
from service.idempotency import key_hash
from service.work import Work

MEETING = (RegistrationKind.SIGNAL, RegistrationKind.CASE)


def seed(work: Work, secrets: SubjectKeys, message: NewHoneyToken, *, idempotency_key: UUID) -> UUID:
    """Register somebody who does not exist; a second time with the same key nothing more is done.

    Raises:
        RoleNotAllowedError: Only a privacy officer does this.
    """
    staff, partner = require_role(work, StaffRole.PRIVACY_OFFICER), get_own_partner(work)
    require_token_types(partner, message.token_types)
    require_known_key(secrets, message.envelope.kid)
    hashed = key_hash(partner.id, idempotency_key)
    known = work.session.scalar(select(HoneyTokenRow.registration_id).where(HoneyTokenRow.key_hash == hashed))
    if known is not None:
        return UUID(str(known))
    id_ = uuid4()
    opened = open_sent(secrets, message, partner, registration_id=id_, idempotency_key=idempotency_key)
    store_registrations(
        work, [NewRegistration(id_, RegistrationKind.HONEY, partner.id, work.now, NO_END, opened)]
    )
    work.session.add(
        HoneyTokenRow(
            registration_id=id_,
            organisation_id=partner.id,
            key_hash=hashed,
            seeded_by=staff.id,
            seeded_at=work.now,
        )
    )
    record(work, HoneySeeded(organisation_id=partner.id, subject={"honey": str(id_)}))
    return id_


def find_met(work: Work) -> Iterator[Found]:
    """Find every registration that meets one of somebody who does not exist; also one that has ended."""
    ids = list(work.session.scalars(select(HoneyTokenRow.registration_id)))
    met = {one.right for one in find_ever_agreeing(work, ids, kinds=MEETING)} if ids else set()
    by = {id_: (owner, staff) for id_, owner, staff in work.session.execute(_by_whom(met))} if met else {}
    for id_ in sorted(met):
        # Of an erased signal or case nobody knows any more by whom it was.
        organisation_id, staff_id = by.get(id_, (None, None))
        yield Found(AlarmCode.HONEY_TOKEN, organisation_id, staff_id, 1, 0, str(id_))


def _by_whom(ids: Collection[UUID]) -> Any:
    signals = select(SignalRow.id, POSTING_ORGANISATION, POSTING_STAFF).select_from(SignalRow)
    signals = signals.outerjoin(SignalSubmissionRow, BROUGHT)
    cases = select(CaseRow.id, CaseRow.organisation_id, CaseRow.casemanager)
    return union_all(signals.where(SignalRow.id.in_(ids)), cases.where(CaseRow.id.in_(ids)))
