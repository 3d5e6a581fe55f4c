"""Arrangements on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from service.http import WireModel

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ArrangementVersionOut(WireModel):
    """One version, without what it says."""

    name: str
    version: int
    hash: Hash
    in_force_date: date
    adopted_at: str
    change_id: UUID


class ArrangementsOut(WireModel):
    """Every version, and the hashes of those in force."""

    in_force: list[Hash]
    arrangements: list[ArrangementVersionOut]


class ArrangementOut(WireModel):
    """An arrangement as its document, and in plain words."""

    hash: Hash
    document: dict[str, Any]
    dutch: list[str]
    english: list[str]
