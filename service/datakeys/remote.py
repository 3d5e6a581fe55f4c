"""Data keys at a key holder, another organisation: over HTTPS, by a request key, as partners call it."""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import httpx2
from joserfc.jwk import OKPKey

from keys.protocol.data_keys import BATCH_ID_BYTES, SECRET_BYTES
from keys.protocol.destruction import DestructionReceipt, require_destroyed
from keys.protocol.encoding import unb64u
from keys.protocol.errors import EncodingError
from service import clock
from service.datakeys.custody import MOST_AT_ONCE, Batch, Purpose
from service.errors import UnavailableError
from service.oauth.client import dpop_proof, token_form

T = TypeVar("T")

TIMEOUT = httpx2.Timeout(5.0, connect=2.0)  # seconds: the first post of a process may wait for it
MARGIN = timedelta(seconds=30)


class CustodianAwayError(UnavailableError):
    """The holder of the data keys does not answer, or refuses."""

    code = "data_key_holder_away"
    title = "The key holder that keeps the data keys does not answer, or refuses."


class HolderCustody:
    """The hub's data keys at a key holder.

    Args:
        open_http: opens a client; called anew in a process that was forked.
        url: scheme and host of the holder.
        receipt_public: 32 bytes, pinned: what the holder says of itself proves nothing.
    """

    separated = True

    def __init__(
        self,
        open_http: Callable[[], httpx2.Client],
        *,
        url: str,
        client_id: str,
        key: OKPKey,
        receipt_public: bytes,
    ) -> None:
        self._open_http, self._base = open_http, url.rstrip("/") + "/v1"
        self._client_id, self._key, self._receipt_public = client_id, key, receipt_public
        self._reset()
        _CUSTODIES.add(self)

    def issue(self) -> Batch:
        """Give a fresh batch."""
        answer = self._post("/data-key-batches", {})
        batch = _read(lambda: Batch(bytes.fromhex(answer["batchId"]), unb64u(answer["root"])))
        if (len(batch.id), len(batch.root)) != (BATCH_ID_BYTES, SECRET_BYTES):
            raise CustodianAwayError
        return batch

    def release(self, ids: Collection[bytes], purpose: Purpose) -> Mapping[bytes, bytes]:
        """Give back the secrets of those keys that still are."""
        if not ids:
            return {}
        body = {"purpose": purpose.value, "keyIds": sorted(id_.hex() for id_ in ids)}
        answer = self._post("/data-key-releases", body)
        return _read(lambda: {bytes.fromhex(one["keyId"]): unb64u(one["secret"]) for one in answer["keys"]})

    def destroy(self, ids: Collection[bytes]) -> list[DestructionReceipt]:
        """Destroy keys for good."""
        wanted, receipts = list(ids), list[DestructionReceipt]()
        for start in range(0, len(wanted), MOST_AT_ONCE):
            some = [id_.hex() for id_ in wanted[start : start + MOST_AT_ONCE]]
            receipts += self._destroy(some)
        return receipts

    def list_destroyed(self, since: datetime) -> Iterator[DestructionReceipt]:
        """Repeat the receipts of what was destroyed from this second on."""
        place = {"since": clock.wire_time(since)}
        while True:
            answer = self._ask("GET", "/data-key-destructions", params=place)
            page = _read(partial(_receipts, answer))
            yield from page
            if len(page) < MOST_AT_ONCE:
                return
            place = {"since": page[-1].destroyed_at, "after": page[-1].key_id.hex()}

    def count_evaluations(self, hour: datetime) -> Mapping[UUID, int]:
        """Return how many elements the holder's ledger says each organisation had evaluated in an hour."""
        answer = self._post("/evaluation-counts", {"hour": hour.astimezone(UTC).strftime("%Y-%m-%dT%H")})
        return _read(lambda: {UUID(one["organisationId"]): int(one["elements"]) for one in answer["counts"]})

    def require_receipt(self, receipt: DestructionReceipt, *, key_id: bytes) -> None:
        """Check a receipt against the pinned public key."""
        require_destroyed(receipt, self._receipt_public, key_id=key_id)

    def _reset(self) -> None:
        self._http, self._lock = self._open_http(), Lock()
        self._token, self._until = "", datetime.min.replace(tzinfo=UTC)

    def _destroy(self, ids: Collection[str]) -> list[DestructionReceipt]:
        answer = self._post("/data-key-destructions", {"keyIds": list(ids)})
        return _read(partial(_receipts, answer))

    def _post(self, path: str, body: object) -> Any:
        return self._ask("POST", path, content=json.dumps(body).encode())

    def _ask(self, method: str, path: str, *, content: bytes = b"", **rest: Any) -> Any:
        url = self._base + path
        for _ in range(2):
            token = self._get_token()
            proof = dpop_proof(self._key, method=method, url=url, token=token, body=content)
            headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "Content-Type": "application/json"}
            response = self._send(method, url, headers, content=content or None, **rest)
            if response.status_code != 401:
                break
            self._token = ""
        return _answer(response)

    def _get_token(self) -> str:
        with self._lock:
            if not self._token or clock.now() >= self._until:
                url = f"{self._base}/token"
                form = token_form(self._key, client_id=self._client_id, token_url=url)
                proof = dpop_proof(self._key, method="POST", url=url)
                answer = _answer(self._send("POST", url, {"DPoP": proof}, data=form))
                self._token = _read(lambda: str(answer["access_token"]))
                life = _read(lambda: timedelta(seconds=int(answer["expires_in"])))
                self._until = clock.now() + life - MARGIN
            return self._token

    def _send(self, method: str, url: str, headers: Mapping[str, str], **rest: Any) -> httpx2.Response:
        try:
            return self._http.request(method, url, headers=dict(headers), **rest)
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise CustodianAwayError from None


def _receipts(answer: Any) -> list[DestructionReceipt]:
    return [_receipt(one) for one in answer["receipts"]]


def _receipt(one: Mapping[str, str]) -> DestructionReceipt:
    return DestructionReceipt(
        holder=one["holder"],
        key_id=bytes.fromhex(one["keyId"]),
        destroyed_at=one["destroyedAt"],
        leaf_hash=bytes.fromhex(one["leafHash"]),
        signature=unb64u(one["signature"]),
    )


def _answer(response: httpx2.Response) -> Any:
    if not response.is_success:
        raise CustodianAwayError
    return _read(response.json)


def _read(reading: Callable[[], T]) -> T:
    # What is wrong with an answer is never repeated: it may hold keys.
    try:
        return reading()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, EncodingError):
        raise CustodianAwayError from None


_CUSTODIES: weakref.WeakSet[HolderCustody] = weakref.WeakSet()


def _leave_connections_to_parent() -> None:
    # On a connection that parent and child both use, each would read the other's answers, which hold keys.
    for custody in list(_CUSTODIES):
        custody._reset()


os.register_at_fork(after_in_child=_leave_connections_to_parent)
