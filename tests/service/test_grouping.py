"""Many wait for one transaction: everyone gets their own outcome, and who leaves costs nobody theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest

from service.database import Database
from service.errors import ConflictError, DatError
from service.grouping import GroupCommitter
from service.work import Work

NEGATIVE = ConflictError


class Held:
    """Acts on numbers once it may; a negative one is refused.

    Attributes:
        groups: what it acted on, transaction by transaction.
    """

    def __init__(self) -> None:
        self.begun, self.may = Event(), Semaphore(0)
        self.groups: list[list[int]] = []

    def act(self, work: Work, numbers: Sequence[int]) -> list[int | DatError]:
        self.begun.set()
        assert self.may.acquire(timeout=10)
        self.groups.append(list(numbers))
        return [2 * number if number >= 0 else NEGATIVE() for number in numbers]


@pytest.fixture
def held() -> Held:
    """Something to do that waits until it is told to."""
    return Held()


@pytest.fixture
def committer(tmp_path: Path, held: Held) -> Iterator[GroupCommitter[int, int]]:
    """A committer on an empty store."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}", pool=2)
    yield GroupCommitter(database, held.act, linger=0.01)
    held.may.release(10)
    database.close()


async def started(committer: GroupCommitter[int, int], held: Held, *numbers: int) -> list[asyncio.Task[int]]:
    """Submit numbers: the first is being committed when this returns, the others wait together."""
    tasks = []
    for number in numbers:
        tasks.append(asyncio.create_task(committer.submit_async(number)))
        await asyncio.sleep(0)
        await asyncio.to_thread(held.begun.wait, 10)
    return tasks


def outcomes(committer: GroupCommitter[int, int], held: Held, numbers: Sequence[int], leaves: int) -> Any:
    """Submit numbers, let one leave while the first is being committed, and return what each got."""

    async def run() -> list[Any]:
        tasks = await started(committer, held, *numbers)
        if leaves >= 0:
            tasks[leaves].cancel()
            await asyncio.sleep(0)
        held.may.release(10)
        return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(run())


def test_everyone_gets_their_own_outcome(committer: GroupCommitter[int, int], held: Held) -> None:
    first, *others = outcomes(committer, held, [1, 2, -3, 4], leaves=-1)
    assert (first, others[0], others[2]) == (2, 4, 8)
    assert isinstance(others[1], NEGATIVE)
    assert held.groups == [[1], [2, -3, 4]]


def test_who_leaves_before_their_turn_is_left_out(committer: GroupCommitter[int, int], held: Held) -> None:
    found = outcomes(committer, held, [1, 2, 3], leaves=1)
    assert isinstance(found[1], asyncio.CancelledError)
    assert (found[0], found[2]) == (2, 6)
    assert held.groups == [[1], [3]]


def test_who_leaves_during_the_commit_undoes_nothing_and_costs_nobody_their_answer(
    committer: GroupCommitter[int, int], held: Held
) -> None:
    async def run() -> list[Any]:
        first, leaving, staying = await started(committer, held, 1, 2, 3)
        held.begun.clear()
        held.may.release()
        await asyncio.to_thread(held.begun.wait, 10)
        leaving.cancel()
        held.may.release()
        return await asyncio.gather(first, leaving, staying, return_exceptions=True)

    first, left, stayed = asyncio.run(run())
    assert (first, stayed) == (2, 6)
    assert isinstance(left, asyncio.CancelledError)
    assert held.groups == [[1], [2, 3]]


def test_a_loop_that_is_gone_costs_nobody_their_answer(
    committer: GroupCommitter[int, int], held: Held
) -> None:
    async def leave() -> None:
        (task,) = await started(committer, held, 1)
        task.cancel()

    asyncio.run(leave())
    held.may.release(10)
    assert committer.submit(2) == 4
    assert held.groups == [[1], [2]]


def test_those_who_were_just_answered_are_waited_for(tmp_path: Path, held: Held) -> None:
    """Four who come back at once make one group, not two halves that take turns."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}", pool=2)
    patient: GroupCommitter[int, int] = GroupCommitter(database, held.act, linger=5)

    async def again(number: int) -> None:
        await patient.submit_async(number)
        await patient.submit_async(10 * number)

    async def run() -> None:
        first = asyncio.create_task(again(1))
        await asyncio.sleep(0)
        await asyncio.to_thread(held.begun.wait, 10)
        others = [asyncio.create_task(again(number)) for number in (2, 3, 4)]
        await asyncio.sleep(0)
        held.may.release(10)
        await asyncio.gather(first, *others)

    asyncio.run(run())
    database.close()
    # The first may be back in time for the second group, or with the others in the third.
    assert held.groups[0] == [1]
    assert len(held.groups) == 3
