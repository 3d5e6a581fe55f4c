"""Nine ways to tamper with a log, by somebody who may do anything to its database, and how each is found."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from hub.audit.destruction import destroy_requested, request_destruction
from hub.audit.models import LOG
from hub.audit.sequencing import Sequencer
from hub.audit.service import record_many
from hub.audit.verification import verify
from hub.base import Base
from ledger.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.leaf import Leaf, encode_leaf
from ledger.note import Signer, read_note
from ledger.tree import Frontier, leaf_hash
from service.database import Database
from service.eventlog.appending import shard_of
from service.work import SYSTEM, Work
from tests.databases import lay_sqlite
from tests.hub.audit.test_service import SIGNER, Happened, force
from tests.witnesses import InProcessWitness

EVENTS = 30
ERASED = 5


class _UndoneError(Exception):
    """Roll everything back."""


@dataclass
class Store:
    """A log whose witness saw it grow, with some events erased; whatever is done to it is undone again."""

    database: Database
    heads: list[Checkpoint]
    shard: str

    def find(self, tamper: Tamper | None, chance: random.Random, *, opening: bool = False) -> list[str]:
        """Tamper, verify, undo; returns what was found."""
        found: list[str] = []
        with suppress(_UndoneError), self.database.work(SYSTEM) as work:
            if tamper is not None:
                tamper(Tools(work, self.shard), chance)
            report = verify(work, SIGNER.verifier, witnessed=self.heads, opening=opening)
            found = report.findings
            raise _UndoneError
        return found


class Tools:
    """What somebody with the database has in hand."""

    def __init__(self, work: Work, shard: str) -> None:
        self.session, self.shard = work.session, shard
        self.own = Signer(f"{SIGNER.name}/{shard}", SIGNER.key)

    def run(self, statement: str, **values: Any) -> None:
        self.session.execute(text(statement), values)

    def leaves(self) -> list[tuple[bytes, bytes]]:
        """Event id and leaf in the order of the tree."""
        query = text(
            "SELECT l.event_id, e.leaf FROM audit_leaf l JOIN audit_event e USING (event_id) ORDER BY idx"
        )
        return [(bytes(row[0]), bytes(row[1])) for row in self.session.execute(query)]

    def lay(self, leaves: list[tuple[bytes, bytes]]) -> None:
        """Write the tree's rows anew, hashes and all, in this order; the head stays as it was signed."""
        self.run("DELETE FROM audit_leaf")
        rows = [
            {"shard": self.shard, "idx": at, "event_id": id_, "leaf_hash": leaf_hash(leaf)}
            for at, (id_, leaf) in enumerate(leaves)
        ]
        self.session.execute(LOG.leaf.insert(), rows)

    def sign(self, leaves: list[tuple[bytes, bytes]]) -> None:
        """Sign these leaves with the log's own key."""
        frontier = Frontier().extend([leaf_hash(leaf) for _, leaf in leaves])
        note = sign_checkpoint(Checkpoint(self.own.name, frontier.size, frontier.root()), self.own)
        values = {"size": frontier.size, "frontier": frontier.to_bytes(), "note": note}
        self.session.execute(LOG.head.update().values(values))

    def forget(self, ids: list[bytes]) -> None:
        """Take events away, and what lies beside them."""
        for table in ("audit_event", "audit_private", "audit_leaf"):
            for id_ in ids:
                self.run(f"DELETE FROM {table} WHERE event_id = :id", id=id_)


Tamper = Callable[[Tools, random.Random], None]


def modify(tools: Tools, chance: random.Random) -> None:
    id_, leaf = chance.choice(tools.leaves())
    tools.run("UPDATE audit_event SET leaf = :leaf WHERE event_id = :id", leaf=_other(leaf, chance), id=id_)


def fix_up_the_hash(tools: Tools, chance: random.Random) -> None:
    leaves = tools.leaves()
    at = chance.randrange(len(leaves))
    id_, leaf = leaves[at][0], _other(leaves[at][1], chance)
    tools.run("UPDATE audit_event SET leaf = :leaf WHERE event_id = :id", leaf=leaf, id=id_)
    tools.lay([*leaves[:at], (id_, leaf), *leaves[at + 1 :]])


def delete(tools: Tools, chance: random.Random) -> None:
    leaves = tools.leaves()
    at = chance.randrange(len(leaves))
    tools.forget([leaves[at][0]])
    if chance.random() < 0.5:
        tools.lay([*leaves[:at], *leaves[at + 1 :]])  # and close the ranks


def swap(tools: Tools, chance: random.Random) -> None:
    leaves = tools.leaves()
    one, other = chance.sample(range(len(leaves)), 2)
    leaves[one], leaves[other] = leaves[other], leaves[one]
    tools.lay(leaves)


def insert(tools: Tools, chance: random.Random) -> None:
    leaves = tools.leaves()
    id_, leaf = _forged(chance)
    tools.run("INSERT INTO audit_event (event_id, leaf) VALUES (:id, :leaf)", id=id_, leaf=leaf)
    at = chance.randrange(len(leaves) + 1)
    tools.lay([*leaves[:at], (id_, leaf), *leaves[at:]])


