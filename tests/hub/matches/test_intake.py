"""What waits for a human: the intake, and possible matches."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import text

from hub.matches.errors import (
    IntakeMissingError,
    IntakeTakenError,
    MatchJudgedError,
    MatchMissingError,
    NotEligibleError,
)
from hub.matches.service import (
    Accepted,
    Judgement,
    accept_intake,
    acknowledge,
    decide_possible,
    list_intake,
    list_possible,
    return_overdue,
)
from hub.notices.errors import NoticeClosedError
from hub.notices.service import NoticeState
from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import Staff
from hub.subjects.service import enqueue
from hub.teams.administration import set_profile
from hub.teams.values import EmployerKind, Profile
from service.database import Database
from service.errors import DatError
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender, Town, everything, staff_caller

JAN = everything("jan")
DOUBT = {**everything("jan-junior"), "A": "jan", "C": "jan"}


def item_of(town: Town, staff: Staff | None = None) -> UUID:
    with town.database.work(staff_caller(staff or town.lead), now=town.now) as work:
        (item,) = list_intake(work)
    return item.item_id


def accept(town: Town, staff: Staff, item_id: UUID, database: Database | None = None) -> Accepted:
    with (database or town.database).work(staff_caller(staff), now=town.now) as work:
        accepted = accept_intake(work, item_id)
    if accepted is None:
        raise IntakeTakenError
    return accepted


def doubt(town: Town) -> UUID:
    """The match that the lead has to judge, as it stands on the list."""
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        return list_possible(work)[0].match_id


def judge(
    town: Town, judgement: Judgement, staff: Staff | None = None, *, match_id: UUID | None = None
) -> None:
    match_id = match_id or doubt(town)
    with town.database.work(staff_caller(staff or town.lead), now=town.now) as work:
        decide_possible(work, match_id, judgement)


def recorded(town: Town, code: str) -> list[bytes]:
    with town.database.look(SYSTEM) as work:
        rows = work.session.execute(text("SELECT event_id, leaf FROM audit_event")).all()
        ids = [bytes(event_id) for event_id, leaf in rows if f'"{code}"'.encode() in bytes(leaf)]
        return builders.audit_values(work, "subject", ids)


def test_rou_18_who_is_employed_by_a_provider_takes_nothing_and_learns_nothing(
    town: Town, school: Sender, police: Sender
) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    with town.database.work(OPERATOR, now=town.now) as work:
        set_profile(work, town.anna.id, Profile(employer=EmployerKind.PROVIDER))
    item_id = item_of(town)
    with pytest.raises(NotEligibleError):
        accept(town, town.anna, item_id)
    assert not recorded(town, "match.contact_revealed")
    assert accept(town, town.bram, item_id).handles


def test_who_takes_an_item_learns_whom_to_call_about_which_number(
    town: Town, school: Sender, police: Sender
) -> None:
    first, second = town.signal(school, JAN), town.signal(police, JAN)
    town.match()
    accepted = accept(town, town.anna, item_of(town))
    handles = {handle.signal_id: handle for handle in accepted.handles}
    assert handles.keys() == {first, second}
    # The words of the more silent of the two: the police allow the organisation, not the person.
    assert (handles[first].partner, handles[first].reporter_contact) == ("De Linde", None)
    assert handles[second].partner == "Basisteam Oost"
    assert len(recorded(town, "intake.accepted")) == 1
    revealed = b"".join(recorded(town, "match.contact_revealed"))
    assert str(first).encode() in revealed
    assert str(second).encode() in revealed


def test_only_the_first_gets_it_and_may_look_again(town: Town, school: Sender, police: Sender) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    item_id = item_of(town)
    once = accept(town, town.anna, item_id)
    assert accept(town, town.anna, item_id) == once
    with pytest.raises(IntakeTakenError):
        accept(town, town.bram, item_id)
    assert len(recorded(town, "intake.accepted")) == 1
    assert len(recorded(town, "match.contact_revealed")) == 4


def test_of_two_at_once_one_wins(town: Town, school: Sender, police: Sender) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    item_id = item_of(town)
    databases = [Database(str(town.database.url.render_as_string(hide_password=False))) for _ in range(2)]

    def attempt(database: Database, staff: Staff) -> bool:
        try:
            accept(town, staff, item_id, database)
        except DatError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(attempt, databases, (town.anna, town.bram)))
    for database in databases:
        database.close()
    assert sorted(won) == [False, True]


def test_an_item_is_of_its_own_team_only(town: Town, school: Sender, police: Sender) -> None:
    town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    item_id = item_of(town)
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    stranger = builders.authorise_staff(town.database, elsewhere, "team_lead", now=town.now)
    with pytest.raises(IntakeMissingError):
        accept(town, stranger, item_id)
    with pytest.raises(RoleNotAllowedError):
        accept(town, school.reporter, item_id)


def test_an_item_whose_signal_was_withdrawn_is_no_longer_there_and_its_taker_is_told(
    town: Town, school: Sender, police: Sender
) -> None:
    signal_id = town.signal(school, JAN)
    town.signal(police, JAN)
    town.match()
    item_id = item_of(town)
    accept(town, town.anna, item_id)
    town.withdraw(school, signal_id)
    town.match()
    assert [(notice.kind, notice.state) for notice in town.inbox(town.anna)] == [("void", "new")]
    with pytest.raises(IntakeTakenError):
        accept(town, town.anna, item_id)


def test_what_is_not_taken_up_in_its_term_returns_to_the_team(town: Town, school: Sender) -> None:
    case_id = town.case(town.anna, JAN)
    signal_id = town.signal(school, JAN)
    town.match()
    (notice,) = town.inbox(town.anna)
    for days, returned in ((6, 0), (8, 1), (8, 0)):
        with town.database.work(SYSTEM, now=town.later(days=days).now) as work:
            assert return_overdue(work) == returned
    assert [one.state for one in town.inbox(town.anna)] == ["returned"]
    with pytest.raises(NoticeClosedError), town.database.work(staff_caller(town.anna)) as work:
        acknowledge(work, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    accepted = accept(town, town.bram, item_of(town, town.bram))
    assert accepted.case_id == case_id
    assert [handle.signal_id for handle in accepted.handles] == [signal_id]
    assert len(recorded(town, "notice.returned")) == 1


def test_a_confirmed_match_is_told_like_any_other(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(school, DOUBT)
    town.match()
    assert [notice.kind for notice in town.inbox(town.lead)] == ["possible"]
    judge(town, Judgement.CONFIRMED)
    (notice,) = town.inbox(town.anna)
    assert (notice.kind, notice.verify_person) == ("match", True)
    assert [notice.state for notice in town.inbox(town.lead)] == ["void"]
    assert len(recorded(town, "match.judged")) == 1


def test_a_rejected_match_stays_rejected(town: Town, school: Sender) -> None:
    case_id = town.case(town.anna, JAN)
    signal_id = town.signal(school, DOUBT)
    town.match()
    judge(town, Judgement.REJECTED)
    assert len(recorded(town, "match.judged")) == 1
    objection_id = town.object(everything("somebody else"))
    town.lift(objection_id)
    with town.database.work(SYSTEM, now=town.now) as work:
        enqueue(work, [case_id, signal_id])
    town.match()
    assert town.inbox(town.anna) == []
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        assert list_possible(work) == []


def test_a_confirmation_opens_nothing_that_may_not_be_told(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(school, DOUBT)
    town.match()
    match_id = doubt(town)
    town.object(JAN)
    # The worker has not come by yet: the decision is taken at the moment of telling.
    judge(town, Judgement.CONFIRMED, match_id=match_id)
    assert town.inbox(town.anna) == []
    assert [notice.kind for notice in town.inbox(town.lead)] == []


def test_only_a_team_lead_judges_and_only_once(town: Town, school: Sender) -> None:
    town.case(town.anna, JAN)
    town.signal(school, DOUBT)
    town.match()
    with pytest.raises(RoleNotAllowedError):
        judge(town, Judgement.CONFIRMED, town.anna)
    with town.database.work(staff_caller(town.lead), now=town.now) as work:
        match_id = list_possible(work)[0].match_id
    judge(town, Judgement.REJECTED)
    with pytest.raises(MatchJudgedError), town.database.work(staff_caller(town.lead)) as work:
        decide_possible(work, match_id, Judgement.CONFIRMED)
    elsewhere = builders.admit_partner(town.database, "municipal_team", now=town.now)
    stranger = builders.authorise_staff(town.database, elsewhere, "team_lead", now=town.now)
    with pytest.raises(MatchMissingError), town.database.work(staff_caller(stranger), now=town.now) as work:
        decide_possible(work, match_id, Judgement.CONFIRMED)
