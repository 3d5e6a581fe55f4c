"""The stand-alone verifier, run as its reader runs it, names what somebody did to the log."""

from __future__ import annotations

import ast
import base64
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger import verify
from ledger.checkpoint import Checkpoint, Signer, sign_checkpoint
from ledger.note import sign
from ledger.tiles import WIDTH, Row, entries_path, tiles_of, write_bundle
from ledger.tree import leaf_hash, root_of

ORIGIN = "gemeente.example/dat/audit/2026h2"
SIGNER = Signer.from_seed(ORIGIN, bytes(range(32)))
KEY = SIGNER.verifier.to_text()
LEAVES = [b'{"n":%d}' % number for number in range(13)]
SOURCE = Path(verify.__file__)


def note_of(leaves: list[bytes], *, signer: Signer = SIGNER) -> str:
    root = root_of([leaf_hash(leaf) for leaf in leaves])
    return sign_checkpoint(Checkpoint(signer.name, len(leaves), root), signer)


def export(directory: Path, leaves: list[bytes], note: str) -> Path:
    """Write an export of these leaves with their own tiles, whatever the note says."""
    files = {"checkpoint": note.encode()}
    for row in tiles_of(len(leaves)):
        files[row.path] = b"".join(hashes_of(leaves, row))
        if row.level == 0:
            path = entries_path(row.start // WIDTH, row.end - row.start)
            files[path] = write_bundle(leaves[row.start : row.end])
    for name, data in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(data)
    return directory


def hashes_of(leaves: list[bytes], row: Row) -> list[bytes]:
    """The hashes of one level by the recursive definition."""
    step = WIDTH**row.level
    return [
        root_of([leaf_hash(one) for one in leaves[at * step : (at + 1) * step]])
        for at in range(row.start, row.end)
    ]


Judge = Callable[..., tuple[int, str]]


@pytest.fixture
def judge(capsys: pytest.CaptureFixture[str]) -> Judge:
    """Run the verifier; give its exit code and what it said."""

    def run(directory: Path, *options: str, key: str = KEY) -> tuple[int, str]:
        code = verify.main(["log", str(directory), "--key", key, *options])
        said = capsys.readouterr()
        return code, (said.out + said.err).strip()

    return run


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 13])
def test_a_whole_log_is_said_to_be_whole(tmp_path: Path, judge: Judge, size: int) -> None:
    leaves = LEAVES[:size]
    root = root_of([leaf_hash(leaf) for leaf in leaves]).hex()
    assert judge(export(tmp_path, leaves, note_of(leaves))) == (0, f"OK {ORIGIN} size {size} root {root}")


def test_a_larger_log_than_a_thousand_leaves_too(tmp_path: Path, judge: Judge) -> None:
    leaves = [b"%d" % number for number in range(1_500)]
    assert judge(export(tmp_path, leaves, note_of(leaves)))[0] == 0


CHANGES = {
    "modified": [*LEAVES[:5], b'{"n":50}', *LEAVES[6:]],
    "swapped": [*LEAVES[:5], LEAVES[6], LEAVES[5], *LEAVES[7:]],
    "inserted": [*LEAVES[:5], b'{"n":50}', *LEAVES[5:-1]],
    "first swapped with last": [LEAVES[-1], *LEAVES[1:-1], LEAVES[0]],
}


@pytest.mark.parametrize("leaves", CHANGES.values(), ids=CHANGES)
def test_a_changed_history_does_not_give_the_root(tmp_path: Path, judge: Judge, leaves: list[bytes]) -> None:
    said = judge(export(tmp_path, leaves, note_of(LEAVES)))
    assert said == (1, "WRONG the first 13 leaves do not give the root of checkpoint")


