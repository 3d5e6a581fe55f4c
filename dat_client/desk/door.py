"""Who may come in: the browser that opened the link, on this machine, from a page of ours.

Source: ASVS 5.0 V3 (browser), V7 (sessions).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dat_client import clock
from keys.protocol.encoding import b64u

HOST = "127.0.0.1"
IDLE = timedelta(minutes=30)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class ShutError(Exception):
    """Say that the door stays shut: to a stranger, another site, another name of here, or too late."""


@dataclass(slots=True)
class Door:
    """One browser's way in; everything about it ends with the process.

    Attributes:
        link: the secret in the address that is opened, good for one browser, once.
        cookie: what that browser carries from then on.
    """

    port: int
    link: str = field(default_factory=lambda: b64u(secrets.token_bytes(32)), repr=False)
    cookie: str = field(default_factory=lambda: b64u(secrets.token_bytes(32)), repr=False)
    seen_at: datetime = field(default_factory=clock.now)

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://{HOST}:{self.port}"

    @property
    def invitation(self) -> str:
        """The address that lets a browser in."""
        return f"{self.address}/open/{self.link}"

    @property
    def cookie_name(self) -> str:
        """Name the cookie by port: browsers keep one jar for all ports of a machine."""
        return f"dat-desk-{self.port}"

    @property
    def form_secret(self) -> str:
        """What every form of ours carries, and no other site can know."""
        return b64u(hmac.digest(self.cookie.encode(), b"form", hashlib.sha256))

    def require_here(self, headers: Mapping[str, str]) -> None:
        """Refuse what was sent to another name, or by another site.

        A name of the attacker's that points here (DNS rebinding) would make their page one of ours.

        Raises:
            ShutError: Whatever the reason.
        """
        if headers.get("host") != f"{HOST}:{self.port}":
            raise ShutError
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            raise ShutError

    def require_link(self, given: str) -> None:
        """Take the link, once: who finds it later in a browser's history stays outside."""
        known, self.link = self.link, b64u(secrets.token_bytes(32))
        if not _equal(given, known):
            self.link = known
            raise ShutError
        self.seen_at = clock.now()

    def require_cookie(self, given: str) -> None:
        """Refuse a browser that did not come by the link, or that nobody touched for too long."""
        if not _equal(given, self.cookie) or clock.now() - self.seen_at > IDLE:
            raise ShutError
        self.seen_at = clock.now()

    def require_own_form(self, given: str) -> None:
        """Refuse a form that is not ours."""
        if not _equal(given, self.form_secret):
            raise ShutError


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
