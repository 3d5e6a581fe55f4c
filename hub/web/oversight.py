"""The privacy officer's day: what waits, how often something was shown, whether the log is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from hub.alarms.service import count_open
from hub.alarms.values import AlarmCode
from hub.audit.reading import record_verification
from hub.changes.service import list_open
from hub.consent.keeping import keeping_in_force
from hub.partners.service import StaffRole
from hub.questions.checking import check_log
from hub.questions.overview import read_overview
from hub.retaining.registry import KEEPINGS, municipalities_of
from hub.retention.reporting import RuleReport, report
from hub.samples.service import count_drawn
from hub.web.charts import draw_bars
from hub.web.rendering import render
from hub.web.texts import say_short_day
from hub.web.visiting import Page, Visit

OFFICER = frozenset({StaffRole.PRIVACY_OFFICER})
# What looks as if somebody tries whom the hub knows; the others are about reading.
PROBING = frozenset(AlarmCode) - {AlarmCode.UNUSUAL_READING, AlarmCode.IDLE_CASES}


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule of keeping, and when the oldest of it leaves; None where there is nothing."""

    report: RuleReport
    leaves_in: int | None


def show_overview(visit: Visit) -> Response:
    """Show the figures that matter; that they were looked at is in the log."""
    with visit.disclosing() as work:
        found = read_overview(work)
        warnings, drawn, changes = count_open(work), count_drawn(work), list_open(work)
    shown = draw_bars([(say_short_day(one.on), one.shown) for one in found.days])
    refused = draw_bars([(say_short_day(one.on), one.refused) for one in found.days])
    return render(
        visit,
        "oversight.html",
        found=found,
        probing=_count(warnings, probing=True),
        unusual=_count(warnings, probing=False),
        drawn=drawn,
        changes=len(changes),
        shown=shown,
        refused=refused,
        witness=visit.hub.cover.describe(visit.hub.database)["witness"],
    )


def verify(visit: Visit) -> Response:
    """Recompute the whole log now, hold it against its witness, and write that it was done."""
    checked = check_log(visit.hub, visit.caller)
    with visit.disclosing() as work:
        record_verification(work, findings=len(checked.report.findings), events=checked.report.events)
    return render(visit, "verification.html", found=checked.report, witness=checked.witness)


def show_keeping(visit: Visit) -> Response:
    """Show of each kind of data how long it is kept, and when the oldest leaves."""
    with visit.disclosing() as work:
        rules = report(work, KEEPINGS, municipalities_of, terms=keeping_in_force(work))
    kept = [Kept(one, _leaves_in(one, visit.today)) for one in rules]
    return render(visit, "keeping.html", kept=sorted(kept, key=_first_to_see))


def _count(warnings: Mapping[AlarmCode, int], *, probing: bool) -> int:
    return sum(count for code, count in warnings.items() if (code in PROBING) is probing)


def _leaves_in(one: RuleReport, today: date) -> int | None:
    return (one.oldest + one.rule.term - today).days if one.oldest else None


def _first_to_see(one: Kept) -> tuple[bool, bool, int]:
    """Put what went wrong on top, then what leaves first."""
    return not one.report.braked, not one.report.late, 10_000 if one.leaves_in is None else one.leaves_in


PAGES = (
    Page("GET", "/oversight", show_overview, OFFICER),
    Page("POST", "/verification", verify, OFFICER),
    Page("GET", "/keeping", show_keeping, OFFICER),
)
