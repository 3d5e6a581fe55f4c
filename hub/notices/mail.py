"""Send a mail that says nothing: one constant text, one constant subject, one constant size."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from hub.settings import HubSettings

TIMEOUT = 15.0  # seconds
SUBJECT = "Er staat iets in uw DAT-hub / There is something in your DAT-hub"
TEXT = """\
Er staat iets nieuws in uw postvak in de DAT-hub.
Uit dit bericht is met opzet niets op te maken. Meld u aan om het te lezen:
{url}

Is er nu gevaar? Bel 112. Zorgen over veiligheid thuis: Veilig Thuis, 0800-2000.

There is something new in your inbox of the DAT-hub.
This message says nothing more, on purpose. Sign in to read it at the address above.
"""


@dataclass(frozen=True, slots=True)
class Mailer:
    """Where mail goes and what it says.

    Attributes:
        require_tls: send only over TLS to a server with a valid certificate; otherwise TLS where offered.
    """

    host: str
    port: int
    sender: str
    inbox_url: str
    require_tls: bool = False

    @classmethod
    def from_settings(cls, settings: HubSettings) -> Mailer:
        """Read the operator's choices."""
        return cls(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.mail_from,
            inbox_url=settings.inbox_url,
            require_tls=settings.smtp_starttls,
        )

    def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
        """Hand one mail to the server; the id makes the Message-ID, the same for every attempt.

        Raises:
            smtplib.SMTPException: The server does not take it.
            OSError: The server cannot be reached.
        """
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT) as server:
            server.ehlo()
            if self.require_tls or server.has_extn("starttls"):
                server.starttls(context=_tls(require_valid=self.require_tls))
            server.send_message(self._message(address, mail_id, at))

    def _message(self, address: str, mail_id: UUID, at: datetime) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = address
        message["Subject"] = SUBJECT
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{mail_id.hex}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(TEXT.format(url=self.inbox_url))
        return message


def _tls(*, require_valid: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not require_valid:
        # Encrypted to whoever answers is better than readable by everybody (RFC 7435).
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
