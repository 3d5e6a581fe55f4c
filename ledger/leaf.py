"""One event as it stands in the log for ever: coded facts and hiding commitments, nothing to erase.

Source: NEN 7513 on what an event says; RFC 8785 (JCS) on how it is written.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.errors import LeafError

MAX_LEAF_BYTES = 1_024
NONE = "none"
SHARD_OPENED, CHECKPOINT_GAP = "shard.opened", "checkpoint.gap"
_COMMIT_KEY = b"dat-audit-commit-v1"
_COMMITTED_FIELDS = frozenset({"ac", "sc", "dc"})
_SAFE_INTEGER = 2**53 - 1
_HOUR = r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]"
_CODE = r"[A-Za-z0-9][A-Za-z0-9_.:-]*"
# The fields are judged in one match, joined by a byte that none of them may hold.
_LEAF = re.compile(
    "\x00".join(
        [
            r"[0-9a-f]{32}",
            _HOUR,
            _CODE,
            "(?:ok|denied|error)",
            *[_CODE] * 4,
            r"[0-9a-f]{32}",
            *[r"[0-9a-f]{64}"] * 3,
        ]
    )
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Say what may be said of an event for ever; codes are ASCII, `none` where there is nothing to name.

    Attributes:
        id: 128 random bits, hexadecimal; no clock in it.
        h: The hour in UTC, `2026-11-22T01`; the exact moment belongs under `dc`.
        ev: The kind of act. out: `ok`, `denied` or `error`.
        org: The organisation, or None where the organisation would point to a person.
        role, pur, lb: Role of the actor, purpose, legal basis.
        pol: The first 16 bytes of the SHA-256 of the rules in force, hexadecimal.
        ac, sc, dc: Commitments to actor, subject and details, hexadecimal.
        n: How many acts the line stands for, where whoever floods may not have a line for each.
    """

    id: str
    h: str
    ev: str
    out: str
    org: str | None
    role: str
    pur: str
    lb: str
    pol: str
    ac: str
    sc: str
    dc: str
    n: int = 1
    v: int = 1


def encode_leaf(leaf: Leaf) -> bytes:
    """Write the leaf as the canonical bytes that are stored, hashed and never written again.

    Raises:
        LeafError: A field is not of its form (free text, a name, an exact time), or the whole is
            larger than 1,024 bytes.
    """
    org = NONE if leaf.org is None else leaf.org
    facts = (leaf.id, leaf.h, leaf.ev, leaf.out, org, leaf.role, leaf.pur, leaf.lb)
    text = "\x00".join((*facts, leaf.pol, leaf.ac, leaf.sc, leaf.dc))
    if leaf.v != 1 or leaf.n < 1 or not _LEAF.fullmatch(text):
        raise LeafError("a field of the leaf is not of its form")
    encoded = canonical_json(
        {
            "ac": leaf.ac,
            "dc": leaf.dc,
            "ev": leaf.ev,
            "h": leaf.h,
            "id": leaf.id,
            "lb": leaf.lb,
            **({"n": leaf.n} if leaf.n > 1 else {}),
            "org": leaf.org,
            "out": leaf.out,
            "pol": leaf.pol,
            "pur": leaf.pur,
            "role": leaf.role,
            "sc": leaf.sc,
            "v": leaf.v,
        }
    )
    if len(encoded) > MAX_LEAF_BYTES:
        raise LeafError("the leaf is too large")
    return encoded


@dataclass(frozen=True, slots=True)
class Opening:
    """Begin a tree where another ended, so that no tree can be left out or put in between.

    Attributes:
        closed: the origin of the tree before. size, root: its last signed head.
        witnessed: the size that a witness had seen of it, where the store is not what it saw; else None.
        agreed: how many leaves of those are known to be here too, where `witnessed` is a size.
        lost: trees after it that the witness had seen and the store lost, `2026h2.2:5` each, in one text.
    """

    id: str
    h: str
    closed: str
    size: int
    root: bytes
    witnessed: int | None = None
    agreed: int | None = None
    lost: str | None = None


def encode_opening(opening: Opening) -> bytes:
    """Write the first leaf of a tree; raises LeafError where it is too large."""
    encoded = canonical_json(
        {
            "agreed": opening.agreed,
            "closed": opening.closed,
            "ev": SHARD_OPENED if opening.witnessed is None else CHECKPOINT_GAP,
            "h": opening.h,
            "id": opening.id,
            "lost": opening.lost,
            "root": opening.root.hex(),
            "size": opening.size,
            "v": 1,
            "witnessed": opening.witnessed,
        }
    )
    if len(encoded) > MAX_LEAF_BYTES:
        raise LeafError("the leaf is too large")
    return encoded


def find_opening(leaf: bytes) -> Opening | None:
    """Read the first leaf of a tree; None where it is any other leaf."""
    try:
        facts = json.loads(leaf)
        opening = Opening(
            facts["id"],
            facts["h"],
            facts["closed"],
            facts["size"],
            bytes.fromhex(facts["root"]),
            facts["witnessed"],
            facts["agreed"],
            facts["lost"],
        )
        return opening if encode_opening(opening) == leaf else None
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError, LeafError):
        return None


def leaf_hour(moment: datetime) -> str:
    """Write the hour of an aware moment, in UTC."""
    if moment.tzinfo is None:
        raise LeafError("a moment without a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")


def commit(opening: bytes, event_id: bytes, field: str, value: bytes) -> bytes:
    """Bind an event to a value that nobody learns without the opening.

    Destroying the opening is the erasure: a value with few possibilities cannot be guessed back.

    Args:
        opening: 32 random bytes, used once.
        event_id: The 16 bytes of the leaf's id.
        field: `ac`, `sc` or `dc`.
        value: Its canonical JSON (`canonical_json`), an object.

    Returns:
        32 bytes.

    Source: the commitments of IETF KEYTRANS; the fixed lengths and the brace that opens the value keep
        the parts apart.
    """
    if len(opening) != 32 or len(event_id) != 16 or field not in _COMMITTED_FIELDS or value[:1] != b"{":
        raise LeafError("not something to commit to")
    return hmac.digest(_COMMIT_KEY, opening + event_id + field.encode() + value, "sha256")


def canonical_json(value: Mapping[str, str | int | None]) -> bytes:
    """Write a flat object as RFC 8785 does.

    Python's sorted compact JSON differs from RFC 8785 only in fractions, in integers that a double
    cannot hold, in the order of names beyond ASCII and in lone surrogates; all four are refused.

    Raises:
        LeafError: The object holds one of those.
    """
    for name, item in value.items():
        if not name.isascii():
            raise LeafError("a name beyond ASCII")
        if type(item) is int and not -_SAFE_INTEGER <= item <= _SAFE_INTEGER:
            raise LeafError("an integer beyond 2^53")
        if item is not None and type(item) not in (str, int):
            raise LeafError("neither text, integer nor null")
    try:
        return _JSON.encode(dict(value)).encode()
    except UnicodeEncodeError:
        raise LeafError("text that is not Unicode") from None


_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
