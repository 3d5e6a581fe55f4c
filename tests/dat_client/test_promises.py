"""What a partner is promised: nothing of a person leaves, nothing is lost, nothing is believed unproved."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dat_client import (
    Client,
    HolderProofError,
    ManifestRefusedError,
    NewSignal,
    ProblemError,
    ReceiptRefusedError,
    UnavailableError,
)
from dat_client.cli import run
from dat_client.identity.tokens import person_tokens
from keys.protocol import sodium
from keys.protocol.tokens import token_input
from keys.protocol.voprf import Evaluation
from tests.dat_client.fake_services import Answer, Call, DroppedConnectionError, problem
from tests.dat_client.test_cli import make_row, write_file
from tests.dat_client.world import CANARY, FACTS, HUB_ID, World, neighbour


def _encodings(secret: bytes) -> Iterator[bytes]:
    """Write bytes in every way in which they could leave unseen."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for start in range(3):  # wherever the secret falls in a longer base64 text
        piece = b64encode(bytes(start) + secret)
        yield piece[4 if start else 0 : len(piece) // 4 * 4 - 4]
    yield urlsafe_b64encode(secret).rstrip(b"=")
    yield sha256(secret).digest()
    yield sha256(secret).hexdigest().encode()
    yield b64encode(sha256(secret).digest()).rstrip(b"=")
    yield urlsafe_b64encode(sha256(secret).digest()).rstrip(b"=")


def _spellings(text: str) -> Iterator[bytes]:
    for form in {text, text.lower(), text.upper()}:
        yield form.encode()
        yield form.encode("latin-1", "ignore")
        yield form.encode("utf-16-le")
        yield form.encode("utf-16-be")
        yield quote(form).encode()
        yield form.encode("unicode_escape")


def _canaries() -> set[bytes]:
    texts = [
        CANARY.surname,
        CANARY.given_names,
        CANARY.bsn or "",
        str(CANARY.birth_date),
        "1986-07-13",
        "13-07-1986",
    ]
    texts += ["9871 QZ", "9871QZ", *CANARY.surname.split("-"), *CANARY.given_names.split()]
    secrets = [spelling for text in texts for spelling in _spellings(text)]
    for token in person_tokens(CANARY):
        secrets.append(token_input(HUB_ID, token.token_type, normalisation="nl1", fields=token.fields))
        secrets += [field.encode() for field in token.fields if len(field) > 6]
    return {written for secret in secrets for written in _encodings(secret) if len(written) >= 6}


def _found(secrets: set[bytes], haystack: bytes) -> set[bytes]:
    lowered = haystack.lower()
    return {secret for secret in secrets if secret in haystack or secret.lower() in lowered}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Keep every scalar that is drawn: the blinding factors, and nothing else in a client."""
    scalars: list[bytes] = []
    draw = sodium.random_scalar

    def keep() -> bytes:
        scalars.append(draw())
        return scalars[-1]

    monkeypatch.setattr(sodium, "random_scalar", keep)
    return scalars


def test_nothing_that_leaves_holds_the_person_or_the_blinding_in_any_encoding(
    client: Client, world: World, today: date, drawn: list[bytes]
) -> None:
    client.post_signal(CANARY, contact_date=today, reference="F1", **FACTS)
    client.register_case(CANARY, legal_basis="JW_WMO_TASK", reference="Z1")
    client.record_objection(CANARY)
    list(client.post_signals([NewSignal(person=CANARY, contact_date=today, **FACTS)]))
    list(client.list_signals())

    sent = b"\n".join(world.services.sent())
    assert len(drawn) > 30
    assert len(_canaries()) > 500
    assert _found(_canaries(), sent) == set()
    assert _found({written for scalar in drawn for written in _encodings(scalar)}, sent) == set()


def test_the_search_finds_what_a_leaking_client_would_send() -> None:
    leaks = [
        b'{"name":"kanariegeel-zwaluwstaart"}',
        b"xx" + b64encode(b"..." + (CANARY.bsn or "").encode() + b"!"),
        sha256((CANARY.bsn or "").encode()).hexdigest().upper().encode(),
        "Philomène".encode("utf-16-le"),
        b"Philom%C3%A8ne",
    ]
    for leak in leaks:
        assert _found(_canaries(), leak), leak


def test_nothing_of_a_person_is_kept_in_the_home(client: Client, world: World, today: date) -> None:
    world.hub.before.append(lambda _: problem(503, "unavailable", retry_after=3600))
    with pytest.raises(UnavailableError):
        client.post_signal(CANARY, contact_date=today, reference="F1", **FACTS)
    client.finish_pending()
    client.close()
    kept = b"\n".join(path.read_bytes() for path in client.home.iterdir())
    assert _found(_canaries(), kept) == set()
    assert b"F1" in kept


def _fail_unavailable(world: World) -> None:
    world.hub.before.append(lambda _: problem(503, "unavailable", retry_after=3600))


def _fail_problem(world: World) -> None:
    world.hub.before.append(lambda _: problem(403, "covenant_not_in_force"))


def _fail_receipt(world: World) -> None:
    world.hub.after.append(lambda answer: (202, {"nonsense": True}))


def _fail_proof(world: World) -> None:
    world.holder.tamper = lambda made: Evaluation(made.elements, tuple(bytes(64) for _ in made.proofs))


def _fail_answer(world: World) -> None:
    world.holder.after.append(lambda answer: (200, {"elements": "x"}))


def _fail_inside(world: World) -> None:
    world.holder.after.append(lambda answer: (200, ["x"]))


@pytest.mark.parametrize(
    "fail", [_fail_unavailable, _fail_problem, _fail_receipt, _fail_proof, _fail_answer, _fail_inside]
)
def test_a_failing_run_says_nothing_of_a_person(
    world: World,
    home: Path,
    tmp_path: Path,
    today: date,
    fail: Any,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    file = write_file(tmp_path / "contacten.csv", [make_row(CANARY, "F1", str(today))])
    fail(world)
    assert run(["--home", str(home), "import", str(file), "--weighed"]) in (3, 4)
    streams = capsys.readouterr()
    shown = f"{streams.out}{streams.err}{caplog.text}".encode() + file.with_suffix(".result.csv").read_bytes()
    assert _found(_canaries(), shown) == set()


def test_even_an_error_of_ours_shows_no_value(
    world: World,
    home: Path,
    tmp_path: Path,
    today: date,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def burst(*_: object, **__: object) -> None:
        raise ValueError(CANARY.bsn)

    monkeypatch.setattr("dat_client.importing.prepare", burst)
    file = write_file(tmp_path / "contacten.csv", [make_row(CANARY, "F1", str(today))])
    assert run(["--home", str(home), "import", str(file), "--weighed"]) == 1
    streams = capsys.readouterr()
    assert "ValueError" in streams.err
    assert _found(_canaries(), f"{streams.out}{streams.err}".encode()) == set()


def test_a_lost_answer_is_asked_for_again_with_the_same_key_and_bytes(
    client: Client, world: World, today: date
) -> None:
    def drop(_: Answer) -> Answer:
        raise DroppedConnectionError

    world.hub.after.extend([drop, drop])
    receipt = client.post_signal(CANARY, contact_date=today, **FACTS)

    posts = [call for call in world.hub.calls if call.path.endswith("/signals")]
    assert len(posts) == 3
    assert len({(call.headers["idempotency-key"], call.body) for call in posts}) == 1
    assert len({call.headers["dpop"] for call in posts}) == 3
    assert [stored.id for stored in world.hub.stored.values()] == [receipt.signal_id]
    assert len(world.waits) == 2


def test_an_evaluation_is_asked_for_again_with_a_new_blinding_and_request_id(
    client: Client, world: World, today: date
) -> None:
    world.holder.before.append(lambda _: problem(429, "quota", retry_after=1))
    client.post_signal(neighbour(1), contact_date=today, **FACTS)
    first, second = [call.json for call in world.holder.calls if call.path == "/v1/evaluations"]
    assert first["requestId"] != second["requestId"]
    assert not set(first["elements"]) & set(second["elements"])
    assert world.waits == [1.0]


def test_a_token_that_is_refused_is_replaced_once(client: Client, world: World, today: date) -> None:
    client.post_signal(neighbour(1), contact_date=today, **FACTS)
    world.hub.before.append(lambda _: problem(401, "invalid_token"))
    client.post_signal(neighbour(2), contact_date=today, **FACTS)
    assert world.hub.count("/token") == 2
    world.hub.before.extend([lambda _: problem(401, "invalid_token")] * 2)
    with pytest.raises(ProblemError, match="invalid_token"):
        client.post_signal(neighbour(3), contact_date=today, **FACTS)


def test_a_quota_that_is_used_up_is_left_for_another_day(client: Client, world: World, today: date) -> None:
    world.holder.before.append(lambda _: problem(429, "quota_exhausted", retry_after=40_000))
    with pytest.raises(UnavailableError, match="quota_exhausted"):
        client.post_signal(neighbour(1), contact_date=today, **FACTS)
    assert world.waits == []


def test_a_holder_that_lies_is_named_and_nothing_is_posted(client: Client, world: World, today: date) -> None:
    def swap(made: Evaluation) -> Evaluation:
        return Evaluation((made.elements[1], made.elements[0], *made.elements[2:]), made.proofs)

    world.holder.tamper = swap
    with pytest.raises(HolderProofError) as lied:
        client.post_signal(neighbour(1), contact_date=today, **FACTS)
    assert lied.value.index == 1
    assert world.hub.stored == {}


def test_another_key_than_the_pinned_one_is_refused_though_its_proofs_are_good(
    client: Client, world: World, today: date
) -> None:
    world.holder.shares["demographic"] = world.holder.shares["household"]
    with pytest.raises(HolderProofError):
        client.post_signal(neighbour(1), contact_date=today, **FACTS)


@pytest.mark.parametrize("wrong", ["root", "hub", "ended", "older"])
def test_a_manifest_is_believed_only_from_the_pinned_root_for_this_hub_and_now(
    world: World, home: Path, wrong: str
) -> None:
    manifest = world.manifest
    changes: dict[str, Any] = {
        "root": {},
        "hub": {"hub_id": "hub.elders.example"},
        "ended": {"valid_until": manifest.valid_from + timedelta(hours=1)},
        "older": {"valid_from": manifest.valid_from - timedelta(days=1)},
    }
    with world.open(home) as client:
        if wrong == "older":
            client.refresh_manifest()
        root = Ed25519PrivateKey.generate() if wrong == "root" else None
        world.publish(replace(manifest, **changes[wrong]), root=root)
        with pytest.raises(ManifestRefusedError):
            client.refresh_manifest()


def test_a_stored_manifest_is_used_until_it_ends(world: World, home: Path, today: date) -> None:
    with world.open(home) as client:
        client.post_signal(neighbour(1), contact_date=today, **FACTS)
    with world.open(home) as client:
        client.post_signal(neighbour(2), contact_date=today, **FACTS)
    assert world.holder.count("/manifest") == 1


def test_a_key_that_the_hub_destroyed_makes_the_client_renew_its_manifest(
    client: Client, world: World, today: date
) -> None:
    world.hub.before.append(lambda _: problem(400, "envelope_key_unknown"))
    with pytest.raises(ProblemError):
        client.post_signal(neighbour(1), contact_date=today, **FACTS)
    assert world.holder.count("/manifest") == 2


@pytest.mark.parametrize("change", ["signature", "bodyHash", "signalId", "key", "other"])
def test_a_receipt_that_is_not_the_hubs_about_this_post_is_refused_and_the_post_stays_pending(
    client: Client, world: World, today: date, change: str
) -> None:
    earlier = client.post_signal(neighbour(1), contact_date=today, **FACTS)

    def spoil(answer: Answer) -> Answer:
        status, receipt = answer
        assert isinstance(receipt, dict)
        if change == "other":
            return status, {**earlier.as_wire()}
        if change == "key":
            from nacl.signing import SigningKey

            world.hub.signer = SigningKey.generate()
            return status, world.hub._receipt(next(iter(world.hub.stored.values())).id, receipt["bodyHash"])
        first = "a" if receipt[change][0] != "a" else "b"
        return status, {**receipt, change: first + receipt[change][1:]}

    world.hub.after.append(spoil)
    with pytest.raises(ReceiptRefusedError):
        client.post_signal(CANARY, contact_date=today, **FACTS)
    if change != "key":
        (outcome,) = client.finish_pending()
        assert outcome.status == "accepted"
        assert len(world.hub.stored) == 2


def test_a_receipt_that_was_changed_on_disk_does_not_hold(client: Client, today: date) -> None:
    client.post_signal(CANARY, contact_date=today, **FACTS)
    with sqlite3.connect(client.home / "posts.db") as store:
        store.execute("update posts set receipt = replace(receipt, 'Z\"', '0\"')")
    store.close()
    good, bad = client.verify_receipts()
    assert (len(good), len(bad)) == (0, 1)


def test_an_import_that_is_killed_anywhere_goes_on_and_posts_each_row_once(
    world: World, home: Path, tmp_path: Path, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [make_row(neighbour(number), f"F{number}", str(today)) for number in range(30)]
    file = write_file(tmp_path / "contacten.csv", rows)
    code = (
        "import dat_client.importing as i, sys; i.CHUNK = 3\n"
        "from dat_client.cli import run; sys.exit(run(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "--home", str(home), "import", str(file), "--weighed"]
    for round_number in range(6):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        target = len(world.hub.stored) + 3 + round_number
        _kill_when(process, lambda target=target: len(world.hub.stored) >= target)
    done = subprocess.run(command, check=False, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(world.hub.stored) == 30
    keys = [item["idempotencyKey"] for call in _batches(world) for item in call.json["signals"]]
    assert len(set(keys)) == 30


def _batches(world: World) -> list[Call]:
    return [call for call in world.hub.calls if call.path.endswith("/signal-batches")]


def _kill_when(process: subprocess.Popen[bytes], ready: Any) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and not ready() and time.monotonic() < deadline:
        time.sleep(0.002)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
