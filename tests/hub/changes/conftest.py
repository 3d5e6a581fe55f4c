"""A covenant manager and two privacy officers of one team, and one of another, on each kind of server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hub.changes import service
from hub.changes.kinds import ChangeKind, ChangeReason
from hub.changes.service import Change
from hub.partners.values import Staff
from service.database import Database
from service.work import Work
from tests import builders


@dataclass
class Office:
    """People who may change something together; `done` is what took effect."""

    database: Database
    now: datetime
    proposer: Staff
    officer: Staff
    colleague: Staff
    stranger: Staff
    done: list[UUID]

    def apply(self, _work: Work, change: Change) -> None:
        """Note that a change took effect."""
        self.done.append(change.id)

    def propose(self, by: Staff | None = None, reason: ChangeReason = ChangeReason.LAW_CHANGED) -> Change:
        """Propose a change, as the covenant manager unless somebody else does."""
        with self.database.work(builders.staff_caller(by or self.proposer), now=self.now) as work:
            return service.propose(
                work, kind=ChangeKind.POLICY_SET, payload={"name": "new", "level": 2}, reason=reason
            )

    def approve(self, change: Change, by: Staff | None = None, *, after: timedelta = timedelta()) -> Change:
        """Approve a change, as the privacy officer unless somebody else does."""
        caller = builders.staff_caller(by or self.officer)
        with self.database.work(caller, now=self.now + after) as work:
            return service.approve(work, change.id, effects={ChangeKind.POLICY_SET: self.apply})


@pytest.fixture
def office(hub_database: Database, now: datetime) -> Office:
    """Two municipal organisations with their staff."""
    team, other = (builders.admit_partner(hub_database, "municipal_team", now=now) for _ in range(2))
    staff = [
        builders.authorise_staff(hub_database, partner, role, now=now, contact=None)
        for partner, role in (
            (team, "covenant_manager"),
            (team, "privacy_officer"),
            (team, "privacy_officer"),
            (other, "casemanager"),
        )
    ]
    return Office(hub_database, now, *staff, done=[])
