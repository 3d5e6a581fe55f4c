"""Write a column of values as one PostgreSQL array in binary form.

psycopg does it too, in Python, element by element: that was a third of what it took to store a signal.

Source: PostgreSQL, `array_recv` and the `*_recv` function of each type.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from psycopg import adapters
from psycopg.adapt import Dumper
from psycopg.pq import Format

_NULL = struct.pack(">i", -1)
_MOMENT_ZERO, _MICROSECOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_DAY_ZERO = date(2000, 1, 1).toordinal()


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


_WRITERS: dict[str, Callable[[Any], bytes]] = {
    "int2": lambda value: struct.pack(">ih", 2, value),
    "int4": lambda value: struct.pack(">ii", 4, value),
    "int8": lambda value: struct.pack(">iq", 8, value),
    "bool": lambda value: struct.pack(">i?", 1, value),
    "uuid": lambda value: b"\0\0\0\x10" + value.bytes,
    "bytea": _sized,
    "varchar": lambda value: _sized(value.encode()),
    "date": lambda value: struct.pack(">ii", 4, value.toordinal() - _DAY_ZERO),
    "timestamptz": lambda value: struct.pack(">iq", 8, (value - _MOMENT_ZERO) // _MICROSECOND),
}
_OIDS = {name: adapters.types[name].oid for name in _WRITERS}


class BinaryArray(bytes):
    """An array as it travels; what it is an array of, the statement says by a cast."""

    __slots__ = ()


class _AsItIs(Dumper):
    format = Format.BINARY
    oid = 0

    def dump(self, obj: BinaryArray) -> bytes:
        return obj


adapters.register_dumper(BinaryArray, _AsItIs)


def write_array(kind: str, values: Sequence[Any]) -> BinaryArray:
    """Write values of one PostgreSQL type, None among them; a moment must be aware."""
    write = _WRITERS[kind]
    # In a group many rows say the same: each value is written once.
    written = {value: _NULL if value is None else write(value) for value in set(values)}
    head = struct.pack(">iiIii", 1, None in written, _OIDS[kind], len(values), 1)
    return BinaryArray(head + b"".join(map(written.__getitem__, values)))
