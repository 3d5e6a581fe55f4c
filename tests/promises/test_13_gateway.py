"""Promise 13: whoever reads both legs, and has the hub's envelope key too, cannot test a guess.

A partner's own proxy that ends TLS sees what goes to the holder and back, and with the hub's own key what
is in the envelope: B, Z, its proof, and N. To know whose they are takes the blinding or the key.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha512

import pytest

from keys.protocol import dleq, sodium, voprf
from keys.protocol.errors import ProtocolError
from keys.protocol.hashing import hash_to_scalar
from keys.protocol.voprf import CONTEXT, blind, evaluate, generate_key_pair, unblind, verify
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
