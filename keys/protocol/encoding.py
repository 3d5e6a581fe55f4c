"""Write values as exactly one byte string: length prefixes, canonical JSON, strict base64url."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from keys.protocol.errors import EncodingError

_LONGEST = 0xFFFF
_SAFE_INTEGER = 2**53 - 1


def lp(*parts: bytes) -> bytes:
    """Prefix each part with its length in two bytes, big-endian, and join them."""
    if any(len(part) > _LONGEST for part in parts):
        raise EncodingError
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def utf8(text: str) -> bytes:
    """Encode text; what is no Unicode text is refused without repeating it."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise EncodingError from None


def canonical_json(value: object) -> bytes:
    """Write JSON in the one form of RFC 8785, for text, safe integers, booleans, null, lists and objects.

    Raises:
        EncodingError: A float, an integer beyond 2^53 - 1, a key that is not text, text that is not Unicode.
    """
    return utf8(_JSON.encode(_ordered(value)))


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _ordered(value: object) -> object:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and abs(value) <= _SAFE_INTEGER:
        return value
    if isinstance(value, list | tuple):
        return [item if type(item) is str else _ordered(item) for item in value]
    if isinstance(value, dict | Mapping):
        keys = _sorted_keys(value)
        return {key: item if type(item := value[key]) is str else _ordered(item) for key in keys}
    raise EncodingError


def _sorted_keys(value: Mapping[Any, object]) -> list[Any]:
    try:
        # Keys are nearly always ASCII, where every order is the same and the plain one costs a third.
        plain = "".join(value).isascii()
    except TypeError:
        raise EncodingError from None
    return sorted(value) if plain else sorted(value, key=_utf16)


def _utf16(key: str) -> bytes:
    """Order keys by UTF-16 code units, as RFC 8785 3.2.3 asks; by code points would differ beyond U+FFFF."""
    try:
        return key.encode("utf-16-be")
    except UnicodeEncodeError:
        raise EncodingError from None


def b64u(data: bytes) -> str:
    """Write base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: str) -> bytes:
    """Read base64url without padding; whatever `b64u` would not have written is refused."""
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise EncodingError from None
    if b64u(data) != text:
        raise EncodingError
    return data
