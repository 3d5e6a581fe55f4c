"""Have the hub prove that what it acknowledged stands in its log, and believe the proof only.

The same code as the hub's checks it: `ledger` is pure and says nothing but yes or no. Who trusts neither runs
`ledger/verify.py`, which is one file without any of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dat_client.clock import parse_time
from dat_client.errors import AnswerError, ProblemError, UnavailableError
from dat_client.store import Post
from dat_client.transport import Service
from keys.protocol.manifest import Manifest
from ledger.closing import Gap, read_gap, require_closing
from ledger.cosignature import ED25519, WitnessKey
from ledger.errors import LedgerError, ProofError
from ledger.leaf import find_opening
from ledger.note import Verifier
from ledger.proof import Included, parse_proof, require_included
from ledger.tree import leaf_hash as hash_leaf

_SHARD = re.compile(r"/20[0-9]{2}h[12](\.[2-9])?")
WITNESS = "/witness"
LOST = "lost_by_restore"  # stands in the store instead of a refusal of the hub


@dataclass(slots=True)
class Proved:
    """What became of receipts whose signature holds.

    Attributes:
        standing: proved to stand in the log, under what the manifest's witness cosigned.
        trees: how many of those stand in which tree.
        lost: the hub has no such leaf, and the log says that a restore took what was written at that time.
        dropped: the hub has no such leaf, or gives a proof that does not hold: the receipt is the evidence.
        unknown: the hub could not say now, or the manifest names no key of its log.
    """

    standing: list[Post] = field(default_factory=list)
    trees: Counter[str] = field(default_factory=Counter)
    lost: list[Post] = field(default_factory=list)
    dropped: list[Post] = field(default_factory=list)
    unknown: list[Post] = field(default_factory=list)


def prove(hub: Service, manifest: Manifest, posts: list[Post]) -> Proved:
    """Ask for the proof of each receipt, and check it against the keys of the pinned manifest."""
    proved, log = Proved(), _Log(hub, manifest)
    for post in posts:
        try:
            tree = log.find_tree(post.receipt.leaf_hash if post.receipt else "")
            if tree is not None:
                proved.standing.append(post)
                proved.trees[tree] += 1
            else:
                (proved.lost if log.is_lost(post) else proved.dropped).append(post)
        except (UnavailableError, AnswerError, _UnnamedError):
            proved.unknown.append(post)
        except (LedgerError, KeyError, TypeError, ValueError):
            proved.dropped.append(post)
    return proved


class _UnnamedError(Exception):
    """The manifest names no key of this log: that says nothing of the hub."""


@dataclass(slots=True)
class _Log:
    """The log of a hub, believed as far as the manifest's keys vouch for it."""

    hub: Service
    manifest: Manifest
    gaps: list[Gap] | None = None

    def find_tree(self, leaf_hash: str) -> str | None:
        """Return the tree in which a leaf is proved to stand; None where the hub says that it has none.

        Raises:
            LedgerError: What it gives is no proof, or no witness vouches for it.
        """
        try:
            answer = self.hub.get(f"/receipts/{leaf_hash}/proof")
        except ProblemError as error:
            if error.code == "proof_missing":
                return None
            raise AnswerError from None
        return self._require_vouched(answer, bytes.fromhex(leaf_hash)).checkpoint.origin

    def is_lost(self, post: Post) -> bool:
        """Tell whether the log itself says that a restore took what was written when this was received."""
        received_at = parse_time(post.receipt.received_at) if post.receipt else None
        if self.gaps is None:
            self.gaps = [self._read_gap(one) for one in self.hub.get("/log-gaps")["gaps"]]
        return received_at is not None and any(gap.covers(received_at) for gap in self.gaps)

    def _require_vouched(self, answer: Mapping[str, Any], leaf_hash: bytes) -> Included:
        witnesses = _witness_keys(self.manifest)
        first = found = self._require_included(answer["proof"], leaf_hash, witnesses)
        for closing in answer["closings"]:
            if found.cosignatures or not witnesses:
                break
            leaf = str(closing["leaf"]).encode()
            require_closing(leaf, found.checkpoint)
            found = self._require_included(closing["proof"], hash_leaf(leaf), witnesses)
        if witnesses and not found.cosignatures:
            raise ProofError("no witness vouches for it")
        return first

    def _require_included(self, text: object, leaf_hash: bytes, witnesses: list[WitnessKey]) -> Included:
        proof = parse_proof(str(text))
        log = _log_key(self.manifest, proof.checkpoint.partition("\n")[0])
        return require_included(proof, leaf_hash, log=[log], witnesses=witnesses)

    def _read_gap(self, said: Mapping[str, Any]) -> Gap:
        leaf = str(said["leaf"]).encode()
        self._require_vouched(said, hash_leaf(leaf))
        opening = find_opening(leaf)
        if opening is None or opening.witnessed is None:
            raise ProofError("not a gap")
        return read_gap(
            opening,
            str(said["before"] or ""),
            log=_log_key(self.manifest, opening.closed),
            witnesses=_witness_keys(self.manifest),
        )


def _log_key(manifest: Manifest, origin: str) -> Verifier:
    name = f"{manifest.hub_id}/audit"
    if not origin.startswith(name) or not _SHARD.fullmatch(origin[len(name) :]):
        raise ValueError("a head of another log")
    if name not in manifest.ledger_publics:
        raise _UnnamedError
    return Verifier(origin, manifest.ledger_publics[name])


def _witness_keys(manifest: Manifest) -> list[WitnessKey]:
    publics = manifest.ledger_publics.items()
    return [WitnessKey(name, ED25519, public) for name, public in publics if name.endswith(WITNESS)]
