"""Share a key among holders, so that any `threshold` of them can evaluate and fewer cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce

from keys.protocol import sodium
from keys.protocol.errors import ElementError, ProofError, ThresholdError
from keys.protocol.voprf import Evaluation, verify

MOST_SHARES = 255


@dataclass(frozen=True, slots=True)
class Share:
    """One holder's part of a key: its number (from 1), its secret and the public value of that secret."""

    index: int
    secret: bytes = field(repr=False)
    public: bytes


def split(secret: bytes, *, threshold: int, shares: int) -> tuple[Share, ...]:
    """Deal a secret into so many shares, of which any `threshold` are the key and fewer say nothing.

    Source:
        Shamir, "How to share a secret"; 1-of-1 gives the secret itself.
    """
    sodium.require_scalar(secret)
    if not 1 <= threshold <= shares <= MOST_SHARES:
        raise ThresholdError
    coefficients = [secret, *(sodium.random_scalar() for _ in range(threshold - 1))]
    return tuple(_share(index, coefficients) for index in range(1, shares + 1))


def _share(index: int, coefficients: Sequence[bytes]) -> Share:
    at = _scalar(index)
    secret = reduce(
        lambda total, coefficient: sodium.add_scalars(sodium.multiply_scalars(total, at), coefficient),
        reversed(coefficients),
    )
    return Share(index, secret, sodium.multiply_base(secret))


def _scalar(number: int) -> bytes:
    return (number % sodium.ORDER).to_bytes(sodium.SCALAR_BYTES, "little")


def lagrange(indexes: Collection[int]) -> dict[int, bytes]:
    """Compute the weight of every share at zero; they are public, so Python integers will do."""
    return dict(_lagrange(tuple(sorted(indexes))))


@lru_cache(maxsize=1024)
def _lagrange(indexes: tuple[int, ...]) -> tuple[tuple[int, bytes], ...]:
    if not indexes or len(set(indexes)) != len(indexes) or not 1 <= indexes[0] <= indexes[-1] <= MOST_SHARES:
        raise ThresholdError
    weights = []
    for index in indexes:
        above = below = 1
        for other in indexes:
            if other != index:
                above, below = above * other, below * (other - index)
        weights.append((index, _scalar(above * pow(below, -1, sodium.ORDER))))
    return tuple(weights)


def combine(elements: Mapping[int, bytes]) -> bytes:
    """Add the holders' verified evaluations of one element, weighted: what the whole key would have made.

    Fewer holders than the threshold give another element without a sign of it: the caller counts them.
    """
    weights = _lagrange(tuple(sorted(elements)))
    if len(weights) == 1:
        (element,) = elements.values()
        sodium.require_element(element)
        return element
    return reduce(sodium.add, (sodium.multiply(weight, elements[index]) for index, weight in weights))


def check_shares(public: bytes, share_publics: Mapping[int, bytes], threshold: int) -> None:
    """Refuse public shares that do not all lie on one polynomial with the public key at zero.

    Mixed share epochs would otherwise fail silently, as non-matches. Neighbouring runs of `threshold` shares
    have all but one share and the public key in common, which fixes the polynomial: the runs cover every
    other subset too.

    Raises:
        ThresholdError: Too few shares, or shares of different keys.
    """
    indexes = sorted(share_publics)
    if not 1 <= threshold <= len(indexes):
        raise ThresholdError
    for start in range(len(indexes) - threshold + 1):
        run = indexes[start : start + threshold]
        if _combined({index: share_publics[index] for index in run}) != public:
            raise ThresholdError


def _combined(share_publics: Mapping[int, bytes]) -> bytes:
    try:
        return combine(share_publics)
    except ElementError:
        raise ThresholdError from None


def find_liars(
    share_publics: Mapping[int, bytes], blinded: Sequence[bytes], evaluations: Mapping[int, Evaluation]
) -> tuple[int, ...]:
    """Name the holders whose answer does not verify under the pinned public value of their share."""
    return tuple(
        index
        for index, evaluation in sorted(evaluations.items())
        if not _verifies(share_publics.get(index), blinded, evaluation)
    )


def _verifies(public: bytes | None, blinded: Sequence[bytes], evaluation: Evaluation) -> bool:
    if public is None:
        return False
    try:
        verify(public, blinded, evaluation)
    except ProofError:
        return False
    return True
