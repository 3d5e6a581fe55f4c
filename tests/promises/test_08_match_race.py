"""Promise 8: two organisations that post the same person at once never miss each other."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Barrier, BrokenBarrierError, Event, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

import hub.matches.matching as matching
from hub.matches.models import MatchRow
from hub.matches.service import match_changed
from hub.notices.models import NoticeRow
from hub.signals.service import accept
from hub.signals.values import Post
from hub.subjects.service import claim_changed
from service import clock
from service.database import Database
from service.errors import ConflictError
from service.work import SYSTEM, Work
from tests import builders
from tests.builders import everything
from tests.promises.town import Town

Pair = frozenset[UUID | None]
PEOPLE = 90
CASE, WITHDRAWN, OBJECTED = 2, 3, 5  # every second person has a case, and so on


@contextmanager
def open_also(town: Town, count: int) -> Iterator[list[Database]]:
    """Further processes, as far as the database can tell: each has connections of its own."""
    url = town.database.url.render_as_string(hide_password=False)
    databases = [Database(url, pool=4) for _ in range(count)]
    yield databases
    for database in databases:
        database.close()


def prepare(town: Town, name: str, person: object) -> Post:
    tokens = everything(f"race {person}")
    return builders.new_post(town.people.keys, tokens, sender=town.sender(name), now=clock.now())


def take(town: Town, database: Database, post: Post) -> None:
    with database.work(post.caller) as work:
        accept(work, [post], signer=town.hub.receipt_signer)


def run_at_once(*acts: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()


def drain(database: Database, until: Event) -> None:
    """Work as the worker does: what failed is tried again at its next turn."""
    while True:
        over = until.is_set()
        with suppress(ConflictError):
            if not match_changed(database, limit=7) and over:
                return


@dataclass
class Race:
    """Everybody in town at work at once; what happened to whom, as those who did it know."""

    town: Town
    acting: builders.Town
    posts: dict[str, list[Post]]
    people: range
    cases: dict[int, UUID] = field(default_factory=dict)

    @classmethod
    def prepared(cls, town: Town, people: range) -> Race:
        """Seal every signal beforehand, so that the posts themselves come fast."""
        posts = {name: [prepare(town, name, person) for person in people] for name in ("school", "police")}
        return cls(town, replace(town.people, now=clock.now()), posts, people)

    def post_all(self, name: str) -> None:
        """Post everybody; the school takes some back at once."""
        for person, post in zip(self.people, self.posts[name], strict=True):
            take(self.town, self.acting.database, post)
            if name == "school" and person % WITHDRAWN == 0:
                self.acting.withdraw(self.town.sender("school"), post.signal_id, "reason_gone")

    def register_cases(self, seed: int) -> None:
        """Register cases in an order of its own."""
        with_case = self.people[::CASE]
        for person in random.Random(seed).sample(with_case, len(with_case)):
            self.cases[person] = self.acting.case(self.acting.anna, everything(f"race {person}"))

    def object(self) -> None:
        """Record objections."""
        for person in self.people[::OBJECTED]:
            self.acting.object(everything(f"race {person}"))


@pytest.mark.parametrize(
    "people", [range(PEOPLE), pytest.param(range(PEOPLE, 4 * PEOPLE), marks=pytest.mark.prove)], ids=len
)
def test_of_all_that_happens_at_once_nothing_is_missed_and_nothing_told_too_much(
    town: Town, people: range
) -> None:
    race, over, seed = Race.prepared(town, people), Event(), random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    with open_also(town, 2) as workers:
        running = [Thread(target=drain, args=(database, over)) for database in workers]
        for thread in running:
            thread.start()
        run_at_once(
            partial(race.post_all, "school"),
            partial(race.post_all, "police"),
            partial(race.register_cases, seed),
            race.object,
        )
        over.set()
        for thread in running:
            thread.join()
    check(race)


def check(race: Race) -> None:
    """Compare what the hub made of it with what must be, person by person."""
    matches, notices = read_pairs(race.town)
    for at, person in enumerate(race.people):
        school, police = (race.posts[name][at].signal_id for name in ("school", "police"))
        case = race.cases.get(person)
        open_ = expected(person, school, police, case)
        for pair in {frozenset(pair) for pair in ((school, police), (school, case), (police, case))}:
            assert matches[pair].count("open") == (pair in open_), (person, matches[pair])
            assert len(matches[pair]) <= 1, person
            assert notices[pair] == ["new"] * (pair in open_), (person, notices[pair])


def expected(person: int, school: UUID, police: UUID, case: UUID | None) -> set[Pair]:
    """The pairs of which somebody must have been told."""
    active = [police] if person % WITHDRAWN == 0 else [school, police]
    if person % OBJECTED == 0:
        return set()
    if case is not None:
        return {frozenset((signal, case)) for signal in active}
    return {frozenset(active)} if len(active) == 2 else set()


def read_pairs(town: Town) -> tuple[dict[Pair, list[str]], dict[Pair, list[str]]]:
    """States of matches and of the notices that stand, per pair of registrations."""
    matches, notices = defaultdict(list), defaultdict(list)
    with town.database.look(SYSTEM) as work:
        found = {row.id: row for row in work.session.scalars(select(MatchRow))}
        for row in found.values():
            matches[frozenset((row.signal_id, row.other_id))].append(row.state)
        for notice in work.session.scalars(select(NoticeRow).where(NoticeRow.state != "void")):
            row = found[notice.match_id]
            notices[frozenset((row.signal_id, row.other_id))].append(notice.state)
    return matches, notices


@dataclass
class Scene:
    """A case, a signal about the same person, and two workers with connections of their own."""

    town: Town
    signal_id: UUID
    case_id: UUID
    first: Database
    second: Database

    @property
    def pair(self) -> Pair:
        """The two registrations."""
        return frozenset((self.signal_id, self.case_id))

    def withdraw(self) -> None:
        """The school takes its signal back, and the second worker comes by at once."""
        people = replace(self.town.people, database=self.second, now=clock.now())
        people.withdraw(self.town.sender("school"), self.signal_id)
        while match_changed(self.second):
            pass

    def object(self) -> None:
        """The person objects at the desk, and the second worker comes by at once."""
        people = replace(self.town.people, database=self.second, now=clock.now())
        people.object(everything("scene"))
        while match_changed(self.second):
            pass


@pytest.fixture
def scene(town: Town) -> Iterator[Scene]:
    """The signal was looked at before; the case is new, and the first worker is about to look at it."""
    person = replace(town.people, now=clock.now())
    town.match()
    signal_id = person.signal(town.sender("school"), everything("scene"))
    town.match()
    case_id = person.case(person.anna, everything("scene"))
    with open_also(town, 2) as (first, second):
        yield Scene(town, signal_id, case_id, first, second)
    with town.database.work(SYSTEM) as work:
        work.session.execute(text("UPDATE registration SET ended_at = active_from WHERE ended_at IS NULL"))


def interrupted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, act: Callable[[], None], *, before: str
) -> None:
    """Let the first worker match while `act` happens right before one of its steps."""
    step, begun = getattr(matching, before), Thread(target=act)

    def step_late(work: Work, *rest: Any, **more: Any) -> Any:
        if work.session.get_bind() is scene.first.writer and not begun.ident:
            begun.start()
            begun.join(1.0)  # it goes on by itself, or waits for this transaction
        return step(work, *rest, **more)

    monkeypatch.setattr(matching, before, step_late)
    while match_changed(scene.first):
        pass
    assert begun.ident, "the worker took no such step"
    begun.join()


@pytest.mark.parametrize("before", ["lock_registrations", "decide_pairs"])
@pytest.mark.parametrize("act", ["withdraw", "object"])
def test_what_ends_while_it_is_matched_is_told_to_nobody(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, act: str, before: str
) -> None:
    interrupted(scene, monkeypatch, getattr(scene, act), before=before)
    matches, notices = read_pairs(scene.town)
    assert notices[scene.pair] == []
    assert "open" not in matches[scene.pair]


def on_postgresql(town: Town) -> bool:
    """SQLite has one writer at a time: there these mutants are harmless."""
    return town.database.dialect == "postgresql"


def test_mutant_without_lock_and_second_look_tells_of_a_signal_that_was_withdrawn(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would see it."""

    def look_once(work: Work, touched: Collection[UUID], *, held: set[UUID]) -> list[matching.Pair]:
        pairs = matching.find_pairs(work, touched).pairs
        matching.lock_registrations(work, set())
        return pairs

    monkeypatch.setattr(matching, "_look_under_lock", look_once)
    interrupted(scene, monkeypatch, scene.withdraw, before="lock_registrations")
    _, notices = read_pairs(scene.town)
    assert notices[scene.pair] == (["new"] if on_postgresql(scene.town) else [])


