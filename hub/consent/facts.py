"""The facts a rule may see, and the decision it yields: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Bracket(StrEnum):
    """Age of the person, as coarse as the law needs it; the hub holds no birth date. Source: CON-05."""

    TO_11 = "0-11"
    TO_15 = "12-15"
    TO_17 = "16-17"
    TO_22 = "18-22"
    FROM_23 = "23+"

    def next(self) -> Bracket:
        """Return the bracket that follows; the last one follows itself."""
        brackets = list(Bracket)
        return brackets[min(brackets.index(self) + 1, len(brackets) - 1)]


class NoticeState(StrEnum):
    """Whether the person was told of the signal (kennisgeving). Source: TRA-01."""

    GIVEN = "given"
    EXCEPTION = "exception"
    PENDING = "pending"


class Purpose(StrEnum):
    """What a consent or a disclosure is for; feedback is the way back to the sender (terugkoppeling)."""

    TELL_CASEMANAGER = "tell_casemanager"
    SENDER_FEEDBACK = "sender_feedback"


class FeedbackCode(StrEnum):
    """All that a sender may ever hear back (terugkoppeling): codes, never words. Source: ROU-19, MAT-14."""

    TAKEN_UP = "taken_up"
    IN_CONTACT = "in_contact"
    CLOSED = "closed"
    JOINT_CONSIDERATION = "joint_consideration"


class ConsentKind(StrEnum):
    """Three consents that never merge (toestemming). Source: CON-02."""

    DATA_PROCESSING = "data_processing"
    SECRECY_WAIVER = "secrecy_waiver"
    HELP_AGREEMENT = "help_agreement"


class GivenBy(StrEnum):
    """Who gave a consent; `both` is the young person and every holder of authority."""

    SUBJECT = "subject"
    REPRESENTATIVE = "representative"
    BOTH = "both"

    @property
    def givers(self) -> frozenset[str]:
        """Who this stands for: subject, representative, or the two."""
        return frozenset({"subject", "representative"}) if self is GivenBy.BOTH else frozenset({self.value})


class GivenHow(StrEnum):
    """How a consent was given; the paper itself stays with who asked. Source: CON-03; AVG 7(1)."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    DIGITAL = "digital"


