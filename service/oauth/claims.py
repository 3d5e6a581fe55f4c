"""Read claims of a token one by one: the right type or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.oauth.jose import TokenError

MIN_JTI = 22  # 128 bits in base64url
MAX_JTI = 128


def text_claim(claims: Mapping[str, Any], name: str) -> str:
    """Return a claim that must be text."""
    value = claims.get(name)
    if not isinstance(value, str):
        raise TokenError
    return value


def moment_claim(claims: Mapping[str, Any], name: str) -> int:
    """Return a claim that must be whole seconds since 1970."""
    value = claims.get(name)
    if not isinstance(value, int):
        raise TokenError
    return value


def id_claim(claims: Mapping[str, Any]) -> str:
    """Return the `jti`, long enough never to recur by chance."""
    value = text_claim(claims, "jti")
    if not MIN_JTI <= len(value) <= MAX_JTI:
        raise TokenError
    return value


def require_equal(claims: Mapping[str, Any], **expected: str) -> None:
    """Require that each named claim is exactly this text."""
    for name, value in expected.items():
        if claims.get(name) != value:
            raise TokenError
