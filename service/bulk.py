"""Insert many rows of one table the fast way, and compare with many values at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Select,
    SmallInteger,
    String,
    Table,
    Uuid,
    any_,
    bindparam,
    cast,
    insert,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from service.arrays import BinaryArray, write_array
from service.database import UtcDateTime

# Subclasses before their parents: SmallInteger and BigInteger are Integers to SQLAlchemy.
_ARRAY_TYPES: tuple[tuple[type, str], ...] = (
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
_HELD = "service.bulk.held"

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Insert:
    table: Table
    columns: tuple[str, ...]
    rows: Sequence[Row]


@contextmanager
def at_once(session: Session) -> Iterator[None]:
    """Hold the inserts of this block and send them together, on PostgreSQL as one statement."""
    held: list[_Insert] = []
    session.info[_HELD] = held
    try:
        yield
    finally:
        del session.info[_HELD]
    _send(session.connection(), held)


def insert_rows(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows given as tuples in the order of `columns`.

    On PostgreSQL every column travels as one binary array. COPY takes a fifth less of the server for
    thousands of rows, but twice as much of both sides for eight, and two round trips a table.
    """
    if not rows:
        return
    one, held = _Insert(table, tuple(columns), rows), session.info.get(_HELD)
    if held is None:
        _send(session.connection(), [one])
    else:
        held.append(one)


def insert_free(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> set[Any]:
    """Insert those rows whose primary key, the first column, is free, and return their keys.

    A twin in another transaction is waited for; sorted, so that two groups never wait for each other.
    """
    if not rows:
        return set()
    connection, ordered = session.connection(), sorted(rows)
    if _is_postgresql(connection):
        statement = _statement(((table, tuple(columns)),))
        claim = f'{statement} ON CONFLICT DO NOTHING RETURNING "{columns[0]}"'
        return {key for (key,) in connection.exec_driver_sql(claim, _arrays(table, columns, ordered))}
    free = insert_into(session, table).on_conflict_do_nothing().returning(table.c[columns[0]])
    return set(connection.execute(free, _named(columns, ordered)).scalars())


def insert_into(session: Session, table: Table | type[DeclarativeBase]) -> postgresql.Insert | sqlite.Insert:
    """Begin an insert that can say what a conflict does, in the words of the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def is_one_of(session: Session, column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """Compare with many values; as one array on PostgreSQL the statement stays the same and is prepared."""
    if session.get_bind().dialect.name != "postgresql":
        return column.in_(values)  # type: ignore[no-any-return]
    array = ARRAY(column.type)
    return column == any_(cast(literal(list(values), array), array))  # type: ignore[no-any-return]


def select_those(
    session: Session, query: Select[Any], column: Any, values: Sequence[Any], **more: Any
) -> Sequence[Any]:
    """Run a query for those rows whose column has one of many values; it is built and compiled once.

    Args:
        query: one that is kept, else it is built and compiled each time.
        more: its other parameters.
    """
    if not values:
        return []
    connection = session.connection()
    one_of = _of_many(query, column, dialect=connection.dialect.name)
    return connection.execute(one_of, {"values": list(values), **more}).all()


def one_of(column: Any, parameter: str, *, dialect: str) -> ColumnElement[bool]:
    """Compare with the many values of a parameter, in a statement that is kept."""
    if dialect == "postgresql":
        return column == any_(bindparam(parameter, type_=ARRAY(column.type)))  # type: ignore[no-any-return]
    return column.in_(bindparam(parameter, expanding=True))  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _of_many(query: Select[Any], column: Any, *, dialect: str) -> Select[Any]:
    return query.where(one_of(column, "values", dialect=dialect))


def _send(connection: Connection, inserts: Sequence[_Insert]) -> None:
    if not _is_postgresql(connection):
        for one in inserts:
            connection.execute(insert(one.table), _named(one.columns, one.rows))
    elif inserts:
        statement = _statement(tuple((one.table, one.columns) for one in inserts))
        arrays = tuple(array for one in inserts for array in _arrays(one.table, one.columns, one.rows))
        connection.exec_driver_sql(statement, arrays)


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


@lru_cache(maxsize=256)
def _statement(inserts: tuple[tuple[Table, tuple[str, ...]], ...]) -> str:
    *first, last = (_from_arrays(table, columns) for table, columns in inserts)
    named = ", ".join(f"i{number} AS ({text})" for number, text in enumerate(first))
    return f"WITH {named} {last}" if named else last


def _from_arrays(table: Table, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    arrays = ", ".join(f"unnest(%b::{kind}[])" for kind in _kinds(table, columns))
    return f'INSERT INTO "{table.name}" ({names}) SELECT {arrays}'


def _type_name(column: Column[Any]) -> str:
    return next(name for kind, name in _ARRAY_TYPES if isinstance(column.type, kind))


def _arrays(table: Table, columns: Sequence[str], rows: Sequence[Row]) -> tuple[BinaryArray, ...]:
    kinds = _kinds(table, tuple(columns))
    return tuple(
        write_array(kind, values) for kind, values in zip(kinds, zip(*rows, strict=True), strict=True)
    )


@lru_cache(maxsize=256)
def _kinds(table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_type_name(table.c[name]) for name in columns)


def _named(columns: Sequence[str], rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in rows]
