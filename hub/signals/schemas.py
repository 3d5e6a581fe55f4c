"""Signals on the wire: a closed shape; every string is an enumeration, a date, an id or a token."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictInt

from hub.audit.proving import Closing
from hub.subjects.schemas import Envelope, TokenTypes
from service.http import WireModel

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
MAX_BATCH = 1_000


def _require_date(text: str) -> str:
    """Refuse a date that the calendar does not have; the text is kept, for it is what was signed over."""
    date.fromisoformat(text)
    return text


Id = Annotated[str, Field(pattern=UUID_PATTERN, json_schema_extra={"format": "uuid"})]
DateText = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}),
    AfterValidator(_require_date),
]
Quarter = Annotated[str, Field(pattern=r"^20[0-9]{2}-Q[1-4]$")]
Residence = Annotated[str, Field(pattern=r"^[0-9]{4}([0-9]{2})?$")]
Told = Annotated[
    list[Literal["subject", "representative"]],
    Field(min_length=1, max_length=2, json_schema_extra={"uniqueItems": True}),
]
Code = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Z][A-Z0-9_]*$")]


class SignalIn(WireModel):
    """One signal to post: that there was contact, and never what about, why, or how urgent.

    Nothing asks for a request for help, and there is no member in which an absence or arrears would fit.
    Source: SIG-03, SIG-04, SIG-12, SIG-14, SIG-17; Jeugdwet 7.1.4.3(1).
    """

    contact_date: DateText
    kind: Literal["contact", "concern"]
    legal_basis: Code
    attestation: Literal["weighed"]
    reporter: Id
    submitted_by: Annotated[
        Id | None, Field(description="Who brings it, where that is not the reporter who weighed it.")
    ] = None
    on_behalf_of: Annotated[
        Id | None,
        Field(description="The organisation of that reporter, where it is another."),
    ] = None
    bracket: Literal["0-11", "12-15", "16-17", "18-22", "23+"]
    bracket_ends: Quarter | None
    subject_notice: Literal["given", "exception", "pending"]
    notice_date: DateText | None = None
    notice_to: Told | None = None
    authority_holders: Annotated[StrictInt, Field(ge=1, le=8)] | None = None
    decision_reference: Id | None = None
    residence: Residence | None = None
    residence_from: Literal["established", "address", "assumed"] | None = None
    valid_months: Annotated[StrictInt, Field(ge=1, le=24)] = 12
    token_types: TokenTypes
    envelope: Envelope

    def as_sent(self) -> dict[str, Any]:
        """Return the message as it was sent, without the idempotency key of a batch."""
        return self.model_dump(by_alias=True, exclude_unset=True, exclude={"idempotency_key"})


class BatchItem(SignalIn):
    """One signal of a batch, with its own idempotency key and its own attestation."""

    idempotency_key: Id


class BatchIn(WireModel):
    """At most 1,000 signals."""

    signals: Annotated[list[BatchItem], Field(min_length=1, max_length=MAX_BATCH)]


class ReceiptOut(WireModel):
    """A signed receipt; always of the same length."""

    signal_id: str
    body_hash: str
    leaf_hash: str
    received_at: str
    signature: str


class AcceptedOut(WireModel):
    """A signal of a batch that was taken."""

    status: Literal["accepted"] = "accepted"
    receipt: ReceiptOut


class RefusedOut(WireModel):
    """A signal of a batch that was refused, and why."""

    status: Literal["refused"] = "refused"
    code: str
    title: str
    places: list[str]


class BatchOut(WireModel):
    """What became of each signal, in the order of the request."""

    results: list[AcceptedOut | RefusedOut]


class SignalOut(WireModel):
    """One of the caller's own signals."""

    signal_id: str
    contact_date: date
    kind: str
    legal_basis: str
    reporter: str
    submitted_by: str | None
    on_behalf_of: str | None
    state: Literal["active", "withdrawn", "expired"]
    valid_until_date: date
    subject_notice: Literal["given", "exception", "pending", "overdue"]
    notice_due_date: date


class SignalsOut(WireModel):
    """A page of the caller's own signals, newest first."""

    signals: list[SignalOut]
    next_cursor: str | None


class WithdrawalIn(WireModel):
    """Why a signal is withdrawn."""

    reason: Literal["unjustified", "reason_gone"]


class ClosingOut(WireModel):
    """That a later tree names the head of the tree before it, which no witness cosigned."""

    leaf: Annotated[str, Field(description="The first leaf of the later tree, as hashed.")]
    proof: Annotated[str, Field(description="A C2SP tlog-proof of that leaf.")]

    @classmethod
    def of(cls, closing: Closing) -> ClosingOut:
        """Write a closing."""
        return cls(leaf=closing.leaf.decode(), proof=closing.proof.to_text())


class ProofOut(WireModel):
    """That a leaf stands in the log, for software that knows nothing of this hub."""

    leaf_hash: Annotated[str, Field(description="As in the receipt: SHA-256, hexadecimal.")]
    proof: Annotated[str, Field(description="A C2SP tlog-proof: index, hashes, and the signed head.")]
    closings: Annotated[
        list[ClosingOut],
        Field(description="Where no witness cosigned that head: the trees after it that name it, in order."),
    ]


class GapOut(WireModel):
    """What a restore took, as the log itself says it."""

    leaf: Annotated[str, Field(description="The first leaf of the tree that was begun after it, as hashed.")]
    proof: Annotated[str, Field(description="A C2SP tlog-proof of that leaf.")]
    closings: Annotated[list[ClosingOut], Field(description="As with a proof.")]
    before: Annotated[str | None, Field(description="The cosigned head of what was kept of the tree before.")]


class GapsOut(WireModel):
    """All that restores took."""

    gaps: list[GapOut]
