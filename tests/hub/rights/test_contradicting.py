"""Of two who attest differently how many hold authority the stricter counts, and an officer sees that."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text

from hub.consent.remembering import find_withdrawn_attestations
from hub.informing.errors import NoticeAttestedError
from hub.informing.schemas import NewSubjectNotice
from hub.informing.service import attest_notice
from hub.matches.contradicted import FACTS, Contradicted
from hub.matches.overdue import return_overdue
from hub.matches.service import Judgement, decide_possible, list_possible
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.rights.contradicting import _group, list_contradictions
from hub.rights.desks import appoint_desk
from hub.rights.values import Contradiction, Said
from hub.signals.service import get_signals
from hub.subjects.service import reading_once
from service.clock import dutch_date
from service.errors import InvalidError
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender, Town, everything
from tests.hub.rights.conftest import MILA, RightsDesk, officers

DAY = timedelta(days=1)
AGE = {"bracket": "12-15", "bracketEnds": "2028-Q3"}


@pytest.fixture
def care(desk: RightsDesk) -> Sender:
    """A youth care organisation that was told of three holders of authority."""
    return builders.sender(desk.database, "youth_care", now=desk.town.now)


def seen(desk: RightsDesk, staff: Staff | None = None) -> list[Contradiction]:
    """What an officer sees."""
    with desk.work(staff or desk.officer) as work:
        return list_contradictions(work)


def attest(desk: RightsDesk, sender: Sender, signal_id: UUID, *, holders: int, **rest: Any) -> None:
    """A reporter attests again."""
    on = dutch_date(desk.town.now).isoformat()
    told = {"givenDate": on, "givenTo": ["subject", "representative"], "authorityHolders": holders}
    key = rest.pop("key", None) or uuid4()
    body = told | rest
    with desk.database.work(sender.person, now=desk.town.now) as work:
        attest_notice(work, signal_id, NewSubjectNotice.model_validate(body), idempotency_key=key)


def told(town: Town) -> int:
    """How many matches Anna is told of now."""
    town.match()
    return sum(one.kind == "match" and one.state == "new" for one in town.inbox(town.anna))


def redecided(desk: RightsDesk) -> RightsDesk:
    """A day later, when what is held was decided again."""
    later = desk.later(days=1, hours=1)
    with later.database.work(SYSTEM, now=later.town.now) as work:
        return_overdue(work)
    later.town.match()
    return later


def contradicted(desk: RightsDesk, school: Sender, care: Sender) -> tuple[UUID, UUID]:
    """The school attests two holders of authority, youth care three: of the school's nobody is told."""
    desk.town.case(desk.town.anna, MILA, **AGE)
    three = desk.town.signal(care, MILA, authorityHolders=3, **AGE)
    two = desk.town.signal(school, MILA, authorityHolders=2, **AGE)
    return two, three


def test_con_07_an_officer_of_the_municipality_sees_who_attested_and_nobody_else_does(
    desk: RightsDesk, school: Sender, care: Sender
) -> None:
    two, three = contradicted(desk, school, care)
    clinic = builders.sender(desk.database, "youth_health", now=desk.town.now)
    desk.town.signal(clinic, {**everything("mila-junior"), "A": "mila"}, authorityHolders=4, **AGE)
    builders.appoint_desks(desk.database, desk.team, now=desk.town.now)
    assert told(desk.town) == 1
    (one,) = seen(desk)
    assert (len(one.match_ids), one.facts) == (2, ("notice_contradicted",))
    assert {
        (each.about_kind, each.about_id, each.organisation_id, each.said) for each in one.attestations
    } == {
        ("signal", two, school.partner.id, Said.FEWER),
        ("signal", three, care.partner.id, Said.MOST),
    }
    elsewhere = builders.admit_partner(desk.database, "municipal_team", now=desk.town.now)
    stranger, _ = officers(desk.database, elsewhere, now=desk.town.now)
    assert seen(desk, stranger) == []
    for nobody in (desk.town.anna, desk.town.lead, desk.desk, school.reporter):
        with pytest.raises(RoleNotAllowedError):
            seen(desk, nobody)


