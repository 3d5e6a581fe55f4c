"""Each pattern of probing is told to the privacy officer once, and says nothing of a citizen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hub.alarms import honey, policy, service
from hub.alarms.errors import AlarmClosedError, AlarmMissingError
from hub.alarms.reconciling import NOBODY, reconcile_due
from hub.alarms.schemas import NewHoneyToken
from hub.alarms.values import Alarm, AlarmCode, AlarmState, ClosedBecause, Found
from hub.audit import witnessed
from hub.audit.lines import index_lines
from hub.audit.reading import ReadingPurpose, record_reading, record_verification
from hub.audit.service import sequence_events
from hub.audit.witnessed import recompute
from hub.matches.service import acknowledge
from hub.notices.delivery import deliver_due
from hub.notices.models import MailRow
from hub.notices.service import NoticeState
from hub.notices.store import put_mails
from hub.partners.errors import RoleNotAllowedError
from hub.partners.mandates import give_mandate
from hub.partners.values import Staff
from hub.subjects.models import EvaluationHourRow
from ledger.note import Signer
from service.database import Database
from service.errors import UnavailableError
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender, Town, everything, staff_caller
from tests.hub.audit.test_service import force

SIGNER = Signer.from_seed("hub.test/audit", bytes(32))


@dataclass(frozen=True)
class Watch:
    """A town, its privacy officer, and a school that may probe."""

    town: Town
    officer: Staff
    school: Sender

    def later(self, **time: float) -> Watch:
        """The same at a later moment."""
        return replace(self, town=self.town.later(**time))

    def look(self, *, verified: bool = True) -> int:
        """Let the worker look, on a day on which it recomputed the log; returns how many alarms are new."""
        if verified:
            with self.town.database.work(SYSTEM, now=self.town.now) as work:
                record_verification(work, findings=[], events=0)
        with self.town.database.work(SYSTEM, now=self.town.now) as work:
            sequence_events(work, SIGNER)
        with self.town.database.work(SYSTEM, now=self.town.now) as work:
            index_lines(work, limit=10_000)
            return service.raise_due(work)

    def alarms(self, **facts: Any) -> list[Alarm]:
        """Read them as the privacy officer."""
        with self.town.database.work(staff_caller(self.officer), now=self.town.now) as work:
            return service.list_alarms(work, **facts)

    def mails(self) -> list[UUID]:
        """Who is told that there is something."""
        with self.town.database.look(SYSTEM) as work:
            return list(work.session.scalars(select(MailRow.recipient)))

    def seed(self, person: str, *, by: Staff | None = None, key: UUID | None = None) -> UUID:
        """Register somebody who does not exist."""
        key, tokens = key or uuid4(), everything(person)
        body = builders.honey_body(self.town.keys, tokens, organisation_id=self.town.team.id, key=key)
        message = NewHoneyToken.model_validate(body)
        with self.town.database.work(staff_caller(by or self.officer), now=self.town.now) as work:
            return honey.seed(work, self.town.keys, message, idempotency_key=key)


@pytest.fixture
def watch(hub_database: Database, now: datetime) -> Watch:
    """A quiet town."""
    town = builders.town(hub_database, now=now)
    officer = builders.authorise_staff(
        hub_database, town.team, "privacy_officer", now=now, mail="fg@town.example"
    )
    return Watch(town, officer, builders.sender(hub_database, "school", now=now))


def test_nothing_is_told_of_a_quiet_town(watch: Watch) -> None:
    watch.town.signal(watch.school, everything("mila"))
    watch.town.case(watch.town.anna, everything("mila"))
    assert watch.look() == 0
    assert watch.mails() == []


@pytest.mark.parametrize("reason", ["reason_gone", "unjustified"])
def test_posting_and_taking_back_is_probing_and_is_told_once(watch: Watch, reason: str) -> None:
    for number in range(policy.PROBES):
        assert watch.look() == 0
        watch.town.withdraw(watch.school, watch.town.signal(watch.school, everything(number)), reason)
    assert (watch.look(), watch.look()) == (1, 0)
    [alarm] = watch.alarms()
    assert (alarm.code, alarm.staff_id) == (AlarmCode.PROBING, watch.school.reporter.id)
    assert (alarm.measured, alarm.allowed) == (policy.PROBES, policy.PROBES)
    assert watch.mails() == [watch.officer.id]


@dataclass(frozen=True)
class Bringing:
    """The youth health care, that may bring signals for the school."""

    health: Sender
    named: dict[str, str]

    @property
    def who(self) -> tuple[UUID, UUID | None]:
        """Who an alarm is about."""
        return (self.health.partner.id, self.health.reporter.id)


@pytest.fixture
def bringing(watch: Watch) -> Bringing:
    """On a mandate."""
    now, school = watch.town.now, watch.school
    health = builders.sender(watch.town.database, "youth_health", now=now)
    with watch.town.database.work(OPERATOR, now=now) as work:
        days = {"begins": now.date(), "ends": now.date() + timedelta(days=9)}
        give_mandate(work, school.partner.id, to=health.partner.id, **days)
    named = {
        "reporter": school.reporter.id,
        "onBehalfOf": school.partner.id,
        "submittedBy": health.reporter.id,
    }
    return Bringing(health, {field: str(id_) for field, id_ in named.items()})


def test_sig_12_who_probes_in_the_name_of_another_is_accused_and_not_that_other(
    watch: Watch, bringing: Bringing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "POSTS_AN_HOUR", 1)
    monkeypatch.setattr(policy, "PROBES", 2)
    watch.seed("nobody")
    for _ in range(2):
        posted = watch.town.signal(bringing.health, everything("nobody"), **bringing.named)
        watch.town.withdraw(bringing.health, posted)
    watch.look()
    found = [(one.code, one.organisation_id, one.staff_id) for one in watch.alarms()]
    codes = [AlarmCode.BURST, AlarmCode.HONEY_TOKEN, AlarmCode.HONEY_TOKEN, AlarmCode.PROBING]
    assert sorted(found) == [(code, *bringing.who) for code in sorted(codes)]


def test_what_is_taken_back_later_is_no_probe(watch: Watch) -> None:
    ids = [watch.town.signal(watch.school, everything(number)) for number in range(policy.PROBES)]
    watch = watch.later(days=2)
    for id_ in ids:
        watch.town.withdraw(watch.school, id_)
    assert watch.look() == 0


def test_cases_on_which_no_work_follows_are_told(watch: Watch) -> None:
    for number in range(policy.IDLE):
        watch.town.close(watch.town.anna, watch.town.case(watch.town.anna, everything(number)))
    assert watch.look() == 1
    [alarm] = watch.alarms()
    assert (alarm.code, alarm.staff_id) == (AlarmCode.IDLE_CASES, watch.town.anna.id)


@pytest.mark.parametrize(("taken_up", "told"), [(0, 1), (1, 0)])
def test_cases_of_which_nobody_takes_up_a_match_are_told(watch: Watch, taken_up: int, told: int) -> None:
    town = watch.town
    for number in range(policy.IDLE):
        town.case(town.anna, everything(number))
        town.signal(watch.school, everything(number))
    town.match()
    for item in town.inbox(town.anna)[:taken_up]:
        with town.database.work(staff_caller(town.anna), now=town.now) as work:
            acknowledge(work, item.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    assert watch.later(days=29).look() == 0
    assert watch.later(days=31).look() == told


def test_more_than_a_reporter_can_do_in_an_hour_is_told(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "POSTS_AN_HOUR", 3)
    for number in range(4):
        watch.town.signal(watch.school, everything(number))
    assert watch.look() == 1
    assert watch.alarms()[0].code is AlarmCode.BURST
    assert watch.later(hours=2).look() == 0


def test_sig_06_more_than_fits_a_caseload_is_told(watch: Watch) -> None:
    with watch.town.database.work(OPERATOR, now=watch.town.now) as work:
        service.declare_caseload(work, watch.school.partner.id, 1)
    for number in range(3):
        assert watch.look() == 0
        watch.town.signal(watch.school, everything(number))
    assert watch.look() == 1
    [alarm] = watch.alarms()
    assert (alarm.code, alarm.measured, alarm.allowed) == (AlarmCode.OVER_CASELOAD, 3, 2)


def test_whoever_meets_nobody_is_told_and_sees_nothing_of_it(watch: Watch) -> None:
    watch.seed("nobody")
    assert watch.look() == 0
    signal_id = watch.town.signal(watch.school, everything("nobody"))
    watch.town.match()
    assert watch.town.inbox(watch.town.anna) == []
    assert watch.look() == 1
    [alarm] = watch.alarms()
    assert (alarm.code, alarm.staff_id) == (AlarmCode.HONEY_TOKEN, watch.school.reporter.id)
    assert str(signal_id) not in repr(alarm)


def test_whoever_registers_nobody_as_a_case_is_told_too(watch: Watch) -> None:
    watch.seed("nobody")
    watch.town.case(watch.town.anna, everything("nobody"))
    assert watch.look() == 1
    [alarm] = watch.alarms()
    assert (alarm.code, alarm.organisation_id) == (AlarmCode.HONEY_TOKEN, watch.town.team.id)
    assert alarm.staff_id == watch.town.anna.id


def test_only_a_privacy_officer_seeds_and_once_a_key(watch: Watch) -> None:
    key = uuid4()
    assert watch.seed("nobody", key=key) == watch.seed("nobody", key=key)
    with pytest.raises(RoleNotAllowedError):
        watch.seed("nobody", by=watch.town.anna)


def second_officer(watch: Watch) -> Staff:
    """A colleague of the officer who is told."""
    town = watch.town
    return builders.authorise_staff(town.database, town.team, "privacy_officer", now=town.now)


def read(watch: Watch, staff: Staff, times: int, purpose: str = "supervision") -> None:
    """Read the log so often."""
    for _ in range(times):
        with watch.town.database.work(staff_caller(staff), now=watch.town.now) as work:
            record_reading(work, ReadingPurpose(purpose), what="AUD-01")


def test_reading_about_somebody_too_often_is_told(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "READINGS_ABOUT_A_DAY", 2)
    second = second_officer(watch)
    read(watch, second, 2, "complaint")
    assert watch.look() == 0
    read(watch, second, 1, "misuse_check")
    assert watch.look() == 1
    [alarm] = watch.alarms()
    assert (alarm.code, alarm.staff_id) == (AlarmCode.UNUSUAL_READING, second.id)
    assert (alarm.measured, alarm.allowed) == (3, 2)


def test_an_officers_day_is_no_alarm_and_what_is_far_from_their_own_is(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "READINGS_A_DAY", 2)
    second = second_officer(watch)
    for _ in range(2):
        read(watch, second, 2)
        assert watch.look() == 0
        watch = watch.later(days=2)
    read(watch, second, 6)
    assert watch.look() == 0
    read(watch, second, 1)
    assert watch.look() == 1
    [alarm] = watch.alarms()
    assert (alarm.measured, alarm.allowed) == (7, 6)


@pytest.mark.parametrize(("purpose", "told"), [("operation", 0), ("supervision", 1)])
def test_an_operator_who_asks_about_people_is_told(watch: Watch, purpose: str, told: int) -> None:
    with watch.town.database.work(OPERATOR, now=watch.town.now) as work:
        record_reading(work, ReadingPurpose(purpose), what="AUD-01")
    assert watch.look() == told


class Holder:
    """A key holder that says how much was evaluated."""

    def __init__(self, counts: Mapping[UUID, int]) -> None:
        self.counts, self.asked = counts, 0

    def count_evaluations(self, hour: datetime) -> Mapping[UUID, int]:
        self.asked += 1
        if self.asked > 30:
            raise UnavailableError
        return self.counts if hour.hour == 12 else {}


@pytest.mark.parametrize(("evaluated", "told"), [(8 + 160, 0), (8 + 161, 1)])
def test_what_is_evaluated_and_not_posted_is_told_hour_by_hour(
    watch: Watch, evaluated: int, told: int
) -> None:
    watch.town.signal(watch.school, everything("mila"))
    holder, later = Holder({watch.school.partner.id: evaluated}), watch.town.now + timedelta(hours=2)
    assert reconcile_due(watch.town.database, holder, now=later) == told
    assert reconcile_due(watch.town.database, holder, now=later) == 0
    assert holder.asked == 24
    with watch.town.database.look(SYSTEM) as work:
        [row] = work.session.scalars(
            select(EvaluationHourRow).where(EvaluationHourRow.organisation_id != NOBODY)
        ).all()
        assert (row.evaluated, row.posted) == (evaluated, 8)


def test_sig_12_what_was_evaluated_for_another_was_posted_by_who_brought_it(
    watch: Watch, bringing: Bringing
) -> None:
    for number in range(2):
        watch.town.signal(bringing.health, everything(number), **bringing.named)
    later = watch.town.now + timedelta(hours=2)
    evaluated = {bringing.health.partner.id: 16, watch.school.partner.id: 161}
    assert reconcile_due(watch.town.database, Holder(evaluated), now=later) == 1
    with watch.town.database.look(SYSTEM) as work:
        rows = work.session.scalars(select(EvaluationHourRow)).all()
        posted = {row.organisation_id: row.posted for row in rows if row.organisation_id != NOBODY}
    assert posted == {bringing.health.partner.id: 16, watch.school.partner.id: 0}


def test_an_alarm_is_open_then_seen_then_closed_for_a_reason(watch: Watch) -> None:
    with watch.town.database.work(OPERATOR, now=watch.town.now) as work:
        record_reading(work, ReadingPurpose.SUPERVISION, what="AUD-01")
    watch.look()
    assert [one.state for one in watch.alarms()] == [AlarmState.SEEN]
    [alarm] = watch.alarms(state=AlarmState.SEEN)
    with watch.town.database.work(staff_caller(watch.officer), now=watch.town.now) as work:
        closed = service.close_alarm(work, alarm.id, ClosedBecause.EXPLAINED)
    assert (closed.state, closed.closed_because) == (AlarmState.CLOSED, ClosedBecause.EXPLAINED)
    for wanted, id_ in ((AlarmClosedError, alarm.id), (AlarmMissingError, uuid4())):
        with pytest.raises(wanted), watch.town.database.work(staff_caller(watch.officer)) as work:
            service.close_alarm(work, id_, ClosedBecause.EXPLAINED)
    with pytest.raises(RoleNotAllowedError), watch.town.database.work(staff_caller(watch.town.anna)) as work:
        service.list_alarms(work)


def test_what_nobody_closed_comes_before_what_was_closed_later(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = (AlarmCode.UNUSUAL_READING, AlarmCode.IDLE_CASES)
    for after, code in enumerate(codes):
        found = Found(code, watch.town.team.id, None, measured=2, allowed=1, slot="now")
        with watch.town.database.work(SYSTEM, now=watch.town.now + timedelta(hours=after)) as work:
            service.raise_alarms(work, [found])
    newest = watch.alarms()[0]
    assert newest.code is codes[1]
    with watch.town.database.work(staff_caller(watch.officer), now=watch.town.now) as work:
        service.close_alarm(work, newest.id, ClosedBecause.EXPLAINED)
    monkeypatch.setattr(service, "PAGE", 1)
    assert [one.code for one in watch.alarms()] == [codes[0]]


def test_the_mail_of_an_alarm_waits_for_no_fixed_hour_and_says_nothing(watch: Watch) -> None:
    with watch.town.database.work(OPERATOR, now=watch.town.now) as work:
        record_reading(work, ReadingPurpose.SUPERVISION, what="AUD-01")
    watch.look()
    sent: list[str] = []

    class Takes:
        def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
            sent.append(address)

    def deliver() -> int:
        now = watch.town.now
        return deliver_due(
            watch.town.database, Takes(), worker="test", now=lambda: now, since=now - timedelta(days=3)
        )

    assert deliver() == 1
    assert sent == ["fg@town.example"]


def test_the_mail_of_an_alarm_that_failed_is_tried_again_within_a_minute(watch: Watch) -> None:
    with watch.town.database.work(OPERATOR, now=watch.town.now) as work:
        record_reading(work, ReadingPurpose.SUPERVISION, what="AUD-01")
    watch.look()
    tried: list[datetime] = []

    class Busy:
        def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
            tried.append(at)
            if len(tried) < 3:
                raise OSError

    database, begun = watch.town.database, watch.town.now
    slot = begun - timedelta(hours=3)  # the last fixed hour; the next is tomorrow
    for seconds in range(0, 60, 2):
        now = begun + timedelta(seconds=seconds)
        deliver_due(database, Busy(), worker="test", now=partial(lambda at: at, now), since=slot)
        if seconds == 2:
            with database.work(OPERATOR, now=now) as work:
                put_mails(work.session, [watch.officer.id], due_at=now)  # a notice, meanwhile
    assert len(tried) == 3
    assert tried[-1] - begun < timedelta(minutes=1)


def test_a_log_that_is_not_as_it_was_signed_is_an_alarm_the_same_day(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = watch.town.database
    with database.work(SYSTEM, now=watch.town.now) as work:
        sequence_events(work, SIGNER)
    assert recompute(database, SIGNER, None) == 0
    watch.look()
    assert watch.alarms() == []
    force(database, "UPDATE audit_leaf SET idx = 100000 WHERE idx = 1")
    assert recompute(database, SIGNER, None) == 0  # once a day is enough
    monkeypatch.setattr(witnessed, "RECOMPUTED_FOR", timedelta(0))
    assert recompute(database, SIGNER, None) > 0
    watch.look()
    assert [one.code for one in watch.alarms()] == [AlarmCode.LOG_CHANGED]


def test_a_log_that_nobody_recomputes_for_two_days_is_an_alarm_each_day(
    watch: Watch,
) -> None:
    assert watch.look(verified=False) == 0  # nothing is as old yet
    assert watch.look() == 0
    assert watch.later(hours=48).look(verified=False) == 0
    late = watch.later(hours=50)
    assert (late.look(verified=False), late.look(verified=False)) == (1, 0)
    [alarm] = late.alarms()
    assert (alarm.code, alarm.measured) == (AlarmCode.LOG_UNVERIFIED, 48)
    assert late.mails() == [watch.officer.id]
    assert late.later(days=1).look(verified=False) == 1
    assert late.later(days=2).look() == 0
