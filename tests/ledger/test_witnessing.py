"""The rule of a witness: whatever is submitted, what it cosigned stays one growing tree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.checkpoint import Signer
from ledger.note import Verifier, sign
from ledger.witnessing import (
    NotCosignedError,
    Refusal,
    Seen,
    Submission,
    parse_submission,
    require_cosignable,
)
from tests.ledger.logs import ORIGIN, SIGNER, MemoryLog, numbered

LOG = numbered(40)
FORGED = MemoryLog([*LOG.leaves[:10], b"forged", *LOG.leaves[11:]])
KEYS = [SIGNER.verifier]


def seen(size: int) -> Seen:
    return Seen(size, LOG.checkpoint(size).root) if size else Seen()


def refused(submission: Submission, held: Seen, keys: list[Verifier] = KEYS) -> NotCosignedError:
    with pytest.raises(NotCosignedError) as caught:
        require_cosignable(submission, held, keys)
    return caught.value


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_tree_that_grew_is_cosigned_and_reads_back(one: int, other: int) -> None:
    old, new = sorted((one, other))
    submission = LOG.submission(old, new)
    assert parse_submission(submission.to_text()) == submission
    assert require_cosignable(submission, seen(old), KEYS).size == new


def test_another_size_than_is_held_is_answered_with_the_size_that_is() -> None:
    for old in (0, 7, 9, 40):
        error = refused(LOG.submission(old, 40), seen(8))
        assert (error.refusal, error.seen) == (Refusal.OTHER_SIZE, 8)


def test_a_smaller_tree_is_never_cosigned() -> None:
    smaller = replace(LOG.submission(5, 5), old_size=8)
    assert refused(smaller, seen(8)).refusal == Refusal.MALFORMED
    assert refused(LOG.submission(5, 5), seen(8)).refusal == Refusal.OTHER_SIZE


def test_two_roots_of_one_size_are_never_cosigned() -> None:
    assert refused(FORGED.submission(20, 20), seen(20)).refusal == Refusal.INCONSISTENT


@given(st.integers(11, 40), st.data())
def test_a_history_that_was_written_anew_is_never_cosigned(old: int, data: st.DataObject) -> None:
    new = data.draw(st.integers(old, 40))
    assert refused(FORGED.submission(old, new), seen(old)).refusal == Refusal.INCONSISTENT


def test_a_proof_from_nothing_is_empty() -> None:
    padded = replace(LOG.submission(0, 5), proof=(bytes(32),))
    assert refused(padded, Seen()).refusal == Refusal.INCONSISTENT


def test_an_empty_tree_has_one_root() -> None:
    note = sign(f"{ORIGIN}\n0\n{'A' * 43}=\n", SIGNER)
    assert refused(Submission(0, (), note), Seen()).refusal == Refusal.INCONSISTENT


def test_a_note_that_the_log_did_not_sign_is_not_trusted() -> None:
    other = MemoryLog(LOG.leaves, Signer.from_seed(ORIGIN, bytes(32)))
    assert refused(other.submission(0, 5), Seen()).refusal == Refusal.UNTRUSTED
    false = LOG.submission(0, 5)
    false = replace(false, note=false.note.replace("\n5\n", "\n6\n"))
    assert refused(false, Seen()).refusal == Refusal.UNTRUSTED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "old 1",
        "old 01\n\n" + LOG.note(5),
        "old 1\n" + LOG.note(5),
        "old 0\nxx\n\n" + LOG.note(5),
        "old 0\n" + "AAAA\n" * 64 + "\n" + LOG.note(5),
        "old -1\n\n" + LOG.note(5),
        "old 0\n\n" + LOG.checkpoint(5).to_text(),
    ],
)
def test_what_is_no_submission_is_malformed(text: str) -> None:
    with pytest.raises(NotCosignedError) as caught:
        parse_submission(text)
    assert caught.value.refusal == Refusal.MALFORMED
