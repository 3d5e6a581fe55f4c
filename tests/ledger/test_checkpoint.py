"""A checkpoint is its own log's word, and is read only as it is written."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.checkpoint import Checkpoint, Signer, open_checkpoint, parse_checkpoint, sign_checkpoint
from ledger.errors import NoteError
from ledger.note import sign
from ledger.tree import EMPTY_ROOT

ORIGIN = "gemeente.example/dat/audit/2026h2"
SIGNER = Signer.from_seed(ORIGIN, bytes(range(32)))
ROOT = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
TEXT = Checkpoint(ORIGIN, 5003, ROOT).to_text()


def test_the_text_is_that_of_the_specification() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert Checkpoint("example.com/behind-the-sofa", 20852163, ROOT).to_text() == text
    assert parse_checkpoint(text) == Checkpoint("example.com/behind-the-sofa", 20852163, ROOT)


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
@settings(deadline=None)
def test_what_was_signed_is_what_opens(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert open_checkpoint(sign_checkpoint(checkpoint, SIGNER), [SIGNER.verifier]) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.removesuffix("\n"),
        TEXT + "\n",
        TEXT + "extension\n",
        "\n" + TEXT,
        TEXT.replace("5003", "05003"),
        TEXT.replace("5003", "+5003"),
        TEXT.replace("5003", "-1"),
        TEXT.replace("5003", ""),
        TEXT.replace("5003", "5003 "),
        TEXT.replace("5003", "٥"),
        TEXT.replace("5003", str(2**63)),
        TEXT.replace("5003", "9" * 5_000),
        TEXT.replace("5003", "0"),
        TEXT.replace("q2I=", "q2J="),
        TEXT.replace("q2I=", "q2I"),
        TEXT.replace("CsUY", ""),
        TEXT.replace("gemeente", "ge meente"),
        TEXT.replace("gemeente", "ge+meente"),
        TEXT.replace("\n", "\r\n"),
    ],
)
def test_a_text_that_would_not_be_written_so_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    ("size", "root"), [(-1, ROOT), (2**63, ROOT), (1, ROOT[:31]), (0, ROOT), (1, ROOT + b"\0")]
)
def test_a_head_that_cannot_be_is_not_made(size: int, root: bytes) -> None:
    with pytest.raises(NoteError):
        Checkpoint(ORIGIN, size, root)


def test_an_empty_log_has_a_checkpoint() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert open_checkpoint(sign_checkpoint(empty, SIGNER), [SIGNER.verifier]) == empty


def test_the_key_of_another_log_does_not_sign_this_one() -> None:
    with pytest.raises(NoteError):
        sign_checkpoint(Checkpoint("other.example/log", 5003, ROOT), SIGNER)


def test_a_known_key_of_another_name_does_not_make_a_checkpoint() -> None:
    witness = Signer.generate("witness.example/w")
    with pytest.raises(NoteError):
        open_checkpoint(sign(TEXT, witness), [witness.verifier, SIGNER.verifier])


def test_a_note_that_is_no_checkpoint_is_refused_though_signed() -> None:
    with pytest.raises(NoteError):
        open_checkpoint(sign("hello\n", SIGNER), [SIGNER.verifier])
