from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from keys.protocol import threshold, voprf
from keys.protocol.encoding import b64u, canonical_json, unb64u
from keys.protocol.errors import ManifestError
from keys.protocol.manifest import (
    EnvelopeKey,
    Manifest,
    SchemeKey,
    load_manifest,
    manifest_hash,
    sign_manifest,
)
from keys.protocol.manifest_wire import write_manifest

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
ROOT = Ed25519PrivateKey.generate()
SEED = ROOT.private_bytes_raw()
PINNED = ROOT.public_key().public_bytes_raw()


def scheme_key(*, needed: int, count: int) -> SchemeKey:
    secret, public = voprf.generate_key_pair()
    shares = threshold.split(secret, threshold=needed, shares=count)
    return SchemeKey(
        public=public,
        threshold=needed,
        shares={share.index: share.public for share in shares},
        holders={share.index: f"https://holder{share.index}.example" for share in shares},
    )


MANIFEST = Manifest(
    hub_id="hub.example",
    normalisation="nl1",
    valid_from=NOW - timedelta(days=1),
    valid_until=NOW + timedelta(days=30),
    keys={
        ("bsn", 1): scheme_key(needed=1, count=1),
        ("demographic", 1): scheme_key(needed=2, count=3),
        ("demographic", 2): scheme_key(needed=2, count=3),
    },
    envelope_keys=(
        EnvelopeKey("later", bytes([2] * 32), NOW + timedelta(days=8)),
        EnvelopeKey("old", bytes([1] * 32), NOW),
        EnvelopeKey("soon", bytes([3] * 32), NOW + timedelta(days=1)),
    ),
    receipt_public=bytes([4] * 32),
    ledger_publics={"hub.example/ledger": bytes([5] * 32), "holder1.example/ledger": bytes([6] * 32)},
)
TOKEN = sign_manifest(MANIFEST, SEED)


def loaded(token: str, now: datetime = NOW) -> Manifest:
    return load_manifest(token, pinned_root=PINNED, now=now)


def signed(payload: bytes, *, header: dict[str, Any] | None = None) -> str:
    key = OKPKey.import_key(ROOT)
    protected = header or {"alg": "Ed25519", "typ": "dat-manifest+jws"}
    return jws.serialize_compact(protected, payload, key, algorithms=["Ed25519"])


def test_the_client_reads_what_the_root_signed() -> None:
    assert loaded(TOKEN) == MANIFEST
    assert manifest_hash(TOKEN) == sha256(TOKEN.encode()).digest()


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="utf-8"))
def test_a_changed_character_never_loads(at: int, character: str) -> None:
    if TOKEN[at] != character:
        with pytest.raises(ManifestError):
            loaded(TOKEN[:at] + character + TOKEN[at + 1 :])


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=80) | st.lists(st.binary(max_size=20)).map(lambda parts: ".".join(map(b64u, parts))))
def test_anything_else_is_refused_with_one_error(token: str) -> None:
    with pytest.raises(ManifestError):
        loaded(token)


def test_every_second_spelling_of_the_signature_is_refused() -> None:
    # 64 bytes fill 85 characters and 2 bits: 4 bits of the last character are spare.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [TOKEN[:-1] + character for character in set(alphabet) - {TOKEN[-1]}]
    for token in (*others, *(TOKEN + more for more in ("=", "==", "\n", " ", "A", ".", "\0"))):
        with pytest.raises(ManifestError):
            loaded(token)


def test_another_root_s_signature_is_refused() -> None:
    other = Ed25519PrivateKey.generate().private_bytes_raw()
    with pytest.raises(ManifestError):
        loaded(sign_manifest(MANIFEST, other))


def test_another_algorithm_or_type_is_refused() -> None:
    payload = write_manifest(MANIFEST)
    shared_secret = jws.serialize_compact(
        {"alg": "HS256", "typ": "dat-manifest+jws"}, payload, OctKey.import_key(PINNED), algorithms=["HS256"]
    )
    unsigned = f"{b64u(canonical_json({'alg': 'none', 'typ': 'dat-manifest+jws'}))}.{b64u(payload)}."
    for token in (
        shared_secret,
        unsigned,
        signed(payload, header={"alg": "Ed25519"}),
        signed(payload, header={"alg": "Ed25519", "typ": "JWT"}),
        signed(payload, header={"alg": "Ed25519", "typ": "dat-manifest+jws", "kid": "root"}),
    ):
        with pytest.raises(ManifestError):
            loaded(token)


