"""Laws that hold for every decision, whatever the facts and whatever a covenant makes of the rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.consent.facts import (
    ConsentFacts,
    ConsentKind,
    Decision,
    Fact,
    GivenBy,
    LaneFacts,
    ObjectionFacts,
    Purpose,
    TellingFacts,
)
from hub.consent.loading import default_document, default_policy, parse_policy
from hub.consent.matching_policy import ArchiveFacts, MatchingFacts, combine, decide_archive, decide_matching
from hub.consent.policy import decide_telling
from hub.consent.policy_set import AgeProfile, LevelCap, PolicySet
from tests.consent.facts import ENDS, POLICE_BASES, TODAY, consent, telling

RULES = default_policy()
PER_LAW = replace(RULES, age_profile="per_law")
KINDS = st.sampled_from([row.kind for row in RULES.partners])
ORGANISATIONS = [UUID(int=number) for number in (1, 2)]
# A bracket that holds, one in its last quarter, one that is over, one that is not known.
AGES = st.sampled_from(
    [*ENDS.items(), *((one, "2026-Q4") for one in ENDS), ("12-15", "2026-Q3"), ("12-15", None)]
)
DAYS = st.sampled_from([TODAY + timedelta(days=days) for days in (-400, -1, 0, 1, 400)])

consents = st.builds(
    lambda age, **rest: ConsentFacts(bracket=age[0], bracket_ends=age[1], **rest),
    age=AGES,
    kind=st.just("data_processing") | st.sampled_from(list(ConsentKind)),
    purpose=st.sampled_from(list(Purpose)),
    partner_kinds=st.just(frozenset("*")) | st.frozensets(KINDS, min_size=1, max_size=3),
    organisations=st.frozensets(st.sampled_from(ORGANISATIONS), max_size=1),
    valid_from_on=DAYS,
    valid_until_on=DAYS,
    given_by=st.sampled_from(list(GivenBy)),
    authority_attested=st.booleans(),
    authority_holders=st.integers(0, 2),
    holders_consented=st.integers(0, 2),
    withdrawn=st.sampled_from([False, False, True]),
)
objections = st.builds(
    ObjectionFacts,
    scope=st.just(frozenset({"all"})) | st.frozensets(KINDS, min_size=1, max_size=3),
    pending=st.booleans(),
    restriction=st.sampled_from([False, False, True]),
)


def mostly(value: object, rest: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nine times in ten the value that is in order: or hardly any decision would allow."""
    return st.integers(0, 9).flatmap(lambda number: rest if number == 9 else st.just(value))


@st.composite
def tellings(draw: st.DrawFn) -> TellingFacts:
    """Facts that are mostly in order, so that many decisions allow."""
    kind = draw(KINDS)
    row = RULES.find_partner(kind)
    basis = draw(st.sampled_from([one for one in RULES.bases if kind in one.partner_kinds] or RULES.bases))
    fitting = sorted(row.brackets & basis.brackets) if row and row.brackets & basis.brackets else ["12-15"]
    bracket, ends = draw(
        st.sampled_from(fitting).map(lambda age: (age, ENDS[age])).flatmap(lambda age: mostly(age, AGES))
    )
    purpose = draw(st.sampled_from([Purpose.TELL_CASEMANAGER, *Purpose]))
    back = purpose is Purpose.SENDER_FEEDBACK
    whole = [
        consent(kind, bracket, bracket_ends=ends, kind=one, purpose=purpose) for one in list(ConsentKind)[:2]
    ]
    given_ = [*draw(st.lists(consents, max_size=3)), *draw(st.sampled_from([[], whole, whole, whole[:1]]))]
    return telling(
        kind,
        basis.code,
        bracket,
        bracket_ends=ends,
        has_decision_reference=draw(mostly(basis.code in POLICE_BASES, st.booleans())),
        recipient_kind=draw(mostly(kind if back else "municipal_team", KINDS)),
        subject_notice=draw(st.sampled_from(["given", "given", "given", "exception", "pending"])),
        exception_code=draw(st.sampled_from([None, "investigation", "whim"])),
        exception_until_on=draw(st.none() | DAYS),
        purpose=purpose,
        sender_id=draw(st.sampled_from(ORGANISATIONS)),
        sender_in_force=draw(mostly(True, st.booleans())),
        same_organisation=draw(mostly(False, st.booleans())),
        restricted=draw(mostly(False, st.booleans())),
        consents=tuple(given_),
        objections=tuple(draw(mostly([], st.lists(objections, min_size=1, max_size=1)))),
    )


