"""How what had to be done was done: overrides, refusals, follow-up, requests: AUD-05, 07, 10 and 12."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, cast, func, null, select, union_all

from hub.audit.models import AuditLineRow
from hub.consent.models import ObjectionRow, OverrideRow
from hub.matches.models import EscalationRow, FollowUpRow, MatchRow
from hub.questions.log import REFUSED
from hub.questions.values import Ask, Facts, merged
from hub.rights.models import RightsRequestRow, RightsTellingRow
from hub.teams.models import TeamRow
from service.bulk import is_one_of
from service.clock import dutch_date

MOST = 20_000


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    return (dutch_date(moment) if isinstance(moment, datetime) else moment).isoformat()


def list_overrides(ask: Ask) -> Sequence[Facts]:
    """Say which overrides were used, by whom, with whom, when judged, and when the person was told.

    Source: AUD-05; CON-11.
    """
    rows = ask.rows(
        select(OverrideRow.__table__)
        .where(ask.within(OverrideRow.asked_at), ask.ours(OverrideRow.organisation_id))
        .order_by(OverrideRow.asked_at, OverrideRow.id)
    )
    names = ask.names(row.organisation_id for row in rows)
    return [
        {
            "date": _day(row.asked_at),
            "organisation": names[row.organisation_id],
            "ground": row.ground,
            "employee": str(row.asked_by),
            "second": str(row.confirmed_by or ""),
            "confirmed": _day(row.confirmed_at),
            "reviewed": _day(row.reviewed_at),
            "review": row.outcome or "",
            "informed": _day(row.informed_on),
            "postponed": _day(row.postponed_until_on),
        }
        for row in rows
    ]


def list_refused(ask: Ask) -> Sequence[Facts]:
    """Say what was refused to which organisation, by which rule, and how often a day.

    Source: AUD-07; SIG-11.
    """
    line = AuditLineRow
    query = (
        select(line.hour, line.organisation_id, line.role, line.code, line.legal_basis, func.sum(line.count))
        .where(line.code.in_(REFUSED), ask.within(line.hour), ask.ours(line.organisation_id))
        .group_by(line.hour, line.organisation_id, line.role, line.code, line.legal_basis)
        .order_by(line.hour)
        .limit(MOST)
    )
    rows = ask.work.session.execute(query).all()
    names = ask.names(row.organisation_id for row in rows)
    return ask.page_of(
        merged(
            (hour, count, {"organisation": names.get(id_, ""), "role": role, "act": code, "rule": rule})
            for hour, id_, role, code, rule, count in rows
        )
    )


def list_escalated(ask: Ask) -> Sequence[Facts]:
    """Say which matches nobody took up in term, in which team, and how far that climbed.

    Source: AUD-10; Jeugdwet 7.1.3.2.
    """
    rows = ask.rows(
        select(
            EscalationRow.taken_at,
            EscalationRow.step,
            EscalationRow.match_id,
            TeamRow.id.label("team_id"),
            TeamRow.organisation_id,
            FollowUpRow.opened_at,
            FollowUpRow.answered_at,
        )
        .join(MatchRow, MatchRow.id == EscalationRow.match_id)
        .join(TeamRow, TeamRow.id == MatchRow.team_id)
        .outerjoin(FollowUpRow, FollowUpRow.match_id == EscalationRow.match_id)
        .where(ask.within(EscalationRow.taken_at), ask.ours(TeamRow.organisation_id))
        .order_by(EscalationRow.taken_at, EscalationRow.match_id, EscalationRow.step)
    )
    names = ask.names(row.organisation_id for row in rows)
    return [
        {
            "date": _day(row.taken_at),
            "organisation": names[row.organisation_id],
            "team": str(row.team_id),
            "match": str(row.match_id),
            "step": row.step,
            "waiting_since": _day(row.opened_at),
            "taken_up": _day(row.answered_at),
        }
        for row in rows
    ]


def list_requests(ask: Ask) -> Sequence[Facts]:
    """Say which requests and objections there were, how far they are, and whether recipients were told.

    Source: AUD-12; AVG 12, 19.
    """
    rows = ask.rows(_asked(ask))
    told = _told(ask, [row.id for row in rows])
    names = ask.names(row.organisation_id for row in rows)
    return [
        {
            "date": _day(row.at),
            "organisation": names[row.organisation_id],
            "kind": row.kind,
            "state": row.state,
            "due": _day(row.due_on),
            "decided": _day(row.decided_at),
            "outcome": row.outcome or "",
            "ground": row.ground or "",
            "told": told.get(row.id, "0/0"),
        }
        for row in rows
    ]


def _asked(ask: Ask) -> Select[Any]:
    request, objection = RightsRequestRow, ObjectionRow
    both = union_all(
        select(
            request.id,
            request.organisation_id,
            request.received_at.label("at"),
            request.kind,
            request.state,
            request.due_on,
            request.decided_at,
            request.outcome,
            request.ground,
        ).where(ask.within(request.received_at), ask.ours(request.organisation_id)),
        select(
            objection.id,
            objection.organisation_id,
            objection.recorded_at.label("at"),
            objection.kind,
            objection.state,
            cast(null(), Date).label("due_on"),
            objection.decided_at,
            cast(null(), String).label("outcome"),
            cast(null(), String).label("ground"),
        ).where(ask.within(objection.recorded_at), ask.ours(objection.organisation_id)),
    ).subquery()
    return select(both).order_by(both.c.at, both.c.id)


def _told(ask: Ask, ids: Sequence[UUID]) -> dict[UUID, str]:
    telling = RightsTellingRow
    query = (
        select(telling.request_id, func.count(telling.told_at), func.count())
        .where(is_one_of(ask.work.session, telling.request_id, ids))
        .group_by(telling.request_id)
    )
    return {id_: f"{told}/{all_}" for id_, told, all_ in ask.work.session.execute(query)}
