"""Deal the shares of a key on an offline machine, and take in the one share that is yours.

The dealer has seen the whole key for a moment: that machine and its files are to be destroyed afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from keys.holder.custody import ShareName, store_share
from keys.holder.errors import ShareFileError
from keys.protocol import sodium
from keys.protocol.encoding import b64u, canonical_json, unb64u
from keys.protocol.errors import ProtocolError
from keys.protocol.threshold import split
from keys.protocol.tokens import SCHEMES
from keys.protocol.voprf import generate_key_pair
from service.keystore import KeyStore

FORMAT = "dat-hub/share/v1"


@dataclass(frozen=True, slots=True)
class DealtShare:
    """One share on its way to its holder."""

    name: ShareName
    secret: bytes = field(repr=False)


def deal(schemes: Sequence[str], *, threshold: int, shares: int, epoch: int) -> list[list[DealtShare]]:
    """Draw a key for each scheme and deal it; returns the shares of each holder.

    Raises:
        ThresholdError: Not 1 <= threshold <= shares <= 255.
    """
    holders: list[list[DealtShare]] = [[] for _ in range(shares)]
    for scheme in schemes:
        secret, _ = generate_key_pair()
        for share in split(secret, threshold=threshold, shares=shares):
            name = ShareName(scheme, epoch, share.index, threshold, shares)
            holders[share.index - 1].append(DealtShare(name, share.secret))
    return holders


def write_share_file(shares: Sequence[DealtShare]) -> bytes:
    """Write the shares of one holder as one file."""
    entries = [
        {
            "scheme": share.name.scheme,
            "epoch": share.name.epoch,
            "index": share.name.index,
            "threshold": share.name.threshold,
            "shares": share.name.shares,
            "secret": b64u(share.secret),
            "public": b64u(sodium.multiply_base(share.secret)),
        }
        for share in shares
    ]
    return canonical_json({"format": FORMAT, "shares": entries}) + b"\n"


def read_share_file(content: bytes) -> list[DealtShare]:
    """Read a share file.

    Raises:
        ShareFileError: It is not one, or a share is not the secret of its public value.
    """
    try:
        found = json.loads(content)
        shares = [_read(entry) for entry in found["shares"]]
        whole = write_share_file(shares)
    except (ValueError, KeyError, TypeError, ProtocolError):
        raise ShareFileError from None
    if not shares or whole.strip() != content.strip():
        raise ShareFileError
    return shares


def _read(entry: dict[str, str | int]) -> DealtShare:
    numbers = (entry["epoch"], entry["index"], entry["threshold"], entry["shares"])
    epoch, index, threshold, shares = (int(number) for number in numbers)
    if entry["scheme"] not in SCHEMES or not 1 <= threshold <= shares or not 1 <= index <= shares:
        raise ShareFileError
    if not 1 <= epoch <= 0xFFFF:
        raise ShareFileError
    return DealtShare(
        ShareName(str(entry["scheme"]), epoch, index, threshold, shares), unb64u(str(entry["secret"]))
    )


def import_shares(keys: KeyStore, shares: Sequence[DealtShare]) -> None:
    """Keep dealt shares; raises FileExistsError where there is one of that scheme and epoch."""
    for share in shares:
        store_share(keys, share.name, share.secret)
