"""Promise 4: identity and blinding never leave the client; everything it sends is recorded and searched.

The real client, a real hub and a real key holder, as processes of their own, with a listener on both lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import dat_client.pseudonyms as pseudonyms
from dat_client import Client, NewSignal
from dat_client.configuration import make_configuration, save_configuration
from dat_client.request_key import generate_request_key, public_jwk
from hub.initialising import public_part as hub_part
from hub.partners import staffing
from hub.partners.service import Staff
from hub.partners.values import Registration
from keys.holder import custody
from keys.holder.administration import Admission, add_reporter, admit
from keys.holder.manifests import assemble, root_public
from keys.holder.opening import Holder
from keys.protocol import sodium, voprf
from keys.protocol.encoding import b64u
from keys.protocol.manifest import sign_manifest
from service import clock
from service.clock import dutch_date
from service.keystore import FileKeyStore
from service.work import OPERATOR
from tests.dat_client.test_promises import _canaries, _encodings, _found
from tests.dat_client.world import CANARY, neighbour
from tests.keys.holder.world import new_holder
from tests.promises.processes import ForkServer, Running, free_port, wait_for_answer
from tests.promises.recording import RecordingProxy
from tests.promises.town import Town, settled

ROOT = bytes(range(32))
FACTS: dict[str, Any] = {
    "kind": "contact",
    "legal_basis": "CONSENT",
    "subject_notice": "given",
    "notice_to": ("subject",),
    "attestation": "weighed",
}


@dataclass
class Secrets:
    """What was drawn and computed inside the client, seen from inside."""

    scalars: list[bytes] = field(default_factory=list)
    inputs: list[bytes] = field(default_factory=list)
    points: list[bytes] = field(default_factory=list)
    elements: list[bytes] = field(default_factory=list)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Keep every blinding scalar, every token input, hashed too, and every pseudonym."""
        self._keep(monkeypatch, sodium, "random_scalar", self.scalars)
        self._keep(monkeypatch, pseudonyms, "token_input", self.inputs)
        self._keep(monkeypatch, voprf, "hash_to_group", self.points)
        self._keep(monkeypatch, pseudonyms, "take_off", self.elements)

    def _keep(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, kept: list[bytes]) -> None:
        function = getattr(module, name)

        def keep(*facts: Any, **more: Any) -> bytes:
            kept.append(function(*facts, **more))
            return kept[-1]

        monkeypatch.setattr(module, name, keep)

    def written(self) -> set[bytes]:
        """Write all of it in every encoding."""
        secrets = [*self.scalars, *self.inputs, *self.points, *self.elements]
        return {form for secret in secrets for form in _encodings(secret) if len(form) >= 6}


