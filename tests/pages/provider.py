"""A real OpenID provider for tests: npm's certified `oidc-provider`, with the people of a town."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.logins import PROVIDER, find_node
from hub.logins.provider import login_jwk
from tests.promises.town import Town

ROLES = {
    "dat-casemanager": "casemanager",
    "dat-lead": "team_lead",
    "dat-privacy": "privacy_officer",
    "dat-director": "process_director",
    "dat-covenants": "covenant_manager",
    "dat-administrator": "functional_administrator",
    "dat-desk": "desk",
    "dat-rights": "rights_officer",
    "dat-supervisor": "municipal_supervisor",
    "dat-coordinator": "partner_coordinator",
}


def write_settings(folder: Path, issuer: str, **changes: Any) -> Path:
    """Write the file about logins; a value is written as TOML writes it."""
    facts = {
        "issuer": issuer,
        "client_id": "dat-hub",
        "acr": ["loa2", "loa3"],
        "proving_acr": "loa3",
    } | changes
    lines = [f"{name} = {json.dumps(value)}" for name, value in facts.items()]
    lines += ["[roles]", *(f'"{said}" = "{role}"' for said, role in ROLES.items())]
    path = folder / "login.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


@contextmanager
def provider(town: Town, issuer: str, people: Mapping[str, tuple[str, list[str]]]) -> Iterator[None]:
    """Run the provider while a town is open.

    Args:
        people: login -> staff id and groups.
    """
    node = find_node()
    if node is None:
        pytest.fail("the OpenID provider is not installed; run: make .venv/logins", pytrace=False)
    url = town.hub.settings.public_url
    order = {
        "port": int(issuer.rsplit(":", 1)[1]),
        "clientId": "dat-hub",
        "jwk": login_jwk(town.hub.keys),
        "callback": f"{url}/login/callback",
        "afterLogout": f"{url}/",
        "backChannel": f"{url}/logout/back-channel",
        "people": [{"login": name, "staff": id_, "groups": groups} for name, (id_, groups) in people.items()],
    }
    with subprocess.Popen(
        [node, str(PROVIDER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(order))
        process.stdin.close()
        assert process.stdout.readline().strip() == "ready"
        yield
        process.kill()
