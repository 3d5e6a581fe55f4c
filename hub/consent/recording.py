"""What recording a consent and an objection have in common: who may, rationed, once per idempotency key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.consent import store
from hub.consent.errors import DeskQuotaExhaustedError, IdempotencyConflictError
from hub.consent.gates import require_own
from hub.consent.models import ConsentRow, ObjectionRow
from hub.consent.schemas import Statement
from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import (
    Partner,
    Staff,
    StaffRole,
    get_own_partner,
    holds,
    require_covenant,
    require_role,
    require_token_types,
)
from service.clock import dutch_date
from service.work import Work

DESK = frozenset({StaffRole.DESK})
# Whoever hears an objection passes it on at once: it only ever stops something.
OBJECTING = DESK | {StaffRole.CASEMANAGER, StaffRole.TEAM_LEAD}
# The partner's own staff, about the partner's own signals. Source: domain.md 5.5, "record own".
OWN = frozenset({StaffRole.REPORTER, StaffRole.PARTNER_COORDINATOR})


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A consent or an objection, as whoever recorded it may see it."""

    id: UUID
    recorded_at: datetime
    state: str


def require_recorder(
    work: Work, message: Statement | None = None, *, roles: frozenset[StaffRole] = DESK
) -> tuple[Partner, UUID]:
    """Require somebody of a municipal desk or team, or a partner's own staff for its own signals.

    Raises:
        RoleNotAllowedError: The caller is neither.
        NotOwnError: A partner's staff speak of more than their own organisation's signals.
    """
    staff = require_role(work, *roles, *OWN)
    partner = get_own_partner(work)
    require_covenant(partner, dutch_date(work.now))
    _require_place(work, staff, partner, message, roles=roles)
    if message is not None:
        require_token_types(partner, message.token_types)
    return partner, staff.id


def _require_place(
    work: Work,
    staff: Staff,
    partner: Partner,
    message: Statement | None,
    *,
    roles: frozenset[StaffRole],
) -> None:
    if holds(staff, roles, dutch_date(work.now)):
        return
    if partner.may_receive:
        raise RoleNotAllowedError
    if message is not None:
        require_own(message, partner)


def insert_once(work: Work, row: ConsentRow | ObjectionRow, *, quota_per_day: int) -> None:
    """Take one of the organisation's day and insert the row; raises DeskQuotaExhaustedError."""
    on = dutch_date(work.now)
    if not store.take_quota(work.session, organisation_id=row.organisation_id, on=on, limit=quota_per_day):
        raise DeskQuotaExhaustedError
    work.session.add(row)
    work.session.flush()


def replay(fact: RecordedFact, *, same: bool) -> RecordedFact:
    """Answer a message that came before; raises IdempotencyConflictError when it is another one."""
    if not same:
        raise IdempotencyConflictError
    return fact
