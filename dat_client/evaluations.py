"""Ask key holders to evaluate blinded elements, and believe only what their pinned keys prove.

Source: protocol.md, 4, steps 2 to 4.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from dat_client.errors import AnswerError, HolderProofError, UnavailableError
from dat_client.spreading import spread
from dat_client.transport import Service
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.errors import EncodingError, ProofError
from keys.protocol.manifest import SchemeKey
from keys.protocol.threshold import combine
from keys.protocol.voprf import PROOF_BATCH, Evaluation, verify

Purpose = Literal["signal", "case", "rights"]
ELEMENTS_PER_REQUEST = 31 * PROOF_BATCH  # at most 1,000, and every proof over a full batch


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every holder alike: for whom, under which key, and the blinded elements."""

    scheme: str
    epoch: int
    reporter: UUID
    purpose: Purpose
    blinded: tuple[bytes, ...]


def evaluate(
    question: Question, key: SchemeKey, holders: Mapping[str, Service], workers: Executor
) -> list[bytes]:
    """Have as many holders as the threshold asks evaluate, verify each against its pinned key, and combine.

    A holder that cannot be reached is replaced by another; one that lies stops everything, by number.

    Raises:
        UnavailableError: Too few holders answer; ask again with a new blinding.
        HolderProofError: A holder's proof does not verify.
    """
    found: dict[int, tuple[bytes, ...]] = {}
    waiting = sorted(key.shares)
    failure = UnavailableError()
    while waiting and len(found) < key.threshold:
        missing = key.threshold - len(found)
        asked, waiting = waiting[:missing], waiting[missing:]
        for index, answer in _ask_all(asked, question, key, holders, workers):
            if isinstance(answer, UnavailableError):
                failure = answer
            else:
                found[index] = answer
    if len(found) < key.threshold:
        raise failure
    return _combine(found, workers)


def _ask_all(
    indexes: Sequence[int],
    question: Question,
    key: SchemeKey,
    holders: Mapping[str, Service],
    workers: Executor,
) -> Iterator[tuple[int, tuple[bytes, ...] | UnavailableError]]:
    """Ask holders one after the other: asking in parallel gains nothing while both cores verify."""
    for index in indexes:
        try:
            evaluation = _ask(holders[key.holders[index]], question)
        except UnavailableError as error:
            yield index, error
            continue
        _require_proofs(index, key.shares[index], question.blinded, evaluation, workers)
        yield index, evaluation.elements


def _ask(holder: Service, question: Question) -> Evaluation:
    """Make one attempt: another one would need a new blinding and a new request id."""
    answer = holder.attempt(
        "POST",
        "/evaluations",
        body={
            "scheme": question.scheme,
            "epoch": question.epoch,
            "requestId": secrets.token_hex(16),
            "reporter": str(question.reporter),
            "purpose": question.purpose,
            "elements": [b64u(element) for element in question.blinded],
        },
    )
    return Evaluation(_texts(answer, "elements"), _texts(answer, "proofs"))


def _texts(answer: Any, name: str) -> tuple[bytes, ...]:
    try:
        return tuple(unb64u(text) for text in answer[name])
    except (KeyError, TypeError, AttributeError, EncodingError):
        raise AnswerError from None


def _require_proofs(
    index: int, public: bytes, blinded: Sequence[bytes], evaluation: Evaluation, workers: Executor
) -> None:
    """Verify every piece on its own, so that both cores do."""
    elements, proofs = evaluation.elements, evaluation.proofs
    starts = range(0, len(blinded), PROOF_BATCH)
    if len(elements) != len(blinded) or len(proofs) != len(starts):
        raise HolderProofError(index)

    def verify_piece(start: int, proof: bytes) -> None:
        piece = slice(start, start + PROOF_BATCH)
        verify(public, blinded[piece], Evaluation(elements[piece], (proof,)))

    try:
        list(workers.map(verify_piece, starts, proofs))
    except ProofError:
        raise HolderProofError(index) from None


def _combine(found: Mapping[int, Sequence[bytes]], workers: Executor) -> list[bytes]:
    rows = [dict(zip(found, elements, strict=True)) for elements in zip(*found.values(), strict=True)]
    return spread(workers, combine, rows)
