"""Whom a client of ours believes when it calls a service of another organisation."""

from __future__ import annotations

import ssl
from functools import cache

import httpx2

from service.errors import UnsafeSettingsError


@cache  # a twentieth of a second, and every client of a process believes the same
def trusted_by(ca_file: str | None, *, setting: str) -> ssl.SSLContext:
    """Return the certificate authorities of this file, or the system's where none is named.

    Raises:
        UnsafeSettingsError: The file that the setting names cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=ca_file) if ca_file else httpx2.create_ssl_context()
    except (OSError, ssl.SSLError):
        raise UnsafeSettingsError(f"{setting}: cannot be read") from None
