"""Promise 14: a poster chooses at most 8 bits that another organisation may see.

Date and kind: six bits. Everything else that a message may carry, or be carried in, leaves what its recipient
sees byte-identical, but for the basis, on which the level rests, and for tokens that are left out: by them a
match is by number, by keys, or waits for a human first. Which keys agreed is shown nowhere. All are counted.
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

from hub.consent.loading import default_document, default_policy
from hub.consent.policy_set import PartnerRule
from hub.consent.versions import _adopt
from hub.partners.kinds import load_kinds
from hub.partners.mandates import AT_MOST, end_mandate, give_mandate
from hub.signals import posting
from hub.signals.schemas import SignalIn
from keys.protocol.envelope import Entry
from service import clock
from service.clock import dutch_date
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import authorise_staff, everything
from tests.promises.answers import _FIXED
from tests.promises.town import Message, Town, settled

Change = Callable[[Town], Mapping[str, Any]]
PRESENT = "ABCDEFGH"
DAYS, KINDS = 32, ("contact", "concern")
RULES, KINDS_OF_PARTNER = default_policy(), load_kinds()
TRACE = f"00-{'5' * 32}-{'5' * 16}-01"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town in which posts meet cases."""
    folder = tmp_path_factory.mktemp("hub")
    with settled(folder, f"sqlite:///{folder / 'hub.db'}") as found:
        # The most that a covenant may let a poster choose from.
        widest = default_document() | {"signal_kinds": list(KINDS)}
        with found.database.work(SYSTEM) as work:
            _adopt(work, widest, in_force_on=dutch_date(work.now), change=None)
        yield found


def colleague(town: Town) -> str:
    """Another reporter of the school, with the same words for whom to call."""
    label = town.sender("school").reporter.contact_label
    partner = town.sender("school").partner
    return str(authorise_staff(town.database, partner, now=clock.now(), contact=label).id)


