"""Other rules reach what other rules decided on: what was queued, what was told, and what waits. CON-01."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from hub.approving import EFFECTS
from hub.changes.service import ChangeReason, approve
from hub.consent import versions
from hub.consent.loading import default_document
from hub.matches.redeciding import redecide
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender, Town, everything, staff_caller


def states(town: Town) -> list[str]:
    with town.database.look(SYSTEM) as work:
        return sorted(work.session.scalars(text("SELECT state FROM person_match")))


def adopt(town: Town, document: dict[str, Any], *, days: int = 0) -> None:
    """Two persons put other rules in force."""
    manager, officer = (
        staff_caller(builders.authorise_staff(town.database, town.team, role, now=town.now, contact=None))
        for role in ("covenant_manager", "privacy_officer")
    )
    with town.database.work(manager, now=town.now) as work:
        begins = (town.now + timedelta(days=days)).date()
        change = versions.propose_policy(
            work, document, in_force_on=begins, reason=ChangeReason.COVENANT_CHANGED
        )
    with town.database.work(officer, now=town.now) as work:
        approve(work, change.id, effects=EFFECTS)


def sweep(town: Town, *, limit: int = 2) -> list[int]:
    """The worker looks again, batch after batch."""
    counts = []
    for _ in range(5):
        with town.database.work(SYSTEM, now=town.now) as work:
            counts.append(redecide(work, limit=limit))
    town.match()
    return counts


def test_con_01_other_rules_take_back_what_was_queued_and_told(town: Town, school: Sender) -> None:
    with town.database.work(OPERATOR, now=town.now - timedelta(days=30)) as work:
        versions.load_first(work)
    people = [everything(number) for number in range(3)]
    for person in people:
        town.case(town.anna, person)
        town.signal(school, person)
    town.match()
    assert len(town.inbox(town.anna)) == 3
    assert sweep(town) == [0] * 5
    closed = deepcopy(default_document())
    next(row for row in closed["partners"] if row["kind"] == "school")["told"] = []
    adopt(town, closed, days=1)
    town = town.later(seconds=10)
    assert sweep(town) == [0] * 5
    assert states(town) == ["open"] * 3
    tomorrow = town.later(days=1)
    assert sweep(tomorrow) == [2, 1, 0, 0, 0]
    assert states(town) == ["held"] * 3
    assert sorted(one.kind for one in tomorrow.inbox(town.anna)) == ["match"] * 3 + ["void"] * 3
    assert sweep(tomorrow) == [0] * 5
