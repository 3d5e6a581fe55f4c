"""Read persons once for several questions, in a stretch of a unit of work that changes none of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from hub.subjects import store
from hub.subjects.policy import PERSON
from service.work import Work

_HERE = "persons that were read"


@dataclass(frozen=True, slots=True)
class Read:
    """Those that were asked about as far as they are active, and whoever carries an index value of theirs.

    Attributes:
        ids: all that were asked about.
        found: of every kind.
    """

    ids: frozenset[UUID]
    asked: Mapping[UUID, store.Found]
    found: Mapping[bytes, Sequence[store.Found]]


@contextmanager
def reading_once(work: Work, ids: Collection[UUID]) -> Iterator[None]:
    """Let every question in this block that is about these registrations be answered by what is read here.

    Nothing in the block may register, end or erase anything: it would not be seen.
    """
    work.session.info[_HERE] = _read(work, frozenset(ids))
    try:
        yield
    finally:
        del work.session.info[_HERE]


def find_read(work: Work, ids: Collection[UUID]) -> Read | None:
    """Return what was read of these registrations; None where not all of them were."""
    read: Read | None = work.session.info.get(_HERE)
    return read if read is not None and read.ids.issuperset(ids) else None


def _read(work: Work, ids: frozenset[UUID]) -> Read:
    asked = {one.id: one for one in store.find_active(work.session, ids, now=work.now)}
    indexes = {token.index for one in asked.values() for token in one.tokens if token.token_type in PERSON}
    return Read(ids, asked, store.find_by_index(work.session, indexes, now=work.now))
