"""Have the hub prove that what it acknowledged stands in its log, and believe the proof only.

The same code as the hub's checks it: `ledger` is pure and says nothing but yes or no. Who trusts neither runs
`ledger/verify.py`, which is one file without any of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dat_client.errors import AnswerError, ProblemError, UnavailableError
from dat_client.store import Post
from dat_client.transport import Service
from keys.protocol.manifest import Manifest
from ledger.cosignature import ED25519, WitnessKey
from ledger.errors import LedgerError
from ledger.note import Verifier
from ledger.proof import parse_proof, require_included

_SHARD = re.compile(r"/20[0-9]{2}h[12](\.[2-9])?")
WITNESS = "/witness"


@dataclass(slots=True)
class Proved:
    """What became of receipts whose signature holds.

    Attributes:
        standing: proved to stand in the log, under a head that the manifest's witness cosigned.
        dropped: the hub has no such leaf, or gives a proof that does not hold: the receipt is the evidence.
        unknown: the hub could not say now.
    """

    standing: list[Post] = field(default_factory=list)
    dropped: list[Post] = field(default_factory=list)
    unknown: list[Post] = field(default_factory=list)


def prove(hub: Service, manifest: Manifest, posts: list[Post]) -> Proved:
    """Ask for the proof of each receipt, and check it against the keys of the pinned manifest."""
    proved = Proved()
    for post in posts:
        try:
            stands = _stands(hub, manifest, post.receipt.leaf_hash if post.receipt else "")
        except (UnavailableError, AnswerError):
            proved.unknown.append(post)
            continue
        (proved.standing if stands else proved.dropped).append(post)
    return proved


def _stands(hub: Service, manifest: Manifest, leaf_hash: str) -> bool:
    try:
        answer = hub.get(f"/receipts/{leaf_hash}/proof")
    except ProblemError as error:
        if error.code == "proof_missing":
            return False
        raise AnswerError from None
    try:
        proof = parse_proof(str(answer["proof"]))
        log = _log_key(manifest, proof.checkpoint.partition("\n")[0])
        witnesses = _witness_keys(manifest)
        found = require_included(proof, bytes.fromhex(leaf_hash), log=[log], witnesses=witnesses)
    except (LedgerError, KeyError, TypeError, ValueError):
        return False
    return bool(found.cosignatures) or not witnesses


def _log_key(manifest: Manifest, origin: str) -> Verifier:
    name = f"{manifest.hub_id}/audit"
    if not origin.startswith(name) or not _SHARD.fullmatch(origin[len(name) :]):
        raise ValueError("a head of another log")
    return Verifier(origin, manifest.ledger_publics[name])


def _witness_keys(manifest: Manifest) -> list[WitnessKey]:
    publics = manifest.ledger_publics.items()
    return [WitnessKey(name, ED25519, public) for name, public in publics if name.endswith(WITNESS)]
