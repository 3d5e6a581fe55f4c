"""What a partner states beside the person: closed lists, dates and ids, never free text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from dat_client.identity.person import Person
from dat_client.residence import Certainty, Living

SignalKind = Literal["contact", "concern"]
Attestation = Literal["weighed"]
SubjectNotice = Literal["given", "exception", "pending"]
Told = Literal["subject", "representative"]
WithdrawalReason = Literal["unjustified", "reason_gone"]
ConsentKind = Literal["data_processing", "secrecy_waiver", "help_agreement"]
ConsentPurpose = Literal["tell_casemanager", "sender_feedback"]
GivenBy = Literal["subject", "representative", "both"]
GivenHow = Literal["spoken", "written", "digital"]
HelpException = Literal["serious_harm", "youth_persists"]
ObjectionKind = Literal["objection", "restriction"]
Outcome = Literal["acknowledged", "already_in_contact"]
PossibleDecision = Literal["confirmed", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """By what a household may be known, for who may use that scheme; never in a consent or a request.

    Attributes:
        secret_address: kept secret (BRP-geheimhouding), so that it makes no household. Source: MAT-16.
    """

    parents: tuple[Person, ...] = field(default=(), repr=False)
    secret_address: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignal:
    """One contact to post.

    Attributes:
        reference: this partner's own file number; it stays on this machine.
        attestation: that a professional weighed this one contact (`weighed`).
        reporter: who weighed it and is called; the configured reporter when it is None.
        submitted_by: who brings it, where that is another than the reporter.
        on_behalf_of: the organisation of that reporter, where it mandated this one.
        notice_date: on which day the person was told; it and `notice_to` (roles) belong to `given` only.
        authority_holders: how many hold authority (gezagsregister), each of whom was told; else None.
        residence: CBS code of the municipality, or district where an arrangement has those; never an address.
        residence_from: how much is known of that; None counts as an address and no more.
        home: by what the household may be known, where this organisation may use that scheme.
        living: from which the residence is worked out on this machine, where a postcode table is configured.
    """

    person: Person = field(repr=False)
    contact_date: date
    kind: SignalKind
    legal_basis: str
    subject_notice: SubjectNotice
    attestation: Attestation
    reporter: UUID | None = None
    submitted_by: UUID | None = None
    on_behalf_of: UUID | None = None
    decision_reference: UUID | None = None
    valid_months: int | None = None
    residence: str | None = None
    residence_from: Certainty | None = None
    living: Living | None = field(default=None, repr=False)
    reference: str | None = None
    home: Home = field(default_factory=Home, repr=False)
    notice_date: date | None = None
    notice_to: tuple[Told, ...] = ()
    authority_holders: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """One person in the caseload to register; `reference` is the team's own case number and stays here."""

    person: Person = field(repr=False)
    legal_basis: str
    casemanager: UUID | None = None
    reference: str | None = None
    home: Home = field(default_factory=Home, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConsent:
    """One consent to record, at the desk or about one's own signals; of its text, only the version.

    Attributes:
        organisations: the single organisations it is for; empty for every one of the kinds.
        authority_holders: how many hold authority over the person (gezagsregister), or 0.
        holders_consented: how many of those consented; all must.
        recipient: whom the person chose to hear, where the municipality works so.
        exception: why help goes without a representative; for an agreement to help only.
    """

    person: Person = field(repr=False)
    kind: ConsentKind
    purpose: ConsentPurpose
    partner_kinds: tuple[str, ...]
    valid_from: date
    valid_until: date
    given_by: GivenBy
    authority_attested: bool
    text_version: str
    given_how: GivenHow
    organisations: tuple[UUID, ...] = ()
    authority_holders: int = 0
    holders_consented: int = 0
    exception: HelpException | None = None
    recipient: UUID | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObjection:
    """One objection or restriction to record; `scope` is "all" or the partner kinds it is about."""

    person: Person = field(repr=False)
    scope: Literal["all"] | tuple[str, ...]
    kind: ObjectionKind = "objection"
    reference: str | None = None


def roles_of(given_by: GivenBy) -> tuple[Told, ...]:
    """Name the roles that `both` stands for."""
    return ("representative", "subject") if given_by == "both" else (given_by,)


def signal_facts(
    signal: NewSignal, *, reporter: UUID, residence: str | None, residence_from: Certainty | None
) -> dict[str, object]:
    """Write the open facts of a signal as they go over the wire."""
    return _without_none(
        contactDate=signal.contact_date.isoformat(),
        kind=signal.kind,
        legalBasis=signal.legal_basis,
        attestation=signal.attestation,
        reporter=str(reporter),
        submittedBy=str(signal.submitted_by) if signal.submitted_by else None,
        onBehalfOf=str(signal.on_behalf_of) if signal.on_behalf_of else None,
        subjectNotice=signal.subject_notice,
        noticeDate=signal.notice_date.isoformat() if signal.notice_date else None,
        noticeTo=sorted(signal.notice_to) or None,
        authorityHolders=signal.authority_holders,
        decisionReference=str(signal.decision_reference) if signal.decision_reference else None,
        validMonths=signal.valid_months,
        residence=residence,
        residenceFrom=residence_from.value if residence_from else None,
    )


def case_facts(case: NewCase) -> dict[str, object]:
    """Write the open facts of a case."""
    casemanager = str(case.casemanager) if case.casemanager else None
    return _without_none(legalBasis=case.legal_basis, casemanager=casemanager)


def consent_facts(consent: NewConsent) -> dict[str, object]:
    """Write the open facts of a consent."""
    return _without_none(
        kind=consent.kind,
        purpose=consent.purpose,
        partnerKinds=list(consent.partner_kinds),
        validFromDate=consent.valid_from.isoformat(),
        validUntilDate=consent.valid_until.isoformat(),
        givenBy=consent.given_by,
        givenHow=consent.given_how,
        authorityAttested=consent.authority_attested,
        authorityHolders=consent.authority_holders,
        holdersConsented=consent.holders_consented,
        organisations=[str(one) for one in consent.organisations],
        exception=consent.exception,
        recipient=str(consent.recipient) if consent.recipient else None,
        textVersion=consent.text_version,
    )


def objection_facts(objection: NewObjection) -> dict[str, object]:
    """Write the open facts of an objection."""
    return {
        "kind": objection.kind,
        "scope": objection.scope if objection.scope == "all" else list(objection.scope),
    }


def _without_none(**facts: object) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value is not None}
