"""The proof that data went, for the privacy officer."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request

from hub.consent.keeping import keeping_in_force
from hub.context import hub_of
from hub.retaining.registry import KEEPINGS, municipalities_of
from hub.retaining.schemas import RetentionOut, RunsOut, write_rule, write_runs
from hub.retention.reporting import list_runs, report
from hub.retention.service import default_terms
from service.http import AnyCaller

router = APIRouter(tags=["retention"])
RuleCode = StrEnum("RuleCode", {rule.code.upper(): rule.code for rule in default_terms().rules})  # type: ignore[misc]


@router.get("/retention-report", summary="See what went", operation_id="getRetentionReport")
def get_retention_report(request: Request, caller: AnyCaller) -> RetentionOut:
    """Return per rule how long data are kept, what is past its term, and what the runs removed."""
    with hub_of(request).disclosing(caller) as work:
        found = report(work, KEEPINGS, municipalities_of, terms=keeping_in_force(work))
    return RetentionOut(rules=[write_rule(one) for one in found])


@router.get("/retention-runs", summary="See what each run of a rule did", operation_id="listRetentionRuns")
def list_retention_runs(request: Request, caller: AnyCaller, rule: Annotated[RuleCode, Query()]) -> RunsOut:
    """Return for one rule what was due and what went, run by run: the proof that terms were kept to."""
    with hub_of(request).disclosing(caller) as work:
        return write_runs(list_runs(work, rule.value, municipalities_of))
