"""The names a service goes by in tokens: fixed by configuration, never read from a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceIdentity:
    """Where callers find this service, as they write it in assertions and proofs.

    Attributes:
        public_url: scheme, host and port without a path, such as `https://hub.example`.
        base: path under which the API is served, such as `/api/v1`.
    """

    public_url: str
    base: str

    @property
    def issuer(self) -> str:
        """Return issuer and audience of the access tokens: this service, and no other."""
        return self.public_url.rstrip("/") + self.base

    @property
    def token_path(self) -> str:
        """Return the path of the token endpoint."""
        return self.base + "/token"

    @property
    def token_url(self) -> str:
        """Return the audience of a client assertion."""
        return self.url(self.token_path)

    def url(self, path: str) -> str:
        """Return the `htu` of a request for this path."""
        return self.public_url.rstrip("/") + path
