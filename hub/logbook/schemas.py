"""Wire shape of lines: the fields of the Logboek Dataverwerkingen, in the writing of this API."""

from __future__ import annotations

from typing import Literal

from hub.logbook.activities import load_activities
from hub.logbook.delivering import SUBJECT_TYPE
from hub.logbook.lines import LogbookLine
from service.http import WireModel

STATUSES: tuple[Literal["Unset", "Ok", "Error"], ...] = ("Unset", "Ok", "Error")


class LogbookLineOut(WireModel):
    """One line; times in milliseconds since 1970, as the standard writes them."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    status: Literal["Unset", "Ok", "Error"]
    name: str
    start_time: int
    end_time: int
    attributes: dict[str, str]


class LogbookLinesOut(WireModel):
    """Lines, oldest first."""

    lines: list[LogbookLineOut]


def write_line(one: LogbookLine) -> LogbookLineOut:
    """Write a line."""
    attributes = {"dpl.core.processing_activity_id": one.processing_activity_id}
    if one.data_subject_id is not None:
        attributes["dpl.core.data_subject_id"] = one.data_subject_id
        attributes["dpl.core.data_subject_id_type"] = SUBJECT_TYPE
    return LogbookLineOut(
        trace_id=one.trace_id,
        span_id=one.span_id,
        parent_span_id=one.parent_span_id,
        status=STATUSES[one.status],
        name=one.name,
        start_time=one.milliseconds,
        end_time=one.milliseconds,
        attributes=attributes,
    )


class ActivityOut(WireModel):
    """An activity of processing and who is controller of it: `partner`, `college`, or `all` jointly."""

    processing_activity_id: str
    controller: str
    dutch: str
    english: str


class ActivitiesOut(WireModel):
    """Every activity; whoever runs the hub is processor of all of them."""

    activities: list[ActivityOut]


def write_activities(*, register: str) -> ActivitiesOut:
    """Write the register as the lines of the log point into it."""
    return ActivitiesOut(
        activities=[
            ActivityOut(
                processing_activity_id=f"{register}/{purpose}",
                controller=one.controller,
                dutch=one.nl,
                english=one.en,
            )
            for purpose, one in load_activities().items()
        ]
    )
