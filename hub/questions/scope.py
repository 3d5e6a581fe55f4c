"""For which organisations a privacy officer answers: their own municipality, and no other.

Source: ONB-07; Jeugdwet 7.1.2.2(3): the college that has the agreement with the reporter.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from hub.partners.desks import supervised_by
from hub.partners.models import OrganisationRow
from hub.partners.service import StaffRole, require_role
from service.remembering import once
from service.work import Role, Work

MUNICIPAL = ("municipal_team", "rights_desk")


def require_reader(work: Work) -> frozenset[UUID] | None:
    """Require a privacy officer, or the operator at the machine; return whose data they may ask about.

    Where the hub serves one municipality that is everybody. Where it serves more: the own organisation, and
    those whose desk it was recorded to be; what nobody's desk answers for, only the operator sees.
    """
    if work.caller.role is Role.OPERATOR:
        return None
    own = require_role(work, StaffRole.PRIVACY_OFFICER).organisation_id
    if once(work.session, "municipal", lambda: _find_municipal(work)) <= {own}:
        return None
    return supervised_by(work, own)


def _find_municipal(work: Work) -> frozenset[UUID]:
    row = OrganisationRow
    query = select(row.id).where(row.kind.in_(MUNICIPAL), row.ended_at.is_(None))
    return frozenset(work.session.scalars(query))
