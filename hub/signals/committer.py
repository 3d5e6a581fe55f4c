"""Commit concurrent single posts in groups: one transaction, one flush to disk, for all that wait."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from nacl.signing import SigningKey
from sqlalchemy import select

from hub.signals.service import Outcome, Post, Receipt, accept
from service.database import Database
from service.errors import DatError, UnavailableError
from service.logging import log
from service.work import SYSTEM

GROUP = 256
PATIENCE = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class _Waiting:
    post: Post
    outcome: Future[Outcome] = field(default_factory=Future)


class GroupCommitter:
    """One thread per process that commits what has gathered while it committed what came before.

    A request is answered only after the commit that holds its post.
    """

    def __init__(self, database: Database, *, receipt_signer: SigningKey) -> None:
        self._database = database
        self._signer = receipt_signer
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None

    def accept(self, post: Post) -> Receipt:
        """Take one post together with whatever else waits; return once it is on disk.

        Raises:
            DatError: The post was refused, or could not be committed.
        """
        self._start()
        waiting = _Waiting(post)
        self._queue.put(waiting)
        try:
            outcome = waiting.outcome.result(timeout=PATIENCE)
        except FutureTimeoutError:
            raise UnavailableError(retry_after=1) from None
        if isinstance(outcome, DatError):
            raise outcome
        return outcome

    def close(self) -> None:
        """Commit what waits and stop."""
        with self._starting:
            if self._thread is not None:
                self._queue.put(None)
                self._thread.join()
                self._thread = None

    def _start(self) -> None:
        # Not in __init__: a server forks after it has built the app, and threads do not survive a fork.
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = Thread(target=self._run, name="group-committer", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            stopping = self._gather(group)
            self._commit(group)
            if stopping:
                return

    def _gather(self, group: list[_Waiting]) -> bool:
        """Add what waits already; tell whether it is time to stop."""
        while len(group) < GROUP:
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                return False
            if waiting is None:
                return True
            group.append(waiting)
        return False

    def _commit(self, group: Sequence[_Waiting]) -> None:
        """Commit a group; when it cannot be taken, one by one: a bad post never fails its neighbours."""
        taken = False
        try:
            with self._database.work(SYSTEM) as work:
                outcomes = accept(work, [one.post for one in group], signer=self._signer)
                taken = True
        except Exception as error:
            # A commit that failed fails all: trying again would answer some and not others.
            if taken or len(group) == 1 or not self._is_reachable():
                _fail(group, error)
                return
            for one in group:
                self._commit([one])
            return
        for one, outcome in zip(group, outcomes, strict=True):
            one.outcome.set_result(outcome)

    def _is_reachable(self) -> bool:
        try:
            with self._database.look(SYSTEM) as work:
                work.session.execute(select(1))
        except DatError:
            return False
        return True


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    log.error("posts_not_committed", count=len(group), error=type(error).__name__)
    for one in group:
        one.outcome.set_exception(UnavailableError(retry_after=1))