def told(facts: TellingFacts, rules: PolicySet = RULES) -> tuple[bool, int]:
    decision = decide_telling(facts, rules=rules)
    return decision.allowed, decision.level


@given(tellings(), objections)
def test_con_12_an_objection_or_a_restriction_never_tells_more(
    facts: TellingFacts, extra: ObjectionFacts
) -> None:
    more = replace(facts, objections=(*(facts.objections or ()), extra))
    assert told(more) <= told(facts)


@given(tellings(), objections)
def test_con_12_pending_and_upheld_stop_the_same_and_a_restriction_stops_everything(
    facts: TellingFacts, extra: ObjectionFacts
) -> None:
    pending, upheld = (replace(extra, pending=pending) for pending in (True, False))
    assert told(replace(facts, objections=(pending,))) == told(replace(facts, objections=(upheld,)))
    assert told(replace(facts, objections=(replace(extra, restriction=True),))) == (False, 0)


@given(tellings())
def test_con_12_a_restricted_signal_is_told_to_nobody(facts: TellingFacts) -> None:
    assert told(replace(facts, restricted=True)) == (False, 0)


@given(tellings())
def test_con_04_a_withdrawal_never_tells_more(facts: TellingFacts) -> None:
    given_ = list(facts.consents or ())
    for at, one in enumerate(given_):
        withdrawn = [*given_[:at], replace(one, withdrawn=True), *given_[at + 1 :]]
        removed = [*given_[:at], *given_[at + 1 :]]
        after = told(replace(facts, consents=tuple(withdrawn)))
        assert after <= told(facts)
        # Given and withdrawn is nothing else than never given: "no" has no hidden effect (CON-16).
        assert after == told(replace(facts, consents=tuple(removed)))


def test_con_04_withdrawing_the_only_consent_closes_what_it_opened() -> None:
    given_ = consent("housing_association", "23+", given_by="subject")
    facts = telling("housing_association", "CONSENT", "23+", consents=(given_,))
    assert told(facts)[0]
    assert not told(replace(facts, consents=(replace(given_, withdrawn=True),)))[0]


@given(tellings())
def test_con_16_removing_every_consent_opens_nothing(facts: TellingFacts) -> None:
    assert told(replace(facts, consents=())) <= told(facts)


NARROWER: dict[str, Callable[[ConsentFacts], ConsentFacts]] = {
    "a shorter period": lambda one: replace(one, valid_until_on=one.valid_until_on - timedelta(days=500)),
    "a later beginning": lambda one: replace(one, valid_from_on=one.valid_from_on + timedelta(days=500)),
    "fewer givers": lambda one: replace(one, given_by="subject") if one.given_by == "both" else one,
    "authority not attested": lambda one: replace(one, authority_attested=False),
    "one more holder": lambda one: (
        replace(one, authority_holders=one.authority_holders + 1) if one.authority_holders else one
    ),
    "one organisation": lambda one: (
        replace(one, organisations=frozenset(ORGANISATIONS[:1])) if not one.organisations else one
    ),
    "help only": lambda one: replace(one, kind="help_agreement"),
}


@given(tellings(), st.sampled_from(sorted(NARROWER)))
def test_con_03_a_narrower_consent_never_tells_more(facts: TellingFacts, how: str) -> None:
    for at, one in enumerate(facts.consents or ()):
        others = list(facts.consents or ())
        others[at] = NARROWER[how](one)
        assert told(replace(facts, consents=tuple(others))) <= told(facts)


@given(tellings())
def test_con_05_a_stricter_profile_never_tells_more(facts: TellingFacts) -> None:
    assert told(facts, RULES) <= told(facts, PER_LAW)


ACTS = st.sets(st.sampled_from([row.act for row in RULES.acts]))


@given(tellings(), ACTS, ACTS)
def test_con_05_one_more_act_in_a_profile_never_tells_more(
    facts: TellingFacts, acts: set[str], more: set[str]
) -> None:
    def under(names: set[str]) -> PolicySet:
        base = RULES.profiles[0]
        profile: AgeProfile = replace(
            base,
            data_processing=frozenset(names | {"consent_avg"}),
            secrecy_waiver=frozenset(names | {"help"}),
        )
        return replace(RULES, profiles=(profile,), age_profile=base.name)

    assert told(facts, under(acts | more)) <= told(facts, under(acts))