def test_con_07_of_who_may_be_two_children_a_human_is_asked_whatever_is_attested_of_each(
    desk: RightsDesk, school: Sender, care: Sender
) -> None:
    desk.town.signal(care, MILA, authorityHolders=3, **AGE)
    desk.town.signal(school, {**everything("mila-junior"), "A": "mila"}, authorityHolders=2, **AGE)
    builders.appoint_desks(desk.database, desk.team, now=desk.town.now)
    desk.town.match()
    with desk.work(desk.town.lead) as work:
        (possible,) = list_possible(work)
    assert seen(desk) == []
    with desk.work(desk.town.lead) as work:
        decide_possible(work, possible.match_id, Judgement.CONFIRMED)
    desk.town.match()
    (one,) = seen(desk)
    assert one.match_ids == (possible.match_id,)


def test_con_07_what_was_attested_wrongly_is_corrected_and_then_the_team_is_told(
    desk: RightsDesk, school: Sender, care: Sender
) -> None:
    _, three = contradicted(desk, school, care)
    assert told(desk.town) == 1
    before = str(dutch_date(desk.town.now) - DAY)
    with pytest.raises(NoticeAttestedError):
        attest(desk, care, three, holders=2)
    with pytest.raises(NoticeAttestedError):
        attest(desk, care, three, holders=2, correctsHolders=3, correctsDate=str(dutch_date(desk.town.now)))
    key = uuid4()
    for _ in range(2):
        attest(desk, care, three, holders=2, correctsDate=before, correctsHolders=3, key=key)
    later = redecided(desk)
    assert (told(later.town), seen(later)) == (2, [])


def test_con_07_a_correction_that_comes_late_undoes_no_later_one(desk: RightsDesk, care: Sender) -> None:
    signal_id = desk.town.signal(care, MILA, authorityHolders=3, **AGE)
    day = dutch_date(desk.town.now) - DAY
    same = {"givenDate": str(day), "correctsDate": str(day)}
    attest(desk, care, signal_id, holders=2, correctsHolders=3, **same)
    attest(desk, care, signal_id, holders=1, correctsHolders=2, **same)
    with pytest.raises(NoticeAttestedError):
        attest(desk, care, signal_id, holders=2, correctsHolders=3, **same)
    with desk.look() as work:
        assert get_signals(work, [signal_id])[signal_id].authority_holders == 1
        rows = work.session.execute(text("SELECT event_id, leaf FROM audit_event"))
        ids = [bytes(id_) for id_, leaf in rows if b'"subject_notice.corrected"' in bytes(leaf)]
        said = [json.loads(one) for one in builders.audit_values(work, "detail", ids)]
    assert [(one["holders_before"], one["holders_after"]) for one in said] == [("3", "2"), ("2", "1")]


def test_con_07_a_correction_that_is_repeated_after_it_was_put_back_is_done_once(
    desk: RightsDesk, care: Sender
) -> None:
    signal_id = desk.town.signal(care, MILA, authorityHolders=3, **AGE)
    same = {
        "correctsDate": str(dutch_date(desk.town.now) - DAY),
        "givenDate": str(dutch_date(desk.town.now) - DAY),
    }
    key = uuid4()
    attest(desk, care, signal_id, holders=2, correctsHolders=3, key=key, **same)
    attest(desk, care, signal_id, holders=3, correctsHolders=2, **same)
    with pytest.raises(NoticeAttestedError):
        attest(desk, care, signal_id, holders=2, correctsHolders=3, key=key, **same)
    told = {"givenTo": ["subject", "representative"], "authorityHolders": 2, "correctsHolders": 3}
    bare = NewSubjectNotice.model_validate(told | same)
    with pytest.raises(InvalidError), desk.database.work(care.person, now=desk.town.now) as work:
        attest_notice(work, signal_id, bare)
    with desk.look() as work:
        assert get_signals(work, [signal_id])[signal_id].authority_holders == 3


