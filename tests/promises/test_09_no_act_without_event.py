"""Promise 9: no act without a line in the log. With the log failing, no route has any effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.app import create_hub_api
from hub.matches.overdue import return_overdue
from hub.matches.service import match_changed
from hub.signals.service import expire_due
from service import clock
from service.errors import UnavailableError
from service.work import SYSTEM
from tests.described import api_document
from tests.promises.acts import ACTS, ON_EACH_STORE, READS, path_of, prepare_inbox, someone, tell
from tests.promises.breaking import log_failing
from tests.promises.town import Town


def documented() -> set[str]:
    """Every operation of the API."""
    paths = api_document()["paths"]
    return {f"{method.upper()} {path}" for path, operations in paths.items() for method in operations}


def routed() -> set[str]:
    """Every operation that is really routed, also one that the document leaves out."""
    found = set()
    for route in create_hub_api().routes:
        for one in getattr(route, "effective_route_contexts", lambda route=route: [route])():
            found |= {f"{method} {one.path}" for method in one.methods if method != "HEAD"}
    return found


def events(town: Town) -> int:
    return int(town.rows("SELECT count(*) FROM audit_event")[0][0])


def test_every_route_is_in_the_matrix() -> None:
    assert ACTS.keys() | READS.keys() == documented() == routed()
    assert all(name.startswith("GET ") for name in READS)


@pytest.mark.parametrize("name", ON_EACH_STORE)
def test_with_the_log_failing_a_route_has_no_effect_and_says_so(town: Town, name: str) -> None:
    send = ACTS[name](town)
    before = town.dump()
    with log_failing(town.database):
        answer = send()
    assert answer.status_code in {500, 503}, answer.text
    assert "full" not in answer.text
    assert town.dump() == before

    counted = events(town)
    answer = send()
    assert 200 <= answer.status_code < 300, answer.text
    assert events(town) > counted
    assert town.dump() != before


@pytest.mark.parametrize("name", READS)
def test_a_read_changes_nothing(town: Town, name: str) -> None:
    path = path_of(town, name)
    client = town.client(READS[name] or "school")
    before = town.dump()
    assert client.get(path).status_code == 200
    assert town.dump() == before


def test_a_refusal_that_cannot_be_written_down_is_not_given(town: Town) -> None:
    def refused() -> int:
        return int(town.case(someone()).post(town.client("school"), "/cases").status_code)

    assert refused() == 403
    before = town.dump()
    with log_failing(town.database):
        assert refused() in {500, 503}
    assert town.dump() == before
    counted = events(town)
    assert refused() == 403
    assert events(town) == counted + 1


def match(town: Town) -> int:
    return match_changed(town.database)


def expire(town: Town) -> int:
    with town.database.work(SYSTEM, now=clock.now() + timedelta(days=800)) as work:
        return expire_due(work, limit=10)


def take_back_overdue(town: Town) -> int:
    with town.database.work(SYSTEM, now=clock.now() + timedelta(days=30)) as work:
        return return_overdue(work)


@pytest.mark.parametrize("chore", [match, expire, take_back_overdue])
def test_with_the_log_failing_the_worker_does_nothing(town: Town, chore: Callable[[Town], int]) -> None:
    tell(town)
    prepare_inbox(town)
    send = ACTS["POST /signals"](town)
    assert send().status_code == 202
    person = someone()
    town.case(person).post(town.client("anna"), "/cases")
    town.signal("school", person).post(town.client("school"))
    before = town.dump()
    with log_failing(town.database), pytest.raises(UnavailableError):
        chore(town)
    assert town.dump() == before
    counted = events(town)
    assert chore(town) > 0
    assert events(town) > counted
