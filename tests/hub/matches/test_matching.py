"""Matching: who meets, who is told, who is not, and what is taken back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from hub.audit.destruction import destroy_requested
from hub.matches.handing import answer_hand_over, hand_over
from hub.matches.models import MatchRow
from hub.matches.overdue import return_overdue
from hub.matches.service import accept_intake, acknowledge, list_intake, list_possible
from hub.matches.states import HandOverState
from hub.matches.store import add_matches
from hub.notices.service import Notice, NoticeState
from hub.partners.staffing import end_staff
from service.work import OPERATOR, SYSTEM, Caller, Role
from tests import builders
from tests.builders import Sender, Town, authorise_staff, everything, staff_caller

JAN, PIET = everything("jan"), everything("piet")
SIBLING = {**everything("jan-junior"), "A": "jan", "C": "jan", "D": "jan"}


def states(town: Town) -> list[str]:
    with town.database.look(SYSTEM) as work:
        return list(work.session.scalars(text("SELECT state FROM person_match ORDER BY created_at, id")))


def events(town: Town, code: str) -> int:
    with town.database.look(SYSTEM) as work:
        leaves = work.session.scalars(text("SELECT leaf FROM audit_event")).all()
    return sum(f'"{code}"'.encode() in bytes(leaf) for leaf in leaves)


def intake(town: Town) -> list[tuple[str | None, ...]]:
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        return [item.partners for item in list_intake(work)]


def kinds(notices: list[Notice]) -> list[tuple[str, str]]:
    return sorted((notice.kind, notice.state) for notice in notices)


def test_a_signal_that_meets_a_case_reaches_its_casemanager_once(town: Town, school: Sender) -> None:
    case_id = town.case(town.anna, JAN)
    signal_id = town.signal(school, JAN)
    town.signal(school, PIET)
    town.match()
    town.match()
    (notice,) = town.inbox(town.anna)
    assert (notice.kind, notice.case_id, notice.state) == ("match", case_id, "new")
    assert (notice.partner, notice.reporter_contact) == ("De Linde", None)
    assert notice.handle == signal_id
    assert notice.verify_person
    assert not town.inbox(town.bram)
    assert not town.inbox(town.lead)
    assert states(town) == ["open"]
    assert events(town, "match.created") == 1
    # May she be told, may its sender hear of it: when it was matched, and anew when it was shown.
    assert events(town, "telling.decided") == 4


def test_it_does_not_matter_who_comes_first(town: Town, school: Sender) -> None:
    town.signal(school, JAN)
    town.match()
    assert states(town) == []
    town.case(town.anna, JAN)
    town.match()
    assert kinds(town.inbox(town.anna)) == [("match", "new")]


def test_a_match_on_the_service_number_needs_no_verification(town: Town) -> None:
    care = builders.sender(town.database, "youth_care", now=town.now)
    town.case(town.anna, {**JAN, "bsn": "1"})
    town.signal(care, {**PIET, "bsn": "1"})
    town.match()
    (notice,) = town.inbox(town.anna)
    assert not notice.verify_person


def test_the_police_are_shown_as_an_organisation_without_a_person(town: Town, police: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(police, JAN)
    town.match()
    (notice,) = town.inbox(town.anna)
    assert (notice.level, notice.partner, notice.reporter_contact) == (2, "Basisteam Oost", None)


def test_con_14_the_marker_of_the_police_travels_to_who_hears_and_to_whom_they_pass_it_on(
    town: Town, police: Sender, school: Sender
) -> None:
    town.case(town.anna, JAN)
    town.signal(police, JAN)
    town.signal(school, JAN)
    town.match()
    assert {one.partner: one.police_origin for one in town.inbox(town.anna)} == {
        "Basisteam Oost": True,
        "De Linde": False,
    }
    (told,) = (one for one in town.inbox(town.anna) if one.police_origin)
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        acknowledge(work, told.notice_id, outcome=NoticeState.ACKNOWLEDGED)
        hand_over(work, told.match_id, town.bram.id)
    with town.database.work(staff_caller(town.bram), now=town.now) as work:
        view = answer_hand_over(work, told.match_id, HandOverState.ACCEPTED)
    assert view is not None
    assert [handle.police_origin for handle in view.handles] == [True]


def test_con_14_in_a_pair_of_signals_only_the_one_of_the_police_is_marked(
    town: Town, police: Sender, school: Sender
) -> None:
    marked = {town.signal(police, JAN): True, town.signal(school, JAN): False}
    town.match()
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        (item,) = list_intake(work)
        accepted = accept_intake(work, item.item_id)
    assert accepted is not None
    assert item.police_origin
    assert {one.signal_id: one.police_origin for one in accepted.handles} == marked


def test_two_signals_of_one_organisation_never_meet(town: Town, school: Sender) -> None:
    town.signal(school, JAN)
    town.signal(school, JAN)
    town.match()
    assert states(town) == []


def test_a_team_never_meets_its_own_case(town: Town) -> None:
    reporter = authorise_staff(town.database, town.team, "casemanager", now=town.now)
    own = Sender(town.team, reporter, Caller(Role.PARTNER, town.team.id, None, "client-1"))
    town.case(town.anna, JAN)
    town.signal(own, JAN, legalBasis="JW_WMO_TASK")
    town.match()
    assert states(town) == []


def test_signals_that_are_not_active_together_never_meet(town: Town, school: Sender, police: Sender) -> None:
    signal_id = town.signal(school, JAN)
    town.withdraw(school, signal_id)
    town.signal(police, JAN)
    town.match()
    assert states(town) == []


def test_two_organisations_without_a_case_come_to_the_team(
    town: Town, school: Sender, police: Sender
) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    assert sorted(intake(town)[0]) == ["education", "safety"]
    assert kinds(town.inbox(town.lead)) == [("intake", "new")]
    (notice,) = town.inbox(town.lead)
    assert (notice.partner, notice.contact_date, notice.handle, notice.level) == (None, None, None, 0)
    assert not town.inbox(town.anna)


def test_a_case_that_comes_later_closes_the_intake(town: Town, school: Sender, police: Sender) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    assert kinds(town.inbox(town.lead)) == [("intake", "new")]
    town.case(town.anna, JAN)
    town.match()
    assert intake(town) == []
    assert kinds(town.inbox(town.anna)) == [("match", "new"), ("match", "new")]
    assert kinds(town.inbox(town.lead)) == [("intake", "void")]


def test_a_case_that_is_closed_gives_its_signals_back_to_the_team(
    town: Town, school: Sender, police: Sender
) -> None:
    case_id = town.case(town.anna, JAN)
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    assert intake(town) == []
    town.close(town.anna, case_id)
    town.match()
    assert len(intake(town)) == 1
    town.case(town.bram, JAN)
    town.match()
    assert intake(town) == []
    assert kinds(town.inbox(town.bram)) == [("match", "new"), ("match", "new")]


def test_a_casemanager_who_left_has_the_team_hear_instead(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    with town.database.work(OPERATOR, now=town.now) as work:
        end_staff(work, town.anna.id)
    town.signal(school, JAN)
    town.match()
    assert intake(town) == [("education",)]


def test_a_withdrawn_signal_stops_a_notice_that_nobody_saw(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    signal_id = town.signal(school, JAN)
    town.match()
    town.withdraw(school, signal_id)
    town.match()
    assert town.inbox(town.anna) == []
    assert states(town) == ["void"]
    with town.database.look(SYSTEM) as work:
        assert not work.session.scalar(text("SELECT count(*) FROM notice_mail WHERE state = 'waiting'"))


def test_a_withdrawn_signal_is_taken_back_from_who_saw_it(town: Town, school: Sender) -> None:
    case_id = town.case(town.anna, JAN)
    signal_id = town.signal(school, JAN)
    town.match()
    town.inbox(town.anna)
    town.withdraw(school, signal_id, "unjustified")
    town.match()
    told = {notice.kind: notice for notice in town.inbox(town.anna)}
    assert (told["match"].state, told["void"].state) == ("void", "new")
    assert told["void"].case_id == case_id
    assert (told["match"].partner, told["match"].contact_date, told["match"].handle) == (None, None, None)
    assert events(town, "match.voided") == 1
    with town.database.look(SYSTEM) as work:
        kept = "SELECT signal_id, sender_id, reporter, contact_on, signal_kind FROM notice"
        assert {tuple(row) for row in work.session.execute(text(kept))} == {(None,) * 5}


def test_what_the_log_says_of_a_match_goes_with_either_of_its_registrations(
    town: Town, school: Sender, police: Sender
) -> None:
    town.case(town.anna, JAN)
    gone, kept = town.signal(school, JAN), town.signal(police, JAN)
    town.match()
    town.inbox(town.anna)
    with town.database.look(SYSTEM) as work:
        matches = {row.id for row in work.session.query(MatchRow) if gone in (row.signal_id, row.other_id)}
        said = b"".join(builders.audit_values(work, "subject"))
    assert matches
    assert all(str(one).encode() in said for one in (gone, kept, *matches))
    town.withdraw(school, gone, "unjustified")
    town.match()
    assert destroy_requested(town.database)
    with town.database.look(SYSTEM) as work:
        said = b"".join(builders.audit_values(work, "subject"))
    assert str(kept).encode() in said
    assert not [one for one in (gone, *matches) if str(one).encode() in said]


def test_an_objection_holds_a_match_and_nobody_hears(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.object(JAN)
    town.signal(school, JAN)
    town.match()
    assert states(town) == ["held"]
    assert town.inbox(town.anna) == []
    assert events(town, "match.held") == 1


def test_an_objection_on_one_doubtful_key_holds_too(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.object({**PIET, "C": "jan"})
    town.signal(school, JAN)
    town.match()
    assert states(town) == ["held"]


def test_an_objection_takes_back_what_was_told_and_lifting_it_tells_again(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(school, JAN)
    town.match()
    assert kinds(town.inbox(town.anna)) == [("match", "new")]
    objection_id = town.object(JAN)
    town.match()
    assert kinds(town.inbox(town.anna)) == [("match", "void"), ("void", "new")]
    town.lift(objection_id)
    town.match()
    assert kinds(town.inbox(town.anna)) == [("match", "new"), ("void", "void")]
    assert states(town) == ["open"]


def test_a_signal_without_notice_to_the_person_is_held(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(school, JAN, subjectNotice="pending")
    town.match()
    assert states(town) == ["held"]
    assert town.inbox(town.anna) == []


def test_a_possible_match_waits_for_a_human_and_shows_nothing(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(school, SIBLING)
    town.match()
    assert states(town) == ["possible"]
    assert town.inbox(town.anna) == []
    (notice,) = town.inbox(town.lead)
    assert (notice.kind, notice.partner, notice.contact_date) == ("possible", None, None)
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        (one,) = list_possible(work)
    assert (one.partner, one.brackets) == ("education", ("12-15",))


def test_without_an_intake_team_a_match_is_held_and_not_lost(
    town: Town, school: Sender, police: Sender
) -> None:
    with town.database.writer.begin() as connection:
        connection.execute(text("UPDATE team SET takes_intake = false"))
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    assert states(town) == ["held"]
    with town.database.writer.begin() as connection:
        connection.execute(text("UPDATE team SET takes_intake = true"))
    tomorrow = town.later(days=1, minutes=1)
    with town.database.work(SYSTEM, now=tomorrow.now) as work:
        return_overdue(work)
    tomorrow.match()
    assert states(town) == ["open"]
    assert len(intake(tomorrow)) == 1


def test_three_organisations_are_three_pairs_and_no_cluster(
    town: Town, school: Sender, police: Sender
) -> None:
    office = builders.sender(town.database, "school_attendance", now=town.now)
    for sender in (school, police, office):
        town.signal(sender, JAN)
    town.match()
    assert len(intake(town)) == 3


def test_agreement_is_not_carried_on_to_a_third_and_yet_nobody_is_lost(
    town: Town, school: Sender, police: Sender
) -> None:
    case_id: UUID = town.case(town.anna, {"F": "x", "A": "x"})
    town.signal(school, {"F": "x", "A": "x", "H": "y", "B": "y"})
    town.signal(police, {"H": "y", "B": "y"})
    town.match()
    assert [notice.case_id for notice in town.inbox(town.anna)] == [case_id]
    assert states(town) == ["open", "open"]
    assert len(intake(town)) == 1


def test_a_pair_has_one_match_ever_also_without_the_lock(town: Town) -> None:
    def row(match_id: UUID) -> MatchRow:
        return MatchRow(
            id=match_id,
            signal_id=UUID(int=1),
            other_id=UUID(int=2),
            state="open",
            verdict="same",
            agreed="F H",
            level=1,
            police_origin=False,
            created_at=town.now,
            checked_at=town.now,
        )

    added = []
    for match_id in (UUID(int=3), UUID(int=4)):
        with town.database.work(SYSTEM, now=town.now) as work:
            added.append(add_matches(work.session, [row(match_id)]))
    assert added == [{UUID(int=3)}, set()]
