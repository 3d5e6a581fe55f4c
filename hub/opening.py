"""Open a hub: store and keys, or refuse to start."""

from __future__ import annotations

from nacl.signing import SigningKey

from hub.audit.inline import sequence_inline
from hub.audit.keys import ledger_signer
from hub.audit.witness import watch_of
from hub.context import Hub, open_cover, open_database
from hub.custody import NAMING_KEY
from hub.settings import HubSettings
from hub.signals.committer import GroupCommitter
from hub.subjects.keys import Keyring
from service.errors import UnsafeSettingsError
from service.keystore import FileKeyStore
from service.logging import log


def open_hub(settings: HubSettings) -> Hub:
    """Open store and keys; refuse to start on anything unsafe.

    Raises:
        UnsafeSettingsError: names what is unsafe and the command that mends it.
    """
    database = open_database(settings)
    database.require_safe()
    keys = FileKeyStore(settings.keys)
    try:
        keyring = Keyring(keys, settings.hub_id, database.data_keys)
        receipt_signer = SigningKey(keys.read("receipt"))
        keys.read(NAMING_KEY)
    except KeyError as missing:
        raise UnsafeSettingsError(f"key {missing} is missing in {settings.keys}; run: dat-hub init") from None
    committer = GroupCommitter(database, receipt_signer=receipt_signer)
    watch = watch_of(settings.witness_url, settings.witness_keys, ca_file=settings.data_keys_ca_file)
    sequence_inline(database, ledger_signer(keys, settings.hub_id), watch)
    if watch is None:
        log.warning("not_witnessed")
    return Hub(settings, database, keys, keyring, receipt_signer, committer, open_cover(settings))
