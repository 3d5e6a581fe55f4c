"""See one's own signals, withdraw, expire; taking them is in `accepting.py`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from hub.audit.events import AuditEvent
from hub.audit.service import record, record_many
from hub.partners.service import get_own_partner, require_sighted
from hub.signals import store
from hub.signals.accepting import Outcome, accept
from hub.signals.archiving import archive_ended, ask_archive
from hub.signals.cursor import read_cursor, write_cursor
from hub.signals.errors import SignalMissingError
from hub.signals.events import SignalExpired, SignalHandedOver, SignalWithdrawn
from hub.signals.notifying import (
    NoticeStanding,
    claim_once,
    forget_grounds,
    get_held,
    hold_own,
    lock_lapsed,
    notice_standing,
    overdue_before,
    remind_overdue,
    set_notice,
)
from hub.signals.values import Post, Receipt, Signal, SignalState, Submission, WithdrawalReason
from hub.subjects.service import end_registrations, erase_registrations, move_registrations
from service.clock import dutch_date
from service.work import Work

__all__ = [
    "NoticeStanding", "Outcome", "Post", "Receipt", "Signal", "SignalState", "Submission", "WithdrawalReason",
    "accept",
    "archive_ended", "ask_archive", "brought_by", "claim_once", "expire_due", "find_submissions",
    "forget_grounds", "forget_keys", "get_held", "get_own",
    "get_signals", "hand_over_open", "hold_own", "list_latest_by_reporter", "list_own", "lock_lapsed",
    "notice_standing",
    "remind_overdue", "set_notice", "withdraw", "withdraw_open",
]  # fmt: skip

KEY_LIFE = timedelta(days=30)


def get_signals(work: Work, ids: Collection[UUID]) -> dict[UUID, Signal]:
    """Return the signals there are among these."""
    return store.find_signals(work.session, ids)


def find_submissions(work: Work, ids: Collection[UUID]) -> dict[UUID, Submission]:
    """Return who brought signals, where that is not who weighed them. Source: SIG-12."""
    return store.find_submissions(work.session, ids)


def brought_by(organisation_id: UUID) -> Select[Any]:
    """Select the ids of the signals that an organisation brought, for a query that asks for more."""
    return store.brought_by(organisation_id)


def get_own(work: Work, signal_id: UUID) -> Signal:
    """Return a signal that is of the caller's organisation, or that it brought; or SignalMissingError."""
    signal = store.look_at_own(work.session, _require_sighted(work), signal_id)
    if signal is None:
        raise SignalMissingError
    return _as_of(signal, work.now)


def list_own(
    work: Work, *, cursor: str | None, page_size: int, only_overdue: bool = False
) -> tuple[list[Signal], str | None]:
    """List the calling organisation's signals, newest first, with the cursor of the next page.

    Args:
        only_overdue: those of which the person should have been told by now. Source: TRA-01; AVG 14(3).
    """
    organisation_id = _require_sighted(work)
    before, on = read_cursor(cursor) if cursor else None, dutch_date(work.now)
    found = store.list_own(
        work.session,
        organisation_id,
        before=before,
        limit=page_size + 1,
        overdue_before=overdue_before(work) if only_overdue else None,
        on=on,
    )
    page = [_as_of(signal, work.now) for signal in found[:page_size]]
    last = page[-1] if len(found) > page_size else None
    return page, write_cursor(last.received_at, last.id) if last else None


def withdraw(work: Work, signal_id: UUID, reason: WithdrawalReason) -> Signal:
    """Withdraw one of the calling organisation's signals; what hung on it is voided by the worker.

    An unjustified signal loses its pseudonyms at once, also when it had ended otherwise before.

    Raises:
        SignalMissingError: It is not this organisation's, or there is none: the answer does not tell which.
        MandateMissingError: It was brought for another, on a mandate that is over.

    Source:
        SIG-08; Jeugdwet 7.1.4.5.
    """
    signal = hold_own(work, signal_id)
    if signal.reason in {reason, WithdrawalReason.UNJUSTIFIED}:
        return signal
    end = erase_registrations if reason is WithdrawalReason.UNJUSTIFIED else end_registrations
    end(work, [signal_id])
    store.set_state(work.session, [signal_id], SignalState.WITHDRAWN, reason, now=work.now)
    record(work, _event(SignalWithdrawn, signal, reason=reason.value))
    return replace(signal, state=SignalState.WITHDRAWN, reason=reason)


def withdraw_open(work: Work, organisation_id: UUID, *, limit: int) -> int:
    """Withdraw open signals of an organisation that left, and count them. Source: ONB-12."""
    open_ = store.lock_open(work.session, organisation_id, limit=limit)
    ids = [signal.id for signal in open_]
    if ids:
        end_registrations(work, ids)
        reason = WithdrawalReason.REASON_GONE
        store.set_state(work.session, ids, SignalState.WITHDRAWN, reason, now=work.now)
        record_many(work, [_event(SignalWithdrawn, signal, reason=reason.value) for signal in open_])
    return len(open_)


def list_latest_by_reporter(work: Work, *, since: datetime) -> dict[UUID, date]:
    """Return on which day each reporter signalled last, of those who did since a moment. Source: ONB-13."""
    return {id_: dutch_date(at) for id_, at in store.list_latest_by_reporter(work.session, since=since)}


def hand_over_open(work: Work, organisation_id: UUID, *, to: UUID, reporter_id: UUID, limit: int) -> int:
    """Let open signals of who left go on as another organisation's, and count them. Source: ONB-12."""
    open_ = store.lock_open(work.session, organisation_id, limit=limit)
    ids = [signal.id for signal in open_]
    if ids:
        move_registrations(work, ids, organisation_id=to)
        # Who brought them did so for the one that left.
        store.delete_submissions(work.session, ids)
        store.set_owner(work.session, ids, organisation_id=to, reporter_id=reporter_id)
        record_many(work, [_event(SignalHandedOver, signal, to=str(to)) for signal in open_])
    return len(open_)


def expire_due(work: Work, limit: int) -> int:
    """Expire signals whose validity is over, and count them."""
    due = store.lock_due(work.session, now=work.now, limit=limit)
    ids = [signal.id for signal in due]
    if ids:
        end_registrations(work, ids)
        store.set_state(work.session, ids, SignalState.EXPIRED, now=work.now)
        record_many(work, [_event(SignalExpired, signal) for signal in due])
    return len(due)


def forget_keys(work: Work) -> int:
    """Forget idempotency keys after 30 days, and count them."""
    return store.delete_keys(work.session, before=work.now - KEY_LIFE)


def _require_sighted(work: Work) -> UUID:
    if work.caller.organisation_id is None:
        raise SignalMissingError
    require_sighted(get_own_partner(work))
    return work.caller.organisation_id


def _event(event: type[AuditEvent], signal: Signal, **detail: str) -> AuditEvent:
    return event(
        organisation_id=signal.organisation_id,
        legal_basis=signal.legal_basis,
        subject={"signal": str(signal.id)},
        detail=detail,
    )


def _as_of(signal: Signal, now: datetime) -> Signal:
    """Show a signal as expired from the moment it is, whenever the chore comes by."""
    over = signal.state is SignalState.ACTIVE and signal.active_until <= now
    return replace(signal, state=SignalState.EXPIRED) if over else signal
