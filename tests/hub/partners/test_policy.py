"""The gates about partners and their staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.partners import errors
from hub.partners.kinds import load_kinds
from hub.partners.policy import (
    OIN,
    require_admission,
    require_authorisation,
    require_covenant,
    require_kind,
    require_operator,
    require_reporter,
    require_staff_role,
    require_token_types,
)
from hub.partners.values import Admission, Authorisation, HeldRole, Partner, Staff, StaffRole
from keys.protocol.tokens import TokenType
from service.work import OPERATOR, SYSTEM, Caller, Role

TODAY = date(2026, 11, 18)
POLICE = Partner(
    id=UUID(int=1),
    oin="00000099000000010000",
    name="Politie Noord",
    kind="police",
    covenant_from=date(2026, 1, 1),
    covenant_until=date(2026, 12, 31),
    schemes=frozenset({"demographic"}),
    may_signal=True,
    may_receive=False,
)
REPORTER = Staff(
    id=UUID(int=2),
    organisation_id=POLICE.id,
    roles=(HeldRole(StaffRole.REPORTER, date(2026, 1, 1)),),
    mail_address=None,
    contact_label=None,
    active_from=date(2026, 1, 1),
    active_until=None,
    trained_on=date(2026, 1, 1),
)
ADMISSION = Admission(
    oin="00000099000000010000",
    name="School De Linde",
    kind="school",
    covenant_from=date(2026, 1, 1),
    covenant_until=date(2027, 12, 31),
)


@pytest.mark.parametrize("on", [date(2026, 1, 1), TODAY, date(2026, 12, 31)])
def test_a_covenant_holds_on_its_first_and_last_day(on: date) -> None:
    require_covenant(POLICE, on)


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_covenant_does_not_hold_a_day_earlier_or_later(on: date) -> None:
    with pytest.raises(errors.CovenantNotInForceError):
        require_covenant(POLICE, on)


def test_an_organisation_that_left_has_no_covenant() -> None:
    with pytest.raises(errors.CovenantNotInForceError):
        require_covenant(replace(POLICE, state="ended"), TODAY)


def test_an_organisation_that_never_signed_has_no_covenant() -> None:
    with pytest.raises(errors.CovenantNotInForceError):
        require_covenant(replace(POLICE, covenant_from=None, covenant_until=None), TODAY)


def in_role(role: str) -> Staff:
    return replace(REPORTER, roles=(HeldRole(StaffRole(role), date(2026, 1, 1)),))


@pytest.mark.parametrize("role", ["reporter", "casemanager"])
def test_a_reporter_and_a_casemanager_may_report(role: str) -> None:
    require_reporter(POLICE, in_role(role), TODAY)


@pytest.mark.parametrize("role", sorted(set(StaffRole) - {"reporter", "casemanager"}))
def test_other_roles_do_not_report(role: str) -> None:
    with pytest.raises(errors.ReporterNotAuthorisedError):
        require_reporter(POLICE, in_role(role), TODAY)


@pytest.mark.parametrize(
    "staff",
    [
        None,
        replace(REPORTER, organisation_id=UUID(int=9)),
        replace(REPORTER, active_until=TODAY),
        replace(REPORTER, active_from=date(2026, 11, 19)),
        replace(REPORTER, roles=()),
        replace(REPORTER, roles=(HeldRole(StaffRole.REPORTER, date(2026, 1, 1), TODAY),)),
        replace(REPORTER, roles=(HeldRole(StaffRole.REPORTER, date(2026, 11, 19)),)),
    ],
)
def test_an_unknown_foreign_ended_or_future_reporter_is_refused_with_one_answer(staff: Staff | None) -> None:
    with pytest.raises(errors.ReporterNotAuthorisedError) as refused:
        require_reporter(POLICE, staff, TODAY)
    assert refused.value.places == ("/reporter",)


def test_an_organisation_that_may_not_signal_has_no_reporters() -> None:
    with pytest.raises(errors.KindNotAllowedError):
        require_reporter(replace(POLICE, may_signal=False), REPORTER, TODAY)


@given(
    names=st.sets(st.sampled_from(list(TokenType))), schemes=st.sets(st.sampled_from(["bsn", "demographic"]))
)
def test_token_types_pass_exactly_when_all_their_schemes_are_permitted(
    names: set[TokenType], schemes: set[str]
) -> None:
    partner = replace(POLICE, schemes=frozenset(schemes))
    if all(name.scheme in schemes for name in names):
        require_token_types(partner, names)
    else:
        with pytest.raises(errors.TokenTypeNotAllowedError):
            require_token_types(partner, names)


@pytest.mark.parametrize("name", ["", "a", "BSN", "Z", "bsn "])
def test_an_unknown_token_type_is_refused(name: str) -> None:
    with pytest.raises(errors.TokenTypeNotAllowedError):
        require_token_types(replace(POLICE, schemes=frozenset({"bsn", "demographic", "household"})), [name])


def test_a_kind_that_is_not_named_is_refused() -> None:
    require_kind(POLICE, {"police"})
    with pytest.raises(errors.KindNotAllowedError):
        require_kind(POLICE, {"municipal_team"})


def test_a_role_lasts_until_the_day_it_ends() -> None:
    ending = replace(REPORTER, active_until=TODAY)
    require_staff_role(ending, [StaffRole.REPORTER], date(2026, 11, 17))
    with pytest.raises(errors.RoleNotAllowedError):
        require_staff_role(ending, [StaffRole.REPORTER], TODAY)


@pytest.mark.parametrize("caller", [SYSTEM, Caller(Role.PARTNER), Caller(Role.STAFF)])
def test_only_the_operator_administers(caller: Caller) -> None:
    require_operator(OPERATOR)
    with pytest.raises(errors.RoleNotAllowedError):
        require_operator(caller)


@pytest.mark.parametrize("kind", ["school", "housing_association"])
@pytest.mark.parametrize("scheme", ["bsn", "household"])
def test_a_school_or_housing_association_never_gets_the_bsn(kind: str, scheme: str) -> None:
    admission = replace(ADMISSION, kind=kind, schemes=frozenset({scheme, "demographic"}))
    with pytest.raises(errors.SchemeNotForKindError):
        require_admission(admission, load_kinds()[kind])


def test_the_police_take_part_on_a_decision_only() -> None:
    police = load_kinds()["police"]
    require_admission(replace(ADMISSION, kind="police", decision_reference="BESLUIT-1"), police)
    with pytest.raises(errors.DecisionMissingError):
        require_admission(replace(ADMISSION, kind="police"), police)


@given(st.from_regex(r"[0-9]{8}[0-9A-Z]{8}[0-9]{4}|[0-9]{8}[0-9A-Z]{9}[0-9]{3}", fullmatch=True))
def test_an_oin_has_twenty_positions(oin: str) -> None:
    assert OIN.fullmatch(oin)
    assert not OIN.fullmatch(oin + "0")
    assert not OIN.fullmatch(oin[:-1])


@pytest.mark.parametrize(
    "oin", ["", "0000009900000001000", "00000099000000010000\n", "00000099aaaaaaaa0000", "٠" * 20]
)
def test_a_wrong_oin_is_refused(oin: str) -> None:
    with pytest.raises(errors.PartnerInvalidError):
        require_admission(replace(ADMISSION, oin=oin), load_kinds()["school"])


@pytest.mark.parametrize("role", sorted(set(StaffRole) - {"reporter", "partner_coordinator"}))
def test_partners_that_only_emit_have_reporters_and_a_coordinator_only(role: str) -> None:
    authorisation = Authorisation(organisation_id=POLICE.id, role=StaffRole(role))
    with pytest.raises(errors.RoleNotForKindError):
        require_authorisation(authorisation, POLICE)
    require_authorisation(authorisation, replace(POLICE, may_receive=True))


@pytest.mark.parametrize(
    "mail", ["geen-adres", "a@b@c", "a b@example.nl", "a@example.nl\nBcc: x@example.nl", ""]
)
def test_an_address_that_could_carry_more_than_an_address_is_refused(mail: str) -> None:
    authorisation = Authorisation(organisation_id=POLICE.id, role=StaffRole.CASEMANAGER, mail_address=mail)
    with pytest.raises(errors.StaffInvalidError):
        require_authorisation(authorisation, replace(POLICE, may_receive=True))


def test_no_mail_address_is_kept_of_a_reporter() -> None:
    authorisation = Authorisation(
        organisation_id=POLICE.id, role=StaffRole.REPORTER, mail_address="w.agent@example.nl"
    )
    with pytest.raises(errors.StaffInvalidError):
        require_authorisation(authorisation, POLICE)
