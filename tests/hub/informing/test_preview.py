"""Who would be told what, before posting: equal to what the rules decide, and from policy alone."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given

from hub.consent.facts import Bracket, TellingFacts
from hub.consent.loading import default_policy
from hub.consent.policy import decide_telling
from hub.informing.preview import Planned, WouldHear, preview
from tests.hub.consent.test_policy import tellings

RULES = default_policy()
TODAY = date(2026, 11, 18)
SCHOOL = Planned(partner_kind="school", legal_basis="JW_7_1_4_1", bracket=Bracket.TO_15, on=TODAY)


def test_a_school_sees_that_the_municipal_team_would_hear_whom_to_call() -> None:
    seen = preview(SCHOOL, rules=RULES)
    assert seen.posting.allowed
    assert seen.told == (WouldHear("municipal_team", 3),)
    assert seen.notice_to == {"subject", "representative"}
    assert seen.consent_of == frozenset()
    assert seen.exception_possible


def test_a_consent_names_whose_it_needs_and_no_exception() -> None:
    seen = preview(replace(SCHOOL, legal_basis="CONSENT"), rules=RULES)
    assert seen.consent_of == {"subject", "representative"}
    assert not seen.exception_possible


def test_the_police_are_told_of_less_and_hear_nothing_back() -> None:
    seen = preview(replace(SCHOOL, partner_kind="police", legal_basis="WPG_YOUTH"), rules=RULES)
    assert seen.told == (WouldHear("municipal_team", 2),)
    assert seen.feedback == frozenset()


def test_what_may_not_be_posted_tells_nobody_and_says_why() -> None:
    seen = preview(replace(SCHOOL, partner_kind="housing_association"), rules=RULES)
    assert (seen.posting.allowed, seen.told) == (False, ())
    assert seen.posting.reasons


@pytest.mark.parametrize("days", range(0, 366, 30))
def test_on_every_day_of_the_year_every_lane_can_be_previewed(days: int) -> None:
    on = TODAY + timedelta(days=days)
    for partner, basis, bracket in product(RULES.partners, RULES.bases, Bracket):
        planned = Planned(partner_kind=partner.kind, legal_basis=basis.code, bracket=bracket, on=on)
        lane = partner.may_signal and partner.kind in basis.partner_kinds
        may = lane and bracket in partner.brackets & basis.brackets
        assert preview(planned, rules=RULES).posting.allowed is may


@given(tellings())
def test_nobody_is_ever_told_what_the_preview_did_not_say(facts: TellingFacts) -> None:
    decision = decide_telling(facts, rules=RULES)
    if not decision.allowed or facts.purpose != "tell_casemanager":
        return
    planned = Planned(
        partner_kind=facts.partner_kind,
        legal_basis=facts.legal_basis,
        bracket=Bracket(facts.bracket),
        on=TODAY,
    )
    told = {one.recipient_kind: one.level for one in preview(planned, rules=RULES).told}
    assert decision.level <= told[facts.recipient_kind]


def test_nothing_about_anybody_fits_into_a_preview() -> None:
    assert {field.name for field in fields(Planned)} == {"partner_kind", "legal_basis", "bracket", "on"}
