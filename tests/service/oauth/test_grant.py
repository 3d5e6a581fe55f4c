"""A token is given to who holds a registered key, once per assertion, with a line in the log."""

from __future__ import annotations

import traceback
from datetime import timedelta
from typing import Any

import pytest

from service.errors import DatError
from service.oauth.errors import (
    InvalidClientError,
    InvalidProofError,
    MalformedTokenRequestError,
    UnsupportedGrantTypeError,
)
from service.oauth.failures import PER_MINUTE
from tests.oauth_client import assertion, new_key, proof, public_jwk, sign, token_form

TOKEN_URL = "https://hub.example/api/v1/token"


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_a_registered_key_gets_a_token(world: Any, algorithm: str) -> None:
    world.key = new_key(algorithm)
    world.register()
    facts = world.mint.require_token(world.token(), now=world.now)
    assert (facts.client_id, facts.thumbprint) == ("police-1", world.key.thumbprint())
    assert world.keys.given == ["police-1"]


def test_the_proof_is_made_with_the_registered_key(world: Any) -> None:
    stranger = proof(new_key(), "POST", TOKEN_URL, now=world.now.timestamp())
    with pytest.raises(InvalidProofError):
        world.tokens.grant(world.form(), stranger, now=world.now)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "police-2"},
        {"sub": "police-2"},
        {"sub": None},
        {"sub": "../../etc"},
        {"aud": "https://hub.example/api/v1"},
        {"aud": "https://holder.example/v1/token"},
        {"aud": [TOKEN_URL]},
        {"aud": None},
        {"jti": "x" * 21},
        {"jti": "x" * 129},
        {"jti": None},
        {"iat": None},
        {"exp": None},
        {"exp": "1795000000"},
        {"exp": True},
    ],
)
def test_an_assertion_for_another_client_or_endpoint_is_refused(world: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidClientError):
        world.tokens.grant(world.form(**changes), world.proof("POST", "/api/v1/token"), now=world.now)


@pytest.mark.parametrize(
    ("issued", "expires", "good"),
    [
        (0, 300, True),
        (0, 301, False),
        (0, 0, False),
        (30, 330, True),
        (31, 331, False),
        (-300, -29, True),
        (-300, -30, False),
        (-600, 60, False),
    ],
)
def test_an_assertion_lives_five_minutes_give_or_take_the_clock(
    world: Any, issued: int, expires: int, good: bool
) -> None:
    moment = int(world.now.timestamp())
    form = world.form(iat=moment + issued, exp=moment + expires)
    made = world.proof("POST", "/api/v1/token")
    if good:
        assert world.tokens.grant(form, made, now=world.now).value
    else:
        with pytest.raises(InvalidClientError):
            world.tokens.grant(form, made, now=world.now)


def test_an_assertion_is_used_up(world: Any) -> None:
    form = world.form()
    world.tokens.grant(form, world.proof("POST", "/api/v1/token"), now=world.now)
    with pytest.raises(InvalidClientError):
        world.tokens.grant(form, world.proof("POST", "/api/v1/token"), now=world.now)
    assert len(world.keys.given) == 1


def test_a_forged_assertion_uses_up_nothing(world: Any) -> None:
    forged = assertion(new_key(), "police-1", TOKEN_URL, now=world.now.timestamp(), jti="x" * 22)
    with pytest.raises(InvalidClientError):
        world.tokens.grant(token_form(forged), world.proof("POST", "/api/v1/token"), now=world.now)
    assert world.tokens.grant(world.form(jti="x" * 22), world.proof("POST", "/api/v1/token"), now=world.now)


def test_a_wrong_proof_gives_no_token_and_uses_up_nothing(world: Any) -> None:
    form = world.form()
    for made in (None, "x", world.proof("GET", "/api/v1/token"), world.proof("POST", "/api/v1/signals")):
        with pytest.raises(InvalidProofError):
            world.tokens.grant(form, made, now=world.now)
    assert world.tokens.grant(form, world.proof("POST", "/api/v1/token"), now=world.now)


@pytest.mark.parametrize("header", [{"typ": "dpop+jwt"}, {"typ": "at+jwt"}, {"x5u": "https://evil.example"}])
def test_a_token_of_another_kind_is_no_assertion(world: Any, header: dict[str, str]) -> None:
    moment = int(world.now.timestamp())
    claims = {"iss": "police-1", "sub": "police-1", "aud": TOKEN_URL, "iat": moment, "exp": moment + 60,
              "jti": "x" * 22}  # fmt: skip
    form = token_form(sign({"alg": "EdDSA"} | header, claims, world.key))
    with pytest.raises(InvalidClientError):
        world.tokens.grant(form, world.proof("POST", "/api/v1/token"), now=world.now)
    good = token_form(sign({"alg": "EdDSA", "kid": "1"}, claims, world.key))
    assert world.tokens.grant(good, world.proof("POST", "/api/v1/token"), now=world.now)


