"""What consent can refuse openly: facts about the partner and its message, never about a person."""

from __future__ import annotations

from hub.consent.facts import Fact
from service.errors import (
    ConflictError,
    ExhaustedError,
    InvalidError,
    MissingError,
    RefusedError,
    UnavailableError,
)


class PartnerNotAdmittedError(RefusedError):
    """This kind of organisation is not in the matrix, or only hears."""

    code = "partner_not_admitted"
    title = "This kind of organisation may not do this."


class LegalBasisMissingError(RefusedError):
    """There is no basis in force for this organisation under the code given."""

    code = "legal_basis_missing"
    title = "No legal basis that is in force for this kind of organisation was named."


class BracketNotInLaneError(RefusedError):
    """The age lane of the organisation or the basis does not hold this bracket."""

    code = "bracket_not_in_lane"
    title = "The age bracket does not fit this kind of organisation and legal basis."


class BracketUncertainError(RefusedError):
    """The bracket has ended, or the quarter in which it ends contradicts it."""

    code = "bracket_uncertain"
    title = "The age bracket has ended or contradicts the quarter in which it ends."


class DecisionReferenceMissingError(RefusedError):
    """This basis needs the reference of a decision."""

    code = "decision_reference_missing"
    title = "This legal basis needs the reference of a decision."


class DecisionReferenceNotNeededError(RefusedError):
    """This basis rests on no decision: a reference would only be room to smuggle something in."""

    code = "decision_reference_not_needed"
    title = "No reference of a decision belongs to this legal basis."


class SignalKindOffError(RefusedError):
    """This kind of signal is not used here. Source: SIG-05."""

    code = "signal_kind_off"
    title = "This kind of signal is not used here."


class AttestationMissingError(RefusedError):
    """The reporter did not attest that this signal was weighed."""

    code = "attestation_missing"
    title = "The reporter must attest that this signal was weighed."


class NoticeStateNotAllowedError(RefusedError):
    """Under this basis the person is told; an exception contradicts it."""

    code = "notice_state_not_allowed"
    title = "This state of the notice to the person is not possible under this legal basis."


class NoticeIncompleteError(InvalidError):
    """Not exactly those were told who must be at this age, or on a day that can't be."""

    code = "notice_incomplete"
    title = "The notice names other persons than this age asks for, or a day that is not possible."


class ConsentIncompleteError(InvalidError):
    """A consent lacks an element that makes it specific. Source: CON-03."""

    code = "consent_incomplete"
    title = "The consent is not specific: an element is missing or contradicts another."


class ConsentMissingError(MissingError):
    """This organisation recorded no such consent."""

    title = "This organisation recorded no such consent."


class ObjectionMissingError(MissingError):
    """This organisation recorded no such objection."""

    title = "This organisation recorded no such objection."


class NotOwnError(RefusedError):
    """A partner records consents and objections about its own signals only. Source: domain.md 5.5."""

    code = "not_own_signals"
    title = "Your organisation records this for its own signals only."


class ObjectionDecidedError(ConflictError):
    """The objection was decided upon or taken back."""

    code = "objection_decided"
    title = "This objection was decided upon, or taken back."


class PolicyInvalidError(InvalidError):
    """A policy set lacks a part, or a part contradicts another or the law. Source: CON-01."""

    code = "policy_invalid"
    title = "The policy set is not complete or contradicts itself or the law."


class PolicyMovedError(ConflictError):
    """Another policy set was adopted since this one was proposed."""

    code = "policy_moved"
    title = "Another policy set was adopted meanwhile: propose again, on top of it."


class PolicyMissingError(MissingError):
    """There is no policy set of this hash."""

    title = "There is no such policy set."


class PolicyBrokenError(UnavailableError):
    """A stored policy set is not what its hash says; nobody is told anything on it."""

    code = "policy_broken"
    title = "The stored policy set is not what its hash says; nothing was done."


class DecisionUnknownError(MissingError):
    """There is no such decision."""

    title = "There is no such decision."


class IdempotencyConflictError(ConflictError):
    """The key was used for another message."""

    code = "idempotency_conflict"
    title = "This idempotency key was used for another message."


class DeskQuotaExhaustedError(ExhaustedError):
    """The organisation has recorded as much as it may in a day: what is recorded about strangers probes."""

    code = "quota_exhausted"
    title = "Your organisation has recorded as many consents and objections as it may today."


REFUSALS: dict[Fact, tuple[type[RefusedError], str]] = {
    Fact.PARTNER_NOT_ADMITTED: (PartnerNotAdmittedError, ""),
    Fact.NOT_A_CASE_HOLDER: (PartnerNotAdmittedError, ""),
    Fact.BASIS_NOT_IN_FORCE: (LegalBasisMissingError, "/legalBasis"),
    Fact.BASIS_NOT_FOR_PARTNER: (LegalBasisMissingError, "/legalBasis"),
    Fact.BRACKET_NOT_IN_LANE: (BracketNotInLaneError, "/bracket"),
    Fact.BRACKET_UNCERTAIN: (BracketUncertainError, "/bracketEnds"),
    Fact.DECISION_REFERENCE_MISSING: (DecisionReferenceMissingError, "/decisionReference"),
    Fact.DECISION_REFERENCE_NOT_NEEDED: (DecisionReferenceNotNeededError, "/decisionReference"),
    Fact.SIGNAL_KIND_OFF: (SignalKindOffError, "/kind"),
    Fact.ATTESTATION_MISSING: (AttestationMissingError, "/attestation"),
    Fact.NOTICE_STATE_NOT_ALLOWED: (NoticeStateNotAllowedError, "/subjectNotice"),
}
