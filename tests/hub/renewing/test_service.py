"""A consent that ended with an age is asked again by who recorded it and who heard on it; by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from hub.consent.schemas import NewConsent
from hub.consent.service import record_consent, withdraw_consent
from hub.matches.service import acknowledge
from hub.notices.service import NoticeState
from hub.partners.values import Staff
from hub.renewing.errors import ConsentTaskAnsweredError, ConsentTaskMissingError
from hub.renewing.service import (
    About,
    ConsentTask,
    TaskAnswer,
    answer_task,
    erase_tasks,
    lapse_and_ask,
    list_tasks,
)
from hub.signals.service import expire_due
from service.database import Database
from service.work import SYSTEM
from tests import builders
from tests.builders import Sender, Town, everything, staff_caller

MILA = everything("mila")
NOW = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
SIXTEEN = datetime(2027, 1, 1, 5, 0, tzinfo=UTC)
AGE = {"bracket": "12-15", "bracketEnds": "2026-Q4"}
BOTH = {"givenBy": "both", "authorityAttested": True, "authorityHolders": 2, "holdersConsented": 2}
ALONE = {"givenBy": "subject", "authorityAttested": False, "authorityHolders": 0, "holdersConsented": 0}


@pytest.fixture
def town(hub_database: Database) -> Town:
    """A town in the quarter in which Mila turns sixteen."""
    return builders.town(hub_database, now=NOW)


@pytest.fixture
def school(town: Town) -> Sender:
    """A school that signals on consent."""
    return builders.sender(town.database, "school", now=town.now)


def consent(town: Town, **changes: object) -> UUID:
    """The desk records what Mila and her parents consent to."""
    key = uuid4()
    facts = {"partnerKinds": ["school"], "validUntilDate": "2028-01-01", **AGE, **BOTH, **changes}
    body = builders.consent_body(
        town.keys, MILA, organisation_id=town.team.id, key=key, now=town.now, **facts
    )
    with town.database.work(staff_caller(town.desk), now=town.now) as work:
        message = NewConsent.model_validate(body)
        return record_consent(work, town.keys, message, idempotency_key=key, quota_per_day=50).id


def told(town: Town, school: Sender) -> UUID:
    """Anna hears of Mila on that consent, and takes it up; returns the match."""
    town.case(town.anna, MILA, **AGE)
    town.signal(school, MILA, legalBasis="CONSENT", **AGE)
    town.match()
    (notice,) = town.inbox(town.anna)
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        acknowledge(work, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    return notice.match_id


def sixteen(town: Town, *, expire_first: bool = False) -> Town:
    """The quarter is over, and the worker came by."""
    later = town.later(seconds=(SIXTEEN - town.now).total_seconds())
    if expire_first:
        with later.database.work(SYSTEM, now=later.now) as work:
            expire_due(work, limit=10)
        later.match()
    with later.database.work(SYSTEM, now=later.now) as work:
        lapse_and_ask(work, limit=10)
    later.match()
    return later


def tasks(town: Town, staff: Staff) -> list[ConsentTask]:
    """What somebody is to ask again."""
    with town.database.work(staff_caller(staff), now=town.now) as work:
        return list_tasks(work)


@pytest.mark.parametrize("expire_first", [False, True])
def test_con_09_at_sixteen_who_recorded_it_and_who_heard_on_it_are_to_ask_again(
    town: Town, school: Sender, *, expire_first: bool
) -> None:
    consent_id = consent(town)
    match_id = told(town, school)
    later = sixteen(town, expire_first=expire_first)
    assert [(one.about_kind, one.about_id) for one in tasks(later, town.anna)] == [(About.MATCH, match_id)]
    (one,) = tasks(later, town.desk)
    assert (one.about_kind, one.about_id, one.ended_bracket) == (About.CONSENT, consent_id, "12-15")
    for nobody in (town.bram, town.lead, school.reporter):
        assert tasks(later, nobody) == []
    # Nothing is open meanwhile, and nobody is asked twice.
    assert {each.state for each in later.inbox(town.anna) if each.kind == "match"} == {"void"}
    sixteen(town)
    assert len(tasks(later, town.desk)) == 1


@pytest.mark.parametrize("how", ["objection", "withdrawn", "closed"])
def test_con_12_who_heard_is_not_to_ask_again_where_it_ended_otherwise(
    town: Town, school: Sender, how: str
) -> None:
    consent(town)
    case_id = town.case(town.anna, MILA, **AGE)
    signal_id = town.signal(school, MILA, legalBasis="CONSENT", **AGE)
    town.match()
    (notice,) = town.inbox(town.anna)
    with town.database.work(staff_caller(town.anna), now=town.now) as work:
        acknowledge(work, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    day_before = town.later(seconds=(SIXTEEN - town.now).total_seconds() - 24 * 3600)
    if how == "objection":
        day_before.object(MILA)
    elif how == "withdrawn":
        day_before.withdraw(school, signal_id)
    else:
        day_before.close(town.anna, case_id)
    day_before.match()
    later = sixteen(town)
    assert tasks(later, town.anna) == []
    # Whoever recorded it knows of their own consent only, and of nothing that happened elsewhere.
    assert [one.about_kind for one in tasks(later, town.desk)] == [About.CONSENT]


def test_con_16_a_task_is_answered_once_and_never_with_what_the_person_said(town: Town) -> None:
    consent(town)
    later = sixteen(town)
    (one,) = tasks(later, town.desk)

    def answer(staff: Staff, said: TaskAnswer) -> TaskAnswer | None:
        with later.database.work(staff_caller(staff), now=later.now) as work:
            return answer_task(work, one.id, said).answer

    with pytest.raises(ConsentTaskMissingError):
        answer(town.anna, TaskAnswer.ASKED)
    assert [answer(town.desk, TaskAnswer.ASKED) for _ in range(2)] == [TaskAnswer.ASKED] * 2
    with pytest.raises(ConsentTaskAnsweredError):
        answer(town.desk, TaskAnswer.NOT_NEEDED)
    assert tasks(later, town.desk) == []
    assert {one.value for one in TaskAnswer} == {"asked", "not_needed"}


def test_nobody_asks_again_what_was_withdrawn_ended_by_its_period_or_was_given_anew(town: Town) -> None:
    consent(town, validUntilDate="2026-12-31")
    withdrawn = consent(town)
    with town.database.work(staff_caller(town.desk), now=town.now) as work:
        withdraw_consent(work, withdrawn)
    consent(town)
    consent(town, bracket="16-17", bracketEnds="2028-Q4", **ALONE)
    later = sixteen(town)
    assert tasks(later, town.desk) == []
    with later.database.look(SYSTEM) as work:
        lapsed = work.session.scalars(text("SELECT count(*) FROM consent WHERE lapsed_at IS NOT NULL"))
        assert lapsed.one() == 3


def test_con_09_two_alike_that_end_together_do_not_stand_in_for_each_other(town: Town) -> None:
    both = {consent(town), consent(town)}
    assert {one.about_id for one in tasks(sixteen(town), town.desk)} == both


def test_nobody_asks_again_what_the_person_took_back(town: Town) -> None:
    consent_id = consent(town)
    later = town.later(seconds=(SIXTEEN - town.now).total_seconds())
    with later.database.work(staff_caller(town.desk), now=later.now) as work:
        withdraw_consent(work, consent_id)
    assert tasks(sixteen(town), town.desk) == []


def test_what_is_erased_is_asked_no_more(town: Town) -> None:
    consent_id = consent(town)
    later = sixteen(town)
    with later.database.work(SYSTEM, now=later.now) as work:
        erase_tasks(work, [consent_id])
    assert tasks(later, town.desk) == []
