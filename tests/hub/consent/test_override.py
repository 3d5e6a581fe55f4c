"""What an override lifts, and what it never does: pure rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.consent.facts import Fact, ObjectionFacts, TellingFacts
from hub.consent.policy import decide_telling
from tests.hub.consent.test_policy import ASKED, CONSENT, POLICE, POST, RULES, facts_of, telling, tellings

GROUNDS = [row.code for row in RULES.overrides]
LIFTABLE = {Fact.NOTICE_PENDING, Fact.CONSENT_MISSING}
BOY = replace(POST, legal_basis="CONSENT")
OWN = replace(
    CONSENT, partner_kinds=frozenset({"school"}), bracket=BOY.bracket, bracket_ends=BOY.bracket_ends
)
PARENTS = replace(OWN, given_by="representative", authority_attested=True)


@pytest.mark.parametrize(
    ("facts", "opens"),
    [
        (telling(subject_notice="pending"), {"vital_interest", "youth_at_risk"}),
        (telling(ASKED), {"vital_interest"}),
        (telling(ASKED, subject_notice="pending"), {"vital_interest"}),
        (telling(BOY), {"vital_interest"}),
        (telling(BOY, consents=(OWN,)), {"vital_interest", "serious_harm", "youth_persists"}),
        (telling(BOY, consents=(PARENTS,)), {"vital_interest"}),
        (telling(replace(BOY, bracket="0-11", bracket_ends="2030-Q1"), consents=(OWN,)), {"vital_interest"}),
        (
            telling(BOY, bracket_ends="2026-Q4", consents=(replace(OWN, bracket_ends="2026-Q4"),)),
            {"vital_interest"},
        ),
        (telling(subject_notice="pending", objections=(ObjectionFacts(scope=frozenset({"all"})),)), set()),
        (telling(subject_notice="pending", restricted=True), set()),
        (telling(subject_notice="pending", recipient_kind="school"), set()),
        (telling(POLICE, subject_notice="pending", recipient_kind="youth_care"), set()),
        (telling(subject_notice="pending", sender_in_force=False), set()),
        (telling(subject_notice="pending", consents=None), set()),
        (telling(purpose="sender_feedback", recipient_kind="school"), set()),
    ],
)
def test_con_11_each_ground_opens_what_it_is_for_and_nothing_else(
    facts: TellingFacts, opens: set[str]
) -> None:
    assert not decide_telling(facts, rules=RULES).allowed
    found = {code for code in GROUNDS if decide_telling(replace(facts, override=code), rules=RULES).allowed}
    assert found == opens


def test_con_08_where_nobody_but_a_representative_consents_a_ground_opens_nothing_without_them() -> None:
    ground = replace(RULES.overrides[0], code="at_any_age", lifts=frozenset({"representative"}))
    rules = replace(RULES, overrides=(ground,))
    child = replace(BOY, bracket="0-11", bracket_ends="2030-Q1")
    assert not decide_telling(telling(child, override="at_any_age"), rules=rules).allowed
    assert decide_telling(telling(BOY, consents=(OWN,), override="at_any_age"), rules=rules).allowed


def test_con_11_of_whom_the_age_is_over_a_ground_lifts_nothing() -> None:
    over = telling(subject_notice="pending", bracket_ends="2026-Q3", override="vital_interest")
    assert {Fact.BRACKET_UNCERTAIN, Fact.NOTICE_PENDING} <= facts_of(decide_telling(over, rules=RULES))


def test_con_11_what_two_attest_differently_is_lifted_as_what_is_missing() -> None:
    contradicted = telling(notice_holders=1, holders_attested=2)
    assert facts_of(decide_telling(contradicted, rules=RULES)) == {Fact.NOTICE_CONTRADICTED}
    opened = decide_telling(replace(contradicted, override="youth_at_risk"), rules=RULES)
    assert opened.allowed
    assert Fact.NOTICE_GIVEN not in facts_of(opened)
    both = replace(PARENTS, given_by="both", authority_holders=1, holders_consented=1)
    parent = telling(BOY, consents=(both,), holders_attested=2)
    assert facts_of(decide_telling(parent, rules=RULES)) == {Fact.CONSENT_CONTRADICTED}
    opened = decide_telling(replace(parent, override="vital_interest"), rules=RULES)
    assert opened.allowed
    assert Fact.CONSENT_COVERS not in facts_of(opened)


def test_con_11_a_ground_that_is_not_listed_opens_nothing() -> None:
    assert not decide_telling(telling(subject_notice="pending", override="worried"), rules=RULES).allowed


def test_con_11_the_decision_says_that_it_rests_on_an_override_and_claims_no_notice() -> None:
    decision = decide_telling(telling(subject_notice="pending", override="youth_at_risk"), rules=RULES)
    found = facts_of(decision)
    assert Fact.OVERRIDE in found
    assert not found & {Fact.NOTICE_GIVEN, Fact.NOTICE_EXCEPTION}
    source = {reason.fact: reason.source for reason in decision.reasons}[Fact.OVERRIDE]
    assert source == "Jeugdwet 7.1.4.1"


@given(tellings(), st.sampled_from(GROUNDS))
def test_con_11_an_override_lifts_a_notice_or_a_consent_and_never_raises_a_level(
    facts: TellingFacts, ground: str
) -> None:
    without = decide_telling(facts, rules=RULES)
    with_it = decide_telling(replace(facts, override=ground), rules=RULES)
    if without.allowed:
        assert (with_it.allowed, with_it.level) == (True, without.level)
    elif with_it.allowed:
        assert facts_of(without) <= LIFTABLE
    partner, basis = RULES.find_partner(facts.partner_kind), RULES.find_basis(facts.legal_basis, on=facts.on)
    assert partner is not None
    assert basis is not None
    assert with_it.level <= min(partner.level, basis.level)


@given(tellings(), st.sampled_from(GROUNDS))
def test_con_14_police_data_reach_the_municipal_team_only_whatever_the_override(
    facts: TellingFacts, ground: str
) -> None:
    decision = decide_telling(replace(facts, override=ground), rules=RULES)
    if decision.police_origin and decision.allowed:
        assert facts.recipient_kind in RULES.police_data_recipients
