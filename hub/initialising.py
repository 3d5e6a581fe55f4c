"""Make a new hub: its keys, outside the database, and its database."""

from __future__ import annotations

from typing import Any

from nacl.signing import SigningKey

from hub.audit.keys import create_ledger_key, ledger_signer
from hub.consent.versions import load_first
from hub.context import open_database
from hub.custody import client_jwk, create_client_key, create_naming_key
from hub.logins.provider import create_login_key, login_jwk
from hub.migrating import migrate
from hub.partners.authentication import create_token_key
from hub.settings import HubSettings
from hub.subjects.keys import create_subject_keys, envelope_public_keys
from keys.protocol.encoding import b64u
from service.database import Database
from service.errors import UnsafeSettingsError
from service.keystore import FileKeyStore
from service.work import OPERATOR


def initialise(settings: HubSettings) -> None:
    """Make every key the hub needs and an empty database.

    With data keys at a holder, nothing is written in the log yet: that holder cannot have admitted this hub's
    key, which is made here. `load_first_policy` follows once it has.

    Raises:
        UnsafeSettingsError: This hub was made already.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = FileKeyStore(settings.keys)
    if keys.names("receipt"):
        raise UnsafeSettingsError(f"{settings.keys} holds a hub's keys already; run: dat-hub public-part")
    keys.create("receipt", bytes(SigningKey.generate()))
    create_ledger_key(keys)
    create_token_key(keys)
    create_client_key(keys)
    create_naming_key(keys)
    create_login_key(keys)
    create_subject_keys(keys)
    database = open_database(settings)
    migrate(database)
    if not settings.data_keys_url:
        load_first_policy(database)
    database.close()


def load_first_policy(database: Database) -> None:
    """Store the packaged policy set as the first version, unless there is one."""
    with database.work(OPERATOR) as work:
        load_first(work)


def public_part(settings: HubSettings) -> dict[str, Any]:
    """Return what the manifest says of this hub: public keys only."""
    keys = FileKeyStore(settings.keys)
    return {
        "hubId": settings.hub_id,
        "receiptKey": b64u(bytes(SigningKey(keys.read("receipt")).verify_key)),
        "ledger": ledger_signer(keys, settings.hub_id).verifier.to_text(),
        "envelopeKeys": envelope_public_keys(keys),
        "dataKeyClient": client_jwk(keys),
        "loginKey": login_jwk(keys),
    }
