"""Who signalled, who heard, and on which grounds: AUD-01, AUD-02 and AUD-06."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, or_, select, true, union_all

from hub.consent.models import DecisionRow
from hub.matches.erasing import list_recipients
from hub.matches.models import IntakeItemRow, MatchRow
from hub.notices.models import NoticeKind, NoticeRow
from hub.partners.models import OrganisationRow, StaffRow
from hub.questions.values import Ask, Facts
from hub.signals.models import SignalRow
from hub.subjects.models import RegistrationRow
from service.bulk import is_one_of
from service.clock import dutch_date

POLICE = "police"


def list_signalled(ask: Ask) -> Sequence[Facts]:
    """Say who signalled what when, when it was removed, and who heard of it.

    Source: AUD-01; Jeugdwet 7.1.2.3(1)(f).
    """
    rows = ask.rows(
        select(SignalRow, RegistrationRow.ended_at)
        .outerjoin(RegistrationRow, RegistrationRow.id == SignalRow.id)
        .where(ask.within(SignalRow.received_at), ask.ours(SignalRow.organisation_id))
        .order_by(SignalRow.received_at, SignalRow.id)
    )
    heard = _heard(ask, [signal.id for signal, _ in rows])
    names = ask.names(signal.organisation_id for signal, _ in rows)
    return [
        {
            "date": dutch_date(signal.received_at).isoformat(),
            "organisation": names[signal.organisation_id],
            "reporter": str(signal.reporter_id),
            "signal": str(signal.id),
            "state": signal.state,
            "removed": dutch_date(ended_at).isoformat() if ended_at else "",
            "told": heard[signal.id],
        }
        for signal, ended_at in rows
    ]


def _heard(ask: Ask, ids: Collection[UUID]) -> dict[UUID, str]:
    """Write who heard of each: organisation and number of people there."""
    found: dict[UUID, set[tuple[UUID, UUID]]] = defaultdict(set)
    for one in list_recipients(ask.work, ids, hold=False) if ids else ():
        for id_ in one.registration_ids & set(ids):
            found[id_].add((one.organisation_id, one.staff_id))
    names = ask.names(organisation for people in found.values() for organisation, _ in people)
    written = {}
    for id_ in ids:
        counted = Counter(names[organisation] for organisation, _ in found[id_])
        written[id_] = ", ".join(f"{name} ({count})" for name, count in sorted(counted.items()))
    return written


def list_disclosed(ask: Ask) -> Sequence[Facts]:
    """Say on which basis, notice and decision each disclosure rested when it was made.

    Source: AUD-02; AVG 5(2), 7(1), 14.
    """
    return _disclosed(ask, kind=None)


def list_police_disclosed(ask: Ask) -> Sequence[Facts]:
    """Say what of the police was told to whom, for which task.

    Source: AUD-06; Wpg 32(1)(f), 33.
    """
    return _disclosed(ask, kind=POLICE)


def _disclosed(ask: Ask, *, kind: str | None) -> list[Facts]:
    return describe_disclosed(ask, ask.rows(query_disclosed(ask, kind)))


def describe_disclosed(ask: Ask, rows: Sequence[Any]) -> list[Facts]:
    """Say of rows of `query_disclosed` on what each disclosure rested."""
    decisions = _decisions(ask, {row.signal_id for row in rows})
    names = ask.names([id_ for row in rows for id_ in (row.sender, row.receiver)])
    return [
        {
            "date": dutch_date(row.at).isoformat(),
            "receiver": names[row.receiver],
            "employee": str(row.staff_id),
            "how": row.how,
            "sender": names[row.sender],
            "signal": str(row.signal_id),
            "basis": row.legal_basis,
            "notice": row.subject_notice,
            **_grounds(decisions, row.signal_id, row.other_id, row.at),
        }
        for row in rows
    ]


def query_disclosed(ask: Ask, kind: str | None = None) -> Select[Any]:
    """Select what was shown to whom in the period, oldest first; of one kind of sender, or of all."""
    shown = union_all(
        select(
            NoticeRow.id,
            NoticeRow.match_id,
            NoticeRow.recipient.label("staff_id"),
            NoticeRow.seen_at.label("at"),
            literal("notice").label("how"),
        ).where(NoticeRow.kind == NoticeKind.MATCH, ask.within(NoticeRow.seen_at)),
        select(
            IntakeItemRow.id,
            IntakeItemRow.match_id,
            IntakeItemRow.accepted_by.label("staff_id"),
            IntakeItemRow.accepted_at.label("at"),
            literal("intake").label("how"),
        ).where(ask.within(IntakeItemRow.accepted_at)),
    ).subquery()
    sender = SignalRow.organisation_id
    return (
        select(
            shown.c.id,
            shown.c.at,
            shown.c.how,
            shown.c.staff_id,
            MatchRow.signal_id,
            MatchRow.other_id,
            SignalRow.legal_basis,
            SignalRow.subject_notice,
            sender.label("sender"),
            StaffRow.organisation_id.label("receiver"),
        )
        .join(MatchRow, MatchRow.id == shown.c.match_id)
        .join(SignalRow, SignalRow.id == MatchRow.signal_id)
        .join(OrganisationRow, OrganisationRow.id == sender)
        .join(StaffRow, StaffRow.id == shown.c.staff_id)
        .where(or_(ask.ours(sender), ask.ours(StaffRow.organisation_id)))
        .where(OrganisationRow.kind == kind if kind else true())
        .order_by(shown.c.at, MatchRow.id, shown.c.staff_id)
    )


Decisions = dict[tuple[UUID, UUID], list[DecisionRow]]


def _decisions(ask: Ask, ids: Collection[UUID]) -> Decisions:
    found: Decisions = defaultdict(list)
    query = select(DecisionRow).where(
        is_one_of(ask.work.session, DecisionRow.signal_id, sorted(ids)), DecisionRow.allowed
    )
    for row in ask.work.session.scalars(query.order_by(DecisionRow.decided_at)):
        found[row.signal_id, row.other_id].append(row)
    return found


def _grounds(decisions: Decisions, signal_id: UUID, other_id: UUID, at: datetime) -> Facts:
    """Return the decision in force when something was shown: the last one that allowed it."""
    before = [row for row in decisions[signal_id, other_id] if row.decided_at <= at]
    if not before:
        return {"level": 0, "reasons": "none", "policy": "none", "text": ""}
    row = before[-1]
    reasons = " ".join(sorted({one.rpartition(":")[2] for one in row.reasons.split()}))
    return {"level": row.level, "reasons": reasons, "policy": row.policy_hash, "text": row.consent_texts}
