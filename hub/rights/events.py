"""What the citizen's requests tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsEvent(AuditEvent):
    """An act on a citizen's request."""

    code: ClassVar[str] = "rights.event"
    purpose: str = "rights"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFiled(RightsEvent):
    """A person whose identity was verified filed a request."""

    code: ClassVar[str] = "rights.filed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionTakenUp(RightsEvent):
    """An objection that was heard elsewhere is handled as a request, once its person was identified."""

    code: ClassVar[str] = "rights.objection_taken_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionsListed(RightsEvent):
    """A rights officer saw which objections wait at the desk."""

    code: ClassVar[str] = "rights.objections_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSearched(RightsEvent):
    """A rights officer saw what is registered about a requester: the one look-up by person there is."""

    code: ClassVar[str] = "rights.searched"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestShown(RightsEvent):
    """Somebody at the desk looked at a request again, and an officer at what was found for it."""

    code: ClassVar[str] = "rights.shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForwarded(RightsEvent):
    """A request went to the desk of the municipality that is responsible."""

    code: ClassVar[str] = "rights.forwarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermExtended(RightsEvent):
    """An answer will take longer, for a coded reason."""

    code: ClassVar[str] = "rights.term_extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceAsked(RightsEvent):
    """An organisation was asked what it advises on its own registration."""

    code: ClassVar[str] = "rights.advice_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceListed(RightsEvent):
    """An organisation saw for which of its registrations advice is asked."""

    code: ClassVar[str] = "rights.advice_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceGiven(RightsEvent):
    """An organisation gave its advice."""

    code: ClassVar[str] = "rights.advice_given"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingJudged(RightsEvent):
    """A rights officer said whether what was found is the requester's, and with what it was compared."""

    code: ClassVar[str] = "rights.judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDecided(RightsEvent):
    """A request was decided, and what follows was done."""

    code: ClassVar[str] = "rights.decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationErased(RightsEvent):
    """A registration was erased; only the kind of organisation and the ground stay."""

    code: ClassVar[str] = "rights.erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasuresReplayed(RightsEvent):
    """After a restore, what was erased since the backup was erased again."""

    code: ClassVar[str] = "rights.erased_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade(RightsEvent):
    """What is known of a requester was put in a report."""

    code: ClassVar[str] = "rights.report_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTellingsListed(RightsEvent):
    """A recipient was shown what became of its registrations."""

    code: ClassVar[str] = "rights.own_tellings_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientTold(RightsEvent):
    """Somebody said for a recipient that it knows what became of a registration."""

    code: ClassVar[str] = "rights.recipient_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingsListed(RightsEvent):
    """An officer saw who had to hear what became of a request."""

    code: ClassVar[str] = "rights.tellings_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAppointed(RightsEvent):
    """The operator recorded which desk answers for an organisation's registrations."""

    code: ClassVar[str] = "rights.desk_appointed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAsked(RightsEvent):
    """An organisation was asked to put right what it registered."""

    code: ClassVar[str] = "rights.correction_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsListed(RightsEvent):
    """An organisation saw what it has to put right."""

    code: ClassVar[str] = "rights.corrections_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAnswered(RightsEvent):
    """An organisation put right what it registered, or said that nothing takes its place."""

    code: ClassVar[str] = "rights.correction_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionsListed(RightsEvent):
    """A rights officer saw where attestations of authority hold up a telling, and who attested."""

    code: ClassVar[str] = "rights.contradictions_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlinesListed(RightsEvent):
    """Somebody saw which requests are late, and by whose clock."""

    code: ClassVar[str] = "rights.deadlines_listed"
