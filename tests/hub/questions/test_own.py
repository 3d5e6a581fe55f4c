"""What is kept about somebody who works with the hub: their own data and acts, and nobody else's. TRA-14."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.questions.errors import QuestionIncompleteError
from hub.questions.own import OwnRecord, read_own
from hub.questions.own_router import write_own
from service.clock import dutch_date
from service.work import OPERATOR, Caller
from tests.builders import staff_caller
from tests.hub.questions.conftest import NOW, Story


def own(story: Story, who: Staff | Caller, *, days: int = 30) -> OwnRecord:
    caller = who if isinstance(who, Caller) else staff_caller(who)
    today = dutch_date(NOW)
    with story.town.database.work(caller, now=NOW + timedelta(days=1)) as work:
        return read_own(work, since=today - timedelta(days=days), until=today + timedelta(days=1))


def test_tra_14_staff_see_their_own_data_and_what_the_log_holds_of_their_acts(story: Story) -> None:
    anna = own(story, story.town.anna)
    assert anna.staff.id == story.town.anna.id
    assert {"case.registered", "notice.shown", "override.asked"} <= {str(one["act"]) for one in anna.acts}
    assert "casemanager" in {one.role.value for one in anna.roles}
    reporter = own(story, story.school.reporter)
    assert str(story.mila) in {one["about"] for one in reporter.acts}
    assert not {"case.registered", "override.asked"} & {str(one["act"]) for one in reporter.acts}
    assert write_own(reporter).contact_label == story.school.reporter.contact_label


def test_tra_14_nobody_asks_for_another_and_never_about_more_than_a_year(story: Story) -> None:
    for nobody in (OPERATOR, story.school.caller, replace(staff_caller(story.town.anna), staff_id=None)):
        with pytest.raises(RoleNotAllowedError):
            own(story, nobody)
    with pytest.raises(QuestionIncompleteError):
        own(story, story.town.anna, days=400)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_period_where_the_calendar_ends_is_refused(story: Story, day: date) -> None:
    for period in ({"since": day}, {"until": day}, {"since": day, "until": day}):
        with (
            story.town.database.work(staff_caller(story.town.anna), now=NOW) as work,
            pytest.raises(QuestionIncompleteError),
        ):
            read_own(work, **period)