CHANGES: dict[str, Change] = {
    "a key of the poster's choice": lambda _: {"key": uuid4()},
    "another reporter": lambda town: {"reporter": colleague(town)},
    "brought by a colleague": lambda town: {"submittedBy": colleague(town)},
    "another end of the bracket": lambda _: {"bracketEnds": "2027-Q1"},
    "another bracket": lambda _: {"bracket": "16-17", "bracketEnds": "2027-Q4"},
    "another validity": lambda _: {"validMonths": 7},
    "where the person lives": lambda _: {"residence": "0344"},
    "how that is known": lambda _: {"residence": "0344", "residenceFrom": "established"},
    "another order of entries": lambda _: {"reverse": True},
    "told the person later": lambda _: {"noticeDate": day(0)},
    "one parent alone": lambda _: {"authorityHolders": 1},
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


def test_no_member_of_a_signal_is_left_out_of_this(town: Town) -> None:
    varied = {name for change in CHANGES.values() for name in change(town)} - set(OURS)
    counted = {"contactDate", "kind", "legalBasis", "tokenTypes", "decisionReference"}
    constant = {"attestation", "envelope"}  # one value; and what is sealed
    gates = {"subjectNotice", "noticeTo"}  # whether it is told at all
    sender = {"onBehalfOf"}  # whose contact it was, among those that gave a mandate: docs/threat-model.md
    assert varied | counted | constant | gates | sender == {
        field.alias for field in SignalIn.model_fields.values()
    }, "a new member of a signal is varied here, or counted"


def test_the_number_of_a_decision_of_the_police_reaches_nobody(town: Town) -> None:
    facts = {"poster": "police", "legalBasis": "WPG_YOUTH"}
    one, other = (view(town, **facts, decisionReference=str(uuid4())) for _ in range(2))
    assert one == other != b"[]"


def test_who_brings_for_others_chooses_whose_name_is_told_and_no_more(town: Town) -> None:
    bringer, now, seen = town.sender("school"), clock.now(), {view(town)}
    today = dutch_date(now)
    for name in ("De Eik", "De Es"):
        other = builders.sender(town.database, now=now, name=name)
        with town.database.work(OPERATOR, now=now) as work:
            give_mandate(
                work, other.partner.id, to=bringer.partner.id, begins=today, ends=today + timedelta(days=1)
            )
        named = {
            "reporter": other.reporter.id,
            "onBehalfOf": other.partner.id,
            "submittedBy": bringer.reporter.id,
        }
        changes = {field: str(id_) for field, id_ in named.items()}
        plain = view(town, **changes)
        assert view(town, **changes, **CHANGES["another validity"](town)) == plain
        seen.add(plain)
        with town.database.work(OPERATOR, now=now) as work:
            end_mandate(work, other.partner.id, to=bringer.partner.id, on=today)
    assert len(seen) == 3
    assert math.log2(1 + AT_MOST) < 3.2


@pytest.mark.prove
def test_all_of_it_at_once_leaves_the_recipient_the_same_view(town: Town) -> None:
    plain = view(town)
    for _ in range(100):
        names = random.sample(sorted(CHANGES), random.randrange(1, len(CHANGES)))
        changes: dict[str, Any] = {}
        for name in names:
            changes |= CHANGES[name](town)
        if changes.get("bracket") == "16-17":  # whose parents are not counted: that is refused openly
            changes.pop("authorityHolders", None)
        assert view(town, **changes) == plain, names


def test_date_and_kind_are_six_bits(town: Town) -> None:
    first = view(town, contactDate=day(30), kind=KINDS[0])
    last = view(town, contactDate=day(0), kind=KINDS[1])
    assert first != last
    assert math.log2(DAYS * len(KINDS)) == 6
    assert get_args(SignalIn.model_fields["kind"].annotation) == KINDS
    too_old = town.signal("school", everything("x"), contactDate=day(DAYS))
    assert too_old.post(town.client("school")).status_code == 400


def day(back: int) -> str:
    return dutch_date(clock.now() - timedelta(days=back)).isoformat()


@pytest.mark.parametrize("partner", RULES.partners, ids=lambda partner: partner.kind)
def test_with_every_basis_and_every_way_to_leave_tokens_out_it_is_no_more_than_eight(
    partner: PartnerRule,
) -> None:
    for recipient in partner.told:
        bases = [basis for basis in RULES.bases if partner.kind in basis.partner_kinds]
        levels = {RULES.most_told(partner, basis, recipient=recipient) for basis in bases}
        schemes = KINDS_OF_PARTNER[partner.kind].schemes_at_most
        # Where a team gathers households, the household's own token shows too, beside a number only.
        ways = 2 + ("bsn" in schemes) + ("household" in schemes)
        assert math.log2(DAYS * len(KINDS) * len(levels) * ways) <= 8


@pytest.mark.parametrize(
    ("poster", "number"), [("school", ()), ("youth_care", ("bsn",))], ids=["keys", "number"]
)
def test_tokens_that_are_left_out_show_in_no_more_than_these_ways(
    town: Town, poster: str, number: tuple[str, ...]
) -> None:
    """By number, by keys, or after a human said so; which keys agreed shows nowhere."""
    found = {seen_by_all(town, poster, some) for some in left_out(number)} - {b""}
    assert 1 < len(found) <= 2 + len(number)


def left_out(number: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Some of the lists of tokens that a poster may send."""
    chosen = [some for size in (1, 2, 3) for some in itertools.combinations(PRESENT, size)]
    return [("C",), ("A", "D"), number or ("B",), *random.sample(chosen, 4), (*PRESENT, *number)]


def seen_by_all(town: Town, poster: str, some: tuple[str, ...]) -> bytes:
    """Everything that team lead and casemanager get of one signal about somebody with a case, ids masked."""
    person, lead, anna = uuid4().hex, town.client("lead"), town.client("anna")
    case = str(town.people.case(town.people.anna, {**everything(person), "bsn": person}))
    post(town, person, dict.fromkeys(some, person), poster=poster)
    town.match()
    waiting = lead.get("/possible-matches").json()["possibleMatches"]
    for one in waiting:
        lead.post(f"/possible-matches/{one['matchId']}/decision", json={"decision": "confirmed"})
    town.match()
    notices = [one for one in anna.get("/notices").json()["notices"] if one["caseId"] == case]
    for one in notices:
        anna.post(f"/notices/{one['noticeId']}/acknowledgement", json={"outcome": "acknowledged"})
    seen = [*waiting, *notices]
    return _FIXED.sub(b"*", json.dumps(seen, sort_keys=True).encode()) if seen else b""


def test_beside_a_case_the_team_sees_no_age_but_its_own(town: Town) -> None:
    tokens, changes = {"A": None, "C": None, "D": None}, CHANGES["another bracket"](town)
    assert view(town, tokens, **changes) == view(town, tokens) == b"[]"
    listed = town.client("lead").get("/possible-matches").json()["possibleMatches"]
    assert {tuple(one["brackets"]) for one in listed} == {("12-15",)}


def test_what_fits_in_no_member_is_refused_and_the_log_says_by_whom(town: Town) -> None:
    school, message = town.client("school"), town.signal("school", everything("x"))
    before = malformed(town)
    for body in ({**message.body, "remark": "x"}, {**message.body, "kind": "x"}):
        assert school.post("/signals", json=body, headers=message.headers).status_code == 400
    assert school.post("/consents", json={"remark": "x"}, headers=message.headers).status_code == 400
    assert malformed(town) == before + 3


def malformed(town: Town) -> int:
    """How many lines say that this school sent what is not of the agreed form."""
    sender, found = town.sender("school").partner.id.hex, town.rows("SELECT leaf FROM audit_event")
    leaves = [json.loads(bytes(row.leaf)) for row in found]
    return sum(leaf["ev"] == "message.malformed" and leaf["org"] == sender for leaf in leaves)


def test_mutant_whose_ids_come_from_the_poster_carries_them_to_the_recipient(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = uuid4()
    monkeypatch.setattr(posting, "uuid4", lambda: key)
    with pytest.raises(AssertionError):
        view(town, key=key)
