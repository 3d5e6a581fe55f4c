"""A proof is good for one request, one token, one minute, once."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import UnavailableError
from service.oauth.errors import InvalidProofError
from service.oauth.identity import ServiceIdentity
from service.oauth.jose import ALGORITHMS
from service.oauth.proof import ProofChecker
from service.oauth.replay import WINDOW, ReplayMemory
from tests.oauth_client import algorithm_of, new_key, proof, public_jwk, sign

HUB = ServiceIdentity("https://hub.example", "/api/v1")
URL = "https://hub.example/api/v1/signals"
KEY = new_key()


def sign_anything(header: dict[str, Any], claims: dict[str, Any]) -> str:
    body = ".".join(
        urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in (header, claims)
    )
    signature = ALGORITHMS["EdDSA"].sign(body.encode(), KEY)
    return f"{body}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def check(made: str | None, now: datetime, **changes: Any) -> str:
    request = {"method": "POST", "path": "/api/v1/signals", "now": now} | changes
    return ProofChecker(HUB).require_proof(made, **request)


def test_a_proof_gives_the_thumbprint_of_its_key(now: datetime) -> None:
    for key in (KEY, new_key("ES256")):
        assert check(proof(key, "POST", URL, now=now.timestamp()), now) == key.thumbprint()


@pytest.mark.parametrize("seconds", [-60, 0, 60])
def test_a_proof_is_good_for_a_minute_around_now(now: datetime, seconds: int) -> None:
    assert check(proof(KEY, "POST", URL, now=now.timestamp() + seconds), now)


@pytest.mark.parametrize("seconds", [-61, 61, 10**12])
def test_an_old_or_future_proof_is_refused(now: datetime, seconds: int) -> None:
    with pytest.raises(InvalidProofError):
        check(proof(KEY, "POST", URL, now=now.timestamp() + seconds), now)


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htm": "post"},
        {"htm": None},
        {"htu": None},
        {"htu": URL + "/"},
        {"htu": URL + "?cursor=1"},
        {"htu": URL + "#x"},
        {"htu": URL.replace("https", "http")},
        {"htu": URL.replace("hub.example", "holder.example")},
        {"htu": URL.replace("hub.example", "hub.example:443")},
        {"htu": "/api/v1/signals"},
        {"htu": [URL]},
        {"iat": None},
        {"iat": "1795000000"},
        {"iat": True},
        {"iat": 1.5},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 129},
    ],
)
def test_a_proof_for_anything_else_is_refused(now: datetime, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidProofError):
        check(proof(KEY, "POST", URL, **({"now": now.timestamp()} | changes)), now)


def test_a_proof_for_another_token_or_key_is_refused(now: datetime) -> None:
    made = proof(KEY, "POST", URL, token="token-1", now=now.timestamp())
    with pytest.raises(InvalidProofError):
        check(made, now, token_hash="of-another-token")
    with pytest.raises(InvalidProofError):
        check(made, now, thumbprint=new_key().thumbprint())
    with pytest.raises(InvalidProofError):
        check(proof(KEY, "POST", URL, now=now.timestamp()), now, token_hash="of-a-token")


def test_a_proof_for_another_body_is_refused(now: datetime) -> None:
    made = proof(KEY, "POST", URL, body=b"{}", now=now.timestamp())
    assert check(made, now, body=b"{}") == KEY.thumbprint()
    for sent in (b"", b"{ }", b"{}{}"):
        with pytest.raises(InvalidProofError):
            check(made, now, body=sent)
    with pytest.raises(InvalidProofError):
        check(proof(KEY, "POST", URL, now=now.timestamp()), now, body=b"{}")


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": None},
        {"jwk": None},
        {"jwk": KEY.as_dict(private=True)},
        {"jwk": public_jwk(new_key())},
        {"alg": "none"},
        {"alg": "ES256"},
        {"crit": ["exp"]},
        {"kid": "1"},
    ],
)
def test_a_proof_with_another_header_is_refused(now: datetime, header: dict[str, Any]) -> None:
    claims = {"htm": "POST", "htu": URL, "iat": int(now.timestamp()), "jti": "x" * 22}
    good = {"typ": "dpop+jwt", "alg": algorithm_of(KEY), "jwk": public_jwk(KEY)}
    assert check(sign(good, claims, KEY), now)
    wrong = {name: value for name, value in (good | header).items() if value is not None}
    with pytest.raises(InvalidProofError):
        check(sign_anything(wrong, claims), now)


@pytest.mark.parametrize("made", [None, "", "x", "a.b.c", "é", "." * 5000])
def test_no_proof_at_all_is_refused(now: datetime, made: str | None) -> None:
    with pytest.raises(InvalidProofError):
        check(made, now)


@given(
    issued=st.integers(-WINDOW, WINDOW),
    arrivals=st.lists(st.integers(0, 4 * WINDOW), min_size=1, max_size=20),
)
def test_a_proof_is_taken_at_most_once_whenever_it_arrives(issued: int, arrivals: list[int]) -> None:
    memory, start = ReplayMemory(), 1_795_000_000
    taken = 0
    for number, arrival in enumerate(sorted(arrivals)):
        moment = start + arrival
        memory.take("other", str(number), issued=moment, now=moment)
        if abs(moment - (start + issued)) <= WINDOW:
            taken += memory.take("key", "jti", issued=start + issued, now=moment)
    assert taken <= 1


def test_the_same_proof_twice_at_once_is_taken_once(now: datetime) -> None:
    checker, made = ProofChecker(HUB), proof(KEY, "POST", URL, now=now.timestamp())
    barrier, taken = Barrier(8), list[str]()

    def send() -> None:
        barrier.wait()
        with suppress(InvalidProofError):
            taken.append(checker.require_proof(made, method="POST", path="/api/v1/signals", now=now))

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


def test_two_keys_may_use_one_id(now: datetime) -> None:
    checker = ProofChecker(HUB)
    for key in (KEY, new_key()):
        made = proof(key, "POST", URL, now=now.timestamp(), jti="x" * 22)
        assert checker.require_proof(made, method="POST", path="/api/v1/signals", now=now)


def test_the_memory_refuses_when_it_is_full_and_forgets_what_can_no_longer_be_used(now: datetime) -> None:
    memory, moment = ReplayMemory(limit=2), int(now.timestamp())
    assert memory.take("key", "1", issued=moment, now=moment)
    assert memory.take("key", "2", issued=moment, now=moment)
    with pytest.raises(UnavailableError):
        memory.take("key", "3", issued=moment, now=moment)
    assert not memory.take("key", "1", issued=moment, now=moment)
    later = int((now + timedelta(seconds=3 * WINDOW)).timestamp())
    assert memory.take("key", "3", issued=later, now=later)
