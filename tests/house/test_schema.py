"""The tables: equal to the migrations, no free text, no column that could name a person."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import String, Text, text

import hub.models
from hub.base import Base
from hub.migrating import migrate, require_migrated
from service.database import Database
from service.errors import UnsafeSettingsError

# Texts that are long by nature, and say nothing of a person.
LONG = {("audit_head", "note"), ("audit_cosigned", "note"), ("decision", "reasons")}
FORBIDDEN_COLUMNS = {
    "name_of_person",
    "bsn",
    "birth_date",
    "surname",
    "first_name",
    "address",
    "postcode",
    "remark",
    "note_text",
}


def test_no_slice_with_tables_is_left_out_of_what_migrations_are_made_of() -> None:
    found = {path.parent.name for path in Path(hub.models.__file__).parent.glob("*/models.py")}
    assert found == {one for one in hub.models.SLICES if find_spec(f"hub.{one}.models")}


def test_the_models_equal_the_migrations(database_url: str) -> None:
    database = Database(database_url)
    migrate(database)
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_a_migrated_log_is_insert_only(database_url: str) -> None:
    database = Database(database_url)
    migrate(database)
    question = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal",
    }[database.dialect]
    with database.reader.connect() as connection:
        triggers = connection.execute(text(question)).scalar_one()
    assert triggers == {"sqlite": 6, "postgresql": 3}[database.dialect]
    database.close()


def test_a_hub_refuses_a_database_of_another_version(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(UnsafeSettingsError, match="dat-hub migrate"):
        require_migrated(database)
    database.close()


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: str(table.name))
def test_sig_04_no_table_has_room_for_free_text_or_a_person(table: object) -> None:
    for column in table.columns:  # type: ignore[attr-defined]
        assert column.name not in FORBIDDEN_COLUMNS
        if isinstance(column.type, (String, Text)) and (table.name, column.name) not in LONG:  # type: ignore[attr-defined]
            assert column.type.length is not None, f"{column} takes text of any length"
            assert column.type.length <= 400
