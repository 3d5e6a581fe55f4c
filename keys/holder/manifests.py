"""Combine the public parts of hub and key holders into the manifest that the offline root signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nacl.signing import SigningKey

from keys.holder.errors import PublicPartError
from keys.protocol.encoding import unb64u
from keys.protocol.errors import ProtocolError
from keys.protocol.manifest_values import EnvelopeKey, Manifest, SchemeKey
from keys.protocol.threshold import check_shares, combine
from ledger.cosignature import ED25519, parse_witness_key
from ledger.errors import NoteError
from ledger.note import Verifier, parse_verifier

NORMALISATION = "nl1"


@dataclass(frozen=True, slots=True)
class _PublicShare:
    scheme: str
    epoch: int
    index: int
    threshold: int
    public: bytes
    url: str


def root_public(seed: bytes) -> bytes:
    """Return what is pinned of the root: 32 bytes."""
    return bytes(SigningKey(seed).verify_key)


def assemble(
    hub: Mapping[str, Any], holders: Sequence[Mapping[str, Any]], *, valid_from: datetime, life: timedelta
) -> Manifest:
    """Put together what everybody agrees on; each key is computed from the public shares.

    Raises:
        PublicPartError: A part is not as `public-part` prints it, or shares of one name are not of one key.
    """
    begins = valid_from.replace(microsecond=0)
    try:
        return Manifest(
            hub_id=str(hub["hubId"]),
            normalisation=NORMALISATION,
            valid_from=begins,
            valid_until=begins + life,
            keys=_keys([share for holder in holders for share in _shares(holder)]),
            envelope_keys=tuple(_envelope_key(key) for key in hub["envelopeKeys"]),
            receipt_public=unb64u(hub["receiptKey"]),
            ledger_publics={log.name: log.public for log in _logs([hub, *holders])} | _witnesses(holders),
        )
    except (KeyError, TypeError, ValueError, ProtocolError, NoteError):
        raise PublicPartError from None


def _shares(holder: Mapping[str, Any]) -> list[_PublicShare]:
    return [
        _PublicShare(
            scheme=share["scheme"],
            epoch=share["epoch"],
            index=share["index"],
            threshold=share["threshold"],
            public=unb64u(share["public"]),
            url=holder["url"],
        )
        for share in holder["shares"]
    ]


def _keys(shares: Sequence[_PublicShare]) -> dict[tuple[str, int], SchemeKey]:
    grouped: dict[tuple[str, int], list[_PublicShare]] = {}
    for share in shares:
        grouped.setdefault((share.scheme, share.epoch), []).append(share)
    return {name: _key(group) for name, group in grouped.items()}


def _key(shares: Sequence[_PublicShare]) -> SchemeKey:
    publics = {share.index: share.public for share in shares}
    thresholds = {share.threshold for share in shares}
    if len(publics) != len(shares) or len(thresholds) != 1:
        raise PublicPartError
    (threshold,) = thresholds
    public = combine({index: publics[index] for index in sorted(publics)[:threshold]})
    # Beyond the threshold every share is checked; exactly at it, any shares would do: compare by hand.
    check_shares(public, publics, threshold)
    return SchemeKey(public, threshold, publics, {share.index: share.url for share in shares})


def _envelope_key(found: Mapping[str, str]) -> EnvelopeKey:
    until = datetime.fromisoformat(found["valid_until"])
    return EnvelopeKey(found["kid"], unb64u(found["public"]), until)


def _witnesses(holders: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """Give the Ed25519 keys of those who witness the hub's log; their names end in `/witness`."""
    keys = [parse_witness_key(text) for holder in holders for text in holder["witness"]]
    return {key.name: key.public for key in keys if key.kind == ED25519}


def _logs(parts: Sequence[Mapping[str, Any]]) -> list[Verifier]:
    return [parse_verifier(part["ledger"]) for part in parts]
