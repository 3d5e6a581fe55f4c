"""A proof in a file: for one leaf, in one log, and for nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import verify
from ledger.checkpoint import Signer
from ledger.errors import LedgerError, ProofError
from ledger.proof import parse_proof, require_included
from tests.ledger.logs import AT, NAME, ORIGIN, SIGNER, WITNESS, numbered

LOG = numbered(13)
KEY = SIGNER.verifier
VKEY = Signer.from_seed(NAME, bytes(range(32))).verifier.to_text()


@pytest.mark.parametrize("index", range(13))
def test_every_leaf_has_a_proof_that_reads_back(index: int) -> None:
    proof = parse_proof(LOG.proof(index, witness=WITNESS).to_text())
    included = require_included(proof, LOG.hashes[index], log=[KEY], witnesses=WITNESS.keys)
    assert (included.checkpoint.size, {one.at for one in included.cosignatures}) == (13, {AT})


def test_an_extra_line_is_passed_over() -> None:
    text = LOG.proof(4).to_text().replace("\nindex", "\nextra QUFB\nindex")
    assert parse_proof(text) == LOG.proof(4)


@pytest.mark.parametrize("other", [3, 5, 12])
def test_a_proof_is_of_one_leaf(other: int) -> None:
    with pytest.raises(ProofError):
        require_included(LOG.proof(4), LOG.hashes[other], log=[KEY])


@given(st.data())
def test_no_changed_proof_is_taken_for_another(data: st.DataObject) -> None:
    text = LOG.proof(4).to_text()
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.characters(codec="utf-8")) + text[at + 1 :]
    try:
        proof = parse_proof(changed)
        require_included(proof, LOG.hashes[4], log=[KEY])
    except LedgerError:
        return
    assert changed == text


def judge(path: Path, index: int, *options: str) -> int:
    """Run the stand-alone verifier, under the key of the log as the manifest names it."""
    command = ["proof", str(path), "--key", VKEY, "--leaf-hash", LOG.hashes[index].hex(), *options]
    return verify.main(command)


@pytest.mark.parametrize("index", range(13))
def test_the_stand_alone_verifier_agrees(tmp_path: Path, index: int) -> None:
    path = tmp_path / "one.tlog-proof"
    path.write_text(LOG.proof(index, witness=WITNESS).to_text(), encoding="utf-8")
    witnesses = [f"--witness={key.to_text()}" for key in WITNESS.keys]
    assert judge(path, index, *witnesses) == 0
    assert judge(path, (index + 1) % 13) == 1
    path.write_text(LOG.proof(index).to_text(), encoding="utf-8")
    assert (judge(path, index), judge(path, index, *witnesses)) == (0, 1)


def test_the_stand_alone_verifier_says_when_it_was_cosigned(tmp_path: Path) -> None:
    directory = LOG.export(tmp_path / "log", note=LOG.note(witness=WITNESS))
    command = [sys.executable, "-I", verify.__file__, "log", str(directory), "--key", VKEY]
    command += [f"--witness={key.to_text()}" for key in WITNESS.keys]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"OK {ORIGIN} size 13 root ")
    assert said.endswith("cosigned 2026-11-18T11:06:40Z\n"), said