class ConsentState(StrEnum):
    """Where a consent stands. Source: CON-04, CON-09."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ObjectionState(StrEnum):
    """Where an objection stands; all but the last two stop the same. Source: CON-12.

    Of a request that a desk handles (REQUESTED), the request decides what becomes of it.
    """

    PENDING = "pending"
    REQUESTED = "request"
    UPHELD = "upheld"
    REJECTED = "rejected"
    LIFTED = "lifted"


class HelpException(StrEnum):
    """Why help may go without a representative; it opens no disclosure. Source: CON-08; Jeugdwet 7.3.4(2)."""

    SERIOUS_HARM = "serious_harm"
    YOUTH_PERSISTS = "youth_persists"


class Fact(StrEnum):
    """The code of one reason; its rule and legal source are data, its wording is in `explanation`."""

    PARTNER_NOT_ADMITTED = "partner_not_admitted"
    BASIS_NOT_IN_FORCE = "basis_not_in_force"
    BASIS_NOT_FOR_PARTNER = "basis_not_for_partner"
    BRACKET_NOT_IN_LANE = "bracket_not_in_lane"
    BRACKET_UNCERTAIN = "bracket_uncertain"
    DECISION_REFERENCE_MISSING = "decision_reference_missing"
    DECISION_REFERENCE_NOT_NEEDED = "decision_reference_not_needed"
    SIGNAL_KIND_OFF = "signal_kind_off"
    ATTESTATION_MISSING = "attestation_missing"
    NOTICE_STATE_NOT_ALLOWED = "notice_state_not_allowed"
    NOTICE_PENDING = "notice_pending"
    NOTICE_CONTRADICTED = "notice_contradicted"
    NOT_A_CASE_HOLDER = "not_a_case_holder"
    SENDER_NOT_IN_FORCE = "sender_not_in_force"
    SAME_ORGANISATION = "same_organisation"
    RECIPIENT_NOT_ALLOWED = "recipient_not_allowed"
    POLICE_DATA_RECIPIENT = "police_data_recipient"
    RESTRICTED = "restricted"
    FACTS_UNKNOWN = "facts_unknown"
    OBJECTION = "objection"
    CONSENT_MISSING = "consent_missing"
    CONSENT_CONTRADICTED = "consent_contradicted"
    FEEDBACK_NOT_ALLOWED = "feedback_not_allowed"
    BASIS_IN_FORCE = "basis_in_force"
    NOTICE_GIVEN = "notice_given"
    NOTICE_EXCEPTION = "notice_exception"
    CONSENT_COVERS = "consent_covers"
    NO_OBJECTION_KNOWN = "no_objection_known"
    OVERRIDE = "override"
    OBJECTION_PENDING = "objection_pending"
    NOT_ACTIVE_TOGETHER = "not_active_together"
    ACTIVE_TOGETHER = "active_together"
    ARCHIVE_OFF = "archive_off"
    ARCHIVE_NOT_KEPT = "archive_not_kept"
    ARCHIVE_OVER = "archive_over"
    ARCHIVE_ANSWERED = "archive_answered"
    ARCHIVE_ANSWERS = "archive_answers"


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """One step of a decision: the rule, the text of law it rests on, and the fact that was found."""

    rule: str
    source: str
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """May it, to which level, why, and by which policy set.

    Attributes:
        level: 0 "a partner", 1 its domain, 2 the organisation, 3 the professional and contact; 0 when denied.
        police_origin: the facts told come from the police; the marker travels with them (CON-14).
        policy_hash: 32 hex digits.
    """

    allowed: bool
    level: int
    reasons: tuple[Reason, ...]
    policy_hash: str
    police_origin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision(Decision):
    """A decision that was written down, also when nobody is told.

    Attributes:
        consent_texts: versions of the texts with which the consents that cover it were asked (AVG 7(1)).
    """

    id: UUID
    consent_texts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneFacts:
    """What an organisation says in its own message; nothing that the hub knows of a person fits in.

    Attributes:
        bracket_ends: the quarter, as `2028-Q3`; None only for 23 and older.
        on: the Dutch calendar date on which the rules are applied.
    """

    partner_kind: str
    legal_basis: str
    bracket: str
    bracket_ends: str | None
    has_decision_reference: bool
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingFacts(LaneFacts):
    """All that may decide whether a signal is taken: the answer must not depend on the person."""

    attestation: str
    subject_notice: str
    signal_kind: str = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts:
    """A consent that is attached to the person with certainty (toestemming).

    Attributes:
        organisations: the single organisations it is for; empty for every one of its kinds.
        authority_holders: how many hold authority over the person, as a professional attested (CON-07).
        holders_consented: how many of those consented.
    """

    kind: str
    purpose: str
    partner_kinds: frozenset[str]
    valid_from_on: date
    valid_until_on: date
    given_by: str
    authority_attested: bool
    withdrawn: bool
    bracket: str
    bracket_ends: str | None
    organisations: frozenset[UUID] = frozenset()
    authority_holders: int = 0
    holders_consented: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFacts:
    """An objection that is attached to the person, also when that is only possible (bezwaar, AVG 21).

    Attributes:
        pending: nobody decided on it yet; it stops as much as one that was upheld.
        restriction: the person asked that nothing is done with their data (AVG 18), whatever the scope.
    """

    scope: frozenset[str]
    pending: bool = False
    restriction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingFacts(LaneFacts):
    """All that may decide whether somebody is told of one signal.

    Attributes:
        exception_code: the ground of an approved exception to telling the person; None while there is none.
        exception_until_on: the last day on which it stands.
        notice_holders: how many holders of authority were told, as this sender attested.
        holders_attested: how many there are, by whoever attested the most about this person.
        override: the ground of an override that is open now; None while there is none.
        consent_first: nobody hears without a consent, whatever the basis: the municipality agreed so.
        sender_in_force: whether the sender still takes part, under a covenant of today.
        feedback_code: what the sender would hear; None asks whether they may hear anything at all.
        consents: None when nobody looked, which is not the same as none.
        objections: None when nobody looked, which is not the same as none.
    """

    subject_notice: str
    purpose: str
    recipient_kind: str
    sender_in_force: bool
    same_organisation: bool
    restricted: bool
    consents: tuple[ConsentFacts, ...] | None
    objections: tuple[ObjectionFacts, ...] | None
    exception_code: str | None = None
    exception_until_on: date | None = None
    notice_holders: int = 0
    holders_attested: int = 0
    override: str | None = None
    sender_id: UUID | None = None
    consent_first: bool = False
    feedback_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """A case as the hub keeps it; `id` is that of its registration."""

    id: UUID
    organisation_id: UUID
    partner_kind: str
    legal_basis: str
    bracket: str
    bracket_ends: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalFacts:
    """A signal as the hub keeps it; `id` is that of its registration."""

    id: UUID
    organisation_id: UUID
    partner_kind: str
    legal_basis: str
    bracket: str
    bracket_ends: str | None
    subject_notice: str
    has_decision_reference: bool
    restricted: bool
    exception_code: str | None = None
    exception_until_on: date | None = None
    notice_holders: int = 0
    holders_attested: int = 0
