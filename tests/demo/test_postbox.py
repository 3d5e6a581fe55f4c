from __future__ import annotations

import smtplib
import socketserver
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest

from demo.postbox import Session


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    handler = type("Here", (Session,), {"folder": tmp_path})
    with socketserver.TCPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_every_mail_is_kept_as_it_was_sent(tmp_path: Path, port: int) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "hub@dat-hub.example", "noord@sociaalteam.example"
    message.set_content("first line\n.a line that begins with a point\n.\nlast line\n")
    for _ in range(2):
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as sender:
            sender.send_message(message)
    kept = sorted(tmp_path.iterdir())
    assert [path.name for path in kept] == ["00001.eml", "00002.eml"]
    assert all(
        b"\r\n.a line that begins with a point\r\n.\r\nlast line\r\n" in path.read_bytes() for path in kept
    )


def test_what_it_does_not_know_it_refuses(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as sender:
        assert sender.docmd("VRFY", "noord")[0] == 502
