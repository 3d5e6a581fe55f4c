"""Write and read secrets that are carried by hand: files that nobody else can read."""

from __future__ import annotations

import os
from pathlib import Path

from service.keystore import require_private


def write_private(path: Path, secret: bytes) -> None:
    """Write a new file of mode 0600, durably; raises FileExistsError rather than overwrite one."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def read_private(path: Path) -> bytes:
    """Read a secret file; raises UnsafeSettingsError when another account could read it."""
    require_private(path, allowed=0o600)
    return path.read_bytes()
