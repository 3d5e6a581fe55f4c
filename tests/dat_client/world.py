"""A hub, holders, a signed manifest and a configured home: what a client's test starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dat_client import Client, Person
from dat_client.configuration import make_configuration, save_configuration
from dat_client.request_key import generate_request_key, public_jwk
from dat_client.retrying import Retries
from keys.protocol.encoding import b64u
from keys.protocol.envelope import generate_key_pair as new_envelope_pair
from keys.protocol.manifest import EnvelopeKey, Manifest, SchemeKey, sign_manifest
from keys.protocol.threshold import split
from keys.protocol.tokens import SCHEMES
from keys.protocol.voprf import generate_key_pair
from service import clock
from tests.dat_client.fake_services import FakeHolder, FakeHub, Services

HUB_ID = "hub.testdam.example"
CLIENT_ID = "corporatie-testdam"
CANARY = Person(
    surname="Kanariegeel-Zwaluwstaart",
    prefix="van der",
    given_names="Philomène Quirine",
    birth_date="19860713",
    sex="V",
    bsn="999993112",
    postcode="9871 QZ",
    house_number="4713",
    house_addition="bis",
)
FACTS: dict[str, Any] = {
    "kind": "contact",
    "legal_basis": "NO_OBJECTION",
    "subject_notice": "pending",
    "attestation": "weighed",
}


def neighbour(number: int) -> Person:
    """Invent another person."""
    return Person(
        surname=f"Buurman{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]}",
        given_names=f"Jan{'abcdefghij'[number % 10]}",
        birth_date=f"19{50 + number % 40}{1 + number % 12:02}{1 + number % 28:02}",
        sex="M",
        postcode=f"{1000 + number % 8000}AB",
        house_number=str(1 + number),
    )


@dataclass
class World:
    """The services, the root of trust, and how often a client waits (never)."""

    services: Services
    root: Ed25519PrivateKey
    manifest: Manifest
    organisation_id: UUID
    homes: Path
    reporter: UUID = field(default_factory=uuid4)
    waits: list[float] = field(default_factory=list)

    @property
    def hub(self) -> FakeHub:
        return self.services.hub

    @property
    def holder(self) -> FakeHolder:
        return self.services.holders[0]

    @property
    def retries(self) -> Retries:
        return Retries(attempts=3, sleep=self.waits.append)

    def publish(self, manifest: Manifest, *, root: Ed25519PrivateKey | None = None) -> None:
        """Have every holder hand out a manifest."""
        token = sign_manifest(manifest, (root or self.root).private_bytes_raw())
        for holder in self.services.holders:
            holder.manifest = token

    def make_home(self, name: str = "partner", **changes: Any) -> Path:
        """Configure a home and register its key everywhere."""
        home = self.homes / name
        key = generate_request_key(home / "request-key.pem")
        facts = {
            "hub_url": self.hub.url,
            "holder_urls": [holder.url for holder in self.services.holders],
            "hub_id": HUB_ID,
            "organisation_id": str(self.organisation_id),
            "client_id": CLIENT_ID,
            "root_public": b64u(self.root.public_key().public_bytes_raw()),
            "schemes": ["bsn", "demographic"],
            "reporter": str(self.reporter),
        }
        save_configuration(home, make_configuration({**facts, **changes}))
        for service in (self.hub, *self.services.holders):
            service.keys[CLIENT_ID] = public_jwk(key)
        return home

    def open(self, home: Path) -> Client:
        """Open a client that does not wait between attempts."""
        return Client.from_home(home, retries=self.retries)


def make_world(homes: Path, *, threshold: int = 1, holders: int = 1) -> World:
    """Start services that share keys t-of-n and publish them under a new root."""
    organisation_id = uuid4()
    services = Services(
        FakeHub(hub_id=HUB_ID, organisation_id=organisation_id), [FakeHolder() for _ in range(holders)]
    )
    private, public = new_envelope_pair()
    services.hub.envelope_keys["week-47"] = private
    now = clock.now().replace(microsecond=0)
    manifest = Manifest(
        hub_id=HUB_ID,
        normalisation="nl1",
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=7),
        keys={(scheme, 3): _deal(scheme, services.holders, threshold) for scheme in SCHEMES},
        envelope_keys=(EnvelopeKey("week-47", public, now + timedelta(days=7)),),
        receipt_public=bytes(services.hub.signer.verify_key),
        ledger_publics={},
    )
    world = World(services, Ed25519PrivateKey.generate(), manifest, organisation_id, homes)
    world.publish(manifest)
    return world


def _deal(scheme: str, holders: Sequence[FakeHolder], threshold: int) -> SchemeKey:
    secret, public = generate_key_pair()
    shares = split(secret, threshold=threshold, shares=len(holders))
    for holder, share in zip(holders, shares, strict=True):
        holder.shares[scheme] = share
    return SchemeKey(
        public=public,
        threshold=threshold,
        shares={share.index: share.public for share in shares},
        holders={share.index: holder.url for holder, share in zip(holders, shares, strict=True)},
    )


__all__ = ["CANARY", "CLIENT_ID", "FACTS", "HUB_ID", "World", "make_world", "neighbour", "replace"]
