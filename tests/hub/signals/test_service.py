"""Signals are taken, given back, withdrawn and expired, in both databases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text

from hub.audit.models import LOG, AuditPrivateRow
from hub.signals.errors import CursorError, IdempotencyConflictError, SignalMissingError
from hub.signals.models import SignalKeyRow, SignalRow
from hub.signals.receipts import write_receipt
from hub.signals.service import (
    Outcome,
    Post,
    Receipt,
    SignalState,
    WithdrawalReason,
    accept,
    expire_due,
    forget_keys,
    get_own,
    get_signals,
    list_own,
    withdraw,
)
from hub.subjects.models import MatchIndexRow, MatchQueueRow, RegistrationRow
from hub.subjects.service import RegistrationKind, Verdict, claim_changed, find_agreeing
from keys.protocol.encoding import b64u, canonical_json
from keys.protocol.envelope import Entry
from keys.protocol.tokens import TokenType
from service.database import Database
from service.errors import DatError, UnavailableError
from service.work import SYSTEM, Caller
from tests import builders
from tests.hub.signals.conftest import KEYS, SIGNER

PERSON = {"A": 1, "C": 1, "F": 1, "H": 1}
TABLES = (SignalRow, SignalKeyRow, RegistrationRow, MatchIndexRow, MatchQueueRow, LOG.event)


def take(database: Database, now: datetime, posts: Sequence[Post]) -> list[Outcome]:
    with database.work(SYSTEM, now=now) as work:
        return accept(work, posts, signer=SIGNER)


def count(database: Database, model: Any) -> int:
    with database.look(SYSTEM) as work:
        return work.session.execute(select(func.count()).select_from(model)).scalar_one()


def codes(database: Database) -> list[tuple[str, str]]:
    with database.look(SYSTEM) as work:
        leaves = [json.loads(leaf) for (leaf,) in work.session.execute(select(LOG.event.c.leaf))]
    return sorted(
        (leaf["ev"], leaf["out"]) for leaf in leaves if leaf["ev"].split(".")[0] in {"signal", "authz"}
    )


def receipt_of(outcome: Outcome) -> Receipt:
    assert isinstance(outcome, Receipt)
    return outcome


def test_a_signal_is_stored_with_registration_index_queue_and_event(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    before = [count(hub_database, model) for model in TABLES]
    post = builders.new_post(KEYS, PERSON, sender=school, now=now)
    receipt = receipt_of(take(hub_database, now, [post])[0])
    after = [count(hub_database, model) for model in TABLES]
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1, 1, 4, 1, 1]
    assert (receipt.signal_id, receipt.body_hash, receipt.received_at) == (
        post.signal_id,
        post.body_hash,
        now,
    )
    assert codes(hub_database) == [("signal.accepted", "ok")]
    with hub_database.look(SYSTEM) as work:
        signal = get_signals(work, [post.signal_id])[post.signal_id]
    assert (signal.organisation_id, signal.reporter_id) == (school.partner.id, school.reporter.id)
    assert (signal.state, signal.contact_on) == (SignalState.ACTIVE, now.date() - timedelta(days=1))


def test_the_receipt_names_the_leaf_in_the_log(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    receipt = receipt_of(
        take(hub_database, now, [builders.new_post(KEYS, PERSON, sender=school, now=now)])[0]
    )
    with hub_database.look(SYSTEM) as work:
        leaves = set(work.session.execute(select(LOG.pending.c.leaf_hash)).scalars())
    assert receipt.leaf_hash in leaves


@pytest.mark.parametrize("size", [2, 150])
def test_a_batch_takes_what_is_good_and_refuses_the_rest(
    hub_database: Database, school: builders.Sender, now: datetime, size: int
) -> None:
    posts = [builders.new_post(KEYS, PERSON | {"A": n}, sender=school, now=now) for n in range(size)]
    late = replace(posts[1], message=replace(posts[1].message, contact_on=now.date() - timedelta(days=99)))
    outcomes = take(hub_database, now, [posts[0], late, *posts[2:]])
    assert isinstance(outcomes[1], DatError)
    assert outcomes[1].code == "contact_date_out_of_range"
    taken = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert [receipt.signal_id for receipt in taken] == [post.signal_id for post in (posts[0], *posts[2:])]
    assert count(hub_database, SignalRow) == size - 1
    assert codes(hub_database) == [("authz.denied", "denied")] + [("signal.accepted", "ok")] * (size - 1)


def test_an_unknown_reporter_is_refused(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    other = builders.sender(hub_database, now=now)
    posts = [
        builders.new_post(KEYS, PERSON, sender=school, now=now, reporter=str(reporter))
        for reporter in (uuid4(), other.reporter.id)
    ]
    stranger = replace(posts[0], caller=Caller(school.caller.role, uuid4()), key=bytes(16))
    outcomes = take(hub_database, now, [*posts, stranger])
    assert [getattr(outcome, "code", "") for outcome in outcomes] == ["reporter_not_authorised"] * 3
    assert count(hub_database, SignalRow) == 0


@pytest.mark.parametrize("basis", ["123456782", "_X", "JAN_JANSEN"])
def test_a_basis_that_the_sender_made_up_never_enters_the_log_and_spoils_no_batch(
    hub_database: Database, school: builders.Sender, now: datetime, basis: str
) -> None:
    good, bad = (builders.new_post(KEYS, PERSON, sender=school, now=now) for _ in range(2))
    invented = replace(bad, message=replace(bad.message, legal_basis=basis))
    refused = [replace(invented, key=bytes(16)), replace(invented, key=good.key, body_hash=bytes(32))]
    outcomes = take(hub_database, now, [good, *refused])
    codes_of = [getattr(outcome, "code", "taken") for outcome in outcomes]
    assert codes_of == ["taken", "legal_basis_missing", "legal_basis_missing"]
    replayed = take(hub_database, now, [replace(refused[1], signal_id=uuid4())])
    assert getattr(replayed[0], "code", "") == "idempotency_conflict"
    with hub_database.look(SYSTEM) as work:
        leaves = [json.loads(leaf) for (leaf,) in work.session.execute(select(LOG.event.c.leaf))]
    denied = [leaf["lb"] for leaf in leaves if leaf["out"] == "denied"]
    assert denied == ["none"] * 3
    assert not any(basis in str(leaf) for leaf in leaves)


def test_a_refusal_names_a_basis_that_the_policy_set_knows(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    post = builders.new_post(KEYS, PERSON, sender=school, now=now, legalBasis="NO_OBJECTION")
    take(hub_database, now, [post])
    with hub_database.look(SYSTEM) as work:
        leaves = [json.loads(leaf) for (leaf,) in work.session.execute(select(LOG.event.c.leaf))]
    assert [leaf["lb"] for leaf in leaves if leaf["out"] == "denied"] == ["NO_OBJECTION"]


@given(st.lists(st.sampled_from("ABC"), min_size=1, max_size=6), st.integers(0, 6))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replay_gives_identical_bytes(
    hub_database: Database, school: builders.Sender, now: datetime, names: list[str], cut: int
) -> None:
    keys = {name: uuid4() for name in set(names)}
    made = {name: builders.new_post(KEYS, PERSON, sender=school, now=now, key=keys[name]) for name in keys}
    # The client sends the same bytes again; the hub prepares them anew.
    posts = [replace(made[name], signal_id=made[name].signal_id) for name in names]
    given = take(hub_database, now, posts[:cut]) + take(hub_database, now + timedelta(hours=9), posts[cut:])
    by_name: dict[str, set[bytes]] = {}
    for name, outcome in zip(names, given, strict=True):
        by_name.setdefault(name, set()).add(canonical_json(write_receipt(receipt_of(outcome))))
    assert all(len(receipts) == 1 for receipts in by_name.values())


def test_a_replay_is_answered_even_when_the_covenant_has_ended(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    post = builders.new_post(KEYS, PERSON, sender=school, now=now)
    first = take(hub_database, now, [post])
    assert take(hub_database, now + timedelta(days=900), [post]) == first
    assert count(hub_database, SignalRow) == 1


def test_the_same_key_with_another_body_is_a_conflict(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    key = uuid4()
    one = builders.new_post(KEYS, PERSON, sender=school, now=now, key=key)
    other = builders.new_post(KEYS, PERSON, sender=school, now=now, key=key, validMonths=5)
    outcomes = take(hub_database, now, [one, other])
    assert isinstance(outcomes[0], Receipt)
    assert isinstance(outcomes[1], IdempotencyConflictError)
    assert isinstance(take(hub_database, now, [other])[0], IdempotencyConflictError)
    assert count(hub_database, SignalRow) == 1


def test_a_key_belongs_to_its_organisation(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    key, other = uuid4(), builders.sender(hub_database, now=now)
    posts = [builders.new_post(KEYS, PERSON, sender=one, now=now, key=key) for one in (school, other)]
    assert all(isinstance(outcome, Receipt) for outcome in take(hub_database, now, posts))
    assert count(hub_database, SignalRow) == 2


def test_the_idempotency_key_is_nowhere_in_the_database(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    key = uuid4()
    take(hub_database, now, [builders.new_post(KEYS, PERSON, sender=school, now=now, key=key)])
    with hub_database.look(SYSTEM) as work:
        cells = [
            cell
            for model in (*TABLES, AuditPrivateRow)
            for row in work.session.execute(select(getattr(model, "__table__", model)))
            for cell in row
        ]
    written = " ".join(cell.hex() if isinstance(cell, bytes) else str(cell) for cell in cells)
    assert key.hex not in written
    assert str(key) not in written


def test_concurrent_twins_store_one_signal_and_get_one_receipt(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    key, together = uuid4(), Barrier(4)
    body = builders.signal_body(KEYS, PERSON, sender=school, key=key, now=now)
    outcomes: list[Outcome] = []

    def post() -> None:
        from hub.signals.posting import prepare_post
        from hub.signals.schemas import SignalIn

        prepared = prepare_post(KEYS, school.caller, SignalIn.model_validate(body), idempotency_key=key)
        together.wait()
        outcomes.extend(take(hub_database, now, [prepared]))

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({canonical_json(write_receipt(receipt_of(outcome))) for outcome in outcomes}) == 1
    assert len(outcomes) == 4
    assert count(hub_database, SignalRow) == count(hub_database, RegistrationRow) == 1


def test_two_batches_with_the_same_keys_in_other_orders_do_not_block_each_other(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    posts = [builders.new_post(KEYS, PERSON, sender=school, now=now) for _ in range(40)]
    together, done = Barrier(2), []

    def post(some: list[Post]) -> None:
        together.wait()
        done.append(take(hub_database, now, some))

    threads = [Thread(target=post, args=(some,)) for some in (posts, posts[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one for one in done[0] if isinstance(one, Receipt)] == done[1][::-1]
    assert count(hub_database, SignalRow) == 40


def statements(database: Database, now: datetime, post: Post) -> list[str]:
    """What taking one post asks of the database."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append(f"{statement} x{len(parameters)}")

    event.listen(database.writer, "before_cursor_execute", note)
    take(database, now, [post])
    event.remove(database.writer, "before_cursor_execute", note)
    return seen


