"""Our log, judged by Go's checksum database code (Debian: golang-go, golang-golang-x-mod-dev)."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from ledger.tree import consistency_proof, inclusion_proof
from tests.ledger.logs import SIGNER, WITNESS, MemoryLog, numbered

pytestmark = pytest.mark.prove

SOURCE = Path(__file__).parent / "sumdb" / "main.go"
MODULES = Path("/usr/share/gocode")
LOG = numbered(5_003)
CHANCE = random.Random(5_003)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The judge, compiled."""
    if shutil.which("go") is None or not (MODULES / "src/golang.org/x/mod/sumdb").exists():
        pytest.fail("run: apt-get install golang-go golang-golang-x-mod-dev", pytrace=False)
    folder = tmp_path_factory.mktemp("sumdb")
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(MODULES),
        "GOCACHE": str(folder / "cache"),
        "GOFLAGS": "",
    }
    subprocess.run(["go", "build", "-o", folder / "judge", SOURCE], env=environment, check=True)
    return folder / "judge"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Proofs that our code made, at random."""
    path = tmp_path_factory.mktemp("cases") / "cases.json"
    path.write_text(json.dumps(proofs_of(LOG)))
    return path


def proofs_of(log: MemoryLog, count: int = 400) -> dict[str, Any]:
    hashes = log.hashes
    included, continued = [], []
    for _ in range(count):
        old, new = sorted(CHANCE.sample(range(1, len(hashes) + 1), 2))
        included.append((CHANCE.randrange(new), new))
        continued.append((old, new))
    return {
        "Key": SIGNER.verifier.to_text(),
        "Inclusion": [
            {
                "Index": index,
                "Size": size,
                "Leaf": base64(log.leaves[index]),
                "Root": base64(log.checkpoint(size).root),
                "Proof": [base64(one) for one in inclusion_proof(hashes, index, size)],
            }
            for index, size in included
        ],
        "Consistency": [
            {
                "Old": old,
                "New": new,
                "OldRoot": base64(log.checkpoint(old).root),
                "NewRoot": base64(log.checkpoint(new).root),
                "Proof": [base64(one) for one in consistency_proof(hashes, old, new)],
            }
            for old, new in continued
        ],
    }


def base64(data: bytes) -> str:
    return b64encode(data).decode()


def judge(program: Path, export: Path, cases: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, export, cases], capture_output=True, text=True, check=False)


def test_go_agrees_with_head_root_proofs_and_tiles(program: Path, cases: Path, tmp_path: Path) -> None:
    export = LOG.export(tmp_path, note=LOG.note(witness=WITNESS))
    done = judge(program, export, cases)
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout) == {
        "leaves": 5_003,
        "verified": 1,
        "passed": 2,  # the witness's lines, of kinds that it does not know
        "tiled": 128,
        "inclusion": 400,
        "consistency": 400,
    }


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513])
def test_go_agrees_at_the_edges_of_tiles(program: Path, tmp_path: Path, size: int) -> None:
    log = numbered(size)
    (tmp_path / "cases").write_text(json.dumps({"Key": SIGNER.verifier.to_text()}))
    done = judge(program, log.export(tmp_path / "export"), tmp_path / "cases")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "path",
    ["checkpoint", "tile/entries/003", "tile/0/007", "tile/0/019.p/139", "tile/1/000.p/19"],
)
def test_go_refuses_a_flipped_bit(program: Path, cases: Path, tmp_path: Path, path: str) -> None:
    export = LOG.export(tmp_path)
    data = bytearray((export / path).read_bytes())
    data[70 if path == "checkpoint" else 40] ^= 1
    (export / path).write_bytes(data)
    assert judge(program, export, cases).returncode != 0


def test_go_refuses_a_proof_of_another_leaf(program: Path, tmp_path: Path) -> None:
    given = proofs_of(LOG, 2)
    given["Inclusion"][0]["Leaf"] = base64(b"forged")
    (tmp_path / "cases").write_text(json.dumps(given))
    done = judge(program, LOG.export(tmp_path / "export"), tmp_path / "cases")
    assert done.returncode != 0
