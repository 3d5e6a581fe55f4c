"""What a running hub holds in its hands: settings, store, keys; opened once per process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request
from nacl.signing import SigningKey

from hub.audit.service import record_refusal
from hub.settings import HubSettings
from hub.signals.committer import GroupCommitter
from hub.subjects.keys import SubjectKeys, load_subject_keys
from service.database import Database
from service.errors import UnsafeSettingsError
from service.keystore import FileKeyStore, KeyStore


@dataclass(frozen=True, slots=True)
class Hub:
    """One hub, opened."""

    settings: HubSettings
    database: Database
    keys: KeyStore
    subject_keys: SubjectKeys
    receipt_signer: SigningKey
    committer: GroupCommitter


def open_database(settings: HubSettings) -> Database:
    """Open the hub's store, with every refusal recorded in the audit log."""
    return Database(settings.database, record_refusal=record_refusal)


def open_hub(settings: HubSettings) -> Hub:
    """Open store and keys; refuse to start on anything unsafe.

    Raises:
        UnsafeSettingsError: names what is unsafe and the command that mends it.
    """
    database = open_database(settings)
    database.require_safe()
    keys = FileKeyStore(settings.keys)
    try:
        subject_keys = load_subject_keys(keys, settings.hub_id)
        receipt_signer = SigningKey(keys.read("receipt"))
    except KeyError as missing:
        raise UnsafeSettingsError(f"key {missing} is missing in {settings.keys}; run: dat-hub init") from None
    committer = GroupCommitter(database, receipt_signer=receipt_signer)
    return Hub(settings, database, keys, subject_keys, receipt_signer, committer)


def hub_of(request: Request) -> Hub:
    """Return the hub that answers this request."""
    return cast(Hub, request.app.state.hub)
