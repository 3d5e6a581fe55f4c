"""The key that signs the hub's log; it lies outside the database and is not enough to rewrite it unseen."""

from __future__ import annotations

import os

from ledger.note import Signer
from service.keystore import KeyStore

NAME = "ledger"


def create_ledger_key(keys: KeyStore) -> None:
    """Make the log's signing key, once."""
    keys.create(NAME, os.urandom(32))


def ledger_signer(keys: KeyStore, hub_id: str) -> Signer:
    """Return the signer of this hub's checkpoints, named `<hub_id>/audit`."""
    return Signer.from_seed(f"{hub_id}/audit", keys.read(NAME))
