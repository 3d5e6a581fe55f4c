"""The quota under a crowd: never over, whoever comes at once, in one process or in several."""

from __future__ import annotations

import secrets
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from time import sleep
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from keys.holder import administration, chores
from keys.holder.counting import lock_used
from keys.holder.models import LOG, UsedRow
from keys.holder.opening import Holder, open_database
from keys.holder.quota import Claim
from keys.holder.service import account, request_hash
from service.errors import DatError
from service.grouping import GroupCommitter
from service.work import OPERATOR, Caller, Role

THREADS = 16
EACH = 12


def permitted(holder: Holder, *, organisation: int, reporters: dict[UUID, int]) -> UUID:
    """Give an organisation quota of the demographic key, and reporters."""
    one = uuid4()
    with holder.database.work(OPERATOR) as work:
        administration.permit(work, one, "demographic", per_day=organisation)
        for reporter, per_day in reporters.items():
            administration.add_reporter(work, one, reporter, per_day=per_day)
    return one


def claim(organisation: UUID, reporter: UUID, count: int = 1, *, staff: UUID | None = None) -> Claim:
    caller = Caller(Role.STAFF if staff else Role.PARTNER, organisation_id=organisation, staff_id=staff)
    return Claim(caller, "demographic", reporter, count, secrets.token_hex(16), "signal")


def test_tra_11_rights_have_a_ration_of_their_own_and_a_small_one(holder: Holder) -> None:
    reporter = uuid4()
    organisation = permitted(holder, organisation=10_000, reporters={reporter: 10_000})
    asked = [claim(organisation, reporter, count) for count in (10_000, 1)]
    rights = [replace(claim(organisation, reporter, count), purpose="rights") for count in (1_000, 1)]
    with holder.database.work(OPERATOR) as work:
        refusals = account(work, [*asked, *rights])
    assert [refusal is None for refusal in refusals] == [True, False, True, False]


def crowd(holder: Holder, claims: list[Claim]) -> Counter[str]:
    """Send claims from many threads through two committers, as two processes would; count what they heard."""
    databases = [open_database(holder.settings) for _ in range(2)]
    committers = [GroupCommitter(database, account) for database in databases]

    def ask(numbered: tuple[int, Claim]) -> str:
        number, one = numbered
        try:
            committers[number % 2].submit(one)
        except DatError as refusal:
            return refusal.code
        return "taken"

    with ThreadPoolExecutor(THREADS) as pool:
        heard = Counter(pool.map(ask, enumerate(claims)))
    for database in databases:
        database.close()
    return heard


def totals(holder: Holder) -> dict[str, int]:
    with holder.database.look(OPERATOR) as work:
        return {row[0]: row[1] for row in work.session.execute(select(UsedRow.counter, UsedRow.used))}


