"""Read which tables may be released, and refuse a file that declares something else."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from hub.documents import hash_document, places_of, read_document
from hub.statistics.counting import CATEGORIES
from hub.statistics.values import Declaration
from service.errors import UnsafeSettingsError

BUILT_IN = Path(__file__).with_name("tables.toml")
_ADAPTER = TypeAdapter(Declaration)


def load_declaration(deployment: Path | None = None) -> Declaration:
    """Return the tables that may be released: those that come with the hub, or a deployment's.

    Raises:
        UnsafeSettingsError: names every place that is missing or unknown, or a table nobody can count.
    """
    path = deployment or BUILT_IN
    document = read_document(path)
    try:
        found = _ADAPTER.validate_python({**document, "hash": hash_document(document)})
    except ValidationError as failure:
        raise UnsafeSettingsError(
            f"{path.name}: not of the form at {', '.join(places_of(failure))}"
        ) from None
    for table in found.tables:
        if CATEGORIES.get((table.population, table.code)) != table.categories:
            raise UnsafeSettingsError(f"{path.name}: the hub does not count a table {table.code} like this")
    if len({table.code for table in found.tables}) != len(found.tables):
        raise UnsafeSettingsError(f"{path.name}: a table is declared twice")
    return found
