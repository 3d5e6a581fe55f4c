"""Whether the log is whole, and what was done with keys: AUD-08 and AUD-13."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from hub.audit.models import LOG, AuditCosignedRow, AuditLineRow
from hub.questions.values import Ask, Facts, merged
from hub.subjects.models import EvaluationHourRow, RegistrationRow
from ledger.leaf import CHECKPOINT_GAP
from service.clock import dutch_date

MOST = 20_000
KEYS = ("key.destroyed", "key.renewed", "credential.registered", "credential.disabled", "auth.fail")
CHECKS = ("log.verified", "log.read", CHECKPOINT_GAP)


def list_checks(ask: Ask) -> Sequence[Facts]:
    """Say how far each tree is signed and cosigned by whom, who recomputed it, and what was lost.

    What the hub says of itself proves nothing: docs/audit.md is how to check it without the hub.

    Source: AUD-08; BIO2 8.15.05-06.
    """
    return ask.page_of([*_heads(ask), *merged(_checked(ask))])


def _heads(ask: Ask) -> Iterator[Facts]:
    head, cosigned = LOG.head.c, AuditCosignedRow
    query = (
        select(head.shard, head.size, head.signed_at, cosigned.witness, cosigned.size, cosigned.cosigned_at)
        .outerjoin(cosigned, cosigned.shard == head.shard)
        .order_by(head.shard, cosigned.witness)
    )
    for shard, size, signed_at, witness, seen, cosigned_at in ask.work.session.execute(query):
        yield {
            "date": dutch_date(cosigned_at or signed_at).isoformat(),
            "act": "cosigned" if witness else "not_cosigned",
            "tree": shard,
            "size": size,
            "cosigned": seen or 0,
            "witness": witness or "",
        }


def _checked(ask: Ask) -> Iterator[tuple[datetime, int, Facts]]:
    line = AuditLineRow
    query = (
        select(line.hour, line.code, line.outcome, line.role, line.purpose, func.count())
        .where(line.code.in_(CHECKS), ask.within(line.hour))
        .group_by(line.hour, line.code, line.outcome, line.role, line.purpose)
        .order_by(line.hour)
        .limit(MOST)
    )
    for hour, code, outcome, role, purpose, count in ask.work.session.execute(query):
        yield hour, count, {"act": code, "outcome": outcome, "role": role, "purpose": purpose}


def list_key_events(ask: Ask) -> Sequence[Facts]:
    """Say what was done with keys: drawn, renewed, destroyed, used, admitted, refused, and what did not open.

    Source: AUD-13; EDPB 01/2025.
    """
    return ask.page_of(merged([*_with_keys(ask), *_evaluated(ask), *_unopened(ask)]))


def _with_keys(ask: Ask) -> Iterator[tuple[datetime, int, Facts]]:
    line = AuditLineRow
    about_keys = line.code.in_(KEYS)
    query = (
        select(line.hour, line.code, line.outcome, line.organisation_id, func.sum(line.count))
        .where(about_keys, ask.within(line.hour))
        .where(or_(line.organisation_id.is_(None), ask.ours(line.organisation_id)))
        .group_by(line.hour, line.code, line.outcome, line.organisation_id)
        .order_by(line.hour)
        .limit(MOST)
    )
    rows = ask.work.session.execute(query).all()
    names = ask.names(row.organisation_id for row in rows)
    for hour, code, outcome, organisation_id, count in rows:
        yield hour, count, {"organisation": names.get(organisation_id, ""), "act": code, "outcome": outcome}


def _evaluated(ask: Ask) -> Iterator[tuple[datetime, int, Facts]]:
    """How much each organisation had evaluated under the key, as the key holder's own ledger counts it."""
    row = EvaluationHourRow
    query = (
        select(row.hour, row.organisation_id, row.evaluated)
        .where(row.evaluated > 0, ask.within(row.hour), ask.ours(row.organisation_id))
        .order_by(row.hour)
        .limit(MOST)
    )
    rows = ask.work.session.execute(query).all()
    names = ask.names(one.organisation_id for one in rows)
    for hour, organisation_id, count in rows:
        yield (
            hour,
            count,
            {"organisation": names.get(organisation_id, ""), "act": "key.used", "outcome": "ok"},
        )


def _unopened(ask: Ask) -> Iterator[tuple[datetime, int, Facts]]:
    row = RegistrationRow
    query = (
        select(row.active_from, row.quarantine, row.organisation_id)
        .where(row.quarantine.is_not(None), ask.within(row.active_from), ask.ours(row.organisation_id))
        .order_by(row.active_from)
        .limit(MOST)
    )
    rows = ask.work.session.execute(query).all()
    names = ask.names(one.organisation_id for one in rows)
    for at, reason, organisation_id in rows:
        facts = {"organisation": names[organisation_id], "act": "envelope.unopened"}
        yield at, 1, {**facts, "outcome": reason or ""}
