"""Documents that say how the hub decides: read from TOML, named by their hash, faults as places."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from service.errors import UnsafeSettingsError


def read_document(path: Path) -> dict[str, Any]:
    """Read a file as JSON values, dates as `2026-01-01`."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UnsafeSettingsError(f"{path.name}: not a TOML file that can be read") from None
    return json.loads(json.dumps(document, default=date.isoformat))  # type: ignore[no-any-return]


def hash_document(document: Mapping[str, Any]) -> str:
    """Hash a document in canonical form: comments, key order and white space do not count."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), default=date.isoformat)
    return hashlib.sha256(canonical.encode()).digest()[:16].hex()


def places_of(failure: ValidationError) -> tuple[str, ...]:
    """Point at every fault, each once; a name that the writer made up is not repeated."""
    found = failure.errors(include_input=False, include_context=False, include_url=False)
    return unique(_place(error) for error in found)


def unique(places: Iterable[str]) -> tuple[str, ...]:
    """Return places in their order, each once."""
    return tuple(dict.fromkeys(places))


def _place(error: Mapping[str, Any]) -> str:
    steps = [str(step) for step in error["loc"]]
    known = steps[:-1] if error["type"] in {"unexpected_keyword_argument", "extra_forbidden"} else steps
    return "/" + "/".join(known)
