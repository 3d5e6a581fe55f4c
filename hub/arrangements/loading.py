"""Read an arrangement, refuse one that is incomplete or contradicts itself, and name it by its hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hub.arrangements.errors import ArrangementInvalidError
from hub.arrangements.values import Arrangement, Rule, Target
from hub.documents import hash_document, places_of, read_document, unique
from hub.teams.policy import NEVER
from hub.teams.values import EmployerKind
from service.errors import UnsafeSettingsError

_ADAPTER = TypeAdapter(Arrangement)


def load_arrangement(path: Path) -> Arrangement:
    """Read an arrangement from a file; what is wrong is named by its places."""
    try:
        return parse_arrangement(read_document(path))
    except ArrangementInvalidError as failure:
        raise UnsafeSettingsError(f"{path.name}: not an arrangement at {', '.join(failure.places)}") from None


def parse_arrangement(document: Mapping[str, Any]) -> Arrangement:
    """Read an arrangement from its document.

    Raises:
        ArrangementInvalidError: names every place that is missing, unknown or contradicts another.
    """
    try:
        arrangement = _ADAPTER.validate_python({**document, "hash": hash_document(document)})
    except ValidationError as failure:
        raise ArrangementInvalidError(places=places_of(failure)) from None
    if places := unique(_faults(arrangement)):
        raise ArrangementInvalidError(places=places)
    return arrangement


def _faults(arrangement: Arrangement) -> Iterator[str]:
    if not arrangement.residences:
        yield "/residences"
    if len({team.id for team in arrangement.teams}) != len(arrangement.teams):
        yield "/teams"
    if max(Counter(rule.code for rule in arrangement.rules).values(), default=0) > 1:
        yield "/rules"
    if not _catches_all(arrangement):
        yield "/rules"
    for at, rule in enumerate(arrangement.rules):
        yield from (f"/rules/{at}/{place}" for place in _rule_faults(arrangement, rule))
    yield from _people_faults(arrangement)
    yield from _period_faults(arrangement)
    yield from _inquiry_faults(arrangement)


def _inquiry_faults(arrangement: Arrangement) -> Iterator[str]:
    clocks = arrangement.inquiry.clocks if arrangement.inquiry else ()
    if len({clock.code for clock in clocks}) != len(clocks):
        yield "/inquiry/clocks"


def _catches_all(arrangement: Arrangement) -> bool:
    """Tell whether nothing falls through: the last rule asks nothing, and a team of it takes everybody."""
    last = arrangement.rules[-1] if arrangement.rules else None
    if last is None or not last.is_open or last.to not in {Target.QUEUE, Target.NOBODY}:
        return False
    teams = [team for team in arrangement.teams if team.tier == last.tier]
    return last.to is Target.NOBODY or any(not team.areas and not team.brackets for team in teams)


def _rule_faults(arrangement: Arrangement, rule: Rule) -> Iterator[str]:
    needs_tier = rule.to in {Target.MEMBER, Target.QUEUE}
    tiers = {team.tier for team in arrangement.teams}
    if needs_tier is not (rule.tier in tiers):
        yield "tier"
    if rule.to in {Target.CASEMANAGER, Target.CASE_TEAM} and rule.case is not True:
        yield "case"
    if rule.inquiry is not None and arrangement.inquiry is None:
        yield "inquiry"
    if rule.to is Target.HOUSEHOLD_LEAD and arrangement.household is None:
        yield "to"
    if rule.region is not None and rule.region not in {one.code for one in arrangement.regions}:
        yield "region"
    if rule.to is not Target.MEMBER and (rule.expertise or rule.employers or rule.generalist is not None):
        yield "to"
    if rule.employers & NEVER:
        yield "employers"


def _people_faults(arrangement: Arrangement) -> Iterator[str]:
    """Law and prudence: a certified institution never; a provider only where somebody decided so, and why."""
    people = arrangement.casemanagers
    if people.employers & NEVER:
        yield "/casemanagers/employers"
    if people.provider_separation is not (people.without_separation_because is None):
        yield "/casemanagers/without_separation_because"
    if people.provider_separation and EmployerKind.PROVIDER in people.employers:
        yield "/casemanagers/employers"


def _period_faults(arrangement: Arrangement) -> Iterator[str]:
    ids = {team.id for team in arrangement.teams}
    for at, region in enumerate(arrangement.regions):
        if not region.members or (region.until is not None and region.until <= region.since):
            yield f"/regions/{at}"
    for at, one in enumerate(arrangement.successions):
        if one.successor not in ids or one.team in ids:
            yield f"/successions/{at}"
