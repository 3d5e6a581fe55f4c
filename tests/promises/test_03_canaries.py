"""Promise 3: what is put into any field or header is seen in no log, error, database cell, mail or metric.

The fields are read from the API's own document, so that a new route is covered by itself. Nine forms are put
into each, so that also a code, an id or a token that has the right alphabet gets as deep as it can.

Nothing may be kept: what the hub must know again it keeps as a hash, or only that it was there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message as Mail
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MailHandler

from hub.base import Base
from service.work import SYSTEM
from tests.described import api_document
from tests.oauth_client import assertion
from tests.promises.acts import ACTS, READS, Call, TokenCall, path_of, prepare_inbox
from tests.promises.canaries import Canaries, cell_bytes
from tests.promises.processes import Running
from tests.promises.test_07_kill import settle
from tests.promises.town import Town

IGNORED_HEADERS = (
    "User-Agent", "X-Forwarded-For", "Forwarded", "X-Real-IP", "Traceparent", "Tracestate", "Baggage", "From",
    "Referer", "Origin", "Cookie", "Accept-Language", "X-Request-Id", "X-Correlation-Id", "X-Kanarie",
    "Content-Language", "If-Match", "Range",
)  # fmt: skip
# What is read, with a canary where a value of its kind has room for one.
READ_HEADERS = {
    "Authorization": "DPoP {}",
    "DPoP": "{}.{}.{}",
    "Idempotency-Key": "{}",
    "Accept": "application/json; x={}",
    "Content-Type": "application/json; x={}",
}


class Mailbox(MailHandler):
    """Keeps every mail."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[bytes] = []

    def handle_message(self, message: Mail) -> None:
        self.mails.append(message.as_bytes())


@dataclass
class Flock:
    """All canaries, and everything that was seen after they were let loose."""

    town: Town
    canaries: Canaries = field(default_factory=Canaries)
    errors: list[bytes] = field(default_factory=list)
    sent: int = 0
    turns: Iterator[int] = field(default_factory=count)

    def send(self, call: Callable[..., Any], *facts: Any, **more: Any) -> None:
        """Send, and keep what an error says; a success may repeat what its caller owns."""
        try:
            answer = call(*facts, **more)
        except httpx2.RemoteProtocolError:
            return  # the server hangs up on what is no HTTP: that shows nothing
        self.sent += 1
        assert answer.status_code != 500, answer.text
        if answer.status_code >= 400:
            self.errors += [answer.content, repr(answer.headers.raw).encode()]


def schema_of(operation: str) -> Any:
    """The schema of an operation's JSON body, if it reads one."""
    method, path = operation.split(" ")
    body = api_document()["paths"][path][method.lower()].get("requestBody", {})
    return body.get("content", {}).get("application/json", {}).get("schema")


def leaves(schema: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a body where a value can stand, the containers themselves too."""
    yield path
    if reference := schema.get("$ref"):
        schema = api_document()["components"]["schemas"][reference.rsplit("/", 1)[1]]
    for other in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from leaves(other, path)
    for name, inner in schema.get("properties", {}).items():
        yield from leaves(inner, (*path, name))
    if isinstance(schema.get("items"), dict):
        yield from leaves(schema["items"], (*path, 0))


def with_value(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The same body with one value replaced or added, inside containers that the body left out too."""
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int):
        inner = body[step] if isinstance(body, list) and len(body) > step else None
        return [with_value(inner, tuple(rest), value), *(body if isinstance(body, list) else ())[step + 1 :]]
    held = body if isinstance(body, dict) else {}
    return {**held, step: with_value(held.get(step), tuple(rest), value)}


def post_everywhere(flock: Flock, name: str, call: Call) -> None:
    """Put canaries in every place of a body, and under names that nobody asked for."""
    for path in dict.fromkeys(leaves(schema_of(name))):
        place = f"{name} /{'/'.join(map(str, path))}"
        for canary in flock.canaries.draw(place):
            fresh = {"headers": {"Idempotency-Key": str(uuid4())}}
            flock.send(call, json=with_value(call.body, path, canary), **fresh)
    for canary in flock.canaries.draw(f"{name} *"):
        flock.send(call, json={**(call.body or {}), str(canary): canary})
    broken = json.dumps(call.body)[:-1] + f' "{flock.canaries.one(name)}'
    request = flock.town.client(call.name).request
    flock.send(request, "POST", call.path, content=broken, headers={"Content-Type": "application/json"})


