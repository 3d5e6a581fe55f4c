"""Register and close cases, and say whose they are: gate, act, record."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hub.audit.service import record
from hub.cases import store
from hub.cases.errors import (
    CasemanagerInvalidError,
    CaseMissingError,
    CaseQuotaExhaustedError,
    IdempotencyConflictError,
    OwnCaseError,
    TeamUnclearError,
)
from hub.cases.events import CaseClosed, CaseRegistered, QuotaRaised
from hub.cases.models import CaseRow
from hub.cases.schemas import NewCase
from hub.consent.service import LaneFacts, policy_in_force, require_registering
from hub.partners.service import (
    Partner,
    Staff,
    get_own_partner,
    get_partner,
    require_covenant,
    require_role,
    require_token_types,
)
from hub.subjects.service import (
    NewRegistration,
    Pseudonyms,
    Quarantined,
    RegistrationKind,
    SubjectKeys,
    as_sent,
    end_registrations,
    open_sent,
    require_known_key,
    store_registrations,
)
from hub.teams.service import TEAM_ROLES, find_own_team_ids, list_members
from keys.protocol.encoding import canonical_json
from service.clock import dutch_date
from service.idempotency import key_hash
from service.work import Work

__all__ = [
    "TEAM_ROLES", "Case", "allow_more", "close", "get_cases", "list_own", "move_cases", "register",
    "require_not_own_case",
]  # fmt: skip

LIFE = timedelta(days=730)  # as long as a signal may stand at most; a case that goes on is registered anew
QUOTA = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of a team; `id` is that of its registration."""

    id: UUID
    organisation_id: UUID
    team_id: UUID
    casemanager: UUID
    legal_basis: str
    bracket: str
    bracket_ends: str | None
    opened_at: datetime
    active_until: datetime
    closed_at: datetime | None


def register(
    work: Work, secrets: SubjectKeys, message: NewCase, *, idempotency_key: UUID, quota_per_day: int
) -> Case:
    """Register a person of the caller's caseload, once per idempotency key.

    Raises:
        RefusedError: The caller is no member of a team that may hold cases on this basis.
        CasemanagerInvalidError: The one named is no active member of the team.
        CaseQuotaExhaustedError: The team has used its day.
        IdempotencyConflictError: The key was used for another message.

    Source:
        protocol.md, 4: registering a person you do not serve is the one real probing oracle.
    """
    partner, staff = _require_team(work)
    require_token_types(partner, message.token_types)
    require_known_key(secrets, message.envelope.kid)
    require_registering(_lane(work, message, partner), rules=policy_in_force(work))
    team_id = _require_one_team(work, message.team_id)
    casemanager = _require_casemanager(work, team_id, message.casemanager or staff.id)
    row = _row(work, message, partner, casemanager=casemanager, key=idempotency_key) | {"team_id": team_id}
    if not store.add_case(work.session, row):
        return _replay(work, row)
    on = dutch_date(work.now)
    if not store.take_quota(work.session, organisation_id=partner.id, what=QUOTA, on=on, limit=quota_per_day):
        raise CaseQuotaExhaustedError
    opened = open_sent(secrets, message, partner, registration_id=row["id"], idempotency_key=idempotency_key)
    until = work.now + LIFE
    new = NewRegistration(row["id"], RegistrationKind.CASE, partner.id, work.now, until, opened)
    store_registrations(work, [new])
    record(work, _registered(row, opened))
    return get_cases(work, [row["id"]])[row["id"]]


def allow_more(work: Work, organisation_id: UUID, *, extra: int, on: date) -> None:
    """Let an organisation register so many cases on top of its quota on one day; said again, the last holds.

    For who loads a caseload for the first time: the quota itself stays too low to try out a town.

    Raises:
        PartnerMissingError: There is no such organisation.
    """
    partner = get_partner(work, organisation_id)
    store.set_extra(work.session, organisation_id=partner.id, what=QUOTA, on=on, extra=extra)
    record(work, QuotaRaised(organisation_id=partner.id, detail={"extra": extra, "on": on.isoformat()}))


def close(work: Work, case_id: UUID) -> Case:
    """Close a case of the caller's team and have the worker take back what hung on it; twice is once."""
    _require_team(work)
    row = store.lock_own(work.session, case_id, teams=find_own_team_ids(work))
    if row is None:
        raise CaseMissingError
    if row.closed_at is None:
        end_registrations(work, [case_id])
        row.closed_at = work.now
        work.session.flush()
        record(work, CaseClosed(organisation_id=row.organisation_id, subject={"case": str(row.id)}))
    return _case(row)


