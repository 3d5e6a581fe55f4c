"""What should be gone, what was lost, and what should never have come in: AUD-09, AUD-14 and AUD-15."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from hub.audit.models import AuditLineRow
from hub.cases.models import CaseRow
from hub.consent.facts import Bracket
from hub.consent.keeping import keeping_in_force
from hub.consent.models import ConsentRow
from hub.partners.models import StaffRow
from hub.questions.errors import QuestionIncompleteError
from hub.questions.values import Ask, Facts, Lost
from hub.retaining.registry import KEEPINGS, municipalities_of
from hub.retention.reporting import begin_report, count_rules
from hub.signals.models import SignalRow
from hub.signals.values import SignalState
from hub.subjects.models import RegistrationKind, RegistrationRow
from service.clock import dutch_date, wire_time

TO_TELL_WITHIN = timedelta(hours=72)
PERSON = "identifies_persons"
# What each combination opens, the strongest first. Source: docs/threat-model.md, residual risks.
OPENS: tuple[tuple[frozenset[Lost], str], ...] = (
    (frozenset({Lost.HUB_DATABASE, Lost.HUB_KEYS, Lost.HOLDER_STORE}), PERSON),
    (frozenset({Lost.HUB_BACKUP, Lost.HUB_KEYS, Lost.HOLDER_STORE}), PERSON),
    (frozenset({Lost.HUB_DATABASE, Lost.HUB_KEYS}), "tests_guesses_with_holder"),
    (frozenset({Lost.HUB_DATABASE}), "links_registrations"),
    (frozenset({Lost.HUB_BACKUP}), "links_registrations"),
    (frozenset({Lost.LOG_KEY}), "rewrites_log_unless_witnessed"),
    (frozenset({Lost.HUB_KEYS}), "opens_recorded_envelopes"),
    (frozenset({Lost.HOLDER_STORE}), "evaluates_without_quota"),
    (frozenset({Lost.PARTNER_KEY}), "posts_in_its_name"),
)
CLOSED: tuple[tuple[str, Any, frozenset[str]], ...] = (
    ("signal.kind", SignalRow.kind, frozenset({"contact", "concern"})),
    ("signal.state", SignalRow.state, frozenset(SignalState)),
    ("registration.kind", RegistrationRow.kind, frozenset(RegistrationKind)),
)
BRACKETED = (SignalRow, CaseRow, ConsentRow)


def list_kept(ask: Ask) -> Sequence[Facts]:
    """Say per rule of keeping what is past its term and what went. Source: AUD-09; AVG 5(1)(e)."""
    work, place = ask.work, begin_report(ask.work, municipalities_of)
    terms = keeping_in_force(work)
    kept = ask.kept or count_rules(work, KEEPINGS, municipalities_of, terms=terms, place=place)
    found: list[Facts] = [
        {
            "date": dutch_date(one.last_ran_at).isoformat() if one.last_ran_at else "",
            "rule": one.rule.code,
            "days": one.rule.days,
            "kept": one.rows,
            "overdue": one.due_now,
            "gone": one.gone,
            "brake": one.braked.value if one.braked else "",
        }
        for one in kept
    ]
    return ask.page_of(found)


def list_breached(ask: Ask) -> Sequence[Facts]:
    """Say what who has what was lost can learn, and which controllers must hear of it by when.

    Source: AUD-14; AVG 33-34; Jeugdwet 7.1.2.2(3).
    """
    if not ask.question.lost:
        raise QuestionIncompleteError(places=("/lost",))
    return ask.page_of([*_opened(ask), *_concerned(ask)])


def _opened(ask: Ask) -> Iterator[Facts]:
    lost, today = ask.question.lost, dutch_date(ask.work.now).isoformat()
    for needed, what in OPENS:
        if needed <= lost:
            yield {"date": today, "act": what, "lost": " ".join(sorted(needed))}


def _concerned(ask: Ask) -> Iterator[Facts]:
    kind, organisation = RegistrationRow.kind, RegistrationRow.organisation_id
    counted = ask.work.session.execute(
        select(organisation, kind, func.count())
        .where(ask.within(RegistrationRow.active_from), ask.ours(organisation))
        .group_by(organisation, kind)
        .order_by(organisation, kind)
    ).all()
    labels = select(StaffRow.organisation_id, func.count(StaffRow.contact_label))
    grouped = ask.work.session.execute(labels.group_by(StaffRow.organisation_id))
    contacts = {row[0]: row[1] for row in grouped}
    names, by = ask.names(row[0] for row in counted), wire_time(ask.work.now + TO_TELL_WITHIN)
    for organisation_id, what, count in counted:
        yield {
            "date": dutch_date(ask.work.now).isoformat(),
            "act": "controller_to_inform",
            "organisation": names[organisation_id],
            "kind": what,
            "count": count,
            "contacts": contacts.get(organisation_id, 0),
            "by": by,
        }


def list_smuggled(ask: Ask) -> Sequence[Facts]:
    """Say whether anything that is not from a closed list came in, or was tried (WAT-informatie).

    Source: AUD-15; SIG-03, SIG-04.
    """
    today = dutch_date(ask.work.now).isoformat()
    checks = [
        *((place, _strange(ask, column, known)) for place, column, known in CLOSED),
        *(
            (f"{row.__tablename__}.bracket", _strange(ask, row.bracket, frozenset(Bracket)))
            for row in BRACKETED
        ),
        ("envelopes_unopened", _count(ask, RegistrationRow.quarantine.is_not(None))),
        ("posts_refused", _refused(ask, "authz.denied")),
        ("messages_malformed", _refused(ask, "message.malformed")),
        ("contact_labels_to_read", _labels(ask)),
    ]
    return ask.page_of([{"date": today, "act": place, "count": count} for place, count in checks])


def _strange(ask: Ask, column: Any, known: Collection[str]) -> int:
    query = select(func.count()).where(column.not_in(known))
    return int(ask.work.session.execute(query).scalar_one())


def _count(ask: Ask, condition: Any) -> int:
    row = RegistrationRow
    query = select(func.count()).where(condition, ask.within(row.active_from), ask.ours(row.organisation_id))
    return int(ask.work.session.execute(query).scalar_one())


def _refused(ask: Ask, code: str) -> int:
    line = AuditLineRow
    query = select(func.coalesce(func.sum(line.count), 0)).where(
        line.code == code,
        line.role == "partner",
        ask.within(line.hour),
        ask.ours(line.organisation_id),
    )
    return int(ask.work.session.execute(query).scalar_one())


def _labels(ask: Ask) -> int:
    """Count the labels of reporters: the only words that an administrator types and a recipient reads."""
    query = select(func.count(StaffRow.contact_label)).where(ask.ours(StaffRow.organisation_id))
    return int(ask.work.session.execute(query).scalar_one())
