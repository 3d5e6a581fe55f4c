"""Promise 13: whoever reads both legs, and has the hub's envelope key too, cannot test a guess.

A partner's own proxy that ends TLS sees what goes to the holder and back, and with the hub's own key what
is in the envelope: B, Z, its proof, and N. To know whose they are takes the blinding or the key. It may also
change what passes: put its guess among the elements, or ask for a token with an assertion that it read.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha512
from pathlib import Path
from typing import Any

import pytest

from keys.protocol import dleq, sodium, voprf
from keys.protocol.encoding import b64u
from keys.protocol.errors import ProtocolError
from keys.protocol.hashing import hash_to_scalar
from keys.protocol.voprf import CONTEXT, blind, evaluate, generate_key_pair, unblind, verify
from service.oauth.proof import ProofChecker
from tests.keys.holder.world import Partner, admit, evaluation_of, new_holder, serve
from tests.oauth_client import ApiClient, new_key, proof
from tests.promises.stolen import input_of, point_of, synthetic_bsns

HUB = "hub.example"
SMALL = (1, 2, 3)


@dataclass(frozen=True)
class Seen:
    """One post, as the gateway sees it."""

    public: bytes
    blinded: bytes
    evaluated: bytes
    proof: bytes
    pseudonym: bytes

    def points(self) -> list[bytes]:
        """All group elements on both legs."""
        return [self.public, sodium.multiply_base(scalar(1)), self.blinded, self.evaluated, self.pseudonym]


def scalar(number: int) -> bytes:
    return number.to_bytes(32, "little")


def pass_by(bsn: str, secret: bytes, public: bytes) -> Seen:
    """Let the client's own steps pass by the gateway."""
    made = blind(input_of(bsn, HUB))
    answer = evaluate(secret, public, [made.element])
    verify(public, [made.element], answer)
    (evaluated,), (proof,) = answer.elements, answer.proofs
    return Seen(public, made.element, evaluated, proof, unblind(made.scalar, evaluated))


def outcomes_of(posts: list[Seen], bsn: str) -> Iterator[bool]:
    """Yield the outcome of everything that the gateway can try on a guess; True: it is this person."""
    x, guess = input_of(bsn, HUB), point_of(bsn, HUB)
    known = [point for seen in posts for point in seen.points()]
    # Is it somewhere in clear, or a small multiple, or under a blinding that can be computed from the guess?
    guessable = [scalar(number) for number in SMALL]
    guessable += [hash_to_scalar(one, context=CONTEXT) for one in (x, guess, *known)]
    guessable += [sodium.reduce_scalar(sha512(one).digest()) for one in (x, guess, *known)]
    for factor in guessable:
        yield sodium.multiply(factor, guess) in known
        yield sodium.multiply(sodium.invert_scalar(factor), guess) in known
    # Do sums or differences of what was seen give it?
    for one, other in itertools.permutations(set(known), 2):
        yield sodium.add(guess, other) == one
    # Does a proof that went by say of the guess what it says of the blinded element?
    for seen in posts:
        for made in (seen.pseudonym, seen.evaluated):
            yield holds(seen.proof, seen.public, guess, made)


def holds(proof: bytes, public: bytes, given: bytes, made: bytes) -> bool:
    try:
        dleq.verify(proof, dleq.Statement(public, [given], [made], CONTEXT))
    except ProtocolError:
        return False
    return True


def tell_apart(guesses: int) -> list[str]:
    """Return whom the gateway recognises among guesses of which the first is right."""
    secret, public = generate_key_pair()
    person, *others = synthetic_bsns(guesses)
    posts = [pass_by(person, secret, public) for _ in range(2)]
    return [bsn for bsn in (person, *others) if any(outcomes_of(posts, bsn))]


def test_the_gateway_recognises_nobody() -> None:
    assert tell_apart(20) == []


def blind_with(make: Callable[[bytes], bytes]) -> Callable[[bytes], voprf.Blinding]:
    return lambda x: voprf._blind(x, make(x))


