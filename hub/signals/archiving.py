"""Keep signals that ended where a covenant says so, and let them answer a new reporter, once.

Off in the packaged policy set: then nothing is kept longer and nobody is asked. It can't be searched: the
worker asks it, after a signal was taken, so that the answer to a post is the same whatever lies there.

Source: SIG-08, SIG-09; Jeugdwet 7.1.4.6.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hub.audit.service import record
from hub.consent.matching_policy import ArchiveFacts, archive_until, decide_archive
from hub.consent.policy_set import PolicySet
from hub.consent.remembering import list_said
from hub.consent.service import policy_in_force
from hub.consent.telling import reason_codes
from hub.signals import archive_store, store
from hub.signals.events import ArchiveAsked, ArchiveNotShown, ArchiveShown
from hub.signals.models import ArchiveAnswerRow, SignalRow
from hub.signals.values import Signal, SignalState
from hub.subjects.service import RegistrationKind, Verdict, find_ever_agreeing
from service.clock import dutch_date
from service.work import Work


@dataclass(frozen=True, slots=True)
class ArchiveAnswer:
    """That somebody signalled before about the person of a signal; who or when, nobody hears."""

    signal_id: UUID
    asked_on: date


def archive_ended(work: Work, *, limit: int) -> int:
    """Keep signals that ended while the archive lasts, or let all go where it is off; counts them."""
    rules = policy_in_force(work)
    if not rules.archive:
        return archive_store.forget(work.session)
    rows = archive_store.lock_ended(work.session, limit=limit)
    for row in rows:
        ended_on = archive_store.ended_on(work.session, row)
        row.archived_until_on = archive_until(ended_on, row.bracket, row.bracket_ends, rules=rules)
    work.session.flush()
    return len(rows)


def ask_archive(work: Work, changed: Collection[UUID]) -> None:
    """Ask once for each new signal whether somebody signalled about this person before; keep the answer."""
    rules = policy_in_force(work)
    if not rules.archive:
        return
    found = store.find_signals(work.session, changed).values()
    fresh = [one for one in found if one.state is SignalState.ACTIVE]
    asked = archive_store.find_asked(work.session, [one.id for one in fresh])
    for signal in fresh:
        if signal.id not in asked:
            _ask(work, signal, rules)


def list_answers(work: Work) -> list[ArchiveAnswer]:
    """Show the caller's organisation what the archive answered to its signals, each once."""
    organisation_id = work.caller.organisation_id
    rows = archive_store.list_unshown(work.session, organisation_id) if organisation_id else []
    rows = rows if policy_in_force(work).archive else []
    for row in rows:
        row.shown_at = work.now
    work.session.flush()
    subject = {"signals": " ".join(str(row.signal_id) for row in rows)}
    record(work, ArchiveShown(organisation_id=organisation_id, subject=subject))
    return [ArchiveAnswer(row.signal_id, dutch_date(row.asked_at)) for row in rows]


def take_back_answers(work: Work, shown_at: datetime) -> None:
    """Let answers that were recorded as shown at that moment, and were not, be shown the next time."""
    organisation_id = work.caller.organisation_id
    if organisation_id is None:
        return
    rows = archive_store.forget_shown(work.session, organisation_id, shown_at)
    subject = {"signals": " ".join(str(row.signal_id) for row in rows)}
    record(work, ArchiveNotShown(organisation_id=organisation_id, subject=subject))


def _ask(work: Work, signal: Signal, rules: PolicySet) -> None:
    kinds = (RegistrationKind.SIGNAL,)
    same = [
        one.right
        for one in find_ever_agreeing(work, [signal.id], kinds=kinds)
        if one.verdict is Verdict.SAME and one.right != signal.id
    ]
    kept = archive_store.find_kept(work.session, same, but=signal.organisation_id)
    decisions = [decide_archive(_facts(work, row), rules=rules) for row in kept]
    answered = any(one.allowed for one in decisions)
    work.session.add(
        ArchiveAnswerRow(
            signal_id=signal.id, organisation_id=signal.organisation_id, answered=answered, asked_at=work.now
        )
    )
    work.session.flush()
    reasons = [reason_codes(one) for one in decisions]
    record(work, _event(signal, rules, answered=answered, reasons=reasons))


def _facts(work: Work, row: SignalRow) -> ArchiveFacts:
    objections = find_ever_agreeing(work, [row.id], kinds=(RegistrationKind.OBJECTION,))
    said = list_said(work, [one.right for one in objections])
    return ArchiveFacts(
        ended="expired" if row.state == SignalState.EXPIRED else row.reason or "",
        ended_on=archive_store.ended_on(work.session, row),
        on=dutch_date(work.now),
        bracket=row.bracket,
        bracket_ends=row.bracket_ends,
        objected=any(one.ended_at is None for one in said),
        answered=False,
    )


def _event(signal: Signal, rules: PolicySet, *, answered: bool, reasons: Sequence[str]) -> ArchiveAsked:
    return ArchiveAsked(
        organisation_id=signal.organisation_id,
        legal_basis=signal.legal_basis,
        policy=rules.hash,
        outcome="ok" if answered else "denied",
        subject={"signal": str(signal.id)},
        detail={"reasons": " ".join(sorted(set(" ".join(reasons).split())))},
    )
