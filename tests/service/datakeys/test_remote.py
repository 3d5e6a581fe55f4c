"""The connection to the holder of data keys belongs to one process."""

from __future__ import annotations

import os

import httpx2
from joserfc.jwk import OKPKey

from service.datakeys.remote import HolderCustody


def test_a_forked_process_opens_a_connection_and_asks_a_token_of_its_own() -> None:
    """On its parent's it would read answers that were meant for the parent, and hold keys."""
    custody = HolderCustody(
        httpx2.Client,
        url="https://holder.example",
        client_id="hub",
        key=OKPKey.generate_key("Ed25519"),
        receipt_public=bytes(32),
    )
    custody._token, parents = "of the parent", custody._http
    custody._lock.acquire()
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        own = custody._http is not parents and not custody._token and not custody._lock.locked()
        os.write(write, b"own" if own else b"shared")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 16) == b"own"