def test_without_a_line_in_the_log_there_is_no_token(world: Any) -> None:
    world.keys.log_fails = True
    with pytest.raises(OSError, match=r"^$"):
        world.token()


def test_a_token_from_the_hub_is_good_for_nothing_at_another_service(world: Any) -> None:
    token = world.token()
    form = token_form(token)
    with pytest.raises(InvalidClientError):
        world.tokens.grant(form, world.proof("POST", "/api/v1/token"), now=world.now)


@pytest.mark.parametrize("missing", ["grant_type", "client_assertion_type", "client_assertion"])
def test_an_incomplete_form_is_said_to_be_so(world: Any, missing: str) -> None:
    form = {name: value for name, value in world.form().items() if name != missing}
    with pytest.raises(MalformedTokenRequestError) as refused:
        world.tokens.grant(form, None, now=world.now)
    assert refused.value.places == (missing,)


@pytest.mark.parametrize("grant_type", ["password", "refresh_token", "authorization_code"])
def test_there_is_one_way_to_get_a_token(world: Any, grant_type: str) -> None:
    with pytest.raises(UnsupportedGrantTypeError):
        world.tokens.grant({**world.form(), "grant_type": grant_type}, None, now=world.now)


def test_nothing_that_was_sent_is_in_an_error(world: Any) -> None:
    canary = "kanarie"
    odd_header = {"alg": "EdDSA", "kid": canary, "jku": f"https://{canary}.example"}
    forms = [
        world.form(sub=canary),
        world.form(aud=canary),
        world.form(jti=canary),
        token_form(canary),
        {**world.form(), "grant_type": canary},
        token_form(sign(odd_header, {"sub": "police-1"}, world.key)),
        token_form(sign({"alg": "EdDSA"}, {"sub": "police-1", canary: canary}, new_key())),
    ]
    for form in forms:
        with pytest.raises(DatError) as refused:
            world.tokens.grant(form, canary, now=world.now)
        said = (
            "".join(traceback.format_exception(refused.value))
            + repr(refused.value)
            + str(refused.value.places)
        )
        assert canary not in said


def test_a_key_that_was_changed_since_is_what_counts(world: Any) -> None:
    old = world.key
    world.key = new_key()
    world.register()
    assert public_jwk(old) != public_jwk(world.key)
    forged = token_form(assertion(old, "police-1", TOKEN_URL, now=world.now.timestamp()))
    with pytest.raises(InvalidClientError):
        world.tokens.grant(forged, world.proof("POST", "/api/v1/token"), now=world.now + timedelta(seconds=1))


def fail(world: Any, times: int = 1, *, later: timedelta = timedelta(0), **changes: Any) -> None:
    """Ask for a token that is not given."""
    for _ in range(times):
        with pytest.raises(InvalidClientError):
            world.tokens.grant(world.form(**changes), None, now=world.now + later)


def test_who_fails_is_written_to_the_log_with_a_coded_reason(world: Any) -> None:
    form, canary = world.form(), "kanarie-1"
    world.tokens.grant(form, world.proof("POST", "/api/v1/token"), now=world.now)
    with pytest.raises(InvalidClientError):
        world.tokens.grant(form, world.proof("POST", "/api/v1/token"), now=world.now)
    fail(world, aud=canary)
    fail(world, sub=canary)
    with pytest.raises(InvalidProofError):
        world.tokens.grant(world.form(), canary, now=world.now)
    world.keys.credentials.clear()
    fail(world)
    assert world.keys.failed == [
        ("assertion_reused", 1),
        ("assertion_invalid", 1),
        ("client_unknown", 1),
        ("proof_invalid", 1),
        ("client_unknown", 1),
    ]


def test_who_fails_often_fills_no_log_and_is_counted_all_the_same(world: Any) -> None:
    fail(world, 40, aud="x")
    assert world.keys.failed == [("assertion_invalid", 1)] * PER_MINUTE
    fail(world, later=timedelta(minutes=1), aud="x")
    assert sum(count for _, count in world.keys.failed) == 41


def test_without_a_line_in_the_log_there_is_no_refusal_either(world: Any) -> None:
    world.keys.log_fails = True
    with pytest.raises(OSError, match=r"^$"):
        world.tokens.grant(world.form(aud="x"), None, now=world.now)
