"""A change takes effect on the word of two persons and never on that of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.base import Base
from hub.changes import service
from hub.changes.errors import ChangeDecidedError, ChangeMissingError, ChangeReasonError, SamePersonError
from hub.changes.kinds import RULES, ChangeKind, RejectionReason
from hub.changes.models import ChangeRow
from hub.changes.values import ChangeState
from hub.partners.errors import RoleNotAllowedError
from service.work import SYSTEM, Role
from tests import builders
from tests.hub.changes.conftest import Office


def codes(office: Office) -> set[bytes]:
    with office.database.look(SYSTEM) as work:
        leaves = work.session.scalars(select(Base.metadata.tables["audit_event"].c.leaf)).all()
    known = (b"change.proposed", b"change.approved", b"change.rejected", b"change.expired", b"authz.denied")
    return {code for leaf in leaves for code in known if code in leaf}


def test_a_change_takes_effect_when_a_second_person_approves_it(office: Office) -> None:
    change = office.propose()
    assert office.done == []
    approved = office.approve(change)
    assert approved.state is ChangeState.APPROVED
    assert approved.decided_by == office.officer.id
    assert office.done == [change.id]
    assert approved.payload == {"name": "new", "level": 2}
    assert codes(office) == {b"change.proposed", b"change.approved"}


def test_con_11_nobody_approves_what_they_proposed(office: Office) -> None:
    change = office.propose(office.officer)
    with pytest.raises(SamePersonError):
        office.approve(change, office.officer)
    assert office.done == []
    assert b"authz.denied" in codes(office)
    assert office.approve(change, office.colleague).state is ChangeState.APPROVED


def test_a_change_is_approved_once(office: Office) -> None:
    change = office.propose()
    office.approve(change)
    with pytest.raises(ChangeDecidedError):
        office.approve(change, office.colleague)
    assert office.done == [change.id]


def test_con_11_a_change_without_a_second_person_expires(office: Office) -> None:
    change, lasts = office.propose(), RULES[ChangeKind.POLICY_SET].lasts
    with pytest.raises(ChangeDecidedError):
        office.approve(change, after=lasts)
    for expected in (1, 0):
        with office.database.work(SYSTEM, now=office.now + lasts) as work:
            assert service.expire_due(work) == expected
    assert codes(office) == {b"change.proposed", b"change.expired"}
    with pytest.raises(ChangeDecidedError):
        office.approve(change)
    assert office.done == []


def test_a_change_still_stands_just_before_it_expires(office: Office) -> None:
    almost = RULES[ChangeKind.POLICY_SET].lasts - timedelta(seconds=1)
    change = office.propose()
    with office.database.work(SYSTEM, now=office.now + almost) as work:
        assert service.expire_due(work) == 0
    assert office.approve(change, after=almost).state is ChangeState.APPROVED


def test_a_rejected_change_never_takes_effect(office: Office) -> None:
    change = office.propose()
    with office.database.work(builders.staff_caller(office.officer), now=office.now) as work:
        assert (
            service.reject(work, change.id, reason=RejectionReason.NOT_LAWFUL).state is ChangeState.REJECTED
        )
    with pytest.raises(ChangeDecidedError):
        office.approve(change, office.colleague)
    assert office.done == []


@pytest.mark.parametrize(
    ("own", "reason"), [(True, RejectionReason.NOT_NEEDED), (False, RejectionReason.TAKEN_BACK)]
)
def test_taking_back_is_the_proposers_and_only_that(
    office: Office, own: bool, reason: RejectionReason
) -> None:
    change = office.propose()
    caller = builders.staff_caller(office.proposer if own else office.officer)
    with pytest.raises(ChangeReasonError), office.database.work(caller, now=office.now) as work:
        service.reject(work, change.id, reason=reason)


def test_a_proposer_takes_a_change_back(office: Office) -> None:
    change = office.propose()
    with office.database.work(builders.staff_caller(office.proposer), now=office.now) as work:
        taken = service.reject(work, change.id, reason=RejectionReason.TAKEN_BACK)
    assert taken.state is ChangeState.REJECTED
    assert codes(office) == {b"change.proposed", b"change.rejected"}


def test_whoever_has_no_part_in_it_neither_proposes_nor_approves_nor_reads(office: Office) -> None:
    with pytest.raises(RoleNotAllowedError):
        office.propose(office.stranger)
    change = office.propose()
    with pytest.raises(RoleNotAllowedError):
        office.approve(change, office.stranger)
    with (
        pytest.raises((RoleNotAllowedError, ChangeMissingError)),
        office.database.look(builders.staff_caller(office.stranger), now=office.now) as work,
    ):
        service.get_change(work, change.id)


def test_a_command_line_is_never_the_second_person(office: Office) -> None:
    change = office.propose()
    caller = replace(builders.staff_caller(office.officer), role=Role.OPERATOR)
    with pytest.raises(RoleNotAllowedError), office.database.work(caller, now=office.now) as work:
        service.approve(work, change.id, effects={ChangeKind.POLICY_SET: office.apply})


def test_what_waits_is_listed_to_those_who_have_a_part_in_it(office: Office) -> None:
    changes = [office.propose() for _ in range(2)]
    office.approve(changes[0])
    with office.database.look(builders.staff_caller(office.colleague), now=office.now) as work:
        assert [one.id for one in service.list_open(work)] == [changes[1].id]
        assert service.get_change(work, changes[0].id).state is ChangeState.APPROVED
    with (
        pytest.raises(ChangeMissingError),
        office.database.look(builders.staff_caller(office.colleague), now=office.now) as work,
    ):
        service.get_change(work, office.officer.id)


def test_a_reason_that_does_not_belong_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = replace(RULES[ChangeKind.POLICY_SET], reasons=frozenset())
    monkeypatch.setitem(RULES, ChangeKind.POLICY_SET, rule)  # type: ignore[arg-type]
    with pytest.raises(ChangeReasonError):
        office.propose()


def test_an_effect_that_fails_leaves_the_change_open(office: Office) -> None:
    change = office.propose()
    caller = builders.staff_caller(office.officer)

    def fail(_work: object, _change: object) -> None:
        raise ChangeMissingError

    with pytest.raises(ChangeMissingError), office.database.work(caller, now=office.now) as work:
        service.approve(work, change.id, effects={ChangeKind.POLICY_SET: fail})
    with office.database.look(caller, now=office.now) as work:
        row = work.session.get(ChangeRow, change.id)
        assert row is not None
        assert row.state == ChangeState.OPEN
