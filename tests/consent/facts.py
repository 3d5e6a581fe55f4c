"""Facts to decide on, as the tables and the laws need them; everything that is not named is in order."""

from __future__ import annotations

from datetime import date
from typing import Any

from hub.consent.facts import ConsentFacts, PostingFacts, TellingFacts

TODAY = date(2026, 11, 18)
# A bracket that surely holds today, with the quarter in which it ends.
ENDS = {"0-11": "2030-Q1", "12-15": "2028-Q3", "16-17": "2027-Q4", "18-22": "2029-Q1", "23+": None}
BRACKETS = tuple(ENDS)
POLICE_BASES = frozenset({"WPG_YOUTH", "WPG_ADULT"})
NO_EXCEPTION = frozenset({"CONSENT", "NO_OBJECTION"})


def posting(kind: str, basis: str, bracket: str, **changes: Any) -> PostingFacts:
    """A post of this kind of organisation, of which nothing is missing."""
    known: dict[str, Any] = {
        "partner_kind": kind,
        "legal_basis": basis,
        "bracket": bracket,
        "bracket_ends": ENDS[bracket],
        "has_decision_reference": basis in POLICE_BASES,
        "on": TODAY,
        "attestation": "weighed",
        "subject_notice": "given",
    }
    return PostingFacts(**{**known, **changes})


def telling(kind: str, basis: str, bracket: str, **changes: Any) -> TellingFacts:
    """A telling to the municipal team, of which nothing is missing but a consent."""
    known: dict[str, Any] = {
        "partner_kind": kind,
        "legal_basis": basis,
        "bracket": bracket,
        "bracket_ends": ENDS[bracket],
        "has_decision_reference": basis in POLICE_BASES,
        "on": TODAY,
        "subject_notice": "given",
        "purpose": "tell_casemanager",
        "recipient_kind": "municipal_team",
        "sender_in_force": True,
        "same_organisation": False,
        "restricted": False,
        "consents": (),
        "objections": (),
    }
    return TellingFacts(**{**known, **changes})


def consent(partner_kind: str, bracket: str, **changes: Any) -> ConsentFacts:
    """A consent for this kind of organisation, given by everybody who may have to."""
    known: dict[str, Any] = {
        "kind": "data_processing",
        "purpose": "tell_casemanager",
        "partner_kinds": frozenset({partner_kind}),
        "valid_from_on": date(2026, 1, 1),
        "valid_until_on": date(2027, 12, 31),
        "given_by": "both",
        "authority_attested": True,
        "authority_holders": 2,
        "holders_consented": 2,
        "withdrawn": False,
        "bracket": bracket,
        "bracket_ends": ENDS[bracket],
    }
    return ConsentFacts(**{**known, **changes})
