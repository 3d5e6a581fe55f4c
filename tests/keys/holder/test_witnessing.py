"""The holder as a witness, over HTTP: one growing tree for each origin, kept before it is answered for."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from keys.holder import witnessing
from keys.holder.cli import app
from keys.holder.opening import Holder, open_holder
from ledger.checkpoint import Signer, open_checkpoint
from ledger.cosignature import parse_witness_key, read_cosignatures
from ledger.witnessing import Submission
from service.work import OPERATOR
from tests.keys.holder import world
from tests.ledger.logs import NAME, ORIGIN, SIGNER, MemoryLog, numbered

LOG = numbered(60)
VKEY = Signer(NAME, SIGNER.key).verifier.to_text()
FORGED = MemoryLog([*LOG.leaves[:10], b"forged", *LOG.leaves[11:]])


@pytest.fixture(autouse=True)
def trusted(holder: Holder) -> None:
    """The log is known to this holder."""
    with holder.database.work(OPERATOR) as work:
        witnessing.trust_log(work, VKEY)


def send(http: TestClient, submission: Submission | str) -> tuple[int, str]:
    body = submission if isinstance(submission, str) else submission.to_text()
    answer = http.post("/v1/witness/add-checkpoint", content=body.encode())
    return answer.status_code, answer.text


def held(http: TestClient, origin: str = ORIGIN) -> str:
    answer = http.get(f"/v1/witness/{sha256(origin.encode()).hexdigest()}/checkpoint")
    return answer.text if answer.status_code == 200 else ""


def test_what_continues_the_tree_is_cosigned_with_both_keys(holder: Holder, http: TestClient) -> None:
    for old, new in [(0, 5), (5, 5), (5, 60)]:
        status, lines = send(http, LOG.submission(old, new))
        assert status == 200
        found = read_cosignatures(LOG.note(new) + lines, holder.cosigner.keys)
        assert [one.kind for one in found] == [4, 6]
    note = held(http)
    assert open_checkpoint(note, [SIGNER.verifier]).size == 60
    assert len(read_cosignatures(note, holder.cosigner.keys)) == 2


def test_a_roll_back_and_a_history_written_anew_are_refused_and_nothing_is_forgotten(
    http: TestClient,
) -> None:
    assert send(http, LOG.submission(0, 40))[0] == 200
    assert send(http, LOG.submission(20, 30)) == (409, "40\n")
    assert send(http, LOG.submission(0, 60)) == (409, "40\n")
    assert send(http, FORGED.submission(40, 60))[0] == 422
    assert send(http, FORGED.submission(40, 40))[0] == 422
    assert send(http, LOG.submission(40, 40))[0] == 200
    assert open_checkpoint(held(http), [SIGNER.verifier]).size == 40


def test_who_is_not_known_is_not_cosigned(http: TestClient) -> None:
    stranger = MemoryLog(LOG.leaves, Signer.generate("other.example/audit/2026h2"))
    thief = MemoryLog(LOG.leaves, Signer.generate(ORIGIN))
    odd = MemoryLog(LOG.leaves, Signer(f"{NAME}/elsewhere", SIGNER.key))
    assert send(http, stranger.submission(0, 5))[0] == 404
    assert send(http, odd.submission(0, 5))[0] == 404
    assert send(http, thief.submission(0, 5))[0] == 403
    assert send(http, "old 0\n")[0] == 400
    assert http.post("/v1/witness/add-checkpoint", content=b"\xff").status_code == 400
    assert http.post("/v1/witness/add-checkpoint", content=b"x" * 200_000).status_code == 400
    assert held(http) == ""
    assert held(http, stranger.signer.name) == ""


def test_each_tree_of_a_log_is_remembered_on_its_own(http: TestClient) -> None:
    again = MemoryLog(LOG.leaves[:7], Signer(f"{NAME}/2026h2.2", SIGNER.key))
    assert send(http, LOG.submission(0, 60))[0] == 200
    assert send(http, again.submission(0, 7))[0] == 200
    assert open_checkpoint(held(http), [SIGNER.verifier]).size == 60


def test_what_was_seen_outlives_the_process(holder: Holder, http: TestClient) -> None:
    assert send(http, LOG.submission(0, 40))[0] == 200
    again = open_holder(holder.settings)
    with world.serve(again) as restarted:
        assert send(restarted, LOG.submission(0, 60)) == (409, "40\n")
    again.database.close()


def test_of_heads_that_race_only_one_history_is_cosigned(http: TestClient) -> None:
    assert send(http, LOG.submission(0, 5))[0] == 200
    with ThreadPoolExecutor(8) as pool:
        heads = [LOG.submission(5, 30), FORGED.submission(5, 30)] * 8
        said = list(pool.map(lambda one: send(http, one), heads))
    assert [status for status, _ in said].count(200) == 1
    assert {status for status, _ in said} == {200, 409}


def test_a_cosignature_is_not_given_when_it_cannot_be_remembered(holder: Holder, http: TestClient) -> None:
    assert send(http, LOG.submission(0, 5))[0] == 200
    with holder.database.writer.begin() as connection:
        connection.execute(text("ALTER TABLE witnessed_tree RENAME COLUMN note TO lost"))
    try:
        status, said = send(http, LOG.submission(5, 60))
        assert status in {500, 503}
        assert "witness" not in said
    finally:
        with holder.database.writer.begin() as connection:
            connection.execute(text("ALTER TABLE witnessed_tree RENAME COLUMN lost TO note"))
    assert open_checkpoint(held(http), [SIGNER.verifier]).size == 5


def test_lines_that_others_wrote_under_a_head_are_not_kept(http: TestClient) -> None:
    noisy = LOG.note(5) + "\u2014 someone.example AAAAAAAA\n"
    assert send(http, Submission(0, (), noisy))[0] == 200
    assert "someone" not in held(http)


def test_a_trusted_log_keeps_its_key(holder: Holder) -> None:
    other = Signer.generate(NAME).verifier.to_text()
    with holder.database.work(OPERATOR) as work:
        assert witnessing.trust_log(work, other).to_text() == VKEY


def test_the_administrator_sees_keys_and_logs(
    holder: Holder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DAT_KEYS_DATA", str(holder.settings.data))
    monkeypatch.setenv("DAT_KEYS_DATABASE_URL", holder.settings.database)
    cli = CliRunner()
    keys = cli.invoke(app, ["witness", "keys"]).output.split()
    assert [parse_witness_key(key) for key in keys] == holder.cosigner.keys
    assert cli.invoke(app, ["witness", "trust", VKEY]).output == f"{VKEY}\n"
    assert cli.invoke(app, ["witness", "list"]).output == f"{VKEY}\n"
    part = json.loads(cli.invoke(app, ["public-part"]).output)
    assert part["witness"] == keys
