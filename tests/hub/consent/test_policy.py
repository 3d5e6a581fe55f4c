from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.consent.errors import REFUSALS
from hub.consent.explanation import TEXTS, Language, explain
from hub.consent.facts import (
    Bracket,
    ConsentFacts,
    ConsentKind,
    Fact,
    GivenBy,
    LaneFacts,
    ObjectionFacts,
    PostingFacts,
    Purpose,
    TellingFacts,
)
from hub.consent.loading import default_policy
from hub.consent.matching_policy import combine
from hub.consent.policy import decide_posting, decide_registering, decide_telling, possible_brackets
from hub.consent.policy_set import PolicySet

RULES = default_policy()
TODAY = date(2026, 11, 18)

POST = PostingFacts(
    partner_kind="school",
    legal_basis="JW_7_1_4_1",
    bracket="12-15",
    bracket_ends="2028-Q3",
    has_decision_reference=False,
    on=TODAY,
    attestation="weighed",
    subject_notice="given",
)
HOUSING = replace(POST, partner_kind="housing_association", bracket="23+", bracket_ends=None)
POLICE = replace(POST, partner_kind="police", legal_basis="WPG_YOUTH", has_decision_reference=True)
CASE = LaneFacts(
    partner_kind="municipal_team",
    legal_basis="JW_WMO_TASK",
    bracket="23+",
    bracket_ends=None,
    has_decision_reference=False,
    on=TODAY,
)


def telling(post: PostingFacts = POST, **changes: object) -> TellingFacts:
    lane = {field.name: getattr(post, field.name) for field in fields(LaneFacts)}
    known: dict[str, object] = {
        **lane,
        "subject_notice": post.subject_notice,
        "purpose": "tell_casemanager",
        "recipient_kind": "municipal_team",
        "sender_in_force": True,
        "same_organisation": False,
        "restricted": False,
        "consents": (),
        "objections": (),
    }
    return TellingFacts(**{**known, **changes})  # type: ignore[arg-type]


CONSENT = ConsentFacts(
    kind="data_processing",
    purpose="tell_casemanager",
    partner_kinds=frozenset({"housing_association"}),
    valid_from_on=date(2026, 1, 1),
    valid_until_on=date(2027, 1, 1),
    given_by="subject",
    authority_attested=False,
    withdrawn=False,
    bracket="23+",
    bracket_ends=None,
)
EXCEPTED = {
    "subject_notice": "exception",
    "exception_code": "protection_of_others",
    "exception_until_on": TODAY,
}
ASKED = replace(HOUSING, legal_basis="CONSENT")
NOT_OBJECTED = replace(HOUSING, legal_basis="NO_OBJECTION")


def facts_of(decision: object) -> set[Fact]:
    return {reason.fact for reason in decision.reasons}  # type: ignore[attr-defined]


