"""A service believes its own tokens, and no other's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from service.oauth.errors import InvalidTokenError
from service.oauth.identity import ServiceIdentity
from service.oauth.tokens import TokenMint
from tests.oauth_client import sign

HUB = ServiceIdentity("https://hub.example", "/api/v1")
HOLDER = ServiceIdentity("https://holder.example", "/v1")
SEED = b"s" * 32


def test_a_token_says_who_and_with_which_key(now: datetime) -> None:
    mint = TokenMint(HUB, SEED)
    facts = mint.require_token(mint.mint("police-1", thumbprint="t", now=now).value, now=now)
    assert (facts.client_id, facts.thumbprint) == ("police-1", "t")
    assert facts.expires == int(now.timestamp()) + 600


def test_two_tokens_are_never_the_same(now: datetime) -> None:
    mint = TokenMint(HUB, SEED)
    assert len({mint.mint("police-1", thumbprint="t", now=now).value for _ in range(10)}) == 10


@pytest.mark.parametrize(
    "other",
    [
        TokenMint(HUB, b"o" * 32),
        TokenMint(HOLDER, SEED),
        TokenMint(HOLDER, b"o" * 32),
        TokenMint(ServiceIdentity("https://hub.example", "/v1"), SEED),
    ],
)
def test_a_token_minted_by_any_other_service_is_refused(now: datetime, other: TokenMint) -> None:
    token = other.mint("police-1", thumbprint="t", now=now).value
    with pytest.raises(InvalidTokenError):
        TokenMint(HUB, SEED).require_token(token, now=now)


def test_a_token_is_over_on_the_second_it_expires(now: datetime) -> None:
    mint = TokenMint(HUB, SEED, life=timedelta(minutes=5))
    token = mint.mint("police-1", thumbprint="t", now=now).value
    assert mint.require_token(token, now=now + timedelta(seconds=299))
    with pytest.raises(InvalidTokenError):
        mint.require_token(token, now=now + timedelta(seconds=300))


@pytest.mark.parametrize("life", [timedelta(0), timedelta(minutes=-1), timedelta(minutes=10, seconds=1)])
def test_a_token_never_lives_longer_than_ten_minutes(life: timedelta) -> None:
    with pytest.raises(ValueError, match="ten minutes"):
        TokenMint(HUB, SEED, life=life)


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "JWT"}, {}),
        ({"typ": "dpop+jwt"}, {}),
        ({"kid": "1"}, {}),
        ({}, {"iss": HOLDER.issuer}),
        ({}, {"aud": HOLDER.issuer}),
        ({}, {"aud": [HUB.issuer, HOLDER.issuer]}),
        ({}, {"exp": "never"}),
        ({}, {"exp": None}),
        ({}, {"sub": None}),
        ({}, {"cnf": None}),
        ({}, {"cnf": "t"}),
        ({}, {"cnf": {}}),
    ],
)
def test_what_the_same_key_signed_for_another_purpose_is_no_token(
    now: datetime, header: dict[str, Any], claims: dict[str, Any]
) -> None:
    mint = TokenMint(HUB, SEED)
    good = {
        "iss": HUB.issuer, "aud": HUB.issuer, "sub": "police-1", "exp": int(now.timestamp()) + 60,
        "cnf": {"jkt": "t"},
    }  # fmt: skip
    assert mint.require_token(sign({"typ": "at+jwt", "alg": "EdDSA"}, good, mint._key), now=now)
    token = sign({"typ": "at+jwt", "alg": "EdDSA"} | header, good | claims, mint._key)
    with pytest.raises(InvalidTokenError):
        mint.require_token(token, now=now)


def test_a_token_does_not_show_in_a_representation(now: datetime) -> None:
    token = TokenMint(HUB, SEED).mint("police-1", thumbprint="t", now=now)
    assert token.value not in repr(token)
