"""What a citizen's request can be refused for, or lack."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError, RefusedError


class IdentityNotVerifiedError(RefusedError):
    """Nobody knows that this is the person. Source: TRA-11."""

    code = "identity_not_verified"
    title = "A request is filed after the identity of who asks was verified."


class RequesterNotEntitledError(RefusedError):
    """At this age others ask, or ask along, or the authority was not verified. Source: TRA-07."""

    code = "requester_not_entitled"
    title = "Who asks may not ask this for a person of this age, or not alone."


class ScopeNotAllowedError(InvalidError):
    """Only an objection is against some kinds of partner."""

    code = "scope_not_allowed"
    title = "Only an objection can be limited to kinds of partner."


class SecondOfficerNeededError(RefusedError):
    """One person files, another searches: nobody looks a person up alone."""

    code = "second_officer_needed"
    title = "Another person than the one who filed this request handles it."


class RequestMissingError(MissingError):
    """This desk has no such request."""

    code = "rights_request_not_found"
    title = "This desk has no such request."


class AdviceMissingError(MissingError):
    """Nobody asked this organisation for such advice."""

    code = "advice_not_found"
    title = "Your organisation was not asked for this advice."


class FindingMissingError(MissingError):
    """This request has no such finding."""

    code = "finding_not_found"
    title = "This request has no such finding."


class JudgementNotAllowedError(ConflictError):
    """Nobody compared yet, or the organisation that registered it says otherwise. Source: MAT-11."""

    code = "judgement_not_allowed"
    title = "Ask the organisation that registered this first, and compare with it."


class ProposalPendingError(ConflictError):
    """A second person decides on exactly what was found: nothing is added or judged meanwhile."""

    code = "proposal_pending"
    title = "A second officer has this request before them; what was found stays as it is until then."


class FindingsChangedError(ConflictError):
    """What would be erased is not what was proposed."""

    code = "findings_changed"
    title = "What was found changed after this was proposed; it has to be proposed again."


class DeskNotRecordedError(ConflictError):
    """Nobody recorded which desk answers for an organisation; no other desk does so in its place."""

    code = "desk_not_recorded"
    title = "The operator has to record which desk answers for one of the organisations concerned."


class TellingMissingError(MissingError):
    """This organisation was told no such thing."""

    code = "telling_not_found"
    title = "Your organisation was told no such thing."


class ObjectionTakenUpError(ConflictError):
    """It is part of a request already, or it was decided."""

    code = "objection_taken_up"
    title = "This objection is part of a request already, or was decided."


class DeskMissingError(InvalidError):
    """A request is forwarded to a desk of a municipality that takes part."""

    code = "desk_unknown"
    title = "That organisation has no desk for citizens' requests."


class RequestDecidedError(ConflictError):
    """It was decided already."""

    code = "request_decided"
    title = "This request was decided already."


class NotSearchedError(ConflictError):
    """Nothing can be decided on what was never looked for."""

    code = "request_not_searched"
    title = "Search first, then decide."


class AdvicePendingError(ConflictError):
    """The reporter's organisation gives advice first, or lets its term pass. Source: TRA-05."""

    code = "advice_pending"
    title = "Ask the organisations concerned for advice, and wait for it or for the end of its term."


class GroundNotAllowedError(InvalidError):
    """This ground does not carry this decision on this kind of request."""

    code = "ground_not_allowed"
    title = "This ground does not carry this decision."


class ExtensionNotAllowedError(ConflictError):
    """A term is extended once, before it is over. Source: AVG 12(3)."""

    code = "extension_not_allowed"
    title = "A term is extended once, before it is over."


class IdempotencyConflictError(ConflictError):
    """The key was used for another message."""

    code = "idempotency_conflict"
    title = "This idempotency key was used for another message."


class CorrectionMissingError(MissingError):
    """Nothing of the caller's is to be put right under this number."""

    code = "correction_missing"
    title = "There is nothing of yours to put right under this number."


class CorrectionAnsweredError(ConflictError):
    """It was answered otherwise."""

    code = "correction_answered"
    title = "This was answered before, otherwise."


class ReplacementError(InvalidError):
    """What takes the place of an inaccurate signal is a new one of the same organisation, that counts."""

    code = "replacement_not_allowed"
    title = "Name a signal or case of your own that counts and was registered after the decision."