POSTING = [
    ("SIG-02 a school posts in the youth lane without consent", POST, None),
    (
        "SIG-02 school attendance posts in the youth lane",
        replace(POST, partner_kind="school_attendance"),
        None,
    ),
    ("SIG-02 police posts in the youth lane", replace(POST, partner_kind="police"), None),
    (
        "SIG-02 a school may not post about 23 and older",
        replace(POST, bracket="23+", bracket_ends=None),
        Fact.BRACKET_NOT_IN_LANE,
    ),
    (
        "SIG-02 a school may not post about 23 and older with consent either",
        replace(ASKED, partner_kind="school"),
        Fact.BRACKET_NOT_IN_LANE,
    ),
    (
        "SIG-02 a housing association is not in the youth lane",
        replace(POST, partner_kind="housing_association", bracket="18-22"),
        Fact.BASIS_NOT_FOR_PARTNER,
    ),
    (
        "SIG-02 a housing association does not post about minors",
        replace(ASKED, bracket="16-17", bracket_ends="2027-Q4"),
        Fact.BRACKET_NOT_IN_LANE,
    ),
    ("SIG-15 a housing association posts on no objection", NOT_OBJECTED, None),
    ("SIG-02 a housing association posts on consent, unseen whether there is one", ASKED, None),
    (
        "SIG-01 an unknown kind of organisation",
        replace(POST, partner_kind="church"),
        Fact.PARTNER_NOT_ADMITTED,
    ),
    ("CON-01 an unknown basis", replace(POST, legal_basis="VIR"), Fact.BASIS_NOT_IN_FORCE),
    (
        "CON-01 a basis before its first day",
        replace(POST, on=date(2014, 12, 31), bracket_ends="2016-Q1"),
        Fact.BASIS_NOT_IN_FORCE,
    ),
    ("SIG-05 a kind of signal that is off", replace(POST, signal_kind="other"), Fact.SIGNAL_KIND_OFF),
    ("CON-10 no attestation", replace(POST, attestation=""), Fact.ATTESTATION_MISSING),
    ("TRA-01 a notice that is pending is taken", replace(POST, subject_notice="pending"), None),
    ("TRA-04 an exception is taken in the youth lane", replace(POST, subject_notice="exception"), None),
    (
        "TRA-04 no exception under no objection",
        replace(NOT_OBJECTED, subject_notice="exception"),
        Fact.NOTICE_STATE_NOT_ALLOWED,
    ),
    (
        "TRA-01 an unknown state of the notice",
        replace(POST, subject_notice=""),
        Fact.NOTICE_STATE_NOT_ALLOWED,
    ),
    ("MAT-13 police with a decision", POLICE, None),
    (
        "MAT-13 police without a decision",
        replace(POLICE, has_decision_reference=False),
        Fact.DECISION_REFERENCE_MISSING,
    ),
    (
        "MAT-13 no reference beside a basis that rests on no decision",
        replace(POST, has_decision_reference=True),
        Fact.DECISION_REFERENCE_NOT_NEEDED,
    ),
    (
        "MAT-13 nor by the police",
        replace(POLICE, legal_basis="JW_7_1_4_1"),
        Fact.DECISION_REFERENCE_NOT_NEEDED,
    ),
    (
        "MAT-13 police about adults under the temporary decision",
        replace(POLICE, legal_basis="WPG_ADULT", bracket="23+", bracket_ends=None),
        None,
    ),
    (
        "MAT-13 police about adults is not for the youth basis",
        replace(POLICE, bracket="23+", bracket_ends=None),
        Fact.BRACKET_NOT_IN_LANE,
    ),
    (
        "MAT-13 police about minors is not for the adult basis",
        replace(POLICE, legal_basis="WPG_ADULT"),
        Fact.BRACKET_NOT_IN_LANE,
    ),
    ("CON-09 a bracket that has ended", replace(POST, bracket_ends="2026-Q3"), Fact.BRACKET_UNCERTAIN),
    (
        "CON-09 the youth lane in the quarter of the 23rd birthday",
        replace(POST, bracket="18-22", bracket_ends="2026-Q4"),
        Fact.BRACKET_NOT_IN_LANE,
    ),
    (
        "CON-09 a bracket that would last too long",
        replace(POST, bracket="18-22", bracket_ends="2040-Q1"),
        Fact.BRACKET_UNCERTAIN,
    ),
]


@pytest.mark.parametrize(("facts", "denial"), [pytest.param(*row[1:], id=row[0]) for row in POSTING])
def test_posting_follows_the_matrix(facts: PostingFacts, denial: Fact | None) -> None:
    decision = decide_posting(facts, rules=RULES)
    assert decision.allowed is (denial is None)
    assert facts_of(decision) == {denial or Fact.BASIS_IN_FORCE}
    assert decision.policy_hash == RULES.hash