def test_every_flipped_bit_of_every_leaf_is_seen(tmp_path: Path, judge: Judge) -> None:
    directory = export(tmp_path, LEAVES, note_of(LEAVES))
    for at in range(len(LEAVES)):
        for bit in range(len(LEAVES[at]) * 8):
            flipped = bytearray(LEAVES[at])
            flipped[bit // 8] ^= 1 << bit % 8
            leaves = [*LEAVES[:at], bytes(flipped), *LEAVES[at + 1 :]]
            (directory / "tile/entries/000.p/13").write_bytes(write_bundle(leaves))
            assert judge(directory)[0] == 1


@pytest.mark.parametrize("at", range(13))
def test_a_deleted_leaf_is_counted(tmp_path: Path, judge: Judge, at: int) -> None:
    said = judge(export(tmp_path, LEAVES[:at] + LEAVES[at + 1 :], note_of(LEAVES)))
    assert said == (1, "WRONG tile/entries/000.p/13: is not there, and the checkpoint asks for it")


def test_a_bundle_that_holds_fewer_leaves_than_its_name_says_is_named(tmp_path: Path, judge: Judge) -> None:
    directory = export(tmp_path, LEAVES, note_of(LEAVES))
    for leaves in (LEAVES[:-1], [*LEAVES, b"x"]):
        (directory / "tile/entries/000.p/13").write_bytes(write_bundle(leaves))
        code, said = judge(directory)
        assert (code, said[:5]) == (1, "WRONG")


def test_a_leaf_put_behind_the_last_is_counted(tmp_path: Path, judge: Judge) -> None:
    said = judge(export(tmp_path, [*LEAVES, b"x"], note_of(LEAVES)))
    assert said[0] == 1


def test_a_size_that_was_changed_in_the_note_breaks_the_signature(tmp_path: Path, judge: Judge) -> None:
    said = judge(export(tmp_path, LEAVES, note_of(LEAVES).replace("\n13\n", "\n12\n")))
    assert said == (1, f"WRONG checkpoint: the signature of {ORIGIN} is false")


def test_a_signed_head_of_the_wrong_size_is_seen(tmp_path: Path, judge: Judge) -> None:
    root = root_of([leaf_hash(leaf) for leaf in LEAVES])
    for size in (12, 14):
        note = sign_checkpoint(Checkpoint(ORIGIN, size, root), SIGNER)
        assert judge(export(tmp_path, LEAVES, note))[0] == 1


def test_another_key_of_the_same_name_did_not_sign(tmp_path: Path, judge: Judge) -> None:
    other = Signer.generate(ORIGIN)
    unsigned = (1, f"WRONG checkpoint: not signed by {ORIGIN} with the given key")
    assert judge(export(tmp_path, LEAVES, note_of(LEAVES, signer=other))) == unsigned
    assert judge(export(tmp_path, LEAVES, note_of(LEAVES)), key=other.verifier.to_text()) == unsigned


def test_a_checkpoint_of_another_origin_is_not_this_logs(tmp_path: Path, judge: Judge) -> None:
    other = Signer.from_seed("other.example/log", bytes(range(32)))
    assert judge(export(tmp_path, LEAVES, note_of(LEAVES, signer=other)))[0] == 1
    root = root_of([leaf_hash(leaf) for leaf in LEAVES])
    borrowed = sign(Checkpoint("other.example/log", 13, root).to_text(), SIGNER)
    said = judge(export(tmp_path, LEAVES, borrowed))
    assert said == (1, f"WRONG checkpoint: not a checkpoint of the log {ORIGIN}")


def test_lines_of_witnesses_are_passed_over(tmp_path: Path, judge: Judge) -> None:
    witness = sign(Checkpoint(ORIGIN, 13, root_of([])).to_text(), Signer.generate("w.example")).split("\n")[
        -2
    ]
    assert judge(export(tmp_path, LEAVES, note_of(LEAVES) + witness + "\n"))[0] == 0


def test_a_log_that_grew_still_begins_with_what_was_signed_before(tmp_path: Path, judge: Judge) -> None:
    for size in (0, 5, 13):
        (tmp_path / str(size)).write_text(note_of(LEAVES[:size]), encoding="utf-8")
    options = [f"--earlier={tmp_path / name}" for name in ("13", "0", "5", "5")]
    assert judge(export(tmp_path / "now", LEAVES, note_of(LEAVES)), *options)[0] == 0


def test_a_log_written_anew_with_the_stolen_key_is_seen_by_who_kept_a_checkpoint(
    tmp_path: Path, judge: Judge
) -> None:
    for size in (3, 5, 8):
        (tmp_path / str(size)).write_text(note_of(LEAVES[:size]), encoding="utf-8")
    options = [f"--earlier={tmp_path / str(size)}" for size in (8, 3, 5)]
    rewritten = [*LEAVES[:4], b"forged", *LEAVES[5:]]
    forged = export(tmp_path / "now", rewritten, note_of(rewritten))
    assert judge(forged)[0] == 0
    assert judge(forged, *options) == (1, "WRONG the first 5 leaves do not give the root of 5")


def test_a_log_that_was_rolled_back_is_seen_by_who_kept_a_checkpoint(tmp_path: Path, judge: Judge) -> None:
    (tmp_path / "kept").write_text(note_of(LEAVES), encoding="utf-8")
    old = export(tmp_path / "now", LEAVES[:9], note_of(LEAVES[:9]))
    said = judge(old, f"--earlier={tmp_path / 'kept'}")
    assert said == (1, "WRONG rolled back: kept has 13 leaves, the log 9")


@pytest.mark.parametrize(
    "bundle", [b"", b"\0", b"\0\0", b"\0\x02x", b"\x04\x01" + bytes(1_025), b"\xff" * 9_999]
)
def test_a_bundle_that_is_none_is_named(tmp_path: Path, judge: Judge, bundle: bytes) -> None:
    directory = export(tmp_path, LEAVES, note_of(LEAVES))
    (directory / "tile/entries/000.p/13").write_bytes(bundle)
    code, said = judge(directory)
    assert code == 1
    assert said.startswith("WRONG tile/entries/000.p/13: ")


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001.p/244", "tile/1/000.p/1"])
def test_a_tile_with_another_hash_is_named(tmp_path: Path, judge: Judge, path: str) -> None:
    leaves = [b"%d" % number for number in range(500)]
    directory = export(tmp_path, leaves, note_of(leaves))
    tile = bytearray((directory / path).read_bytes())
    tile[-1] ^= 1
    (directory / path).write_bytes(tile)
    assert judge(directory) == (1, f"WRONG {path}: other hashes than those of the leaves")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "x",
        note_of(LEAVES).removesuffix("\n"),
        note_of(LEAVES).replace("\u2014", "-"),
        "x" * 200_000 + note_of(LEAVES),
        note_of(LEAVES) + "y" * (verify.MAX_NOTE - len(note_of(LEAVES).encode())) + "\n",
        sign(f"{ORIGIN}\n13\n", SIGNER),
        sign(f"{ORIGIN}\n{'9' * 5_000}\n{base64.b64encode(bytes(32)).decode()}\n", SIGNER),
        sign(f"{ORIGIN}\n013\n{base64.b64encode(bytes(32)).decode()}\n", SIGNER),
        sign(f"{ORIGIN}\n13\n{base64.b64encode(bytes(31)).decode()}\n", SIGNER),
        sign(f"{ORIGIN}\n13\nxx\n", SIGNER),
        sign(f"{ORIGIN}\n13\n{base64.b64encode(bytes(32)).decode()}\nmore\n", SIGNER),
    ],
)
def test_a_malformed_checkpoint_is_wrong(tmp_path: Path, judge: Judge, note: str) -> None:
    code, said = judge(export(tmp_path, LEAVES, note))
    assert code == 1
    assert said.startswith("WRONG checkpoint: ")


