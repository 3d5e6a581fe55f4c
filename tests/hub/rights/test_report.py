"""The report of a request for access: all of the requester, nothing of anybody else, readable as a letter."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pypdfium2
import pytest

from hub.consent.explanation import Language
from hub.consent.facts import Fact
from hub.matches.handing import hand_over
from hub.matches.intake import list_intake
from hub.matches.models import MatchViewerRow
from hub.matches.overdue import return_overdue
from hub.matches.owning import acknowledge, list_owned
from hub.matches.viewers import SeenOn
from hub.notices.service import NoticeState
from hub.partners.mandates import give_mandate
from hub.retention.terms import default_terms
from hub.rights import advising
from hub.rights.advising import list_asked
from hub.rights.errors import NotSearchedError, RequestMissingError
from hub.rights.letter import write_letter
from hub.rights.letter_texts import about_whom
from hub.rights.models import RightsFindingRow
from hub.rights.report_schemas import write_report
from hub.rights.reporting import Report, make_report
from hub.rights.telling import follow_tellings
from hub.rights.values import Advice, Authority, Ground, Outcome, Request
from hub.rights.wording import ACTS, BASES, ROLES, say, say_fact
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender, everything, staff_caller
from tests.hub.informing.acts import tell_later
from tests.hub.rights.conftest import MILA, RightsDesk

OFFICE = {"searched", "printed"}
TWIN = {**everything("twin"), "A": "mila", "C": "mila", "D": "mila"}


@pytest.fixture
def school(desk: RightsDesk) -> Sender:
    """A school with a name of its own."""
    return builders.sender(desk.database, "school", now=desk.town.now, name="Scholengroep De Linde")


def read(desk: RightsDesk, request: Request) -> Report:
    """Make the report as an officer."""
    with desk.work(desk.officer) as work:
        return make_report(work, request.id)


def told_town(desk: RightsDesk, school: Sender) -> UUID:
    """Mila is in Anna's caseload, the school left a signal, and Anna read of it."""
    desk.town.case(desk.town.anna, MILA)
    signal_id = desk.town.signal(school, MILA)
    desk.town.match()
    assert len(desk.town.inbox(desk.town.anna)) == 1
    return signal_id


def text_of(letter: bytes) -> str:
    """Read all text of a PDF."""
    with pypdfium2.PdfDocument(letter) as document:
        pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return " ".join(" ".join(pages).split())


def test_tra_08_the_report_says_who_signalled_who_was_told_who_looked_and_why(
    desk: RightsDesk, school: Sender
) -> None:
    told_town(desk, school)
    desk.town.object(everything("somebody else"))
    request = desk.file()
    desk.search(request)
    report = read(desk, request)
    case, signal = report.registered
    assert (signal.organisation, signal.contact_on) == ("Scholengroep De Linde", date(2026, 11, 17))
    assert (signal.legal_basis, signal.state, signal.until_on) == ("JW_7_1_4_1", "active", date(2027, 11, 18))
    assert (case.kind, case.organisation) == ("case", "Wijkteam Oost")
    (told,) = report.told
    assert (told.organisation, told.role, told.act, told.on) == (
        "Wijkteam Oost", "casemanager", "notice", date(2026, 11, 18),
    )  # fmt: skip
    assert [(one.role, one.act) for one in report.looked] == [
        ("rights_officer", "printed"),
        ("rights_officer", "searched"),
    ]
    assert {one.allowed for one in report.weighed} == {True, False}
    assert report.said == ()


