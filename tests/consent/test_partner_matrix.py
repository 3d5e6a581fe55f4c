"""The partner matrix of the covenant, as a table, every cell asked of the rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from hub.consent.loading import default_policy
from hub.consent.policy import decide_posting, decide_registering, decide_telling
from hub.partners.kinds import load_kinds
from tests.consent.facts import BRACKETS, consent, posting, telling

RULES, KINDS = default_policy(), load_kinds()
CHILD, ADULT = ("0-11", "12-15", "16-17", "18-22"), ("18-22", "23+")
BOTH, DEMOGRAPHIC = {"bsn", "demographic"}, {"demographic"}


@dataclass(frozen=True)
class Row:
    """One row of the matrix.

    Attributes:
        lanes: the bases under which it may signal, each with the ages.
        schemes: identity schemes that it may ever get.
        hears: whether its staff may be told of other organisations' signals.
        feedback: whether it may hear back, with both consents.
        level: the most that is told of it, on its own best basis.
    """

    lanes: dict[str, tuple[str, ...]]
    schemes: set[str]
    hears: bool = False
    feedback: bool = True
    level: int = 2
    police: bool = False


YOUTH = {"JW_7_1_4_1": CHILD, "CONSENT": CHILD}
MATRIX = {
    "school": Row(YOUTH, DEMOGRAPHIC, level=3),
    "school_attendance": Row({"JW_7_1_4_1": CHILD}, BOTH, level=3),
    "police": Row(
        {"JW_7_1_4_1": CHILD, "WPG_YOUTH": CHILD, "WPG_ADULT": ADULT}, BOTH, feedback=False, police=True
    ),
    "housing_association": Row({"CONSENT": ADULT, "NO_OBJECTION": ADULT}, DEMOGRAPHIC, level=3),
    "municipal_team": Row(
        {"JW_WMO_TASK": BRACKETS}, {*BOTH, "household"}, hears=True, feedback=False, level=3
    ),
    "youth_care": Row(YOUTH, {*BOTH, "household"}),
    "youth_health": Row(YOUTH, BOTH, level=1),
    "youth_protection": Row(YOUTH, BOTH),
    "veilig_thuis": Row(YOUTH, BOTH),
    "general_practitioner": Row(YOUTH, BOTH, level=1),
    "wmo_provider": Row({"JW_7_1_4_1": CHILD, "CONSENT": BRACKETS}, BOTH),
    "community": Row({}, set(), feedback=False, level=0),
}
BASES = tuple(row.code for row in RULES.bases)
CELLS = [(kind, basis, bracket) for kind in MATRIX for basis in BASES for bracket in BRACKETS]


def test_the_matrix_has_a_row_for_every_kind_and_a_column_for_every_basis() -> None:
    assert MATRIX.keys() == {row.kind for row in RULES.partners}
    assert {basis for row in MATRIX.values() for basis in row.lanes} == set(BASES)


@pytest.mark.parametrize(("kind", "basis", "bracket"), CELLS)
def test_sig_01_sig_02_who_may_signal_about_whom_on_which_basis(kind: str, basis: str, bracket: str) -> None:
    may = bracket in MATRIX[kind].lanes.get(basis, ())
    assert decide_posting(posting(kind, basis, bracket), rules=RULES).allowed is may


@pytest.mark.parametrize("recipient", MATRIX)
@pytest.mark.parametrize("kind", MATRIX)
def test_sig_13_con_14_who_may_be_told_of_whom(kind: str, recipient: str) -> None:
    row = MATRIX[kind]
    for basis, brackets in row.lanes.items():
        both = (consent(kind, brackets[-1]), replace(consent(kind, brackets[-1]), kind="secrecy_waiver"))
        facts = telling(kind, basis, brackets[-1], recipient_kind=recipient, consents=both)
        decision = decide_telling(facts, rules=RULES)
        assert decision.allowed is MATRIX[recipient].hears
        assert decision.police_origin is row.police


@pytest.mark.parametrize("kind", MATRIX)
def test_mat_12_sig_16_the_most_that_is_told_of_a_kind(kind: str) -> None:
    levels = [
        decide_telling(telling(kind, basis, age, consents=(consent(kind, age),)), rules=RULES).level
        for basis, ages in MATRIX[kind].lanes.items()
        for age in ages
    ]
    assert max(levels, default=0) == MATRIX[kind].level


@pytest.mark.parametrize("kind", MATRIX)
def test_con_15_who_hears_back_and_only_with_both_consents(kind: str) -> None:
    for basis, ages in MATRIX[kind].lanes.items():
        age = ages[-1]
        given = [
            consent(kind, age, kind=one, purpose="sender_feedback")
            for one in ("data_processing", "secrecy_waiver", "help_agreement")
        ]
        back = {"recipient_kind": kind, "purpose": "sender_feedback"}
        with_all = decide_telling(telling(kind, basis, age, consents=tuple(given), **back), rules=RULES)
        assert with_all.allowed is MATRIX[kind].feedback
        for left_out in given[:2]:
            rest = tuple(one for one in given if one is not left_out)
            facts = telling(kind, basis, age, consents=rest, **back)
            assert not decide_telling(facts, rules=RULES).allowed


@pytest.mark.parametrize("kind", MATRIX)
def test_sig_13_only_who_may_hear_holds_cases(kind: str) -> None:
    for basis, ages in MATRIX[kind].lanes.items():
        case = posting(kind, basis, ages[0])
        assert decide_registering(case, rules=RULES).allowed is MATRIX[kind].hears


@pytest.mark.parametrize("kind", [kind for kind in MATRIX if kind != "community"])
def test_mat_09_identity_schemes_by_kind(kind: str) -> None:
    row, admitted = MATRIX[kind], KINDS[kind]
    assert set(admitted.schemes_at_most) == row.schemes
    assert set(admitted.schemes) <= row.schemes
    assert admitted.may_signal is bool(row.lanes)
    assert admitted.may_receive is row.hears


def test_sig_16_a_recipient_hears_youth_and_not_youth_health_care() -> None:
    assert KINDS["youth_health"].domain == KINDS["general_practitioner"].domain == "youth"


def test_a_community_is_no_kind_that_can_be_admitted() -> None:
    assert "community" not in KINDS
