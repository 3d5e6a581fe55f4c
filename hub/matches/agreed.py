"""The terms that arrangements say for their teams; the hub's own for every other team. Source: ROU-12."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from hub.arrangements.values import TermDays
from hub.arrangements.versions import arrangements_in_force
from hub.notices import service as notices
from hub.notices.service import NewNotice
from hub.notices.terms import Terms
from hub.partners.service import find_by_oin
from service.work import Work


@dataclass(frozen=True, slots=True)
class AgreedTerms:
    """Terms by team."""

    default: Terms
    by_team: Mapping[UUID, Terms]

    def of(self, team_id: UUID | None) -> Terms:
        """Return the terms of a team."""
        return self.by_team.get(team_id, self.default) if team_id else self.default

    def groups(self) -> Iterator[tuple[Terms, dict[str, Collection[UUID]]]]:
        """Give each terms with the teams that have them: as what a query is `of`, or `but` of."""
        yield self.default, {"but": self.by_team.keys()}
        for terms in dict.fromkeys(self.by_team.values()):
            yield terms, {"of": [team_id for team_id, own in self.by_team.items() if own == terms]}


def read_terms(work: Work, default: Terms) -> AgreedTerms:
    """Read the terms in force today."""
    agreed = {
        entry.id: _with(default, one.terms) for one in arrangements_in_force(work) for entry in one.teams
    }
    return AgreedTerms(default, agreed)


def read_controllers(work: Work) -> dict[UUID, UUID]:
    """Return, by team, the organisation that answers for the arrangement in which it takes part."""
    found = arrangements_in_force(work)
    ids = find_by_oin(work, {one.controller for one in found})
    return {
        team_id: ids[one.controller] for one in found for team_id in one.team_ids if one.controller in ids
    }


def queue(work: Work, calls: Sequence[NewNotice], *, working_days: int) -> None:
    """Put notices in inboxes, each due as its team agreed."""
    terms = read_terms(work, Terms(acknowledge=working_days))
    for days, group in _by_days(calls, terms):
        notices.queue(work, group, working_days=days)


def _by_days(calls: Sequence[NewNotice], terms: AgreedTerms) -> Iterator[tuple[int, list[NewNotice]]]:
    def days(call: NewNotice) -> int:
        return terms.of(call.team_id).acknowledge

    for number, group in groupby(sorted(calls, key=days), key=days):
        yield number, list(group)


def _with(default: Terms, agreed: TermDays) -> Terms:
    said = {field.name: getattr(agreed, field.name) for field in fields(agreed)}
    days = said.pop("meeting_days")
    meeting = timedelta(days=days) if days else default.meeting
    return replace(default, meeting=meeting, **{name: value for name, value in said.items() if value})
