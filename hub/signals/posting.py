"""Prepare a post: everything about it that needs no database, done before its transaction begins."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from uuid import UUID, uuid4

from hub.signals.schemas import SignalIn
from hub.signals.values import Message, Post
from hub.subjects.service import Quarantined, SubjectKeys, open_pseudonyms
from keys.protocol.encoding import canonical_json
from service.idempotency import key_hash
from service.work import Caller


def prepare_post(secrets: SubjectKeys, caller: Caller, signal: SignalIn, *, idempotency_key: UUID) -> Post:
    """Open the envelope and hash the message; the caller must act for an organisation."""
    if caller.organisation_id is None:
        raise ValueError("a post has an organisation")
    sent = signal.as_sent()
    public_part = {name: value for name, value in sent.items() if name != "envelope"}
    signal_id = uuid4()
    pseudonyms = open_pseudonyms(
        secrets,
        registration_id=signal_id,
        organisation_id=caller.organisation_id,
        idempotency_key=idempotency_key,
        public_part=public_part,
        kid=signal.envelope.kid,
        sealed=signal.envelope.read(),
        # Which types the organisation may use is asked openly, of those it named: policy.require_post.
        allowed=frozenset(signal.token_types),
    )
    return Post(
        caller=caller,
        signal_id=signal_id,
        key=key_hash(caller.organisation_id, idempotency_key),
        body_hash=sha256(canonical_json(sent)).digest(),
        message=_read_message(signal, kid_known=signal.envelope.kid in secrets.envelope),
        pseudonyms=pseudonyms,
    )


def quarantine_of(post: Post) -> str:
    """Return why the envelope is kept apart, or nothing."""
    return post.pseudonyms.reason if isinstance(post.pseudonyms, Quarantined) else ""


def _read_message(signal: SignalIn, *, kid_known: bool) -> Message:
    return Message(
        contact_on=date.fromisoformat(signal.contact_date),
        kind=signal.kind,
        legal_basis=signal.legal_basis,
        attestation=signal.attestation,
        reporter_id=UUID(signal.reporter),
        bracket=signal.bracket,
        bracket_ends=signal.bracket_ends,
        subject_notice=signal.subject_notice,
        notice_on=date.fromisoformat(signal.notice_date) if signal.notice_date else None,
        notice_to=frozenset(signal.notice_to or ()),
        authority_holders=signal.authority_holders or 0,
        has_decision_reference=signal.decision_reference is not None,
        valid_months=signal.valid_months,
        token_types=tuple(signal.token_types),
        kid_known=kid_known,
        residence=signal.residence,
        residence_from=signal.residence_from if signal.residence else None,
        submitted_by=UUID(signal.submitted_by) if signal.submitted_by else None,
        on_behalf_of=UUID(signal.on_behalf_of) if signal.on_behalf_of else None,
    )
