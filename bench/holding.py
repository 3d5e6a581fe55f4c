"""Measure the key holder: single and batch evaluations over HTTP, beside libsodium without any service."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID

from nacl.signing import SigningKey

from bench.loading import Load, send_all
from bench.messages import draw_person
from bench.processes import free_port, memory_mb, running
from bench.progress import rounds, say
from bench.proving import RequestKey, Session, open_session
from keys.holder import administration, custody
from keys.holder.administration import Admission
from keys.holder.manifests import assemble
from keys.holder.migrating import migrate
from keys.holder.opening import open_database
from keys.holder.settings import HolderSettings
from keys.protocol import sodium
from keys.protocol.encoding import b64u
from keys.protocol.manifest import sign_manifest
from keys.protocol.voprf import CONTEXT, PROOF_BATCH, generate_key_pair
from service import clock
from service.keystore import FileKeyStore
from service.work import OPERATOR

SINGLES = 2_000
SINGLE_CONNECTIONS = 32
BATCH = 31 * PROOF_BATCH
BATCHES = 4
ROUNDS = 3
MANY = 10_000_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks the holder: the organisation of the bench and its reporter."""

    organisation_id: UUID
    reporter_id: UUID
    request_key: RequestKey


@dataclass(frozen=True, slots=True)
class RunningHolder:
    """A holder that answers, and what pins it."""

    port: int
    url: str
    root_public: bytes
    memory_mb: Callable[[], float]


@contextmanager
def running_holder(
    folder: Path, hub_part: dict[str, object], caller: Caller, *, database_url: str
) -> Iterator[RunningHolder]:
    """Set up a 1-of-1 holder, admit one caller, sign the manifest and serve, on PostgreSQL by every core."""
    port, root = free_port(), SigningKey.generate()
    url = f"http://127.0.0.1:{port}"
    settings = HolderSettings(
        data=folder, database_url=database_url, port=port, public_url=url, log_level="WARNING"
    )
    workers = 1 if database_url.startswith("sqlite") else (os.cpu_count() or 1)
    folder.mkdir(mode=0o700)
    keys = FileKeyStore(settings.keys)
    custody.create_keys(keys)
    _admit(settings, caller)
    holder_part = custody.public_part(keys, name=settings.name, url=url)
    manifest = assemble(
        hub_part, [holder_part], valid_from=clock.now() - timedelta(minutes=5), life=timedelta(days=30)
    )
    settings.manifest.write_text(sign_manifest(manifest, bytes(root)))
    environment = {
        f"DAT_KEYS_{name.upper()}": str(getattr(settings, name))
        for name in ("data", "database_url", "port", "public_url", "log_level")
    }
    with running(
        ["dat-keys", "serve", "--workers", str(workers)],
        environment=environment,
        log=folder / "log",
        ready_url=f"{url}/livez",
    ) as process:
        yield RunningHolder(port, url, bytes(root.verify_key), lambda: memory_mb(process))


def measure_holder(holder: RunningHolder, caller: Caller) -> dict[str, float]:
    """Return evaluations a second, one element a request and a full batch a request."""
    session = open_session(caller.request_key, f"{holder.url}/v1")
    elements = [one for _ in range(BATCH // 8) for one in draw_person()]
    _evaluate(holder, [_request(session, caller, elements[:1]) for _ in range(500)], 8)
    singles = [
        _evaluate(
            holder, [_request(session, caller, elements[:1]) for _ in range(SINGLES)], SINGLE_CONNECTIONS
        )
        for _ in rounds(ROUNDS)
    ]
    say(f"holder single/s {[round(load.rate) for load in singles]}")
    cores = os.cpu_count() or 1
    batches, limits, bare = [], [], []
    for _ in rounds(ROUNDS):
        requests = [_request(session, caller, elements) for _ in range(BATCHES)]
        batches.append(_evaluate(holder, requests, cores).rate * BATCH)
        limits.append(_raw_rate(elements, cores, _prove_raw))
        bare.append(_raw_rate(elements, cores, _multiply_raw))
    say(f"holder batch/s {[round(rate) for rate in batches]}, raw {[round(rate) for rate in limits]}")
    return {
        "holder_single_per_s": median(load.rate for load in singles),
        "holder_batch_per_s": median(batches),
        "holder_batch_vs_limit": median(batches) / median(limits),
        "raw_evaluations_with_proof_per_s": median(limits),
        "raw_multiplications_per_s": median(bare),
        "holder_mb": holder.memory_mb(),
    }


def _admit(settings: HolderSettings, caller: Caller) -> None:
    database = open_database(settings)
    migrate(database)
    with database.work(OPERATOR) as work:
        administration.admit(
            work,
            Admission(
                caller.request_key.client_id,
                caller.organisation_id,
                caller.request_key.public_jwk,
                {"demographic": MANY},
            ),
        )
        administration.add_reporter(work, caller.organisation_id, caller.reporter_id, per_day=MANY)
    database.close()


def _request(session: Session, caller: Caller, elements: Sequence[bytes]) -> bytes:
    body = {
        "scheme": "demographic",
        "epoch": 1,
        "requestId": secrets.token_hex(16),
        "reporter": str(caller.reporter_id),
        "purpose": "signal",
        "elements": [b64u(element) for element in elements],
    }
    return session.request("POST", "/evaluations", body=json.dumps(body).encode())


def _evaluate(holder: RunningHolder, requests: Sequence[bytes], connections: int) -> Load:
    return send_all(holder.port, requests, connections=connections, expected=200)


def _raw_rate(
    elements: Sequence[bytes], cores: int, act: Callable[[bytes, bytes, Sequence[bytes]], None]
) -> float:
    """Return elements a second on every core at once; libsodium's calls let the interpreter go."""
    secret, public = generate_key_pair()
    pieces = [elements[at : at + PROOF_BATCH] for at in range(0, len(elements), PROOF_BATCH)]
    with ThreadPoolExecutor(cores) as pool:
        started = perf_counter()
        list(pool.map(lambda piece: act(secret, public, piece), pieces * cores))
        return len(elements) * cores / (perf_counter() - started)


def _multiply_raw(secret: bytes, _public: bytes, elements: Sequence[bytes]) -> None:
    """Do the one multiplication of each element, and nothing else."""
    out = sodium._Out()
    for element in elements:
        assert sodium._scalarmult(out, secret, element) == 0


def _prove_raw(secret: bytes, _public: bytes, elements: Sequence[bytes]) -> None:
    """Do the group operations that RFC 9497 cannot do without for a batch and its proof, unchecked.

    An element costs a multiplication by the key, one by its weight and an addition; a proof costs three
    more multiplications. Hashes and encodings are left out.
    """
    out, total = sodium._Out(), sodium.GENERATOR
    weight = sodium.reduce_scalar(CONTEXT.ljust(64, b"\1"))
    for element in elements:
        assert sodium._scalarmult(out, secret, element) == 0
        assert sodium._scalarmult(out, weight, element) == 0
        assert sodium._add(out, total, out.raw) == 0
        total = out.raw
    for base in (total, total):
        assert sodium._scalarmult(out, secret, base) == 0
    assert sodium._scalarmult_base(out, secret) == 0
