from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from keys.protocol import envelope
from keys.protocol.encoding import lp
from keys.protocol.envelope import CAPACITY, Entry, envelope_info, public_part_hash, seal, unseal
from keys.protocol.errors import EncodingError, EnvelopeError
from keys.protocol.tokens import TokenType

LAWS = settings(deadline=None, max_examples=50)
PRIVATE, PUBLIC = envelope.generate_key_pair()
INFO = b"info"
ENTRIES = st.lists(
    st.builds(Entry, st.sampled_from(TokenType), st.integers(0, 0xFFFF), st.binary(min_size=32, max_size=32)),
    max_size=CAPACITY,
)
ENTRY = Entry(TokenType.A, 1, bytes(range(32)))
BINDING = {
    "hub_id": "hub",
    "organisation_id": "0b0f1e1a-0000-4000-8000-000000000001",
    "idempotency_key": "0b0f1e1a-0000-4000-8000-000000000002",
    "public_part_hash": bytes(32),
}


def sealed_plain(plain: bytes) -> bytes:
    return envelope._SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(PUBLIC), INFO)


@LAWS
@given(ENTRIES)
def test_it_opens_what_it_sealed_and_its_size_says_nothing(entries: list[Entry]) -> None:
    sealed = seal(PUBLIC, INFO, entries)
    assert len(sealed) == envelope.SEALED_BYTES == 608
    assert unseal(PRIVATE, INFO, sealed) == entries
    assert unseal(envelope.load_private_key(PRIVATE), INFO, sealed) == entries


@LAWS
@given(ENTRIES, st.integers(0, envelope.SEALED_BYTES * 8 - 1))
def test_a_flipped_bit_never_opens(entries: list[Entry], bit: int) -> None:
    changed = bytearray(seal(PUBLIC, INFO, entries))
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(EnvelopeError):
        unseal(PRIVATE, INFO, bytes(changed))


def test_sealing_twice_shares_no_bytes_to_recognise() -> None:
    first, second = (seal(PUBLIC, INFO, [ENTRY]) for _ in range(2))
    assert first[:32] != second[:32]
    assert first[32:] != second[32:]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hub_id", "hub2"),
        ("organisation_id", "0b0f1e1a-0000-4000-8000-000000000003"),
        ("idempotency_key", "0b0f1e1a-0000-4000-8000-000000000001"),
        ("public_part_hash", bytes(31) + b"\1"),
    ],
)
def test_an_envelope_moved_to_another_hub_sender_message_or_public_part_does_not_open(
    field: str, value: object
) -> None:
    sealed = seal(PUBLIC, envelope_info(**BINDING), [ENTRY])  # type: ignore[arg-type]
    assert unseal(PRIVATE, envelope_info(**BINDING), sealed) == [ENTRY]  # type: ignore[arg-type]
    with pytest.raises(EnvelopeError):
        unseal(PRIVATE, envelope_info(**{**BINDING, field: value}), sealed)  # type: ignore[arg-type]


def test_the_binding_is_laid_out_as_the_protocol_says() -> None:
    parts = lp(b"dat-hub/envelope/v1", b"hub", b"org", b"key", b"hash")
    found = envelope_info(
        hub_id="hub", organisation_id="org", idempotency_key="key", public_part_hash=b"hash"
    )
    assert found == parts


def test_the_public_part_is_hashed_whatever_its_order() -> None:
    assert public_part_hash({"a": 1, "b": "é"}) == public_part_hash({"b": "é", "a": 1})
    assert public_part_hash({"a": 1}) != public_part_hash({"a": 2})
    # SHA-256 of {"a":1}, computed elsewhere: no spaces, keys in order.
    assert public_part_hash({"a": 1}).hex().startswith("015abd7f5cc57a2d")
    with pytest.raises(EncodingError):
        public_part_hash({"a": 1.5})


def test_an_entry_is_a_type_an_epoch_and_an_element_and_the_rest_is_zero() -> None:
    sealed = seal(PUBLIC, INFO, [ENTRY])
    plain = envelope._SUITE.decrypt(sealed, envelope.load_private_key(PRIVATE), INFO)
    assert plain == b"\x02\x00\x01" + bytes(range(32)) + bytes(35 * 15)


@pytest.mark.parametrize(
    "plain",
    [
        b"\x0c" + bytes(559),  # an unknown type
        b"\xff" + bytes(559),
        bytes(559) + b"\1",  # something behind the padding
        b"\0\0\1" + bytes(557),  # padding that is not zero
        bytes(35) + b"\1" + bytes(524),  # an entry after the padding began
        bytes(559),
        bytes(561),
        b"",
    ],
)
def test_another_form_than_seal_writes_does_not_open(plain: bytes) -> None:
    with pytest.raises(EnvelopeError):
        unseal(PRIVATE, INFO, sealed_plain(plain))


def test_too_many_entries_and_entries_that_do_not_fit_are_not_sealed() -> None:
    for entries in (
        [ENTRY] * (CAPACITY + 1),
        [Entry(TokenType.A, -1, ENTRY.element)],
        [Entry(TokenType.A, 0x10000, ENTRY.element)],
        [Entry(TokenType.A, 1, ENTRY.element[:31])],
    ):
        with pytest.raises(EnvelopeError):
            seal(PUBLIC, INFO, entries)


def test_wrong_keys_are_refused_with_the_same_words() -> None:
    sealed = seal(PUBLIC, INFO, [ENTRY])
    for private in (envelope.generate_key_pair()[0], b"short"):
        with pytest.raises(EnvelopeError, match="the envelope does not open"):
            unseal(private, INFO, sealed)
    for public in (b"short", bytes(32)):
        with pytest.raises(EnvelopeError):
            seal(public, INFO, [ENTRY])


def test_a_low_order_encapsulated_key_does_not_open() -> None:
    with pytest.raises(EnvelopeError):
        unseal(PRIVATE, INFO, bytes(32) + seal(PUBLIC, INFO, [ENTRY])[32:])


def test_a_pseudonym_does_not_show_when_printed() -> None:
    assert "element" not in repr(ENTRY)
