"""Write a manifest as canonical JSON and read back nothing else than that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from keys.protocol.encoding import b64u, canonical_json, unb64u
from keys.protocol.errors import ManifestError, ProtocolError
from keys.protocol.manifest_values import EnvelopeKey, Manifest, SchemeKey

FORMAT = "dat-hub/manifest/v1"
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def write_manifest(manifest: Manifest) -> bytes:
    """Write the manifest as canonical JSON."""
    return canonical_json(
        {
            "format": FORMAT,
            "hub_id": manifest.hub_id,
            "normalisation": manifest.normalisation,
            "valid_from": _write_time(manifest.valid_from),
            "valid_until": _write_time(manifest.valid_until),
            "keys": [_write_key(*name, key) for name, key in sorted(manifest.keys.items(), key=_name)],
            "envelope_keys": [
                {"kid": key.kid, "public": b64u(key.public), "valid_until": _write_time(key.valid_until)}
                for key in manifest.envelope_keys
            ],
            "receipt_public": b64u(manifest.receipt_public),
            "ledger_publics": {origin: b64u(key) for origin, key in manifest.ledger_publics.items()},
        }
    )


def _name(item: tuple[tuple[str, int], SchemeKey]) -> tuple[str, int]:
    return item[0]


def _write_key(scheme: str, epoch: int, key: SchemeKey) -> dict[str, object]:
    if set(key.shares) != set(key.holders):
        raise ManifestError
    shares = [
        {"index": index, "public": b64u(public), "holder": key.holders[index]}
        for index, public in sorted(key.shares.items())
    ]
    return {
        "scheme": scheme,
        "epoch": epoch,
        "public": b64u(key.public),
        "threshold": key.threshold,
        "shares": shares,
    }


def _write_time(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ManifestError
    return moment.astimezone(UTC).strftime(_TIME)


def read_manifest(payload: bytes) -> Manifest:
    """Read a manifest; whatever `write_manifest` would not have written is refused.

    Raises:
        ManifestError: Whatever the reason.
    """
    try:
        manifest = _read(json.loads(payload))
        canonical = write_manifest(manifest)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ProtocolError):
        raise ManifestError from None
    if canonical != payload:
        raise ManifestError
    return manifest


def _read(found: Mapping[str, Any]) -> Manifest:
    return Manifest(
        hub_id=_text(found["hub_id"]),
        normalisation=_text(found["normalisation"]),
        valid_from=_read_time(found["valid_from"]),
        valid_until=_read_time(found["valid_until"]),
        keys={(_text(key["scheme"]), _number(key["epoch"])): _read_key(key) for key in found["keys"]},
        envelope_keys=tuple(
            EnvelopeKey(_text(key["kid"]), unb64u(key["public"]), _read_time(key["valid_until"]))
            for key in found["envelope_keys"]
        ),
        receipt_public=unb64u(found["receipt_public"]),
        ledger_publics={origin: unb64u(key) for origin, key in found["ledger_publics"].items()},
    )


def _read_key(found: Mapping[str, Any]) -> SchemeKey:
    shares = found["shares"]
    return SchemeKey(
        public=unb64u(found["public"]),
        threshold=_number(found["threshold"]),
        shares={_number(share["index"]): unb64u(share["public"]) for share in shares},
        holders={share["index"]: _text(share["holder"]) for share in shares},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ManifestError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ManifestError
    return value


def _read_time(text: str) -> datetime:
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
