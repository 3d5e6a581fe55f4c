"""Keep secret keys outside the database and its backups.

`KeyStore` is the seam for a KMS; the file store is the one implementation.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Protocol

from service.errors import UnsafeSettingsError

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}")


class KeyStore(Protocol):
    """Hold named secret keys."""

    def read(self, name: str) -> bytes:
        """Return the key; raises KeyError when there is none."""
        ...

    def create(self, name: str, secret: bytes) -> None:
        """Store a new key; raises FileExistsError rather than overwrite one."""
        ...

    def destroy(self, name: str) -> None:
        """Make the key unreadable."""
        ...

    def names(self, prefix: str = "") -> list[str]:
        """List the names of the keys there are, sorted."""
        ...


class FileKeyStore:
    """Keys as files of mode 0600 in a directory of mode 0700, owned by the account that runs the service."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        require_private(directory, allowed=0o700)

    def read(self, name: str) -> bytes:
        """Return the key.

        Raises:
            KeyError: There is no key of that name.
            UnsafeSettingsError: Somebody else could read the file.
        """
        path = self._path(name)
        if not path.exists():
            raise KeyError(name)
        require_private(path, allowed=0o600)
        return path.read_bytes()

    def create(self, name: str, secret: bytes) -> None:
        """Store a new key, durably, and never over an old one; its name is there when all of it is."""
        # A full disk or a kill half-way would leave half a key under the name, and nobody could start again.
        path, half = self._path(name), self.directory / f".{name}.{os.urandom(8).hex()}"
        try:
            _write_new(half, secret)
            os.link(half, path)
        finally:
            half.unlink(missing_ok=True)
        self._flush_names()

    def destroy(self, name: str) -> None:
        """Overwrite and remove the key: what was sealed under it stays sealed."""
        path = self._path(name)
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        self._flush_names()

    def names(self, prefix: str = "") -> list[str]:
        """List the names of the keys there are, sorted."""
        names = (path.name for path in self.directory.iterdir())
        return sorted(name for name in names if name.startswith(prefix) and _NAME.fullmatch(name))

    def _flush_names(self) -> None:
        directory = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("key names are short and lower case")
        return self.directory / name


def _write_new(path: Path, secret: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def require_private(path: Path, *, allowed: int) -> None:
    """Refuse a file or directory that another account could read or owns."""
    status = path.stat()
    if stat.S_IMODE(status.st_mode) & ~allowed:
        raise UnsafeSettingsError(f"{path}: readable by others; run: chmod {allowed:o} {path}")
    if status.st_uid != os.geteuid():
        raise UnsafeSettingsError(f"{path}: belongs to another account")
