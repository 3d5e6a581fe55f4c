"""Write and read files that only their owner may see."""

from __future__ import annotations

import os
from pathlib import Path

from dat_client.errors import ConfigurationError

OTHERS = 0o077


def make_private_directory(path: Path) -> None:
    """Make a directory for its owner only."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_private(path: Path, content: bytes, *, exclusive: bool = False) -> None:
    """Write a file with mode 0600, all or nothing.

    Args:
        exclusive: refuse to replace an existing file.
    """
    if exclusive and path.exists():
        raise ConfigurationError("the file exists already and is not replaced")
    make_private_directory(path.parent)
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


def read_private(path: Path) -> bytes:
    """Read a file that must not be readable by others.

    Raises:
        ConfigurationError: It is not there, or others can read it.
    """
    try:
        if os.name == "posix" and path.stat().st_mode & OTHERS:
            raise ConfigurationError("a private file is readable by others: chmod 600 it")
        return path.read_bytes()
    except OSError:
        raise ConfigurationError from None
