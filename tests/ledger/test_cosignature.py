"""Cosignatures: of one witness, one head and one second; a false line is never passed over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger import cosignature
from ledger.checkpoint import Checkpoint
from ledger.cosignature import (
    ED25519,
    HAS_ML_DSA,
    ML_DSA_44,
    Cosigner,
    WitnessKey,
    cosignatures_of,
    parse_witness_key,
    read_cosignatures,
)
from ledger.errors import NoteError
from tests.ledger.logs import AT, ORIGIN, WITNESS, numbered

LOG = numbered(5)
HEAD = LOG.checkpoint()


def test_both_kinds_of_key_sign_here() -> None:
    assert HAS_ML_DSA
    assert [key.kind for key in WITNESS.keys] == [ED25519, ML_DSA_44]
    assert [len(line.signature) for line in WITNESS.cosign(HEAD, at=AT)] == [72, 2_428]


def test_what_a_witness_signed_is_read_with_its_time() -> None:
    found = read_cosignatures(LOG.note(witness=WITNESS), WITNESS.keys)
    assert [(one.witness, one.kind, one.at) for one in found] == [
        (WITNESS.name, ED25519, AT),
        (WITNESS.name, ML_DSA_44, AT),
    ]


def test_who_knows_one_kind_of_key_passes_over_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    note = LOG.note(witness=WITNESS)
    for key in WITNESS.keys:
        assert [one.kind for one in read_cosignatures(note, [key])] == [key.kind]
    stranger = Cosigner(WITNESS.name, bytes(32), bytes(32))
    assert read_cosignatures(note, stranger.keys) == []
    monkeypatch.setattr(cosignature, "HAS_ML_DSA", False)
    assert [one.kind for one in read_cosignatures(note, WITNESS.keys)] == [ED25519]
    assert [key.kind for key in WITNESS.keys] == [ED25519]


@pytest.mark.parametrize("number", [0, 1])
def test_a_line_is_of_one_head_and_one_second(number: int) -> None:
    line, key = WITNESS.cosign(HEAD, at=AT)[number], WITNESS.keys[number]
    later = replace(line, signature=(AT + 1).to_bytes(8) + line.signature[8:])
    other = [
        (HEAD, later),
        (Checkpoint(ORIGIN + ".2", HEAD.size, HEAD.root), line),
        (Checkpoint(ORIGIN, HEAD.size + 1, HEAD.root), line),
        (Checkpoint(ORIGIN, HEAD.size, bytes(32)), line),
        (HEAD, replace(line, signature=line.signature[:-1])),
        (HEAD, replace(line, signature=line.signature + b"\0")),
    ]
    assert cosignatures_of(HEAD, [line], [key])
    for head, changed in other:
        with pytest.raises(NoteError):
            cosignatures_of(head, [changed], [key])


@pytest.mark.parametrize("number", [0, 1])
def test_every_flipped_byte_of_a_line_is_refused(number: int) -> None:
    line, key = WITNESS.cosign(HEAD, at=AT)[number], WITNESS.keys[number]
    for at in range(0, len(line.signature), 1 if number == 0 else 97):
        flipped = bytearray(line.signature)
        flipped[at] ^= 1
        with pytest.raises(NoteError):
            cosignatures_of(HEAD, [replace(line, signature=bytes(flipped))], [key])


def test_an_ml_dsa_line_is_bound_to_the_name_of_its_witness() -> None:
    other = Cosigner("else.example/w1", WITNESS.seed, WITNESS.ml_dsa_seed)
    borrowed = replace(WITNESS.cosign(HEAD, at=AT)[1], name=other.name, key_id=other.keys[1].key_id)
    with pytest.raises(NoteError):
        cosignatures_of(HEAD, [borrowed], other.keys)


def test_a_cosignature_without_a_time_says_nothing() -> None:
    with pytest.raises(NoteError, match="no time"):
        cosignatures_of(HEAD, WITNESS.cosign(HEAD, at=0), WITNESS.keys)


def test_a_key_is_read_back_as_it_was_written() -> None:
    for key in WITNESS.keys:
        text = key.to_text()
        assert parse_witness_key(text) == key
        for changed in (text[:-4], text.replace("keys.", "other."), text.replace("+", "-"), ""):
            with pytest.raises(NoteError):
                parse_witness_key(changed)
    with pytest.raises(NoteError):
        WitnessKey("w", 1, bytes(32))


def test_a_witness_does_not_show_its_seeds() -> None:
    assert "seed" not in repr(WITNESS)