TELLING = [
    ("CON-10 youth lane without consent", telling(), None),
    (
        "TRA-01 nobody is told while the notice is pending",
        telling(subject_notice="pending"),
        Fact.NOTICE_PENDING,
    ),
    ("TRA-04 an approved exception, on its last day", telling(**EXCEPTED), None),
    (
        "TRA-04 an exception that nobody approved",
        telling(subject_notice="exception"),
        Fact.NOTICE_PENDING,
    ),
    (
        "TRA-04 an exception the day after its last",
        telling(**EXCEPTED, on=TODAY + timedelta(days=1)),
        Fact.NOTICE_PENDING,
    ),
    (
        "TRA-04 an exception on a ground that is not listed",
        telling(**{**EXCEPTED, "exception_code": "inconvenient"}),
        Fact.NOTICE_PENDING,
    ),
    (
        "TRA-04 no exception for no objection",
        telling(NOT_OBJECTED, subject_notice="exception"),
        Fact.NOTICE_STATE_NOT_ALLOWED,
    ),
    ("ONB-02 the sender left", telling(sender_in_force=False), Fact.SENDER_NOT_IN_FORCE),
    ("MAT-01 the same organisation", telling(same_organisation=True), Fact.SAME_ORGANISATION),
    ("SIG-13 a school is never told", telling(recipient_kind="school"), Fact.RECIPIENT_NOT_ALLOWED),
    (
        "MAT-14 school attendance is never told",
        telling(recipient_kind="school_attendance"),
        Fact.RECIPIENT_NOT_ALLOWED,
    ),
    ("SIG-13 an unknown recipient", telling(recipient_kind=""), Fact.RECIPIENT_NOT_ALLOWED),
    ("CON-12 a restricted signal", telling(restricted=True), Fact.RESTRICTED),
    (
        "CON-12 an objection to everything",
        telling(objections=(ObjectionFacts(scope=frozenset({"all"})),)),
        Fact.OBJECTION,
    ),
    (
        "CON-12 an objection to this kind of partner",
        telling(objections=(ObjectionFacts(scope=frozenset({"school"})),)),
        Fact.OBJECTION,
    ),
    (
        "CON-12 an objection to another kind of partner does not reach the youth lane",
        telling(objections=(ObjectionFacts(scope=frozenset({"police"})),)),
        None,
    ),
    (
        "CON-13 any objection stops a housing association",
        telling(NOT_OBJECTED, objections=(ObjectionFacts(scope=frozenset({"school"})),)),
        Fact.OBJECTION,
    ),
    ("CON-13 no answer is no objection", telling(NOT_OBJECTED), None),
    ("SIG-02 a housing association without consent", telling(ASKED), Fact.CONSENT_MISSING),
    ("SIG-02 a housing association with consent", telling(ASKED, consents=(CONSENT,)), None),
    (
        "CON-03 for every kind of partner",
        telling(ASKED, consents=(replace(CONSENT, partner_kinds=frozenset({"*"})),)),
        None,
    ),
    (
        "CON-03 for another kind of partner",
        telling(ASKED, consents=(replace(CONSENT, partner_kinds=frozenset({"school"})),)),
        Fact.CONSENT_MISSING,
    ),
    (
        "CON-03 for another purpose",
        telling(ASKED, consents=(replace(CONSENT, purpose="sender_feedback"),)),
        Fact.CONSENT_MISSING,
    ),
    (
        "CON-03 not yet valid",
        telling(ASKED, consents=(replace(CONSENT, valid_from_on=date(2026, 11, 19)),)),
        Fact.CONSENT_MISSING,
    ),
    (
        "CON-03 no longer valid",
        telling(ASKED, consents=(replace(CONSENT, valid_until_on=date(2026, 11, 17)),)),
        Fact.CONSENT_MISSING,
    ),
    (
        "CON-03 valid on its last day",
        telling(ASKED, consents=(replace(CONSENT, valid_until_on=TODAY),)),
        None,
    ),
    ("CON-04 withdrawn", telling(ASKED, consents=(replace(CONSENT, withdrawn=True),)), Fact.CONSENT_MISSING),
    (
        "CON-02 a help agreement opens nothing",
        telling(ASKED, consents=(replace(CONSENT, kind="help_agreement"),)),
        Fact.CONSENT_MISSING,
    ),
    (
        "CON-02 a secrecy waiver is not a consent to data processing",
        telling(ASKED, consents=(replace(CONSENT, kind="secrecy_waiver"),)),
        Fact.CONSENT_MISSING,
    ),
    (
        "CON-09 parental consent lapses",
        telling(
            ASKED, consents=(replace(CONSENT, bracket="12-15", bracket_ends="2026-Q3", given_by="both"),)
        ),
        Fact.CONSENT_MISSING,
    ),
    ("CON-01 nobody looked for objections", telling(objections=None), Fact.FACTS_UNKNOWN),
    ("CON-01 nobody looked for consents", telling(consents=None), Fact.FACTS_UNKNOWN),
    ("MAT-13 police to the municipal team", telling(POLICE), None),
    (
        "MAT-13 police without a decision",
        telling(POLICE, has_decision_reference=False),
        Fact.DECISION_REFERENCE_MISSING,
    ),
]