STRICTER: dict[str, Callable[[PolicySet], PolicySet]] = {
    "a lower cap": lambda rules: replace(rules, caps=(*rules.caps, cap("*", level=1))),
    "a cap for police": lambda rules: replace(rules, caps=(*rules.caps, cap("police", level=0))),
    "nothing of the sensitive": lambda rules: replace(rules, sensitive_level=0),
    "every kind is sensitive": lambda rules: replace(
        rules, partners=tuple(replace(row, sensitive=True) for row in rules.partners)
    ),
    "nobody tells": lambda rules: replace(
        rules, partners=tuple(replace(row, told=frozenset()) for row in rules.partners)
    ),
    "no feedback": lambda rules: replace(
        rules, partners=tuple(replace(row, feedback=frozenset()) for row in rules.partners)
    ),
    "every objection blocks": lambda rules: replace(
        rules, bases=tuple(replace(row, objection_blocks="any") for row in rules.bases)
    ),
    "a consent too": lambda rules: replace(
        rules, bases=tuple(replace(row, needs_consent=True) for row in rules.bases)
    ),
    "a notice too": lambda rules: replace(
        rules, bases=tuple(replace(row, notice_needed=True, notice_exception=False) for row in rules.bases)
    ),
    "a basis less": lambda rules: replace(rules, bases=rules.bases[1:]),
    "a basis that ended": lambda rules: replace(
        rules, bases=tuple(replace(row, valid_to_on=TODAY - timedelta(days=1)) for row in rules.bases)
    ),
    "no exceptions": lambda rules: replace(rules, exceptions=()),
}


def cap(sender: str, *, level: int) -> LevelCap:
    return LevelCap(sender=sender, basis="*", recipient="*", level=level, source="covenant", status="A")


@given(tellings(), st.sampled_from(sorted(STRICTER)))
def test_mat_12_stricter_rules_never_tell_more(facts: TellingFacts, how: str) -> None:
    assert told(facts, STRICTER[how](RULES)) <= told(facts)


CAPPED = telling("school", "JW_7_1_4_1", "12-15")


@pytest.mark.parametrize(
    ("sender", "basis", "recipient", "level"),
    [
        ("*", "*", "*", 1),
        ("school", "JW_7_1_4_1", "municipal_team", 1),
        ("police", "*", "*", 3),
        ("*", "CONSENT", "*", 3),
        ("*", "*", "school", 3),
    ],
)
def test_mat_12_a_row_of_the_disclosure_profile_lowers_what_it_is_about(
    sender: str, basis: str, recipient: str, level: int
) -> None:
    row = replace(cap(sender, level=1), basis=basis, recipient=recipient)
    assert told(CAPPED, replace(RULES, caps=(row,))) == (True, level)


@given(tellings(), st.integers(0, 3), st.integers(0, 4), st.integers(1, 3))
def test_con_07_more_holders_of_authority_attested_by_anybody_never_tell_more(
    facts: TellingFacts, told_of: int, attested: int, more: int
) -> None:
    fewer = replace(facts, notice_holders=told_of, holders_attested=attested)
    stricter = replace(fewer, holders_attested=attested + more)
    assert told(stricter) <= told(fewer) <= told(fewer, replace(RULES, contradictions="own"))


def test_con_07_of_two_who_contradict_each_other_the_stricter_counts() -> None:
    one_parent = telling("school", "JW_7_1_4_1", "12-15", notice_holders=1, holders_attested=2)
    assert [reason.fact for reason in decide_telling(one_parent, rules=RULES).reasons] == [
        Fact.NOTICE_CONTRADICTED
    ]
    assert told(one_parent, replace(RULES, contradictions="own"))[0]
    assert told(replace(one_parent, notice_holders=2))[0]
    given_ = consent("school", "12-15", authority_holders=1, holders_consented=1)
    alone = telling("school", "CONSENT", "12-15", consents=(given_,))
    assert [told(replace(alone, holders_attested=most))[0] for most in (0, 1, 2)] == [True, True, False]
    said = [
        {one.fact for one in decide_telling(replace(alone, holders_attested=most), rules=RULES).reasons}
        for most in (1, 2)
    ]
    assert [Fact.CONSENT_CONTRADICTED in facts for facts in said] == [False, True]
    assert Fact.CONSENT_MISSING not in said[1]
    unsaid = replace(alone, consents=(replace(given_, authority_holders=0),))
    contradicted = decide_telling(replace(unsaid, holders_attested=2), rules=RULES)
    assert [one.fact for one in contradicted.reasons] == [Fact.CONSENT_MISSING]
    assert not any(told(replace(unsaid, holders_attested=most))[0] for most in (0, 1, 2))


