"""Where the notice to the person (kennisgeving) of a signal stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from uuid import UUID

from hub.consent.facts import NoticeState
from hub.consent.service import policy_in_force
from hub.partners.errors import MandateMissingError
from hub.partners.mandates import find_mandates
from hub.signals import store
from hub.signals.errors import SignalMissingError
from hub.signals.policy import months_after
from hub.signals.values import Signal, told_in_roles
from hub.subjects.service import enqueue
from service.clock import AMSTERDAM, dutch_date
from service.idempotency import key_hash
from service.work import Work

Standing = Literal["given", "exception", "pending", "overdue"]


@dataclass(frozen=True, slots=True)
class NoticeStanding:
    """Where the notice to the person stands on a day; `due_on` is the last day of its term."""

    state: Standing
    due_on: date


def notice_standing(work: Work, signal: Signal) -> NoticeStanding:
    """Say whether the person was told, need not be told yet, must still be told, or should have been.

    Source:
        TRA-01, TRA-04; AVG 14(3)(a).
    """
    on, months = dutch_date(work.now), policy_in_force(work).notice_terms.months
    due_on = months_after(dutch_date(signal.received_at), months)
    until_on = signal.exception_until_on
    if signal.subject_notice == NoticeState.GIVEN:
        return NoticeStanding("given", due_on)
    if signal.subject_notice == NoticeState.EXCEPTION and until_on is not None and on <= until_on:
        return NoticeStanding("exception", due_on)
    return NoticeStanding("overdue" if due_on < on else "pending", due_on)


def overdue_before(work: Work) -> datetime:
    """Return the moment before which a signal was received whose person should have been told by now."""
    on, months = dutch_date(work.now), policy_in_force(work).notice_terms.months
    return datetime.combine(months_after(on, -months), time(), AMSTERDAM)


def hold_own(work: Work, signal_id: UUID) -> Signal:
    """Return a signal of the calling organisation, or that it brought and may still act for, and hold it.

    Raises:
        SignalMissingError: It is neither, or there is none: the answer does not tell which.
        MandateMissingError: It was brought on a mandate that is over; to see and advise is left.

    Source: SIG-12.
    """
    organisation_id = work.caller.organisation_id
    signal = store.find_own(work.session, organisation_id, signal_id) if organisation_id else None
    if signal is None or organisation_id is None:
        raise SignalMissingError
    if signal.organisation_id != organisation_id:
        on, pair = dutch_date(work.now), (signal.organisation_id, organisation_id)
        if pair not in find_mandates(work, [organisation_id], on):
            raise MandateMissingError
    return signal


def get_held(work: Work, signal_id: UUID) -> Signal:
    """Return a signal of any organisation and hold it, for an act that was gated before."""
    signal = store.find_locked(work.session, signal_id)
    if signal is None:
        raise SignalMissingError
    return signal


def set_notice(
    work: Work,
    ids: Collection[UUID],
    state: NoticeState,
    *,
    exception_code: str | None = None,
    exception_until_on: date | None = None,
    given_on: date | None = None,
    given_to: Collection[str] = (),
    authority_holders: int = 0,
) -> None:
    """Write where the notice stands, and have what waits for it, or rests on it, decided again."""
    store.set_notice(
        work.session,
        ids,
        subject_notice=state.value,
        exception_code=exception_code,
        exception_until_on=exception_until_on,
        notice_given_on=given_on,
        notice_given_to=told_in_roles(given_to),
        authority_holders=authority_holders or None,
    )
    enqueue(work, ids)


def claim_once(work: Work, signal: Signal, key: UUID, *, body_hash: bytes) -> bool:
    """Take an idempotency key for an act on a signal; False where it was used before, by whatever act."""
    row = (key_hash(signal.organisation_id, key), body_hash, signal.id)
    return bool(store.claim_keys(work.session, [row], now=work.now))


def lock_lapsed(work: Work, limit: int) -> list[Signal]:
    """Read and hold active signals whose exception is over."""
    return store.lock_lapsed(work.session, on=dutch_date(work.now), limit=limit)


def forget_grounds(work: Work) -> None:
    """Forget the ground of an exception where the signal was erased: it is near to substance."""
    store.forget_grounds(work.session)


def remind_overdue(work: Work, limit: int) -> list[Signal]:
    """Mark active signals whose person should have been told by now, each once, and return them."""
    return store.mark_reminded(work.session, before=overdue_before(work), now=work.now, limit=limit)