@dataclass
class World:
    """A town whose services are listened to."""

    town: Town
    holder: Holder
    hub_line: RecordingProxy
    holder_line: RecordingProxy
    homes: Path

    def client(self, name: str, staff: Staff, *, schemes: Collection[str], own_key: bool) -> Client:
        """Configure a client of an organisation, or of one member of its staff, and register its key."""
        organisation_id, quota = staff.organisation_id, dict.fromkeys(schemes, 10_000)
        home = self.homes / name
        key = public_jwk(generate_request_key(home / "request-key.pem"))
        staff_id = staff.id if own_key else None
        registration = Registration(
            client_id=name, public_jwk=key, organisation_id=organisation_id, staff_id=staff_id
        )
        with self.town.database.work(OPERATOR) as work:
            staffing.register_credential(work, registration)
        with self.holder.database.work(OPERATOR) as work:
            admit(work, Admission(name, organisation_id, key, quota, staff_id=staff_id))
            add_reporter(work, organisation_id, staff.id, per_day=10_000)
        facts = {
            "hub_url": self.hub_line.url,
            "holder_urls": [self.holder_line.url],
            "hub_id": self.town.hub.settings.hub_id,
            "organisation_id": str(organisation_id),
            "client_id": name,
            "root_public": b64u(root_public(ROOT)),
            "schemes": sorted(schemes),
            "reporter": str(staff.id),
        }
        save_configuration(home, make_configuration(facts))
        return Client.from_home(home)

    def publish_manifest(self) -> None:
        """Sign what hub and holder publish of themselves, as the offline root does."""
        settings = self.holder.settings
        keys = FileKeyStore(settings.keys)
        parts = [custody.public_part(keys, name=settings.name, url=settings.public_url)]
        begins = clock.now() - timedelta(minutes=5)
        manifest = assemble(
            hub_part(self.town.hub.settings), parts, valid_from=begins, life=timedelta(days=6)
        )
        settings.manifest.write_text(sign_manifest(manifest, ROOT))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, forks: ForkServer) -> Iterator[World]:
    folder, ports = tmp_path_factory.mktemp("world"), (free_port(), free_port())
    hub_line, holder_line = map(RecordingProxy, ports)
    holder = new_holder(folder / "holder", url=holder_line.url)
    with settled(folder, "", port=ports[0], public_url=hub_line.url) as town:
        world = World(town, holder, hub_line, holder_line, folder / "homes")
        world.publish_manifest()
        Running(forks, town.hub.settings, folder / "log").start("hub")
        environment = {
            "DAT_KEYS_DATA": str(holder.settings.data),
            "DAT_KEYS_PORT": str(ports[1]),
            "DAT_KEYS_PUBLIC_URL": holder_line.url,
        }
        forks.start("holder", environment, folder / "log")
        for port in ports:
            wait_for_answer(f"http://127.0.0.1:{port}")
        yield world
    for line in (hub_line, holder_line):
        line.close()
    holder.database.close()


def use_everything(world: World) -> None:
    """Do with the client what a partner and a casemanager do, about one person and some others."""
    sender, anna = world.town.sender("housing_association"), world.town.staff("anna")
    today = dutch_date(clock.now())
    with world.client("housing-desk", sender.reporter, schemes={"demographic"}, own_key=False) as housing:
        housing.post_signal(CANARY, contact_date=today, notice_date=today, reference="F1", **FACTS)
        people = [CANARY, *(neighbour(number) for number in range(5))]
        posted = list(
            housing.post_signals(
                [NewSignal(person=one, contact_date=today, notice_date=today, **FACTS) for one in people]
            )
        )
        assert {one.status for one in posted} == {"accepted"}
        assert len(list(housing.list_signals())) == 7
    with world.client("anna-desk", anna, schemes={"bsn", "demographic"}, own_key=True) as desk:
        desk.register_case(CANARY, legal_basis="JW_WMO_TASK", reference="Z1")
        desk.record_objection(CANARY)
        desk.notices()
    world.town.match()


def test_nothing_of_the_person_and_no_blinding_is_ever_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = Secrets()
    secrets.watch(monkeypatch)
    use_everything(world)
    sent = {"hub": world.hub_line.sent, "holder": world.holder_line.sent}
    assert len(secrets.scalars) == len(secrets.inputs) == len(secrets.elements) > 50
    for name, line in sent.items():
        assert _found(_canaries(), line) == set(), name
        assert _found(secrets.written(), line) == set(), name
    # The lines really carried all of it, in the one form in which it may travel.
    assert sent["holder"].count(b'"requestId"') >= 6
    assert sent["hub"].count(b'"sealed"') == 9
    # And the pseudonyms in the envelopes are good: signal and case met.
    ((matched,),) = world.town.rows("SELECT count(*) FROM person_match WHERE case_id IS NOT NULL")
    assert matched >= 1


def test_the_search_would_find_a_pseudonym_or_a_blinding_on_the_line(world: World) -> None:
    secrets = Secrets(scalars=[bytes(range(1, 33))], elements=[bytes(range(65, 97))])
    for secret in (*secrets.scalars, *secrets.elements):
        assert _found(secrets.written(), b'{"element":"' + b64u(secret).encode() + b'"}')
        assert _found(secrets.written(), secret)
