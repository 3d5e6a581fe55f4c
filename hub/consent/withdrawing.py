"""Take consents back at a desk that did not record them: one call, and nobody is looked up in it.

Source: CON-04; AVG 7(3); SIG-11.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from hub.audit.service import record, record_many
from hub.consent import store
from hub.consent.consent_policy import EVERY_KIND
from hub.consent.events import ConsentWithdrawn, WithdrawalRecorded
from hub.consent.facts import ObjectionState
from hub.consent.gates import require_known_kinds
from hub.consent.models import WITHDRAWAL, ConsentRow, ObjectionRow
from hub.consent.policy import EVERY_SCOPE
from hub.consent.recording import RecordedFact, insert_once, replay, require_recorder
from hub.consent.registering import body_hash, register
from hub.consent.schemas import NewWithdrawal
from hub.consent.versions import policy_in_force
from hub.subjects.service import RegistrationKind, SubjectKeys, enqueue, find_agreeing
from service.clock import dutch_date
from service.idempotency import key_hash
from service.work import Work


def withdraw_everywhere(
    work: Work, secrets: SubjectKeys, message: NewWithdrawal, *, idempotency_key: UUID, quota_per_day: int
) -> RecordedFact:
    """Record that a person takes back what they consented to, whoever recorded it.

    Raises:
        RefusedError: The caller is no desk and not the partner whom it is about, or a token type is not its.
        ConsentIncompleteError: The scope names a kind of partner that there is not.
        IdempotencyConflictError: The key was used for another message.
        DeskQuotaExhaustedError: The organisation has used its day.
    """
    partner, staff_id = require_recorder(work, message)
    scope = [EVERY_SCOPE] if message.scope == EVERY_SCOPE else sorted(message.scope)
    hashed = key_hash(partner.id, idempotency_key)
    earlier = store.find_objection_by_key(work.session, hashed, organisation_id=partner.id)
    if earlier is not None:
        return replay(_fact(earlier), same=earlier.body_hash == body_hash(message))
    require_known_kinds(frozenset(scope) - {EVERY_SCOPE}, place="/scope", rules=policy_in_force(work))
    row = ObjectionRow(
        id=uuid4(),
        organisation_id=partner.id,
        key_hash=hashed,
        body_hash=body_hash(message),
        kind=WITHDRAWAL,
        scope=" ".join(scope),
        # It stops nothing by itself; `settle_due` ends what it is about, and then it is over.
        state=ObjectionState.LIFTED.value,
        recorded_by=staff_id,
        recorded_at=work.now,
        lifted_at=work.now,
    )
    insert_once(work, row, quota_per_day=quota_per_day)
    register(work, secrets, message, row, kind=RegistrationKind.OBJECTION, key=idempotency_key)
    record(work, WithdrawalRecorded(organisation_id=partner.id, subject={"withdrawal": str(row.id)}))
    return _fact(row)


def take_back(work: Work, rows: Collection[ObjectionRow]) -> None:
    """End every consent that these are about, given before them; also one that only may be this person's.

    Somebody else's consent that ends by mistake tells nobody anything; one that goes on by mistake does.
    """
    on, ended = dutch_date(work.now), []
    for row in rows:
        agreeing = {one.right for one in find_agreeing(work, [row.id], kinds=(RegistrationKind.CONSENT,))}
        ended += [
            consent for consent in store.list_open_consents(work.session, agreeing) if _covers(row, consent)
        ]
    for consent in ended:
        store.withdraw_consent(work, consent.id, on=on)
    enqueue(work, {consent.id for consent in ended})
    record_many(work, [_event(consent) for consent in {one.id: one for one in ended}.values()])


def _covers(row: ObjectionRow, consent: ConsentRow) -> bool:
    scope, kinds = set(row.scope.split()), set(consent.partner_kinds.split())
    touched = EVERY_SCOPE in scope or EVERY_KIND in kinds or not scope.isdisjoint(kinds)
    return touched and consent.recorded_at <= row.recorded_at


def _event(consent: ConsentRow) -> ConsentWithdrawn:
    return ConsentWithdrawn(
        organisation_id=consent.organisation_id, purpose=consent.purpose, subject={"consent": str(consent.id)}
    )


def _fact(row: ObjectionRow) -> RecordedFact:
    return RecordedFact(row.id, row.recorded_at, row.state)