def test_an_organisation_never_gets_more_than_its_quota(holder: Holder) -> None:
    reporters = {uuid4(): 1_000 for _ in range(4)}
    organisation = permitted(holder, organisation=77, reporters=reporters)
    asked = [claim(organisation, reporter) for reporter in reporters for _ in range(THREADS * EACH // 4)]
    heard = crowd(holder, asked)
    assert heard == {"taken": 77, "evaluation_quota_exhausted": len(asked) - 77}
    assert totals(holder)["demographic"] == 77


def test_who_waits_for_a_counter_to_begin_holds_none(holder: Holder) -> None:
    """Whoever began it would wait for those in turn: of the two the store stops one."""
    one, day, heard = uuid4(), date(2026, 11, 20), list[int]()
    began, used_before = (one, "a"), (one, "b")
    with holder.database.work(OPERATOR) as work:
        lock_used(work, [used_before], day)

    def come_second() -> None:
        with holder.database.work(OPERATOR) as work:
            heard.extend(lock_used(work, [began, used_before], day).values())

    with ThreadPoolExecutor(1) as pool:
        with holder.database.work(OPERATOR) as work:
            lock_used(work, [began], day)
            second = pool.submit(come_second)
            sleep(0.2)  # until it waits
            lock_used(work, [used_before], day)
        second.result()
    assert heard == [0, 0]


def test_a_reporter_never_gets_more_than_its_quota(holder: Holder) -> None:
    reporter = uuid4()
    organisation = permitted(holder, organisation=10_000, reporters={reporter: 50})
    asked = [claim(organisation, reporter, count=3) for _ in range(THREADS * EACH)]
    heard = crowd(holder, asked)
    assert heard["taken"] == 16
    assert totals(holder) == {"demographic": 48, reporter.hex: 48}


def test_nothing_is_taken_from_one_quota_when_the_other_is_used_up(holder: Holder) -> None:
    reporter = uuid4()
    organisation = permitted(holder, organisation=5, reporters={reporter: 2})
    with holder.database.work(OPERATOR) as work:
        refusals = account(work, [claim(organisation, reporter, count) for count in (3, 2, 1)])
    assert [refusal and refusal.code for refusal in refusals] == [
        "evaluation_quota_exhausted",
        None,
        "evaluation_quota_exhausted",
    ]
    assert totals(holder) == {"demographic": 2, reporter.hex: 2}


def test_every_claim_is_logged_whether_taken_or_refused(holder: Holder) -> None:
    reporter = uuid4()
    organisation = permitted(holder, organisation=5, reporters={reporter: 5})
    asked = [claim(organisation, reporter) for _ in range(9)]
    crowd(holder, asked)
    with holder.database.look(OPERATOR) as work:
        leaves = b"".join(work.session.scalars(select(LOG.event.c.leaf)))
    assert all(leaves.count(request_hash(one.request_id).encode()) == 1 for one in asked)


def test_a_key_of_one_member_of_staff_takes_nothing_from_a_colleague(holder: Holder) -> None:
    anna, bram = uuid4(), uuid4()
    organisation = permitted(holder, organisation=50, reporters={anna: 10, bram: 10})
    asked = [claim(organisation, reporter, staff=anna) for reporter in (anna, bram, uuid4())]
    with holder.database.work(OPERATOR) as work:
        refusals = account(work, asked)
    assert [refusal and refusal.code for refusal in refusals] == [
        None,
        "reporter_not_caller",
        "unknown_reporter",
    ]
    assert totals(holder) == {"demographic": 1, anna.hex: 1, bram.hex: 0}


def test_nothing_that_a_caller_makes_up_stays_in_the_log(holder: Holder) -> None:
    reporter, stranger = uuid4(), uuid4()
    organisation = permitted(holder, organisation=5, reporters={reporter: 5})
    asked = [claim(organisation, one) for one in (reporter, stranger)]
    with holder.database.work(OPERATOR) as work:
        account(work, asked)
        leaves = b"".join(work.session.scalars(select(LOG.event.c.leaf)))
    assert reporter.hex.encode() in leaves
    assert not any(text.encode() in leaves for text in (stranger.hex, *(one.request_id for one in asked)))


@pytest.mark.parametrize(
    ("before", "after"),
    [(datetime(2026, 7, 1, 21, 59, tzinfo=UTC), datetime(2026, 7, 1, 22, 0, tzinfo=UTC))],
)
def test_the_day_begins_at_midnight_in_the_netherlands(
    holder: Holder, before: datetime, after: datetime
) -> None:
    reporter = uuid4()
    organisation = permitted(holder, organisation=1, reporters={reporter: 1})
    with holder.database.work(OPERATOR, now=before) as work:
        assert account(work, [claim(organisation, reporter)]) == [None]
        assert account(work, [claim(organisation, reporter)]) != [None]
    with holder.database.work(OPERATOR, now=after) as work:
        assert account(work, [claim(organisation, reporter)]) == [None]


def test_counters_of_days_gone_by_are_forgotten(holder: Holder) -> None:
    reporter = uuid4()
    organisation = permitted(holder, organisation=1, reporters={reporter: 1})
    with holder.database.work(OPERATOR, now=datetime(2026, 7, 1, 12, tzinfo=UTC)) as work:
        account(work, [claim(organisation, reporter)])
    for day, left in ((8, 2), (9, 0)):
        with holder.database.work(OPERATOR, now=datetime(2026, 7, day, 12, tzinfo=UTC)) as work:
            chores.forget(work)
        assert len(totals(holder)) == left
