"""Insert many rows of one table the fast way: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Uuid,
    any_,
    cast,
    insert,
    literal,
)
from sqlalchemy.orm import Session

from service.database import UtcDateTime

# Subclasses before their parents: SmallInteger and BigInteger are Integers to SQLAlchemy.
_COPY_TYPES: tuple[tuple[type, str], ...] = (
    (SmallInteger, "int2"),
    (BigInteger, "int8"),
    (Integer, "int4"),
    (Boolean, "bool"),
    (Uuid, "uuid"),
    (LargeBinary, "bytea"),
    (UtcDateTime, "timestamptz"),
    (Date, "date"),
    (String, "varchar"),
)
COPY_FROM = 2  # rows: executemany is a round trip a row, arrays are dumped as text


def insert_rows(
    session: Session, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows given as tuples in the order of `columns`.

    Measured on two cores in batches of 1,000: the ORM's unit of work 7,000 rows/s, Core 32,000, COPY 79,000.
    """
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql" and len(rows) >= COPY_FROM:
        _copy(connection.connection.cursor(), table, columns, rows)
    else:
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


def is_one_of(session: Session, column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """Compare with many values; as one array on PostgreSQL the statement stays the same and is prepared."""
    if session.get_bind().dialect.name != "postgresql":
        return column.in_(values)  # type: ignore[no-any-return]
    return column == any_(as_array(column, values))  # type: ignore[no-any-return]


def as_array(column: Any, values: Sequence[Any]) -> ColumnElement[Any]:
    """Bind many values of a column's type as one PostgreSQL array."""
    array = ARRAY(column.type)
    return cast(literal(list(values), array), array)


def _copy(cursor: Any, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)') as copy:
        copy.set_types([_copy_type(table.c[name]) for name in columns])
        for row in rows:
            copy.write_row(row)


def _copy_type(column: Column[Any]) -> str:
    return next(name for kind, name in _COPY_TYPES if isinstance(column.type, kind))
