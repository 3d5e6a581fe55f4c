"""The proof that data went, on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from hub.retention.reporting import RuleReport, Run
from hub.retention.service import BrakeReason
from service.clock import wire_time
from service.http import WireModel


class PlaceOut(WireModel):
    """What one municipality has of a class; null where it is no municipality's."""

    municipality_id: UUID | None
    rows: int
    due_now: int
    late: int
    gone: int


class RuleOut(WireModel):
    """One rule: its term, and whether what should be gone is gone."""

    rule: str
    days: int
    source: str
    rows: int
    due_now: int
    late: int
    oldest_date: date | None
    last_run_at: Annotated[str, Field(min_length=20, max_length=20)] | None
    last_due: int
    last_gone: int
    gone: int
    brake: BrakeReason | None
    places: list[PlaceOut]


class RunOut(WireModel):
    """What one run of a rule found due and removed."""

    ran_at: Annotated[str, Field(min_length=20, max_length=20)]
    due: int
    gone: int
    brake: BrakeReason | None


class RunsOut(WireModel):
    """The runs of a rule, newest first."""

    runs: list[RunOut]


class RetentionOut(WireModel):
    """Every rule."""

    rules: list[RuleOut]


def write_runs(runs: list[Run]) -> RunsOut:
    """Write what the runs of a rule did."""
    return RunsOut(
        runs=[
            RunOut(ran_at=wire_time(one.ran_at), due=one.due, gone=one.gone, brake=one.braked) for one in runs
        ]
    )


def write_rule(one: RuleReport) -> RuleOut:
    """Write one rule's report."""
    return RuleOut(
        rule=one.rule.code,
        days=one.rule.days,
        source=one.rule.source,
        rows=one.rows,
        due_now=one.due_now,
        late=one.late,
        oldest_date=one.oldest,
        last_run_at=wire_time(one.last_ran_at) if one.last_ran_at else None,
        last_due=one.last_due,
        last_gone=one.last_gone,
        gone=one.gone,
        brake=one.braked,
        places=[
            PlaceOut(
                municipality_id=place.place,
                rows=place.rows,
                due_now=place.due_now,
                late=place.late,
                gone=place.gone,
            )
            for place in one.places
        ],
    )
