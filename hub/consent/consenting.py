"""Record consents, withdraw them, and let them lapse: gate, act, record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from hub.audit.service import record, record_many
from hub.consent import store
from hub.consent.errors import ConsentIncompleteError, ConsentMissingError
from hub.consent.events import ConsentGiven, ConsentLapsed, ConsentWithdrawn
from hub.consent.facts import ConsentState, Purpose
from hub.consent.gates import require_specific
from hub.consent.models import ConsentRow
from hub.consent.quarters import quarter_ends_before
from hub.consent.recording import RecordedFact, insert_once, replay, require_recorder
from hub.consent.registering import body_hash, decide_again, register
from hub.consent.schemas import NewConsent
from hub.consent.versions import policy_in_force
from hub.partners.service import Partner, find_partners, find_staff
from hub.subjects.service import RegistrationKind, SubjectKeys, end_registrations, enqueue
from service.clock import dutch_date
from service.idempotency import key_hash
from service.work import Work


def record_consent(
    work: Work, secrets: SubjectKeys, message: NewConsent, *, idempotency_key: UUID, quota_per_day: int
) -> RecordedFact:
    """Record a consent and have everything that may hang on it decided again.

    Raises:
        RefusedError: The caller is no desk and not the partner whom it is about, or a token type is not its.
        ConsentIncompleteError: An element that makes a consent specific is missing or contradicts another.
        IdempotencyConflictError: The key was used for another message.
        DeskQuotaExhaustedError: The organisation has used its day.

    Source:
        CON-03, CON-05..CON-08.
    """
    partner, staff_id = require_recorder(work, message)
    hashed, on = key_hash(partner.id, idempotency_key), dutch_date(work.now)
    earlier = store.find_consent_by_key(work.session, hashed, organisation_id=partner.id)
    if earlier is not None:
        return replay(_fact(earlier, on=on), same=earlier.body_hash == body_hash(message))
    require_specific(message, on=on, rules=policy_in_force(work))
    _require_known(work, message, partner)
    row = _row(work, message, partner, recorded_by=staff_id, key=hashed)
    insert_once(work, row, quota_per_day=quota_per_day)
    # What it opens ends with its facts. Its registration stays until `lapse_due` has found what hung on it.
    register(work, secrets, message, row, kind=RegistrationKind.CONSENT, key=idempotency_key)
    record(work, _event(ConsentGiven, row))
    return _fact(row, on=on)


def withdraw_consent(work: Work, consent_id: UUID) -> RecordedFact:
    """Withdraw a consent that this organisation recorded; a second time changes nothing.

    From now on it opens nothing. The worker has what hung on it decided again, and lets go of the person:
    looked up here, how long the answer takes would tell whether anybody knows them.

    Source:
        CON-04; AVG 7(3): as easy as giving it; SIG-11.
    """
    partner, _ = require_recorder(work)
    row = store.find_own_consent(work.session, consent_id, organisation_id=partner.id)
    if row is None:
        raise ConsentMissingError
    if row.withdrawn_at is None:
        store.withdraw_consent(work, row.id, on=dutch_date(work.now))
        enqueue(work, [row.id])
        record(work, _event(ConsentWithdrawn, row))
    return RecordedFact(row.id, row.recorded_at, ConsentState.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A consent that ended with the age at which it was given; `bracket` is that age."""

    id: UUID
    organisation_id: UUID
    recorded_by: UUID
    bracket: str


AskAgain = Callable[[Work, Sequence[Lapsed]], None]


def lapse_due(work: Work, *, limit: int, ask_again: AskAgain | None = None) -> int:
    """End consents that are withdrawn or over, have what hung on them decided again, and count them.

    Args:
        ask_again: is told which ended with an age, while what hung on them can still be found.

    Source:
        CON-09: parental consent lapses at 16; default deny.
    """
    rows = store.list_lapsing(work.session, on=dutch_date(work.now), limit=limit)
    if ask_again is not None:
        ask_again(work, [_lapsed(row) for row in rows if _ended_with_age(row)])
    for row in rows:
        decide_again(work, row.id)
        row.lapsed_at = work.now
    end_registrations(work, [row.id for row in rows])
    work.session.flush()
    record_many(work, [_event(ConsentLapsed, row) for row in rows if row.withdrawn_at is None])
    return len(rows)


def _ended_with_age(row: ConsentRow) -> bool:
    over = quarter_ends_before(row.bracket_ends or "")
    return row.withdrawn_at is None and over is not None and over <= row.valid_until_on


def _lapsed(row: ConsentRow) -> Lapsed:
    return Lapsed(row.id, row.organisation_id, row.recorded_by, row.bracket)


def _require_known(work: Work, message: NewConsent, partner: Partner) -> None:
    # An id that is nobody's would be room for a hundred and twenty bits of somebody's choice.
    organisations = set(message.organisations)
    if len(find_partners(work, organisations)) != len(organisations):
        raise ConsentIncompleteError(places=("/organisations",))
    if message.recipient is None:
        return
    # Who hears is for the person to say, at the municipality's desk: no sender chooses its own listener.
    told = message.purpose is Purpose.TELL_CASEMANAGER and partner.may_receive
    if not told or not find_staff(work, [message.recipient]):
        raise ConsentIncompleteError(places=("/recipient",))


def _row(work: Work, message: NewConsent, partner: Partner, *, recorded_by: UUID, key: bytes) -> ConsentRow:
    over = message.valid_until_date + timedelta(days=1)
    return ConsentRow(
        id=uuid4(),
        organisation_id=partner.id,
        key_hash=key,
        body_hash=body_hash(message),
        kind=message.kind.value,
        purpose=message.purpose.value,
        partner_kinds=" ".join(sorted(message.partner_kinds)),
        organisations=" ".join(sorted(str(one) for one in message.organisations)),
        valid_from_on=message.valid_from_date,
        valid_until_on=message.valid_until_date,
        given_by=message.given_by.value,
        given_how=message.given_how.value,
        authority_attested=message.authority_attested,
        authority_holders=message.authority_holders,
        holders_consented=message.holders_consented,
        recipient=message.recipient,
        exception=message.exception,
        text_version=message.text_version,
        bracket=message.bracket.value,
        bracket_ends=message.bracket_ends,
        recorded_by=recorded_by,
        recorded_at=work.now,
        lapses_on=min(over, quarter_ends_before(message.bracket_ends or "") or over),
    )


def _fact(row: ConsentRow, *, on: date) -> RecordedFact:
    """Say where a consent stands on a day, whenever the worker comes by."""
    lapsed = ConsentState.LAPSED if row.lapses_on <= on else ConsentState.ACTIVE
    state = ConsentState.WITHDRAWN if row.withdrawn_at else lapsed
    return RecordedFact(row.id, row.recorded_at, state.value)


def _event(
    kind: type[ConsentGiven | ConsentWithdrawn | ConsentLapsed], row: ConsentRow
) -> ConsentGiven | ConsentWithdrawn | ConsentLapsed:
    return kind(organisation_id=row.organisation_id, purpose=row.purpose, subject={"consent": str(row.id)})
