"""What stays with somebody who is away for a little, and what is given on: a rule over dates.

Source: domain.md ROU-10 to ROU-13, ROU-03; no law says how long somebody may be away: the terms are defaults.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hub.notices.terms import Terms, due_at, is_working_day
from hub.teams.roster import Roster
from hub.teams.service import Absence, list_absences
from service.clock import AMSTERDAM, dutch_date
from service.work import Work

DAY = timedelta(days=1)
LONGEST = timedelta(days=120)  # longer than any term that an arrangement may set: sixty working days


@dataclass(frozen=True, slots=True)
class Leave:
    """From which working day somebody is away, and on which one they are there again."""

    since: date
    back_on: date

    def is_short(self, terms: Terms) -> bool:
        """Tell whether they are back within the term in which anything is taken up."""
        return self.back_on < dutch_date(due_at(_begin_of(self.since), working_days=terms.acknowledge))

    def allows(self, moment: datetime) -> bool:
        """Tell whether a working day of theirs is left before this moment."""
        return _begin_of(self.back_on + DAY) <= moment


@dataclass(frozen=True, slots=True)
class InHand:
    """How far an open match is that somebody has.

    Attributes:
        opened_at: when its clock began.
        spoken: somebody spoke with the person, or was in contact before.
        clock_at: when the first clock of an inquiry ends that is not met.
    """

    match_id: UUID
    opened_at: datetime
    is_taken: bool
    spoken: bool
    clock_at: datetime | None = None


def stays(match: InHand, leave: Leave, terms: Terms) -> bool:
    """Tell whether a match stays with its owner: they took it up, are back soon, and it is not late by then.

    Source:
        ROU-13 (what nobody took up waits for nobody), ROU-12 (first contact), row 10 (clocks of an inquiry).
    """
    if not match.is_taken or not leave.is_short(terms):
        return False
    if match.clock_at is not None and not leave.allows(match.clock_at):
        return False
    return match.spoken or leave.allows(due_at(match.opened_at, working_days=terms.contact))


def find_leave(absences: Iterable[Absence], *, on: date) -> Leave:
    """Join absences that meet, over weekends and holidays too: week by week nobody is away for long.

    It looks `LONGEST` back and ahead: of a longer leave it says that it is long, not how long.
    """
    known = list(absences)

    def is_away(day: date) -> bool:
        return not is_working_day(day) or any(one.since <= day < one.until for one in known)

    since, back = on, on
    while since > on - LONGEST and is_away(since - DAY):
        since -= DAY
    while not is_working_day(since):
        since += DAY
    while back < on + LONGEST and is_away(back):
        back += DAY
    return Leave(since, back)


def read_leaves(work: Work, roster: Roster, pairs: Collection[tuple[UUID, UUID]]) -> Mapping[UUID, Leave]:
    """Say how long those are away who could carry a match of their team, were they there.

    Args:
        pairs: team and member.
    """
    away = {staff_id for team_id, staff_id in pairs if roster.is_only_away(team_id, staff_id)}
    on = dutch_date(work.now)
    return {id_: find_leave(found, on=on) for id_, found in list_absences(work, away).items()}


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=AMSTERDAM)
