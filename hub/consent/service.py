"""Record what persons consent and object to, and decide on it: gate, act, record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.consent import store
from hub.consent.errors import (
    ConsentMissingError,
    DeskQuotaExhaustedError,
    IdempotencyConflictError,
    ObjectionMissingError,
)
from hub.consent.events import ConsentGiven, ConsentWithdrawn, ObjectionLifted, ObjectionRecorded
from hub.consent.facts import CaseFacts, LaneFacts, PostingFacts, Purpose, SignalFacts, StoredDecision
from hub.consent.gates import (
    refusal_of,
    require_known_kinds,
    require_posting,
    require_registering,
    require_specific,
)
from hub.consent.models import ConsentRow, ObjectionRow
from hub.consent.registering import NO_END, body_hash, decide_again, end_of, register
from hub.consent.schemas import NewConsent, NewObjection
from hub.consent.telling import Telling, decide_telling_many
from hub.consent.versions import policy_in_force
from hub.partners.service import (
    Partner,
    StaffRole,
    get_own_partner,
    require_covenant,
    require_role,
    require_token_types,
)
from hub.subjects.service import RegistrationKind, SubjectKeys, end_registrations
from service.clock import dutch_date
from service.idempotency import key_hash
from service.work import Work

__all__ = [
    "CaseFacts",
    "LaneFacts",
    "PostingFacts",
    "Purpose",
    "RecordedFact",
    "SignalFacts",
    "StoredDecision",
    "Telling",
    "decide_telling",
    "decide_telling_many",
    "lift_objection",
    "policy_in_force",
    "record_consent",
    "record_objection",
    "refusal_of",
    "require_posting",
    "require_registering",
    "withdraw_consent",
]  # fmt: skip

DESK = (StaffRole.DESK,)
# Whoever hears an objection passes it on at once: it only ever stops something.
OBJECTING = (StaffRole.DESK, StaffRole.CASEMANAGER, StaffRole.TEAM_LEAD)


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A consent or an objection, as its own desk may see it."""

    id: UUID
    recorded_at: datetime
    ended: bool


def decide_telling(
    work: Work,
    *,
    signal: SignalFacts,
    other: SignalFacts | CaseFacts,
    recipient_kind: str,
    purpose: Purpose = Purpose.TELL_CASEMANAGER,
) -> StoredDecision:
    """Decide one telling, and write it down whatever the outcome; see `decide_telling_many`."""
    telling = Telling(signal=signal, other=other, recipient_kind=recipient_kind, purpose=purpose)
    return decide_telling_many(work, [telling])[0]


def record_consent(
    work: Work, secrets: SubjectKeys, message: NewConsent, *, idempotency_key: UUID, quota_per_day: int
) -> RecordedFact:
    """Record a consent and have everything that may hang on it decided again.

    Raises:
        RefusedError: The caller is no desk, or a token type is not its to use.
        ConsentIncompleteError: An element that makes a consent specific is missing or contradicts another.
        IdempotencyConflictError: The key was used for another message.
        DeskQuotaExhaustedError: The organisation has used its day.

    Source:
        CON-03, CON-05..CON-07.
    """
    partner, staff_id = _require_desk(work, message)
    hashed = key_hash(partner.id, idempotency_key)
    earlier = store.find_consent_by_key(work.session, hashed, organisation_id=partner.id)
    if earlier is not None:
        return _replay(_consent_fact(earlier), same=earlier.body_hash == body_hash(message))
    require_specific(message, on=dutch_date(work.now), rules=policy_in_force(work))
    row = ConsentRow(
        id=uuid4(),
        organisation_id=partner.id,
        key_hash=hashed,
        body_hash=body_hash(message),
        kind=message.kind.value,
        purpose=message.purpose.value,
        partner_kinds=" ".join(sorted(message.partner_kinds)),
        valid_from_on=message.valid_from_date,
        valid_until_on=message.valid_until_date,
        given_by=message.given_by.value,
        authority_attested=message.authority_attested,
        text_version=message.text_version,
        bracket=message.bracket.value,
        bracket_ends=message.bracket_ends,
        recorded_by=staff_id,
        recorded_at=work.now,
    )
    _store(work, row, quota_per_day=quota_per_day)
    until = end_of(message.valid_until_date)
    register(work, secrets, message, row, kind=RegistrationKind.CONSENT, key=idempotency_key, until=until)
    record(
        work, ConsentGiven(organisation_id=partner.id, purpose=row.purpose, subject={"consent": str(row.id)})
    )
    return _consent_fact(row)


