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
