"""An array as we write it is the one that PostgreSQL reads, and that psycopg would have written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import adapters
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import Format

from service.arrays import write_array

KINDS: dict[str, st.SearchStrategy[Any]] = {
    "int2": st.integers(-(2**15), 2**15 - 1),
    "int4": st.integers(-(2**31), 2**31 - 1),
    "int8": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "uuid": st.uuids(),
    "bytea": st.binary(max_size=40),
    "varchar": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    "date": st.dates(),
    "timestamptz": st.datetimes(timezones=st.just(UTC)),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_written_is_read_again(kind: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(KINDS[kind] | st.none(), min_size=1, max_size=8))
    read = Transformer().get_loader(adapters.types[kind].array_oid, Format.BINARY).load
    assert read(write_array(kind, values)) == values


@pytest.mark.parametrize("kind", ["bool", "uuid", "bytea", "date", "timestamptz"])
@settings(max_examples=25)
@given(data=st.data())
def test_psycopg_writes_the_same(kind: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(KINDS[kind], min_size=1, max_size=8))
    dumper = Transformer().get_dumper(values, PyFormat.BINARY)
    assert dumper.dump(values) == write_array(kind, values)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        write_array("timestamptz", [datetime(2026, 1, 1)])  # noqa: DTZ001 - on purpose


def test_a_date_is_counted_from_the_first_of_january_2000() -> None:
    assert write_array("date", [date(2000, 1, 2)])[-4:] == b"\0\0\0\1"
