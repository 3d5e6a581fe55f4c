"""A line that is listened to: every byte that a client sends to a service is kept."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Thread


class RecordingProxy:
    """Listens on a port of its own and passes everything on to another."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._sent: list[bytearray] = []
        self._lines: list[socket.socket] = []
        self._lock = Lock()
        Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """Where a client finds it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sent(self) -> bytes:
        """Everything that clients sent, connection after connection."""
        return b"\n".join(map(bytes, self._sent))

    def close(self) -> None:
        """Stop, and hang up."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            service, record = socket.create_connection(("127.0.0.1", self.target)), bytearray()
            with self._lock:
                self._sent.append(record)
                self._lines += [client, service]
            Thread(target=_pass_on, args=(client, service, record), daemon=True).start()
            Thread(target=_pass_on, args=(service, client, bytearray()), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, record: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            record += data
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