@pytest.mark.parametrize(("facts", "denial"), [pytest.param(*row[1:], id=row[0]) for row in TELLING])
def test_telling_follows_the_matrix(facts: TellingFacts, denial: Fact | None) -> None:
    decision = decide_telling(facts, rules=RULES)
    assert decision.allowed is (denial is None)
    if denial is not None:
        assert facts_of(decision) == {denial}
        assert decision.level == 0


AGES = [
    ("CON-05 under 12 the representative", "0-11", "2030-Q1", "representative", True),
    ("CON-05 under 12 not the child", "0-11", "2030-Q1", "subject", False),
    ("CON-06 12-15 not the representative alone", "12-15", "2028-Q3", "representative", False),
    ("CON-06 12-15 not the youth alone", "12-15", "2028-Q3", "subject", False),
    ("CON-06 12-15 both", "12-15", "2028-Q3", "both", True),
    ("CON-05 16-17 the youth", "16-17", "2027-Q3", "subject", True),
    ("CON-09 16-17 no longer the representative", "16-17", "2027-Q3", "representative", False),
    ("CON-09 between 11 and 12 both must have consented", "0-11", "2026-Q4", "representative", False),
    ("CON-09 between 15 and 16 both must have consented", "12-15", "2026-Q4", "subject", False),
]


@pytest.mark.parametrize(
    ("bracket", "ends", "given_by", "enough"), [pytest.param(*r[1:], id=r[0]) for r in AGES]
)
def test_consent_is_given_by_all_who_must(bracket: str, ends: str, given_by: str, *, enough: bool) -> None:
    consent = replace(
        CONSENT,
        bracket=bracket,
        bracket_ends=ends,
        given_by=given_by,
        authority_attested=True,
        authority_holders=1,
        holders_consented=1,
        partner_kinds=frozenset({"school"}),
    )
    post = replace(POST, legal_basis="CONSENT", bracket=bracket, bracket_ends=ends)
    assert decide_telling(telling(post, consents=(consent,)), rules=RULES).allowed is enough


def test_con_07_a_representative_without_attested_authority_does_not_count() -> None:
    post = replace(POST, legal_basis="CONSENT", bracket="0-11", bracket_ends="2030-Q1")
    consent = replace(
        CONSENT,
        bracket="0-11",
        bracket_ends="2030-Q1",
        given_by="representative",
        partner_kinds=frozenset({"school"}),
    )
    assert facts_of(decide_telling(telling(post, consents=(consent,)), rules=RULES)) == {Fact.CONSENT_MISSING}


def test_con_06_two_records_together_may_hold_all_who_must() -> None:
    post = replace(POST, legal_basis="CONSENT")
    youth = replace(
        CONSENT,
        bracket="12-15",
        bracket_ends="2028-Q3",
        partner_kinds=frozenset({"school"}),
        given_by="subject",
    )
    parent = replace(
        youth, given_by="representative", authority_attested=True, authority_holders=1, holders_consented=1
    )
    assert not decide_telling(telling(post, consents=(youth,)), rules=RULES).allowed
    assert not decide_telling(telling(post, consents=(parent,)), rules=RULES).allowed
    assert decide_telling(telling(post, consents=(youth, parent)), rules=RULES).allowed


def test_con_14_police_data_stay_with_the_municipal_team_whatever_the_covenant_adds() -> None:
    widened = tuple(
        replace(row, told=frozenset({"municipal_team", "youth_care"}), may_be_told=True)
        for row in RULES.partners
    )
    decision = decide_telling(
        telling(POLICE, recipient_kind="youth_care"), rules=replace(RULES, partners=widened)
    )
    assert facts_of(decision) == {Fact.POLICE_DATA_RECIPIENT}
    assert decision.police_origin


