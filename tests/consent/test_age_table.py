"""The age table, every cell; and the profiles that combine its rows into who must consent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.consent.facts import Bracket
from hub.consent.loading import default_policy
from hub.consent.policy import decide_telling
from hub.consent.policy_set import AgeProfile, PolicySet
from tests.consent.facts import BRACKETS, consent, telling

RULES = default_policy()
REP, SELF, BOTH = {"representative"}, {"subject"}, {"subject", "representative"}
TABLE = {
    "notice": (REP, BOTH, SELF, SELF, SELF),
    "rights_youth_lane": (REP, BOTH, SELF, SELF, SELF),
    "consent_avg": (REP, REP, SELF, SELF, SELF),
    "rights_avg": (REP, REP, SELF, SELF, SELF),
    "disclosure_youth_care": (REP, SELF, SELF, SELF, SELF),
    "disclosure_health": (REP, SELF, SELF, SELF, SELF),
    "disclosure_wmo": (REP, SELF, SELF, SELF, SELF),
    "access_wmo": (REP, BOTH, SELF, SELF, SELF),
    "help": (REP, BOTH, SELF, SELF, SELF),
    "police_request": (REP, REP, SELF, SELF, SELF),
}
STRICTEST = (REP, BOTH, SELF, SELF, SELF)
CELLS = [(act, at) for act in TABLE for at in range(len(BRACKETS))]
GIVERS = {"subject": SELF, "representative": REP, "both": BOTH}


def under(acts: set[str], kind: str = "data_processing") -> PolicySet:
    """The default rules under a profile of just these acts."""
    base = next(row for row in RULES.profiles if row.name == "strictest")
    profile: AgeProfile = replace(base, name="test", **{kind: frozenset(acts)})
    return replace(RULES, profiles=(profile,), age_profile="test")


def enough(given_by: str, bracket: str, *, rules: PolicySet) -> bool:
    kind = "wmo_provider"
    given = consent(kind, bracket, given_by=given_by)
    return decide_telling(telling(kind, "CONSENT", bracket, consents=(given,)), rules=rules).allowed


def test_the_table_has_every_act_of_the_policy_set() -> None:
    assert TABLE.keys() == {row.act for row in RULES.acts}


@pytest.mark.parametrize(("act", "at"), CELLS)
def test_con_05_each_cell_says_who(act: str, at: int) -> None:
    row = next(row for row in RULES.acts if row.act == act)
    assert row.who[Bracket(BRACKETS[at])] == TABLE[act][at]
    assert row.source


@pytest.mark.parametrize(("act", "at"), CELLS)
@pytest.mark.parametrize("given_by", GIVERS)
def test_con_05_each_cell_decides_whose_consent_is_enough(act: str, at: int, given_by: str) -> None:
    expected = TABLE[act][at] <= GIVERS[given_by]
    assert enough(given_by, BRACKETS[at], rules=under({act})) is expected


@pytest.mark.parametrize("at", range(len(BRACKETS)))
@pytest.mark.parametrize("given_by", GIVERS)
def test_con_06_the_default_is_the_union_of_the_laws(at: int, given_by: str) -> None:
    assert RULES.age_profile == "strictest"
    assert enough(given_by, BRACKETS[at], rules=RULES) is (STRICTEST[at] <= GIVERS[given_by])


@pytest.mark.parametrize("at", range(len(BRACKETS)))
def test_con_06_per_law_the_young_person_alone_lifts_secrecy_and_never_opens_data_processing(at: int) -> None:
    rules = replace(RULES, age_profile="per_law")
    bracket = Bracket(BRACKETS[at])
    assert rules.givers(bracket, "data_processing") == TABLE["consent_avg"][at]
    assert rules.givers(bracket, "secrecy_waiver") == TABLE["disclosure_youth_care"][at]
    assert rules.givers(bracket, "help_agreement") == TABLE["help"][at]


@pytest.mark.parametrize("at", range(len(BRACKETS)))
def test_tra_01_who_is_told_of_a_signal(at: int) -> None:
    assert RULES.told(Bracket(BRACKETS[at])) == TABLE["notice"][at]
    assert RULES.get_age(Bracket(BRACKETS[at])).notice_to == TABLE["notice"][at]


HOLDERS = [(1, 1, True), (2, 2, True), (2, 1, False), (0, 0, False), (0, 2, False)]


@pytest.mark.parametrize(("holders", "consented", "counts"), HOLDERS)
def test_con_07_every_holder_of_authority_must_have_consented(
    holders: int, consented: int, *, counts: bool
) -> None:
    given = consent(
        "school", "0-11", given_by="representative", authority_holders=holders, holders_consented=consented
    )
    facts = telling("school", "CONSENT", "0-11", consents=(given,))
    assert decide_telling(facts, rules=RULES).allowed is counts
    unattested = replace(given, authority_attested=False)
    assert not decide_telling(replace(facts, consents=(unattested,)), rules=RULES).allowed


@pytest.mark.parametrize(
    ("bracket", "ends", "enough_now"),
    [
        ("0-11", "2026-Q4", {"both"}),
        ("12-15", "2026-Q4", {"both"}),
        ("16-17", "2026-Q4", {"subject", "both"}),
        ("18-22", "2026-Q4", {"subject", "both"}),
    ],
)
def test_con_09_in_the_quarter_of_a_birthday_both_ages_must_agree(
    bracket: str, ends: str, enough_now: set[str]
) -> None:
    for given_by in GIVERS:
        given = consent("wmo_provider", bracket, given_by=given_by, bracket_ends=ends)
        facts = telling("wmo_provider", "CONSENT", bracket, bracket_ends=ends, consents=(given,))
        assert decide_telling(facts, rules=RULES).allowed is (given_by in enough_now)
