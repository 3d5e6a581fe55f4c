"""Where this hub's data keys are kept: at a key holder, or, for a trial, on this machine."""

from __future__ import annotations

import os
from functools import partial

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import OKPKey

from hub.settings import HubSettings
from keys.protocol.encoding import unb64u
from service.datakeys.custody import Custody
from service.datakeys.local import LocalCustody
from service.datakeys.pool import DataKeyPool
from service.datakeys.remote import TIMEOUT, HolderCustody
from service.errors import UnsafeSettingsError
from service.keystore import FileKeyStore, KeyStore
from service.logging import log
from service.oauth.jose import public_members
from service.trusting import trusted_by

CLIENT_KEY = "data-keys-client"
NAMING_KEY = "naming"


def create_client_key(keys: KeyStore) -> None:
    """Draw the request key with which the hub calls the holder of its data keys."""
    keys.create(CLIENT_KEY, os.urandom(32))


def create_naming_key(keys: KeyStore) -> None:
    """Draw the key under which actors are named beside the log: a stolen database names nobody."""
    keys.create(NAMING_KEY, os.urandom(32))


def client_jwk(keys: KeyStore) -> dict[str, str]:
    """Return what the holder's administrator admits of that key: the public part."""
    return public_members(_load_key(keys).as_dict(private=False))


def open_data_keys(settings: HubSettings) -> DataKeyPool:
    """Open the pool of this process; it asks for nothing yet.

    Raises:
        UnsafeSettingsError: A key holder is named, and its receipt key or our own request key is not there.
    """
    return DataKeyPool(_open_custody(settings), naming_key=_find_naming_key(FileKeyStore(settings.keys)))


def open_counts(settings: HubSettings) -> HolderCustody | None:
    """Return the key holder that tells how much was evaluated; None where no holder keeps the data keys."""
    custody = _open_custody(settings) if settings.data_keys_url else None
    return custody if isinstance(custody, HolderCustody) else None


def describe_data_keys(settings: HubSettings) -> dict[str, str]:
    """Say, to whoever asks for the hub's state, whether data keys lie beside the data."""
    return {} if settings.data_keys_url else {"dataKeys": "not separated"}


def warn_when_not_separated(settings: HubSettings) -> None:
    """Say loudly, in the log, that data keys lie beside the data: for a trial only."""
    if not settings.data_keys_url:
        log.warning("data_keys_not_separated", path=str(settings.local_data_keys))


def _open_custody(settings: HubSettings) -> Custody:
    if not settings.data_keys_url:
        return LocalCustody.in_directory(settings.local_data_keys)
    if not settings.data_keys_public:
        raise UnsafeSettingsError("DAT_HUB_DATA_KEYS_PUBLIC is missing: receiptKey of dat-keys public-part")
    try:
        key = _load_key(FileKeyStore(settings.keys))
    except KeyError:
        raise UnsafeSettingsError("the key data-keys-client is missing; run: dat-hub init") from None
    verify = trusted_by(settings.data_keys_ca_file, setting="DAT_HUB_DATA_KEYS_CA_FILE")
    return HolderCustody(
        partial(httpx2.Client, verify=verify, timeout=TIMEOUT, trust_env=False),
        url=settings.data_keys_url,
        client_id=settings.data_keys_client_id,
        key=key,
        receipt_public=unb64u(settings.data_keys_public),
    )


def _find_naming_key(keys: KeyStore) -> bytes:
    try:
        return keys.read(NAMING_KEY)
    except KeyError:
        return b""


def _load_key(keys: KeyStore) -> OKPKey:
    private = Ed25519PrivateKey.from_private_bytes(keys.read(CLIENT_KEY))
    return OKPKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