def test_it_is_valid_from_its_first_second_until_before_its_last() -> None:
    assert loaded(TOKEN, MANIFEST.valid_from) == MANIFEST
    assert loaded(TOKEN, MANIFEST.valid_until - timedelta(microseconds=1)) == MANIFEST
    for now in (MANIFEST.valid_from - timedelta(microseconds=1), MANIFEST.valid_until):
        with pytest.raises(ManifestError):
            loaded(TOKEN, now)


def test_moments_in_another_zone_are_the_same_moment() -> None:
    there = MANIFEST.valid_until.astimezone(timezone(timedelta(hours=2)))
    assert sign_manifest(replace(MANIFEST, valid_until=there), SEED) == TOKEN
    with pytest.raises(ManifestError):
        sign_manifest(replace(MANIFEST, valid_until=there.replace(tzinfo=None)), SEED)


def test_shares_of_mixed_dealings_are_neither_signed_nor_loaded() -> None:
    mixed = dict(MANIFEST.keys)
    first, second = mixed["demographic", 1], mixed["demographic", 2]
    mixed["demographic", 1] = replace(first, shares={**first.shares, 3: second.shares[3]})
    wrong = replace(MANIFEST, keys=mixed)
    with pytest.raises(ManifestError):
        sign_manifest(wrong, SEED)
    with pytest.raises(ManifestError):
        loaded(signed(write_manifest(wrong)))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(MANIFEST, receipt_public=bytes(31)),
        replace(MANIFEST, ledger_publics={"x": bytes(33)}),
        replace(MANIFEST, envelope_keys=(EnvelopeKey("kid", b"", NOW),)),
        replace(MANIFEST, keys={("other", 1): MANIFEST.keys["bsn", 1]}),
        replace(MANIFEST, keys={("bsn", 0x10000): MANIFEST.keys["bsn", 1]}),
        replace(MANIFEST, keys={("bsn", -1): MANIFEST.keys["bsn", 1]}),
    ],
)
def test_wrong_sizes_schemes_and_epochs_are_neither_signed_nor_loaded(wrong: Manifest) -> None:
    with pytest.raises(ManifestError):
        sign_manifest(wrong, SEED)
    with pytest.raises(ManifestError):
        loaded(signed(write_manifest(wrong)))


def test_a_share_without_a_holder_is_not_signed() -> None:
    key = replace(MANIFEST.keys["demographic", 1], holders={1: "https://holder1.example"})
    with pytest.raises(ManifestError):
        sign_manifest(replace(MANIFEST, keys={("demographic", 1): key}), SEED)


def changed(**fields: object) -> bytes:
    return canonical_json({**json.loads(write_manifest(MANIFEST)), **fields})


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 100_000,
        write_manifest(MANIFEST) + b"\n",
        write_manifest(MANIFEST).replace(b":", b": ", 1),
        changed(more=1),
        changed(format="dat-hub/manifest/v2"),
        changed(hub_id=1),
        changed(keys=None),
        changed(keys=[1]),
        changed(valid_from="2026-11-18"),
        changed(valid_from=None),
        changed(receipt_public="AA=="),
        changed(receipt_public=7),
        changed(ledger_publics=[]),
    ],
)
def test_a_signed_document_in_any_other_form_is_refused(payload: bytes) -> None:
    with pytest.raises(ManifestError):
        loaded(signed(payload))


def test_clients_find_keys_by_scheme_and_epoch() -> None:
    assert MANIFEST.get_key("bsn", 1) == MANIFEST.keys["bsn", 1]
    assert MANIFEST.get_current_epoch("demographic") == 2
    with pytest.raises(ManifestError):
        MANIFEST.get_key("bsn", 2)
    with pytest.raises(ManifestError):
        MANIFEST.get_current_epoch("household")


def test_clients_seal_to_the_valid_key_that_dies_first() -> None:
    assert MANIFEST.get_envelope_key(NOW).kid == "soon"
    assert MANIFEST.get_envelope_key(NOW + timedelta(days=1)).kid == "later"
    with pytest.raises(ManifestError):
        MANIFEST.get_envelope_key(NOW + timedelta(days=8))


def test_the_document_is_readable_json() -> None:
    found = json.loads(unb64u(TOKEN.split(".")[1]))
    assert sorted(found) == [
        "envelope_keys",
        "format",
        "hub_id",
        "keys",
        "ledger_publics",
        "normalisation",
        "receipt_public",
        "valid_from",
        "valid_until",
    ]
    assert found["keys"][0] == {
        "scheme": "bsn",
        "epoch": 1,
        "public": b64u(MANIFEST.keys["bsn", 1].public),
        "threshold": 1,
        "shares": [
            {
                "index": 1,
                "public": b64u(MANIFEST.keys["bsn", 1].shares[1]),
                "holder": "https://holder1.example",
            }
        ],
    }
