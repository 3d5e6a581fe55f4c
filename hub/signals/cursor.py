"""Write a place in the list of own signals as one opaque word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hub.signals.errors import CursorError
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.errors import EncodingError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def write_cursor(received_at: datetime, signal_id: UUID) -> str:
    """Write a place as 32 characters."""
    return b64u(((received_at - _EPOCH) // _MICROSECOND).to_bytes(8, "big") + signal_id.bytes)


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Read a place.

    Raises:
        CursorError: It was not written by `write_cursor`.
    """
    try:
        data = unb64u(cursor)
        received_at = _EPOCH + int.from_bytes(data[:8], "big") * _MICROSECOND
        return received_at, UUID(bytes=data[8:])
    except (EncodingError, ValueError, OverflowError):
        raise CursorError(places=("/cursor",)) from None
