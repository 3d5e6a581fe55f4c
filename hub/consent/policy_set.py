"""The policy set as a value: legal bases, partner matrix, ages and legal sources are data, never logic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from hub.consent.facts import Bracket, Fact, Reason

Status = Literal["L", "C", "P", "S", "A"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """One dated row: while it is valid, this text of law carries these messages (grondslag).

    Attributes:
        valid_to_on: the last day; None while no end is known.
        attests: what the poster declares with its attestation under this basis.
        objection_blocks: `any` objection of the person, or only one whose scope names the partner's kind.
        level: the most that may be told on this basis.
        status: statute, case law or supervisor, practice, founding document, or our own default.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    code: str
    source: str
    status: Status
    note: str = ""
    valid_from_on: date
    valid_to_on: date | None = None
    partner_kinds: frozenset[str]
    brackets: frozenset[Bracket]
    attests: tuple[str, ...]
    needs_decision_reference: bool
    needs_consent: bool
    objection_blocks: Literal["any", "in_scope"]
    notice_needed: bool
    notice_exception: bool
    police_origin: bool
    level: int

    def in_force(self, on: date) -> bool:
        """Tell whether the row is valid on this day, first and last day included."""
        return self.valid_from_on <= on and (self.valid_to_on is None or on <= self.valid_to_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRule:
    """One row of the partner matrix.

    Attributes:
        may_be_told: whether this kind holds cases and may hear of other organisations' signals.
        told: the kinds that may hear of this kind's signals.
        level: the most that is ever told of this kind.
        feedback: kinds of consent that open the way back to the sender; empty means never.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    kind: str
    source: str
    status: Status
    lanes: tuple[str, ...]
    may_signal: bool
    may_be_told: bool
    told: frozenset[str]
    brackets: frozenset[Bracket]
    level: int
    feedback: frozenset[str]
    police_origin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRule:
    """Who must consent and who must be told of a signal at this age; `years` is how long it lasts."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    bracket: Bracket
    years: int
    consent_of: frozenset[Literal["subject", "representative"]]
    notice_to: frozenset[Literal["subject", "representative"]]
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTerms:
    """Within how many months the person is told, and how many days an exception stands. Source: TRA-04."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    months: int
    exception_days: int
    extension_days: int
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeException:
    """One code of the closed list of grounds for not telling the person yet. Source: TRA-04."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    code: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """The rule and the text of law behind one fact code."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    fact: Fact
    rule: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """Everything a decision rests on besides the facts; `hash` names it in every decision.

    Attributes:
        hash: the first 16 bytes of the SHA-256 of the canonical document, as hex.
        attestation: the one word with which a poster attests that each signal was weighed.
        text_versions: versions of the text that is read out when a consent is asked.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    name: str
    hash: str
    attestation: str
    police_data_recipients: frozenset[str]
    text_versions: frozenset[str]
    bases: tuple[LegalBasis, ...]
    partners: tuple[PartnerRule, ...]
    ages: tuple[AgeRule, ...]
    notice_terms: NoticeTerms
    exceptions: tuple[NoticeException, ...]
    rules: tuple[RuleSource, ...]

    def find_basis(self, code: str, *, on: date) -> LegalBasis | None:
        """Find the row of this code that is in force on this day."""
        return next((row for row in self.bases if row.code == code and row.in_force(on)), None)

    def has_basis(self, code: str) -> bool:
        """Tell whether this code is one of the set's own, in force or not."""
        return any(row.code == code for row in self.bases)

    def find_partner(self, kind: str) -> PartnerRule | None:
        """Find the row of the matrix for this kind of organisation."""
        return next((row for row in self.partners if row.kind == kind), None)

    def get_age(self, bracket: Bracket) -> AgeRule:
        """Return the row of the age table; the loader made sure that it is there."""
        return next(row for row in self.ages if row.bracket is bracket)

    def has_exception(self, code: str | None) -> bool:
        """Tell whether this is a ground for not telling the person yet."""
        return any(row.code == code for row in self.exceptions)

    def reason(self, fact: Fact, *, source: str = "") -> Reason:
        """Give a fact its rule and legal source; a basis row's own source goes before the rule's."""
        row = next(row for row in self.rules if row.fact is fact)
        return Reason(rule=row.rule, source=source or row.source, fact=fact)
