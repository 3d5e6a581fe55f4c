"""Promise 10: a commit that fails never yields a success answer, and leaves nothing behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.database import Database
from service.errors import UnavailableError
from service.work import SYSTEM
from tests import databases
from tests.promises.acts import ACTS, ON_EACH_STORE, someone
from tests.promises.breaking import commit_failing
from tests.promises.town import Town


@pytest.fixture(scope="module")
def medium() -> Path:
    """The disk."""
    return databases.DISK


@pytest.mark.parametrize("name", ON_EACH_STORE)
def test_a_failing_commit_is_answered_as_a_failure_and_can_be_repeated(town: Town, name: str) -> None:
    send = ACTS[name](town)
    before = town.dump()
    with commit_failing(town.database):
        answer = send()
    assert answer.status_code in {500, 503}, answer.text
    assert "receipt" not in answer.text
    assert town.dump() == before
    assert 200 <= send().status_code < 300


def test_a_group_of_posts_whose_commit_fails_gives_no_receipt_at_all(town: Town) -> None:
    messages = [town.signal("school", someone()) for _ in range(24)]
    client = town.client("school")
    before = town.dump()
    with ThreadPoolExecutor(12) as pool:
        with commit_failing(town.database):
            answers = list(pool.map(lambda message: message.post(client), messages))
        assert {answer.status_code for answer in answers} == {503}
        assert town.dump() == before
        again = list(pool.map(lambda message: message.post(client), messages))
    assert {answer.status_code for answer in again} == {202}
    assert len({answer.json()["signalId"] for answer in again}) == len(messages)


def test_the_failure_really_comes_at_the_commit(town: Town) -> None:
    """Without this the tests above could hold because a statement fails."""
    reached = False

    def act(database: Database) -> None:
        nonlocal reached
        from hub.audit.events import Refused
        from hub.audit.service import record

        with database.work(SYSTEM) as work:
            record(work, Refused())
            reached = True

    with commit_failing(town.database), pytest.raises(UnavailableError):
        act(town.database)
    assert reached
