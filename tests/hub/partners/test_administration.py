"""Admitting, authorising and ending, on a database."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hub.base import Base
from hub.partners import administration, errors, staffing
from hub.partners.authentication import HubCredentials
from hub.partners.values import Admission, Partner, Registration
from service.database import Database
from service.oauth.credentials import Credential
from service.oauth.errors import InvalidKeyError
from service.work import OPERATOR, SYSTEM, Caller, Role
from tests.builders import KINDS, admit_partner, authorise_staff, register_key
from tests.oauth_client import new_key, public_jwk

PARTNER = Caller(Role.PARTNER, organisation_id=uuid4())


def events(database: Database) -> list[str]:
    with database.look(SYSTEM) as work:
        return sorted(
            json.loads(leaf)["ev"]
            for leaf in work.session.scalars(select(Base.metadata.tables["audit_event"].c.leaf))
        )


def credential(database: Database, client_id: str, now: datetime) -> Credential | None:
    with database.look(SYSTEM, now=now) as work:
        return HubCredentials().find_credential(work, client_id)


def admission(partner: Partner) -> Admission:
    return Admission(
        oin="00000099999999990000", name="Andere", kind="school",
        covenant_from=date(2026, 1, 1), covenant_until=date(2027, 1, 1), id=partner.id,
    )  # fmt: skip


def test_an_admitted_organisation_gets_what_its_kind_gets(hub_database: Database, now: datetime) -> None:
    partner = admit_partner(hub_database, "municipal_team", now=now, name="Wijkteam Noord")
    assert partner.schemes == {"bsn", "demographic"}
    assert (partner.may_signal, partner.may_receive, partner.domain) == (True, True, "municipality")
    assert events(hub_database) == [
        "covenant.signed",
        "onboarding.recorded",
        "organisation.admitted",
        "organisation.live",
    ]


def test_a_refused_admission_leaves_a_line_in_the_log_and_nothing_else(
    hub_database: Database, now: datetime
) -> None:
    with pytest.raises(errors.SchemeNotForKindError):
        admit_partner(hub_database, "school", now=now, schemes=frozenset({"bsn"}))
    with hub_database.look(OPERATOR) as work:
        assert administration.list_partners(work) == []
    assert events(hub_database) == ["authz.denied"]


def test_an_id_or_oin_is_admitted_once(hub_database: Database, now: datetime) -> None:
    partner = admit_partner(hub_database, now=now)
    with pytest.raises(errors.PartnerTakenError), hub_database.work(OPERATOR, now=now) as work:
        administration.admit(work, admission(partner), kinds=KINDS)


def test_an_unknown_kind_is_not_admitted(hub_database: Database, now: datetime) -> None:
    with pytest.raises(errors.KindUnknownError):
        admit_partner(hub_database, "sports_club", now=now)


def test_a_second_covenant_extends_the_first(hub_database: Database, now: datetime) -> None:
    partner = admit_partner(hub_database, now=now, days=(-100, 10))
    later = (now + timedelta(days=11)).date(), (now + timedelta(days=400)).date()
    with hub_database.work(OPERATOR, now=now) as work:
        partner = administration.sign_covenant(work, partner.id, begins=later[0], ends=later[1])
        assert partner.covenant_until == (now + timedelta(days=10)).date()
    with hub_database.look(OPERATOR, now=now + timedelta(days=11)) as work:
        [partner] = administration.list_partners(work)
    assert (partner.covenant_from, partner.covenant_until) == later


def test_two_covenants_cannot_begin_on_one_day_nor_end_before_they_begin(
    hub_database: Database, now: datetime
) -> None:
    partner = admit_partner(hub_database, now=now)
    assert partner.covenant_from is not None
    with pytest.raises(errors.CovenantTakenError), hub_database.work(OPERATOR, now=now) as work:
        administration.sign_covenant(work, partner.id, begins=partner.covenant_from, ends=date(2030, 1, 1))
    with pytest.raises(errors.CovenantInvalidError), hub_database.work(OPERATOR, now=now) as work:
        administration.sign_covenant(work, partner.id, begins=date(2030, 1, 2), ends=date(2030, 1, 1))


def test_nobody_but_the_operator_changes_the_directory(hub_database: Database, now: datetime) -> None:
    partner = admit_partner(hub_database, now=now)
    acts = [
        lambda work: administration.admit(work, admission(partner), kinds=KINDS),
        lambda work: administration.sign_covenant(
            work, partner.id, begins=date(2026, 1, 2), ends=date(2027, 1, 1)
        ),
        lambda work: administration.end_organisation(work, partner.id),
        administration.list_partners,
        lambda work: staffing.end_staff(work, uuid4()),
        lambda work: staffing.disable_credential(work, "school-1"),
    ]
    for act in acts:
        with pytest.raises(errors.RoleNotAllowedError), hub_database.work(PARTNER, now=now) as work:
            act(work)


def test_a_key_of_an_organisation_is_found_while_it_is_in_force(
    hub_database: Database, now: datetime
) -> None:
    partner = admit_partner(hub_database, now=now)
    client_id, key = register_key(hub_database, partner, now=now)
    found = credential(hub_database, client_id, now)
    assert found == Credential(client_id, public_jwk(key), partner.id, None, Role.PARTNER)
    assert credential(hub_database, "unknown-1", now) is None


def test_a_disabled_key_is_not_found_and_its_name_is_never_used_again(
    hub_database: Database, now: datetime
) -> None:
    partner = admit_partner(hub_database, now=now)
    client_id, _ = register_key(hub_database, partner, now=now)
    for _twice in range(2):
        with hub_database.work(OPERATOR, now=now) as work:
            staffing.disable_credential(work, client_id)
    assert credential(hub_database, client_id, now) is None
    assert events(hub_database).count("credential.disabled") == 1
    again = Registration(client_id=client_id, public_jwk=public_jwk(new_key()), organisation_id=partner.id)
    with pytest.raises(errors.CredentialTakenError), hub_database.work(OPERATOR, now=now) as work:
        staffing.register_credential(work, again)


def test_a_key_is_registered_once_under_whatever_name(hub_database: Database, now: datetime) -> None:
    partner, other = admit_partner(hub_database, now=now), admit_partner(hub_database, now=now)
    _, key = register_key(hub_database, partner, now=now)
    again = Registration(client_id="other-1", public_jwk=public_jwk(key), organisation_id=other.id)
    with pytest.raises(errors.CredentialTakenError), hub_database.work(OPERATOR, now=now) as work:
        staffing.register_credential(work, again)


def test_ending_a_member_of_staff_stops_their_key_on_that_day(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    staff = authorise_staff(hub_database, team, "casemanager", now=now, mail="a.b@noord.example")
    client_id, _ = register_key(hub_database, team, now=now, staff=staff)
    found = credential(hub_database, client_id, now)
    assert found is not None
    assert (found.role, found.staff_id) == (Role.STAFF, staff.id)
    with hub_database.work(OPERATOR, now=now) as work:
        assert staffing.end_staff(work, staff.id, on=date(2026, 11, 20)).active_until == date(2026, 11, 20)
    assert credential(hub_database, client_id, now) is not None
    assert credential(hub_database, client_id, datetime(2026, 11, 19, 23, 30, tzinfo=UTC)) is None


def test_ending_an_organisation_stops_every_key_of_it(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    staff = authorise_staff(hub_database, team, "desk", now=now)
    clients = [register_key(hub_database, team, now=now, staff=one)[0] for one in (None, staff)]
    for _twice in range(2):
        with hub_database.work(OPERATOR, now=now) as work:
            assert administration.end_organisation(work, team.id).state == "ended"
    assert [credential(hub_database, client, now) for client in clients] == [None, None]
    assert events(hub_database).count("organisation.ended") == 1


def test_a_key_cannot_be_given_to_another_organisations_staff(hub_database: Database, now: datetime) -> None:
    mine, theirs = admit_partner(hub_database, now=now), admit_partner(hub_database, now=now)
    staff = authorise_staff(hub_database, theirs, now=now)
    with pytest.raises(errors.StaffMissingError):
        register_key(hub_database, mine, now=now, staff=staff)


def test_a_private_key_is_not_taken(hub_database: Database, now: datetime) -> None:
    partner = admit_partner(hub_database, now=now)
    private = Registration(
        client_id="police-x", public_jwk=new_key().as_dict(private=True), organisation_id=partner.id
    )
    with pytest.raises(InvalidKeyError), hub_database.work(OPERATOR, now=now) as work:
        staffing.register_credential(work, private)


@pytest.mark.parametrize("client_id", ["", "ab", "Police", "-police", "a" * 64, "police 1", "police\n"])
def test_a_client_id_has_its_agreed_form(hub_database: Database, now: datetime, client_id: str) -> None:
    partner = admit_partner(hub_database, now=now)
    wrong = Registration(client_id=client_id, public_jwk=public_jwk(new_key()), organisation_id=partner.id)
    with pytest.raises(errors.CredentialInvalidError), hub_database.work(OPERATOR, now=now) as work:
        staffing.register_credential(work, wrong)


def test_what_is_not_there_is_said_to_be_missing(hub_database: Database, now: datetime) -> None:
    partner = admit_partner(hub_database, now=now)
    with hub_database.work(OPERATOR, now=now) as work:
        with pytest.raises(errors.StaffMissingError):
            staffing.end_staff(work, partner.id)
        with pytest.raises(errors.CredentialMissingError):
            staffing.disable_credential(work, "unknown-1")
        with pytest.raises(errors.PartnerMissingError):
            administration.end_organisation(work, uuid4())


def test_every_act_leaves_one_line_in_the_log(hub_database: Database, now: datetime) -> None:
    team = admit_partner(hub_database, "municipal_team", now=now)
    staff = authorise_staff(hub_database, team, "casemanager", now=now)
    client_id, _ = register_key(hub_database, team, now=now, staff=staff)
    with hub_database.work(OPERATOR, now=now) as work:
        staffing.disable_credential(work, client_id)
        staffing.end_staff(work, staff.id)
    assert events(hub_database) == [
        "covenant.signed",
        "credential.disabled",
        "credential.registered",
        "onboarding.recorded",
        "organisation.admitted",
        "organisation.live",
        "staff.authorised",
        "staff.ended",
    ]
