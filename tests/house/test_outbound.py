"""Whom the hub calls by itself is a closed list: nobody hears by its traffic that something was found."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.described import api_document

ROOT = Path(__file__).parents[2]
NETWORK = {
    "httpx2",
    "smtplib",
    "socket",
    "urllib.request",
    "http.client",
    "ftplib",
    "asyncio.open_connection",
}
CALLS = {
    "hub/notices/mail.py": "mail, at fixed hours and to everybody",
    "hub/notices/delivery.py": "its errors",
    "hub/logbook/delivering.py": "the municipality's own log of processing: every event, whatever it is",
    "hub/audit/witness.py": "the key holder, as witness: hashes",
    "hub/custody.py": "the key holder, for data keys",
    "service/datakeys/remote.py": "the key holder, for data keys",
    "service/trusting.py": "whose certificates are believed",
    "hub/logins/provider.py": "the provider of logins, when somebody logs in",
    "hub/worker.py": "the name of this machine",
}


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def test_only_these_rooms_call_out() -> None:
    rooms = (path for room in ("hub", "service", "ledger") for path in (ROOT / room).rglob("*.py"))
    found = {path.relative_to(ROOT).as_posix() for path in rooms if NETWORK & set(imported(path))}
    assert found == set(CALLS)


def test_there_are_no_webhooks() -> None:
    """Nobody can leave an address to be called at: then its size and time would have to tell nothing too."""
    document = api_document()
    assert "webhooks" not in document
    assert not any("callbacks" in act for path in document["paths"].values() for act in path.values())
    settable = {
        name
        for schema in document["components"]["schemas"].values()
        for name in schema.get("properties", {})
        if schema.get("properties", {})[name].get("format") in {"uri", "url"} or "url" in name.lower()
    }
    assert settable == set()