def test_sig_12_the_letter_names_who_brought_it_and_that_one_is_asked_for_advice(
    desk: RightsDesk, school: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = desk.town
    health = builders.sender(desk.database, "youth_health", now=town.now, name="GGD Polderland")
    with desk.database.work(OPERATOR, now=town.now) as work:
        days = {"begins": date(2026, 9, 1), "ends": date(2027, 8, 31)}
        give_mandate(work, school.partner.id, to=health.partner.id, **days)
    named = {"submittedBy": str(health.reporter.id), "onBehalfOf": str(school.partner.id)}
    town.signal(health, MILA, reporter=str(school.reporter.id), **named)
    other = builders.sender(desk.database, "school", now=town.now)
    town.later(minutes=1).signal(other, MILA)
    desk = desk.later(minutes=2)
    access, request = desk.file(), desk.file("erasure")
    desk.found(access)
    with desk.work(desk.officer) as work:
        report = make_report(work, access.id)
        letter = text_of(write_letter(report, language=Language.DUTCH))
    assert [(one.number, one.brought_by) for one in report.registered] == [(1, "GGD Polderland"), (2, None)]
    assert "Signaal 1, van Scholengroep De Linde Doorgegeven door GGD Polderland" in letter
    desk.found(request)
    desk.ask(request)
    for sender, asked in ((health, 1), (school, 1), (builders.sender(desk.database, now=town.now), 0)):
        with desk.database.work(sender.person, now=town.now) as work:
            assert len(list_asked(work)) == asked
    # What the school signalled itself does not take the place, on a short list, of what was brought for it.
    monkeypatch.setattr(advising, "PAGE", 1)
    with desk.database.work(health.person, now=town.now) as work:
        [brought] = work.session.query(RightsFindingRow).where(RightsFindingRow.id == list_asked(work)[0].id)
        first = {"id": uuid4(), "registration_id": uuid4(), "advise_by": date(2026, 1, 1)}
        columns = RightsFindingRow.__table__.columns.keys()
        row = RightsFindingRow(**{name: getattr(brought, name) for name in columns} | first)
        work.session.add(row)
        work.session.flush()
        assert [one.registration_id for one in list_asked(work)] == [brought.registration_id]
        work.session.delete(row)
    monkeypatch.undo()
    # Who may bring for the same school did not bring this.
    also = builders.sender(desk.database, "youth_health", now=town.now)
    clerk = builders.authorise_staff(desk.database, also.partner, "partner_coordinator", now=town.now)
    with desk.database.work(OPERATOR, now=town.now) as work:
        give_mandate(work, school.partner.id, to=also.partner.id, **days)
    with desk.database.work(staff_caller(clerk), now=town.now) as work:
        assert list_asked(work) == []
    desk.advise(health, Advice.UNJUSTIFIED)
    with desk.look() as work:
        advised = [one.advice for one in work.session.query(RightsFindingRow) if one.advice]
    assert advised == [Advice.UNJUSTIFIED]
    desk.advise(other)
    desk.approve(desk.decide(request, Outcome.GRANTED, Ground.UNJUSTIFIED))
    told = {one.organisation_id for one in desk.tellings(request)}
    assert told >= {school.partner.id, health.partner.id, other.partner.id}


def test_tra_08_the_letter_says_of_which_signal_somebody_heard(desk: RightsDesk, school: Sender) -> None:
    told_town(desk, school)
    town = desk.town.later(hours=1)
    town.signal(builders.sender(desk.database, "youth_care", now=town.now, name="Jeugdhulp West"), MILA)
    town.match()
    assert len(town.inbox(town.anna)) == 2
    later = desk.later(hours=2)
    request = later.file()
    later.search(request)
    report = read(later, request)
    assert [one.about for one in report.told] == [(1,), (2,)]
    assert [(one.number, one.organisation) for one in report.registered if one.number] == [
        (1, "Scholengroep De Linde"),
        (2, "Jeugdhulp West"),
    ]
    letter = text_of(write_letter(report, language=Language.ENGLISH))
    assert "of signal 1" in letter
    assert "of signal 2" in letter


def test_tra_10_who_heard_before_it_stood_again_is_in_the_letter_and_hears_of_an_erasure(
    desk: RightsDesk, school: Sender
) -> None:
    told_town(desk, school)
    objection = desk.town.object(MILA)
    desk.town.match()
    assert "void" in {one.kind for one in desk.town.inbox(desk.town.anna)}
    desk.town.lift(objection)
    desk.town.match()
    access, erasure = desk.file(), desk.file("erasure")
    desk.search(access)
    assert [(one.act, one.on) for one in read(desk, access).told] == [("notice", date(2026, 11, 18))]
    desk.search(erasure)
    desk.ask(erasure)
    desk.advise(school)
    desk.approve(desk.decide(erasure, Outcome.GRANTED, Ground.UNJUSTIFIED))
    desk.town.match()
    for heard in (False, True):
        if heard:
            assert "void" in {one.kind for one in desk.town.inbox(desk.town.anna)}
        with desk.work(desk.officer) as work:
            follow_tellings(work)
        (told,) = [one for one in desk.tellings(erasure) if one.staff_id == desk.town.anna.id]
        # That she saw the first taking back is no proof that she heard of this one.
        assert (told.told_at is not None) == heard


def test_tra_08_who_saw_a_number_on_a_list_looked_and_their_organisation_is_told(
    desk: RightsDesk, school: Sender
) -> None:
    town = desk.town
    other = builders.sender(desk.database, "youth_care", now=town.now)
    town.signal(school, MILA), town.signal(other, MILA)
    town.match()
    for days in (0, 1, 2):
        with desk.database.work(staff_caller(town.bram), now=town.later(days=days).now) as work:
            assert len(list_intake(work)) == 1
    request, erasure = desk.file(), desk.file("erasure")
    desk.search(request)
    assert [(one.role, one.act, one.on) for one in read(desk, request).looked if one.act not in OFFICE] == [
        ("casemanager", "intake_list", date(2026, 11, 18)),
        ("casemanager", "intake_list", date(2026, 11, 20)),
    ]
    desk.search(erasure)
    desk.ask(erasure)
    for sender in (school, other):
        desk.advise(sender)
    desk.approve(desk.decide(erasure, Outcome.GRANTED, Ground.UNJUSTIFIED))
    assert desk.team.id in {one.organisation_id for one in desk.tellings(erasure) if one.staff_id is None}
    with desk.look() as work:
        assert work.session.query(MatchViewerRow).count() == 0


def test_tra_08_a_number_of_what_is_withheld_is_on_nobodys_list_in_the_letter(
    desk: RightsDesk, school: Sender
) -> None:
    request = told_later(desk, school)
    with desk.database.work(staff_caller(desk.town.anna), now=desk.town.now) as work:
        assert len(list_owned(work)) == 1
    assert {one.act for one in read(desk, request).looked} == OFFICE


def test_tra_08_nothing_of_another_person_and_no_staff_is_in_the_report(
    desk: RightsDesk, school: Sender
) -> None:
    told_town(desk, school)
    other = builders.sender(desk.database, "youth_care", now=desk.town.now, name="Jeugdhulp Elders")
    desk.town.signal(other, TWIN)
    desk.town.signal(other, everything("somebody else"))
    request = desk.file()
    desk.search(request)
    report = read(desk, request)
    assert report.doubtful == 1
    written = write_report(report).model_dump_json()
    letter = text_of(write_letter(report))
    for found in (written, letter):
        assert "Jeugdhulp Elders" not in found
        for staff in (desk.town.anna, desk.town.lead, desk.officer, school.reporter):
            assert str(staff.id) not in found


def test_the_letter_is_plain_in_both_languages_and_ends_with_what_one_can_do(
    desk: RightsDesk, school: Sender
) -> None:
    told_town(desk, school)
    request = desk.file()
    desk.search(request)
    report = read(desk, request)
    dutch, english = (text_of(write_letter(report, language=language)) for language in Language)
    for words in (
        "Scholengroep De Linde",
        "17 november 2026",
        "casemanager",
        "zes weken",
        "cliëntondersteuner",
    ):
        assert words in dutch
    for words in ("Scholengroep De Linde", "17 November 2026", "six weeks", "Data Protection Authority"):
        assert words in english
    for rule in ("signal", "match", "consent"):
        assert default_terms().get_rule(rule).nl in dutch


def test_tra_08_whoever_searched_before_stands_among_those_who_looked_and_who_prints_did_not_search(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.signal(school, TWIN)
    desk.search(desk.file(tokens=TWIN), staff=desk.second)
    later = desk.later(days=3)
    request = later.file()
    (doubtful,) = later.found(request).findings
    later.ask(request)
    later.advise(school)
    later.judge(request, doubtful.registration_id)
    later.decide(request, Outcome.GRANTED, Ground.ENTITLED)
    last = desk.later(days=5)
    with last.work(desk.desk) as work:
        report = make_report(work, request.id)
    assert {(one.on.day, one.role, one.act) for one in report.looked} == {
        (18, "rights_officer", "searched"),
        (21, "rights_officer", "searched"),
        (21, "rights_officer", "judged"),
        (21, "reporter", "advised"),
        (23, "desk", "printed"),
    }
    assert "rechtbank" in text_of(write_letter(report))


def test_a_letter_without_findings_says_so(desk: RightsDesk) -> None:
    request = desk.file()
    desk.search(request)
    assert "geen signalen gevonden" in text_of(write_letter(read(desk, request)))


def test_the_desk_prints_what_was_decided_and_not_before(desk: RightsDesk, school: Sender) -> None:
    desk.town.signal(school, MILA)
    request = desk.file()
    with pytest.raises(NotSearchedError):
        read(desk, request)
    desk.search(request)

    def print_it() -> Report:
        with desk.work(desk.desk) as work:
            return make_report(work, request.id)

    with pytest.raises(NotSearchedError):
        print_it()
    desk.decide(request, Outcome.GRANTED, Ground.ENTITLED)
    assert len(print_it().registered) == 1


def test_only_a_request_for_access_at_the_own_desk_gives_a_report(desk: RightsDesk) -> None:
    erasure = desk.file("erasure")
    desk.search(erasure)
    with pytest.raises(RequestMissingError):
        read(desk, erasure)


def told_later(desk: RightsDesk, school: Sender, code: str = "investigation") -> Request:
    """Anna heard of a signal of which Mila need not be told yet, and Mila asks what there is."""
    desk.town.case(desk.town.anna, MILA)
    tell_later(desk.town, school, desk.town.signal(school, MILA, subjectNotice="pending"), code=code)
    desk.town.match()
    assert len(desk.town.inbox(desk.town.anna)) == 1
    request = desk.file()
    desk.search(request)
    return request


def test_tra_04_a_signal_under_an_exception_is_not_in_the_answer_nor_shows_in_it(
    desk: RightsDesk, school: Sender
) -> None:
    request = told_later(desk, school)
    before = read(desk, request)
    assert before.withheld == 1
    desk.decide(request, Outcome.GRANTED, Ground.ENTITLED)
    report = read(desk, request)
    assert [one.kind for one in report.registered] == ["case"]
    assert (report.told, report.weighed, report.doubtful, report.withheld) == ((), (), 0, None)
    assert {one.act for one in report.looked} == OFFICE
    for found in (write_report(report).model_dump_json(), text_of(write_letter(report))):
        assert "De Linde" not in found


@pytest.mark.parametrize("language", Language)
def test_tra_04_the_letter_says_the_same_whether_something_is_left_out_or_not(
    desk: RightsDesk, school: Sender, language: Language
) -> None:
    without = desk.file(tokens=everything("nobody known"))
    desk.search(without)
    tell_later(desk.town, school, desk.town.signal(school, MILA, subjectNotice="pending"))
    withheld = desk.file()
    desk.search(withheld)
    one, other = (
        text_of(write_letter(read(desk, request), language=language)).replace(str(request.id)[:8], "")
        for request in (without, withheld)
    )
    assert one == other
    assert "41 van de Uitvoeringswet" in one or "41 of the Dutch GDPR" in one


def test_tra_04_the_officer_may_answer_in_full(desk: RightsDesk, school: Sender) -> None:
    request = told_later(desk, school)
    desk.decide(request, Outcome.GRANTED, Ground.ENTITLED_IN_FULL)
    report = read(desk, request)
    assert {one.kind for one in report.registered} == {"case", "signal"}
    assert [one.act for one in report.told] == ["notice"]


def test_tra_04_an_answer_after_the_exception_names_the_signal(desk: RightsDesk, school: Sender) -> None:
    told_later(desk, school)
    for days, kinds in ((28, {"case"}), (29, {"case", "signal"})):
        later = desk.later(days=days)
        request = later.file()
        later.search(request)
        assert {one.kind for one in read(later, request).registered} == kinds


def test_tra_04_who_could_not_be_reached_and_asks_is_answered(desk: RightsDesk, school: Sender) -> None:
    report = read(desk, told_later(desk, school, code="not_to_be_reached"))
    assert {one.kind for one in report.registered} == {"case", "signal"}
    assert report.withheld == 0


def test_the_same_decision_over_days_is_said_once(desk: RightsDesk, school: Sender) -> None:
    told_town(desk, school)
    lifted = desk.later(days=2).town
    objection = lifted.object(MILA)
    lifted.match()
    lifted.lift(objection)
    desk.later(days=3).town.match()
    later = desk.later(days=3)
    request = later.file()
    later.search(request)
    allowed = [one for one in read(later, request).weighed if one.allowed]
    assert [(one.first_on, one.replaced_on, one.replaced_by) for one in allowed] == [
        (date(2026, 11, 18), date(2026, 11, 20), False),
        (date(2026, 11, 21), None, None),
    ]


def test_what_stands_for_weeks_is_said_until_it_was_last_weighed(desk: RightsDesk, school: Sender) -> None:
    desk.town.case(desk.town.anna, MILA)
    desk.town.signal(school, MILA, subjectNotice="pending")
    desk.town.match()
    later = desk
    for _ in range(3):
        later = later.later(days=2)
        with later.database.work(SYSTEM, now=later.town.now) as work:
            return_overdue(work)
        later.town.match()
    request = later.file()
    later.search(request)
    (one,) = read(later, request).weighed
    assert (one.allowed, one.last_on - one.first_on) == (False, timedelta(days=6))


@pytest.mark.parametrize("language", Language)
def test_every_code_has_its_words(language: Language) -> None:
    for fact in Fact:
        assert say_fact(fact.value, language) != fact.value
    for words in (BASES, ACTS, ROLES):
        assert all(say(words, code, language) for code in words)
    assert all(seen.value in ACTS for seen in SeenOn)
    assert "LATER_BASIS" in say(BASES, "LATER_BASIS", language)
    assert about_whom("representative", Authority.CURATOR, language) != about_whom(
        "representative", Authority.PARENTAL, language
    )


@pytest.mark.parametrize(("language", "today"), [(Language.DUTCH, "vandaag"), (Language.ENGLISH, "today")])
def test_a_letter_looks_back(language: Language, today: str) -> None:
    assert [fact for fact in Fact if today in say_fact(fact.value, language)] == []


def test_tra_10_whoever_was_asked_to_take_over_and_did_not_is_in_the_letter_too(
    desk: RightsDesk, school: Sender
) -> None:
    told_town(desk, school)
    (notice,) = desk.town.inbox(desk.town.anna)
    with desk.database.work(staff_caller(desk.town.anna), now=desk.town.now) as work:
        acknowledge(work, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
        hand_over(work, notice.match_id, desk.town.bram.id)
    assert [one.kind for one in desk.town.inbox(desk.town.bram)] == ["hand_over"]
    request = desk.file()
    desk.search(request)
    told = [(one.act, one.level, one.about) for one in read(desk, request).told]
    assert ("asked", 0, (1,)) in told
    assert len(told) == 2
