"""The gates of a change: facts in, nothing or a refusal out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hub.changes.errors import ChangeDecidedError, ChangeMissingError, ChangeReasonError, SamePersonError
from hub.changes.kinds import RULES, ChangeKind, ChangeReason, RejectionReason
from hub.changes.values import Change, ChangeState


def require_reason(kind: ChangeKind, reason: ChangeReason) -> None:
    """Require a reason that belongs to this kind of change."""
    if reason not in RULES[kind].reasons:
        raise ChangeReasonError(places=("/reason",))


def require_second_person(change: Change, *, staff_id: UUID, organisation_id: UUID) -> None:
    """Require somebody else than the proposer, of the right organisation.

    Source:
        domain.md CON-11 (vier-ogenprincipe); TRA-09.
    """
    if RULES[change.kind].within_organisation and organisation_id != change.organisation_id:
        raise ChangeMissingError
    if staff_id == change.proposed_by:
        raise SamePersonError


def require_rejecting(change: Change, reason: RejectionReason, *, staff_id: UUID) -> None:
    """Require that only the proposer takes a change back, and the proposer does nothing else with it."""
    if (reason is RejectionReason.TAKEN_BACK) != (staff_id == change.proposed_by):
        raise ChangeReasonError(places=("/reason",))


def require_open(change: Change, *, at: datetime) -> None:
    """Require a change that nobody decided upon and that did not wait too long."""
    if change.state is not ChangeState.OPEN or at >= change.expires_at:
        raise ChangeDecidedError
