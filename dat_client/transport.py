"""Call a service: token, proof, retries, and problems as errors. No body or header ever reaches an error."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any

import httpx2

from dat_client import clock
from dat_client.errors import (
    AnswerError,
    ConfigurationError,
    ProblemError,
    UnavailableError,
    UntrustedServiceError,
)
from dat_client.oauth import dpop_proof, token_form
from dat_client.request_key import RequestKey
from dat_client.retrying import Retries

TIMEOUT = httpx2.Timeout(30.0, connect=10.0)
RETRIED = frozenset({429, 502, 503, 504})
TOKEN_MARGIN = timedelta(seconds=30)
JSON = {"Content-Type": "application/json"}
USER_AGENT = "dat-client/0.1"


@dataclass(frozen=True, slots=True)
class Credential:
    """Who calls: the id under which the public key is registered at a service."""

    client_id: str
    key: RequestKey


def open_http(ca_file: str | None = None) -> httpx2.Client:
    """Open a connection pool that verifies TLS, by the system's authorities or by one file, and goes nowhere
    it is not told to."""
    try:
        verify = ssl.create_default_context(cafile=ca_file) if ca_file else httpx2.create_ssl_context()
    except (OSError, ssl.SSLError):
        raise ConfigurationError("the file of certificate authorities cannot be read") from None
    return httpx2.Client(
        verify=verify, timeout=TIMEOUT, follow_redirects=False, headers={"User-Agent": USER_AGENT}
    )


class Service:
    """One service as this partner sees it: its URL, its tokens.

    Args:
        base: path under which the API lies, `/api/v1` at the hub and `/v1` at a key holder.
    """

    def __init__(
        self,
        http: httpx2.Client,
        *,
        url: str,
        base: str,
        credential: Credential,
        retries: Retries | None = None,
    ) -> None:
        self.origin = url.rstrip("/")
        self.url = self.origin + base
        self.retries = retries or Retries()
        self._http = http
        self._credential = credential
        self._lock = Lock()
        self._token: str | None = None
        self._token_until = datetime.min.replace(tzinfo=UTC)

    def get(self, path: str, **query: str | int | None) -> Any:
        """Read a resource; parameters that are None are left out."""
        params = {name: str(value) for name, value in query.items() if value is not None}
        return self.retries.run(lambda: self.attempt("GET", path, params=params))

    def get_file(self, path: str, **query: str) -> bytes:
        """Read a file, such as a letter."""

        def attempt() -> bytes:
            response = self._call("GET", path, {}, query, None)
            if not response.is_success:
                _answer(response)
            return response.content

        return self.retries.run(attempt)

    def get_public(self, path: str) -> Any:
        """Read what needs no token."""
        return self.retries.run(lambda: _answer(self._send("GET", path, {})))

    def post(self, path: str, body: object, *, idempotency_key: str | None = None) -> Any:
        """Post until there is an answer, each time the same body under the same key."""
        return self.retries.run(
            lambda: self.attempt("POST", path, body=body, idempotency_key=idempotency_key)
        )

    def attempt(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: object = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Make one call, with a new token when the old one is refused.

        Raises:
            UnavailableError: No answer, or one that says to come back later.
            ProblemError: The service refuses.
        """
        extra = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return _answer(self._call(method, path, extra, params, body))

    def measure_clock(self) -> timedelta:
        """Tell how far this machine's clock is ahead of the service's; proofs hold within a minute."""
        try:
            response = self._http.get(f"{self.origin}/livez")
            return clock.now() - parsedate_to_datetime(response.headers["Date"])
        except httpx2.TransportError:
            raise UnavailableError from None
        except (KeyError, ValueError):
            raise AnswerError from None

    def check_token(self) -> None:
        """Get a new token: the service knows this partner's key."""
        with self._lock:
            self._fetch_token()

    def _call(
        self,
        method: str,
        path: str,
        extra: Mapping[str, str],
        params: Mapping[str, str] | None,
        body: object,
    ) -> httpx2.Response:
        response = self._authorised(method, path, extra, params, body)
        if response.status_code == 401:
            self._forget_token()
            response = self._authorised(method, path, extra, params, body)
        return response

    def _authorised(
        self,
        method: str,
        path: str,
        extra: Mapping[str, str],
        params: Mapping[str, str] | None,
        body: object,
    ) -> httpx2.Response:
        token = self._get_token()
        # The very bytes that are sent: the service takes no others under this proof.
        content = b"" if body is None else json.dumps(body).encode()
        proof = dpop_proof(
            self._credential.key, method=method, url=self.url + path, token=token, body=content
        )
        headers = {"Authorization": f"DPoP {token}", "DPoP": proof, **(JSON if content else {}), **extra}
        return self._send(method, path, headers, params=params or None, content=content or None)

    def _get_token(self) -> str:
        with self._lock:
            if self._token is None or clock.now() >= self._token_until:
                self._fetch_token()
            assert self._token is not None
            return self._token

    def _fetch_token(self) -> None:
        url = f"{self.url}/token"
        form = token_form(self._credential.key, client_id=self._credential.client_id, token_url=url)
        proof = dpop_proof(self._credential.key, method="POST", url=url)
        answer = _answer(self._send("POST", "/token", {"DPoP": proof}, data=form))
        try:
            self._token = str(answer["access_token"])
            self._token_until = clock.now() + timedelta(seconds=int(answer["expires_in"])) - TOKEN_MARGIN
        except (KeyError, TypeError, ValueError):
            raise AnswerError from None

    def _forget_token(self) -> None:
        with self._lock:
            self._token = None

    def _send(self, method: str, path: str, headers: Mapping[str, str], **rest: Any) -> httpx2.Response:
        try:
            return self._http.request(method, self.url + path, headers=dict(headers), **rest)
        except httpx2.TransportError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise UntrustedServiceError from None
            raise UnavailableError from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise AnswerError from None


def _answer(response: httpx2.Response) -> Any:
    """Give the JSON of a good answer, and raise what every other one stands for."""
    content = _json(response)
    if response.is_success:
        if content is None:
            raise AnswerError
        return content
    problem = _problem(response.status_code, content if isinstance(content, dict) else {})
    if response.status_code in RETRIED:
        raise UnavailableError(str(problem), retry_after=_retry_after(response))
    raise problem


def _json(response: httpx2.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _problem(status: int, content: Mapping[str, Any]) -> ProblemError:
    errors = content.get("errors")
    entries = errors if isinstance(errors, list) else []
    places = tuple(
        str(entry["pointer"]) for entry in entries if isinstance(entry, dict) and "pointer" in entry
    )
    return ProblemError(
        status=status,
        code=str(content.get("code") or f"http_{status}"),
        title=str(content.get("title") or "The service refuses this request."),
        places=places,
    )


def _retry_after(response: httpx2.Response) -> float | None:
    """Read seconds or a date.

    Source: RFC 9110 10.2.3.
    """
    given = response.headers.get("Retry-After", "")
    if given.isdigit():
        return float(given)
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(given) - clock.now()).total_seconds())
    return None
