"""The privacy officer's day: what waits, how often something was shown, whether the log is whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

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
from hub.retention.reporting import RuleReport, begin_report, count_rules, place_of_caller
from hub.samples.service import count_drawn
from hub.web.charts import draw_bars
from hub.web.rendering import render
from hub.web.texts import say_short_day
from hub.web.visiting import Page, Visit
from service.work import Work

OFFICER = frozenset({StaffRole.PRIVACY_OFFICER})
# What looks as if somebody tries whom the hub knows; the others are about reading.
PROBING = frozenset(AlarmCode) - {AlarmCode.UNUSUAL_READING, AlarmCode.IDLE_CASES}


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule of keeping, and when the oldest of it leaves; None where there is nothing."""

    report: RuleReport
    leaves_in: int | None
    leaves_on: date | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What is kept by each rule, and when that was counted."""

    at: datetime
    rules: Sequence[RuleReport]


COUNTS_LAST = timedelta(minutes=5)
COUNTED_DOWN = timedelta(days=100)  # what leaves later is said by its day
# By store and municipality; a handful.
_counted: dict[tuple[str, UUID | None], Counted] = {}


def show_overview(visit: Visit) -> Response:
    """Show the figures that matter; that they were looked at is in the log."""
    with visit.disclosing() as work:
        found = read_overview(work)
        warnings, drawn, changes = count_open(work), count_drawn(work), list_open(work)
        counted = count_lately(work, place_of_caller(work, municipalities_of))
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
        late=sum(one.late for one in counted.rules),
        leaving=min(filter(_is_coming, _kept(counted, visit.today)), key=_first_to_see, default=None),
    )


def verify(visit: Visit) -> Response:
    """Recompute the whole log now, hold it against its witness, and write that it was done."""
    checked = check_log(visit.hub, visit.caller)
    with visit.disclosing() as work:
        record_verification(work, findings=checked.report.findings, events=checked.report.events)
    return render(visit, "verification.html", found=checked.report, witness=checked.witness)


def show_keeping(visit: Visit) -> Response:
    """Show of each kind of data how long it is kept, and when the oldest leaves; counted a moment ago."""
    with visit.disclosing() as work:
        place = begin_report(work, municipalities_of)
        counted = count_lately(work, place)
    found = sorted(_kept(counted, visit.today), key=_first_to_see)
    kept, nothing = [one for one in found if _says(one)], [one for one in found if not _says(one)]
    return render(
        visit, "keeping.html", kept=kept, nothing=nothing, counted_at=counted.at, soon=COUNTED_DOWN.days
    )


def _says(one: Kept) -> bool:
    return bool(one.report.rows or one.report.late or one.report.braked)


def _kept(counted: Counted, today: date) -> list[Kept]:
    leaving = [(one, one.oldest + one.rule.term if one.oldest else None) for one in counted.rules]
    return [Kept(one, (on - today).days if on else None, on) for one, on in leaving]


def count_lately(work: Work, place: UUID | None) -> Counted:
    """Count what is kept, or give what was counted a few minutes ago: it reads every row there is."""
    key = (str(work.session.get_bind().engine.url), place)
    found = _counted.get(key)
    if found is None or work.now - found.at > COUNTS_LAST:
        terms = keeping_in_force(work)
        rules = count_rules(work, KEEPINGS, municipalities_of, terms=terms, place=place)
        found = _counted[key] = Counted(work.now, rules)
    return found


def _count(warnings: Mapping[AlarmCode, int], *, probing: bool) -> int:
    return sum(count for code, count in warnings.items() if (code in PROBING) is probing)


def _is_coming(one: Kept) -> bool:
    return one.leaves_in is not None and one.leaves_in > 0


def _first_to_see(one: Kept) -> tuple[bool, bool, int]:
    """Put what went wrong on top, then what leaves first."""
    return not one.report.braked, not one.report.late, 10_000 if one.leaves_in is None else one.leaves_in


PAGES = (
    Page("GET", "/oversight", show_overview, OFFICER),
    Page("POST", "/verification", verify, OFFICER),
    Page("GET", "/keeping", show_keeping, OFFICER),
)
