"""Signals as other rooms see them: values, never rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from hub.subjects.service import Pseudonyms, Quarantined
from service.work import Caller


class SignalState(StrEnum):
    """Where a signal is in its life."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class WithdrawalReason(StrEnum):
    """Why a signal is withdrawn; an unjustified one is erased at once. Source: SIG-08; Jeugdwet 7.1.4.5."""

    UNJUSTIFIED = "unjustified"
    REASON_GONE = "reason_gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The public part of a signal: all that its poster says openly.

    Attributes:
        bracket_ends: the quarter, as `2028-Q3`; None only for 23 and older.
        notice_on: on which day the person was told; None while nobody was.
        notice_to: in which roles they were told: `subject`, `representative`, or both.
        authority_holders: how many hold authority over the person, each of whom was told; 0 where nobody was.
        reporter_id: who weighed it, told the person, and is called about it.
        submitted_by: the colleague who brings it, where that is somebody else. Source: SIG-12.
        on_behalf_of: the organisation of the reporter, where it is another than the one that posts.
        has_decision_reference: whether there was one; which it was is in the hash of the body only.
        kid_known: whether the envelope names a key that this hub has.
        residence: the municipality (CBS, four digits) or district (six) where the person lives, as the
            poster's client derived it; the hub never sees an address. Source: MAT-07, MAT-08.
        residence_from: how much the poster knows of that: `established` whether the person stays in care,
            an `address` only, or `assumed` from less. Never which of these: that would be substance.
    """

    contact_on: date
    kind: str
    legal_basis: str
    attestation: str
    reporter_id: UUID
    bracket: str
    bracket_ends: str | None
    subject_notice: str
    notice_on: date | None
    notice_to: frozenset[str]
    authority_holders: int
    has_decision_reference: bool
    valid_months: int
    token_types: tuple[str, ...]
    kid_known: bool
    residence: str | None = None
    residence_from: str | None = None
    submitted_by: UUID | None = None
    on_behalf_of: UUID | None = None


def told_in_roles(roles: Collection[str]) -> str | None:
    """Write in which roles somebody was told, as a signal keeps it; None where nobody was."""
    return " ".join(sorted(roles)) or None


@dataclass(frozen=True, slots=True)
class Post:
    """One signal to take, everything computed that needs no database.

    Attributes:
        signal_id: random, and the id of its registration.
        key: 16 bytes of organisation and idempotency key, hashed together.
        body_hash: SHA-256 of the canonical JSON of the message with its envelope.
    """

    caller: Caller
    signal_id: UUID
    key: bytes
    body_hash: bytes
    message: Message
    pseudonyms: Pseudonyms | Quarantined

    @property
    def organisation_id(self) -> UUID:
        """Return the organisation that posts, as authenticated."""
        if self.caller.organisation_id is None:
            raise ValueError("a post has an organisation")
        return self.caller.organisation_id

    @property
    def owner_id(self) -> UUID:
        """Return the organisation that had the contact: whose signal it becomes. Source: SIG-12."""
        return self.message.on_behalf_of or self.organisation_id

    @property
    def submitter(self) -> tuple[UUID, UUID] | None:
        """Return who brings it, as organisation and member of staff; None where the reporter does."""
        submitted_by = self.message.submitted_by
        return (self.organisation_id, submitted_by) if submitted_by else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a partner can prove its post with; every field has a fixed length."""

    signal_id: UUID
    body_hash: bytes
    leaf_hash: bytes
    received_at: datetime
    signature: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """That a signal was brought by somebody else than who weighed it: of which organisation, and by whom."""

    signal_id: UUID
    organisation_id: UUID
    staff_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A signal as the hub keeps it.

    Attributes:
        active_until: the moment from which it no longer counts.
        subject_notice: what is known today of the notice to the person, not what was posted.
        exception_until_on: the last day of an approved exception to that notice.
        notice_given_on: on which day the person was told, as was attested; None while nobody was.
        notice_given_to: in which roles, sorted: `representative`, `subject`, or both with a space between.
        restricted: AVG 18; not set by anybody yet.
    """

    id: UUID
    organisation_id: UUID
    reporter_id: UUID
    contact_on: date
    kind: str
    legal_basis: str
    bracket: str
    bracket_ends: str | None
    subject_notice: str
    has_decision_reference: bool
    received_at: datetime
    active_until: datetime
    state: SignalState
    reason: WithdrawalReason | None
    exception_code: str | None = None
    exception_until_on: date | None = None
    reminded_at: datetime | None = None
    residence: str | None = None
    residence_from: str | None = None
    notice_given_on: date | None = None
    notice_given_to: str | None = None
    authority_holders: int | None = None
    archived_until_on: date | None = None
    restricted: bool = False