@pytest.mark.parametrize(
    "make",
    [
        lambda _x: scalar(1),
        lambda x: hash_to_scalar(x, context=CONTEXT),
        lambda x: sodium.reduce_scalar(sha512(x).digest()),
    ],
    ids=["not at all", "from the input", "from a hash of it"],
)
def test_mutant_whose_blinding_can_be_guessed_gives_the_person_away(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(f"{__name__}.blind", blind_with(make))
    assert tell_apart(3) == list(synthetic_bsns(1))


def test_mutant_that_proves_what_is_not_blinded_gives_the_person_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A holder that is asked for H(x) itself, or a client that lets it prove the pseudonym."""
    monkeypatch.setattr(f"{__name__}.pass_by", bare_of(pass_by))
    assert tell_apart(3) == list(synthetic_bsns(1))


def bare_of(plain: Callable[[str, bytes, bytes], Seen]) -> Callable[[str, bytes, bytes], Seen]:
    def bare(bsn: str, secret: bytes, public: bytes) -> Seen:
        seen = plain(bsn, secret, public)
        (proof,) = evaluate(secret, public, [point_of(bsn, HUB)]).proofs
        return Seen(public, seen.blinded, seen.evaluated, proof, seen.pseudonym)

    return bare


@dataclass
class Changing:
    """A proxy that ends TLS on the way to the holder, and changes what passes.

    Attributes:
        guess: whom it suspects; their element goes along, blinded by the proxy itself.
        found: what the holder made of the guess, unblinded.
    """

    http: Any
    guess: str
    keeps: bool
    key: Any = field(default_factory=new_key)
    found: list[bytes] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    def request(self, method: str, url: str, **rest: Any) -> Any:
        """Pass a request on, with the guess in it."""
        if url.endswith("/token"):
            self.forms.append(rest["data"])
        if not url.endswith("/evaluations"):
            return self.http.request(method, url, **rest)
        made, body = blind(input_of(self.guess, HUB)), json.loads(rest["content"])
        own = [b64u(made.element)]
        body["elements"] = body["elements"] + own if self.keeps else own
        answer = self.http.request(method, url, **(rest | {"content": json.dumps(body).encode()}))
        if answer.status_code == 200:
            self.found.append(unblind(made.scalar, evaluation_of(answer).elements[-1]))
        return answer


def at_a_holder(folder: Path, *, keeps: bool) -> tuple[Changing, Partner, bytes]:
    """Return a proxy, the partner behind it, and the pseudonym that the hub's key shows the proxy."""
    holder = new_holder(folder / "holder")
    honest = admit(holder, serve(holder))
    (person,) = synthetic_bsns(1)
    made = blind(input_of(person, HUB))
    pseudonym = unblind(made.scalar, evaluation_of(honest.ask([made.element])).elements[0])
    proxy = Changing(honest.client.http, person, keeps)
    behind = ApiClient(
        proxy, honest.client.client_id, honest.client.key, public_url=honest.client.public_url, base="/v1"
    )
    return proxy, Partner(behind, honest.organisation, honest.reporter), pseudonym


@pytest.mark.parametrize("keeps", [True, False], ids=["among the client's own", "instead of them"])
def test_the_gateway_cannot_have_a_guess_evaluated(tmp_path: Path, *, keeps: bool) -> None:
    proxy, partner, _ = at_a_holder(tmp_path, keeps=keeps)
    answer = partner.ask([blind(b"somebody else").element])
    assert (answer.status_code, answer.json()["code"], proxy.found) == (401, "invalid_dpop_proof", [])


def without(monkeypatch: pytest.MonkeyPatch, fact: str) -> None:
    """Have proofs checked without one of the facts."""
    whole = ProofChecker.require_proof

    def require_proof(checker: ProofChecker, made: str | None, **facts: Any) -> str:
        return whole(checker, made, **(facts | {fact: None}))

    monkeypatch.setattr(ProofChecker, "require_proof", require_proof)


def test_mutant_that_takes_any_body_under_a_proof_gives_the_person_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, partner, pseudonym = at_a_holder(tmp_path, keeps=True)
    without(monkeypatch, "body")
    partner.ask([blind(b"somebody else").element])
    assert proxy.found == [pseudonym]


def stolen_assertion(tmp_path: Path) -> Any:
    """Have the proxy ask for a token of its own with an assertion that it kept back."""
    proxy, partner, _ = at_a_holder(tmp_path, keeps=True)
    held, url = partner.client, f"{partner.client.public_url}/v1/token"
    proxy.http, through = Silent(), proxy.http
    with pytest.raises(ConnectionError):
        held.fetch_token()
    return through.request(
        "POST", "/v1/token", data=proxy.forms[0], headers={"DPoP": proof(proxy.key, "POST", url)}
    )


class Silent:
    """Answer nothing, and pass nothing on."""

    def request(self, *_: Any, **__: Any) -> Any:
        raise ConnectionError


def test_an_assertion_that_the_gateway_reads_gives_it_no_token(tmp_path: Path) -> None:
    answer = stolen_assertion(tmp_path)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_dpop_proof")


def test_mutant_that_binds_a_token_to_any_key_gives_the_gateway_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "thumbprint")
    assert stolen_assertion(tmp_path).status_code == 200
