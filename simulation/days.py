"""Let the days go by: what happens, what the worker does, and what people do with what they hear."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

from sqlalchemy import select

import hub.changes.service as changes
import hub.consent.service as consent
import hub.informing.service as informing
import hub.matches.service as matches
import hub.signals.service as signals
from hub.arrangements.versions import apply_due
from hub.matches.intake import IntakeItem
from hub.matches.models import MatchRow
from hub.matches.owning import Progress, record_progress
from hub.matches.retracting import retract
from hub.matches.states import Verified
from hub.notices.models import NoticeRow, NoticeState
from hub.notices.terms import is_working_day
from hub.onboarding.leaving import wind_up
from hub.partners import staffing
from hub.statistics.tallying import tally_days
from hub.teams.administration import record_absence
from service.errors import DatError
from service.work import OPERATOR, Work
from simulation.acts import Year, do, post_all, take_over
from simulation.people import Event
from simulation.scale import FIRST_DAY, Scale
from simulation.town import Worker, hire
from simulation.truth import Shown

BATCH = 500
MEETING = 1  # Tuesday


def live(year: Year, scale: Scale, *, say: Callable[[str], None]) -> None:
    """Live through every day of the year, and say once a month how far it is."""
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in year.plan.events:
        by_day[event.on].append(event)
    for number in range(scale.days):
        on = FIRST_DAY + timedelta(days=number)
        if on.day == 1:
            say(f"{on:%B}: {len(year.truth.registered)} registered, {len(year.truth.shown)} shown")
        _day(year, on, by_day.pop(on, []))


def _day(year: Year, on: date, events: list[Event]) -> None:
    region, working = year.region, is_working_day(on)
    year.agendas.clear()
    region.set_clock(on, 8)
    _staff_changes(year, on)
    _chores(year)
    region.set_clock(on, 10)
    for event in events:
        do(year, event)
    post_all(year)
    if working:
        take_over(year)
    _match(year)
    if working:
        region.set_clock(on, 14)
        announced = _announced(year)
        for worker in [one for one in region.workers if one.is_at_work(on)]:
            if worker.staff.id in announced or on.weekday() == MEETING or worker.role == "team_lead":
                _work(year, worker)
        _match(year)
        region.set_clock(on, 17)
        _chores(year)
        with region.work(OPERATOR) as work:
            year.truth.counts["orphans"] += len(matches.list_orphans(work))


def _announced(year: Year) -> set[UUID]:
    """Name who has something new in the inbox: they look when a mail says so, at meetings, and as a lead."""
    with year.region.look() as work:
        new = select(NoticeRow.recipient).where(NoticeRow.state == NoticeState.NEW)
        return set(work.session.scalars(new.distinct()))


def _chores(year: Year) -> None:
    """Do what the worker process does, each in a unit of work of its own."""
    due: tuple[Callable[[Work], int], ...] = (
        apply_due,
        lambda work: signals.expire_due(work, limit=BATCH),
        lambda work: consent.lapse_due(work, limit=BATCH),
        lambda work: changes.expire_due(work, limit=BATCH),
        informing.follow_terms,
        wind_up,
        matches.sweep_owners,
        matches.return_overdue,
        matches.escalate,
        tally_days,
    )
    for chore in due:
        with year.region.work() as work:
            chore(work)
    _match(year)


def _match(year: Year) -> None:
    while matches.match_changed(year.region.database, now=year.region.now):
        pass


def _staff_changes(year: Year, on: date) -> None:
    """Plan leave at the start of each month; each quarter somebody leaves, and somebody begins."""
    if on.day != 1:
        return
    for worker in [one for one in year.region.workers if one.left_on is None]:
        if year.chance.random() < (0.8 if on.month == 7 else 0.25):
            since = on + timedelta(days=year.chance.randrange(1, 25))
            long = year.chance.randrange(8, 22) if on.month in {5, 7, 12} else year.chance.randrange(1, 6)
            _leave(year, worker, since, since + timedelta(days=long))
    if on.month % 3 == 0:
        at = year.chance.randrange(len(year.region.teams))
        gone = year.chance.choice([one for one in year.region.team_of(at) if one.role == "casemanager"])
        gone.left_on = on
        with year.region.work(OPERATOR) as work:
            staffing.end_staff(work, gone.staff.id, on=on)
        hire(year.region, at, "casemanager")


def _leave(year: Year, worker: Worker, since: date, until: date) -> None:
    team = [one for one in year.region.team_of(worker.team) if one is not worker and one.role == worker.role]
    cover = year.chance.choice(team) if team and year.chance.random() < 0.7 else None
    with year.region.work(worker.caller) as work:
        record_absence(work, since=since, until=until, cover=cover.staff.id if cover else None)
    worker.away.append((since, until))


def _work(year: Year, worker: Worker) -> None:
    """Spend half an hour on what came in: notices, the team's queue and, as a lead, what may be a match."""
    if worker.role == "team_lead":
        _judge(year, worker)
    if year.chance.random() > worker.diligence:
        return
    with year.region.work(worker.caller) as work:
        heard = matches.list_notices(work, only_new=True)[0]
    for notice in heard:
        if notice.kind != "match":
            continue
        _note_shown(year, worker, notice.match_id)
        if year.chance.random() < worker.diligence:
            _answer(year, worker, notice.notice_id, notice.match_id)
    _take_from_queue(year, worker)


