"""Two algorithms, public keys, closed headers."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from service.oauth.errors import InvalidKeyError
from service.oauth.jose import (
    ALGORITHMS,
    PublicKey,
    TokenError,
    import_public_key,
    public_members,
    thumbprint,
    unverified_jws,
    verified_claims,
)
from tests.oauth_client import new_key, public_jwk, sign

RFC8037_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
RFC8037_JWS = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    ".hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
MEMBERS = frozenset({"alg", "typ"})


def b64(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def verify(token: str, key: PublicKey) -> dict[str, object]:
    return verified_claims(unverified_jws(token), key, members=MEMBERS)


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_what_a_key_signs_its_public_half_verifies(algorithm: str) -> None:
    key = new_key(algorithm)
    token = sign({"alg": algorithm}, {"a": 1}, key)
    assert verify(token, import_public_key(public_jwk(key))) == {"a": 1}
    with pytest.raises(TokenError):
        verify(token, import_public_key(public_jwk(new_key(algorithm))))


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    assert thumbprint(RFC8037_KEY) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_signature_of_rfc_8037_holds_and_a_changed_one_does_not() -> None:
    algorithm, key = ALGORITHMS["EdDSA"], import_public_key(RFC8037_KEY)
    message, _, signature = RFC8037_JWS.rpartition(".")
    raw = urlsafe_b64decode(signature + "==")
    assert algorithm.verify(message.encode(), raw, key)
    assert not algorithm.verify(message.encode() + b"x", raw, key)
    assert not algorithm.verify(message.encode(), raw[:-1], key)


def test_the_algorithm_none_is_refused() -> None:
    key = import_public_key(public_jwk(new_key()))
    for algorithm in ("none", "None", "NONE", "", None, 0, ["EdDSA"]):
        with pytest.raises(TokenError):
            verify(f"{b64({'alg': algorithm})}.{b64({'a': 1})}.", key)


def test_an_hmac_under_the_public_key_is_refused() -> None:
    key = new_key()
    body = f"{b64({'alg': 'HS256'})}.{b64({'a': 1})}"
    for secret in (public_jwk(key)["x"].encode(), json.dumps(public_jwk(key)).encode()):
        signature = hmac.new(secret, body.encode(), hashlib.sha256).digest()
        with pytest.raises(TokenError):
            verify(f"{body}.{b64(signature)}", import_public_key(public_jwk(key)))


def test_a_key_signs_only_with_its_own_algorithm() -> None:
    curve, edwards = new_key("ES256"), new_key("EdDSA")
    token = sign({"alg": "EdDSA"}, {"a": 1}, edwards)
    with pytest.raises(TokenError):
        verify(token, import_public_key(public_jwk(curve)))
    with pytest.raises(TokenError):
        verify(sign({"alg": "ES256"}, {"a": 1}, curve), import_public_key(public_jwk(edwards)))


@pytest.mark.parametrize("extra", ["crit", "jku", "x5u", "x5c", "b64", "jwk", "kid"])
def test_a_header_that_asks_for_more_is_refused(extra: str) -> None:
    key = new_key()
    body = f"{b64({'alg': 'EdDSA', extra: ['exp'] if extra == 'crit' else 'x'})}.{b64({'a': 1})}"
    signature = ALGORITHMS["EdDSA"].sign(body.encode(), key)
    with pytest.raises(TokenError):
        verify(f"{body}.{b64(signature)}", import_public_key(public_jwk(key)))


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        [],
        "key",
        {},
        {"kty": "OKP", "crv": "Ed25519"},
        {"kty": "OKP", "crv": "Ed25519", "x": 1},
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "é" * 43},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": ["OKP"], "crv": "Ed25519", "x": "A" * 43},
        ECKey.generate_key("P-384").as_dict(private=False),
        OKPKey.generate_key("X25519").as_dict(private=False),
        OKPKey.generate_key("Ed448").as_dict(private=False),
        RSAKey.generate_key(2048).as_dict(private=False),
        OctKey.generate_key(256).as_dict(private=True),
        OKPKey.generate_key("Ed25519").as_dict(private=True),
        ECKey.generate_key("P-256").as_dict(private=True),
    ],
)
def test_only_a_public_key_of_two_kinds_is_taken(jwk: object) -> None:
    with pytest.raises(InvalidKeyError):
        import_public_key(jwk)


def test_a_key_of_small_order_signs_nothing() -> None:
    # With the identity as key, any signature (R, 0) with R the identity would hold for any message.
    identity = b"\x01" + bytes(31)
    key = import_public_key({"kty": "OKP", "crv": "Ed25519", "x": b64(identity)})
    with pytest.raises(TokenError):
        verify(f"{b64({'alg': 'EdDSA'})}.{b64({'a': 1})}.{b64(identity + bytes(32))}", key)


def test_of_a_public_key_only_the_key_is_kept() -> None:
    jwk = public_jwk(new_key())
    assert public_members({**jwk, "kid": "x", "use": "sig", "note": "J. Jansen"}) == jwk


@given(
    st.text(max_size=200) | st.from_regex(r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*", fullmatch=True)
)
def test_anything_else_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(TokenError):
        verify(text, import_public_key(RFC8037_KEY))


@pytest.mark.parametrize("depth", [100_000])
def test_deep_nesting_and_great_size_are_refused(depth: int) -> None:
    key = new_key()
    for claims in ("[" * depth, "x" * 5000):
        with pytest.raises(TokenError):
            verify(sign({"alg": "EdDSA"}, {"a": "y"}, key).split(".")[0] + f".{b64(claims.encode())}.AA", key)