def test_con_01_ending_one_row_ends_the_lane() -> None:
    ended = tuple(
        replace(row, valid_to_on=date(2026, 11, 17)) if row.code == "JW_7_1_4_1" else row
        for row in RULES.bases
    )
    rules = replace(RULES, bases=ended)
    assert facts_of(decide_posting(POST, rules=rules)) >= {Fact.BASIS_NOT_IN_FORCE}
    assert facts_of(decide_telling(telling(), rules=rules)) >= {Fact.BASIS_NOT_IN_FORCE}
    assert decide_posting(replace(POST, on=date(2026, 11, 17)), rules=rules).allowed


FEEDBACK = telling(purpose="sender_feedback", recipient_kind="school")
BOTH_FEEDBACK = tuple(
    replace(
        CONSENT,
        kind=kind,
        purpose="sender_feedback",
        partner_kinds=frozenset({"school"}),
        bracket="12-15",
        bracket_ends="2028-Q3",
        given_by="both",
        authority_attested=True,
        authority_holders=1,
        holders_consented=1,
    )
    for kind in ("data_processing", "secrecy_waiver")
)


@pytest.mark.parametrize(
    ("facts", "denial"),
    [
        pytest.param(FEEDBACK, Fact.CONSENT_MISSING, id="CON-15 no feedback without consent"),
        pytest.param(
            replace(FEEDBACK, consents=BOTH_FEEDBACK), None, id="CON-15 feedback with both consents"
        ),
        pytest.param(
            replace(FEEDBACK, consents=BOTH_FEEDBACK[:1]),
            Fact.CONSENT_MISSING,
            id="CON-02 one consent does not stand for the other",
        ),
        pytest.param(
            replace(FEEDBACK, consents=BOTH_FEEDBACK, recipient_kind="police"),
            Fact.FEEDBACK_NOT_ALLOWED,
            id="CON-15 feedback goes to the sender only",
        ),
        pytest.param(
            telling(POLICE, purpose="sender_feedback", recipient_kind="police"),
            Fact.FEEDBACK_NOT_ALLOWED,
            id="5.1 police gets no feedback",
        ),
        pytest.param(telling(purpose=""), Fact.FEEDBACK_NOT_ALLOWED, id="CON-01 no purpose"),
    ],
)
def test_feedback_to_the_sender_needs_consent(facts: TellingFacts, denial: Fact | None) -> None:
    decision = decide_telling(facts, rules=RULES)
    assert decision.allowed is (denial is None)
    assert denial is None or facts_of(decision) == {denial}


def test_no_facts_denies_everything() -> None:
    nothing: dict[str, object] = {
        "partner_kind": "",
        "legal_basis": "",
        "bracket": "",
        "bracket_ends": None,
        "has_decision_reference": False,
        "on": TODAY,
    }
    post = PostingFacts(**nothing, attestation="", subject_notice="")  # type: ignore[arg-type]
    tell = TellingFacts(
        **nothing,
        subject_notice="",
        purpose="",
        recipient_kind="",
        sender_in_force=False,
        same_organisation=False,  # type: ignore[arg-type]
        restricted=False,
        consents=None,
        objections=None,
    )
    for decision in (
        decide_posting(post, rules=RULES),
        decide_telling(tell, rules=RULES),
        decide_registering(LaneFacts(**nothing), rules=RULES),
    ):  # type: ignore[arg-type]
        assert not decision.allowed
        assert decision.level == 0
        assert decision.reasons


def test_con_09_in_the_quarter_in_which_an_age_ends_either_age_is_possible_from_its_first_day_on() -> None:
    days = (date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1))
    found = [possible_brackets("12-15", "2026-Q4", on=day, rules=RULES) for day in days]
    assert found == [{Bracket.TO_15}, {Bracket.TO_15, Bracket.TO_17}, {Bracket.TO_15, Bracket.TO_17}, set()]


def test_con_09_an_age_that_ends_later_than_it_can_is_not_known() -> None:
    # Four years, and one of slack for a birthday since the contact.
    found = [possible_brackets("12-15", f"{year}-Q4", on=TODAY, rules=RULES) for year in (2031, 2032)]
    assert found == [{Bracket.TO_15}, set()]


def test_sig_05_a_covenant_decides_which_kinds_of_signal_are_taken() -> None:
    both = replace(RULES, signal_kinds=frozenset({"contact", "concern"}))
    kinds = ("contact", "concern")
    taken = [
        decide_posting(replace(POST, signal_kind=kind), rules=rules).allowed
        for rules in (both, RULES)
        for kind in kinds
    ]
    assert taken == [True, True, True, False]


