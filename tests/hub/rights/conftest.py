"""A town with a rights desk: who files, who searches and decides, and who is the second person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.approving import EFFECTS
from hub.changes import service as changes
from hub.partners.values import Partner, Staff
from hub.rights import advising, deciding, filing, judging, searching, telling
from hub.rights.models import RightsFindingRow
from hub.rights.schemas import NewRequest
from hub.rights.values import Advice, Comparison, Ground, Outcome, Request, Told, Verdict
from service.database import Database
from service.work import SYSTEM, Caller, Role, Work
from tests import builders
from tests.builders import Sender, Town, authorise_staff, everything, staff_caller

MILA = everything("mila")


@dataclass(frozen=True)
class RightsDesk:
    """The people at a desk, and what they do, each in an own unit of work."""

    town: Town
    team: Partner
    desk: Staff
    officer: Staff
    second: Staff

    @property
    def database(self) -> Database:
        """Return the store."""
        return self.town.database

    def later(self, **time: float) -> RightsDesk:
        """The same desk at a later moment."""
        return replace(self, town=self.town.later(**time))

    def work(self, staff: Staff) -> Any:
        """Open a unit of work for somebody of the desk."""
        return self.database.work(staff_caller(staff), now=self.town.now)

    def file(
        self,
        kind: str = "access",
        tokens: Mapping[str, object] = MILA,
        *,
        key: UUID | None = None,
        **facts: Any,
    ) -> Request:
        """File a request at the desk."""
        key = key or uuid4()
        body = builders.request_body(
            self.town.keys, tokens, organisation_id=self.team.id, key=key, kind=kind, **facts
        )
        with self.work(self.desk) as work:
            message = NewRequest.model_validate(body)
            return filing.file_request(work, self.town.keys, message, idempotency_key=key, quota_per_day=50)

    def search(self, request: Request, *, staff: Staff | None = None) -> Request | None:
        """Search as an officer, of desks that are all known."""
        builders.appoint_desks(self.database, self.team, now=self.town.now)
        with self.work(staff or self.officer) as work:
            return searching.search(work, request.id)

    def found(self, request: Request) -> Request:
        """Search, and expect that this desk answers."""
        found = self.search(request)
        assert found is not None
        return found

    def ask(self, request: Request) -> Request:
        """Ask for advice."""
        with self.work(self.officer) as work:
            return advising.ask_advice(work, request.id)

    def advise(self, sender: Sender, advice: Advice = Advice.JUSTIFIED) -> None:
        """Have an organisation answer everything it is asked."""
        with self.database.work(sender.person, now=self.town.now) as work:
            for one in advising.list_asked(work):
                advising.give_advice(work, one.id, advice)

    def judge(
        self,
        request: Request,
        registration_id: UUID,
        judged: judging.Judged = Verdict.CONFIRMED,
        *,
        compared: Comparison = Comparison.WITH_REPORTER,
        staff: Staff | None = None,
    ) -> Request:
        """Say whether a doubtful finding is the requester's."""
        with self.look() as work:
            found = work.session.query(RightsFindingRow.id).filter_by(request_id=request.id)
            finding_id = found.filter_by(registration_id=registration_id).scalar()
        with self.work(staff or self.officer) as work:
            return judging.judge_finding(work, request.id, finding_id, judged, compared=compared)

    def decide(
        self,
        request: Request,
        outcome: Outcome,
        ground: Ground,
        *,
        staff: Staff | None = None,
        only: Collection[UUID] | None = None,
    ) -> Request:
        """Decide, or propose."""
        with self.work(staff or self.officer) as work:
            return deciding.decide(work, request.id, outcome=outcome, ground=ground, only=only)

    def approve(self, request: Request, *, staff: Staff | None = None) -> None:
        """Approve what an officer proposed."""
        assert request.change_id is not None
        with self.work(staff or self.second) as work:
            changes.approve(work, request.change_id, effects=EFFECTS)
        with self.database.work(SYSTEM, now=self.town.now) as work:
            deciding.erase_approved(work)

    def erase(self, sender: Sender, ground: Ground = Ground.UNJUSTIFIED, kind: str = "erasure") -> Request:
        """Take a request for erasure all the way."""
        request = self.file(kind)
        self.search(request)
        self.ask(request)
        self.advise(sender)
        decided = self.decide(request, Outcome.GRANTED, ground)
        self.approve(decided)
        return decided

    def tellings(self, request: Request) -> list[Told]:
        """See who was told."""
        with self.work(self.officer) as work:
            return telling.list_tellings(work, request.id)

    def head(self, sender: Sender) -> Staff:
        """Somebody who coordinates an organisation."""
        return authorise_staff(self.database, sender.partner, "partner_coordinator", now=self.town.now)

    def own_tellings(self, sender: Sender) -> list[Told]:
        """Let an organisation fetch what it is told."""
        with self.work(self.head(sender)) as work:
            return telling.list_own_tellings(work)

    def acknowledge(self, sender: Sender) -> None:
        """Have an organisation acknowledge all that it is told."""
        with self.work(self.head(sender)) as work:
            for one in telling.list_own_tellings(work):
                telling.acknowledge_telling(work, one.id)

    def look(self) -> Any:
        """Look into the store."""
        return self.database.look(Caller(Role.SYSTEM), now=self.town.now)


def officers(database: Database, team: Partner, *, now: datetime) -> list[Staff]:
    """Two rights officers of a municipality."""
    return [
        builders.authorise_staff(database, team, "rights_officer", now=now, contact=None) for _ in range(2)
    ]


@pytest.fixture
def desk(hub_database: Database, now: datetime) -> RightsDesk:
    """The desk of the town's own municipality."""
    town = builders.town(hub_database, now=now)
    officer, second = officers(hub_database, town.team, now=now)
    return RightsDesk(town, town.team, town.desk, officer, second)


@pytest.fixture
def school(desk: RightsDesk) -> Sender:
    """A school that may signal."""
    return builders.sender(desk.database, "school", now=desk.town.now)


def rows(work: Work, table: Any) -> int:
    """Count the rows of a table."""
    return int(work.session.query(table).count())
