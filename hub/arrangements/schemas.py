"""Arrangements on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from hub.arrangements.directory import Entry
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


class MunicipalityOut(WireModel):
    """How a municipality is entered; `missing` is what it still has to lay down."""

    municipality: str
    team_id: UUID | None
    desk: str | None
    intake: str | None
    missing: list[str]

    @classmethod
    def of(cls, one: Entry) -> MunicipalityOut:
        """Write it as it goes over the wire."""
        return cls(
            municipality=one.municipality,
            team_id=one.team_id,
            desk=one.desk,
            intake=one.intake.value if one.intake else None,
            missing=[lack.value for lack in one.missing],
        )


class MunicipalitiesOut(WireModel):
    """The municipalities that this hub serves, in order of their codes."""

    municipalities: list[MunicipalityOut]