def list_own(
    work: Work, *, cursor: UUID | None = None, page_size: int = 100
) -> tuple[list[Case], UUID | None]:
    """List a page of the caller's team's cases, and the cursor of the next page or None."""
    _require_team(work)
    rows = store.list_own(work.session, find_own_team_ids(work), after=cursor, limit=page_size + 1)
    page = [_case(row) for row in rows[:page_size]]
    return page, page[-1].id if len(rows) > page_size else None


def get_cases(work: Work, ids: Collection[UUID]) -> dict[UUID, Case]:
    """Return the cases there are among these, in one query."""
    return {row.id: _case(row) for row in store.find_cases(work.session, ids)}


def move_cases(work: Work, team_id: UUID, successor_id: UUID) -> None:
    """Let the cases of a team be its successor's from now on. Source: domain.md ROU-21."""
    store.move_cases(work.session, team_id, successor_id=successor_id)


def require_not_own_case(work: Work, staff_id: UUID, registration_ids: Collection[UUID]) -> None:
    """Require that a member of staff is casemanager of none of these registrations, now or before.

    Raises:
        OwnCaseError: One of them is their own case.

    Source:
        domain.md 5.5: casemanager and a decision on rights in one's own case.
    """
    if any(case.casemanager == staff_id for case in get_cases(work, registration_ids).values()):
        raise OwnCaseError


def _require_team(work: Work) -> tuple[Partner, Staff]:
    staff = require_role(work, *TEAM_ROLES)
    partner = get_own_partner(work)
    require_covenant(partner, dutch_date(work.now))
    return partner, staff


def _lane(work: Work, message: NewCase, partner: Partner) -> LaneFacts:
    return LaneFacts(
        partner_kind=partner.kind,
        legal_basis=message.legal_basis,
        bracket=message.bracket.value,
        bracket_ends=message.bracket_ends,
        has_decision_reference=False,
        on=dutch_date(work.now),
    )


def _require_one_team(work: Work, named: UUID | None) -> UUID:
    teams = find_own_team_ids(work)
    if named is None and len(teams) == 1:
        return next(iter(teams))
    if named is None or named not in teams:
        raise TeamUnclearError(places=("/teamId",))
    return named


def _require_casemanager(work: Work, team_id: UUID, named: UUID) -> UUID:
    members = list_members(work, [team_id], on=dutch_date(work.now))
    if named not in {member.staff_id for member in members}:
        raise CasemanagerInvalidError(places=("/casemanager",))
    return named


def _row(work: Work, message: NewCase, partner: Partner, *, casemanager: UUID, key: UUID) -> dict[str, Any]:
    wire = as_sent(message)
    return {
        "id": uuid4(),
        "organisation_id": partner.id,
        "casemanager": casemanager,
        "legal_basis": message.legal_basis,
        "bracket": message.bracket.value,
        "bracket_ends": message.bracket_ends,
        "opened_at": work.now,
        "active_until": work.now + LIFE,
        "closed_at": None,
        "key_hash": key_hash(partner.id, key),
        "body_hash": hashlib.sha256(canonical_json(wire)).digest(),
    }


def _replay(work: Work, row: dict[str, Any]) -> Case:
    earlier = store.get_case_by_key(
        work.session, organisation_id=row["organisation_id"], key_hash=row["key_hash"]
    )
    if earlier.body_hash != row["body_hash"]:
        raise IdempotencyConflictError
    return _case(earlier)


def _registered(row: dict[str, Any], opened: Pseudonyms | Quarantined) -> CaseRegistered:
    detail = {"quarantine": opened.reason} if isinstance(opened, Quarantined) else {}
    return CaseRegistered(
        organisation_id=row["organisation_id"],
        legal_basis=row["legal_basis"],
        subject={"case": str(row["id"]), "casemanager": str(row["casemanager"])},
        detail=detail,
    )


def _case(row: CaseRow) -> Case:
    return Case(
        id=row.id,
        organisation_id=row.organisation_id,
        team_id=row.team_id,
        casemanager=row.casemanager,
        legal_basis=row.legal_basis,
        bracket=row.bracket,
        bracket_ends=row.bracket_ends,
        opened_at=row.opened_at,
        active_until=row.active_until,
        closed_at=row.closed_at,
    )
