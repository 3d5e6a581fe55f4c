"""What the other slices ask of consent: may they, and what persons said."""

from __future__ import annotations

from hub.consent.consenting import lapse_due, record_consent, withdraw_consent
from hub.consent.facts import (
    CaseFacts,
    FeedbackCode,
    LaneFacts,
    ObjectionState,
    PostingFacts,
    Purpose,
    SignalFacts,
    StoredDecision,
)
from hub.consent.gates import refusal_of, require_posting, require_registering
from hub.consent.objecting import (
    decide_objection,
    lift_objection,
    list_pending,
    record_objection,
    settle_due,
)
from hub.consent.recording import RecordedFact
from hub.consent.telling import Telling, Weighing, decide_telling_many, weigh_many
from hub.consent.versions import in_force_since, policy_in_force
from hub.consent.withdrawing import withdraw_everywhere
from service.work import Work

__all__ = [
    "CaseFacts",
    "FeedbackCode",
    "LaneFacts",
    "ObjectionState",
    "PostingFacts",
    "Purpose",
    "RecordedFact",
    "SignalFacts",
    "StoredDecision",
    "Telling",
    "Weighing",
    "decide_objection",
    "decide_telling",
    "decide_telling_many",
    "in_force_since",
    "lapse_due",
    "lift_objection",
    "list_pending",
    "policy_in_force",
    "record_consent",
    "record_objection",
    "refusal_of",
    "require_posting",
    "require_registering",
    "settle_due",
    "weigh_many",
    "withdraw_consent",
    "withdraw_everywhere",
]  # fmt: skip


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
