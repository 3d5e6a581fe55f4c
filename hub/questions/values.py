"""A question as it is asked, and its answer: coded facts, dates and names of organisations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, true

from hub.audit.reading import ReadingPurpose
from hub.partners.service import find_partners
from hub.retention.reporting import RuleReport
from service.bulk import is_one_of
from service.clock import AMSTERDAM, dutch_date
from service.work import Work

Facts = Mapping[str, str | int]
LONGEST = timedelta(days=366)
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)  # beyond these a calendar may end within a period


class QuestionId(StrEnum):
    """The questions. Source: domain.md 1G."""

    AUD_01 = "AUD-01"
    AUD_02 = "AUD-02"
    AUD_03 = "AUD-03"
    AUD_04 = "AUD-04"
    AUD_05 = "AUD-05"
    AUD_06 = "AUD-06"
    AUD_07 = "AUD-07"
    AUD_08 = "AUD-08"
    AUD_09 = "AUD-09"
    AUD_10 = "AUD-10"
    AUD_11 = "AUD-11"
    AUD_12 = "AUD-12"
    AUD_13 = "AUD-13"
    AUD_14 = "AUD-14"
    AUD_15 = "AUD-15"


class Lost(StrEnum):
    """What came into wrong hands (AUD-14)."""

    HUB_DATABASE = "hub_database"
    HUB_BACKUP = "hub_backup"
    HUB_KEYS = "hub_keys"
    LOG_KEY = "log_key"
    HOLDER_STORE = "holder_store"
    PARTNER_KEY = "partner_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes:
        since, until: days, both inclusive.
        request_id: the citizen's request on which a question about a person rests.
        staff_id: the employee whom a question is about.
        lost: what came into wrong hands.
        page: from 1.
    """

    id: QuestionId
    purpose: ReadingPurpose
    since: date
    until: date
    request_id: UUID | None = None
    staff_id: UUID | None = None
    lost: frozenset[Lost] = frozenset()
    page: int = 1
    page_size: int = 100


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that may be asked, with the store to ask.

    Attributes:
        scope: the organisations for which the municipality answers; None: all.
        kept: what is kept by each rule, where that was counted already.
    """

    work: Work
    question: Question
    scope: frozenset[UUID] | None
    kept: Sequence[RuleReport] | None = None

    @property
    def begins(self) -> datetime:
        """Return the first moment of the period."""
        return datetime.combine(self.question.since, time(), AMSTERDAM).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """Return the first moment after the period."""
        return datetime.combine(self.question.until + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)

    def within(self, moment: Any) -> ColumnElement[bool]:
        """Select what happened in the period."""
        return and_(moment >= self.begins, moment < self.ends)

    def ours(self, organisation: Any) -> ColumnElement[bool]:
        """Select what is of an organisation for which the municipality answers."""
        if self.scope is None:
            return true()
        return is_one_of(self.work.session, organisation, sorted(self.scope))

    def rows(self, query: Any) -> Sequence[Any]:
        """Read the rows of the page, and one more where there is a next page."""
        size = self.question.page_size
        paged = query.offset((self.question.page - 1) * size).limit(size + 1)
        return self.work.session.execute(paged).all()

    def page_of(self, facts: Sequence[Facts]) -> Sequence[Facts]:
        """Return the page of what was made in memory, and one more where there is a next page."""
        first = (self.question.page - 1) * self.question.page_size
        return facts[first : first + self.question.page_size + 1]

    def names(self, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
        """Return the names of organisations."""
        found = find_partners(self.work, {id_ for id_ in ids if id_ is not None})
        return {id_: partner.name for id_, partner in found.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        lines: facts by name; `date` is always among them.
        next_page: None on the last one.
        as_of: the hour of the newest event that the answer can know of.
    """

    id: QuestionId
    lines: Sequence[Facts]
    next_page: int | None
    as_of: datetime | None


def is_period(since: date, until: date) -> bool:
    """Tell whether these days are a period about which can be asked: a year at most."""
    return EARLIEST <= since <= until <= LATEST and until - since <= LONGEST


def merged(rows: Iterable[tuple[datetime, int, Facts]]) -> list[Facts]:
    """Merge equal events of a Dutch day, with their number; oldest first. Source: NEN 7513, 9."""
    counted: Counter[tuple[date, tuple[tuple[str, str | int], ...]]] = Counter()
    for moment, count, facts in rows:
        counted[dutch_date(moment), tuple(facts.items())] += count
    return [
        {"date": on.isoformat(), **dict(facts), "count": count}
        for (on, facts), count in sorted(counted.items(), key=lambda one: (one[0][0], repr(one[0][1])))
    ]
