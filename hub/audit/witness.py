"""Whoever keeps the size of our log in another house, as the hub sees it.

Source: C2SP tlog-witness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import httpx2

from ledger.cosignature import ED25519, WitnessKey, parse_witness_key
from ledger.errors import NoteError
from ledger.note import MAX_NOTE_BYTES
from service.errors import UnsafeSettingsError
from service.trusting import trusted_by

TIMEOUT = 2.0  # seconds: longer, and who waits for a disclosure is told to come back


class WitnessAwayError(Exception):
    """The witness does not answer, or not as one."""


class Witness(Protocol):
    """Somebody who cosigns heads."""

    def add_checkpoint(self, body: str) -> tuple[int, str]:
        """Submit a head; returns status and text. Raises WitnessAwayError."""
        ...

    def find_checkpoint(self, origin: str) -> str | None:
        """Return the last note that it cosigned of a tree, or None. Raises WitnessAwayError."""
        ...


@dataclass(frozen=True, slots=True)
class Watch:
    """The witness that cosigns every head, and the keys of all witnesses whose lines count.

    Attributes:
        name: the one without whose cosignature nothing is disclosed.
        keys: its keys, and those of others, such as the privacy officer's own.
    """

    witness: Witness
    name: str
    keys: Sequence[WitnessKey]


class HttpWitness:
    """A witness behind its submission prefix, over one connection that is kept."""

    def __init__(self, prefix: str, *, ca_file: str | None = None) -> None:
        self._prefix = prefix.rstrip("/")
        verify = trusted_by(ca_file, setting="DAT_HUB_DATA_KEYS_CA_FILE")
        self._http = httpx2.Client(verify=verify, timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def add_checkpoint(self, body: str) -> tuple[int, str]:
        """Submit a head."""
        return self._ask("POST", f"{self._prefix}/add-checkpoint", content=body.encode())

    def find_checkpoint(self, origin: str) -> str | None:
        """Ask for the last head it cosigned."""
        place = f"{self._prefix}/{sha256(origin.encode()).hexdigest()}/checkpoint"
        status, text = self._ask("GET", place)
        if status not in {200, 404}:
            raise WitnessAwayError
        return text if status == 200 else None

    def _ask(self, method: str, url: str, content: bytes | None = None) -> tuple[int, str]:
        try:
            answer = self._http.request(method, url, content=content)
            if len(answer.content) > MAX_NOTE_BYTES:
                raise WitnessAwayError
            return answer.status_code, answer.content.decode()
        except (httpx2.HTTPError, UnicodeDecodeError):
            raise WitnessAwayError from None


def watch_of(url: str, keys_file: Path | None, *, ca_file: str | None = None) -> Watch | None:
    """Return the witness at this submission prefix, or None where there is none.

    Raises:
        UnsafeSettingsError: An address without keys: whoever answers there would be believed.
    """
    if not url:
        return None
    keys = read_keys(keys_file)
    if not keys or keys[0].kind != ED25519:
        raise UnsafeSettingsError(
            "DAT_HUB_WITNESS_KEYS must name a file with the witness's keys; run there: dat-keys witness keys"
        )
    return Watch(HttpWitness(url, ca_file=ca_file), keys[0].name, keys)


def read_keys(path: Path | None) -> list[WitnessKey]:
    """Read the keys of all witnesses, a vkey a line; the first is of the one that cosigns every head."""
    if path is None:
        return []
    try:
        lines = path.read_text("utf-8").split("\n")
        return [parse_witness_key(line.strip()) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, NoteError):
        raise UnsafeSettingsError(f"{path}: not a file of witness keys") from None
