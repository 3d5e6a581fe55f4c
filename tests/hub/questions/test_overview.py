"""What a privacy officer begins the day with: the figures, the log line by line, and the sample."""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from hub.audit.reading import ReadingPurpose
from hub.matches.models import IntakeItemRow
from hub.notices.models import NoticeRow
from hub.partners.errors import RoleNotAllowedError
from hub.questions.errors import NotInMunicipalityError, PurposeNotAllowedError
from hub.questions.log import Acts, Filter, Line, read_log
from hub.questions.overview import count_clocks, list_clocks, read_overview
from hub.samples.errors import SampleJudgedError, SampleMissingError
from hub.samples.service import Finding, count_drawn, judge, list_drawn
from service.clock import dutch_date
from service.work import SYSTEM, Work
from tests.builders import staff_caller
from tests.hub.questions.conftest import FLOOD, NOW, Story

WEEK = Filter(since=NOW.date() - timedelta(days=3), until=NOW.date() + timedelta(days=50))
SAYS = ReadingPurpose.SUPERVISION


def read(
    story: Story, wanted: Filter = WEEK, purpose: ReadingPurpose = SAYS, *, page_size: int = 500
) -> list[Line]:
    """Read the log as the privacy officer of the town."""
    with story.database.work(staff_caller(story.officer), now=NOW + timedelta(days=40)) as work:
        return read_log(work, wanted, purpose, page_size=page_size)


def today(story: Story, *, stranger: bool = False) -> AbstractContextManager[Work]:
    """The day itself, for the officer of the town or of elsewhere."""
    by = story.stranger if stranger else story.officer
    return story.database.work(staff_caller(by), now=NOW + timedelta(hours=1))


def test_the_overview_counts_what_was_shown_refused_and_waits(story: Story) -> None:
    with today(story) as work:
        found, clocks = read_overview(work), list_clocks(work, SAYS)
    assert len(found.days) == 30
    shown = [one for one in read(story, replace(WEEK, acts=Acts.SHOWN)) if dutch_date(one.hour) == NOW.date()]
    assert (found.days[-1].on, found.days[-1].refused) == (NOW.date(), 1 + FLOOD)
    assert found.days[-1].shown == len(shown) > 1
    assert sum(one.shown for one in found.days[:-1]) == 0
    assert found.overrides == 1
    assert sorted(one.kind for one in clocks) == ["access", "access", "erasure"]
    assert (found.late, found.soon) == (0, 0)
    with today(story) as work:
        assert count_clocks(work, None, NOW.date() + timedelta(days=25)) == (0, 3)
        assert count_clocks(work, None, NOW.date() + timedelta(days=60)) == (3, 0)
    assert found.head is not None


def test_whoever_looks_at_the_figures_is_in_the_log_and_did_not_read_the_log(story: Story) -> None:
    """Or the page on which an officer begins would make their own work unusual reading."""
    story.settle()
    before = Counter(one.code for one in read(story))
    with today(story) as work:
        read_overview(work)
    story.settle()
    after = Counter(one.code for one in read(story))
    assert after["overview.shown"] == before["overview.shown"] + 1
    # Reading it for this test was itself one.
    assert after["log.read"] == before["log.read"] + 1


def test_the_overview_of_another_municipality_counts_nothing_of_this_one(story: Story) -> None:
    with today(story, stranger=True) as work:
        found, waits = read_overview(work), count_drawn(work)
        assert list_clocks(work, SAYS) == []
    assert (found.days[-1].shown, found.overrides, found.soon, waits) == (0, 0, 0, 0)


def test_the_log_is_read_newest_first_page_by_page(story: Story) -> None:
    every = read(story)
    order = [(one.hour, one.shard, one.idx) for one in every]
    assert order == sorted(order, reverse=True)
    page = read(story, page_size=4)
    assert page == every[:5]
    last = page[3]
    following = read(story, replace(WEEK, before=(last.shard, last.idx)), page_size=4)
    assert following == every[4:9]


