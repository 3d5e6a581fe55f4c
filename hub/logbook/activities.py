"""The register of processing activities that lines of the log point into, each with its controller.

Source: domain.md ONB-07; AVG 26, 28, 30.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

FILE = Path(__file__).with_name("activities.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Why data are processed, and who answers for that; whoever runs the hub is processor only."""

    controller: Literal["partner", "college", "all"]
    nl: str
    en: str


@cache
def load_activities() -> Mapping[str, Activity]:
    """Return the activities by the purpose of an event."""
    return TypeAdapter(dict[str, Activity]).validate_python(tomllib.loads(FILE.read_text("utf-8")))
