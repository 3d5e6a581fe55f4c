"""Record objections and restrictions, which stop at once; lift them, or decide on them: gate, act, record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.consent import store
from hub.consent.errors import ObjectionDecidedError, ObjectionMissingError
from hub.consent.events import ObjectionDecided, ObjectionLifted, ObjectionRecorded
from hub.consent.facts import ObjectionState
from hub.consent.gates import require_known_kinds
from hub.consent.models import WITHDRAWAL, ObjectionRow
from hub.consent.recording import DESK, OBJECTING, RecordedFact, insert_once, replay, require_recorder
from hub.consent.registering import body_hash, decide_again, register
from hub.consent.schemas import NewObjection
from hub.consent.versions import policy_in_force
from hub.consent.withdrawing import take_back
from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import Partner, StaffRole, require_role
from hub.subjects.service import RegistrationKind, SubjectKeys, end_registrations, enqueue
from service.idempotency import key_hash
from service.work import Work

# The college decides, on advice of the reporter. Source: Jeugdwet 7.1.5.2; CON-12.
DECIDING = (StaffRole.RIGHTS_OFFICER,)
ENDED = frozenset({ObjectionState.LIFTED, ObjectionState.REJECTED})
PAGE = 200


@dataclass(frozen=True, slots=True)
class WaitingObjection(RecordedFact):
    """An objection or restriction that waits for a decision; nothing in it says about whom."""

    kind: str
    scope: tuple[str, ...]
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Handed:
    """Under which key an objection was recorded, for the request that takes its place."""

    key_hash: bytes
    body_hash: bytes


def record_objection(
    work: Work, secrets: SubjectKeys, message: NewObjection, *, idempotency_key: UUID, quota_per_day: int
) -> RecordedFact:
    """Record an objection or a restriction, pending, and have everything that it may stop decided again.

    Raises:
        RefusedError: The caller is nobody who may hear one, or a token type is not its to use.
        ConsentIncompleteError: The scope names a kind of partner that there is not.
        IdempotencyConflictError: The key was used for another message.
        DeskQuotaExhaustedError: The organisation has used its day.

    Source:
        CON-12, CON-13; AVG 18, 21.
    """
    partner, staff_id = require_recorder(work, message, roles=OBJECTING)
    scope = ["all"] if message.scope == "all" else sorted(message.scope)
    hashed = key_hash(partner.id, idempotency_key)
    earlier = store.find_objection_by_key(work.session, hashed, organisation_id=partner.id)
    if earlier is not None:
        return replay(_fact(earlier), same=earlier.body_hash == body_hash(message))
    require_known_kinds(frozenset(scope) - {"all"}, place="/scope", rules=policy_in_force(work))
    row = _row(work, message, partner, recorded_by=staff_id, key=hashed)
    insert_once(work, row, quota_per_day=quota_per_day)
    register(work, secrets, message, row, kind=RegistrationKind.OBJECTION, key=idempotency_key)
    detail = {"kind": row.kind}
    record(
        work,
        ObjectionRecorded(organisation_id=partner.id, subject={"objection": str(row.id)}, detail=detail),
    )
    return _fact(row)


def lift_objection(work: Work, objection_id: UUID) -> RecordedFact:
    """Lift an objection that the person took back, by whoever recorded it; a second time changes nothing.

    The worker has what it stopped decided again; nobody is looked up here (see `withdraw_consent`).

    Raises:
        ObjectionDecidedError: A rights officer upheld it, or it stands or falls with a request to the desk.
    """
    partner, _ = require_recorder(work)
    row = store.find_own_objection(work.session, objection_id, organisation_id=partner.id)
    if row is None:
        raise ObjectionMissingError
    if row.lifted_at is None:
        # Else the one who signalled could lift what was decided against them.
        if row.state != ObjectionState.PENDING:
            raise ObjectionDecidedError
        store.lift_objection(work, row.id)
        enqueue(work, [row.id])
        record(work, ObjectionLifted(organisation_id=partner.id, subject={"objection": str(row.id)}))
    return RecordedFact(row.id, row.recorded_at, ObjectionState.LIFTED.value)


def decide_objection(work: Work, objection_id: UUID, outcome: ObjectionState) -> RecordedFact:
    """Uphold an objection, which goes on stopping, or reject it, after which it stops nothing.

    Raises:
        RoleNotAllowedError: The caller is no rights officer, or recorded it.
        ObjectionDecidedError: It was decided otherwise, or taken back.

    Source:
        CON-12; Jeugdwet 7.1.5.2.
    """
    staff = require_role(work, *DECIDING)
    row = store.find_objection(work.session, objection_id)
    if row is None:
        raise ObjectionMissingError
    if row.recorded_by == staff.id:
        raise RoleNotAllowedError
    if row.state == outcome:
        return _fact(row)
    if row.state != ObjectionState.PENDING:
        raise ObjectionDecidedError
    if outcome in ENDED:
        row.lifted_at = work.now
        enqueue(work, [row.id])
    row.state, row.decided_by, row.decided_at = outcome.value, staff.id, work.now
    work.session.flush()
    event = ObjectionDecided(
        organisation_id=staff.organisation_id,
        subject={"objection": str(row.id)},
        detail={"outcome": outcome.value, "kind": row.kind},
    )
    record(work, event)
    return _fact(row)


def settle_due(work: Work, *, limit: int) -> int:
    """Let go of the persons of objections that stop nothing any more, and count these.

    What they stopped is decided again while they can still be found; how long that takes, nobody waits for.
    """
    rows = store.list_unsettled(work.session, limit=limit)
    take_back(work, [row for row in rows if row.kind == WITHDRAWAL])
    for row in rows:
        if row.kind != WITHDRAWAL:
            decide_again(work, row.id)
        row.settled_at = work.now
    end_registrations(work, [row.id for row in rows])
    return len(rows)


def list_pending(work: Work, *, of: Collection[UUID] | None = None) -> list[WaitingObjection]:
    """Return the objections that wait for a rights officer, the oldest first; of these organisations only."""
    require_role(work, *DECIDING, *DESK)
    return [_waiting(row) for row in store.list_pending(work.session, of=of, limit=PAGE)]


def find_waiting(work: Work, objection_id: UUID) -> WaitingObjection | None:
    """Find an objection, and hold it; nothing in it says about whom."""
    row = store.find_objection(work.session, objection_id)
    return None if row is None else _waiting(row)


def hand_to_request(work: Work, objection_id: UUID) -> Handed:
    """Let a pending objection stand or fall with a request to the desk, which is decided in its place.

    Raises:
        ObjectionMissingError: There is none.
        ObjectionDecidedError: It was decided upon, taken back, or handed over before.
    """
    row = store.find_objection(work.session, objection_id)
    if row is None:
        raise ObjectionMissingError
    if row.state != ObjectionState.PENDING:
        raise ObjectionDecidedError
    row.state = ObjectionState.REQUESTED.value
    work.session.flush()
    return Handed(row.key_hash, row.body_hash)


def _waiting(row: ObjectionRow) -> WaitingObjection:
    scope = tuple(row.scope.split())
    return WaitingObjection(row.id, row.recorded_at, row.state, row.kind, scope, row.organisation_id)


def _row(
    work: Work, message: NewObjection, partner: Partner, *, recorded_by: UUID, key: bytes
) -> ObjectionRow:
    scope = ["all"] if message.scope == "all" else sorted(message.scope)
    return ObjectionRow(
        id=uuid4(),
        organisation_id=partner.id,
        key_hash=key,
        body_hash=body_hash(message),
        kind=message.kind,
        scope=" ".join(scope),
        state=ObjectionState.PENDING.value,
        recorded_by=recorded_by,
        recorded_at=work.now,
    )


def _fact(row: ObjectionRow) -> RecordedFact:
    return RecordedFact(row.id, row.recorded_at, row.state)