@pytest.mark.parametrize("key", ["", "x", KEY[:-1], KEY.replace(ORIGIN, "x"), KEY + "é", "\udcff+00+AQ=="])
def test_without_a_key_there_is_no_judgement(tmp_path: Path, judge: Judge, key: str) -> None:
    code, said = judge(export(tmp_path, LEAVES, note_of(LEAVES)), key=key)
    assert code == 2
    assert said.startswith("NO JUDGEMENT ")


def test_without_files_there_is_no_judgement(tmp_path: Path, judge: Judge) -> None:
    assert judge(tmp_path / "absent")[0] == 2
    (export(tmp_path, LEAVES, note_of(LEAVES)) / "checkpoint").unlink()
    assert judge(tmp_path)[0] == 2


def test_the_file_runs_alone_and_far_from_this_project(tmp_path: Path) -> None:
    copy = tmp_path / "verify.py"
    copy.write_bytes(SOURCE.read_bytes())
    whole = export(tmp_path / "whole", LEAVES, note_of(LEAVES))
    wrong = export(tmp_path / "wrong", LEAVES[1:], note_of(LEAVES))
    for directory, code in [(whole, 0), (wrong, 1), (tmp_path / "absent", 2)]:
        command = [sys.executable, "-I", str(copy), "log", str(directory), "--key", KEY]
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == code
    in_place = [sys.executable, str(SOURCE), "log", str(whole), "--key", KEY]
    assert subprocess.run(in_place, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def imports_of(path: Path) -> set[str]:
    """The first names of everything that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or ".").split(".")[0])
    return names - set(sys.stdlib_module_names)


def test_the_verifier_and_the_ledger_lean_on_nothing_but_cryptography() -> None:
    assert imports_of(SOURCE) == {"cryptography"}
    assert imports_of(SOURCE.with_name("witness.py")) == {"cryptography"}
    for path in SOURCE.parent.glob("*.py"):
        assert imports_of(path) <= {"ledger", "nacl", "cryptography"}
