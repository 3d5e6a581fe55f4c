"""Lines of the Logboek Dataverwerkingen over HTTP, after its extension "lezen"."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from hub.audit.reading import ReadingPurpose
from hub.context import hub_of
from hub.logbook.reading import LogbookQuery, read_lines
from hub.logbook.schemas import ActivitiesOut, LogbookLinesOut, write_activities, write_line
from service.errors import InvalidError
from service.http import AnyCaller

router = APIRouter(tags=["audit"])


@router.get(
    "/processing-activities", summary="List processing activities", operation_id="listProcessingActivities"
)
def list_activities(request: Request, _caller: AnyCaller) -> ActivitiesOut:
    """Return why data are processed here and who is controller of each; the hub's operator is processor."""
    return write_activities(register=hub_of(request).settings.logbook_register)


@router.get("/logbook-lines", summary="Read the log of processing", operation_id="listLogbookLines")
def list_lines(
    request: Request,
    caller: AnyCaller,
    *,
    purpose: ReadingPurpose,
    trace_id: Annotated[str | None, Query(alias="traceId", pattern="^[0-9a-f]{32}$")] = None,
    processing_activity_id: Annotated[str | None, Query(alias="processingActivityId", max_length=200)] = None,
    data_subject_id: Annotated[str | None, Query(alias="dataSubjectId", pattern="^[0-9a-f]{32}$")] = None,
    start_time: Annotated[datetime | None, Query(alias="startTime")] = None,
    end_time: Annotated[datetime | None, Query(alias="endTime")] = None,
) -> LogbookLinesOut:
    """Return at most 200 events by trace, processing activity or subject; one of the three must be given."""
    hub = hub_of(request)
    if any(one is not None and one.tzinfo is None for one in (start_time, end_time)):
        raise InvalidError(places=("startTime", "endTime"))
    query = LogbookQuery(
        trace_id=trace_id,
        processing_activity_id=processing_activity_id,
        data_subject_id=data_subject_id,
        since=start_time,
        until=end_time,
    )
    with hub.disclosing(caller) as work:
        lines = read_lines(work, query, purpose=purpose, register=hub.settings.logbook_register)
    return LogbookLinesOut(lines=[write_line(one) for one in lines])
