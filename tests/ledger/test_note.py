"""Notes are opened by those who know a key, and exactly as they were signed."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import NoteError
from ledger.note import MAX_NOTE_BYTES, Signer, Verifier, open_note, parse_verifier, sign

# The example of golang.org/x/mod/sumdb/note: key, text and signature are Go's.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_NOTE = (
    GO_TEXT
    + "\n\u2014 PeterNeumann "
    + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer.from_seed("log.example/a", bytes(range(32)))
OTHER = Signer.from_seed("witness.example/w", bytes(32))
NOTE = sign("one\n\ntwo\n", SIGNER)
LINE = NOTE.split("\n")[-2] + "\n"


def test_the_note_of_go_is_read_and_written_byte_for_byte() -> None:
    verifier = parse_verifier(GO_VKEY)
    assert verifier.to_text() == GO_VKEY
    assert open_note(GO_NOTE, [verifier]).text == GO_TEXT
    assert sign(GO_TEXT, Signer.from_seed("PeterNeumann", GO_SEED)) == GO_NOTE


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]) | st.just("\n"), max_size=200))
@settings(deadline=None)
def test_what_was_signed_is_what_opens(text: str) -> None:
    opened = open_note(sign(text + "\n", SIGNER), [SIGNER.verifier])
    assert opened.text == text + "\n"
    assert opened.signers == (SIGNER.verifier,)


@given(st.binary(min_size=32, max_size=32), st.sampled_from(["a", "log.example/x-1", "é"]))
def test_a_verifier_key_reads_back(seed: bytes, name: str) -> None:
    verifier = Signer.from_seed(name, seed).verifier
    assert parse_verifier(verifier.to_text()) == verifier


def test_every_flipped_bit_of_a_note_closes_it() -> None:
    data = NOTE.encode()
    for at in range(len(data) * 8):
        broken = bytearray(data)
        broken[at // 8] ^= 1 << at % 8
        with pytest.raises(NoteError):
            open_note(bytes(broken), [SIGNER.verifier])


def test_signatures_of_unknown_keys_are_passed_over_wherever_they_stand() -> None:
    unknown = sign("one\n\ntwo\n", OTHER).split("\n")[-2] + "\n"
    future = "\u2014 pq.example/w " + base64.b64encode(bytes(2_424)).decode() + "\n"
    for note in (NOTE + unknown + future, NOTE.removesuffix(LINE) + unknown + future + LINE):
        assert open_note(note, [SIGNER.verifier]).signers == (SIGNER.verifier,)
    both = open_note(NOTE + unknown, [OTHER.verifier, SIGNER.verifier])
    assert both.signers == (SIGNER.verifier, OTHER.verifier)


def test_a_key_that_signed_twice_counts_once() -> None:
    assert open_note(NOTE + LINE, [SIGNER.verifier]).signers == (SIGNER.verifier,)


def test_a_false_signature_of_a_known_key_closes_the_note_even_beside_a_true_one() -> None:
    false = sign("one\n\nthree\n", SIGNER).split("\n")[-2] + "\n"
    for note in (NOTE + false, NOTE.removesuffix(LINE) + false + LINE):
        with pytest.raises(NoteError):
            open_note(note, [SIGNER.verifier])


@pytest.mark.parametrize(
    "verifiers",
    [
        [],
        [OTHER.verifier],
        [Signer.generate(SIGNER.name).verifier],
        [Verifier("log.example/b", SIGNER.verifier.public)],
    ],
)
def test_nobody_opens_a_note_without_the_key_that_signed_it(verifiers: list[Verifier]) -> None:
    with pytest.raises(NoteError):
        open_note(NOTE, verifiers)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        "one\n",
        "one\n\n",
        NOTE.removesuffix("\n"),
        NOTE + "\n",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("\u2014", "-"),
        NOTE.replace("\u2014 ", "\u2014"),
        NOTE.replace("\u2014 ", "\u2014  "),
        NOTE + "no signature\n",
        NOTE + "\u2014 name\n",
        NOTE + "\u2014 na+me AAAAAAA=\n",
        NOTE + "\u2014 na\u00a0me AAAAAAA=\n",
        NOTE + "\u2014 name AAAA\n",
        NOTE + "\u2014 name AAAAAAA\n",
        NOTE + "\u2014 name AAAAAAB=\n",
        NOTE + "\u2014 name AAAA AAA=\n",
        NOTE + "\u2014 name AAAAAAé=\n",
        NOTE + LINE * 100,
        NOTE.replace("one", "one\t"),
        NOTE.replace("one", "on\x00e"),
        "\ud800" + NOTE,
        b"\xff" + NOTE.encode(),
        "x" * MAX_NOTE_BYTES + NOTE,
        b"x" * MAX_NOTE_BYTES + NOTE.encode(),
    ],
)
def test_a_malformed_note_stays_shut(note: str | bytes) -> None:
    with pytest.raises(NoteError):
        open_note(note, [SIGNER.verifier])


def test_a_signature_of_the_wrong_length_is_a_false_one() -> None:
    blob = base64.b64encode(SIGNER.verifier.key_id + bytes(63)).decode()
    with pytest.raises(NoteError):
        open_note(f"one\n\n\u2014 {SIGNER.name} {blob}\n", [SIGNER.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no newline",
        "tab\t\n",
        "nul\x00\n",
        "\ud800\n",
        "x" * MAX_NOTE_BYTES + "\n",
        "x" * (MAX_NOTE_BYTES - 1) + "\n",
    ],
)
def test_what_could_not_be_opened_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        sign(text, SIGNER)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\u2028b", "a\x00", "\ud800"])
def test_a_name_that_would_break_the_line_names_no_key(name: str) -> None:
    with pytest.raises(NoteError):
        Signer.generate(name)
    with pytest.raises(NoteError):
        Verifier(name, bytes(32))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        GO_VKEY.replace("c74f20a3", "c74f20a4"),
        GO_VKEY.replace("c74f20a3", "C74F20A3"),
        GO_VKEY.replace("PeterNeumann", "peterneumann"),
        GO_VKEY.replace("+AR", "+BR"),
        GO_VKEY + "AAAA",
        GO_VKEY[:-4],
        GO_VKEY + "\n",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    ],
)
def test_a_verifier_key_that_is_not_exactly_one_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_verifier(text)


def test_a_seed_is_32_bytes_and_shows_nowhere() -> None:
    with pytest.raises(NoteError):
        Signer.from_seed("a", bytes(31))
    assert bytes(range(32)).hex() not in repr(SIGNER)
    assert repr(SIGNER) == "Signer(name='log.example/a')"
