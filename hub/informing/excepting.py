"""Let the person be told later, on a coded ground, for a while, on the word of two people."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hub.audit.events import AuditEvent
from hub.audit.service import record
from hub.changes.service import Change, ChangeKind, ChangeReason, propose
from hub.consent.facts import NoticeState
from hub.consent.notice_policy import exception_until
from hub.consent.policy_set import PolicySet
from hub.consent.service import policy_in_force
from hub.informing import events, store
from hub.informing.errors import ExceptionNotAllowedError, ExceptionStandsError, NoticeAttestedError
from hub.informing.models import NoticeExceptionRow
from hub.informing.service import require_reporter_of, require_standing
from hub.partners.errors import RoleNotAllowedError
from hub.signals.service import Signal, get_held, hold_own, set_notice
from service.clock import dutch_date
from service.work import Work


def ask_exception(work: Work, signal_id: UUID, *, code: str) -> Change:
    """Ask that the person need not be told yet; until a second person approves, nothing opens.

    Asked again near its end, an exception goes on for two weeks, each time on the word of two.

    Raises:
        SignalMissingError: It is not this organisation's.
        RoleNotAllowedError: The key is not of a member of staff who may report, or of who only brought it:
            that the person hears later both decide who had the contact, and their colleague. SIG-12.
        ExceptionNotAllowedError: The ground is not listed, or the basis knows no exception.
        ExceptionStandsError: The exception that stands goes on for longer than an extension.
        NoticeAttestedError: The person was told.

    Source:
        TRA-04; UAVG 41; Wmo 5.3.1.
    """
    signal = hold_own(work, signal_id)
    if signal.organisation_id != work.caller.organisation_id:
        raise RoleNotAllowedError
    require_reporter_of(work, signal)
    _require_possible(work, signal, code=code)
    return propose(
        work,
        kind=ChangeKind.NOTICE_EXCEPTION,
        payload={"signal": str(signal.id), "code": code},
        reason=ChangeReason.NECESSARY_AND_PROPORTIONATE,
        about=signal.id,
    )


def approve_exception(work: Work, change: Change) -> None:
    """Let an exception stand from today, as the second person approved it; what waited is decided again."""
    code, signal = str(change.payload["code"]), get_held(work, UUID(str(change.payload["signal"])))
    until_on = _require_possible(work, signal, code=code)
    row = NoticeExceptionRow(
        change_id=change.id,
        signal_id=signal.id,
        organisation_id=signal.organisation_id,
        code=code,
        approved_at=work.now,
        until_on=until_on,
    )
    work.session.add(row)
    set_notice(work, [signal.id], NoticeState.EXCEPTION, exception_code=code, exception_until_on=until_on)
    record(work, _event(signal, code=code, until_on=until_on))


def _require_possible(work: Work, signal: Signal, *, code: str) -> date:
    """Return the last day that an exception approved today would have."""
    rules, on = policy_in_force(work), dutch_date(work.now)
    require_standing(work, signal)
    if signal.subject_notice == NoticeState.GIVEN:
        raise NoticeAttestedError
    _require_ground(signal, rules, code=code, on=on)
    earlier = store.find_last_exception(work.session, signal.id)
    if earlier is not None and earlier - on > timedelta(days=rules.notice_terms.extension_days):
        raise ExceptionStandsError
    return exception_until(earlier, on=on, terms=rules.notice_terms)


def _require_ground(signal: Signal, rules: PolicySet, *, code: str, on: date) -> None:
    basis = rules.find_basis(signal.legal_basis, on=on)
    if not rules.has_exception(code) or basis is None or not basis.notice_exception:
        raise ExceptionNotAllowedError(places=("/code",))


def _event(signal: Signal, *, code: str, until_on: date) -> AuditEvent:
    return events.NoticeExcepted(
        organisation_id=signal.organisation_id,
        purpose="informing",
        legal_basis=signal.legal_basis,
        subject={"signal": str(signal.id)},
        detail={"code": code, "until": until_on.isoformat()},
    )