def test_the_work_is_the_same_whatever_is_known_of_the_person(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    other = builders.sender(hub_database, now=now)
    earlier = builders.new_post(KEYS, PERSON, sender=other, now=now)
    gone = builders.new_post(KEYS, {"A": 3, "F": 3, "C": 3, "H": 3}, sender=other, now=now)
    take(hub_database, now, [earlier, gone])
    with hub_database.work(other.caller, now=now) as work:
        withdraw(work, gone.signal_id, WithdrawalReason.REASON_GONE)
    people = [PERSON, {"A": 2, "F": 2, "C": 2, "H": 2}, {"A": 3, "F": 3, "C": 3, "H": 3}]
    # What an actor is named is written down once per process: the first post of a sender asks for more.
    newcomers = [builders.sender(hub_database, now=now) for _ in people]
    take(hub_database, now, [builders.new_post(KEYS, {"A": 4, "F": 4}, sender=school, now=now)])
    for senders in (newcomers, [school] * 3):
        asked = [
            statements(hub_database, now, builders.new_post(KEYS, person, sender=sender, now=now))
            for person, sender in zip(people, senders, strict=True)
        ]
        assert asked[0] == asked[1] == asked[2]
        assert not [said for said in asked[0] if said.startswith("SELECT") and "match_index" in said]
        assert any("audit_actor" in said for said in asked[0]) == (senders is newcomers)
        assert not [said for said in asked[0] if "mandate" in said or "signal_submission" in said]


@pytest.mark.parametrize("fault", ["copied", "other_types", "no_element"])
def test_an_envelope_that_does_not_open_is_taken_and_kept_apart(
    hub_database: Database, school: builders.Sender, now: datetime, fault: str
) -> None:
    sealed = {
        "copied": None,
        "other_types": builders.entries({"A": 1}),
        "no_element": [Entry(TokenType(name), 1, bytes(32)) for name in sorted(PERSON)],
    }[fault]
    post = builders.new_post(KEYS, PERSON, sender=school, now=now, sealed=sealed)
    if fault == "copied":
        from hub.signals.posting import prepare_post
        from hub.signals.schemas import SignalIn

        body = builders.signal_body(KEYS, PERSON, sender=school, key=uuid4(), now=now)
        post = prepare_post(KEYS, school.caller, SignalIn.model_validate(body), idempotency_key=uuid4())
    good = builders.new_post(KEYS, PERSON, sender=school, now=now)
    answers = [write_receipt(receipt_of(outcome)) for outcome in take(hub_database, now, [post, good])]
    assert len(canonical_json(answers[0])) == len(canonical_json(answers[1]))
    assert codes(hub_database) == [("signal.accepted", "ok")] * 2
    with hub_database.look(SYSTEM, now=now) as work:
        kept = work.session.execute(
            select(RegistrationRow.quarantine).where(RegistrationRow.id == post.signal_id)
        ).scalar_one()
        private = b" ".join(builders.audit_values(work, "detail"))
        assert find_agreeing(work, [good.signal_id], kinds=list(RegistrationKind)) == []
    assert kept in {"does_not_open", "types_differ", "element_invalid"}
    assert kept.encode() in private


def test_two_organisations_that_post_one_person_at_once_are_both_looked_at(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    senders = [school, builders.sender(hub_database, now=now)]
    for person in range(6):
        posts = [builders.new_post(KEYS, {"A": person, "F": person}, sender=one, now=now) for one in senders]
        together = Barrier(2)

        def post(one: Post, together: Barrier = together) -> None:
            together.wait()
            take(hub_database, now, [one])

        threads = [Thread(target=post, args=(one,)) for one in posts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pairs = set()
        for _ in posts:
            with hub_database.work(SYSTEM, now=now) as work:
                found = find_agreeing(work, claim_changed(work, 1), kinds=list(RegistrationKind))
                pairs |= {(frozenset((one.left, one.right)), one.verdict) for one in found}
        assert pairs == {(frozenset(one.signal_id for one in posts), Verdict.SAME)}


def test_own_signals_are_listed_newest_first_page_by_page(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    other = builders.sender(hub_database, now=now)
    take(hub_database, now, [builders.new_post(KEYS, PERSON, sender=other, now=now)])
    mine = []
    for n in range(3):
        posts = [builders.new_post(KEYS, PERSON, sender=school, now=now) for _ in range(3)]
        take(hub_database, now + timedelta(seconds=n, microseconds=n), posts)
        mine.append({post.signal_id for post in posts})
    seen, cursor, pages = [], None, 0
    while True:
        with hub_database.look(school.caller, now=now) as work:
            page, cursor = list_own(work, cursor=cursor, page_size=2)
        assert len(page) <= 2
        seen += [signal.id for signal in page]
        pages += 1
        if cursor is None:
            break
    assert pages == 5
    assert [set(seen[at : at + 3]) for at in (0, 3, 6)] == mine[::-1]


def test_an_invented_cursor_is_refused(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    for cursor in ("x", "AAAA", "é", b64u(b"\xff" * 24), b64u(bytes(23))):
        with pytest.raises(CursorError), hub_database.look(school.caller, now=now) as work:
            list_own(work, cursor=cursor, page_size=2)


def posted(database: Database, school: builders.Sender, now: datetime) -> Post:
    post = builders.new_post(KEYS, PERSON, sender=school, now=now)
    take(database, now, [post])
    with database.work(SYSTEM, now=now) as work:
        claim_changed(work, 99)
    return post


def test_a_signal_whose_reason_is_gone_ends_and_is_queued(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    post = posted(hub_database, school, now)
    for _ in range(2):
        with hub_database.work(school.caller, now=now) as work:
            signal = withdraw(work, post.signal_id, WithdrawalReason.REASON_GONE)
        assert (signal.state, signal.reason) == (SignalState.WITHDRAWN, WithdrawalReason.REASON_GONE)
    assert codes(hub_database) == [("signal.accepted", "ok"), ("signal.withdrawn", "ok")]
    with hub_database.work(SYSTEM, now=now) as work:
        assert claim_changed(work, 9) == [post.signal_id]
    assert count(hub_database, MatchIndexRow) == 4


def test_an_unjustified_signal_loses_its_pseudonyms_also_afterwards(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    post = posted(hub_database, school, now)
    for reason in WithdrawalReason.REASON_GONE, WithdrawalReason.UNJUSTIFIED, WithdrawalReason.REASON_GONE:
        with hub_database.work(school.caller, now=now) as work:
            signal = withdraw(work, post.signal_id, reason)
    assert signal.reason is WithdrawalReason.UNJUSTIFIED
    assert count(hub_database, MatchIndexRow) == count(hub_database, RegistrationRow) == 0
    assert count(hub_database, SignalRow) == count(hub_database, MatchQueueRow) == 1


def test_a_signal_of_another_organisation_is_as_missing_as_none(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    post, other = posted(hub_database, school, now), builders.sender(hub_database, now=now)
    for signal_id in post.signal_id, uuid4():
        with pytest.raises(SignalMissingError), hub_database.work(other.caller, now=now) as work:
            withdraw(work, signal_id, WithdrawalReason.UNJUSTIFIED)
        with pytest.raises(SignalMissingError), hub_database.look(other.caller, now=now) as work:
            get_own(work, signal_id)
    assert count(hub_database, RegistrationRow) == 1


def test_a_signal_expires_when_it_is_due(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    post = posted(hub_database, school, now)
    later = now + timedelta(days=366)
    with hub_database.look(school.caller, now=later) as work:
        assert get_own(work, post.signal_id).state is SignalState.EXPIRED
    for moment, expected in ((now, 0), (later, 1), (later, 0)):
        with hub_database.work(SYSTEM, now=moment) as work:
            assert expire_due(work, limit=10) == expected
    assert codes(hub_database) == [("signal.accepted", "ok"), ("signal.expired", "ok")]
    with hub_database.work(SYSTEM, now=later) as work:
        assert claim_changed(work, 9) == [post.signal_id]


def test_an_idempotency_key_is_forgotten_after_30_days(
    hub_database: Database, school: builders.Sender, now: datetime
) -> None:
    posted(hub_database, school, now)
    for days, expected in ((30, 0), (31, 1), (31, 0)):
        with hub_database.work(SYSTEM, now=now + timedelta(days=days)) as work:
            assert forget_keys(work) == expected
    assert count(hub_database, SignalRow) == 1


@pytest.mark.parametrize("table", ["audit_event", "audit_private", "audit_pending"])
def test_without_the_log_nothing_happens(
    hub_database: Database, school: builders.Sender, now: datetime, table: str
) -> None:
    post = posted(hub_database, school, now)
    with hub_database.work(SYSTEM) as work:
        work.session.execute(text(f"ALTER TABLE {table} RENAME TO away"))
    with pytest.raises(UnavailableError):
        take(hub_database, now, [builders.new_post(KEYS, PERSON, sender=school, now=now)])
    with pytest.raises(UnavailableError), hub_database.work(school.caller, now=now) as work:
        withdraw(work, post.signal_id, WithdrawalReason.UNJUSTIFIED)
    with pytest.raises(UnavailableError), hub_database.work(SYSTEM, now=now + timedelta(days=400)) as work:
        expire_due(work, limit=5)
    assert [count(hub_database, model) for model in TABLES[:5]] == [1, 1, 1, 4, 0]
