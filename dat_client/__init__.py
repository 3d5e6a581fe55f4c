"""What a partner installs: turn people into pseudonyms that only meet, and post that contact took place."""

from __future__ import annotations

from dat_client.answers import (
    AcceptedIntake,
    CaseStatus,
    Handle,
    IntakeItem,
    Notice,
    PossibleMatch,
    SignalStatus,
)
from dat_client.client import Client
from dat_client.configuration import Configuration
from dat_client.errors import (
    AnswerError,
    ClientError,
    ConfigurationError,
    HolderProofError,
    IdentifyingReferenceError,
    ManifestRefusedError,
    ProblemError,
    ReceiptRefusedError,
    StoreError,
    UnavailableError,
    UnknownReferenceError,
    UntrustedServiceError,
)
from dat_client.facts import NewSignal
from dat_client.identity.person import Person, RefusalReason, RefusedPersonError
from dat_client.posting import Posted
from dat_client.receipts import Receipt

__all__ = [
    "AcceptedIntake",
    "AnswerError",
    "CaseStatus",
    "Client",
    "ClientError",
    "Configuration",
    "ConfigurationError",
    "Handle",
    "HolderProofError",
    "IdentifyingReferenceError",
    "IntakeItem",
    "ManifestRefusedError",
    "NewSignal",
    "Notice",
    "Person",
    "PossibleMatch",
    "Posted",
    "ProblemError",
    "Receipt",
    "ReceiptRefusedError",
    "RefusalReason",
    "RefusedPersonError",
    "SignalStatus",
    "StoreError",
    "UnavailableError",
    "UnknownReferenceError",
    "UntrustedServiceError",
]
