"""Group commit: many callers wait for one transaction, and each is answered only after it.

A durable commit costs a flush of the disk whether it holds one act or sixty; without grouping that flush is
the limit of the service.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from service.database import Database
from service.errors import DatError, UnavailableError
from service.work import SYSTEM, Work

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

GROUP = 64  # acts: more adds waiting and saves nothing
STEP = 0.003  # seconds: who comes later than that after another is not waited for
PATIENCE = 20  # seconds until a caller is told to try again

Waiter = Future[Outcome] | asyncio.Future[Outcome]


class GroupCommitter(Generic[Item, Outcome]):
    """Act on items of concurrent callers in one transaction of one thread per process.

    Args:
        act: handles the items in order and returns one outcome, or the error to raise, for each.
        linger: seconds to wait at most while others keep coming; nobody who comes alone waits.
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
        self._waiting: SimpleQueue[tuple[Item, Waiter[Outcome]]] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._came = self._expected = self._turn = 0
        self._whole = threading.Event()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, item: Item) -> Outcome:
        """Return the outcome once it is durable.

        Raises:
            DatError: This item was refused; the others of the group stand.
            UnavailableError: The transaction could not be committed; nothing was done.
        """
        future: Future[Outcome] = Future()
        self._enqueue(item, future)
        try:
            return future.result(timeout=PATIENCE)
        except TimeoutError:
            raise UnavailableError(retry_after=5) from None

    async def submit_async(self, item: Item) -> Outcome:
        """Do what `submit` does, without a thread that waits."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._loop = loop
        self._enqueue(item, future)
        self._came += 1
        if self._came >= self._expected:
            self._whole.set()
        try:
            async with asyncio.timeout(PATIENCE):
                return await future
        except TimeoutError:
            raise UnavailableError(retry_after=5) from None

    def _watch(self, loop: asyncio.AbstractEventLoop, turn: int, seen: int = -1) -> None:
        """Say when nobody comes any more: the loop knows, and a thread would have to look time and again."""
        if turn != self._turn:
            return
        if seen < self._came and self._waiting.qsize() < GROUP:
            loop.call_later(STEP, self._watch, loop, turn, self._came)
        else:
            self._whole.set()

    def _enqueue(self, item: Item, waiter: Waiter[Outcome]) -> None:
        self._ensure_running()
        self._waiting.put((item, waiter))

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
                self._await_company()
            try:
                while len(group) < GROUP:
                    group.append(self._waiting.get_nowait())
            except Empty:
                pass
            crowded = len(group) > 1
            # Who no longer waits is left out; who leaves from here on does not undo what is done.
            if group := [pair for pair in group if not pair[1].cancelled()]:
                self._commit(group)

    def _await_company(self) -> None:
        """Wait for those who were just answered: who posts much comes back at once, and two halves that
        take turns cost two transactions.
        """
        self._turn += 1
        self._whole.clear()
        if self._came < self._expected and self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody comes from there any more
                self._loop.call_soon_threadsafe(self._watch, self._loop, self._turn)
                self._whole.wait(self._linger)

    def _commit(self, group: list[tuple[Item, Waiter[Outcome]]]) -> None:
        try:
            with self._database.work(SYSTEM) as work:
                outcomes = list(self._act(work, [item for item, _ in group]))
        except Exception as failure:
            self._after_failure(group, failure)
            return
        self._expected = self._came + len(group)
        _answer(zip([waiter for _, waiter in group], outcomes, strict=True))

    def _after_failure(self, group: list[tuple[Item, Waiter[Outcome]]], failure: Exception) -> None:
        if len(group) == 1:
            error = failure if isinstance(failure, DatError) else UnavailableError()
            _answer([(group[0][1], error)])
            return
        # One item that can't be committed must not take its neighbours with it.
        for single in group:
            self._commit([single])


def _answer(answers: Iterable[tuple[Waiter[Outcome], Outcome | DatError]]) -> None:
    """Give everyone their outcome, waking each event loop once: to wake it costs a system call."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Waiter[Outcome], Outcome | DatError]]] = {}
    for waiter, outcome in answers:
        if isinstance(waiter, asyncio.Future):
            by_loop.setdefault(waiter.get_loop(), []).append((waiter, outcome))
        else:
            _settle([(waiter, outcome)])
    for loop, mine in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(_settle, mine)


def _settle(answers: Iterable[tuple[Waiter[Outcome], Outcome | DatError]]) -> None:
    for waiter, outcome in answers:
        if waiter.done():
            continue
        if isinstance(outcome, DatError):
            waiter.set_exception(outcome)
        else:
            waiter.set_result(outcome)
