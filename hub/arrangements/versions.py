"""Versions of arrangements: which hold now, and how two persons put another in the place of one.

Source: domain.md ROU-07; each version is dated and hashed, and none is ever changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from hub.arrangements import store
from hub.arrangements.errors import (
    ArrangementBrokenError,
    ArrangementInvalidError,
    ArrangementMissingError,
    ArrangementMovedError,
)
from hub.arrangements.events import ArrangementAdopted, ArrangementApplied
from hub.arrangements.fitting import require_controller, require_fitting
from hub.arrangements.loading import parse_arrangement
from hub.arrangements.models import ArrangementRow
from hub.arrangements.store import ArrangementVersion
from hub.arrangements.values import Arrangement
from hub.audit.service import record
from hub.changes.service import Change, ChangeKind, ChangeReason, propose
from hub.documents import hash_document
from hub.teams.following import follow_arrangement, go_on_as
from hub.teams.service import list_municipalities
from keys.protocol.encoding import canonical_json
from service.clock import dutch_date
from service.work import Work

# As with the policy set: a version for today is this much late in other processes, and no more.
FRESH = timedelta(seconds=5)
_known: WeakKeyDictionary[Engine | Connection, tuple[datetime, list[ArrangementVersion]]] = (
    WeakKeyDictionary()
)
_served: WeakKeyDictionary[Engine | Connection, tuple[datetime, frozenset[str]]] = WeakKeyDictionary()
_read_before: dict[str, Arrangement] = {}


def arrangements_in_force(work: Work) -> list[Arrangement]:
    """Return the arrangements in force at `work.now`, one of each name, sorted by name."""
    return [get_arrangement(work, hash_) for _, hash_ in sorted(_hashes_in_force(work).items())]


def inquiries_in_force(work: Work) -> list[tuple[Arrangement, date]]:
    """Return the arrangements in which each signal opens an inquiry, and from which day they hold."""
    hashes = set(_hashes_in_force(work).values())
    held = (
        (get_arrangement(work, one.hash), one.in_force_on) for one in _versions(work) if one.hash in hashes
    )
    return [(arrangement, since) for arrangement, since in held if arrangement.inquiry]


def has_inquiries(work: Work) -> bool:
    """Tell whether any version of any arrangement ever had signals open inquiries; asks no database."""
    return any(get_arrangement(work, one.hash).inquiry for one in _versions(work))


def get_arrangement(work: Work, hash_: str) -> Arrangement:
    """Return the arrangement that an assignment names; raises ArrangementMissingError."""
    if hash_ not in _read_before:
        document = find_document(work, hash_)
        if hash_document(document) != hash_:
            raise ArrangementBrokenError
        _read_before[hash_] = parse_arrangement(document)
    return _read_before[hash_]


def find_document(work: Work, hash_: str) -> dict[str, Any]:
    """Return an arrangement as its document; raises ArrangementMissingError."""
    written = store.find_document(work.session, hash_)
    if written is None:
        raise ArrangementMissingError
    return json.loads(written)  # type: ignore[no-any-return]


def served_municipalities(work: Work) -> frozenset[str]:
    """Return the municipalities (CBS) of whose residents somebody hears today; none where not laid out.

    Those of the arrangements in force, and of the teams there are. Source: MAT-07.
    """
    bind = work.session.get_bind()
    found = _served.get(bind)
    if found is None or not found[0] <= work.now < found[0] + FRESH:
        arranged = {one for each in arrangements_in_force(work) for one in each.residences}
        found = work.now, frozenset(arranged | list_municipalities(work, on=dutch_date(work.now)))
        _served[bind] = found
    return found[1]


def list_versions(work: Work) -> list[ArrangementVersion]:
    """Return every version by name and the day from which it holds."""
    return store.list_versions(work.session)


def propose_arrangement(
    work: Work, document: Mapping[str, Any], *, in_force_on: date, reason: ChangeReason
) -> Change:
    """Put an arrangement before a second person.

    Raises:
        ArrangementInvalidError: names every place that is missing, unknown or contradicts another, the teams
            there are, other arrangements or the policy set; or the day lies in the past.
        RoleNotAllowedError: The caller is nobody who may propose this.
        NotControllerError: They are not of the organisation that answers for it until now.
    """
    arrangement = parse_arrangement(document)
    if in_force_on < dutch_date(work.now):
        raise ArrangementInvalidError(places=("/inForceDate",))
    latest = _latest(work, arrangement.name)
    before = get_arrangement(work, latest.hash) if latest else arrangement
    require_controller(work, before.controller)
    require_fitting(work, arrangement, others=_others(work, arrangement.name, since=in_force_on))
    if latest is not None and latest.hash == arrangement.hash:
        raise ArrangementInvalidError(places=("/name",))
    payload = {
        "document": dict(document),
        "hash": arrangement.hash,
        "inForceDate": in_force_on.isoformat(),
        "after": latest.hash if latest else "",
    }
    return propose(work, kind=ChangeKind.ARRANGEMENT, payload=payload, reason=reason)


def adopt(work: Work, change: Change) -> None:
    """Store the arrangement of a change that two persons agree on; the worker lets its teams follow.

    Raises:
        NotControllerError: The second person is not of the organisation that will answer for it.
        ArrangementMovedError: Another version was adopted since it was proposed.
    """
    document = change.payload["document"]
    arrangement = parse_arrangement(document)
    begins = max(date.fromisoformat(change.payload["inForceDate"]), dutch_date(work.now))
    require_controller(work, arrangement.controller)
    require_fitting(work, arrangement, others=_others(work, arrangement.name, since=begins))
    latest = _latest(work, arrangement.name)
    if change.payload["after"] != (latest.hash if latest else ""):
        raise ArrangementMovedError
    row = ArrangementRow(
        name=arrangement.name,
        version=latest.version + 1 if latest else 1,
        hash=arrangement.hash,
        document=canonical_json(dict(document)),
        in_force_on=begins,
        adopted_at=work.now,
        change_id=change.id,
        applied_at=None,
    )
    work.session.add(row)
    work.session.flush()
    _known.clear()
    _served.clear()
    detail: dict[str, str | int] = {"name": row.name, "hash": row.hash, "from": begins.isoformat()}
    record(work, ArrangementAdopted(purpose="arrangement", detail=detail))


def apply_due(work: Work) -> int:
    """Let the teams of arrangements whose day has come be as these say; returns how many arrangements."""
    rows = store.list_unapplied(work.session, on=dutch_date(work.now))
    # What is dropped first: another arrangement may take that team up on the same day.
    for row in rows:
        before = _find_before(work, row)
        for team_id in (before.team_ids if before else set()) - get_arrangement(work, row.hash).team_ids:
            follow_arrangement(work, team_id, separation=True, employers=frozenset())
    for row in rows:
        _apply(work, row)
    work.session.flush()
    return len(rows)


def _apply(work: Work, row: ArrangementRow) -> None:
    arrangement = get_arrangement(work, row.hash)
    people = arrangement.casemanagers
    for entry in arrangement.teams:
        follow_arrangement(work, entry.id, separation=people.provider_separation, employers=people.employers)
    for one in arrangement.successions:
        go_on_as(work, one.team, successor_id=one.successor, on=max(one.on, dutch_date(work.now)))
    row.applied_at = work.now
    record(work, ArrangementApplied(purpose="arrangement", detail={"name": row.name, "hash": row.hash}))


def _find_before(work: Work, row: ArrangementRow) -> Arrangement | None:
    """Return the version in whose place this one comes."""
    own = [one for one in store.list_versions(work.session) if one.name == row.name]
    at = [one.version for one in own].index(row.version)
    return get_arrangement(work, own[at - 1].hash) if at else None


def _others(work: Work, name: str, *, since: date) -> list[Arrangement]:
    """Return the versions of other names that hold on a day or after it, those to come included."""
    versions = [one for one in store.list_versions(work.session) if one.name != name]
    following: list[ArrangementVersion | None] = [*versions[1:], None]
    return [
        get_arrangement(work, one.hash)
        for one, after in zip(versions, following, strict=False)
        if after is None or after.name != one.name or after.in_force_on > max(since, one.in_force_on)
    ]


def _latest(work: Work, name: str) -> ArrangementVersion | None:
    own = [one for one in store.list_versions(work.session) if one.name == name]
    return max(own, key=lambda one: one.version, default=None)


def _hashes_in_force(work: Work) -> dict[str, str]:
    today = dutch_date(work.now)
    return {one.name: one.hash for one in _versions(work) if one.in_force_on <= today}


def _versions(work: Work) -> list[ArrangementVersion]:
    bind = work.session.get_bind()
    found = _known.get(bind)
    if found is None or not found[0] <= work.now < found[0] + FRESH:
        found = work.now, store.list_versions(work.session)
        _known[bind] = found
    return found[1]
