"""Keep the signed manifest beside the configuration; believe nothing that the pinned root did not sign."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from dat_client.configuration import Configuration
from dat_client.errors import (
    AnswerError,
    ClientError,
    ConfigurationError,
    ManifestRefusedError,
    UnavailableError,
)
from dat_client.files import read_private, write_private
from dat_client.identity.nl1 import NORMALISATION
from dat_client.transport import Service
from keys.protocol.encoding import unb64u
from keys.protocol.errors import ManifestError
from keys.protocol.manifest import Manifest, load_manifest

FILE_NAME = "manifest.jws"


def verify_manifest(token: str, configuration: Configuration, *, now: datetime) -> Manifest:
    """Read a manifest for this hub, this normalisation and this moment, signed by the pinned root.

    Raises:
        ManifestRefusedError: Whatever the reason.
    """
    try:
        manifest = load_manifest(token, pinned_root=unb64u(configuration.root_public), now=now)
    except ManifestError:
        raise ManifestRefusedError from None
    if manifest.hub_id != configuration.hub_id:
        raise ManifestRefusedError("the manifest is signed by the pinned root, but is of another hub")
    if manifest.normalisation != NORMALISATION:
        raise ManifestRefusedError("the manifest asks for another normalisation: install a newer client")
    return manifest


def find_stored_manifest(home: Path, configuration: Configuration, *, now: datetime) -> Manifest | None:
    """Give the stored manifest while it is valid."""
    with suppress(ConfigurationError, ManifestRefusedError, ValueError):
        return verify_manifest(read_private(home / FILE_NAME).decode("ascii"), configuration, now=now)
    return None


def refresh_manifest(
    home: Path, configuration: Configuration, holders: Sequence[Service], *, now: datetime
) -> Manifest:
    """Fetch the manifest from the first holder that gives a good one, and store it.

    An older one than the stored is refused: a replayed manifest would bring back a retired key.

    Raises:
        ManifestRefusedError: What was given is not what the root signed.
        UnavailableError: No holder gave any.
    """
    failure: ClientError = UnavailableError()
    for holder in holders:
        try:
            token = _fetch(holder)
            manifest = verify_manifest(token, configuration, now=now)
            _require_newer(manifest, find_stored_manifest(home, configuration, now=now))
        except ClientError as error:
            failure = error
            continue
        write_private(home / FILE_NAME, token.encode("ascii"))
        return manifest
    raise failure


def _fetch(holder: Service) -> str:
    answer = holder.get_public("/manifest")
    token = answer.get("manifest") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii():
        raise AnswerError
    return token


def _require_newer(manifest: Manifest, stored: Manifest | None) -> None:
    if stored is not None and manifest.valid_from < stored.valid_from:
        raise ManifestRefusedError("the manifest is older than the one that is stored")