def test_posting_facts_cannot_hold_a_fact_about_the_person() -> None:
    """Whatever is known of a person must not be able to reach the answer that the poster sees."""
    assert {field.name for field in fields(PostingFacts)} == {
        "partner_kind",
        "legal_basis",
        "bracket",
        "bracket_ends",
        "has_decision_reference",
        "on",
        "attestation",
        "subject_notice",
        "signal_kind",
    }


def test_only_a_case_holder_registers_cases() -> None:
    assert decide_registering(CASE, rules=RULES).allowed
    school = decide_registering(POST, rules=RULES)
    assert facts_of(school) == {Fact.NOT_A_CASE_HOLDER}


def test_a_pair_is_told_only_in_the_words_of_the_more_silent_one() -> None:
    school, police = decide_telling(telling(), rules=RULES), decide_telling(telling(POLICE), rules=RULES)
    denied = decide_telling(telling(restricted=True), rules=RULES)
    both = combine(school, police)
    assert both.allowed
    assert both.level == police.level < school.level
    assert both.police_origin
    assert not combine(school, denied).allowed
    assert facts_of(combine(school, denied)) == {Fact.RESTRICTED}


@pytest.mark.parametrize(
    ("bracket", "ends", "expected"),
    [
        ("12-15", "2028-Q3", {"12-15"}),
        ("12-15", "2026-Q4", {"12-15", "16-17"}),
        ("12-15", "2026-Q3", set()),
        ("12-15", None, set()),
        ("12-15", "2028-Q5", set()),
        ("23+", None, {"23+"}),
        ("23+", "2028-Q3", set()),
        ("adult", None, set()),
    ],
)
def test_con_09_brackets_are_known_until_their_quarter(
    bracket: str, ends: str | None, expected: set[str]
) -> None:
    assert possible_brackets(bracket, ends, on=TODAY, rules=RULES) == expected


def test_a_quarter_ends_on_its_last_day() -> None:
    last, next_day = date(2026, 12, 31), date(2027, 1, 1)
    assert possible_brackets("12-15", "2026-Q4", on=last, rules=RULES) == {"12-15", "16-17"}
    assert not possible_brackets("12-15", "2026-Q4", on=next_day, rules=RULES)


kinds = st.sampled_from([row.kind for row in RULES.partners])
brackets = st.sampled_from(
    [
        ("0-11", "2030-Q1"),
        ("0-11", "2026-Q4"),
        ("12-15", "2028-Q3"),
        ("12-15", "2026-Q4"),
        ("16-17", "2027-Q2"),
        ("18-22", "2029-Q1"),
        ("23+", None),
    ]
)
consents = st.builds(
    lambda bracket, **rest: ConsentFacts(bracket=bracket[0], bracket_ends=bracket[1], **rest),
    bracket=brackets,
    kind=st.sampled_from(list(ConsentKind)),
    purpose=st.sampled_from(list(Purpose)),
    partner_kinds=st.frozensets(kinds, min_size=1),
    authority_holders=st.integers(0, 2),
    holders_consented=st.integers(0, 2),
    valid_from_on=st.dates(date(2026, 10, 1), date(2026, 12, 1)),
    valid_until_on=st.dates(date(2026, 10, 1), date(2027, 12, 1)),
    given_by=st.sampled_from(list(GivenBy)),
    authority_attested=st.booleans(),
    withdrawn=st.booleans(),
)
objections = st.builds(ObjectionFacts, scope=st.frozensets(kinds | st.just("all"), min_size=1))


@st.composite
def tellings(draw: st.DrawFn) -> TellingFacts:
    bracket, ends = draw(brackets)
    likely = draw(st.sampled_from(["CONSENT", "CONSENT", *[row.code for row in RULES.bases]]))
    return telling(
        partner_kind=draw(kinds),
        legal_basis=likely,
        bracket=bracket,
        bracket_ends=ends,
        has_decision_reference=draw(st.booleans()),
        recipient_kind=draw(st.just("municipal_team") | kinds),
        subject_notice=draw(st.just("given") | st.sampled_from(["exception", "pending"])),
        exception_code=draw(st.sampled_from([None, "investigation", "none_of_these"])),
        exception_until_on=draw(st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 15))),
        purpose=draw(st.sampled_from(list(Purpose))),
        sender_in_force=draw(st.sampled_from([True, True, False])),
        same_organisation=draw(st.sampled_from([False, False, True])),
        restricted=draw(st.sampled_from([False, False, True])),
        consents=tuple(draw(st.lists(consents, max_size=4))),
        objections=tuple(draw(st.lists(objections, max_size=1))),
    )


