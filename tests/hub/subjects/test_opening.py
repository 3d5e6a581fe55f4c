"""An envelope opens for exactly one message, and says nothing when it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dat_client.identity.person import Person
from dat_client.identity.tokens import person_tokens
from hub.subjects.opening import (
    Pseudonyms,
    Quarantined,
    SealedElementsError,
    open_pseudonyms,
    read_tokens,
    unseal_elements,
    write_tokens,
)
from keys.protocol.encoding import unb64u
from keys.protocol.envelope import Entry
from keys.protocol.tokens import TokenType
from tests import builders

KEYS = builders.subject_keys()
ORGANISATION, KEY, REGISTRATION = UUID(int=1), UUID(int=2), UUID(int=3)
PART = {
    "contactDate": "2026-11-17",
    "kind": "contact",
    "reporter": str(UUID(int=9)),
    "tokenTypes": ["A", "F"],
}
ALL = frozenset(token_type.value for token_type in TokenType)


def sealed(entries: list[Entry], part: dict[str, Any] = PART) -> bytes:
    wire = builders.seal_for(
        KEYS, organisation_id=ORGANISATION, idempotency_key=KEY, public_part=part, entries=entries
    )
    return unb64u(wire["sealed"])


SEALED = sealed(builders.entries({"A": 1, "F": 1}))


def opened(data: bytes = SEALED, **other: Any) -> Pseudonyms | Quarantined:
    facts: dict[str, Any] = {
        "registration_id": REGISTRATION,
        "organisation_id": ORGANISATION,
        "idempotency_key": KEY,
        "public_part": PART,
        "kid": "kid-1",
        "allowed": ALL,
    }
    return open_pseudonyms(KEYS, sealed=data, **(facts | other))


def reason(result: Pseudonyms | Quarantined) -> str:
    assert isinstance(result, Quarantined)
    return result.reason


def test_what_was_sealed_opens_with_its_types_and_without_its_elements() -> None:
    result = opened()
    assert isinstance(result, Pseudonyms)
    assert [token.token_type for token in result.tokens] == ["A", "F"]
    assert builders.element(1, "A") not in result.sealed
    assert builders.element(1, "A").hex() not in repr(result)


def test_equal_persons_get_equal_indexes_and_types_and_epochs_keep_them_apart() -> None:
    one = opened()
    other = opened(registration_id=UUID(int=8))
    assert isinstance(one, Pseudonyms)
    assert isinstance(other, Pseudonyms)
    assert one.tokens == other.tokens
    later = opened(sealed(builders.entries({"A": 1, "F": 1}, epoch=2)))
    assert isinstance(later, Pseudonyms)
    assert not {token.index for token in one.tokens} & {token.index for token in later.tokens}


@given(
    organisation=st.sampled_from([ORGANISATION, UUID(int=11)]),
    key=st.sampled_from([KEY, UUID(int=12)]),
    field=st.sampled_from([None, *PART]),
)
@settings(max_examples=60, deadline=None)
def test_it_opens_only_for_the_same_organisation_key_and_public_part(
    organisation: UUID, key: UUID, field: str | None
) -> None:
    part = PART if field is None else {**PART, field: ["A", "B"] if field == "tokenTypes" else "other"}
    result = opened(organisation_id=organisation, idempotency_key=key, public_part=part)
    same = organisation == ORGANISATION and key == KEY and field is None
    assert isinstance(result, Pseudonyms) is same
    if not same:
        assert reason(result) == "does_not_open"


@given(st.integers(min_value=0, max_value=len(SEALED) * 8 - 1))
@settings(max_examples=60, deadline=None)
def test_a_changed_envelope_goes_to_quarantine(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    # X25519 ignores the top bit of a public key, but HPKE's key schedule does not.
    assert reason(opened(bytes(changed))) == "does_not_open"


def test_types_that_differ_from_those_named_go_to_quarantine() -> None:
    assert reason(opened(sealed(builders.entries({"A": 1, "bsn": 1})))) == "types_differ"
    assert reason(opened(sealed(builders.entries({"A": 1})))) == "types_differ"
    assert reason(opened(sealed([]))) == "types_differ"
    assert reason(opened(allowed=frozenset("A"))) == "types_differ"


@pytest.mark.parametrize(
    ("token_type", "most"),
    [(one, {"bsn": 1, "D": 1, "F": 1, "household": 1, "parent": 4}.get(one.value, 2)) for one in TokenType],
)
def test_an_envelope_holds_one_person(token_type: TokenType, most: int) -> None:
    part = {**PART, "tokenTypes": [token_type.value]}
    for size in (most, most + 1, 16):
        several = [entry for n in range(size) for entry in builders.entries({token_type.value: n})]
        result = opened(sealed(several, part), public_part=part)
        assert isinstance(result, Pseudonyms) if size <= most else reason(result) == "several_persons"


def test_a_person_with_a_double_name_fits_in_one_envelope() -> None:
    person = Person(
        surname="Jansen-de Vries",
        given_names="Anna",
        birth_date="1990-02-03",
        sex="V",
        bsn="123456782",
        postcode="1234AB",
        house_number="1",
    )
    made = [
        Entry(token.token_type, 1, builders.element(token.fields, token.token_type.value))
        for token in person_tokens(person)
    ]
    part = {**PART, "tokenTypes": sorted({entry.token_type.value for entry in made})}
    assert len(made) == 15
    assert isinstance(opened(sealed(made, part), public_part=part), Pseudonyms)


@pytest.mark.parametrize(
    "encoded", [bytes(32), b"\xff" * 32, bytes([1]) + bytes(31), builders.element(1, "A")[:31] + b"\x80"]
)
def test_an_element_that_is_none_goes_to_quarantine(encoded: bytes) -> None:
    entries = [Entry(TokenType.A, 1, builders.element(1, "A")), Entry(TokenType.F, 1, encoded)]
    assert reason(opened(sealed(entries))) == "element_invalid"


def test_an_epoch_without_a_pepper_goes_to_quarantine() -> None:
    assert reason(opened(sealed(builders.entries({"A": 1, "F": 1}, epoch=7)))) == "epoch_unknown"


def test_a_key_that_is_gone_and_an_envelope_of_another_size_go_to_quarantine() -> None:
    assert isinstance(opened(kid="gone"), Pseudonyms | Quarantined)
    assert reason(opened(SEALED[:-1])) == "does_not_open"


def test_stored_elements_open_for_rotation_and_only_in_their_own_row() -> None:
    result = opened()
    assert isinstance(result, Pseudonyms)
    facts: dict[str, Any] = {"epoch": result.epoch, "sealed": result.sealed, "key": result.data_key.secret}
    assert unseal_elements(KEYS, REGISTRATION, **facts) == builders.entries({"A": 1, "F": 1})
    others = replace(KEYS, row_keys={1: bytes(32)})
    for keys, id_, changed in (
        (KEYS, UUID(int=4), {}),
        (KEYS, REGISTRATION, {"epoch": 2}),
        (KEYS, REGISTRATION, {"key": bytes(32)}),
        (others, REGISTRATION, {}),
    ):
        with pytest.raises(SealedElementsError):
            unseal_elements(keys, id_, **(facts | changed))


def test_tokens_are_read_as_written() -> None:
    result = opened()
    assert isinstance(result, Pseudonyms)
    written = write_tokens(result.tokens)
    assert len(written) == 19 * 2
    assert read_tokens(written) == frozenset(result.tokens)
