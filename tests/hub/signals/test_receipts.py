"""A receipt is proof, and always of one size."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from hub.signals.receipts import sign_receipt, write_receipt
from keys.protocol.encoding import canonical_json, unb64u

SIGNER = SigningKey(bytes(32))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.uuids(), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), moments)
def test_every_receipt_verifies_and_has_the_same_length(
    signal_id: UUID, body_hash: bytes, leaf_hash: bytes, received_at: datetime
) -> None:
    receipt = sign_receipt(
        SIGNER, signal_id=signal_id, body_hash=body_hash, leaf_hash=leaf_hash, received_at=received_at
    )
    wire = write_receipt(receipt)
    assert len(canonical_json(wire)) == 344
    signature = unb64u(wire.pop("signature"))
    SIGNER.verify_key.verify(b"dat-hub/receipt/v1" + canonical_json(wire), signature)