def head_everywhere(flock: Flock, name: str, call: Call) -> None:
    """Put a canary in every header, in the query, in the path and in the method.

    Each route takes the forms that are next in turn: over the routes all of them come everywhere.
    """
    body = {} if isinstance(call, TokenCall) or call.body is None else {"json": call.body}
    draw, turn = flock.canaries.one, next(flock.turns)
    everywhere = {header: draw(f"{name} {header}") for header in IGNORED_HEADERS}
    flock.send(call, headers={**call.headers, **everywhere})
    for header, form in READ_HEADERS.items():
        place = f"{name} {header}"
        forms = (draw(place), flock.canaries.id(place), form.replace("{}", draw(place)))
        flock.send(call, headers={**call.headers, header: forms[turn % 3]})
    client = flock.town.client(call.name)
    method = "GET" if call.body is None else "POST"
    canary = (draw, flock.canaries.id)[turn % 2](f"{name} query and path")
    query = "&".join(f"{parameter}={canary}" for parameter in (canary, "pageSize", "state"))
    flock.send(client.request, method, f"{call.path}?{query}", **body)
    flock.send(client.request, method, f"{call.path}?cursor={canary}", **body)
    head, _, tail = call.path.strip("/").partition("/")
    for path in (f"/{canary}", f"/{head}/{canary}", f"/{head}/{canary}/{tail.rpartition('/')[2]}"):
        flock.send(client.request, method, path, **body)
    flock.send(client.request, draw(f"{name} method"), call.path, **body)


def token_everywhere(flock: Flock, call: Call) -> None:
    """Put canaries in every member of the form, of the assertion and of the proof."""
    party, draw = flock.town.parties["school"], flock.canaries.one
    url = f"{flock.town.hub.settings.public_url}/api/v1/token"
    for member in ("grant_type", "client_assertion_type", "client_assertion", "scope", "client_id"):
        flock.send(call, form={member: draw(f"form {member}")})
    for claim in ("iss", "sub", "aud", "jti", "nonce", "iat", "exp"):
        signed = assertion(party.key, party.client_id, url, **{claim: draw(f"assertion {claim}")})
        flock.send(call, form={"client_assertion": signed})
    unknown = draw("assertion client").lower()
    flock.send(call, form={"client_assertion": assertion(party.key, unknown, url)})


@pytest.fixture(scope="module")
def mailbox(running: tuple[Town, Running]) -> Iterator[Mailbox]:
    """A real mail server that keeps what it gets."""
    _, hub = running
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=hub.settings.smtp_port)
    controller.start()
    yield mailbox
    controller.stop()


@pytest.fixture(scope="module")
def flock(running: tuple[Town, Running], mailbox: Mailbox) -> Iterator[Flock]:
    """Let canaries loose everywhere, and let the worker do its work."""
    town, hub = running
    hub.start("hub")
    hub.wait()
    with httpx2.Client(base_url=hub.url, timeout=30) as http:
        flock = Flock(replace(town, http=http, known={}))
        calls = {name: prepare(flock.town) for name, prepare in ACTS.items()}
        calls |= {
            name: Call(flock.town, caller or "school", path_of(flock.town, name))
            for name, caller in READS.items()
        }
        hub.start("worker")
        for name, call in calls.items():
            if schema_of(name):
                post_everywhere(flock, name, call)
            # No head gets as far as the kind of database.
            if town.database.dialect == "sqlite":
                head_everywhere(flock, name, call)
        token_everywhere(flock, calls["POST /token"])
        prepare_inbox(flock.town)
        settle(town)
        flock.errors.append(http.get("/metrics").content)
        yield flock


def leaked(flock: Flock, haystack: bytes) -> Mapping[str, str]:
    """What of the flock is in there that may not be."""
    return flock.canaries.found_in(haystack)


def test_every_field_of_every_route_got_its_canaries(flock: Flock) -> None:
    places = set(flock.canaries.placed.values())
    for name in ACTS:
        if schema := schema_of(name):
            assert {f"{name} /{'/'.join(map(str, path))}" for path in leaves(schema)} <= places
    print(f"{len(flock.canaries.placed)} canaries in {len(places)} places, {flock.sent} requests")
    assert len(flock.canaries.placed) > 1_000


def test_no_error_and_no_metric_repeats_a_canary(flock: Flock) -> None:
    assert leaked(flock, b"\n".join(flock.errors)) == {}


def test_no_line_of_hub_or_worker_holds_a_canary(flock: Flock, running: tuple[Town, Running]) -> None:
    _, hub = running
    written = hub.log.read_bytes()
    assert b"request_refused" in written
    assert b"chore_done" in written
    assert leaked(flock, written) == {}


def test_no_cell_of_the_database_holds_a_canary(flock: Flock) -> None:
    found: dict[str, Mapping[str, str]] = {}
    with flock.town.database.look(SYSTEM) as work:
        for table in Base.metadata.sorted_tables:
            for column in table.c:
                cells = work.session.scalars(table.select().with_only_columns(column))
                data = b"\n".join(part for cell in cells for part in cell_bytes(cell))
                found[f"{table.name}.{column.name}"] = leaked(flock, data)
    assert {place: canaries for place, canaries in found.items() if canaries} == {}


def test_no_mail_holds_a_canary(flock: Flock, mailbox: Mailbox) -> None:
    assert mailbox.mails
    assert leaked(flock, b"\n".join(mailbox.mails)) == {}


def test_the_search_finds_what_is_there() -> None:
    canaries = Canaries()
    canary = canaries.id("here")

    for leak in (
        canary.upper().encode(),
        UUID(canary).bytes,
        canary.encode("utf-16-le"),
        canary[::-1].encode(),
    ):
        assert canaries.found_in(b"..." + leak + b"...") == {canary: "here"}
