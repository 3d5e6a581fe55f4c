"""Bind ristretto255 from libsodium: every return code checked, exactly one encoding per element.

Secret scalars are only ever handled by libsodium's constant-time functions. Multiplications release the GIL.

Source: RFC 9496; protocol.md, 6.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from hmac import compare_digest
from itertools import accumulate
from pathlib import Path

from keys.protocol.errors import ElementError, LibraryError, ScalarError

ELEMENT_BYTES = 32
SCALAR_BYTES = 32
ORDER = 2**252 + 27742317777372353535851937790883648493
GENERATOR = bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")

_FIELD = 2**255 - 19
_ZERO = bytes(32)
_ONE = b"\1" + bytes(31)
_NEEDED = "crypto_scalarmult_ristretto255"
_Out = ctypes.c_char * 32


def _wheel_bytes() -> bytes | None:
    """Read the libsodium that the wheel `rbcl` carries as a hexadecimal literal, without importing it.

    Importing it would leave a file of 2.8 MB in the temporary folder each time.
    """
    spec = importlib.util.find_spec("rbcl")
    if spec is None or spec.origin is None:
        return None
    source = Path(spec.origin).with_name("_sodium.py").read_bytes()
    _, _, rest = source.partition(b"bytes.fromhex('")
    return bytes.fromhex(rest.partition(b"')")[0].decode("ascii"))


def _load_from_memory(library: bytes) -> ctypes.CDLL:
    descriptor = os.memfd_create("libsodium", os.MFD_CLOEXEC)
    with os.fdopen(descriptor, "wb") as file:
        file.write(library)
        file.flush()
        return ctypes.CDLL(f"/proc/self/fd/{descriptor}")


def _load_wheel() -> ctypes.CDLL | None:
    wheel = _wheel_bytes() if hasattr(os, "memfd_create") else None
    return _load_from_memory(wheel) if wheel else None


def _load_system() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("sodium")
    return ctypes.CDLL(name) if name else None


def _load() -> ctypes.CDLL:
    """Load the wheel's copy, or the system's where that one cannot be loaded from memory."""
    for load in (_load_wheel, _load_system):
        with suppress(OSError):
            library = load()
            if library and hasattr(library, _NEEDED) and library.sodium_init() >= 0:
                return library
    raise LibraryError


_LIBRARY = _load()
# Kept under the GIL: to wait for it again, beside busy threads, costs more than these few microseconds.
_BRIEF = ctypes.PyDLL("libsodium", handle=_LIBRARY._handle)


def _bind(
    name: str, inputs: int, *, returns: bool = True, library: ctypes.CDLL = _BRIEF
) -> Callable[..., int]:
    """Bind a function of one 32-byte output and so many byte inputs."""
    function = getattr(library, name)
    function.argtypes = [_Out, *[ctypes.c_char_p] * inputs]
    function.restype = ctypes.c_int if returns else None
    bound: Callable[..., int] = function
    return bound


_is_valid_point = _BRIEF.crypto_core_ristretto255_is_valid_point
_is_valid_point.argtypes = [ctypes.c_char_p]
_is_valid_point.restype = ctypes.c_int
_from_hash = _bind("crypto_core_ristretto255_from_hash", 1, library=_LIBRARY)
_add = _bind("crypto_core_ristretto255_add", 2)
_scalarmult = _bind("crypto_scalarmult_ristretto255", 2, library=_LIBRARY)
_scalarmult_base = _bind("crypto_scalarmult_ristretto255_base", 1, library=_LIBRARY)
_scalar_random = _bind("crypto_core_ristretto255_scalar_random", 0, returns=False)
_scalar_reduce = _bind("crypto_core_ristretto255_scalar_reduce", 1, returns=False)
_scalar_invert = _bind("crypto_core_ristretto255_scalar_invert", 1, library=_LIBRARY)
_scalar_add = _bind("crypto_core_ristretto255_scalar_add", 2, returns=False)
_scalar_sub = _bind("crypto_core_ristretto255_scalar_sub", 2, returns=False)
_scalar_mul = _bind("crypto_core_ristretto255_scalar_mul", 2, returns=False)


def _is_canonical(encoded: bytes) -> bool:
    """Tell whether the bytes are the least non-negative form of a field element other than zero.

    libsodium 1.0.18 ignores bit 255, so that two byte strings would stand for one element.
    """
    return (
        len(encoded) == ELEMENT_BYTES
        and not encoded[0] & 1
        and 0 < int.from_bytes(encoded, "little") < _FIELD
    )


def is_element(encoded: bytes) -> bool:
    """Tell whether these bytes are the one canonical encoding of an element other than the identity."""
    return _is_canonical(encoded) and _is_valid_point(encoded) == 1


def require_element(encoded: bytes) -> None:
    """Refuse anything but a canonical encoding of an element other than the identity."""
    if not is_element(encoded):
        raise ElementError


def require_scalar(scalar: bytes) -> None:
    """Refuse anything but 32 bytes below the group order and above zero, in constant time."""
    if len(scalar) != SCALAR_BYTES:
        raise ScalarError
    if not compare_digest(reduce_scalar(scalar + _ZERO), scalar) or compare_digest(scalar, _ZERO):
        raise ScalarError


def element_from_hash(uniform: bytes) -> bytes:
    """Map 64 uniform bytes to an element."""
    if len(uniform) != 64:
        raise ElementError
    out = _Out()
    if _from_hash(out, uniform) != 0 or out.raw == _ZERO:
        raise ElementError
    return out.raw


def add(left: bytes, right: bytes) -> bytes:
    """Add two elements; the identity as a sum is refused."""
    out = _Out()
    if not (_is_canonical(left) and _is_canonical(right)) or _add(out, left, right) != 0 or out.raw == _ZERO:
        raise ElementError
    return out.raw


def multiply(scalar: bytes, element: bytes) -> bytes:
    """Multiply an element by a scalar, both checked."""
    require_scalar(scalar)
    out = _Out()
    if not _is_canonical(element) or _scalarmult(out, scalar, element) != 0:
        raise ElementError
    return out.raw


def multiply_base(scalar: bytes) -> bytes:
    """Multiply the generator by a scalar."""
    require_scalar(scalar)
    out = _Out()
    if _scalarmult_base(out, scalar) != 0:
        raise ScalarError
    return out.raw


def random_scalar() -> bytes:
    """Draw a scalar other than zero from the operating system's generator."""
    out = _Out()
    _scalar_random(out)
    require_scalar(out.raw)
    return out.raw


