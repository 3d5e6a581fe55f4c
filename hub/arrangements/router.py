"""Arrangements over HTTP, for whoever calls: how the work is divided is no secret."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from hub.arrangements import versions
from hub.arrangements.directory import read_directory
from hub.arrangements.explanation import Language, explain
from hub.arrangements.schemas import (
    ArrangementOut,
    ArrangementsOut,
    ArrangementVersionOut,
    Hash,
    MunicipalitiesOut,
    MunicipalityOut,
)
from hub.context import hub_of
from service.clock import wire_time
from service.http import AnyCaller

router = APIRouter(tags=["arrangements"])


@router.get("/arrangements", summary="List arrangements", operation_id="listArrangements")
def list_arrangements(request: Request, caller: AnyCaller) -> ArrangementsOut:
    """Return every version of the arrangements, and which are in force."""
    with hub_of(request).database.look(caller) as work:
        found, in_force = versions.list_versions(work), versions.arrangements_in_force(work)
    answers = [
        ArrangementVersionOut(
            name=one.name,
            version=one.version,
            hash=one.hash,
            in_force_date=one.in_force_on,
            adopted_at=wire_time(one.adopted_at),
            change_id=one.change_id,
        )
        for one in found
    ]
    return ArrangementsOut(in_force=[one.hash for one in in_force], arrangements=answers)


@router.get(
    "/municipalities", summary="Say how municipalities are entered", operation_id="listMunicipalities"
)
def list_municipalities(request: Request, caller: AnyCaller) -> MunicipalitiesOut:
    """Return of each municipality that this hub serves the team, its desk, and what is missing."""
    with hub_of(request).database.look(caller) as work:
        return MunicipalitiesOut(municipalities=[MunicipalityOut.of(one) for one in read_directory(work)])


@router.get("/arrangements/{arrangementHash}", summary="Read an arrangement", operation_id="readArrangement")
def read_arrangement(
    request: Request, caller: AnyCaller, arrangement_hash: Annotated[Hash, Path(alias="arrangementHash")]
) -> ArrangementOut:
    """Return an arrangement as its document and in plain words."""
    with hub_of(request).database.look(caller) as work:
        document = versions.find_document(work, arrangement_hash)
        found = versions.get_arrangement(work, arrangement_hash)
    return ArrangementOut(
        hash=arrangement_hash,
        document=document,
        dutch=explain(found, Language.DUTCH),
        english=explain(found, Language.ENGLISH),
    )