def widen(consent: ConsentFacts) -> ConsentFacts:
    return replace(
        consent,
        partner_kinds=frozenset({"*"}),
        given_by="both",
        authority_attested=True,
        authority_holders=1,
        holders_consented=1,
        valid_from_on=date(2026, 1, 1),
        valid_until_on=date(2027, 12, 31),
        withdrawn=False,
    )


@given(tellings())
def test_a_wider_consent_never_tells_fewer_people(facts: TellingFacts) -> None:
    before = decide_telling(facts, rules=RULES)
    for position, consent in enumerate(facts.consents or ()):
        wider = list(facts.consents or ())
        wider[position] = widen(consent)
        after = decide_telling(replace(facts, consents=tuple(wider)), rules=RULES)
        assert after.allowed >= before.allowed
        assert after.level >= before.level


@given(tellings(), consents)
def test_one_more_consent_never_tells_fewer_people(facts: TellingFacts, extra: ConsentFacts) -> None:
    before = decide_telling(facts, rules=RULES)
    after = decide_telling(replace(facts, consents=(*(facts.consents or ()), extra)), rules=RULES)
    assert (after.allowed, after.level) >= (before.allowed, before.level)


@given(tellings(), objections)
def test_one_more_objection_never_tells_more_people(facts: TellingFacts, extra: ObjectionFacts) -> None:
    before = decide_telling(facts, rules=RULES)
    after = decide_telling(replace(facts, objections=(*(facts.objections or ()), extra)), rules=RULES)
    assert (after.allowed, after.level) <= (before.allowed, before.level)


@given(tellings(), consents)
def test_a_help_agreement_changes_nothing(facts: TellingFacts, extra: ConsentFacts) -> None:
    agreement = replace(widen(extra), kind="help_agreement")
    more = replace(facts, consents=(*(facts.consents or ()), agreement))
    assert decide_telling(more, rules=RULES) == decide_telling(facts, rules=RULES)


@given(tellings())
def test_the_level_never_exceeds_the_matrix(facts: TellingFacts) -> None:
    partner = RULES.find_partner(facts.partner_kind)
    decision = decide_telling(facts, rules=RULES)
    assert partner is not None
    assert 0 <= decision.level <= partner.level
    assert decision.allowed or decision.level == 0


@given(tellings())
def test_nobody_who_may_not_be_told_is_told(facts: TellingFacts) -> None:
    if facts.purpose == "tell_casemanager" and facts.recipient_kind != "municipal_team":
        assert not decide_telling(facts, rules=RULES).allowed


@given(tellings())
def test_every_decision_can_be_read(facts: TellingFacts) -> None:
    decision = decide_telling(facts, rules=RULES)
    assert decision.reasons
    for language in Language:
        assert explain(decision, language).count("\n") == len(decision.reasons)


def test_every_fact_has_words_and_a_source() -> None:
    assert set(TEXTS) == set(Fact)
    assert all(RULES.reason(fact).source and RULES.reason(fact).rule for fact in Fact)


def test_every_open_refusal_has_an_error() -> None:
    seen = {row[2] for row in POSTING if row[2]} | {Fact.NOT_A_CASE_HOLDER}
    assert seen == set(REFUSALS)


def test_the_table_of_bases_keeps_adults_out_of_the_youth_lane() -> None:
    youth = [row for row in RULES.bases if row.code in {"JW_7_1_4_1", "WPG_YOUTH"}]
    assert all(Bracket.FROM_23 not in row.brackets for row in youth)


def test_every_row_of_the_matrix_can_use_some_basis() -> None:
    policy: PolicySet = RULES
    for partner in policy.partners:
        assert not partner.may_signal or any(partner.kind in basis.partner_kinds for basis in policy.bases)
