"""A town with a casemanager and a school that signalled before anybody was told, on each kind of server."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import pytest

from hub.informing import service
from hub.informing.schemas import NewSubjectNotice
from hub.informing.service import SubjectNotice
from hub.signals.service import NoticeStanding, get_own, notice_standing
from service.clock import dutch_date
from service.database import Database
from service.work import SYSTEM
from tests import builders
from tests.builders import Sender, Town

CHILD = builders.everything("child")


@dataclass(frozen=True)
class Story:
    """One child in a caseload, one school, and what they do at this moment."""

    town: Town
    school: Sender

    @property
    def now(self) -> datetime:
        """The moment at which everybody acts."""
        return self.town.now

    def later(self, **time: float) -> Story:
        """The same story at a later moment, after the worker has been by."""
        story = replace(self, town=self.town.later(**time))
        story.work()
        return story

    def signal(self, **changes: object) -> UUID:
        """The school signals, and the worker matches."""
        signal_id = self.town.signal(self.school, CHILD, **changes)
        self.town.match()
        return signal_id

    def work(self) -> None:
        """The worker follows the terms and matches."""
        with self.town.database.work(SYSTEM, now=self.now) as work:
            service.follow_terms(work)
        self.town.match()

    def attest(
        self, signal_id: UUID, *to: str, on: date | None = None, by: Sender | None = None
    ) -> SubjectNotice:
        """The reporter attests a notice, and the worker matches."""
        sender = by or self.school
        given_to = list(to or ("subject", "representative"))
        message = NewSubjectNotice.model_validate(
            {
                "givenDate": on or dutch_date(self.now),
                "givenTo": given_to,
                "authorityHolders": 2 if "representative" in given_to else None,
            }
        )
        with self.town.database.work(sender.caller, now=self.now) as work:
            notice = service.attest_notice(work, signal_id, message)
        self.town.match()
        return notice

    def standing(self, signal_id: UUID) -> NoticeStanding:
        """What the school sees of a notice."""
        with self.town.database.look(self.school.caller, now=self.now) as work:
            return notice_standing(work, get_own(work, signal_id))

    def told(self) -> list[str]:
        """The kinds of notice that the casemanager sees today."""
        return sorted(notice.kind for notice in self.town.inbox(self.town.anna))


@pytest.fixture
def story(hub_database: Database, now: datetime) -> Story:
    """A town, a school, and Anna who has a case of the child."""
    town = builders.town(hub_database, now=now)
    town.case(town.anna, CHILD)
    return Story(town, builders.sender(hub_database, "school", now=now))