def test_con_07_of_an_organisation_without_a_desk_the_operator_is_asked(
    desk: RightsDesk, school: Sender, care: Sender
) -> None:
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        appoint_desk(work, school.partner.id, desk_id=desk.team.id)
    contradicted(desk, school, care)
    desk.town.match()
    (found,) = seen(desk)
    assert {
        (one.about_id is None, one.organisation_id, one.desk_id, one.said.value) for one in found.attestations
    } == {
        (True, None, None, "most"),
        (False, school.partner.id, None, "fewer"),
    }


def test_con_07_what_no_consent_could_change_costs_a_showing_one_question(
    desk: RightsDesk, school: Sender
) -> None:
    desk.town.case(desk.town.anna, MILA, **AGE)
    ids = [desk.town.signal(school, MILA, authorityHolders=2, **AGE)]
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with desk.database.look(SYSTEM, now=desk.town.now) as work, reading_once(work, ids):
        event.listen(desk.database.reader, "before_cursor_execute", note)
        assert find_withdrawn_attestations(work, ids) == {}
        event.remove(desk.database.reader, "before_cursor_execute", note)
    assert len(asked) == 1


def test_con_07_what_was_attested_wrongly_is_withdrawn_and_then_the_team_is_told(
    desk: RightsDesk, school: Sender, care: Sender
) -> None:
    _, three = contradicted(desk, school, care)
    desk.town.match()
    desk.town.withdraw(care, three, "unjustified")
    later = redecided(desk)
    assert (told(later.town), seen(later)) == (1, [])


def test_con_14_of_the_police_an_officer_of_another_kind_of_desk_hears_no_name(
    desk: RightsDesk, school: Sender
) -> None:
    police = builders.sender(desk.database, "police", now=desk.town.now)
    contradicted(desk, school, police)
    desk.town.match()
    apart = builders.admit_partner(desk.database, "rights_desk", now=desk.town.now)
    builders.appoint_desks(desk.database, apart, now=desk.town.now)
    officer, _ = officers(desk.database, apart, now=desk.town.now)
    (one,) = seen(desk, officer)
    assert [(each.organisation_id, each.said) for each in one.attestations] == [
        (school.partner.id, Said.FEWER)
    ]
    (one,) = seen(desk)
    assert {each.desk_id for each in one.attestations} == {apart.id}


def test_tra_05_of_another_municipalitys_organisation_an_officer_hears_only_which_desk_to_ask(
    desk: RightsDesk, school: Sender, care: Sender
) -> None:
    two, _ = contradicted(desk, school, care)
    desk.town.match()
    elsewhere = builders.admit_partner(desk.database, "rights_desk", now=desk.town.now)
    with desk.database.work(OPERATOR, now=desk.town.now) as work:
        appoint_desk(work, care.partner.id, desk_id=elsewhere.id)
        appoint_desk(work, school.partner.id, desk_id=desk.team.id)
    (one,) = seen(desk)
    assert {(each.about_id, each.organisation_id, each.desk_id) for each in one.attestations} == {
        (two, school.partner.id, None),
        (None, None, elsewhere.id),
    }


def test_nobody_is_called_where_attesting_anew_would_open_nothing(
    desk: RightsDesk, school: Sender, care: Sender
) -> None:
    contradicted(desk, school, care)
    builders.appoint_desks(desk.database, desk.team, now=desk.town.now)
    desk.town.match()
    objection = desk.town.object(MILA)
    desk.town.match()
    assert seen(desk) == []
    desk.town.lift(objection)
    desk.town.match()
    assert len(seen(desk)) == 1
    # Nor where nobody is known who can be asked: two such pairs have nothing to do with each other.
    waits = [Contradicted(uuid4(), frozenset({uuid4(), uuid4()}), desk.town.now, FACTS) for _ in range(2)]
    assert list(_group(waits, {})) == []