def withdraw_consent(work: Work, consent_id: UUID) -> RecordedFact:
    """Withdraw a consent of this desk; a second time changes nothing.

    Source:
        CON-04; AVG 7(3): as easy as giving it.
    """
    partner, _ = _require_desk(work)
    row = store.find_own_consent(work.session, consent_id, organisation_id=partner.id)
    if row is None:
        raise ConsentMissingError
    if row.withdrawn_at is None:
        decide_again(work, row.id)
        end_registrations(work, [row.id])
        store.withdraw_consent(work, row.id)
        record(
            work,
            ConsentWithdrawn(
                organisation_id=partner.id, purpose=row.purpose, subject={"consent": str(row.id)}
            ),
        )
    return RecordedFact(row.id, row.recorded_at, ended=True)


def record_objection(
    work: Work, secrets: SubjectKeys, message: NewObjection, *, idempotency_key: UUID, quota_per_day: int
) -> RecordedFact:
    """Record an objection and have everything that it may stop decided again.

    Raises:
        RefusedError: The caller is nobody of a municipal team, or a token type is not its to use.
        ConsentIncompleteError: The scope names a kind of partner that there is not.
        IdempotencyConflictError: The key was used for another message.
        DeskQuotaExhaustedError: The organisation has used its day.

    Source:
        CON-12, CON-13; AVG 21.
    """
    partner, staff_id = _require_desk(work, message, roles=OBJECTING)
    scope = ["all"] if message.scope == "all" else sorted(message.scope)
    hashed = key_hash(partner.id, idempotency_key)
    earlier = store.find_objection_by_key(work.session, hashed, organisation_id=partner.id)
    if earlier is not None:
        return _replay(_objection_fact(earlier), same=earlier.body_hash == body_hash(message))
    require_known_kinds(frozenset(scope) - {"all"}, place="/scope", rules=policy_in_force(work))
    row = ObjectionRow(
        id=uuid4(),
        organisation_id=partner.id,
        key_hash=hashed,
        body_hash=body_hash(message),
        scope=" ".join(scope),
        recorded_by=staff_id,
        recorded_at=work.now,
    )
    _store(work, row, quota_per_day=quota_per_day)
    register(work, secrets, message, row, kind=RegistrationKind.OBJECTION, key=idempotency_key, until=NO_END)
    record(work, ObjectionRecorded(organisation_id=partner.id, subject={"objection": str(row.id)}))
    return _objection_fact(row)


def lift_objection(work: Work, objection_id: UUID) -> RecordedFact:
    """Lift an objection of this desk; a second time changes nothing."""
    partner, _ = _require_desk(work)
    row = store.find_own_objection(work.session, objection_id, organisation_id=partner.id)
    if row is None:
        raise ObjectionMissingError
    if row.lifted_at is None:
        decide_again(work, row.id)
        end_registrations(work, [row.id])
        store.lift_objection(work, row.id)
        record(work, ObjectionLifted(organisation_id=partner.id, subject={"objection": str(row.id)}))
    return RecordedFact(row.id, row.recorded_at, ended=True)


def _require_desk(
    work: Work, message: NewConsent | NewObjection | None = None, *, roles: tuple[StaffRole, ...] = DESK
) -> tuple[Partner, UUID]:
    staff = require_role(work, *roles)
    partner = get_own_partner(work)
    require_covenant(partner, dutch_date(work.now))
    if message is not None:
        require_token_types(partner, message.token_types)
    return partner, staff.id


def _store(work: Work, row: ConsentRow | ObjectionRow, *, quota_per_day: int) -> None:
    on = dutch_date(work.now)
    if not store.take_quota(work.session, organisation_id=row.organisation_id, on=on, limit=quota_per_day):
        raise DeskQuotaExhaustedError
    work.session.add(row)
    work.session.flush()


def _replay(fact: RecordedFact, *, same: bool) -> RecordedFact:
    if not same:
        raise IdempotencyConflictError
    return fact


def _consent_fact(row: ConsentRow) -> RecordedFact:
    return RecordedFact(row.id, row.recorded_at, ended=row.withdrawn_at is not None)


def _objection_fact(row: ObjectionRow) -> RecordedFact:
    return RecordedFact(row.id, row.recorded_at, ended=row.lifted_at is not None)
