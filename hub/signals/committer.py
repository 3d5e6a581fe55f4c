"""Take concurrent single posts together: one transaction, one flush to disk, for all that wait."""

from __future__ import annotations

from functools import partial

from nacl.signing import SigningKey

from hub.signals.service import Post, Receipt, accept
from service import grouping
from service.database import Database

LINGER = 0.012  # seconds: a transaction of one costs as much as ten posts more in the one before


class GroupCommitter:
    """Answer each post only after the commit that holds it."""

    def __init__(self, database: Database, *, receipt_signer: SigningKey) -> None:
        act = partial(accept, signer=receipt_signer)
        self._group: grouping.GroupCommitter[Post, Receipt] = grouping.GroupCommitter(
            database, act, linger=LINGER
        )

    def accept(self, post: Post) -> Receipt:
        """Take one post together with whatever else waits; return once it is on disk.

        Raises:
            DatError: The post was refused, or could not be committed.
        """
        return self._group.submit(post)

    async def accept_async(self, post: Post) -> Receipt:
        """Do what `accept` does, without a thread that waits."""
        return await self._group.submit_async(post)
