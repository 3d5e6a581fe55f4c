"""The proof that data went, for the privacy officer."""

from __future__ import annotations

from fastapi import APIRouter, Request

from hub.context import hub_of
from hub.retaining.registry import KEEPINGS
from hub.retaining.schemas import RetentionOut, write_rule
from hub.retention.service import report
from service.http import AnyCaller

router = APIRouter(tags=["retention"])


@router.get("/retention-report", summary="See what went", operation_id="getRetentionReport")
def get_retention_report(request: Request, caller: AnyCaller) -> RetentionOut:
    """Return per rule how long data are kept, what is past its term, and what the runs removed."""
    with hub_of(request).disclosing(caller) as work:
        return RetentionOut(rules=[write_rule(one) for one in report(work, KEEPINGS)])
