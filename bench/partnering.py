"""Measure the client: from persons to sealed messages, with a real key holder, before anything is posted."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bench.holding import Caller, RunningHolder
from bench.progress import say
from bench.region import Resident, invent_region
from dat_client import Client, NewSignal
from dat_client.configuration import make_configuration, save_configuration
from dat_client.files import write_private
from dat_client.identity.person import Person
from dat_client.messages import Message
from dat_client.preparing import prepare
from keys.protocol.encoding import b64u
from service import clock

PERSONS = 250
ROUNDS = 4


def measure_client(home: Path, holder: RunningHolder, caller: Caller, *, hub_id: str) -> dict[str, float]:
    """Return persons a second, from the normalised name to the sealed message."""
    _configure(home, holder, caller, hub_id)
    today = clock.dutch_date(clock.now())
    region = invent_region(4 * ROUNDS * PERSONS, chance=random.Random(3))
    persons = [_person(one) for one in region.residents if today.year - one.born.year < 17]
    rates = []
    with Client.from_home(home) as client:
        for start in range(0, min(len(persons), ROUNDS * PERSONS), PERSONS):
            some = persons[start : start + PERSONS]
            drafts = [client.draft_signal(_signal(person, today)) for person in some]
            began = perf_counter()
            made = prepare(client, drafts, purpose="signal")
            rates.append(len(some) / (perf_counter() - began))
            assert all(isinstance(one, Message) for one in made), "a person was refused"
    say(f"client persons/s {[round(rate) for rate in rates]}")
    return {"client_persons_per_s": median(rates)}


def _configure(home: Path, holder: RunningHolder, caller: Caller, hub_id: str) -> None:
    home.mkdir(mode=0o700)
    write_private(home / "request-key.pem", _pem(bytes(caller.request_key.key)))
    save_configuration(
        home,
        make_configuration(
            {
                "hub_url": "http://127.0.0.1:1",
                "holder_urls": [holder.url],
                "hub_id": hub_id,
                "organisation_id": str(caller.organisation_id),
                "client_id": caller.request_key.client_id,
                "root_public": b64u(holder.root_public),
                "reporter": str(caller.reporter_id),
            }
        ),
    )


def _pem(seed: bytes) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _person(one: Resident) -> Person:
    return Person(
        surname=one.surname,
        given_names=one.given_names,
        birth_date=one.born,
        sex=one.sex,
        postcode=one.postcode,
        house_number=one.house,
    )


def _signal(person: Person, today: date) -> NewSignal:
    return NewSignal(
        person=person,
        contact_date=today - timedelta(days=1),
        kind="contact",
        legal_basis="JW_7_1_4_1",
        subject_notice="pending",
        attestation="weighed",
    )