def reduce_scalar(wide: bytes) -> bytes:
    """Reduce 64 bytes modulo the group order."""
    if len(wide) != 64:
        raise ScalarError
    out = _Out()
    _scalar_reduce(out, wide)
    return out.raw


def invert_scalar(scalar: bytes) -> bytes:
    """Invert a scalar modulo the group order."""
    require_scalar(scalar)
    out = _Out()
    if _scalar_invert(out, scalar) != 0:
        raise ScalarError
    return out.raw


def invert_scalars(scalars: Sequence[bytes]) -> list[bytes]:
    """Invert many scalars with one inversion: it costs as much as sixty multiplications.

    Source:
        Montgomery's trick: the inverse of a product, times all factors but one, is the inverse of that one.
    """
    for scalar in scalars:
        require_scalar(scalar)
    products = list(accumulate(scalars, multiply_scalars))
    rest = invert_scalar(products[-1]) if products else b""
    inverses = []
    for scalar, before in zip(reversed(scalars), reversed([_ONE, *products][:-1]), strict=True):
        inverses.append(multiply_scalars(rest, before))
        rest = multiply_scalars(rest, scalar)
    return inverses[::-1]


def _combine(function: Callable[..., int], left: bytes, right: bytes) -> bytes:
    if len(left) != SCALAR_BYTES or len(right) != SCALAR_BYTES:
        raise ScalarError
    out = _Out()
    function(out, left, right)
    return out.raw


def add_scalars(left: bytes, right: bytes) -> bytes:
    """Add two scalars modulo the group order."""
    return _combine(_scalar_add, left, right)


def subtract_scalars(left: bytes, right: bytes) -> bytes:
    """Subtract the right scalar from the left one modulo the group order."""
    return _combine(_scalar_sub, left, right)


def multiply_scalars(left: bytes, right: bytes) -> bytes:
    """Multiply two scalars modulo the group order."""
    return _combine(_scalar_mul, left, right)
