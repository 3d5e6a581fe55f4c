"""The archive: off unless a covenant says so, never searched, one answer for a new signal. SIG-08, SIG-09."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from hub.consent import versions
from hub.consent.loading import default_document
from hub.retaining.due import signal_due
from hub.signals.archiving import archive_ended, list_answers, take_back_answers
from hub.signals.models import SignalRow
from hub.signals.service import expire_due
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender, Town, everything

JAN = everything("jan")


@pytest.fixture
def town(hub_database: Database, now: object) -> Town:
    """A town whose covenant keeps an archive."""
    found = builders.town(hub_database, now=now)  # type: ignore[arg-type]
    document = deepcopy(default_document()) | {"archive": True}
    with hub_database.work(OPERATOR, now=found.now - timedelta(days=30)) as work:
        versions._adopt(work, document, in_force_on=found.now.date() - timedelta(days=30), change=None)
    return found


def old_signal(town: Town, *, reason: str = "reason_gone", kind: str = "school") -> Sender:
    """Somebody signalled about Jan, and it ended."""
    sender = builders.sender(town.database, kind, now=town.now)
    town.withdraw(sender, town.signal(sender, JAN), reason)
    work_of(town)
    return sender


def work_of(town: Town) -> None:
    with town.database.work(SYSTEM, now=town.now) as work:
        expire_due(work, limit=10)
        archive_ended(work, limit=10)
    town.match()


def answers(town: Town, sender: Sender) -> list[UUID]:
    with town.database.work(sender.caller, now=town.now) as work:
        return [one.signal_id for one in list_answers(work)]


def kept(town: Town, *, days: int) -> int:
    with town.database.look(SYSTEM) as work:
        due = signal_due(town.now + timedelta(days=days) - timedelta(days=30))
        return work.session.query(SignalRow).where(~due).count()


def test_sig_09_a_new_reporter_hears_once_that_somebody_signalled_before(town: Town) -> None:
    first = old_signal(town)
    later = town.later(days=40)
    second = builders.sender(town.database, "police", now=town.now)
    signal_id = later.signal(second, JAN)
    later.match()
    assert answers(later, second) == [signal_id]
    assert answers(later, second) == []
    assert answers(later, first) == []
    later.signal(first, everything("somebody else"))
    later.match()
    assert answers(later, first) == []


def test_sig_09_an_answer_that_was_never_witnessed_is_shown_the_next_time(town: Town) -> None:
    old_signal(town)
    later = town.later(days=40)
    second = builders.sender(town.database, "police", now=town.now)
    signal_id = later.signal(second, JAN)
    later.match()
    assert answers(later, second) == [signal_id]
    with town.database.work(second.caller, now=later.now) as work:
        take_back_answers(work, later.now)
    assert answers(later, second) == [signal_id]
    with town.database.work(second.caller, now=later.now) as work:
        take_back_answers(work, later.now - timedelta(seconds=1))
    assert answers(later, second) == []


@pytest.mark.parametrize("reason", ["unjustified", "reason_gone"])
def test_sig_08_what_was_unjustified_never_enters(town: Town, reason: str) -> None:
    old_signal(town, reason=reason)
    assert kept(town, days=400) == (1 if reason == "reason_gone" else 0)
    second = builders.sender(town.database, "police", now=town.now)
    town.signal(second, JAN)
    town.match()
    assert len(answers(town, second)) == (1 if reason == "reason_gone" else 0)


def test_sig_09_who_objected_is_not_answered_for(town: Town) -> None:
    old_signal(town)
    town.object(JAN)
    second = builders.sender(town.database, "police", now=town.now)
    town.signal(second, JAN)
    town.match()
    assert answers(town, second) == []


def test_sig_09_an_organisation_hears_nothing_of_its_own(town: Town) -> None:
    first = old_signal(town)
    town.signal(first, JAN)
    town.match()
    assert answers(town, first) == []


def test_sig_09_it_ends_after_five_years_and_at_once_where_it_is_turned_off(town: Town) -> None:
    old_signal(town)
    assert kept(town, days=5 * 365) == 1
    assert kept(town, days=5 * 365 + 60) == 0
    with town.database.work(OPERATOR, now=town.now) as work:
        document = default_document()
        versions._adopt(work, document, in_force_on=town.now.date(), change=None)
    work_of(town.later(seconds=30))
    assert kept(town, days=40) == 0


def test_sig_09_by_default_nothing_is_kept_and_nobody_is_asked(hub_database: Database, now: object) -> None:
    town = builders.town(hub_database, now=now)  # type: ignore[arg-type]
    old_signal(town)
    assert kept(town, days=40) == 0
    town.signal(builders.sender(hub_database, "police", now=town.now), JAN)
    town.match()
    with town.database.look(SYSTEM) as work:
        assert work.session.scalar(text("SELECT count(*) FROM archive_answer")) == 0
