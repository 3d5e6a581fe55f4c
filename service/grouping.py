"""Group commit: many callers wait for one transaction, and each is answered only after it.

A durable commit costs a flush of the disk whether it holds one act or sixty; without grouping that flush is
the limit of the service.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from time import sleep
from typing import Generic, TypeVar

from service.database import Database
from service.errors import DatError, UnavailableError
from service.work import SYSTEM, Work

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

GROUP = 64  # acts: more adds waiting and saves nothing
PATIENCE = 20  # seconds until a caller is told to try again


class GroupCommitter(Generic[Item, Outcome]):
    """Act on items of concurrent callers in one transaction of one thread per process.

    Args:
        act: handles the items in order and returns one outcome, or the error to raise, for each.
        linger: seconds to wait for more company after a group of several; nobody who comes alone waits.
    """

    def __init__(
        self,
        database: Database,
        act: Callable[[Work, Sequence[Item]], Sequence[Outcome | DatError]],
        *,
        linger: float = 0.0,
    ) -> None:
        self._linger = linger
        self._database = database
        self._act = act
        self._waiting: SimpleQueue[tuple[Item, Future[Outcome]]] = SimpleQueue()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, item: Item) -> Outcome:
        """Return the outcome once it is durable.

        Raises:
            DatError: This item was refused; the others of the group stand.
            UnavailableError: The transaction could not be committed; nothing was done.
        """
        try:
            return self._enqueue(item).result(timeout=PATIENCE)
        except TimeoutError:
            raise UnavailableError(retry_after=5) from None

    async def submit_async(self, item: Item) -> Outcome:
        """Do what `submit` does, without a thread that waits."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.wrap_future(self._enqueue(item))
        except TimeoutError:
            raise UnavailableError(retry_after=5) from None

    def _enqueue(self, item: Item) -> Future[Outcome]:
        self._ensure_running()
        future: Future[Outcome] = Future()
        self._waiting.put((item, future))
        return future

    def _ensure_running(self) -> None:
        # Lazily: a thread that is started before a server forks is not there after it.
        if self._thread is not None and self._thread.is_alive():
            return
        with self._start:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        crowded = False
        while True:
            group = [self._waiting.get()]
            if crowded and self._linger:
                sleep(self._linger)
            try:
                while len(group) < GROUP:
                    group.append(self._waiting.get_nowait())
            except Empty:
                pass
            crowded = len(group) > 1
            # Who no longer waits is left out; from here on nobody can leave.
            if group := [pair for pair in group if pair[1].set_running_or_notify_cancel()]:
                self._commit(group)

    def _commit(self, group: list[tuple[Item, Future[Outcome]]]) -> None:
        try:
            with self._database.work(SYSTEM) as work:
                outcomes = list(self._act(work, [item for item, _ in group]))
        except Exception as failure:
            self._after_failure(group, failure)
            return
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, DatError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def _after_failure(self, group: list[tuple[Item, Future[Outcome]]], failure: Exception) -> None:
        if len(group) == 1:
            error = failure if isinstance(failure, DatError) else UnavailableError()
            group[0][1].set_exception(error)
            return
        # One item that can't be committed must not take its neighbours with it.
        for single in group:
            self._commit([single])