def test_con_07_a_consent_that_is_not_there_is_missing_whoever_contradicts_another() -> None:
    given_ = consent("general_practitioner", "12-15", authority_holders=1, holders_consented=1)
    facts = telling("general_practitioner", "CONSENT", "12-15", consents=(given_,), holders_attested=2)
    assert RULES.consents_for("general_practitioner") == {"data_processing", "secrecy_waiver"}
    assert [one.fact for one in decide_telling(facts, rules=RULES).reasons] == [Fact.CONSENT_MISSING]
    waived = replace(facts, consents=(given_, replace(given_, kind="secrecy_waiver")))
    assert [one.fact for one in decide_telling(waived, rules=RULES).reasons] == [Fact.CONSENT_CONTRADICTED]


def test_con_01_where_a_municipality_agreed_so_nobody_hears_without_a_consent_whatever_the_basis() -> None:
    first = telling("school", "JW_7_1_4_1", "12-15", consent_first=True)
    assert [one.fact for one in decide_telling(first, rules=RULES).reasons] == [Fact.CONSENT_MISSING]
    assert told(replace(first, consents=(consent("school", "12-15"),)))[0]


@given(tellings())
def test_con_01_asking_consent_first_never_tells_more(facts: TellingFacts) -> None:
    assert told(replace(facts, consent_first=True)) <= told(facts)


@given(tellings())
def test_the_order_of_facts_does_not_matter(facts: TellingFacts) -> None:
    orders = list(permutations((facts.consents or ())[:4]))
    decisions = {
        replace(decision, reasons=tuple(sorted(decision.reasons)))
        for order in orders
        for turned in (facts.objections, (facts.objections or ())[::-1])
        for decision in [decide_telling(replace(facts, consents=order, objections=turned), rules=RULES)]
    }
    assert len(decisions) == 1


@given(tellings())
def test_a_decision_depends_on_the_facts_and_the_rules_only(facts: TellingFacts) -> None:
    first = decide_telling(facts, rules=RULES)
    decide_telling(replace(facts, restricted=not facts.restricted), rules=PER_LAW)
    read_again = parse_policy(json.loads(json.dumps(DOCUMENT)))
    assert decide_telling(replace(facts), rules=read_again) == first
    twice = (*(facts.consents or ()), *(facts.consents or ()))
    assert decide_telling(replace(facts, consents=twice), rules=RULES) == first


DOCUMENT = default_document()


def in_force(facts: TellingFacts) -> TellingFacts:
    """The same facts without those that are not in force on the day."""
    given_ = tuple(
        one
        for one in facts.consents or ()
        if not one.withdrawn and one.valid_from_on <= facts.on <= one.valid_until_on
    )
    stands = facts.exception_until_on is not None and facts.on <= facts.exception_until_on
    return replace(
        facts,
        consents=given_,
        exception_code=facts.exception_code if stands else None,
        exception_until_on=facts.exception_until_on if stands else None,
    )


@given(tellings(), DAYS)
def test_con_04_a_decision_never_uses_a_fact_that_is_not_in_force_at_the_moment_of_telling(
    facts: TellingFacts, on: date
) -> None:
    then = replace(facts, on=on)
    assert decide_telling(then, rules=RULES) == decide_telling(in_force(then), rules=RULES)


@given(tellings(), DAYS)
def test_con_01_a_decision_never_uses_a_basis_that_is_not_in_force(facts: TellingFacts, on: date) -> None:
    then = replace(facts, on=on)
    living = replace(RULES, bases=tuple(row for row in RULES.bases if row.in_force(on)))
    assert decide_telling(then, rules=living) == decide_telling(then, rules=RULES)


@given(tellings())
def test_con_14_police_data_reach_the_municipal_team_only_whatever_the_matrix_says(
    facts: TellingFacts,
) -> None:
    everybody = frozenset(row.kind for row in RULES.partners)
    wide = replace(
        RULES,
        partners=tuple(replace(row, told=everybody, may_be_told=True) for row in RULES.partners),
    )
    decision = decide_telling(facts, rules=wide)
    if decision.allowed and decision.police_origin:
        assert facts.purpose == Purpose.TELL_CASEMANAGER
        assert facts.recipient_kind == "municipal_team"


@given(tellings(), tellings())
def test_a_pair_is_told_at_most_as_far_as_either(left: TellingFacts, right: TellingFacts) -> None:
    one, other = decide_telling(left, rules=RULES), decide_telling(right, rules=RULES)
    both, turned = combine(one, other), combine(other, one)
    assert (both.allowed, both.level) <= min((one.allowed, one.level), (other.allowed, other.level))
    assert unordered(both) == unordered(turned)


