"""An honest hub and honest key holders on loopback: real HTTP, real tokens, real evaluation and unsealing.

Everything that reaches them is recorded as bytes, so that a test can search it. Faults are asked for by name.
"""

from __future__ import annotations

import json
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from nacl.signing import SigningKey

from keys.protocol.encoding import b64u, canonical_json, unb64u
from keys.protocol.envelope import Entry, envelope_info, public_part_hash, unseal
from keys.protocol.errors import EnvelopeError
from keys.protocol.threshold import Share
from keys.protocol.voprf import Evaluation, evaluate
from service import clock
from service.errors import DatError
from service.oauth.assertion import claimed_client_id, verify_assertion
from service.oauth.identity import ServiceIdentity
from service.oauth.jose import TokenError, import_public_key, unverified_jws
from service.oauth.proof import ProofChecker
from service.oauth.tokens import TokenMint

Answer = tuple[int, object]


class DroppedConnectionError(Exception):
    """Close the connection without an answer."""


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def raw(self) -> bytes:
        head = f"{self.method} {self.path} {dict(self.query)} {dict(self.headers)}"
        return head.encode() + b"\n" + self.body


class _Server(ThreadingHTTPServer):
    """Close quietly when a client goes away in the middle."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    """Hand every request to the service and write its answer."""

    protocol_version = "HTTP/1.1"
    service: FakeService

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def _serve(self) -> None:
        try:
            status, content = self.service.answer(self._read())
        except DroppedConnectionError:
            self.close_connection = True
            return
        except Exception:
            self.service.failures.append(traceback.format_exc())
            status, content = problem(500, "fake_failed")
        self._write(status, content)

    def _read(self) -> Call:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        return Call(self.command, parts.path, parse_qs(parts.query), headers, body)

    def _write(self, status: int, content: object) -> None:
        extra = content.pop("_headers", {}) if isinstance(content, dict) else {}
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {**extra, "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class FakeService:
    """The part that hub and holder have in common: an address, tokens, proofs, a record, faults."""

    base = ""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.keys: dict[str, dict[str, str]] = {}
        self.before: deque[Callable[[Call], Answer | None]] = deque()
        self.after: deque[Callable[[Answer], Answer]] = deque()
        self.failures: list[str] = []
        self.is_down = False
        self.lock = Lock()
        self.server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"service": self}))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        identity = ServiceIdentity(self.url, self.base)
        self.proofs = ProofChecker(identity)
        self.mint = TokenMint(identity, bytes(range(32)))
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def count(self, path: str) -> int:
        """Count the calls to a path below the base."""
        return sum(call.path == self.base + path for call in self.calls)

    def route(self, call: Call, path: str) -> Answer:
        raise NotImplementedError

    def public(self, path: str) -> Answer | None:
        return (200, {"status": "ok"}) if path in ("", "/livez") else None

    def answer(self, call: Call) -> Answer:
        if self.is_down:
            raise DroppedConnectionError
        self.calls.append(call)
        faulty = not call.path.endswith(("/token", "/manifest"))
        if faulty and self.before:
            answer = self.before.popleft()(call)
            if answer is not None:
                return answer
        try:
            answer = self._dispatch(call)
        except (TokenError, DatError) as error:
            return problem(401, getattr(error, "code", "invalid_client"))
        if faulty and self.after:
            return self.after.popleft()(answer)
        return answer

    def _dispatch(self, call: Call) -> Answer:
        path = call.path.removeprefix(self.base)
        if path == "/token":
            return self._token(call)
        open_answer = self.public(path)
        if open_answer is not None:
            return open_answer
        self._require_token(call)
        return self.route(call, path)

    def _token(self, call: Call) -> Answer:
        form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        signature, now = unverified_jws(form["client_assertion"]), clock.now()
        client_id = claimed_client_id(signature)
        if client_id not in self.keys:
            raise TokenError
        key, audience = import_public_key(self.keys[client_id]), self.mint.identity.token_url
        verify_assertion(signature, key, client_id=client_id, audience=audience, now=now)
        thumbprint = self.proofs.require_proof(
            call.headers.get("dpop"), method="POST", path=call.path, now=now
        )
        token = self.mint.mint(client_id, thumbprint=thumbprint, now=now)
        return 200, {"access_token": token.value, "token_type": "DPoP", "expires_in": 600}

    def _require_token(self, call: Call) -> None:
        token, now = call.headers.get("authorization", "").removeprefix("DPoP "), clock.now()
        facts = self.mint.require_token(token, now=now)
        self.proofs.require_proof(
            call.headers.get("dpop"),
            method=call.method,
            path=call.path,
            now=now,
            token_hash=b64u(sha256(token.encode()).digest()),
            thumbprint=facts.thumbprint,
            body=call.body if call.method == "POST" else None,
        )


def problem(status: int, code: str, **rest: Any) -> Answer:
    """Make a problem document; `places` and `retry_after` as the services write them."""
    content: dict[str, Any] = {
        "type": f"urn:dat-hub:problem:{code}",
        "title": f"Refused: {code}.",
        "code": code,
    }
    if places := rest.get("places"):
        content["errors"] = [{"pointer": place} for place in places]
    if "retry_after" in rest:
        content["_headers"] = {"Retry-After": str(rest["retry_after"])}
    return status, content


class FakeHolder(FakeService):
    """A key holder with one share of each scheme's key."""

    base = "/v1"

    def __init__(self) -> None:
        super().__init__()
        self.shares: dict[str, Share] = {}
        self.manifest = ""
        self.tamper: Callable[[Evaluation], Evaluation] = lambda evaluation: evaluation

    def public(self, path: str) -> Answer | None:
        return (200, {"manifest": self.manifest}) if path == "/manifest" else super().public(path)

    def route(self, call: Call, path: str) -> Answer:
        assert path == "/evaluations", path
        body = call.json
        assert 0 < len(body["elements"]) <= 1000
        share = self.shares.get(body["scheme"])
        if share is None:
            return problem(403, "scheme_not_allowed")
        blinded = [unb64u(text) for text in body["elements"]]
        made = self.tamper(evaluate(share.secret, share.public, blinded))
        return 200, {"elements": [*map(b64u, made.elements)], "proofs": [*map(b64u, made.proofs)]}


