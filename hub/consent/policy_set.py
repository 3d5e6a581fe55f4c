"""The policy set as a value: legal bases, partner matrix, ages and legal sources are data, never logic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from hub.consent.facts import Bracket, ConsentKind, Fact, FeedbackCode, Reason
from hub.consent.grounds import KeepingTerm, NoticeException, NoticeTerms, OverrideGround, Status, Term

Giver = Literal["subject", "representative"]
EVERY = "*"
NOTICE = "notice"
# Terms that the hub asks for, each with the most it may be. Source: domain.md 5.3, CON-11, TRA-04.
TERMS = {
    "signal_months": 24,
    "override_hours": 24,
    "archive_months": 60,
    "advice_days": 15,
    "correction_days": 20,
}


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
        feedback_codes: what may be said on that way; an enforcing kind hears only of a joint consideration.
        sensitive: whether the kind of sender alone says something of health or offences.
        secrecy: whether a consent to process opens nothing without a waiver of secrecy beside it.
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
    feedback_codes: frozenset[FeedbackCode]
    sensitive: bool
    police_origin: bool
    secrecy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCap:
    """One row of the disclosure profile: at most this level, whatever partner and basis allow.

    Attributes:
        sender: a kind of partner, or `*`; so are `basis` (a code) and `recipient` (a kind).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    sender: str
    basis: str
    recipient: str
    level: int
    source: str
    status: Status

    def covers(self, sender: str, basis: str, recipient: str) -> bool:
        """Tell whether this row is about that sender, basis and recipient."""
        asked = ((self.sender, sender), (self.basis, basis), (self.recipient, recipient))
        return all(mine in {EVERY, theirs} for mine, theirs in asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class BracketRule:
    """An age bracket and how many years it lasts; 0 for the last one."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    bracket: Bracket
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeAct:
    """One row of the age table: who decides, or is told, at each age.

    Attributes:
        if_able: the young person counts where able to weigh it (wilsbekwaam); a professional attests that.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    act: str
    who: Mapping[Bracket, frozenset[Giver]]
    if_able: bool
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeProfile:
    """Which rows of the age table a consent of each kind, and a request, must satisfy, all together.

    Source: domain.md 5.2; `strictest` is the union of the laws.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    name: str
    data_processing: frozenset[str]
    secrecy_waiver: frozenset[str]
    help_agreement: frozenset[str]
    rights: frozenset[str]
    source: str
    status: Status


@dataclass(frozen=True, slots=True)
class AgeRule:
    """Who must consent to data processing and who is told at this age, under the profile in force."""

    bracket: Bracket
    years: int
    consent_of: frozenset[Giver]
    notice_to: frozenset[Giver]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """The rule and the text of law behind one fact code."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    fact: Fact
    rule: str
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PolicySet:
    """Everything a decision rests on besides the facts; `hash` names it in every decision.

    Attributes:
        hash: the first 16 bytes of the SHA-256 of the canonical document, as hex.
        attestation: the one word with which a poster attests that each signal was weighed.
        signal_kinds: which kinds of signal are taken: that there was contact, that somebody wants to align.
        text_versions: versions of the text that is read out when a consent is asked.
        age_profile: the name of the profile in force.
        sensitive_level: the most that is told of a sender whose kind is sensitive.
        contradictions: whose word counts where two attest differently how many hold authority.
        archive: whether signals that ended may answer a new reporter once.
        keeping: terms of keeping that a covenant chose; the others are as packaged.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    name: str
    hash: str
    attestation: str
    police_data_recipients: frozenset[str]
    signal_kinds: frozenset[Literal["contact", "concern"]]
    text_versions: frozenset[str]
    age_profile: str
    sensitive_level: int
    contradictions: Literal["strictest", "own"]
    archive: bool
    bases: tuple[LegalBasis, ...]
    partners: tuple[PartnerRule, ...]
    caps: tuple[LevelCap, ...]
    brackets: tuple[BracketRule, ...]
    acts: tuple[AgeAct, ...]
    profiles: tuple[AgeProfile, ...]
    notice_terms: NoticeTerms
    exceptions: tuple[NoticeException, ...]
    terms: tuple[Term, ...]
    overrides: tuple[OverrideGround, ...]
    rules: tuple[RuleSource, ...]
    keeping: tuple[KeepingTerm, ...] = ()

    def find_basis(self, code: str, *, on: date) -> LegalBasis | None:
        """Find the row of this code that is in force on this day."""
        return next((row for row in self.bases if row.code == code and row.in_force(on)), None)

    def is_of_police(self, kind: str, *, basis: str) -> bool:
        """Tell whether what this kind posts on this basis is marked as the police's. Source: CON-14."""
        partner = self.find_partner(kind)
        marked = any(row.police_origin for row in self.bases if row.code == basis)
        return marked or (partner is not None and partner.police_origin)

    def has_basis(self, code: str) -> bool:
        """Tell whether this code is one of the set's own, in force or not."""
        return any(row.code == code for row in self.bases)

    def consents_for(self, kind: str) -> frozenset[str]:
        """Return the consents that open a basis of consent: a consent to process lifts no secrecy (BW 7:457).

        Source: CON-02.
        """
        sender = self.find_partner(kind)
        both = {ConsentKind.DATA_PROCESSING, ConsentKind.SECRECY_WAIVER}
        return frozenset(both) if sender and sender.secrecy else frozenset({ConsentKind.DATA_PROCESSING})

    def find_partner(self, kind: str) -> PartnerRule | None:
        """Find the row of the matrix for this kind of organisation."""
        return next((row for row in self.partners if row.kind == kind), None)

    def givers(self, bracket: Bracket, kind: str) -> frozenset[Giver]:
        """Name who must have given a consent of this kind at this age: all that any of its acts asks for.

        Source:
            CON-05, CON-06; domain.md 5.2.
        """
        profile = next(row for row in self.profiles if row.name == self.age_profile)
        acts = {
            "data_processing": profile.data_processing,
            "secrecy_waiver": profile.secrecy_waiver,
            "help_agreement": profile.help_agreement,
            "rights": profile.rights,
        }.get(kind, profile.data_processing)
        return frozenset(giver for row in self.acts if row.act in acts for giver in row.who[bracket])

    def told(self, bracket: Bracket) -> frozenset[Giver]:
        """Name who must be told of a signal at this age. Source: TRA-01."""
        return next(row.who[bracket] for row in self.acts if row.act == NOTICE)

    def years(self, bracket: Bracket) -> int:
        """Return how many years a bracket lasts."""
        return next(row.years for row in self.brackets if row.bracket is bracket)

    def get_age(self, bracket: Bracket) -> AgeRule:
        """Return what holds at this age under the profile in force."""
        profile = next(row for row in self.profiles if row.name == self.age_profile)
        return AgeRule(
            bracket,
            self.years(bracket),
            self.givers(bracket, "data_processing"),
            self.told(bracket),
            profile.source,
        )

    def most_told(self, sender: PartnerRule, basis: LegalBasis, *, recipient: str) -> int:
        """Return the highest level at which this recipient may hear of this sender on this basis.

        Source:
            MAT-12, SIG-16.
        """
        caps = [row.level for row in self.caps if row.covers(sender.kind, basis.code, recipient)]
        sensitive = [self.sensitive_level] if sender.sensitive else []
        return min(sender.level, basis.level, *caps, *sensitive)

    def term(self, code: str) -> int:
        """Return the length of a term; the loader made sure that every term of `TERMS` is there."""
        return next(row.length for row in self.terms if row.code == code)

    def has_exception(self, code: str | None) -> bool:
        """Tell whether this is a ground for not telling the person yet."""
        return any(row.code == code for row in self.exceptions)

    def find_override(self, code: str | None) -> OverrideGround | None:
        """Find the ground of this code on which somebody may be told in spite of what is missing."""
        return next((row for row in self.overrides if row.code == code), None)

    def reason(self, fact: Fact, *, source: str = "") -> Reason:
        """Give a fact its rule and legal source; a basis row's own source goes before the rule's."""
        row = next(row for row in self.rules if row.fact is fact)
        return Reason(rule=row.rule, source=source or row.source, fact=fact)
