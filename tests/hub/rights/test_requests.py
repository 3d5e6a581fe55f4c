"""Requests at the desk: filed, searched, advised upon, decided, and everybody told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date
from uuid import uuid4

import pytest
from nacl.signing import SigningKey

from hub.audit.destruction import destroy_requested
from hub.audit.models import AuditPrivateRow
from hub.cases.errors import OwnCaseError
from hub.cases.models import CaseRow
from hub.changes.errors import ChangeDecidedError, SamePersonError
from hub.consent.errors import DeskQuotaExhaustedError
from hub.consent.models import ConsentRow, DecisionRow, ObjectionRow
from hub.consent.schemas import NewConsent
from hub.consent.service import record_consent
from hub.consent.store import take_quota
from hub.matches.models import AssignmentRow, MatchRow
from hub.notices.models import NoticeRow
from hub.partners.errors import RoleNotAllowedError
from hub.rights import advising, deciding, desks, filing, judging, searching, telling
from hub.rights.errors import (
    AdviceMissingError,
    AdvicePendingError,
    DeskMissingError,
    DeskNotRecordedError,
    ExtensionNotAllowedError,
    FindingMissingError,
    FindingsChangedError,
    GroundNotAllowedError,
    IdempotencyConflictError,
    IdentityNotVerifiedError,
    JudgementNotAllowedError,
    NotSearchedError,
    ProposalPendingError,
    RequestDecidedError,
    RequesterNotEntitledError,
    RequestMissingError,
    ScopeNotAllowedError,
    SecondOfficerNeededError,
    TellingMissingError,
)
from hub.rights.models import RightsFindingRow, RightsForwardingRow, RightsRequestRow
from hub.rights.reporting import make_report
from hub.rights.schemas import NewRequest
from hub.rights.values import (
    Advice,
    Comparison,
    Effect,
    Extension,
    Ground,
    Outcome,
    Request,
    RequestState,
    Verdict,
)
from hub.signals.errors import IdempotencyConflictError as SignalKeyUsedError
from hub.signals.models import SignalRow
from hub.signals.service import SignalState, accept
from hub.subjects.models import MatchIndexRow, MatchQueueRow, RegistrationRow
from service.clock import dutch_date
from service.work import OPERATOR, SYSTEM, Work
from tests import builders
from tests.builders import Sender, audit_values, everything, new_post, staff_caller
from tests.hub.rights.conftest import MILA, RightsDesk, officers, rows

GRANTED, REJECTED = Outcome.GRANTED, Outcome.REJECTED
TWIN = {**everything("twin"), "A": "mila", "C": "mila", "D": "mila"}


def test_tra_11_nobody_asks_whose_identity_was_not_verified(desk: RightsDesk) -> None:
    with pytest.raises(IdentityNotVerifiedError):
        desk.file(identification="not_verified")


def test_tra_07_a_father_does_not_ask_alone_for_a_child_of_fourteen(desk: RightsDesk) -> None:
    for facts in ({"filedBy": "representative"}, {"holdersAsking": 1}, {"filedBy": "subject"}):
        with pytest.raises(RequesterNotEntitledError):
            desk.file(**facts)
    assert desk.file(filedBy="both").state is RequestState.RECEIVED


def test_the_same_filing_is_one_request_and_another_under_its_key_is_refused(desk: RightsDesk) -> None:
    key = uuid4()
    body = builders.request_body(desk.town.keys, MILA, organisation_id=desk.team.id, key=key)
    message = NewRequest.model_validate(body)

    def file(message: NewRequest) -> Request:
        with desk.work(desk.desk) as work:
            return filing.file_request(work, desk.town.keys, message, idempotency_key=key, quota_per_day=1)

    assert file(message).id == file(message).id
    with pytest.raises(IdempotencyConflictError):
        file(NewRequest.model_validate({**body, "authority": "guardian"}))
    with pytest.raises(DeskQuotaExhaustedError), desk.work(desk.desk) as work:
        filing.file_request(work, desk.town.keys, message, idempotency_key=uuid4(), quota_per_day=1)


def test_tra_11_a_day_full_of_consents_keeps_nobody_from_filing(desk: RightsDesk) -> None:
    def take(work: Work) -> bool:
        on = dutch_date(desk.town.now)
        return take_quota(work.session, organisation_id=desk.team.id, on=on, limit=1)

    with desk.work(desk.desk) as work:
        assert [take(work), take(work)] == [True, False]
    key = uuid4()
    body = builders.request_body(desk.town.keys, MILA, organisation_id=desk.team.id, key=key)
    with desk.work(desk.desk) as work:
        message = NewRequest.model_validate(body)
        filing.file_request(work, desk.town.keys, message, idempotency_key=key, quota_per_day=1)


def test_only_an_objection_is_against_kinds_of_partner(desk: RightsDesk) -> None:
    with pytest.raises(ScopeNotAllowedError):
        desk.file("erasure", scope=["school"])
    assert desk.file("objection", scope=["school"]).kind == "objection"


def test_a_request_is_never_matched_and_the_one_who_filed_it_does_not_search(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, MILA)
    desk.town.match()
    request = desk.file()
    with desk.look() as work:
        assert rows(work, MatchQueueRow) == 0
    with pytest.raises(RoleNotAllowedError):
        desk.search(request, staff=desk.desk)
    # One person with both roles still needs a colleague.
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        work.session.get_one(RightsRequestRow, request.id).recorded_by = desk.officer.id
    with pytest.raises(SecondOfficerNeededError):
        desk.search(request)


def test_search_finds_what_is_kept_also_what_ended_and_only_of_this_person(
    desk: RightsDesk, school: Sender
) -> None:
    ended, active = desk.town.signal(school, MILA), desk.town.signal(school, MILA)
    desk.town.withdraw(school, ended)
    case_id = desk.town.case(desk.town.anna, MILA)
    desk.town.signal(school, everything("somebody else"))
    twin = desk.town.signal(school, TWIN)
    found = {one.registration_id: one for one in desk.found(desk.file()).findings}
    assert found.keys() == {ended, active, case_id, twin}
    assert {id_ for id_, one in found.items() if one.verdict is Verdict.POSSIBLE} == {twin}
    assert found[active].due_on == date(2026, 12, 18)


def test_tra_06_the_police_part_has_its_own_clock_and_a_term_is_extended_once(desk: RightsDesk) -> None:
    police = builders.sender(desk.database, "police", now=desk.town.now)
    desk.town.signal(police, MILA, legalBasis="WPG_YOUTH", decisionReference=str(uuid4()))
    request = desk.file()
    assert desk.found(request).findings[0].due_on == date(2026, 12, 30)
    with desk.work(desk.officer) as work:
        extended = advising.extend(work, request.id, Extension.COMPLEX)
    assert (extended.due_on, extended.findings[0].due_on) == (date(2027, 2, 18), date(2027, 1, 27))
    with pytest.raises(ExtensionNotAllowedError), desk.work(desk.officer) as work:
        advising.extend(work, request.id, Extension.COMPLEX)


def test_tra_06_a_term_that_is_over_is_not_extended(desk: RightsDesk) -> None:
    request = desk.file()
    with pytest.raises(ExtensionNotAllowedError), desk.later(days=31).work(desk.officer) as work:
        advising.extend(work, request.id, Extension.COMPLEX)


def elsewhere(desk: RightsDesk) -> RightsDesk:
    """The desk of another municipality on the same hub."""
    now = desk.town.now
    other = builders.admit_partner(desk.database, "rights_desk", now=now)
    clerk = builders.authorise_staff(desk.database, other, "desk", now=now, contact=None)
    officer, second = officers(desk.database, other, now=now)
    return RightsDesk(desk.town, other, clerk, officer, second)


def test_tra_05_a_misdirected_request_goes_to_the_responsible_desk_and_keeps_its_clock(
    desk: RightsDesk, school: Sender
) -> None:
    there = elsewhere(desk)
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        desks.appoint_desk(work, school.partner.id, desk_id=there.team.id)
    signal_id = desk.town.signal(school, MILA)
    request = desk.file()
    assert desk.later(days=7).search(request) is None
    moved = there.later(days=8).found(request)
    assert (moved.received_at, moved.due_on) == (request.received_at, request.due_on)
    assert [(one.registration_id, one.due_on) for one in moved.findings] == [(signal_id, request.due_on)]
    with pytest.raises(RequestMissingError):
        desk.search(request)
    with desk.look() as work:
        forwarded = work.session.query(RightsForwardingRow).one()
        assert (forwarded.from_id, forwarded.to_id) == (desk.team.id, there.team.id)


def test_tra_05_what_two_municipalities_answer_for_is_split_under_one_clock(
    desk: RightsDesk, school: Sender
) -> None:
    there = elsewhere(desk)
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        desks.appoint_desk(work, school.partner.id, desk_id=there.team.id)
    desk.town.signal(school, MILA)
    own = desk.town.case(desk.town.anna, MILA)
    request = desk.file()
    assert [one.registration_id for one in desk.found(request).findings] == [own]
    with there.work(there.officer) as work:
        (part,) = desks.list_requests(work)
    assert (part.root_id, part.due_on) == (request.id, request.due_on)
    assert len(there.found(part).findings) == 1
    # The pseudonyms stay until both have decided.
    desk.decide(request, GRANTED, Ground.ENTITLED)
    assert there.found(part) is not None
    there.decide(part, GRANTED, Ground.ENTITLED)
    with desk.look() as work:
        assert work.session.get(RegistrationRow, request.id) is None


def test_a_desk_forwards_by_hand_to_a_desk_and_to_nobody_else(desk: RightsDesk, school: Sender) -> None:
    there, request = elsewhere(desk), desk.file()
    with pytest.raises(DeskMissingError), desk.work(desk.desk) as work:
        desks.forward(work, request.id, to=school.partner.id)
    with desk.work(desk.desk) as work:
        assert desks.forward(work, request.id, to=there.team.id).due_on == request.due_on
    assert there.found(request).findings == ()


def test_con_12_an_objection_stops_matching_at_once_and_a_rejected_one_lets_it_go_on(
    desk: RightsDesk, school: Sender
) -> None:
    town = desk.town
    town.case(town.anna, MILA)
    request = desk.file("objection")
    town.signal(school, MILA)
    town.match()
    assert town.inbox(town.anna) == []
    desk.search(request)
    desk.ask(request)
    with pytest.raises(AdvicePendingError):
        desk.decide(request, REJECTED, Ground.COMPELLING_GROUNDS)
    desk.advise(school)
    decided = desk.decide(request, REJECTED, Ground.COMPELLING_GROUNDS)
    assert decided.state is RequestState.DECIDED
    town.match()
    assert [notice.kind for notice in town.inbox(town.anna)] == ["match"]
    with desk.look() as work:
        assert work.session.get(RegistrationRow, request.id) is None


def test_con_12_an_objection_that_is_upheld_ends_the_signal_and_stays(
    desk: RightsDesk, school: Sender
) -> None:
    town = desk.town
    town.case(town.anna, MILA)
    signal_id = town.signal(school, MILA)
    town.match()
    assert [notice.kind for notice in town.inbox(town.anna)] == ["match"]
    request = desk.file("objection")
    town.match()
    assert [notice.kind for notice in town.inbox(town.anna) if notice.state == "new"] == ["void"]
    desk.search(request)
    desk.ask(request)
    desk.advise(school)
    desk.decide(request, GRANTED, Ground.INTERESTS_OF_PERSON)
    with desk.look() as work:
        assert work.session.get_one(SignalRow, signal_id).state == SignalState.WITHDRAWN
        objection = work.session.get_one(ObjectionRow, request.id)
        assert (objection.lifted_at, objection.state) == (None, "upheld")
        assert objection.decided_by is not None
    town.signal(school, MILA)
    town.match()
    assert not [
        notice for notice in town.inbox(town.anna) if notice.kind == "match" and notice.state == "new"
    ]


def test_a_restriction_freezes_and_tells_who_had_it(desk: RightsDesk, school: Sender) -> None:
    signal_id = desk.town.signal(school, MILA)
    request = desk.file("restriction")
    desk.search(request)
    desk.ask(request)
    desk.advise(school)
    desk.decide(request, GRANTED, Ground.ACCURACY_CONTESTED)
    told = desk.tellings(request)
    assert [(one.about, one.effect, one.told_at) for one in told] == [(signal_id, Effect.KEEP_FROZEN, None)]


def test_nothing_is_decided_before_a_search_or_on_a_ground_that_does_not_carry_it(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, MILA)
    request = desk.file("erasure")
    with pytest.raises(NotSearchedError):
        desk.decide(request, GRANTED, Ground.UNJUSTIFIED)
    desk.search(request)
    for ground in (Ground.ENTITLED, Ground.NOTHING_FOUND):
        with pytest.raises(GroundNotAllowedError):
            desk.decide(request, REJECTED, ground)


def test_tra_05_advice_is_waited_for_until_its_term_is_over(desk: RightsDesk, school: Sender) -> None:
    desk.town.signal(school, MILA)
    request = desk.file("erasure")
    desk.search(request)
    with pytest.raises(AdvicePendingError):
        desk.decide(request, REJECTED, Ground.STILL_NEEDED)
    (finding,) = desk.ask(request).findings
    assert finding.advise_by == date(2026, 12, 2)
    with pytest.raises(AdvicePendingError):
        desk.later(days=14).decide(request, REJECTED, Ground.STILL_NEEDED)
    assert desk.later(days=15).decide(request, REJECTED, Ground.STILL_NEEDED).outcome is REJECTED


def test_advice_is_given_only_by_who_was_asked(desk: RightsDesk, school: Sender) -> None:
    desk.town.signal(school, MILA)
    request = desk.file("erasure")
    (finding,) = desk.found(request).findings
    other = builders.sender(desk.database, "school", now=desk.town.now)
    for one in (school, other):  # not asked yet; never asked
        with pytest.raises(AdviceMissingError), desk.database.work(one.person, now=desk.town.now) as work:
            advising.give_advice(work, finding.id, Advice.JUSTIFIED)
    desk.ask(request)
    with pytest.raises(AdviceMissingError), desk.database.work(other.person, now=desk.town.now) as work:
        advising.give_advice(work, finding.id, Advice.JUSTIFIED)
    desk.advise(school, Advice.UNJUSTIFIED)
    assert desk.found(request).findings[0].advice is Advice.UNJUSTIFIED


def test_tra_10_a_key_of_a_machine_or_of_somebody_else_says_nothing(desk: RightsDesk, school: Sender) -> None:
    desk.town.signal(school, MILA)
    desk.erase(school)
    (one,) = desk.own_tellings(school)
    other = builders.sender(desk.database, "school", now=desk.town.now)
    for caller in (school.caller, staff_caller(desk.officer)):
        for act in (advising.list_asked, telling.list_own_tellings):
            with pytest.raises(RoleNotAllowedError), desk.database.work(caller, now=desk.town.now) as work:
                act(work)
    with pytest.raises(TellingMissingError), desk.database.work(other.person, now=desk.town.now) as work:
        telling.acknowledge_telling(work, one.id)


def test_tra_10_a_reporter_speaks_for_the_own_signals_and_who_coordinates_for_what_is_erased(
    desk: RightsDesk, school: Sender
) -> None:
    signal_id = desk.town.signal(school, MILA)
    request = desk.file("restriction")
    desk.search(request)
    desk.ask(request)
    desk.advise(school)
    desk.decide(request, GRANTED, Ground.ACCURACY_CONTESTED)
    colleague = builders.authorise_staff(desk.database, school.partner, now=desk.town.now)
    with desk.work(colleague) as work:
        assert telling.list_own_tellings(work) == []
    with desk.work(school.reporter) as work:
        (one,) = telling.list_own_tellings(work)
    with pytest.raises(TellingMissingError), desk.work(colleague) as work:
        telling.acknowledge_telling(work, one.id)
    with desk.work(school.reporter) as work:
        assert telling.acknowledge_telling(work, one.id).told_at == desk.town.now
    desk.erase(school)
    with desk.work(school.reporter) as work:
        assert telling.list_own_tellings(work) == []
    # What waits stands on top, however much was acknowledged since.
    assert [(each.about, each.told_at) for each in desk.later(hours=1).own_tellings(school)] == [
        (signal_id, None),
        (signal_id, desk.town.now),
    ]


def test_tra_05_a_reporter_advises_on_the_own_signals_and_a_coordinator_on_all(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, MILA)
    request = desk.file("erasure")
    desk.search(request)
    (finding,) = desk.ask(request).findings
    colleague, head = (
        builders.authorise_staff(desk.database, school.partner, role, now=desk.town.now)
        for role in ("reporter", "partner_coordinator")
    )
    with desk.work(colleague) as work:
        assert advising.list_asked(work) == []
    with pytest.raises(AdviceMissingError), desk.work(colleague) as work:
        advising.give_advice(work, finding.id, Advice.JUSTIFIED)
    with desk.work(head) as work:
        assert [one.id for one in advising.list_asked(work)] == [finding.id]


def test_a_casemanager_does_not_decide_on_the_own_case(desk: RightsDesk) -> None:
    case_id = desk.town.case(desk.town.anna, MILA)
    request = desk.file("erasure")
    desk.search(request)
    with desk.database.work(SYSTEM, now=desk.town.now) as work:
        work.session.get_one(CaseRow, case_id).casemanager = desk.officer.id
    with pytest.raises(OwnCaseError):
        desk.decide(request, GRANTED, Ground.UNJUSTIFIED)
    with desk.database.work(SYSTEM, now=desk.town.now) as work:
        work.session.get_one(CaseRow, case_id).casemanager = desk.second.id
    proposed = desk.decide(request, GRANTED, Ground.UNJUSTIFIED)
    with pytest.raises(OwnCaseError):
        desk.approve(proposed)


def test_tra_09_two_officers_erase_and_until_then_nothing_is_gone(desk: RightsDesk, school: Sender) -> None:
    signal_id = desk.town.signal(school, MILA)
    request = desk.file("erasure")
    desk.search(request)
    desk.ask(request)
    desk.advise(school)
    proposed = desk.decide(request, GRANTED, Ground.UNJUSTIFIED)
    assert proposed.state is RequestState.PROPOSED
    with pytest.raises(SamePersonError):
        desk.approve(proposed, staff=desk.officer)
    with desk.look() as work:
        assert work.session.get(SignalRow, signal_id) is not None
    desk.approve(proposed)
    with desk.look() as work:
        assert work.session.get(SignalRow, signal_id) is None
    with pytest.raises(RequestDecidedError):
        desk.search(request)


def test_a_proposal_that_was_overtaken_erases_nothing(desk: RightsDesk, school: Sender) -> None:
    signal_id = desk.town.signal(school, MILA)
    request = desk.file("erasure")
    desk.search(request)
    desk.ask(request)
    desk.advise(school)
    first = desk.decide(request, GRANTED, Ground.UNJUSTIFIED)
    desk.decide(request, REJECTED, Ground.STILL_NEEDED)
    with pytest.raises(RequestDecidedError):
        desk.approve(first)
    with desk.look() as work:
        assert work.session.get(SignalRow, signal_id) is not None


def test_sig_18_erasing_leaves_no_row_and_takes_back_what_was_told(desk: RightsDesk, school: Sender) -> None:
    town = desk.town
    case_id = town.case(town.anna, MILA)
    signal_id = town.signal(school, MILA)
    other = town.signal(school, everything("somebody else"))
    town.match()
    (notice,) = town.inbox(town.anna)
    request = desk.file("rectification")
    desk.search(request)
    desk.ask(request)
    desk.advise(school, Advice.WRONG_PERSON)
    desk.approve(desk.decide(request, GRANTED, Ground.WRONG_PERSON))
    with desk.look() as work:
        left = {row.id for row in work.session.query(RegistrationRow)}
        assert left == {other}
        assert {row.registration_id for row in work.session.query(MatchIndexRow)} == {other}
        for table in (MatchRow, AssignmentRow, DecisionRow, CaseRow):
            assert rows(work, table) == 0
        assert [row.kind for row in work.session.query(NoticeRow)] == ["void"]
        assert {row.id for row in work.session.query(SignalRow)} == {other}
    assert [(one.kind, one.state) for one in town.inbox(town.anna)] == [("void", "new")]
    assert notice.notice_id not in {one.notice_id for one in town.inbox(town.anna)}
    told = {(one.organisation_id, one.staff_id, one.about) for one in desk.tellings(request)}
    assert {(school.partner.id, None, signal_id), (desk.team.id, None, case_id)} <= told
    assert (desk.team.id, town.anna.id) in {(one[0], one[1]) for one in told}


def test_tra_10_each_recipient_is_told_and_the_moment_is_the_proof(desk: RightsDesk, school: Sender) -> None:
    town = desk.town
    town.case(town.anna, MILA)
    signal_id = town.signal(school, MILA)
    town.match()
    town.inbox(town.anna)
    request = desk.erase(school)
    assert {one.told_at for one in desk.tellings(request)} == {None}
    later = desk.later(hours=2)
    assert [(one.about, one.told_at) for one in desk.own_tellings(school)] == [(signal_id, None)]
    later.acknowledge(school)
    later.town.inbox(town.anna)
    with desk.database.work(SYSTEM, now=later.town.now) as work:
        assert telling.follow_tellings(work) == 1
    told = {one.staff_id or one.organisation_id: one.told_at for one in later.tellings(request)}
    assert told[school.partner.id] == told[town.anna.id] == later.town.now
    again = desk.later(hours=3)
    again.acknowledge(school)
    assert again.own_tellings(school)[0].told_at == later.town.now


def test_what_may_be_another_persons_is_left_alone(desk: RightsDesk, school: Sender) -> None:
    desk.town.signal(school, MILA)
    twin = desk.town.signal(school, TWIN)
    request = desk.file("erasure")
    desk.search(request)
    desk.ask(request)
    with desk.database.work(school.person, now=desk.town.now) as work:
        for one in advising.list_asked(work):
            advice = Advice.ANOTHER_PERSON if one.doubt else Advice.UNJUSTIFIED
            advising.give_advice(work, one.id, advice)
    desk.approve(desk.decide(request, GRANTED, Ground.UNJUSTIFIED))
    with desk.look() as work:
        assert {row.id for row in work.session.query(SignalRow)} == {twin}


@pytest.mark.parametrize("advice", [one for one in Advice if one is not Advice.ANOTHER_PERSON])
def test_mat_11_no_advice_makes_a_twins_signal_the_requesters(
    desk: RightsDesk, school: Sender, advice: Advice
) -> None:
    twin = desk.town.signal(school, TWIN)
    access, erasure = desk.file(), desk.file("erasure")
    for request in (access, erasure):
        desk.search(request)
        desk.ask(request)
    desk.advise(school, advice)
    desk.decide(access, GRANTED, Ground.ENTITLED)
    with desk.work(desk.officer) as work:
        report = make_report(work, access.id)
    assert (report.registered, report.doubtful) == ((), 1)
    desk.approve(desk.decide(erasure, GRANTED, Ground.UNJUSTIFIED))
    with desk.look() as work:
        assert work.session.get(SignalRow, twin) is not None


def test_mat_11_an_officer_confirms_what_was_compared_with_the_reporter(
    desk: RightsDesk, school: Sender
) -> None:
    doubtful = desk.town.signal(school, TWIN)
    request = desk.file("erasure")
    desk.search(request)
    with pytest.raises(JudgementNotAllowedError):
        desk.judge(request, doubtful)
    desk.ask(request)
    desk.advise(school, Advice.JUSTIFIED)
    with pytest.raises(JudgementNotAllowedError):
        desk.judge(request, doubtful, compared=Comparison.OWN_FILE)
    assert desk.judge(request, doubtful).findings[0].verdict is Verdict.CONFIRMED
    desk.advise(school, Advice.ANOTHER_PERSON)
    assert desk.found(request).findings[0].verdict is Verdict.REJECTED
    desk.advise(school, Advice.UNJUSTIFIED)
    assert desk.found(request).findings[0].verdict is Verdict.POSSIBLE
    desk.judge(request, doubtful)
    desk.approve(desk.decide(request, GRANTED, Ground.UNJUSTIFIED))
    with desk.look() as work:
        assert work.session.get(SignalRow, doubtful) is None


def test_mat_11_who_judges_has_the_file_and_is_not_the_casemanager(desk: RightsDesk, school: Sender) -> None:
    case_id = desk.town.case(desk.town.anna, TWIN)
    request = desk.file()
    desk.search(request)
    with desk.database.work(SYSTEM, now=desk.town.now) as work:
        work.session.get_one(CaseRow, case_id).casemanager = desk.officer.id
    with pytest.raises(OwnCaseError):
        desk.judge(request, case_id, compared=Comparison.OWN_FILE)
    judged = desk.judge(request, case_id, compared=Comparison.OWN_FILE, staff=desk.second)
    assert judged.findings[0].verdict is Verdict.CONFIRMED
    with pytest.raises(FindingMissingError), desk.work(desk.officer) as work:
        judging.judge_finding(work, request.id, uuid4(), Verdict.REJECTED, compared=Comparison.OWN_FILE)


def test_tra_09_what_a_second_person_decides_upon_is_exactly_what_was_proposed(
    desk: RightsDesk, school: Sender
) -> None:
    there = elsewhere(desk)
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        desks.appoint_desk(work, school.partner.id, desk_id=there.team.id)
    own = desk.town.case(desk.town.anna, MILA)
    first = desk.town.signal(school, MILA)
    request = desk.file("erasure")
    desk.search(request)
    with there.work(there.officer) as work:
        (part,) = desks.list_requests(work)
    there.ask(part)
    there.advise(school, Advice.UNJUSTIFIED)
    proposed = there.decide(part, GRANTED, Ground.UNJUSTIFIED)
    later = desk.town.signal(school, MILA)
    desk.search(request)  # the other desk, which adds what came since
    with pytest.raises(ProposalPendingError):
        there.search(part)
    there.approve(proposed)
    with desk.look() as work:
        assert {row.id for row in work.session.query(SignalRow)} == {later}
        assert work.session.get(CaseRow, own) is not None
    assert first != later


def test_tra_09_a_proposal_nobody_approved_in_time_opens_the_request_again(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, MILA)
    request = desk.file("erasure")
    desk.search(request)
    desk.ask(request)
    desk.advise(school)
    proposed = desk.decide(request, GRANTED, Ground.UNJUSTIFIED)
    with pytest.raises(ProposalPendingError):
        desk.ask(request)
    again = desk.later(days=15)
    assert again.found(request).state is RequestState.SEARCHED
    with pytest.raises(ChangeDecidedError):
        again.approve(proposed)


def test_tra_09_more_than_was_proposed_is_never_approved(desk: RightsDesk, school: Sender) -> None:
    signal_id, twin = desk.town.signal(school, MILA), desk.town.signal(school, TWIN)
    request = desk.file("erasure")
    desk.search(request)
    desk.ask(request)
    desk.advise(school)
    proposed = desk.decide(request, GRANTED, Ground.UNJUSTIFIED)
    with desk.database.work(SYSTEM, now=desk.town.now) as work:
        found = work.session.query(RightsFindingRow).filter_by(registration_id=twin)
        found.update({"verdict": Verdict.CONFIRMED.value})
    with pytest.raises(FindingsChangedError):
        desk.approve(proposed)
    with desk.look() as work:
        assert {row.id for row in work.session.query(SignalRow)} == {signal_id, twin}


def test_tra_05_without_a_recorded_desk_nobody_answers_in_its_place(desk: RightsDesk, school: Sender) -> None:
    desk.town.signal(school, MILA)
    request = desk.file()
    with pytest.raises(DeskNotRecordedError), desk.work(desk.officer) as work:
        searching.search(work, request.id)
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        assert {one.organisation_id for one in desks.list_gaps(work)} == {desk.team.id, school.partner.id}
    desk.search(request)
    alone = builders.admit_partner(desk.database, "rights_desk", now=desk.town.now)
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        assert [(one.organisation_id, one.reason) for one in desks.list_gaps(work)] == [
            (alone.id, desks.GapReason.FEW_OFFICERS)
        ]


def test_tra_09_erasing_takes_what_was_said_and_what_earlier_requests_found(
    desk: RightsDesk, school: Sender
) -> None:
    town = desk.town
    town.signal(school, MILA)
    earlier = desk.file()
    desk.search(earlier)
    desk.decide(earlier, GRANTED, Ground.ENTITLED)
    key, tokens = uuid4(), MILA
    body = builders.consent_body(town.keys, tokens, organisation_id=desk.team.id, key=key, now=town.now)
    with desk.work(desk.desk) as work:
        message = NewConsent.model_validate(body)
        record_consent(work, town.keys, message, idempotency_key=key, quota_per_day=50)
    town.lift(town.object(MILA))
    stands = town.object(MILA)
    desk.erase(school)
    with desk.look() as work:
        assert {row.registration_id for row in work.session.query(RightsFindingRow)} == {stands}
        assert rows(work, ConsentRow) == 0
        assert [row.id for row in work.session.query(ObjectionRow)] == [stands]
        assert {row.id for row in work.session.query(RegistrationRow)} == {stands}


def test_tra_09_what_was_said_stays_while_something_is_left_for_which_it_was_said(
    desk: RightsDesk, school: Sender
) -> None:
    there, town = elsewhere(desk), desk.town
    with desk.database.work(OPERATOR, now=town.now) as work:
        desks.appoint_desk(work, school.partner.id, desk_id=there.team.id)
    town.signal(school, MILA)
    town.case(town.anna, MILA)
    town.lift(town.object(MILA))
    request = desk.file("erasure")
    desk.search(request)
    with there.work(there.officer) as work:
        (part,) = desks.list_requests(work)
    desk.approve(desk.decide(request, GRANTED, Ground.WRONG_PERSON))
    with desk.look() as work:
        assert rows(work, ObjectionRow) == 1
    there.ask(part)
    there.advise(school)
    there.approve(there.decide(part, GRANTED, Ground.WRONG_PERSON))
    with desk.look() as work:
        assert (rows(work, ObjectionRow), rows(work, RegistrationRow)) == (0, 0)


def test_two_desks_that_decide_at_once_let_the_pseudonyms_go(desk: RightsDesk, school: Sender) -> None:
    there = elsewhere(desk)
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        desks.appoint_desk(work, school.partner.id, desk_id=there.team.id)
    desk.town.signal(school, MILA)
    desk.town.case(desk.town.anna, MILA)
    request = desk.file()
    desk.search(request)
    with there.work(there.officer) as work:
        (part,) = desks.list_requests(work)
    with ThreadPoolExecutor() as pool:
        with desk.work(desk.officer) as work:
            deciding.decide(work, request.id, outcome=GRANTED, ground=Ground.ENTITLED)
            other = pool.submit(there.decide, part, GRANTED, Ground.ENTITLED)
            wait([other], timeout=0.5)
            assert not other.done()
        other.result(timeout=30)
    with desk.look() as work:
        assert work.session.get(RegistrationRow, request.id) is None


def test_an_erased_signal_does_not_come_back_when_its_post_is_repeated(
    desk: RightsDesk, school: Sender
) -> None:
    key = uuid4()
    post = new_post(desk.town.keys, MILA, sender=school, now=desk.town.now, key=key)

    def send() -> object:
        with desk.database.work(school.caller, now=desk.town.now) as work:
            return accept(work, [post], signer=SigningKey(bytes(32)))[0]

    send()
    desk.erase(school)
    assert isinstance(send(), SignalKeyUsedError)
    with desk.look() as work:
        assert rows(work, SignalRow) == 0


def test_tra_09_on_another_ground_it_is_only_made_inactive(desk: RightsDesk, school: Sender) -> None:
    signal_id = desk.town.signal(school, MILA)
    request = desk.file("erasure")
    desk.search(request)
    desk.ask(request)
    desk.advise(school, Advice.REASON_GONE)
    assert desk.decide(request, GRANTED, Ground.REASON_GONE).state is RequestState.DECIDED
    with desk.look() as work:
        signal = work.session.get_one(SignalRow, signal_id)
        assert (signal.state, signal.ended_at) == (SignalState.WITHDRAWN, desk.town.now)
        assert work.session.get(RegistrationRow, signal_id) is not None


def test_what_lies_beside_the_log_is_erased_and_who_acted_stays(desk: RightsDesk, school: Sender) -> None:
    signal_id = desk.town.signal(school, MILA)
    other = desk.town.signal(school, everything("somebody else"))
    desk.erase(school)
    assert destroy_requested(desk.database) >= 1
    with desk.look() as work:
        subjects, actors = audit_values(work, "subject"), audit_values(work, "actor")
        events = work.session.query(AuditPrivateRow).count()
    assert not [one for one in subjects if str(signal_id).encode() in one]
    assert [one for one in subjects if str(other).encode() in one]
    assert len(actors) == events > len(subjects)
