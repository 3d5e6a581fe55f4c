"""An objection stops at once, and a rights officer decides what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.consent import service
from hub.consent.errors import ObjectionDecidedError, ObjectionMissingError
from hub.consent.facts import Fact, ObjectionState
from hub.consent.schemas import NewObjection
from hub.partners.errors import RoleNotAllowedError
from hub.partners.roles import Grant, grant_role
from hub.partners.values import StaffRole
from service.work import OPERATOR, Caller
from tests import builders
from tests.hub.consent.conftest import PERSON, Desk


@pytest.fixture
def officer(desk: Desk) -> Caller:
    """A rights officer of the municipality."""
    staff = builders.authorise_staff(desk.database, desk.team, "rights_officer", now=desk.now, contact=None)
    return replace(desk.caller, staff_id=staff.id)


def decide(desk: Desk, caller: Caller, id_: object, outcome: str) -> str:
    with desk.database.work(caller, now=desk.now) as work:
        return service.decide_objection(work, id_, ObjectionState(outcome)).state  # type: ignore[arg-type]


def denials(desk: Desk, signal: object, case: object) -> set[Fact]:
    decision = desk.decide(signal, case)  # type: ignore[arg-type]
    return set() if decision.allowed else {reason.fact for reason in decision.reasons}


def test_con_12_an_objection_stops_at_once_and_goes_on_stopping_when_upheld(
    desk: Desk, officer: Caller
) -> None:
    signal, case = desk.signal(legal_basis="NO_OBJECTION"), desk.case()
    objection = desk.record_objection()
    assert denials(desk, signal, case) == {Fact.OBJECTION_PENDING}
    assert decide(desk, officer, objection.id, "upheld") == "upheld"
    assert denials(desk, signal, case) == {Fact.OBJECTION}
    assert decide(desk, officer, objection.id, "upheld") == "upheld"
    with pytest.raises(ObjectionDecidedError):
        decide(desk, officer, objection.id, "rejected")


def test_con_12_a_rejected_objection_stops_nothing_and_the_worker_looks_again(
    desk: Desk, officer: Caller
) -> None:
    signal, case = desk.signal(legal_basis="NO_OBJECTION"), desk.case()
    objection = desk.record_objection()
    desk.queued()
    assert decide(desk, officer, objection.id, "rejected") == "rejected"
    assert desk.queued() == {objection.id}
    assert {signal.id, case.id} <= desk.settled()
    assert denials(desk, signal, case) == set()


def test_con_12_a_restriction_freezes_everything_whatever_its_scope(desk: Desk, officer: Caller) -> None:
    school = builders.admit_partner(desk.database, "school", now=desk.now)
    signal = desk.signal(
        organisation_id=school.id, partner_kind="school", legal_basis="JW_7_1_4_1", bracket="12-15",
        bracket_ends="2028-Q3",
    )  # fmt: skip
    case, key = desk.case(), builders.uuid4()
    part = {"kind": "restriction", "scope": ["police"], "tokenTypes": sorted(PERSON)}
    body = builders._sealed_body(desk.keys, part, PERSON, organisation_id=desk.team.id, key=key)
    with desk.database.work(desk.caller, now=desk.now) as work:
        message = NewObjection.model_validate(body)
        restriction = service.record_objection(work, desk.keys, message, idempotency_key=key, quota_per_day=9)
    assert denials(desk, signal, case) == {Fact.RESTRICTED}
    assert decide(desk, officer, restriction.id, "upheld") == "upheld"
    assert denials(desk, signal, case) == {Fact.RESTRICTED}


def test_only_a_rights_officer_sees_what_waits_and_decides(desk: Desk, officer: Caller) -> None:
    first, second = desk.record_objection(), desk.record_objection(scope=["police"])
    with pytest.raises(RoleNotAllowedError):
        decide(desk, desk.caller, first.id, "rejected")
    with pytest.raises(ObjectionMissingError):
        decide(desk, officer, builders.uuid4(), "rejected")
    decide(desk, officer, first.id, "rejected")
    with desk.database.look(officer, now=desk.now) as work:
        (waiting,) = service.list_pending(work)
    assert (waiting.id, waiting.scope, waiting.kind) == (second.id, ("police",), "objection")


def test_what_was_taken_back_is_not_decided_upon(desk: Desk, officer: Caller) -> None:
    objection = desk.record_objection()
    with desk.database.work(desk.caller, now=desk.now) as work:
        service.lift_objection(work, objection.id)
    with pytest.raises(ObjectionDecidedError):
        decide(desk, officer, objection.id, "upheld")


def test_con_12_nobody_lifts_what_was_upheld_against_them(desk: Desk, officer: Caller) -> None:
    objection = desk.record_objection()
    decide(desk, officer, objection.id, "upheld")
    with pytest.raises(ObjectionDecidedError), desk.database.work(desk.caller, now=desk.now) as work:
        service.lift_objection(work, objection.id)


def test_con_12_who_recorded_an_objection_does_not_decide_on_it(desk: Desk) -> None:
    staff = builders.authorise_staff(desk.database, desk.team, "desk", now=desk.now, contact=None)
    with desk.database.work(OPERATOR, now=desk.now) as work:
        grant_role(work, Grant(staff_id=staff.id, role=StaffRole.RIGHTS_OFFICER))
    own = replace(desk, caller=replace(desk.caller, staff_id=staff.id))
    objection = own.record_objection()
    with pytest.raises(RoleNotAllowedError):
        decide(own, own.caller, objection.id, "rejected")
