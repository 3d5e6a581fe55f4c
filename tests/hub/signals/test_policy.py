"""The gates of a post: facts about the sender and its message, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.consent.errors import NoticeIncompleteError
from hub.consent.loading import default_policy
from hub.partners.values import HeldRole, Partner, PostingPartner, Staff, StaffRole
from hub.signals.policy import ends_before, require_post
from hub.signals.values import Message
from service.errors import DatError
from service.work import Caller, Role

ON = date(2026, 11, 18)
PARTNER = Partner(
    id=UUID(int=1),
    oin="00000099000000010000",
    name="School",
    kind="school",
    covenant_from=date(2026, 1, 1),
    covenant_until=date(2026, 12, 31),
    schemes=frozenset({"demographic"}),
    may_signal=True,
    may_receive=False,
)
REPORTER = Staff(
    UUID(int=2),
    PARTNER.id,
    (HeldRole(StaffRole.REPORTER, date(2026, 1, 1)),),
    None,
    None,
    date(2026, 1, 1),
    None,
    trained_on=date(2026, 1, 1),
)
CALLER = Caller(Role.PARTNER, PARTNER.id)
MESSAGE = Message(
    contact_on=ON,
    kind="contact",
    legal_basis="JW_7_1_4_1",
    attestation="weighed",
    reporter_id=REPORTER.id,
    bracket="12-15",
    bracket_ends="2028-Q3",
    subject_notice="given",
    notice_on=ON,
    notice_to=frozenset({"subject", "representative"}),
    authority_holders=2,
    has_decision_reference=False,
    valid_months=12,
    token_types=("A", "F"),
    kid_known=True,
)
POLICE = {"kind": "police"}
HOUSING = {"kind": "housing_association"}
ADULT = {"bracket": "23+", "bracket_ends": None}
REFERENCE = {"has_decision_reference": True}


def take(*, partner: dict[str, Any] | None = None, caller: Caller = CALLER, **message: Any) -> None:
    sender = PostingPartner(replace(PARTNER, **partner or {}), REPORTER)
    require_post(replace(MESSAGE, **message), sender, caller, on=ON, rules=default_policy())


def refusal(*, partner: dict[str, Any] | None = None, caller: Caller = CALLER, **message: Any) -> str:
    young = message.get("bracket", "12-15") == "12-15"
    told = frozenset({"subject", "representative"} if young else {"subject"})
    contact_on = min(message.get("contact_on", ON), ON)
    try:
        usual = {"notice_to": told, "notice_on": contact_on, "authority_holders": 2 if young else 0}
        take(partner=partner, caller=caller, **(usual | message))
    except DatError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("partner", "message"),
    [
        ({}, {}),
        ({}, {"contact_on": ON - timedelta(days=31)}),
        ({}, {"bracket": "18-22", "bracket_ends": "2027-Q1", "legal_basis": "CONSENT"}),
        (POLICE, {"legal_basis": "WPG_YOUTH"} | REFERENCE),
        (POLICE, {"legal_basis": "WPG_ADULT"} | ADULT | REFERENCE),
        (HOUSING, {"legal_basis": "CONSENT"} | ADULT),
        (HOUSING, {"legal_basis": "NO_OBJECTION", "bracket": "18-22", "bracket_ends": "2027-Q1"}),
    ],
)
def test_what_the_lanes_allow_is_taken(partner: dict[str, Any], message: dict[str, Any]) -> None:
    assert refusal(partner=partner, **message) == ""


@pytest.mark.parametrize(
    ("partner", "message", "code"),
    [
        ({"covenant_until": ON - timedelta(days=1)}, {}, "covenant_not_in_force"),
        ({"covenant_from": None, "covenant_until": None}, {}, "covenant_not_in_force"),
        ({"state": "ended"}, {}, "covenant_not_in_force"),
        ({"may_signal": False}, {}, "kind_not_allowed"),
        ({"schemes": frozenset({"household"})}, {}, "token_type_not_allowed"),
        ({}, {"token_types": ("A", "bsn")}, "token_type_not_allowed"),
        ({}, {"kid_known": False}, "envelope_key_unknown"),
        ({}, {"contact_on": ON + timedelta(days=1)}, "contact_date_out_of_range"),
        ({}, {"contact_on": ON - timedelta(days=32)}, "contact_date_out_of_range"),
        ({}, {"attestation": "other"}, "attestation_missing"),
        ({}, {"legal_basis": "WPG_YOUTH"}, "legal_basis_missing"),
        ({}, {"legal_basis": "NONE"}, "legal_basis_missing"),
        ({}, ADULT, "bracket_not_in_lane"),
        ({}, {"bracket_ends": None}, "bracket_uncertain"),
        ({}, {"bracket_ends": "2026-Q3"}, "bracket_uncertain"),
        ({}, {"bracket_ends": "2036-Q3"}, "bracket_uncertain"),
        (HOUSING, {"legal_basis": "CONSENT"}, "bracket_not_in_lane"),
        (HOUSING, {}, "legal_basis_missing"),
        (POLICE, {"legal_basis": "WPG_YOUTH"}, "decision_reference_missing"),
        ({}, REFERENCE, "decision_reference_not_needed"),
        (POLICE, REFERENCE, "decision_reference_not_needed"),
        (HOUSING, {"legal_basis": "CONSENT"} | ADULT | REFERENCE, "decision_reference_not_needed"),
        (POLICE, {"legal_basis": "WPG_YOUTH"} | ADULT | REFERENCE, "bracket_not_in_lane"),
    ],
)
def test_what_they_do_not_allow_is_refused_with_its_reason(
    partner: dict[str, Any], message: dict[str, Any], code: str
) -> None:
    assert refusal(partner=partner, **message) == code


GIVEN = {"notice_on": ON, "notice_to": frozenset({"subject", "representative"})}
NOBODY: dict[str, Any] = {"notice_on": None, "notice_to": frozenset(), "authority_holders": 0}


@pytest.mark.parametrize(
    ("message", "places"),
    [
        (NOBODY, ("/noticeDate", "/noticeTo")),
        ({"notice_on": None}, ("/noticeDate",)),
        ({"notice_to": frozenset()}, ("/noticeTo",)),
        ({"authority_holders": 0}, ("/authorityHolders",)),
        (NOBODY | {"subject_notice": "pending", "authority_holders": 2}, ("/authorityHolders",)),
        ({"notice_to": frozenset({"subject"}), "authority_holders": 0}, ("/noticeTo",)),
        ({"notice_to": frozenset({"representative"})}, ("/noticeTo",)),
        ({"bracket": "16-17", "bracket_ends": "2028-Q3"}, ("/noticeTo",)),
        ({"bracket": "0-11", "bracket_ends": "2028-Q3"}, ("/noticeTo",)),
        ({"notice_on": ON + timedelta(days=1)}, ("/noticeDate",)),
        ({"notice_on": ON - timedelta(days=1)}, ("/noticeDate",)),
        ({"subject_notice": "pending"}, ("/noticeDate", "/noticeTo", "/authorityHolders")),
        ({"subject_notice": "exception"} | GIVEN, ("/noticeDate", "/noticeTo", "/authorityHolders")),
    ],
)
def test_tra_01_a_notice_that_is_posted_as_given_says_when_and_to_all_whom_the_age_asks_for(
    message: dict[str, Any], places: tuple[str, ...]
) -> None:
    with pytest.raises(NoticeIncompleteError) as refused:
        take(**message)
    assert refused.value.places == places


@pytest.mark.parametrize("ends", ["2026-Q4", "2028-Q3"])
def test_tra_01_in_the_post_the_age_is_that_of_today(ends: str) -> None:
    assert refusal(bracket="12-15", bracket_ends=ends) == ""
    assert refusal(subject_notice="pending", **NOBODY) == ""


def test_a_member_of_staff_posts_in_their_own_name_only() -> None:
    assert refusal(caller=Caller(Role.STAFF, PARTNER.id, REPORTER.id)) == ""
    assert refusal(caller=Caller(Role.STAFF, PARTNER.id, UUID(int=9))) == "reporter_not_authorised"


def test_sig_07_sig_10_a_signal_counts_until_its_months_are_over_or_its_bracket_is() -> None:
    assert ends_before(date(2026, 1, 31), months=1, bracket_ends=None) == date(2026, 3, 1)
    assert ends_before(date(2026, 11, 18), months=12, bracket_ends="2030-Q1") == date(2027, 11, 19)
    assert ends_before(date(2026, 11, 18), months=12, bracket_ends="2027-Q1") == date(2027, 4, 1)


@given(st.dates(date(2024, 1, 1), date(2090, 1, 1)), st.integers(1, 23))
def test_more_months_never_end_earlier(on: date, months: int) -> None:
    shorter, longer = (ends_before(on, months=number, bracket_ends=None) for number in (months, months + 1))
    assert on < shorter < longer
    assert longer <= on + timedelta(days=24 * 31)
