"""The privacy officer's own witness: one file, one memory, and no way to make it forget."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import witness
from ledger.checkpoint import Signer
from ledger.cosignature import parse_witness_key, read_cosignatures
from ledger.witnessing import Submission
from tests.ledger.logs import NAME, ORIGIN, SIGNER, MemoryLog, numbered

LOG = numbered(60)
FORGED = MemoryLog([*LOG.leaves[:10], b"forged", *LOG.leaves[11:]])
VKEY = Signer(NAME, SIGNER.key).verifier.to_text()
OFFICER = "fg.gemeente.example/w1"


@pytest.fixture
def state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A fresh memory."""
    path = tmp_path / "state.json"
    assert witness.main(["init", str(path), "--name", OFFICER, "--log", VKEY]) == 0
    capsys.readouterr()
    return path


class Officer:
    """Somebody who runs the program."""

    def __init__(self, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state, self.capsys = state, capsys

    def cosign(self, submission: Submission | str) -> tuple[int, str]:
        text = submission if isinstance(submission, str) else submission.to_text()
        path = self.state.with_name("submission")
        path.write_text(text, encoding="utf-8")
        code = witness.main(["cosign", str(self.state), str(path)])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def show(self) -> list[str]:
        witness.main(["show", str(self.state)])
        return self.capsys.readouterr().out.splitlines()


@pytest.fixture
def officer(state: Path, capsys: pytest.CaptureFixture[str]) -> Officer:
    """The privacy officer at work."""
    return Officer(state, capsys)


def test_what_it_cosigns_is_read_by_everybody_else(officer: Officer) -> None:
    keys = [parse_witness_key(line) for line in officer.show()]
    assert [key.kind for key in keys] == [4, 6]
    for old, new in [(0, 5), (5, 5), (5, 60)]:
        code, note = officer.cosign(LOG.submission(old, new))
        assert code == 0
        assert [one.kind for one in read_cosignatures(note, keys)] == [4, 6]
    assert officer.show()[-1] == f"{ORIGIN} size 60 root {LOG.checkpoint().root.hex()}"


@pytest.mark.parametrize("old", [1, 2, 3, 7, 8, 31, 32, 59])
def test_it_follows_a_tree_from_any_size(officer: Officer, old: int) -> None:
    assert officer.cosign(LOG.submission(0, old))[0] == 0
    assert officer.cosign(LOG.submission(old, 60))[0] == 0


def test_a_tree_that_became_smaller_is_refused(officer: Officer) -> None:
    assert officer.cosign(LOG.submission(0, 40))[0] == 0
    code, said = officer.cosign(LOG.submission(20, 30))
    assert (code, said) == (1, "REFUSED ROLLED BACK: this head has 30 leaves and I saw 40\n")
    assert officer.show()[-1].split()[2] == "40"


@pytest.mark.parametrize("new", [40, 41, 60])
def test_a_history_that_was_written_anew_is_refused(officer: Officer, new: int) -> None:
    assert officer.cosign(LOG.submission(0, 40))[0] == 0
    code, said = officer.cosign(FORGED.submission(40, new))
    assert code == 1
    assert said.startswith("REFUSED WRITTEN ANEW")


def test_it_says_from_where_a_proof_must_begin(officer: Officer) -> None:
    assert officer.cosign(LOG.submission(0, 40))[0] == 0
    assert officer.cosign(LOG.submission(0, 60)) == (
        1,
        "REFUSED the proof begins at 0: ask for one with --old 40\n",
    )


def test_other_logs_and_false_notes_are_refused(officer: Officer) -> None:
    false = LOG.submission(0, 5)
    for submission in (
        MemoryLog(LOG.leaves, Signer.generate(ORIGIN)).submission(0, 5),
        MemoryLog(LOG.leaves, Signer(f"{NAME}/elsewhere", SIGNER.key)).submission(0, 5),
        MemoryLog(LOG.leaves, Signer("other.example", SIGNER.key)).submission(0, 5),
        replace(false, note=false.note.replace("\n5\n", "\n6\n")),
        replace(false, proof=(bytes(32),)),
        "",
        "old 0\n",
        "old 00\n\n" + LOG.note(5),
        "old 0\nx\n\n" + LOG.note(5),
    ):
        code, said = officer.cosign(submission)
        assert (code, said[:7]) == (1, "REFUSED")
    assert officer.show()[2:] == []


def test_each_tree_is_remembered_on_its_own(officer: Officer) -> None:
    again = MemoryLog(LOG.leaves[:7], Signer(f"{NAME}/2026h2.2", SIGNER.key))
    assert officer.cosign(LOG.submission(0, 40))[0] == 0
    assert officer.cosign(again.submission(0, 7))[0] == 0
    assert len(officer.show()) == 4


def test_without_its_memory_there_is_no_witness(officer: Officer, capsys: pytest.CaptureFixture[str]) -> None:
    assert witness.main(["init", str(officer.state), "--name", OFFICER, "--log", VKEY]) == 2
    officer.state.unlink()
    assert officer.cosign(LOG.submission(0, 5))[0] == 2
    officer.state.write_text("{}")
    assert officer.cosign(LOG.submission(0, 5))[0] == 1


def test_what_was_seen_is_on_disk_before_anything_is_said(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    code, said = officer.cosign(LOG.submission(0, 5))
    assert code == 2
    assert "\u2014" not in said
    assert json.loads(officer.state.read_text())["trees"] == {}


def test_two_of_it_at_once_do_not_cosign(officer: Officer, state: Path) -> None:
    """Each would hold what it read against its own proof, and the last to write would win."""
    with witness.alone(state):
        code, said = officer.cosign(LOG.submission(0, 5))
    assert (code, "at work already" in said) == (1, True)
    assert officer.cosign(LOG.submission(0, 5))[0] == 0


def test_its_memory_is_its_own(officer: Officer) -> None:
    officer.cosign(LOG.submission(0, 5))
    assert officer.state.stat().st_mode & 0o077 == 0


@given(st.lists(st.integers(0, 60), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_it_agrees_with_the_rule_that_the_key_holder_follows(sizes: list[int]) -> None:
    seen = {"size": 0, "root": witness.EMPTY}
    for size in sizes:
        old = seen["size"]
        grows = size >= old
        proof = list(LOG.submission(old, size).proof) if grows else []
        try:
            if not grows:
                continue
            witness.require_consistent(seen, size, LOG.checkpoint(size).root, proof)
        except witness.RefusedError:
            raise AssertionError((old, size)) from None
        seen = {"size": size, "root": LOG.checkpoint(size).root.hex()}


def test_the_file_runs_alone(tmp_path: Path) -> None:
    copy = tmp_path / "witness.py"
    copy.write_bytes(Path(witness.__file__).read_bytes())
    (tmp_path / "submission").write_text(LOG.submission(0, 9).to_text(), encoding="utf-8")
    state = str(tmp_path / "state.json")
    for command in (["init", state, "--name", OFFICER, "--log", VKEY], ["cosign", state, "submission"]):
        done = subprocess.run(
            [sys.executable, "-I", str(copy), *command], cwd=tmp_path, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith(f"{ORIGIN}\n9\n")