_ID_NAMES = {
    "excluded-addresses": "addressId",
    "signals": "signalId",
    "rights-requests": "requestId",
    "honey-tokens": "honeyTokenId",
}


@dataclass
class Stored:
    """One signal, case, consent or objection as the fake hub holds it."""

    id: UUID
    body: dict[str, Any]
    entries: list[Entry]
    answer: dict[str, Any]
    body_hash: str
    state: str = "active"


class FakeHub(FakeService):
    """A hub that opens envelopes, signs receipts, and keeps what it took by idempotency key."""

    base = "/api/v1"

    def __init__(self, *, hub_id: str, organisation_id: UUID) -> None:
        super().__init__()
        self.hub_id = hub_id
        self.organisation_id = organisation_id
        self.signer = SigningKey.generate()
        self.envelope_keys: dict[str, bytes] = {}
        self.stored: dict[str, Stored] = {}
        self.refusals: dict[str, str] = {}
        self.lists: dict[str, Any] = {"feedback-items": {"feedbackItems": []}}

    def list_kind(self, name: str) -> list[Stored]:
        """Give what was stored with an id of this name: `signalId`, `caseId` …"""
        return [stored for stored in self.stored.values() if name in stored.answer]

    def route(self, call: Call, path: str) -> Answer:
        with self.lock:
            parts = path.strip("/").split("/")
            if call.method == "POST" and len(parts) == 1:
                return self._create(call, parts[0])
            if call.method == "POST":
                return self._act(call, parts)
            return self._show(call, parts)

    def _create(self, call: Call, what: str) -> Answer:
        if what == "signal-batches":
            return 202, {"results": [self._batch_item(item) for item in call.json["signals"]]}
        if what == "overrides":
            return 201, self.lists["overrides"]["overrides"][0]
        if what == "absences":
            return 201, self.lists[what]
        key, name = call.headers["idempotency-key"], _ID_NAMES.get(what, f"{what[:-1]}Id")
        return self._take(key, call.json, name)

    def _batch_item(self, item: dict[str, Any]) -> dict[str, Any]:
        key = item.pop("idempotencyKey")
        status, content = self._take(key, item, "signalId")
        assert isinstance(content, dict)
        if status == 202:
            return {"status": "accepted", "receipt": content}
        return {"status": "refused", "code": content["code"], "title": content["title"], "places": []}

    def _take(self, key: str, body: dict[str, Any], name: str) -> Answer:
        body_hash = sha256(canonical_json(body)).hexdigest()
        if found := self.stored.get(key):
            good = found.body_hash == body_hash
            return (202, dict(found.answer)) if good else problem(409, "idempotency_conflict")
        if code := self.refusals.get(str(body.get("legalBasis"))):
            return problem(403, code)
        entries = self._open(key, body)
        remote_id = uuid4()
        answer = self._receipt(remote_id, body_hash) if name == "signalId" else {name: str(remote_id)}
        self.stored[key] = Stored(remote_id, body, entries, answer, body_hash)
        return 202, dict(answer)

    def _open(self, key: str, body: dict[str, Any]) -> list[Entry]:
        public_part = {field: value for field, value in body.items() if field != "envelope"}
        info = envelope_info(
            hub_id=self.hub_id,
            organisation_id=str(self.organisation_id),
            idempotency_key=key,
            public_part_hash=public_part_hash(public_part),
        )
        try:
            entries = unseal(
                self.envelope_keys[body["envelope"]["kid"]], info, unb64u(body["envelope"]["sealed"])
            )
        except (KeyError, EnvelopeError) as error:
            raise AssertionError("an envelope of an honest client opens") from error
        assert sorted({entry.token_type.value for entry in entries}) == body["tokenTypes"]
        return entries

    def _receipt(self, signal_id: UUID, body_hash: str) -> dict[str, Any]:
        facts = {
            "signalId": str(signal_id),
            "bodyHash": body_hash,
            "leafHash": sha256(signal_id.bytes).hexdigest(),
            "receivedAt": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        }
        signature = self.signer.sign(b"dat-hub/receipt/v1" + canonical_json(facts)).signature
        return {**facts, "signature": b64u(signature)}

    def _act(self, call: Call, parts: list[str]) -> Answer:
        what, remote_id, act = parts
        if act == "withdrawal" and what == "signals":
            stored = self._get(remote_id)
            stored.state = "withdrawn"
            return 200, _signal(stored)
        return 200, dict(self.lists.get("/".join(parts), {"caseId": remote_id}))

    def _get(self, remote_id: str) -> Stored:
        return next(stored for stored in self.stored.values() if str(stored.id) == remote_id)

    def _show(self, call: Call, parts: list[str]) -> Answer:
        if parts[0] == "signals" and len(parts) == 2:
            return 200, _signal(self._get(parts[1]))
        if parts[0] != "signals":
            return 200, self.lists[parts[0]]
        start = int(call.query.get("cursor", ["0"])[0])
        signals = [_signal(stored) for stored in self.list_kind("signalId")]
        more = str(start + 2) if start + 2 < len(signals) else None
        return 200, {"signals": signals[start : start + 2], "nextCursor": more}


def _signal(stored: Stored) -> dict[str, Any]:
    shown = {name: stored.body[name] for name in ("contactDate", "kind", "legalBasis", "reporter")}
    until = {"state": stored.state, "validUntilDate": "2027-11-20"}
    return {"signalId": str(stored.id), **shown, **until}


@dataclass
class Services:
    """Everything a client meets."""

    hub: FakeHub
    holders: list[FakeHolder] = field(default_factory=list)

    def sent(self) -> Iterator[bytes]:
        """Give every request that any of them received, as bytes."""
        for service in (self.hub, *self.holders):
            yield from (call.raw for call in service.calls)

    def close(self) -> None:
        for service in (self.hub, *self.holders):
            service.close()