def _answer(year: Year, worker: Worker, notice_id: UUID, match_id: UUID) -> None:
    known = year.chance.random() < 0.12
    outcome = NoticeState.ALREADY_IN_CONTACT if known else NoticeState.ACKNOWLEDGED
    try:
        with year.region.work(worker.caller) as work:
            matches.acknowledge(work, notice_id, outcome=outcome)
        if _is_mistaken(year, match_id):
            with year.region.work(worker.caller) as work:
                retract(work, match_id, Verified.WITH_REPORTER)
            year.truth.counts["retracted"] += 1
        elif not known and year.chance.random() < 0.7:
            with year.region.work(worker.caller) as work:
                record_progress(work, match_id, Progress(contacted_on=year.region.today))
    except DatError as refusal:
        year.truth.counts[f"refused:answer:{refusal.code}"] += 1


def _is_mistaken(year: Year, match_id: UUID) -> bool:
    """Tell by the truth what a telephone call tells a casemanager: that these are two persons."""
    with year.region.look() as work:
        row = work.session.get_one(MatchRow, match_id)
        sides = {row.signal_id, row.other_id}
    return len({year.truth.registered[id_].client for id_ in sides}) > 1


def _take_from_queue(year: Year, worker: Worker) -> None:
    """Take what fits: at the meeting, else now and then; and as a lead what waited too long."""
    leads, meeting = worker.role == "team_lead", year.region.today.weekday() == MEETING
    if not (leads or meeting or year.chance.random() < 0.2):
        return
    for item in _agenda(year, worker):
        due = item.left and leads
        often = 0.1 if leads and not meeting else 0.5
        if item.state != "waiting" or not (due or year.chance.random() < often):
            continue
        if item in year.agendas.get(worker.team, ()):
            year.agendas[worker.team].remove(item)
        try:
            with year.region.work(worker.caller) as work:
                taken = matches.accept_intake(work, item.item_id)
        except DatError as refusal:
            year.truth.counts[f"refused:intake:{refusal.code}"] += 1
            continue
        if taken is not None:
            year.truth.counts["taken_from_queue"] += 1
            sides = [
                *(handle.signal_id for handle in taken.handles),
                *([taken.case_id] if taken.case_id else []),
            ]
            year.truth.shown.append(Shown(year.region.now, worker.team, None, frozenset(sides)))


def _agenda(year: Year, worker: Worker) -> list[IntakeItem]:
    """Read what waits for a team; at its meeting all look at one list, from which goes what is taken."""
    at_meeting = year.region.today.weekday() == MEETING
    if not at_meeting or worker.team not in year.agendas:
        with year.region.work(worker.caller) as work:
            items = matches.list_intake(work)
        if not at_meeting:
            return items
        year.agendas[worker.team] = items
    return list(year.agendas[worker.team])


def _judge(year: Year, worker: Worker) -> None:
    """Judge what may be one person: by telephone with both, so by the truth."""
    with year.region.work(worker.caller) as work:
        found = matches.list_possible(work)
    if not found:
        return
    with year.region.look() as work:
        pairs = {one.match_id: work.session.get_one(MatchRow, one.match_id) for one in found}
        sides = {id_: (row.signal_id, row.other_id) for id_, row in pairs.items()}
    for one in found:
        left, right = (year.truth.registered[side].client for side in sides[one.match_id])
        verdict = matches.Judgement.CONFIRMED if left == right else matches.Judgement.REJECTED
        try:
            with year.region.work(worker.caller) as work:
                matches.decide_possible(work, one.match_id, verdict)
            year.truth.counts[f"possible_{verdict.value}"] += 1
        except DatError as refusal:
            year.truth.counts[f"refused:judgement:{refusal.code}"] += 1


def _note_shown(year: Year, worker: Worker, match_id: UUID) -> None:
    year.truth.shown.append(Shown(year.region.now, worker.team, match_id))


@contextmanager
def drawn_ids(seed: int) -> Iterator[None]:
    """Let the ids that this process draws follow the seed: who is asked among equals is decided by them.

    Keys are drawn as ever; nothing of a simulation is anybody's, and nothing of it stays.
    """
    chance = random.Random(seed)
    real, uuid.os = uuid.os, SimpleNamespace(urandom=chance.randbytes)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        uuid.os = real  # type: ignore[attr-defined]
