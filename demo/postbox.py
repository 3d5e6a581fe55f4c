"""The municipality's mail server, as far as the demo needs one: takes every mail and keeps it as a file."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller

TAKEN = "250 OK"


class KeepMail:
    """Write each mail to a numbered file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        """Take one mail."""
        self.count += 1
        (self.folder / f"{self.count:05d}.eml").write_bytes(envelope.content)
        return TAKEN


def main() -> None:
    """Serve until told to stop: `python -m demo.postbox PORT FOLDER`."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    controller = Controller(KeepMail(folder), hostname="127.0.0.1", port=port)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    controller.start()
    stopped.wait()
    controller.stop()


if __name__ == "__main__":
    main()
