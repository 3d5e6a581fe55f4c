"""Single posts are committed in groups, and answered only by the commit that holds them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from hub.signals.committer import GroupCommitter
from hub.signals.models import SignalRow
from hub.signals.service import Post, Receipt
from service import clock
from service.database import Database
from service.errors import DatError, UnavailableError
from service.work import SYSTEM
from tests import builders
from tests.hub.signals.conftest import KEYS, SIGNER

PERSON = {"A": 1, "F": 1}


@pytest.fixture
def committer(hub_database: Database) -> GroupCommitter:
    return GroupCommitter(hub_database, receipt_signer=SIGNER)


@pytest.fixture
def now() -> datetime:
    """The committer asks the clock itself."""
    return clock.now()


@pytest.fixture
def school(hub_database: Database, now: datetime) -> builders.Sender:
    return builders.sender(hub_database, now=now)


def stored(database: Database) -> int:
    with database.look(SYSTEM) as work:
        return work.session.execute(select(func.count()).select_from(SignalRow)).scalar_one()


def post_all(committer: GroupCommitter, posts: list[Post], *, hold: Event | None = None) -> list[Any]:
    """Post at once, from a thread each; what comes back or is raised, in order."""
    answers: list[Any] = [None] * len(posts)

    def post(place: int) -> None:
        try:
            answers[place] = committer.accept(posts[place])
        except DatError as error:
            answers[place] = error

    threads = [Thread(target=post, args=(place,)) for place in range(len(posts))]
    for thread in threads:
        thread.start()
    if hold is not None:
        hold.wait(0.3)
        hold.set()
    for thread in threads:
        thread.join()
    return answers


def gathered(database: Database, committer: GroupCommitter, posts: list[Post]) -> list[Any]:
    """Hold the first commit until all others wait, so that those come as one group."""
    hold = Event()

    def wait(_connection: Any) -> None:
        hold.wait()

    event.listen(database.writer, "commit", wait)
    answers = post_all(committer, posts, hold=hold)
    event.remove(database.writer, "commit", wait)
    return answers


def new_posts(school: builders.Sender, now: datetime, number: int) -> list[Post]:
    return [builders.new_post(KEYS, PERSON | {"A": n}, sender=school, now=now) for n in range(number)]


def test_concurrent_posts_share_a_commit(
    hub_database: Database, committer: GroupCommitter, school: builders.Sender, now: datetime
) -> None:
    commits = []
    event.listen(hub_database.writer, "commit", lambda _connection: commits.append(1))
    posts = new_posts(school, now, 24)
    answers = gathered(hub_database, committer, posts)
    assert [answer.signal_id for answer in answers] == [post.signal_id for post in posts]
    assert stored(hub_database) == 24
    assert len(commits) <= 3


def test_an_answer_comes_after_the_commit(
    hub_database: Database, committer: GroupCommitter, school: builders.Sender, now: datetime
) -> None:
    order: list[str] = []
    event.listen(hub_database.writer, "commit", lambda _connection: order.append("commit"))
    (post,) = new_posts(school, now, 1)
    committer.accept(post)
    order.append("answer")
    assert order == ["commit", "answer"]


def test_a_failing_commit_fails_all_of_its_group_and_stores_nothing(
    hub_database: Database, committer: GroupCommitter, school: builders.Sender, now: datetime
) -> None:
    def fail(_connection: Any) -> None:
        raise OperationalError("COMMIT", {}, Exception())

    event.listen(hub_database.writer, "commit", fail)
    answers = gathered(hub_database, committer, new_posts(school, now, 6))
    event.remove(hub_database.writer, "commit", fail)
    assert all(isinstance(answer, UnavailableError) for answer in answers)
    assert stored(hub_database) == 0


def test_the_same_post_succeeds_once_the_store_is_back(
    hub_database: Database, committer: GroupCommitter, school: builders.Sender, now: datetime
) -> None:
    def fail(_connection: Any) -> None:
        raise OperationalError("COMMIT", {}, Exception())

    (post,) = new_posts(school, now, 1)
    event.listen(hub_database.writer, "commit", fail)
    with pytest.raises(UnavailableError):
        committer.accept(post)
    event.remove(hub_database.writer, "commit", fail)
    assert committer.accept(post).signal_id == post.signal_id


def test_a_bad_post_never_fails_its_neighbours(
    hub_database: Database, committer: GroupCommitter, school: builders.Sender, now: datetime
) -> None:
    posts = new_posts(school, now, 8)
    posts[3] = replace(posts[3], signal_id=uuid4())
    posts[4] = replace(posts[4], signal_id=uuid4())
    posts[5] = replace(posts[5], message=replace(posts[5].message, kid_known=False))
    answers = gathered(hub_database, committer, posts)
    assert isinstance(answers[3], UnavailableError)
    assert isinstance(answers[4], UnavailableError)
    assert answers[5].code == "envelope_key_unknown"
    assert all(isinstance(answer, Receipt) for place, answer in enumerate(answers) if place not in {3, 4, 5})
    assert stored(hub_database) == 5


def test_posts_of_several_organisations_are_recorded_in_their_own_names(
    hub_database: Database, committer: GroupCommitter, school: builders.Sender, now: datetime
) -> None:
    other = builders.sender(hub_database, now=now)
    posts = [builders.new_post(KEYS, PERSON, sender=one, now=now) for one in (school, other) * 3]
    gathered(hub_database, committer, posts)
    with hub_database.look(SYSTEM) as work:
        pairs = builders.audit_values(work, "actor"), builders.audit_values(work, "subject")
        rows = list(zip(*pairs, strict=True))
    actors = {
        post.signal_id: actor
        for post in posts
        for actor, subject in rows
        if str(post.signal_id).encode() in subject
    }
    assert all(str(post.organisation_id).encode() in actors[post.signal_id] for post in posts)