def post_at_once(town: Town, person: str, then: Callable[[Work, Post], None]) -> Pair:
    """Let school and police post one person in two transactions that are open at the same time.

    Args:
        then: done by each after its insert and before its commit.
    """
    posts = [prepare(town, name, person) for name in ("school", "police")]
    both, patience = Barrier(2), 20.0 if on_postgresql(town) else 0.1

    def wait() -> None:
        with suppress(BrokenBarrierError):  # on SQLite the other has to wait for this commit
            both.wait(patience)

    def post_one(database: Database, post: Post) -> None:
        with database.work(post.caller) as work:
            accept(work, [post], signer=town.hub.receipt_signer)
            wait()
            then(work, post)
            wait()

    with open_also(town, 2) as databases:
        run_at_once(*(partial(post_one, *pair) for pair in zip(databases, posts, strict=True)))
    return frozenset(post.signal_id for post in posts)


def test_two_posts_in_transactions_that_do_not_see_each_other_are_found(town: Town) -> None:
    pairs = [post_at_once(town, f"together {number}", lambda work, post: None) for number in range(5)]
    with open_also(town, 2) as workers:
        over = Event()
        over.set()
        run_at_once(*(partial(drain, database, over) for database in workers))
    matches, _ = read_pairs(town)
    assert [matches[pair] for pair in pairs] == [["open"]] * 5


def test_mutant_that_matches_inside_the_posting_transaction_misses(town: Town) -> None:
    """Without the queue nobody looks again: each post looked while the other was not there yet."""

    def match_inline(work: Work, post: Post) -> None:
        claimed = frozenset(claim_changed(work, 100))
        assert post.signal_id in claimed
        matching.match(work, claimed)

    town.match()
    pairs = [post_at_once(town, f"apart {number}", match_inline) for number in range(5)]
    town.match()
    matches, _ = read_pairs(town)
    assert [matches[pair] for pair in pairs] == [[] if on_postgresql(town) else ["open"]] * 5
