"""A signal is brought by one organisation for another: both bound and authorised, both known, both answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from hub.informing.excepting import ask_exception
from hub.informing.schemas import NewSubjectNotice
from hub.informing.service import attest_notice
from hub.partners.errors import (
    CovenantInvalidError,
    KindNotAllowedError,
    MandateMissingError,
    MandatesFullError,
    ReporterNotAuthorisedError,
    RoleNotAllowedError,
)
from hub.partners.mandates import end_mandate, give_mandate, list_mandates
from hub.partners.models import OrganisationRow, StaffRow
from hub.signals.ending import erase_signals
from hub.signals.errors import SignalMissingError
from hub.signals.models import SignalRow, SignalSubmissionRow
from hub.signals.posting import prepare_post
from hub.signals.schemas import SignalIn
from hub.signals.service import (
    Outcome,
    Post,
    Receipt,
    WithdrawalReason,
    accept,
    find_submissions,
    get_own,
    get_signals,
    hand_over_open,
    list_own,
    withdraw,
)
from hub.subjects.models import RegistrationRow
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender
from tests.hub.signals.conftest import KEYS, SIGNER

PERSON = {"A": 1, "C": 1, "F": 1, "H": 1}


@pytest.fixture
def health(hub_database: Database, now: datetime) -> Sender:
    """The youth health care (GGD), which connects."""
    return builders.sender(hub_database, "youth_health", now=now)


def mandate(database: Database, school: Sender, health: Sender, now: datetime, **days: int) -> None:
    begins, ends = days.get("begins", -7), days.get("ends", 300)
    with database.work(OPERATOR, now=now) as work:
        give_mandate(
            work,
            school.partner.id,
            to=health.partner.id,
            begins=(now + timedelta(days=begins)).date(),
            ends=(now + timedelta(days=ends)).date(),
        )


def end(database: Database, school: Sender, health: Sender, now: datetime, *, on: int = 0) -> None:
    with database.work(OPERATOR, now=now) as work:
        end_mandate(work, school.partner.id, to=health.partner.id, on=(now + timedelta(days=on)).date())


def behalf(school: Sender, health: Sender, now: datetime, **changes: Any) -> Post:
    """What the youth health care posts for a reporter of the school."""
    named = {
        "reporter": str(school.reporter.id),
        "submittedBy": str(health.reporter.id),
        "onBehalfOf": str(school.partner.id),
    }
    wanted = {name: value for name, value in (named | changes).items() if value is not None}
    return builders.new_post(KEYS, PERSON, sender=health, now=now, **({"reporter": "absent"} | wanted))


def take(database: Database, now: datetime, *posts: Post) -> list[Outcome]:
    with database.work(SYSTEM, now=now) as work:
        return accept(work, posts, signer=SIGNER)


def code(outcome: Outcome) -> str:
    return "" if isinstance(outcome, Receipt) else outcome.code


def brought(database: Database, school: Sender, health: Sender, now: datetime) -> UUID:
    mandate(database, school, health, now)
    post = behalf(school, health, now)
    assert [code(one) for one in take(database, now, post)] == [""]
    return post.signal_id


def test_sig_12_it_is_a_signal_of_who_had_the_contact_and_who_brought_it_is_kept_and_logged(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    id_ = brought(hub_database, school, health, now)
    with hub_database.look(SYSTEM) as work:
        signal, submission = get_signals(work, [id_])[id_], find_submissions(work, [id_])[id_]
        owner = work.session.get_one(RegistrationRow, id_).organisation_id
        said = b" ".join(builders.audit_values(work, "subject")).decode()
    assert (signal.organisation_id, signal.reporter_id, owner) == (
        school.partner.id,
        school.reporter.id,
        school.partner.id,
    )
    assert (submission.organisation_id, submission.staff_id) == (health.partner.id, health.reporter.id)
    assert all(str(one) in said for one in (school.reporter.id, health.reporter.id, health.partner.id))


def test_sig_12_a_colleague_brings_what_another_weighed(
    hub_database: Database, school: Sender, now: datetime
) -> None:
    secretary = builders.authorise_staff(hub_database, school.partner, "partner_coordinator", now=now)
    own = replace(school, caller=builders.staff_caller(secretary))
    named = {"reporter": str(school.reporter.id), "submittedBy": str(secretary.id)}
    post = builders.new_post(KEYS, PERSON, sender=own, now=now, **named)
    silent = builders.new_post(KEYS, PERSON, sender=own, now=now)
    assert [code(one) for one in take(hub_database, now, post, silent)] == ["", "reporter_not_authorised"]
    with hub_database.look(SYSTEM) as work:
        assert get_signals(work, [post.signal_id])[post.signal_id].reporter_id == school.reporter.id
        assert find_submissions(work, [post.signal_id])[post.signal_id].staff_id == secretary.id
    with hub_database.look(own.caller, now=now) as work:
        assert [one.id for one in list_own(work, cursor=None, page_size=9)[0]] == [post.signal_id]


Change = Callable[[Sender, Sender], dict[str, Any]]
REFUSED: dict[str, tuple[Change, str]] = {
    "nobody says who brings it": (lambda s, h: {"submittedBy": None}, "reporter_not_authorised"),
    "who brings it is of the other one": (
        lambda s, h: {"submittedBy": str(s.reporter.id)},
        "reporter_not_authorised",
    ),
    "who brings it is unknown": (lambda s, h: {"submittedBy": str(uuid4())}, "reporter_not_authorised"),
    "who weighed it is of the one that posts": (
        lambda s, h: {"reporter": str(h.reporter.id)},
        "reporter_not_authorised",
    ),
    "who weighed it is unknown": (lambda s, h: {"reporter": str(uuid4())}, "reporter_not_authorised"),
    "the other one is unknown": (lambda s, h: {"onBehalfOf": str(uuid4())}, "mandate_missing"),
    "it is no other one": (lambda s, h: {"reporter": str(h.reporter.id), "onBehalfOf": None}, ""),
    "the basis is not for who had the contact": (
        lambda s, h: {"legalBasis": "NO_OBJECTION"},
        "legal_basis_missing",
    ),
}


def test_sig_12_what_is_not_of_both_is_refused(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    mandate(hub_database, school, health, now)
    posts = [behalf(school, health, now, **changes(school, health)) for changes, _ in REFUSED.values()]
    found = dict(zip(REFUSED, map(code, take(hub_database, now, *posts)), strict=True))
    assert found == {fault: refusal for fault, (_, refusal) in REFUSED.items()}


def test_sig_12_without_a_mandate_in_force_nobody_brings_anything(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    other = builders.sender(hub_database, "school", now=now)
    mandate(hub_database, school, health, now, begins=1)
    mandate(hub_database, other, health, now, begins=-300, ends=-1)
    mandate(hub_database, health, school, now)
    posts = [behalf(one, health, now) for one in (school, other)]
    assert [code(one) for one in take(hub_database, now, *posts)] == ["mandate_missing"] * 2


def test_sig_12_both_organisations_must_be_bound_and_who_brings_it_authorised(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    left = builders.sender(hub_database, "youth_health", now=now, days=(-300, -1))
    over = builders.sender(hub_database, "school", now=now, days=(-300, -1))
    for had, brings in ((school, left), (over, health)):
        mandate(hub_database, had, brings, now)
        assert code(take(hub_database, now, behalf(had, brings, now))[0]) == "covenant_not_in_force"
    mandate(hub_database, school, health, now)
    colleague = builders.authorise_staff(hub_database, health.partner, now=now)
    other = replace(health, caller=builders.staff_caller(colleague))
    assert code(take(hub_database, now, behalf(school, other, now))[0]) == "reporter_not_authorised"


def test_sig_12_an_envelope_beside_another_bringer_or_organisation_does_not_open(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    mandate(hub_database, school, health, now)
    key = uuid4()
    named = {
        "reporter": str(school.reporter.id),
        "submittedBy": str(health.reporter.id),
        "onBehalfOf": str(school.partner.id),
    }
    body = builders.signal_body(KEYS, PERSON, sender=health, key=key, now=now, **named)
    moves = ({"submittedBy": str(uuid4())}, {"onBehalfOf": str(uuid4())}, {"kind": "concern"})
    for changes in moves:
        message = SignalIn.model_validate(body | changes)
        moved = prepare_post(KEYS, health.caller, message, idempotency_key=key)
        assert type(moved.pseudonyms).__name__ == "Quarantined"
    whole = prepare_post(KEYS, health.caller, SignalIn.model_validate(body), idempotency_key=key)
    assert type(whole.pseudonyms).__name__ == "Pseudonyms"


def test_sig_12_both_see_it_attest_of_it_and_withdraw_it_and_nobody_else_does(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    id_ = brought(hub_database, school, health, now)
    stranger = builders.sender(hub_database, now=now)
    for caller in (school.caller, health.caller):
        with hub_database.look(caller, now=now) as work:
            assert get_own(work, id_).id == id_
            assert [one.id for one in list_own(work, cursor=None, page_size=9)[0]] == [id_]
    for person in (school.person, health.person):
        with hub_database.work(person, now=now) as work:
            given = now.date() - timedelta(days=1)
            notice = NewSubjectNotice(
                given_date=given, given_to=["representative", "subject"], authority_holders=2
            )
            assert attest_notice(work, id_, notice).given_on == given
    with hub_database.look(stranger.caller, now=now) as work:
        assert list_own(work, cursor=None, page_size=9)[0] == []
        with pytest.raises(SignalMissingError):
            get_own(work, id_)
    with pytest.raises(SignalMissingError), hub_database.work(stranger.caller, now=now) as work:
        withdraw(work, id_, WithdrawalReason.UNJUSTIFIED)
    with hub_database.work(health.caller, now=now) as work:
        assert withdraw(work, id_, WithdrawalReason.UNJUSTIFIED).reason is WithdrawalReason.UNJUSTIFIED


def test_sig_12_pages_of_own_and_brought_signals_are_one_list(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    mandate(hub_database, school, health, now)
    posts = []
    for minute in range(6):
        moment = now + timedelta(minutes=minute)
        post = (
            behalf(school, health, now)
            if minute % 2
            else builders.new_post(KEYS, PERSON, sender=health, now=now)
        )
        take(hub_database, moment, post)
        posts.append(post.signal_id)
    found, cursor = [], None
    while True:
        with hub_database.look(health.caller, now=now) as work:
            page, cursor = list_own(work, cursor=cursor, page_size=2)
        found += [one.id for one in page]
        if cursor is None:
            break
    assert found == posts[::-1]
    with hub_database.look(SYSTEM) as work:
        received = {one.id: one.received_at for one in work.session.scalars(select(SignalRow))}
        for one in work.session.scalars(select(SignalSubmissionRow)):
            assert one.received_at == received[one.signal_id]


def test_sig_12_who_brought_it_goes_with_the_signal_and_with_who_left(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    id_ = brought(hub_database, school, health, now)
    heir = builders.sender(hub_database, now=now)
    with hub_database.work(OPERATOR, now=now) as work:
        moved = {"to": heir.partner.id, "reporter_id": heir.reporter.id, "limit": 9}
        assert hand_over_open(work, school.partner.id, **moved) == 1
    with pytest.raises(SignalMissingError), hub_database.look(health.caller, now=now) as work:
        get_own(work, id_)
    again = behalf(school, health, now)
    take(hub_database, now, again)
    with hub_database.work(SYSTEM, now=now) as work:
        erase_signals(work, [again.signal_id])
        assert work.session.scalars(select(SignalSubmissionRow)).all() == []


def test_sig_12_a_mandate_is_of_two_that_signal_and_can_be_ended(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    team = builders.admit_partner(hub_database, "rights_desk", now=now)
    police = builders.admit_partner(hub_database, "police", now=now)
    with hub_database.work(OPERATOR, now=now) as work:
        days = {"begins": now.date(), "ends": now.date() + timedelta(days=9)}
        for had, brings in ((school.partner, team), (school.partner, police), (police, health.partner)):
            with pytest.raises(KindNotAllowedError):
                give_mandate(work, had.id, to=brings.id, **days)
        with pytest.raises(CovenantInvalidError):
            give_mandate(work, school.partner.id, to=school.partner.id, **days)
    mandate(hub_database, school, health, now)
    mandate(hub_database, school, health, now, begins=0)
    mandate(hub_database, school, health, now, begins=9)
    assert code(take(hub_database, now, behalf(school, health, now))[0]) == ""
    end(hub_database, school, health, now)
    for moment in (now, now + timedelta(days=10)):
        assert code(take(hub_database, moment, behalf(school, health, moment))[0]) == "mandate_missing"
    with hub_database.look(OPERATOR) as work:
        assert [one.ends for one in list_mandates(work)] == [now.date() - timedelta(days=1)]
    with pytest.raises(MandateMissingError):
        end(hub_database, school, health, now)
    with pytest.raises(CovenantInvalidError):
        end(hub_database, school, health, now, on=-1)


def test_sig_12_nobody_brings_for_more_others_than_is_allowed_at_a_time(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    other, today = builders.sender(hub_database, "school", now=now), now.date()
    for had, begins, fits in (
        (school, 0, True),
        (school, 9, True),
        (other, 90, True),
        (other, -50, True),
        (other, 5, False),
    ):
        days = {"begins": today + timedelta(days=begins), "ends": today + timedelta(days=begins + 20)}
        with (
            nullcontext() if fits else pytest.raises(MandatesFullError),
            hub_database.work(OPERATOR, now=now) as work,
        ):
            give_mandate(work, had.partner.id, to=health.partner.id, at_most=1, **days)


def test_sig_12_after_a_mandate_it_is_seen_by_who_brought_it_and_changed_by_who_had_the_contact(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    id_ = brought(hub_database, school, health, now)
    end(hub_database, school, health, now)
    notice = NewSubjectNotice(
        given_date=now.date() - timedelta(days=1), given_to=["representative", "subject"], authority_holders=2
    )
    with hub_database.look(health.person, now=now) as work:
        assert get_own(work, id_).id == id_
    with pytest.raises(MandateMissingError), hub_database.work(health.person, now=now) as work:
        attest_notice(work, id_, notice)
    with pytest.raises(MandateMissingError), hub_database.work(health.caller, now=now) as work:
        withdraw(work, id_, WithdrawalReason.UNJUSTIFIED)
    with hub_database.work(school.caller, now=now) as work:
        withdraw(work, id_, WithdrawalReason.UNJUSTIFIED)


def test_sig_12_tra_04_who_only_brought_it_lets_nobody_be_told_later(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    id_ = brought(hub_database, school, health, now)
    with pytest.raises(RoleNotAllowedError), hub_database.work(health.person, now=now) as work:
        ask_exception(work, id_, code="protection_of_subject")


def test_sig_12_onb_13_who_brings_it_was_trained_and_is_of_a_kind_that_still_signals(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    mandate(hub_database, school, health, now)
    for table, change, refusal in (
        (StaffRow, {"trained_on": None}, "reporter_not_trained"),
        (OrganisationRow, {"may_signal": False}, "kind_not_allowed"),
    ):
        id_ = health.reporter.id if table is StaffRow else health.partner.id
        with hub_database.work(OPERATOR, now=now) as work:
            work.session.execute(update(table).where(table.id == id_).values(**change))
        assert code(take(hub_database, now, behalf(school, health, now))[0]) == refusal


@pytest.mark.parametrize("bsn_of", ["had", "brings"])
def test_sig_12_mat_09_a_mandate_lends_no_scheme_to_either(
    hub_database: Database, now: datetime, bsn_of: str
) -> None:
    both = frozenset({"bsn", "demographic"})
    attendance = builders.sender(hub_database, "school_attendance", now=now, schemes=both)
    other = builders.sender(hub_database, "school", now=now)
    had, brings = (attendance, other) if bsn_of == "had" else (other, attendance)
    mandate(hub_database, had, brings, now)
    named = {
        "reporter": str(had.reporter.id),
        "submittedBy": str(brings.reporter.id),
        "onBehalfOf": str(had.partner.id),
    }
    with_number = builders.new_post(KEYS, PERSON | {"bsn": 1}, sender=brings, now=now, **named)
    without = builders.new_post(KEYS, PERSON, sender=brings, now=now, **named)
    found = [code(one) for one in take(hub_database, now, with_number, without)]
    assert found == ["token_type_not_allowed", ""]


def test_sig_12_who_brings_it_may_report_or_coordinate_and_sees_it_afterwards(
    hub_database: Database, now: datetime
) -> None:
    team = builders.sender(hub_database, "municipal_team", now=now)
    clerk = builders.authorise_staff(hub_database, team.partner, "desk", now=now)
    channel = builders.sender(hub_database, "citizen_channel", now=now)
    other = builders.authorise_staff(hub_database, channel.partner, now=now)
    basis = {"legalBasis": "JW_WMO_TASK"}
    outcomes = take(
        hub_database,
        now,
        builders.new_post(KEYS, PERSON, sender=team, now=now, submittedBy=str(clerk.id), **basis),
        builders.new_post(KEYS, PERSON, sender=channel, now=now, submittedBy=str(other.id), **basis),
    )
    assert [code(one) for one in outcomes] == ["reporter_not_authorised", "role_not_allowed"]


def test_sig_12_a_colleague_of_who_brought_it_attests_of_nothing(
    hub_database: Database, school: Sender, health: Sender, now: datetime
) -> None:
    id_ = brought(hub_database, school, health, now)
    colleague = builders.authorise_staff(hub_database, health.partner, now=now)
    given = now.date() - timedelta(days=1)
    notice = NewSubjectNotice(given_date=given, given_to=["representative", "subject"], authority_holders=2)
    caller = builders.staff_caller(colleague)
    with pytest.raises(ReporterNotAuthorisedError), hub_database.work(caller, now=now) as work:
        attest_notice(work, id_, notice)
