"""Keys as files: whole or not there, whatever happens while one is written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.keystore import FileKeyStore

# A key too large for what the process may write: a full disk, as far as it can tell.
FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from service.keystore import FileKeyStore
signal.signal(signal.SIGXFSZ, signal.{on_full})
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
FileKeyStore(Path(sys.argv[1])).create("row.1", bytes(32))
"""


@pytest.fixture
def store(tmp_path: Path) -> FileKeyStore:
    return FileKeyStore(tmp_path / "keys")


def test_a_key_is_read_as_it_was_stored_and_nobody_else_can(store: FileKeyStore) -> None:
    store.create("row.1", b"secret")
    assert (store.read("row.1"), store.names("row."), store.names("pepper.")) == (b"secret", ["row.1"], [])
    assert [(path.name, path.stat().st_mode & 0o777) for path in store.directory.iterdir()] == [
        ("row.1", 0o600)
    ]


def test_a_key_is_never_written_over_another(store: FileKeyStore) -> None:
    store.create("row.1", b"first")
    with pytest.raises(FileExistsError):
        store.create("row.1", b"second")
    assert (store.read("row.1"), len(os.listdir(store.directory))) == (b"first", 1)


@pytest.mark.parametrize(
    ("on_full", "status"), [("SIG_IGN", 1), ("SIG_DFL", -signal.SIGXFSZ)], ids=["full disk", "killed"]
)
def test_a_key_that_could_not_be_written_whole_is_not_there(
    store: FileKeyStore, on_full: str, status: int
) -> None:
    command = [sys.executable, "-B", "-c", FULL_DISK.format(on_full=on_full), str(store.directory)]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == status, done.stderr
    assert (b"File too large" in done.stderr) == (status == 1)
    assert store.names() == []
    with pytest.raises(KeyError):
        store.read("row.1")
    store.create("row.1", b"secret")
    assert store.read("row.1") == b"secret"


def test_a_destroyed_key_is_gone(store: FileKeyStore) -> None:
    store.create("row.1", b"secret")
    store.destroy("row.1")
    assert (store.names(), list(store.directory.iterdir())) == ([], [])
