"""Record that persons were told, and remind those who did not tell: gate, act, record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from uuid import UUID

from hub.audit.events import AuditEvent
from hub.audit.service import record, record_many
from hub.consent.errors import NoticeIncompleteError
from hub.consent.facts import NoticeState
from hub.consent.notice_policy import NoticeFacts, find_faults
from hub.consent.service import policy_in_force
from hub.informing import events, store
from hub.informing.erasing import erase_grounds
from hub.informing.errors import NoticeAttestedError, SignalEndedError
from hub.informing.schemas import NewSubjectNotice
from hub.partners.errors import ReporterNotAuthorisedError
from hub.signals.service import (
    Signal,
    SignalState,
    claim_once,
    find_submissions,
    forget_grounds,
    hold_own,
    lock_lapsed,
    remind_overdue,
    set_notice,
)
from hub.subjects.service import request_destruction
from keys.protocol.encoding import canonical_json
from service.clock import dutch_date
from service.errors import InvalidError
from service.work import Work

BATCH = 500


@dataclass(frozen=True, slots=True)
class SubjectNotice:
    """That the person of a signal was told, on which day and in which roles; each holder of authority."""

    signal_id: UUID
    given_on: date
    given_to: frozenset[str]
    authority_holders: int


def attest_notice(
    work: Work, signal_id: UUID, message: NewSubjectNotice, *, idempotency_key: UUID | None = None
) -> SubjectNotice:
    """Record that the person was told; matches that waited for it are decided again.

    Args:
        idempotency_key: of a correction, without which it is none: one that is repeated after a later one
            would undo that, though the day and number that it names may stand again.

    Raises:
        SignalMissingError: It is not this organisation's.
        ReporterNotAuthorisedError: The key is of a member of staff who did not report it.
        SignalEndedError: There is nothing left to tell of.
        NoticeIncompleteError: Not all were told whom the age asks for, or on a day that can't be.
        NoticeAttestedError: It was attested before, otherwise, and this does not say that it corrects that,
            or did so before.

    Source:
        TRA-01, CON-07; AVG 5(1)(d), 14(3); Jeugdwet 7.1.5.1(1).
    """
    signal = hold_own(work, signal_id)
    require_reporter_of(work, signal)
    holders = message.authority_holders or 0
    notice = SubjectNotice(signal.id, message.given_date, frozenset(message.given_to), holders)
    before = _notice(signal, signal.notice_given_on) if signal.notice_given_on else None
    if before is not None and (before == notice or not _corrects(message, before)):
        return _replay(before, notice)
    if before is not None and not _is_new(work, signal, message, idempotency_key):
        return _replay(before, notice)
    require_standing(work, signal)
    _require_whole(work, signal, notice)
    set_notice(
        work,
        [signal.id],
        NoticeState.GIVEN,
        given_on=notice.given_on,
        given_to=notice.given_to,
        authority_holders=notice.authority_holders,
    )
    record(work, _corrected(signal, before, notice) if before else _event(events.NoticeAttested, signal))
    return notice


def require_reporter_of(work: Work, signal: Signal) -> None:
    """Require the organisation's own key, or that of the member of staff who reported or brought it."""
    if work.caller.staff_id in {None, signal.reporter_id}:
        return
    brought = find_submissions(work, [signal.id]).get(signal.id)
    if brought is None or brought.staff_id != work.caller.staff_id:
        raise ReporterNotAuthorisedError


def require_standing(work: Work, signal: Signal) -> None:
    """Require a signal that still counts."""
    if signal.state is not SignalState.ACTIVE or signal.active_until <= work.now:
        raise SignalEndedError


def follow_terms(work: Work, *, limit: int = BATCH) -> int:
    """End exceptions that are over, mark overdue notices, forget erased signals' grounds; count all.

    The organisation finds an overdue notice in its own list; nobody is mailed about a person.

    Source:
        TRA-01, TRA-04; AVG 14(3)(a).
    """
    lapsed = lock_lapsed(work, limit)
    if lapsed:
        set_notice(work, [signal.id for signal in lapsed], NoticeState.PENDING)
        record_many(work, [_event(events.NoticeExceptionEnded, signal) for signal in lapsed])
    overdue = remind_overdue(work, limit)
    record_many(work, [_event(events.NoticeOverdue, signal) for signal in overdue])
    forget_grounds(work)
    return len(lapsed) + len(overdue) + _forget_unjustified(work)


def _forget_unjustified(work: Work) -> int:
    # An override of such a signal stays for the privacy officer: its ground was somebody else's word.
    ids = store.list_unjustified(work.session)
    if ids:
        request_destruction(work, erase_grounds(work, ids))
    return len(ids)


def _is_new(work: Work, signal: Signal, message: NewSubjectNotice, key: UUID | None) -> bool:
    if key is None:
        raise InvalidError(places=("/idempotency-key",))
    body = message.model_dump(mode="json", exclude_none=True)
    return claim_once(work, signal, key, body_hash=sha256(canonical_json(body)).digest())


def _corrects(message: NewSubjectNotice, before: SubjectNotice) -> bool:
    """Tell whether a message names what stands now: not what stood before another correction."""
    named = (message.corrects_date, message.corrects_holders or 0)
    return named == (before.given_on, before.authority_holders)


def _corrected(signal: Signal, before: SubjectNotice, after: SubjectNotice) -> AuditEvent:
    """Say what was attested before and after, for whoever wonders why a team was told since."""
    said = {f"{name}_before": text for name, text in _texts(before).items()}
    return replace(
        _event(events.NoticeCorrected, signal),
        detail=said | {f"{name}_after": text for name, text in _texts(after).items()},
    )


def _texts(notice: SubjectNotice) -> dict[str, str]:
    return {
        "given": notice.given_on.isoformat(),
        "to": " ".join(sorted(notice.given_to)),
        "holders": str(notice.authority_holders),
    }


def _replay(earlier: SubjectNotice, notice: SubjectNotice) -> SubjectNotice:
    if earlier != notice:
        raise NoticeAttestedError
    return earlier


def _require_whole(work: Work, signal: Signal, notice: SubjectNotice) -> None:
    facts = NoticeFacts(
        bracket=signal.bracket,
        bracket_ends=signal.bracket_ends,
        contact_on=signal.contact_on,
        given_on=notice.given_on,
        given_to=notice.given_to,
        authority_holders=notice.authority_holders,
        on=dutch_date(work.now),
    )
    if faults := find_faults(facts, rules=policy_in_force(work)):
        raise NoticeIncompleteError(places=faults)


def _notice(signal: Signal, given_on: date) -> SubjectNotice:
    given_to = frozenset((signal.notice_given_to or "").split())
    return SubjectNotice(signal.id, given_on, given_to, signal.authority_holders or 0)


def _event(event: type[AuditEvent], signal: Signal) -> AuditEvent:
    return event(
        organisation_id=signal.organisation_id,
        purpose="informing",
        legal_basis=signal.legal_basis,
        subject={"signal": str(signal.id)},
    )
