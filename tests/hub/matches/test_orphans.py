"""Whatever happens, in whatever order: no open match is long without an owner, or owned by who may not."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import hub.models  # noqa: F401
from hub.audit.service import record_refusal
from hub.base import Base
from hub.matches import handing, owning
from hub.matches.retracting import retract
from hub.matches.service import match_changed
from hub.matches.states import Verified
from hub.partners.service import Staff
from hub.teams import administration, store
from hub.teams.errors import PostInvalidError, PostTakenError
from hub.teams.values import EmployerKind, Profile
from service.database import Database
from service.errors import DatError
from tests.databases import QUICK, keep_engines, lay_sqlite
from tests.hub.matches import follow_up
from tests.hub.matches.follow_up import World

BEGIN = datetime(2026, 12, 16, 12, 0, tzinfo=UTC)  # Christmas is near
PEOPLE = ("anna", "bram", "cleo")
people = st.sampled_from(PEOPLE)
LONGEST = timedelta(days=8)


class Histories(RuleBasedStateMachine):
    """People post, fall ill, refuse, hand over and leave, teams merge, and time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp(dir=QUICK)
        url = lay_sqlite(Path(self.folder) / "hub.db", Base.metadata.create_all)
        self.database = Database(url, record_refusal=record_refusal, pool=8)
        keep_engines(self.database)
        self.world: World = follow_up.world(self.database, now=BEGIN)
        self.merged = False
        self.queued: dict[UUID, datetime] = {}

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def staff(self, name: str) -> Staff:
        return self.world.cleo if name == "cleo" else getattr(self.world.town, name)  # type: ignore[no-any-return]

    def tried(self, act: object, *facts: object, **more: object) -> None:
        """Do something that may be refused: what is refused changes nothing."""
        with suppress(DatError):
            act(*facts, **more)  # type: ignore[operator]

    def owned(self, staff: Staff) -> list[owning.Owned]:
        try:
            return self.world.by(staff, owning.list_owned)  # type: ignore[no-any-return]
        except DatError:
            return []

    @rule(name=people, west=st.booleans())
    def leave_a_signal_about_somebody_in_a_caseload(self, name: str, west: bool) -> None:
        team = self.world.west if west or self.merged else self.world.east
        self.tried(self.world.case_match, self.staff(name), team)

    @rule()
    def leave_two_signals_about_somebody_whom_nobody_serves(self) -> None:
        self.world.pair_match()

    @rule(name=people)
    def answer_the_inbox(self, name: str) -> None:
        self.tried(self.world.answer, self.staff(name))

    @rule(name=people, number=st.integers(0, 9))
    def take_something(self, name: str, number: int) -> None:
        ids = self.world.ids()
        if ids:
            self.tried(self.world.take, self.staff(name), sorted(ids)[number % len(ids)])

    @rule(name=people)
    def refuse_something(self, name: str) -> None:
        for one in self.owned(self.staff(name))[:1]:
            self.tried(self.world.refuse, self.staff(name), one.match_id)

    @rule(name=people)
    def find_out_that_it_is_somebody_else(self, name: str) -> None:
        for one in self.owned(self.staff(name))[:1]:
            self.tried(self.world.by, self.staff(name), retract, one.match_id, Verified.WITH_PERSON)

    @rule(name=people, to=people, answer=st.sampled_from(["accepted", "returned", ""]))
    def hand_something_over(self, name: str, to: str, answer: str) -> None:
        for one in self.owned(self.staff(name))[:1]:
            self.tried(self.world.by, self.staff(name), handing.hand_over, one.match_id, self.staff(to).id)
            if answer:
                self.tried(self.world.reply, self.staff(to), one.match_id, answer)

    @rule(name=people, to=people)
    def let_the_lead_assign_something(self, name: str, to: str) -> None:
        for one in self.owned(self.staff(name))[:1]:
            self.tried(
                self.world.by, self.world.town.lead, handing.assign_to, one.match_id, self.staff(to).id
            )

    @rule(name=people, days=st.integers(1, 12), cover=st.none() | people)
    def fall_ill(self, name: str, days: int, cover: str | None) -> None:
        self.tried(
            self.world.by, self.staff(name), administration.record_absence,
            since=self.world.day(), until=self.world.day(days), cover=self.staff(cover).id if cover else None,
        )  # fmt: skip

    @rule(name=people)
    def end_a_post(self, name: str) -> None:
        posts = self.world.system(
            lambda work: store.list_posts(work.session, on=self.world.day(), staff=[self.staff(name).id])
        )
        for post in posts[:1]:
            self.world.operator(administration.end_post, post.id)

    @rule(name=people, west=st.booleans())
    def give_a_post(self, name: str, west: bool) -> None:
        with suppress(PostTakenError, PostInvalidError):
            self.world.post(self.staff(name), self.world.west if west else self.world.east)

    @rule(name=people, employer=st.sampled_from([EmployerKind.PROVIDER, EmployerKind.MUNICIPALITY]))
    def change_employer(self, name: str, employer: EmployerKind) -> None:
        self.world.operator(administration.set_profile, self.staff(name).id, Profile(employer=employer))

    @precondition(lambda self: not self.merged)
    @rule()
    def merge_the_teams(self) -> None:
        self.merged = True
        east, west = self.world.east.id, self.world.west.id
        self.world.operator(administration.succeed_team, east, successor_id=west, on=self.world.day())

    @rule()
    def let_a_meeting_pass_that_takes_nothing(self) -> None:
        self.world.pair_match()
        self.wait(9)

    @rule(days=st.integers(1, 9))
    def let_days_pass(self, days: int) -> None:
        self.wait(days)

    def wait(self, days: int) -> None:
        for _ in range(days):
            self.world = self.world.later(days=1)
            self.world.chores()
            self.look()

    @invariant()
    def nothing_is_orphaned_once_the_worker_had_its_turn(self) -> None:
        while match_changed(self.database, now=self.world.town.now):
            pass
        self.world.chores()
        self.look()

    def look(self) -> None:
        assert self.world.orphans() == []
        now, waiting = self.world.town.now, set()
        for match_id in self.world.ids():
            # One owner at a time, and never for long only a queue.
            if self.world.owner(match_id) is None:
                waiting.add(match_id)
                assert now - self.queued.setdefault(match_id, now) <= LONGEST
        self.queued = {match_id: since for match_id, since in self.queued.items() if match_id in waiting}


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize(
    ("examples", "steps", "same"),
    [(4, 20, True), pytest.param(60, 25, False, marks=pytest.mark.prove)],
    ids=["quick", "deep"],
)
def test_no_history_leaves_a_match_without_an_owner_who_may(examples: int, steps: int, same: bool) -> None:
    # No shrinking: a step takes tens of milliseconds, and the story that failed is printed whole.
    checks = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=same, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Histories, settings=checks)
