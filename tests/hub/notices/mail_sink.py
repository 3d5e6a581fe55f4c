"""A real mail server that keeps what it gets."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID


@dataclass
class Sink:
    """A mail server's memory; `refuses` makes it say so."""

    refuses: bool = False
    got: list[tuple[str, bytes]] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return "451 4.3.0 try again later"
        self.got.append((envelope.rcpt_tos[0], bytes(envelope.original_content or b"")))
        self.over_tls.append(session.ssl is not None)
        return "250 OK"

    @property
    def mails(self) -> list[Message]:
        return [message_from_bytes(content) for _, content in self.got]


def start(sink: Sink, tls: ssl.SSLContext | None = None, *, port: int = 0) -> Controller:
    """Start a server on a port, or on a free one."""
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port, tls_context=tls)
    controller.start()
    return controller


def self_signed(folder: Path) -> ssl.SSLContext:
    """What a mail server uses whose certificate nobody vouches for."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=10))
        .sign(key, None)
    )
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context
