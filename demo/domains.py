"""Trust domains as folders: one a party, of mode 0700, with an account of its own where that can be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MARKER = "this-is-a-dat-hub-demo"
FIRST_ACCOUNT = 64_100  # numbers that no distribution gives out


class DemoError(Exception):
    """Why the demo cannot go on, in one line."""


@dataclass(frozen=True, slots=True)
class Domain:
    """One party's own folder and account.

    Attributes:
        account: numeric user and group id of its processes; None when the demo may not change accounts.
    """

    name: str
    folder: Path
    account: int | None

    @property
    def logs(self) -> Path:
        """Return where its processes log."""
        return self.folder / "logs"

    @property
    def groups(self) -> list[int] | None:
        """Return the further groups of its processes: none, where there is an account."""
        return None if self.account is None else []

    def environment(self) -> dict[str, str]:
        """Return what every process of this domain may know of the surroundings: nothing of another's."""
        return {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(PROJECT),
            "NO_COLOR": "1",
        }

    def own(self, path: Path) -> Path:
        """Give a file or folder to this domain's account, for nobody else to read."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self.account is not None:
            os.chown(path, self.account, self.account)
        return path

    def write(self, name: str, content: str) -> Path:
        """Put a file into this domain, as its owner would carry it there."""
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return self.own(path)


def clear(data: Path) -> None:
    """Start clean; never remove a folder that is not a demo's.

    Raises:
        DemoError: There is something here that no demo wrote.
    """
    if data.exists() and any(data.iterdir()):
        if not (data / MARKER).exists():
            raise DemoError(f"{data} is not empty and not a demo's: choose another with DATA=…")
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o711)
    (data / MARKER).touch()


def make_domain(data: Path, name: str, *, number: int | None) -> Domain:
    """Make a party's folder."""
    folder = data / name
    folder.parent.mkdir(exist_ok=True)
    folder.parent.chmod(0o711)
    folder.mkdir()
    domain = Domain(name, folder, None if number is None else FIRST_ACCOUNT + number)
    domain.own(folder)
    for inside in ("logs", "tmp"):
        (folder / inside).mkdir()
        domain.own(folder / inside)
    return domain


def can_change_accounts(data: Path) -> bool:
    """Tell whether other accounts can run the demo's programs in this place: only root can make it so."""
    if os.geteuid() != 0:
        return False
    probe = [sys.executable, "-c", "import hub, dat_client, os, sys; os.stat(sys.argv[1])", str(data)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            probe, user=FIRST_ACCOUNT, group=FIRST_ACCOUNT, extra_groups=[], cwd="/", capture_output=True,
            env={"PYTHONPATH": str(PROJECT)}, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0