def test_the_log_is_filtered_by_acts_organisation_and_employee(story: Story) -> None:
    assert {one.code for one in read(story, replace(WEEK, acts=Acts.SHOWN))} == {"notice.shown"}
    assert {one.code for one in read(story, replace(WEEK, acts=Acts.OVERRIDE))} >= {"override.reviewed"}
    school = read(story, replace(WEEK, organisation_id=story.school.partner.id))
    assert {one.organisation for one in school} == {"De Linde"}
    with pytest.raises(PurposeNotAllowedError):
        read(story, replace(WEEK, staff_id=story.town.anna.id))
    hers = read(story, replace(WEEK, staff_id=story.town.anna.id), ReadingPurpose.MISUSE_CHECK)
    assert {"override.asked", "notice.shown"} <= {one.code for one in hers}
    assert "override.reviewed" not in {one.code for one in hers}
    assert (
        read(story, Filter(since=NOW.date() - timedelta(days=9), until=NOW.date() - timedelta(days=8))) == []
    )


def test_the_log_of_another_municipality_is_not_read(story: Story) -> None:
    with today(story, stranger=True) as work:
        found = read_log(work, WEEK, SAYS, page_size=500)
        assert {one.organisation for one in found} <= {"Wijkteam Elders"}
        with pytest.raises(NotInMunicipalityError):
            read_log(work, replace(WEEK, staff_id=story.town.anna.id), ReadingPurpose.MISUSE_CHECK)
    with (
        pytest.raises(RoleNotAllowedError),
        story.database.work(staff_caller(story.town.anna), now=NOW) as work,
    ):
        read_log(work, WEEK, SAYS)


def test_what_is_drawn_is_judged_once_by_the_own_officer(story: Story) -> None:
    with today(story) as work:
        drawn = list_drawn(work)
        assert {one.facts["employee"] for one in drawn} == {str(story.town.anna.id)}
        assert count_drawn(work) == len(drawn) > 1
        judge(work, drawn[0].id, Finding.IN_ORDER)
    with pytest.raises(SampleJudgedError), today(story) as work:
        judge(work, drawn[0].id, Finding.NO_REASON)
    with pytest.raises(SampleMissingError), today(story, stranger=True) as work:
        judge(work, drawn[1].id, Finding.IN_ORDER)
    with pytest.raises(SampleMissingError), today(story) as work:
        judge(work, UUID(int=1), Finding.IN_ORDER)
    with today(story) as work:
        assert {one.id for one in list_drawn(work)} == {one.id for one in drawn[1:]}


def test_of_many_one_in_sixteen_is_drawn_and_everything_of_whom_a_warning_is_open(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hub.alarms.service import raise_alarms
    from hub.alarms.values import AlarmCode, Found
    from hub.samples import service

    monkeypatch.setattr(service, "FEW", 0)
    monkeypatch.setattr(service, "DIGIT", "x")
    with today(story) as work:
        assert count_drawn(work) == 0
    anna = story.town.anna
    with story.database.work(staff_caller(story.officer), now=NOW) as work:
        raise_alarms(work, [Found(AlarmCode.UNUSUAL_READING, anna.organisation_id, anna.id, 9, 1, "drawn")])
    with today(story) as work:
        assert count_drawn(work) > 0


def test_what_was_drawn_stays_drawn_and_late_when_more_is_shown_and_comes_first(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hub.samples import service

    monkeypatch.setattr(service, "DIGIT", "x")
    monkeypatch.setattr(service, "_flagged", lambda _: [])
    with today(story) as work:
        drawn = list_drawn(work)
    monkeypatch.setattr(service, "FEW", len(drawn))
    move(story, drawn[-1].id, days=40)
    with story.database.work(staff_caller(story.officer), now=NOW + timedelta(days=41)) as work:
        (first,) = list_drawn(work, limit=1)
        found = {one.id for one in list_drawn(work)}
    move(story, drawn[-1].id, days=0)
    assert (first.late, found) == (True, {one.id for one in drawn})


def move(story: Story, disclosure_id: UUID, *, days: int) -> None:
    """Have something been shown so much later, whether of an inbox or of an intake."""
    later = NOW + timedelta(days=days)
    with story.database.work(SYSTEM, now=NOW) as work:
        for table, column in ((NoticeRow, NoticeRow.seen_at), (IntakeItemRow, IntakeItemRow.accepted_at)):
            work.session.execute(update(table).where(table.id == disclosure_id).values({column: later}))