def unordered(decision: Decision) -> Decision:
    return replace(decision, reasons=tuple(sorted(decision.reasons)))


def lane(facts: TellingFacts) -> LaneFacts:
    return LaneFacts(**{name: getattr(facts, name) for name in LaneFacts.__dataclass_fields__})


@st.composite
def matchings(draw: st.DrawFn) -> MatchingFacts:
    return MatchingFacts(
        sides=(lane(draw(tellings())), lane(draw(tellings()))),
        same_organisation=draw(st.sampled_from([False, False, True])),
        both_active=draw(st.sampled_from([True, True, False])),
        restricted=draw(st.sampled_from([False, False, True])),
        objections=tuple(draw(st.lists(objections, max_size=2))),
    )


@given(matchings(), objections)
def test_mat_01_con_12_matching_is_symmetric_and_an_objection_never_lets_more_meet(
    facts: MatchingFacts, extra: ObjectionFacts
) -> None:
    decision = decide_matching(facts, rules=RULES)
    assert decide_matching(replace(facts, sides=facts.sides[::-1]), rules=RULES) == decision
    more: dict[str, Any] = {"objections": (*(facts.objections or ()), extra)}
    assert decide_matching(replace(facts, **more), rules=RULES).allowed <= decision.allowed
    for change in (
        {"same_organisation": True},
        {"both_active": False},
        {"restricted": True},
        {"objections": None},
    ):
        assert not decide_matching(replace(facts, **change), rules=RULES).allowed  # type: ignore[arg-type]


def test_con_12_of_a_basis_that_nobody_knows_any_objection_stops_the_meeting() -> None:
    side = lane(telling("school", "JW_7_1_4_1", "12-15"))
    of_another = ObjectionFacts(scope=frozenset({"police"}), pending=True)
    facts = MatchingFacts(
        sides=(side, side),
        same_organisation=False,
        both_active=True,
        restricted=False,
        objections=(of_another,),
    )
    assert decide_matching(facts, rules=RULES).allowed
    unknown = replace(facts, sides=(side, replace(side, legal_basis="ENDED")))
    assert not decide_matching(unknown, rules=RULES).allowed


ARCHIVED = ArchiveFacts(
    ended="expired", ended_on=date(2025, 3, 1), on=TODAY, bracket="12-15", bracket_ends="2027-Q1",
    objected=False, answered=False,
)  # fmt: skip
OPEN = replace(RULES, archive=True)


def test_sig_09_the_archive_is_off_by_default_and_answers_once_when_it_is_on() -> None:
    assert not decide_archive(ARCHIVED, rules=RULES).allowed
    assert decide_archive(ARCHIVED, rules=OPEN).allowed
    assert decide_archive(replace(ARCHIVED, ended="reason_gone"), rules=OPEN).allowed
    for change in ({"answered": True}, {"objected": True}, {"ended": "unjustified"}, {"ended": "erased"}):
        assert not decide_archive(replace(ARCHIVED, **change), rules=OPEN).allowed  # type: ignore[arg-type]


def test_sig_09_the_archive_ends_after_five_years_and_at_23() -> None:
    assert decide_archive(replace(ARCHIVED, on=date(2030, 2, 28)), rules=OPEN).allowed
    assert not decide_archive(replace(ARCHIVED, on=date(2030, 3, 1)), rules=OPEN).allowed
    # 15 at the end of 2027-Q1 means 23 seven years later, at the earliest on the first day of that quarter.
    late = replace(ARCHIVED, ended_on=date(2033, 1, 1))
    assert decide_archive(replace(late, on=date(2033, 12, 31)), rules=OPEN).allowed
    assert not decide_archive(replace(late, on=date(2034, 1, 1)), rules=OPEN).allowed
    for unknown in ({"bracket_ends": None}, {"bracket": "23+"}, {"bracket": ""}):
        assert not decide_archive(replace(ARCHIVED, **unknown), rules=OPEN).allowed  # type: ignore[arg-type]


@given(DAYS, DAYS, AGES, st.integers(0, 3000))
def test_sig_09_what_the_archive_once_refused_it_never_answers_later(
    ended: date, on: date, age: tuple[str, str | None], days: int
) -> None:
    facts = replace(ARCHIVED, ended_on=ended, on=on, bracket=age[0], bracket_ends=age[1])
    later = replace(facts, on=on + timedelta(days=days))
    assert decide_archive(later, rules=OPEN).allowed <= decide_archive(facts, rules=OPEN).allowed
