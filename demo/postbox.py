"""The municipality's mail server, as far as the demo needs one: takes every mail and keeps it as a file.

A library for this would be installed wherever the hub is; thirty lines of RFC 5321 are not.
"""

from __future__ import annotations

import socketserver
import sys
from pathlib import Path

LONGEST = 1_000_000  # bytes
ANSWERS = {
    b"EHLO": b"250 postbox",
    b"HELO": b"250 postbox",
    b"MAIL": b"250 OK",
    b"RCPT": b"250 OK",
    b"RSET": b"250 OK",
    b"NOOP": b"250 OK",
    b"DATA": b"354 end with a single point",
    b"QUIT": b"221 bye",
}


class Session(socketserver.StreamRequestHandler):
    """One sender's mails."""

    folder: Path
    timeout = 60

    def handle(self) -> None:
        """Answer every command, and keep what follows DATA."""
        self._say(b"220 postbox")
        while verb := self.rfile.readline(LONGEST)[:4].upper().strip():
            self._say(ANSWERS.get(verb, b"502 not here"))
            if verb == b"DATA":
                self._keep()
                self._say(b"250 OK")
            if verb == b"QUIT":
                return

    def _keep(self) -> None:
        lines = []
        while (line := self.rfile.readline(LONGEST)) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        number = sum(1 for _ in self.folder.iterdir()) + 1
        (self.folder / f"{number:05d}.eml").write_bytes(b"".join(lines))

    def _say(self, text: bytes) -> None:
        self.wfile.write(text + b"\r\n")


def main() -> None:
    """Serve until told to stop: `python -m demo.postbox PORT FOLDER`."""
    port, Session.folder = int(sys.argv[1]), Path(sys.argv[2])
    Session.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with socketserver.TCPServer(("127.0.0.1", port), Session) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
