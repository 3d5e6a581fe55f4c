"""Every class of data goes after its term, with its proof; and a run that looks wrong does nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, func, select

from hub.cases.models import CaseRow, QuotaDayRow
from hub.changes.kinds import ChangeKind, ChangeReason
from hub.changes.models import ChangeRow
from hub.changes.service import propose
from hub.consent import versions
from hub.consent.facts import ObjectionState
from hub.consent.keeping import keeping_in_force
from hub.consent.loading import default_document
from hub.consent.models import DecisionRow, DeskDayRow, ObjectionRow, OverrideRow
from hub.informing.models import NoticeExceptionRow
from hub.informing.reviewing import review_override
from hub.informing.values import ReviewOutcome
from hub.matches.models import AssignmentRow, MatchRow
from hub.notices.models import MailRow, MailState, NoticeRow
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Partner
from hub.retaining.registry import KEEPINGS, municipalities_of
from hub.retention import service
from hub.retention.models import RetentionRunRow
from hub.retention.reporting import RuleReport, list_runs, report
from hub.retention.service import BrakeReason, Keeping, ReleaseReason, TermsOf, release, retain_due
from hub.rights.desks import appoint_desk
from hub.rights.models import RightsFindingRow, RightsRequestRow
from hub.rights.values import Ground, Outcome
from hub.signals.models import SignalRow
from hub.signals.service import expire_due
from hub.subjects.models import MatchIndexRow, RegistrationRow
from hub.teams.models import AbsenceRow, PostRow, ProfileRow, SchoolContactRow
from service.clock import dutch_date
from service.database import Database
from service.errors import RefusedError
from service.work import OPERATOR, SYSTEM, Work
from tests import builders
from tests.builders import Town, everything, staff_caller
from tests.hub.informing.acts import ask_later, open_in_spite, tell, tell_later
from tests.hub.rights.conftest import RightsDesk, officers

MILA = everything("mila")


@pytest.fixture
def town(hub_database: Database, now: datetime) -> Town:
    """A town with a team and a desk."""
    return builders.town(hub_database, now=now)


def run(
    town: Town,
    *,
    rules: set[str] | None = None,
    daily: bool = True,
    terms_of: TermsOf = keeping_in_force,
    **later: float,
) -> int:
    """Apply the rules at a later moment, as a worker that ran the day before."""
    now = town.now + timedelta(**later)
    if daily:
        with town.database.work(SYSTEM, now=now) as work:
            work.session.query(RetentionRunRow).update({"ran_at": now - timedelta(days=1)})
    chosen = [one for one in KEEPINGS if rules is None or one.rule in rules]
    return retain_due(town.database, chosen, municipalities_of, terms_of=terms_of, now=now)


def told(work: Work) -> list[RuleReport]:
    """What is reported to somebody."""
    return report(work, KEEPINGS, municipalities_of, terms=keeping_in_force(work))


def count(town: Town, *tables: Any) -> list[int]:
    """Count the rows of tables."""
    with town.database.look(SYSTEM) as work:
        return [work.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def expire(town: Town, **later: float) -> None:
    """Let the worker expire what is over."""
    with town.database.work(SYSTEM, now=town.now + timedelta(**later)) as work:
        expire_due(work, limit=100)


def test_a_signal_goes_thirty_days_after_its_end_with_its_pseudonyms(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    ended, active = town.signal(school, MILA), town.signal(school, everything("else"))
    town.withdraw(school, ended)
    assert run(town, days=30) == 0
    assert run(town, days=31) == 1
    with town.database.look(SYSTEM) as work:
        assert set(work.session.scalars(select(SignalRow.id))) == {active}
        assert set(work.session.scalars(select(RegistrationRow.id))) == {active}
        assert set(work.session.scalars(select(MatchIndexRow.registration_id))) == {active}


def test_an_active_signal_is_never_due_and_an_expired_one_is(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    town.signal(school, MILA, validMonths=1)
    assert run(town, days=700) == 0
    expire(town, days=700)
    assert run(town, days=731) == 1


def test_what_hung_on_a_match_goes_a_year_after_its_signals(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    case_id, signal_id = town.case(town.anna, MILA), town.signal(school, MILA)
    town.match()
    town.inbox(town.anna)
    town.withdraw(school, signal_id)
    town.close(town.anna, case_id)
    town.match()
    town.inbox(town.anna)
    run(town, days=31)
    assert count(town, SignalRow, CaseRow, RegistrationRow) == [0, 0, 0]
    run(town, days=364)
    assert 0 not in count(town, MatchRow, NoticeRow, DecisionRow, AssignmentRow)
    run(town, days=366)
    assert count(town, MatchRow, NoticeRow, DecisionRow, AssignmentRow) == [0, 0, 0, 0]


def test_objections_requests_mails_and_counts_have_their_own_terms(town: Town) -> None:
    desk = RightsDesk(town, town.team, town.desk, *officers(town.database, town.team, now=town.now))
    town.case(town.anna, MILA)
    town.lift(town.object(MILA))
    request = desk.file()
    desk.search(request)
    desk.decide(request, Outcome.GRANTED, Ground.ENTITLED)
    with town.database.work(SYSTEM, now=town.now) as work:
        work.session.add(
            MailRow(
                id=town.anna.id,
                recipient=town.anna.id,
                state=MailState.DELIVERED,
                attempt=1,
                due_at=town.now,
                at_once=False,
            )
        )
    run(town, days=29)
    assert count(town, MailRow, DeskDayRow, QuotaDayRow) == [1, 2, 1]
    run(town, days=93)
    assert count(town, MailRow, DeskDayRow, QuotaDayRow) == [0, 0, 0]
    run(town, days=5 * 365 - 1)
    assert count(town, ObjectionRow, RightsRequestRow) == [1, 1]
    run(town, days=5 * 365 + 1)
    assert count(town, ObjectionRow, RightsRequestRow, RightsFindingRow) == [0, 0, 0]


def test_what_was_said_of_telling_the_person_goes_with_the_signal(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    ended, active = (town.signal(school, everything(who), subjectNotice="pending") for who in ("a", "b"))
    for signal_id in (ended, active):
        tell_later(town, school, signal_id)
        tell(town, school, signal_id)
    town.withdraw(school, ended)
    tables = (NoticeExceptionRow, ChangeRow)
    run(town, days=30)
    assert count(town, *tables) == [2, 2]
    run(town, days=31)
    assert count(town, *tables) == [1, 1]
    run(town, days=360)
    with town.database.look(SYSTEM) as work:
        assert set(work.session.scalars(select(NoticeExceptionRow.signal_id))) == {active}
        assert set(work.session.scalars(select(ChangeRow.about))) == {active}


def test_an_exception_that_nobody_approved_goes_with_the_signal_too(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    signal_id = town.signal(school, MILA, subjectNotice="pending")
    ask_later(town, school, signal_id)
    town.withdraw(school, signal_id)
    run(town, days=44)
    assert count(town, SignalRow, ChangeRow) == [0, 1]
    run(town, days=45)
    assert count(town, ChangeRow) == [0]


def test_con_01_who_proposed_a_rule_is_kept_for_five_years(town: Town) -> None:
    officer = builders.authorise_staff(
        town.database, town.team, "privacy_officer", now=town.now, contact=None
    )
    with town.database.work(staff_caller(officer), now=town.now) as work:
        propose(work, kind=ChangeKind.POLICY_SET, payload={}, reason=ChangeReason.YEARLY_REVIEW)
    run(town, days=30 + 5 * 365 - 1)
    assert count(town, ChangeRow) == [1]
    run(town, days=30 + 5 * 365 + 1)
    assert count(town, ChangeRow) == [0]


def test_con_11_an_override_waits_for_its_judgement_however_old_it_is(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    officer = builders.authorise_staff(
        town.database, town.team, "privacy_officer", now=town.now, contact=None
    )
    signal_id = town.signal(school, MILA, subjectNotice="pending")
    override_id = open_in_spite(town, signal_id)
    town.withdraw(school, signal_id)
    run(town, days=400)
    assert count(town, SignalRow, OverrideRow) == [0, 1]
    with town.database.work(staff_caller(officer), now=town.now) as work:
        review_override(work, override_id, outcome=ReviewOutcome.JUSTIFIED)
    run(town, days=365)
    assert count(town, OverrideRow) == [1]
    run(town, days=367)
    assert count(town, OverrideRow) == [0]


def test_days_of_staff_go_after_their_terms_and_what_holds_now_never(town: Town) -> None:
    today, who = dutch_date(town.now), town.anna
    school = builders.admit_partner(town.database, "school", now=town.now)

    def add(since: date, until: date | None) -> None:
        contact = {"location": "hoofdgebouw", "team_id": town.team.id, "organisation_id": school.id}
        with town.database.work(OPERATOR, now=town.now) as work:
            work.session.add_all(
                [
                    PostRow(
                        id=uuid4(), team_id=town.team.id, staff_id=who.id, since_on=since, until_on=until
                    ),
                    ProfileRow(staff_id=who.id, since_on=since, employer="x", expertise="", generalist=False),
                    SchoolContactRow(since_on=since, until_on=until, staff_id=who.id, **contact),
                    AbsenceRow(id=uuid4(), staff_id=who.id, since_on=since, until_on=until or date.max),
                ]
            )

    tables = (PostRow, ProfileRow, SchoolContactRow, AbsenceRow)
    start = count(town, *tables)
    add(today - timedelta(days=9), today)
    add(today, None)
    run(town, days=92)
    assert [now - was for now, was in zip(count(town, *tables), start, strict=True)] == [2, 2, 2, 2]
    run(town, days=93)
    assert [now - was for now, was in zip(count(town, *tables), start, strict=True)] == [2, 2, 2, 1]
    run(town, days=5 * 365 + 1)
    run(town, days=9 * 365)
    assert [now - was for now, was in zip(count(town, *tables), start, strict=True)] == [1, 1, 1, 1]


def test_aud_09_each_run_is_proved_per_rule(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    town.withdraw(school, town.signal(school, MILA))
    later = town.now + timedelta(days=40)
    officer = builders.authorise_staff(
        town.database, town.team, "privacy_officer", now=town.now, contact=None
    )

    def signal_rule() -> Any:
        with town.database.work(staff_caller(officer), now=later) as work:
            return next(one for one in told(work) if one.rule.code == "signal")

    before = signal_rule()
    assert (before.rows, before.due_now, before.late, before.last_ran_at) == (1, 1, 1, None)
    run(town, days=40)
    after = signal_rule()
    assert (after.rows, after.due_now, after.last_due, after.last_gone, after.gone) == (0, 0, 1, 1, 1)
    assert (after.last_ran_at, after.late) == (later, 0)
    with town.database.work(staff_caller(officer), now=later) as work:
        assert [
            (one.ran_at, one.due, one.gone, one.braked)
            for one in list_runs(work, "signal", municipalities_of)
        ] == [(later, 1, 1, None)]
    with pytest.raises(RoleNotAllowedError), town.database.work(staff_caller(town.anna)) as work:
        told(work)


def test_aud_09_what_a_run_left_is_not_said_to_be_gone(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    for number in range(3):
        town.withdraw(school, town.signal(school, everything(number)))
    builders.appoint_desks(town.database, town.team, now=town.now)
    officer = builders.authorise_staff(
        town.database, town.team, "privacy_officer", now=town.now, contact=None
    )
    (whole,) = (one for one in KEEPINGS if one.rule == "signal")
    slow = replace(whole, remove=lambda work, condition, _limit: whole.remove(work, condition, 1))

    def proof(day: int, keeping: Keeping) -> tuple[tuple[int, ...], list[tuple[int, int]]]:
        later = town.now + timedelta(days=day)
        retain_due(town.database, [keeping], municipalities_of, terms_of=keeping_in_force, now=later)
        with town.database.work(staff_caller(officer), now=later) as work:
            (one,) = (one for one in told(work) if one.rule.code == "signal")
            runs = [(each.due, each.gone) for each in list_runs(work, "signal", municipalities_of)]
        return (one.last_due, one.last_gone, one.gone, one.late), runs

    assert proof(40, slow) == ((3, 1, 1, 2), [(3, 1)])
    assert proof(41, whole) == ((2, 2, 3, 0), [(2, 2), (3, 1)])


def test_a_run_that_comes_too_late_waits_for_the_operator_and_passes_once(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    town.withdraw(school, town.signal(school, MILA))
    only = {"signal"}
    run(town, rules=only)
    assert run(town, rules=only, daily=False, days=40) == 0
    with town.database.work(OPERATOR, now=town.now + timedelta(days=40)) as work:
        (one,) = [one for one in told(work) if one.rule.code == "signal"]
        assert (one.braked, one.due_now) == (BrakeReason.RUN_STALE, 1)
        release(work, "signal", reason=ReleaseReason.HUB_WAS_DOWN)
    # A word that nobody used for two days is no word for whatever stops the run then.
    assert run(town, rules=only, daily=False, days=42) == 0
    with town.database.work(OPERATOR, now=town.now + timedelta(days=42)) as work:
        release(work, "signal", reason=ReleaseReason.HUB_WAS_DOWN)
    assert run(town, rules=only, daily=False, days=43) == 1
    assert run(town, rules=only, daily=False, days=60) == 0
    with pytest.raises(RefusedError), town.database.work(SYSTEM) as work:
        release(work, "signal", reason=ReleaseReason.HUB_WAS_DOWN)


def test_a_brake_that_holds_does_not_release_itself(town: Town) -> None:
    run(town, rules={"signal"})
    for day in (20, 21, 22):
        run(town, rules={"signal"}, daily=False, days=day)
    with town.database.look(SYSTEM) as work:
        braked = work.session.scalars(select(RetentionRunRow.braked).order_by(RetentionRunRow.ran_at)).all()
    assert braked == [None, "run_stale", "run_stale", "run_stale"]


def test_each_municipality_is_counted_apart_also_for_matches_notices_and_decisions(town: Town) -> None:
    west = builders.admit_partner(town.database, "rights_desk", now=town.now)
    school, other = (builders.sender(town.database, "school", now=town.now) for _ in range(2))
    with town.database.work(OPERATOR, now=town.now) as work:
        appoint_desk(work, other.partner.id, desk_id=west.id)
    builders.appoint_desks(town.database, town.team, now=town.now)
    signals = []
    for number, sender in enumerate((school, other, other)):
        town.case(town.anna, everything(number))
        signals.append((sender, town.signal(sender, everything(number))))
    town.match()
    town.inbox(town.anna)
    with town.database.look(SYSTEM, now=town.now) as work:
        found = {
            keeping.rule: service.count_places(work, keeping, municipalities_of, None)
            for keeping in KEEPINGS
            if keeping.rule in {"match", "notice", "decision", "signal"}
        }
    assert found["signal"] == {town.team.id: 1, west.id: 2}
    assert {place: number // 4 for place, number in found["decision"].items()} == found["signal"]
    assert found["match"] == found["notice"] == {town.team.id: 3}


def test_a_request_that_nobody_decided_upon_goes_after_a_year_and_its_objection_stays(town: Town) -> None:
    desk = RightsDesk(town, town.team, town.desk, *officers(town.database, town.team, now=town.now))
    desk.file("access")
    objection = desk.file("objection", everything("else"))
    run(town, days=364)
    assert count(town, RightsRequestRow, RegistrationRow) == [2, 2]
    run(town, days=366)
    assert count(town, RightsRequestRow) == [0]
    with town.database.look(SYSTEM) as work:
        assert work.session.get_one(ObjectionRow, objection.id).state == ObjectionState.PENDING
        assert {row.id for row in work.session.query(RegistrationRow)} == {objection.id}


def test_more_than_a_twentieth_of_a_municipality_does_not_go(town: Town) -> None:
    terms = service.default_terms()
    small = terms.model_copy(update={"brake": terms.brake.model_copy(update={"floor": 1})})
    school = builders.sender(town.database, "school", now=town.now)
    for person in ("a", "b"):
        town.withdraw(school, town.signal(school, everything(person)))
    town.signal(school, everything("c"))
    assert run(town, rules={"signal"}, terms_of=lambda _work: small, days=31) == 0
    assert count(town, SignalRow) == [3]


def test_aud_09_a_privacy_officer_sees_the_counts_of_their_own_municipality_and_the_operator_those_of_each(
    town: Town,
) -> None:
    west = builders.admit_partner(town.database, "rights_desk", now=town.now)
    school, other = (builders.sender(town.database, "school", now=town.now) for _ in range(2))
    with town.database.work(OPERATOR, now=town.now) as work:
        appoint_desk(work, other.partner.id, desk_id=west.id)
    builders.appoint_desks(town.database, town.team, now=town.now)
    for number, sender in enumerate((school, other, other)):
        town.withdraw(sender, town.signal(sender, everything(number)))
    town.signal(other, everything("stays"))
    later = town.now + timedelta(days=40)

    def signals(team: Partner | None) -> tuple[tuple[int, int, int], set[UUID | None], list[int]]:
        officer = team and builders.authorise_staff(
            town.database, team, "privacy_officer", now=town.now, contact=None
        )
        caller = staff_caller(officer) if officer else OPERATOR
        with town.database.work(caller, now=later) as work:
            (one,) = (one for one in told(work) if one.rule.code == "signal")
            runs = [each.gone for each in list_runs(work, "signal", municipalities_of)]
        return (one.rows, one.due_now, one.gone), {place.place for place in one.places}, runs

    assert signals(town.team) == ((1, 1, 0), {town.team.id}, [])
    assert signals(west) == ((3, 2, 0), {west.id}, [])
    run(town, days=40)
    assert signals(town.team) == ((0, 0, 1), {town.team.id}, [1])
    assert signals(west) == ((1, 0, 2), {west.id}, [2])
    assert signals(None) == ((1, 0, 3), {town.team.id, west.id}, [3])


def test_a_covenant_may_keep_otherwise_within_what_a_rule_may_be(town: Town) -> None:
    school = builders.sender(town.database, "school", now=town.now)
    town.withdraw(school, town.signal(school, MILA))
    chosen = {"rule": "signal", "days": 60, "source": "covenant, 4", "status": "A"}
    document = default_document() | {"keeping": [chosen]}
    with town.database.work(OPERATOR, now=town.now) as work:
        versions._adopt(work, document, in_force_on=dutch_date(town.now), change=None)
    assert run(town, rules={"signal"}, days=59) == 0
    assert run(town, rules={"signal"}, days=61) == 1


def test_the_report_reads_each_class_once_and_asks_the_rest_for_all_rules_together(town: Town) -> None:
    officer = builders.authorise_staff(town.database, town.team, "privacy_officer", now=town.now)
    seen: list[str] = []

    def note(*said: Any) -> None:
        seen.append(said[2])

    run(town)
    with town.database.work(staff_caller(officer), now=town.now) as work:
        engine = work.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        told(work)
        event.remove(engine, "before_cursor_execute", note)
    assert len(seen) < len(KEEPINGS) + 15
