"""Versions of the policy set: which is in force now, and how two persons put another in its place.

Source: CON-01; AVG 5(2). Each version is dated and hashed, and none is ever changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from hub.audit.service import record
from hub.changes.kinds import RULES
from hub.changes.service import Change, ChangeKind, ChangeReason, propose
from hub.consent import versions_store
from hub.consent.errors import PolicyBrokenError, PolicyInvalidError, PolicyMissingError, PolicyMovedError
from hub.consent.events import PolicyAdopted, PolicyLaid
from hub.consent.loading import default_document, default_policy, parse_policy, policy_hash
from hub.consent.models import PolicyDraftRow, PolicySetRow
from hub.consent.policy_set import PolicySet
from hub.consent.versions_store import PolicyVersion
from hub.partners.service import require_role
from keys.protocol.encoding import canonical_json
from service.clock import AMSTERDAM, dutch_date
from service.work import Work

# What is kept is every version with its day: one that takes effect at midnight does so at midnight. Only one
# that is approved for the same day is this much late in other processes; each decision names the set it used.
# Without it every post would cost a query more.
FRESH = timedelta(seconds=5)
_known: WeakKeyDictionary[Engine | Connection, tuple[datetime, list[PolicyVersion]]] = WeakKeyDictionary()
_sets: dict[str, PolicySet] = {}


def policy_in_force(work: Work) -> PolicySet:
    """Return the policy set in force at `work.now`; the packaged one in a store that has none, as in a test.

    Raises:
        PolicyBrokenError: What is stored is not what its hash says.
    """
    today = dutch_date(work.now)
    begun = [one for one in _versions(work) if one.in_force_on <= today]
    return _read(work, begun[-1].hash) if begun else default_policy()


def in_force_since(work: Work) -> datetime:
    """Return the moment from which the policy set in force holds; for the packaged one, always."""
    today = dutch_date(work.now)
    begun = [one for one in _versions(work) if one.in_force_on <= today]
    if not begun or begun[-1].change_id is None:
        return datetime.min.replace(tzinfo=UTC)
    return max(begun[-1].adopted_at, datetime.combine(begun[-1].in_force_on, time(), AMSTERDAM))


def find_policy(work: Work, hash_: str) -> PolicySet:
    """Return the policy set that a decision names; raises PolicyMissingError."""
    if versions_store.find_document(work.session, hash_) is None:
        if hash_ == default_policy().hash:
            return default_policy()
        raise PolicyMissingError
    return _read(work, hash_)


def find_document(work: Work, hash_: str) -> dict[str, Any]:
    """Return a policy set, or a draft of one, as its document; raises PolicyMissingError."""
    written = versions_store.find_document(work.session, hash_)
    written = written or versions_store.find_draft(work.session, hash_)
    if written is not None:
        return versions_store.read_document(written)
    if hash_ == default_policy().hash:
        return default_document()
    raise PolicyMissingError


def list_versions(work: Work) -> list[PolicyVersion]:
    """Return every version by the day from which it holds."""
    return versions_store.list_versions(work.session)


def load_first(work: Work) -> None:
    """Store the packaged policy set as version 1, in force since ever; a second time changes nothing."""
    if not versions_store.list_versions(work.session):
        document = default_document()
        _adopt(work, document, in_force_on=date(1970, 1, 1), change=None)


def propose_policy(
    work: Work, document: Mapping[str, Any], *, in_force_on: date, reason: ChangeReason
) -> Change:
    """Put another policy set before a second person.

    Raises:
        PolicyInvalidError: names every place that is missing, unknown or contradicts another; or the day lies
            in the past, or nothing differs.
        RoleNotAllowedError: The caller is nobody who may propose this.
    """
    rules = parse_policy(document)
    if in_force_on < dutch_date(work.now):
        raise PolicyInvalidError(places=("/inForceDate",))
    versions = versions_store.list_versions(work.session)
    if rules.hash in {one.hash for one in versions}:
        raise PolicyInvalidError(places=("/name",))
    payload = {
        "document": dict(document),
        "hash": rules.hash,
        "inForceDate": in_force_on.isoformat(),
        "after": max(versions, key=lambda one: one.version).hash if versions else "",
    }
    return propose(work, kind=ChangeKind.POLICY_SET, payload=payload, reason=reason)


def lay_draft(work: Work, document: Mapping[str, Any]) -> PolicySet:
    """Lay a policy set down for somebody to read, compare and propose; twice is once.

    The prose in it, which names laws, comes from the operator's own machine: nothing a caller writes is kept.

    Raises:
        PolicyInvalidError: names every place that is missing, unknown or contradicts another.
    """
    rules = parse_policy(document)
    if versions_store.find_draft(work.session, rules.hash) is None:
        written = canonical_json(dict(document))
        work.session.add(PolicyDraftRow(hash=rules.hash, document=written, laid_at=work.now))
        work.session.flush()
        record(work, PolicyLaid(policy=rules.hash, purpose="policy"))
    return rules


def propose_draft(work: Work, hash_: str, *, in_force_on: date, reason: ChangeReason) -> Change:
    """Put a draft before a second person, in the name of whoever calls with a key of their own.

    Raises:
        PolicyMissingError: Nobody laid such a draft down.
        PolicyInvalidError: It is in force or was, or the day lies in the past.
        RoleNotAllowedError: The caller is nobody who may propose this.
    """
    require_role(work, *RULES[ChangeKind.POLICY_SET].proposers)
    written = versions_store.find_draft(work.session, hash_)
    if written is None:
        raise PolicyMissingError
    document = versions_store.read_document(written)
    return propose_policy(work, document, in_force_on=in_force_on, reason=reason)


def adopt(work: Work, change: Change) -> None:
    """Store the policy set of a change that two persons agree on; never in force on a day that has passed.

    Raises:
        PolicyMovedError: Another one was adopted since: what the second person read is not what would change.
    """
    versions = versions_store.list_versions(work.session)
    latest = max(versions, key=lambda one: one.version).hash if versions else ""
    if change.payload["after"] != latest:
        raise PolicyMovedError
    wanted = date.fromisoformat(change.payload["inForceDate"])
    document = change.payload["document"]
    parse_policy(document)
    _adopt(work, document, in_force_on=max(wanted, dutch_date(work.now)), change=change)


def _adopt(work: Work, document: Mapping[str, Any], *, in_force_on: date, change: Change | None) -> None:
    hash_ = policy_hash(document)
    versions = versions_store.list_versions(work.session)
    row = PolicySetRow(
        version=len(versions) + 1,
        hash=hash_,
        document=canonical_json(dict(document)),
        in_force_on=in_force_on,
        adopted_at=work.now,
        change_id=change.id if change else None,
    )
    work.session.add(row)
    work.session.flush()
    _known.clear()
    detail: dict[str, str | int] = {"version": row.version, "from": in_force_on.isoformat()}
    record(work, PolicyAdopted(policy=hash_, purpose="policy", detail=detail))


def _versions(work: Work) -> list[PolicyVersion]:
    bind = work.session.get_bind()
    found = _known.get(bind)
    if found is None or not found[0] <= work.now < found[0] + FRESH:
        found = work.now, versions_store.list_versions(work.session)
        _known[bind] = found
    return found[1]


def _read(work: Work, hash_: str) -> PolicySet:
    """Return a set by its hash; what was read before is the same for ever, for the hash says it all."""
    if (known := _sets.get(hash_)) is None:
        known = _sets[hash_] = _parse(hash_, versions_store.find_document(work.session, hash_) or b"{}")
    return known


def _parse(hash_: str, written: bytes) -> PolicySet:
    document = versions_store.read_document(written)
    if policy_hash(document) != hash_:
        raise PolicyBrokenError
    try:
        return parse_policy(document)
    except PolicyInvalidError:
        raise PolicyBrokenError from None
