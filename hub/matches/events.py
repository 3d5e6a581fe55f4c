"""What the matches tell the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.audit.events import AuditEvent, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCreated(AuditEvent):
    """A match was made and somebody is told."""

    code: ClassVar[str] = "match.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPossible(AuditEvent):
    """Two registrations may be one person: a human judges before anybody is told."""

    code: ClassVar[str] = "match.possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchHeld(AuditEvent):
    """Two registrations agree, and nobody may be told now."""

    code: ClassVar[str] = "match.held"
    outcome: Outcome = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchVoided(AuditEvent):
    """A match no longer stands."""

    code: ClassVar[str] = "match.voided"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchJudged(AuditEvent):
    """A team lead confirmed or rejected a possible match."""

    code: ClassVar[str] = "match.judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleListed(AuditEvent):
    """A team lead saw what waits for a judgement, with the kind of organisation that left it."""

    code: ClassVar[str] = "match.possible_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeListed(AuditEvent):
    """A member of the team saw what waits in the intake, with the kinds of organisation that left it."""

    code: ClassVar[str] = "intake.listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeAccepted(AuditEvent):
    """A member of the team took an item of the intake."""

    code: ClassVar[str] = "intake.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRevealed(AuditEvent):
    """A handle was shown with the way to its reporter, as far as the level allows."""

    code: ClassVar[str] = "match.contact_revealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMatch(AuditEvent):
    """Something that was done with a match by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSuppressed(OfMatch):
    """A match brings no news: its team said lately that it is in contact with that sender."""

    code: ClassVar[str] = "match.suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRefused(OfMatch):
    """An owner gave a match back, with a reason from the list."""

    code: ClassVar[str] = "match.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRetracted(OfMatch):
    """An owner found, and by what, that a match is of two persons; whoever was told hears that."""

    code: ClassVar[str] = "match.retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchReassigned(OfMatch):
    """A lead or a watcher asked somebody by name to take a match up."""

    code: ClassVar[str] = "match.reassigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverOffered(OfMatch):
    """An owner asked a colleague to take a match over."""

    code: ClassVar[str] = "match.hand_over_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverAnswered(OfMatch):
    """A colleague took a match over, or returned it."""

    code: ClassVar[str] = "match.hand_over_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultAsked(OfMatch):
    """An owner let a named colleague look at a match for some days."""

    code: ClassVar[str] = "match.consult_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRecorded(OfMatch):
    """An owner said how far a match is: who leads, whether parties are aligned, when somebody spoke."""

    code: ClassVar[str] = "match.followed_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEscalated(OfMatch):
    """A step of the ladder was taken: nobody took a match up, or nobody spoke with the person yet."""

    code: ClassVar[str] = "match.escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryOpened(OfMatch):
    """A signal opened an inquiry by itself, as its arrangement says."""

    code: ClassVar[str] = "inquiry.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryRecorded(OfMatch):
    """An owner said what of an inquiry is done, and when child and parents were heard or why not."""

    code: ClassVar[str] = "inquiry.recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnListed(AuditEvent):
    """An owner saw which matches are theirs."""

    code: ClassVar[str] = "match.own_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdsListed(AuditEvent):
    """Somebody saw in which households they have part: numbers, dates and counts."""

    code: ClassVar[str] = "household.listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdGathered(OfMatch):
    """A match belongs to a household, by address or parent; of whom is known to nobody here."""

    code: ClassVar[str] = "household.gathered"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNamed(OfMatch):
    """A start meeting decided who leads for a household."""

    code: ClassVar[str] = "household.lead_named"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOffered(OfMatch):
    """A lead asked a colleague to lead for a household."""

    code: ClassVar[str] = "household.lead_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAnswered(OfMatch):
    """A colleague took the lead for a household over, or returned it."""

    code: ClassVar[str] = "household.lead_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadMissed(OfMatch):
    """Nobody leads for a household in time: the process director is called."""

    code: ClassVar[str] = "household.lead_missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpsListed(AuditEvent):
    """A watcher saw how far matches are: numbers, dates and states."""

    code: ClassVar[str] = "match.follow_ups_listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackGiven(OfMatch):
    """The owner of a match let its senders hear something, as far as consents allow."""

    code: ClassVar[str] = "feedback.given"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackShown(AuditEvent):
    """A sender was shown what it may hear of its own signals."""

    code: ClassVar[str] = "feedback.shown"
