"""Who records a consent, for whom exactly, and how it lapses by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from hub.consent import service
from hub.consent.errors import ConsentIncompleteError, NotOwnError
from hub.consent.facts import Fact, Purpose
from hub.consent.recording import RecordedFact
from hub.consent.remembering import list_said
from hub.consent.schemas import NewConsent
from hub.partners.errors import RoleNotAllowedError
from service.work import SYSTEM, Caller, Role
from tests import builders
from tests.hub.consent.conftest import PERSON, TWIN, Desk

HOLDERS = {"authorityAttested": True, "authorityHolders": 2, "holdersConsented": 2}
YOUNG = {"bracket": "12-15", "bracketEnds": "2028-Q3"}


def at_housing(desk: Desk, role: str = "reporter") -> Desk:
    """The same acts, by a member of staff of the housing association."""
    staff = builders.authorise_staff(desk.database, desk.housing, role, now=desk.now)
    caller = Caller(Role.STAFF, organisation_id=desk.housing.id, staff_id=staff.id, credential_id="h-1")
    return replace(desk, caller=caller, team=desk.housing)


def own(desk: Desk) -> dict[str, object]:
    return {"organisations": [str(desk.housing.id)], "partnerKinds": ["housing_association"]}


@pytest.mark.parametrize("role", ["reporter", "partner_coordinator"])
def test_a_partner_records_and_withdraws_a_consent_about_its_own_signals(desk: Desk, role: str) -> None:
    partner = at_housing(desk, role)
    signal, case = desk.signal(), desk.case()
    consent = partner.record_consent(**own(desk))
    assert desk.decide(signal, case).allowed
    with desk.database.work(partner.caller, now=desk.now) as work:
        assert service.withdraw_consent(work, consent.id).state == "withdrawn"
    assert desk.decide(signal, case).reasons[0].fact is Fact.CONSENT_MISSING


@pytest.mark.parametrize(
    "changes",
    [
        {"organisations": []},
        {"partnerKinds": ["*"]},
        {"partnerKinds": ["school"]},
        {"partnerKinds": ["housing_association", "school"]},
    ],
)
def test_a_partner_records_for_itself_only(desk: Desk, changes: dict[str, object]) -> None:
    with pytest.raises(NotOwnError):
        at_housing(desk).record_consent(**{**own(desk), **changes})
    with pytest.raises(NotOwnError):
        at_housing(desk).record_consent(**{**own(desk), "organisations": [str(desk.team.id)]})


def test_a_partner_objects_for_a_tenant_in_its_own_scope_only(desk: Desk) -> None:
    signal, case = desk.signal(legal_basis="NO_OBJECTION"), desk.case()
    partner = at_housing(desk)
    with pytest.raises(NotOwnError):
        partner.record_objection(scope="all")
    partner.record_objection(scope=["housing_association"])
    assert desk.decide(signal, case).reasons[0].fact is Fact.OBJECTION_PENDING


def test_an_organisation_without_own_signals_here_records_nothing(desk: Desk) -> None:
    staff = builders.authorise_staff(desk.database, desk.team, "reporter", now=desk.now)
    with pytest.raises(RoleNotAllowedError):
        replace(desk, caller=replace(desk.caller, staff_id=staff.id)).record_consent()


def test_con_03_a_consent_for_one_organisation_opens_nothing_for_its_neighbour(desk: Desk) -> None:
    other = builders.admit_partner(desk.database, "housing_association", now=desk.now)
    signal, case = desk.signal(), desk.case()
    desk.record_consent(organisations=[str(other.id)])
    assert not desk.decide(signal, case).allowed
    desk.record_consent(organisations=[str(other.id), str(desk.housing.id)])
    assert desk.decide(signal, case).allowed


def test_con_03_an_organisation_that_nobody_knows_is_no_organisation(desk: Desk) -> None:
    with pytest.raises(ConsentIncompleteError) as refusal:
        desk.record_consent(organisations=[str(uuid4()), str(desk.housing.id)])
    assert refusal.value.places == ("/organisations",)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({**YOUNG, "givenBy": "both", **HOLDERS, "authorityHolders": 0}, "/authorityHolders"),
        ({**YOUNG, "givenBy": "both", **HOLDERS, "holdersConsented": 3}, "/holdersConsented"),
        ({**YOUNG, "givenBy": "both", **HOLDERS, "holdersConsented": 0}, "/holdersConsented"),
        ({**YOUNG, "givenBy": "subject", "authorityHolders": 1}, "/authorityHolders"),
        ({"exception": "serious_harm"}, "/exception"),
        ({"exception": "youth_persists", "kind": "help_agreement"}, "/exception"),
    ],
)
def test_con_07_con_08_a_consent_that_contradicts_itself_is_refused(
    desk: Desk, changes: dict[str, object], place: str
) -> None:
    with pytest.raises(ConsentIncompleteError) as refused:
        desk.record_consent(**changes)
    assert place in refused.value.places


def test_con_07_with_joint_authority_each_holder_must_have_consented(desk: Desk) -> None:
    school = builders.admit_partner(desk.database, "school", now=desk.now)
    facts = {"organisation_id": school.id, "partner_kind": "school", "bracket": "12-15"}
    signal, case = desk.signal(**facts, bracket_ends="2028-Q3"), desk.case()
    both = {**YOUNG, "givenBy": "both", "partnerKinds": ["school"], **HOLDERS}
    desk.record_consent(**{**both, "holdersConsented": 1})
    assert desk.decide(signal, case).reasons[0].fact is Fact.CONSENT_MISSING
    desk.record_consent(**both)
    assert desk.decide(signal, case).allowed


@pytest.mark.parametrize("exception", ["youth_persists", "serious_harm"])
def test_con_08_help_may_go_without_a_representative_and_opens_no_disclosure(
    desk: Desk, exception: str
) -> None:
    school = builders.admit_partner(desk.database, "school", now=desk.now)
    facts = {"organisation_id": school.id, "partner_kind": "school", "bracket": "12-15"}
    signal, case = desk.signal(**facts, bracket_ends="2028-Q3"), desk.case()
    desk.record_consent(
        **YOUNG, kind="help_agreement", givenBy="subject", exception=exception, partnerKinds=["*"]
    )
    assert desk.decide(signal, case).reasons[0].fact is Fact.CONSENT_MISSING


def lapse(desk: Desk, *, days: int) -> int:
    with desk.database.work(SYSTEM, now=desk.now + timedelta(days=days)) as work:
        return service.lapse_due(work, limit=10)


def test_con_09_a_consent_lapses_with_its_period_and_has_the_worker_look_again(desk: Desk) -> None:
    until = (desk.now.date() + timedelta(days=10)).isoformat()
    signal, case = desk.signal(), desk.case()
    desk.record_consent(validUntilDate=until)
    desk.record_consent(TWIN)
    desk.queued()
    assert lapse(desk, days=10) == 0
    assert desk.queued() == set()
    later = replace(desk, now=desk.now + timedelta(days=10))
    assert later.decide(signal, case).allowed
    assert lapse(desk, days=11) == 1
    assert {signal.id, case.id} <= desk.queued()
    assert lapse(desk, days=11) == 0
    later = replace(desk, now=desk.now + timedelta(days=11))
    assert later.decide(signal, case).reasons[0].fact is Fact.CONSENT_MISSING


def test_con_09_a_consent_lapses_with_its_age_bracket(desk: Desk) -> None:
    desk.record_consent(**YOUNG, givenBy="both", partnerKinds=["school"], **HOLDERS,
                        validUntilDate="2031-01-01")  # fmt: skip
    days = (desk.now.replace(year=2028, month=9, day=30) - desk.now).days
    assert [lapse(desk, days=days + more) for more in (0, 1, 2)] == [0, 1, 0]


def test_a_withdrawn_consent_does_not_lapse_as_well(desk: Desk) -> None:
    consent = desk.record_consent(PERSON)
    with desk.database.work(desk.caller, now=desk.now) as work:
        service.withdraw_consent(work, consent.id)
    with desk.database.work(SYSTEM, now=desk.now) as work:
        assert service.lapse_due(work, limit=10) == 1
    assert lapse(desk, days=800) == 0
    assert b"consent.lapsed" not in b"".join(desk.leaves())


def test_con_09_a_consent_that_is_over_is_called_lapsed_whether_or_not_the_worker_came_by(
    desk: Desk,
) -> None:
    key, until = uuid4(), (desk.now.date() + timedelta(days=10)).isoformat()
    body = builders.consent_body(
        desk.keys, PERSON, organisation_id=desk.team.id, key=key, now=desk.now, validUntilDate=until
    )
    message = NewConsent.model_validate(body)

    def record(days: int) -> RecordedFact:
        with desk.database.work(desk.caller, now=desk.now + timedelta(days=days)) as work:
            return service.record_consent(work, desk.keys, message, idempotency_key=key, quota_per_day=9)

    consent = record(0)
    assert [record(days).state for days in (0, 10, 11)] == ["active", "active", "lapsed"]
    assert lapse(desk, days=11) == 1
    with desk.database.look(SYSTEM) as work:
        assert list_said(work, [consent.id])[0].ended_at is not None


WAY_BACK: dict[str, object] = {"purpose": "sender_feedback"}


def test_con_02_no_partner_opens_the_way_back_to_itself_alone(desk: Desk) -> None:
    partner = at_housing(desk)
    partner.record_consent(**own(desk), **WAY_BACK)
    with pytest.raises(NotOwnError) as refused:
        partner.record_consent(**own(desk), **WAY_BACK, kind="secrecy_waiver")
    assert refused.value.places == ("/kind",)
    partner.record_consent(**own(desk), kind="secrecy_waiver")
    signal, case = desk.signal(), desk.case()
    asked = {"recipient_kind": "housing_association", "purpose": Purpose.SENDER_FEEDBACK}
    assert desk.decide(signal, case, **asked).reasons[0].fact is Fact.CONSENT_MISSING
    desk.record_consent(**own(desk), **WAY_BACK, kind="secrecy_waiver")
    assert desk.decide(signal, case, **asked).allowed