def move(tools: Tools, chance: random.Random) -> None:
    leaves = tools.leaves()
    start, end = chance.sample(range(len(leaves)), 2)
    leaves.insert(end, leaves.pop(start))
    tools.lay(leaves)


def roll_back(tools: Tools, chance: random.Random) -> None:
    leaves = tools.leaves()
    size = chance.randrange(1, len(leaves))
    tools.forget([id_ for id_, _ in leaves[size:]])
    tools.sign(leaves[:size])  # the very head that was signed then: an old backup has it


def sign_anew(tools: Tools, chance: random.Random) -> None:
    leaves = tools.leaves()
    at = chance.randrange(len(leaves))
    id_, leaf = leaves[at][0], leaves[at][1].replace(b'"role":"system"', b'"role":"oracle"')
    tools.run("UPDATE audit_event SET leaf = :leaf WHERE event_id = :id", leaf=leaf, id=id_)
    leaves[at] = (id_, leaf)
    tools.lay(leaves)
    tools.sign(leaves)


def change_what_lies_beside(tools: Tools, chance: random.Random) -> None:
    # Of what was erased nobody can tell any more what it said: its ciphertext may as well be noise.
    (one, _), (other, _) = chance.sample(tools.leaves()[ERASED:], 2)
    part = chance.choice(["actor", "subject", "detail"])
    kind = chance.randrange(4)
    query = text(f"SELECT {part} FROM audit_private WHERE event_id = :id")
    sealed = bytes(tools.session.execute(query, {"id": one}).scalar_one())
    if kind == 0:
        sealed = _other(sealed, chance, first=16)
        tools.run(f"UPDATE audit_private SET {part} = :part WHERE event_id = :id", part=sealed, id=one)
    elif kind == 1:
        tools.run(f"UPDATE audit_private SET {part} = :part WHERE event_id = :id", part=sealed, id=other)
    elif kind == 2:
        tools.run(f"UPDATE audit_private SET {part} = NULL WHERE event_id = :id", id=one)
    else:
        tools.run("DELETE FROM audit_private WHERE event_id = :id", id=one)


CLASSES: dict[str, tuple[Tamper, set[str]]] = {
    "modify": (modify, {"leaf_changed"}),
    "fix up the hash": (fix_up_the_hash, {"root_differs"}),
    "delete": (delete, {"index_gap", "size_differs"}),
    "swap": (swap, {"root_differs"}),
    "insert": (insert, {"size_differs"}),
    "move": (move, {"root_differs"}),
    "roll back": (roll_back, {"rolled_back"}),
    "sign anew with the stolen key": (sign_anew, {"witnessed_otherwise"}),
    "change a private row": (change_what_lies_beside, {"private_changed", "private_missing"}),
}
ALONE = {"roll back", "sign anew with the stolen key"}
"""What nobody but a witness finds."""


def _other(data: bytes, chance: random.Random, *, first: int = 0) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(first, len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _forged(chance: random.Random) -> tuple[bytes, bytes]:
    id_ = chance.randbytes(16)
    facts = [chance.randbytes(32).hex() for _ in range(3)]
    leaf = Leaf(
        id_.hex(), "2026-11-18T12", "test.happened", "ok", None, "system", "x", "none", "0" * 32, *facts
    )
    return id_, encode_leaf(leaf)


def new_store(folder: Path) -> Store:
    """A log of a few dozen events that a witness saw at several sizes, some of them erased."""
    database = Database(lay_sqlite(folder / "hub.db", Base.metadata.create_all), pool=4)
    witness = InProcessWitness(folder, SIGNER)
    worker = witness.sequencer(database, SIGNER)
    shard, heads = "", []
    things = [uuid4() for _ in range(EVENTS)]
    for start in range(0, EVENTS, 6):
        shard = _act(database, worker, things[start : start + 6])
        heads.append(_head(witness, shard))
    with database.work(SYSTEM) as work:
        request_destruction(work, dict.fromkeys(things[:ERASED]))
    destroy_requested(database)
    worker.turn()
    heads.append(_head(witness, shard))
    witness.database.close()
    force(database, "SELECT 1")  # the triggers are gone: a superuser can do that
    return Store(database, heads, shard)


def _act(database: Database, worker: Sequencer, things: list[UUID]) -> str:
    with database.work(SYSTEM) as work:
        record_many(work, [Happened(subject={"signal": str(thing)}) for thing in things])
        shard = shard_of(work.now)
    worker.turn()
    return shard


def _head(witness: InProcessWitness, shard: str) -> Checkpoint:
    note = witness.find_checkpoint(f"{SIGNER.name}/{shard}")
    assert note is not None
    return parse_checkpoint(read_note(note)[0])


SEED = int(os.environ.get("DAT_TEST_SEED", "2026"))
