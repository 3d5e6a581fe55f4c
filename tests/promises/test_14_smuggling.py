"""Promise 14: a poster chooses at most 8 bits that another organisation may see.

Date and kind. Everything else that a message may carry, or be carried in, leaves what its recipient sees
byte-identical. Which match keys agreed is shown too (design.md, 3): a poster that leaves tokens out chooses
among a few lists of letters; that is counted here, and stands among the residual risks.
"""

from __future__ import annotations

import itertools
import json
import math
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest

from hub.signals import posting
from hub.signals.schemas import SignalIn
from keys.protocol.envelope import Entry
from service import clock
from tests import builders
from tests.builders import authorise_staff, everything
from tests.promises.answers import _FIXED
from tests.promises.town import Message, Town, settled

Change = Callable[[Town], Mapping[str, Any]]
PRESENT = "ABCDEFGH"
TRACE = f"00-{'5' * 32}-{'5' * 16}-01"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town in which posts meet cases."""
    folder = tmp_path_factory.mktemp("hub")
    with settled(folder, f"sqlite:///{folder / 'hub.db'}") as found:
        yield found


def colleague(town: Town) -> str:
    """Another reporter of the school, with the same words for whom to call."""
    label = town.sender("school").reporter.contact_label
    partner = town.sender("school").partner
    return str(authorise_staff(town.database, partner, now=clock.now(), contact=label).id)


CHANGES: dict[str, Change] = {
    "a key of the poster's choice": lambda _: {"key": uuid4()},
    "another reporter": lambda town: {"reporter": colleague(town)},
    "another end of the bracket": lambda _: {"bracketEnds": "2027-Q1"},
    "another bracket": lambda _: {"bracket": "16-17", "bracketEnds": "2027-Q4"},
    "another validity": lambda _: {"validMonths": 7},
    "where the person lives": lambda _: {"residence": "0344"},
    "another order of entries": lambda _: {"reverse": True},
    "in a batch": lambda _: {"batch": True},
    "headers": lambda _: {"headers": {"User-Agent": "x", "traceparent": TRACE, "X-Id": "x"}},
    "another spelling of the JSON": lambda _: {"spelling": True},
}
OURS = ("poster", "key", "reverse", "batch", "headers", "spelling")


def post(town: Town, person: str, tokens: Mapping[str, object], **changes: Any) -> None:
    """Post a signal with some of what may differ."""
    ways = {name: changes.pop(name) for name in OURS if name in changes}
    if ways.get("reverse"):
        changes["sealed"] = [Entry(one.token_type, 1, one.element) for one in builders.entries(tokens)][::-1]
    poster = ways.setdefault("poster", "school")
    message = town.signal(poster, tokens, key=ways.get("key"), **changes)
    answer = send(town, message, ways)
    assert answer.status_code == 202, (person, answer.text)


def send(town: Town, message: Message, ways: Mapping[str, Any]) -> Any:
    school = town.client(ways["poster"])
    if ways.get("batch"):
        return school.post("/signal-batches", json={"signals": [message.item]})
    headers = {**message.headers, **ways.get("headers", {})}
    if ways.get("spelling"):
        body = json.dumps(dict(reversed(message.body.items())), indent=3).replace('"school', '"\\u0073chool')
        headers["Content-Type"] = "application/json"
        return school.post("/signals", content=body.encode(), headers=headers)
    return school.post("/signals", json=message.body, headers=headers)


def view(town: Town, tokens: Mapping[str, object] | None = None, **changes: Any) -> bytes:
    """Everything that the casemanager gets of one signal about a person of the caseload, ids masked."""
    person = uuid4().hex
    case = str(town.people.case(town.people.anna, everything(person)))
    chosen = dict.fromkeys(tokens or everything(person), person)
    post(town, person, chosen, **changes)
    town.match()
    page = town.client("anna").get("/notices").json()["notices"]
    notices = [notice for notice in page if notice["caseId"] == case]
    for notice in notices:
        path = f"/notices/{notice['noticeId']}/acknowledgement"
        town.client("anna").post(path, json={"outcome": "acknowledged"})
    assert all(str(changes.get("key")) not in json.dumps(notice) for notice in notices)
    return _FIXED.sub(b"*", json.dumps(notices, sort_keys=True).encode())


def test_whatever_else_a_poster_varies_its_recipient_sees_the_same(town: Town) -> None:
    plain = view(town)
    assert plain.count(b'"match"') == 1
    for name, change in CHANGES.items():
        assert view(town, **change(town)) == plain, name


def test_the_number_of_a_decision_of_the_police_reaches_nobody(town: Town) -> None:
    facts = {"poster": "police", "legalBasis": "WPG_YOUTH"}
    one, other = (view(town, **facts, decisionReference=str(uuid4())) for _ in range(2))
    assert one == other != b"[]"


@pytest.mark.prove
def test_all_of_it_at_once_leaves_the_recipient_the_same_view(town: Town) -> None:
    plain = view(town)
    for _ in range(100):
        names = random.sample(sorted(CHANGES), random.randrange(1, len(CHANGES)))
        changes: dict[str, Any] = {}
        for name in names:
            changes |= CHANGES[name](town)
        assert view(town, **changes) == plain, names


def test_what_a_poster_does_choose_is_at_most_eight_bits(town: Town) -> None:
    days, kinds = 32, ("contact", "concern")
    first = view(town, contactDate=day(30), kind=kinds[0])
    last = view(town, contactDate=day(0), kind=kinds[1])
    assert first != last
    assert math.log2(days * len(kinds)) <= 8
    assert get_args(SignalIn.model_fields["kind"].annotation) == kinds
    too_old = town.signal("school", everything("x"), contactDate=day(days))
    assert too_old.post(town.client("school")).status_code == 400


def day(back: int) -> str:
    return (clock.now() - timedelta(days=back)).date().isoformat()


def test_leaving_tokens_out_changes_only_the_letters_that_agreed(town: Town) -> None:
    """The residual channel, counted: it is in the threat model, and does not grow unseen."""
    plain, seen = json.loads(view(town)), set()
    chosen = random.sample([set(some) for some in itertools.combinations(PRESENT, 3)], 6)
    for some in chosen:
        (notice,) = json.loads(view(town, dict.fromkeys(sorted(some)))) or [None]
        if notice is None:
            continue  # a possible match: nobody is told
        seen.add(tuple(notice.pop("agreedKeys")))
        assert {**plain[0], "agreedKeys": None} == {**notice, "agreedKeys": None}
    assert seen <= {tuple(sorted(some)) for some in chosen}


def test_mutant_whose_ids_come_from_the_poster_carries_them_to_the_recipient(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = uuid4()
    monkeypatch.setattr(posting, "uuid4", lambda: key)
    with pytest.raises(AssertionError):
        view(town, key=key)
