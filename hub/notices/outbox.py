"""What became of mails, for the functional administrator: by number, and what was given up is sent again.

A mail says nothing and is about nobody; what it points to is not in here. One that was never tried is not
either: between two fixed hours it is there only because something came for its recipient, and since when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import IntegrityError

from hub.audit.service import record
from hub.notices.errors import MailMissingError
from hub.notices.events import MailResent, MailsListed
from hub.notices.models import MailRow, MailState
from hub.partners.models import StaffRow
from hub.partners.service import StaffRole, require_role
from service.work import Work

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail: whose, how often it was tried, and what became of it.

    Attributes:
        due_at: when it is tried next; of one that is over, when it was tried last.
        reachable: whether there is an address to send it to.
    """

    id: UUID
    recipient: UUID
    state: MailState
    attempt: int
    due_at: datetime
    reachable: bool


def list_mails(work: Work, *, states: Sequence[MailState], page: int = 1) -> list[Mail]:
    """List mails to staff of the caller's organisation in one of these states, latest first.

    Returns:
        A page, and one more where there are more.

    Raises:
        RoleNotAllowedError: Only a functional administrator looks.
    """
    staff = require_role(work, StaffRole.FUNCTIONAL_ADMINISTRATOR)
    wanted = MailRow.state.in_(states) & _was_tried()
    query = (
        select(MailRow, StaffRow.mail_address.is_not(None))
        .join(StaffRow, StaffRow.id == MailRow.recipient)
        .where(StaffRow.organisation_id == staff.organisation_id, wanted)
        .order_by(MailRow.due_at.desc(), MailRow.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    found = [_mail(row, reachable=reachable) for row, reachable in work.session.execute(query)]
    record(work, MailsListed(organisation_id=staff.organisation_id, detail={"count": len(found[:PAGE])}))
    return found


def count_mails(work: Work) -> dict[MailState, int]:
    """Count the mails to staff of the caller's organisation, by what became of them."""
    staff = require_role(work, StaffRole.FUNCTIONAL_ADMINISTRATOR)
    query = (
        select(MailRow.state, func.count())
        .join(StaffRow, StaffRow.id == MailRow.recipient)
        .where(StaffRow.organisation_id == staff.organisation_id, _was_tried())
    )
    found = {MailState(state): count for state, count in work.session.execute(query.group_by(MailRow.state))}
    return {state: found.get(state, 0) for state in MailState}


def resend(work: Work, mail_id: UUID) -> None:
    """Let a mail that was given up be tried again, from the first step of the ladder.

    It keeps the moment at which it was due: not the next fixed hour, for somebody has just mended something.

    Raises:
        MailMissingError: It was not given up, or is not to staff of the caller's organisation.
    """
    staff = require_role(work, StaffRole.FUNCTIONAL_ADMINISTRATOR)
    own = select(StaffRow.id).where(StaffRow.organisation_id == staff.organisation_id)
    given_up: ColumnElement[bool] = (MailRow.id == mail_id) & (MailRow.state == MailState.DEAD)
    query = select(MailRow).where(given_up, MailRow.recipient.in_(own)).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise MailMissingError
    record(work, MailResent(organisation_id=staff.organisation_id, subject={"mail": str(mail_id)}))
    try:
        with work.session.begin_nested():
            row.state, row.attempt, row.leased_by = MailState.WAITING, 0, None
            work.session.flush()
    except IntegrityError:
        # A newer one waits for the same person already: it says as much.
        work.session.execute(delete(MailRow).where(MailRow.id == mail_id))


def _was_tried() -> ColumnElement[bool]:
    return (MailRow.state != MailState.WAITING) | (MailRow.attempt > 0)


def _mail(row: Any, *, reachable: bool) -> Mail:
    return Mail(
        id=row.id,
        recipient=row.recipient,
        state=MailState(row.state),
        attempt=row.attempt,
        due_at=row.due_at,
        reachable=reachable,
    )
