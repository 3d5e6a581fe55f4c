"""Every request: a token of ours, in force, and a proof made for this request."""

from __future__ import annotations

import traceback
from datetime import timedelta
from typing import Any

import pytest

from service.oauth import authenticator
from service.oauth.errors import InvalidProofError, InvalidTokenError
from service.oauth.identity import ServiceIdentity
from service.oauth.tokens import TokenMint
from service.work import Caller
from tests.oauth_client import new_key, proof

SIGNALS = "/api/v1/signals"
URL = "https://hub.example/api/v1/signals"


def send(world: Any, token: str, *, made: str | None = None, seconds: int = 0) -> Caller:
    world.now += timedelta(seconds=seconds)
    made = made or world.proof("GET", SIGNALS, token=token)
    caller: Caller = world.authenticator.authenticate("GET", SIGNALS, f"DPoP {token}", made, now=world.now)
    return caller


def test_the_caller_is_who_the_key_belongs_to(world: Any) -> None:
    assert send(world, world.token()) == world.keys.credentials["police-1"].caller


def test_a_token_is_looked_up_once_per_half_minute(world: Any) -> None:
    token = world.token()
    before = world.keys.looks
    assert not world.authenticator.knows(f"DPoP {token}", now=world.now)
    for _ in range(5):
        send(world, token)
    assert world.authenticator.knows(f"DPoP {token}", now=world.now)
    assert world.keys.looks == before + 1
    send(world, token, seconds=30)
    assert world.keys.looks == before + 2


def test_a_token_can_be_looked_at_before_anything_else_is_read(world: Any) -> None:
    token = world.token()
    world.authenticator.require_token(f"DPoP {token}", now=world.now)
    for shown in (None, "", "DPoP", f"Bearer {token}", f"DPoP {token}x", "DPoP " + "x" * 9000):
        with pytest.raises(InvalidTokenError):
            world.authenticator.require_token(shown, now=world.now)
    with pytest.raises(InvalidTokenError):
        world.authenticator.require_token(f"DPoP {token}", now=world.now + timedelta(minutes=10))
    world.keys.credentials.clear()
    with pytest.raises(InvalidTokenError):
        world.authenticator.require_token(f"DPoP {token}", now=world.now + timedelta(minutes=1))


def test_a_disabled_key_stops_within_a_minute(world: Any) -> None:
    token = world.token()
    send(world, token)
    world.keys.credentials.clear()
    with pytest.raises(InvalidTokenError):
        send(world, token, seconds=60)


def test_a_known_token_still_expires(world: Any) -> None:
    token = world.token()
    send(world, token, seconds=590)
    send(world, token, seconds=9)
    with pytest.raises(InvalidTokenError):
        send(world, token, seconds=1)


def test_a_proof_is_asked_for_every_time(world: Any) -> None:
    token = world.token()
    made = world.proof("GET", SIGNALS, token=token)
    send(world, token, made=made)
    for wrong in (made, "x", proof(new_key(), "GET", URL, token=token, now=world.now.timestamp())):
        with pytest.raises(InvalidProofError):
            send(world, token, made=wrong)
    with pytest.raises(InvalidProofError):
        world.authenticator.authenticate("GET", SIGNALS, f"DPoP {token}", None, now=world.now)


def test_a_proof_goes_with_one_token(world: Any) -> None:
    first, second = world.token(), world.token()
    with pytest.raises(InvalidProofError):
        send(world, first, made=world.proof("GET", SIGNALS, token=second))


def test_a_proof_goes_with_one_method_and_path(world: Any) -> None:
    token = world.token()
    for method, path in (("POST", SIGNALS), ("GET", SIGNALS + "/1")):
        with pytest.raises(InvalidProofError):
            send(world, token, made=world.proof(method, path, token=token))


@pytest.mark.parametrize("header", [None, "", "DPoP", "DPoP ", "Bearer {}", "Basic {}", "{}", "DPoP {} {}"])
def test_a_token_travels_in_one_way_only(world: Any, header: str | None) -> None:
    token = world.token()
    made = world.proof("GET", SIGNALS, token=token)
    authorization = header and header.format(token, token)
    with pytest.raises(InvalidTokenError):
        world.authenticator.authenticate("GET", SIGNALS, authorization, made, now=world.now)


def test_the_scheme_is_read_in_any_case(world: Any) -> None:
    token = world.token()
    made = world.proof("GET", SIGNALS, token=token)
    assert world.authenticator.authenticate("GET", SIGNALS, f"dpop {token}", made, now=world.now)


def test_a_token_minted_elsewhere_is_refused(world: Any) -> None:
    elsewhere = ServiceIdentity("https://holder.example", "/v1")
    for mint in (TokenMint(elsewhere, b"h" * 32), TokenMint(world.mint.identity, b"x" * 32)):
        token = mint.mint("police-1", thumbprint=world.key.thumbprint(), now=world.now).value
        with pytest.raises(InvalidTokenError):
            send(world, token)


def test_what_is_remembered_of_tokens_is_bounded(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authenticator, "MAX_KNOWN", 3)
    for _ in range(5):
        send(world, world.token())
    assert len(world.authenticator._known) == 3
    send(world, world.token(), seconds=31)
    assert len(world.authenticator._known) == 1


def test_nothing_of_a_token_or_proof_is_in_an_error_or_representation(world: Any) -> None:
    token = world.token()
    send(world, token)
    made = proof(new_key(), "GET", URL, token=token, now=world.now.timestamp())
    with pytest.raises(InvalidProofError) as refused:
        send(world, token, made=made)
    said = "".join(traceback.format_exception(refused.value)) + repr(world.authenticator._known)
    assert not any(part in said for part in (*token.split("."), *made.split(".")))
