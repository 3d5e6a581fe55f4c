"""What the pages show beside notices: a month of the log, requests, warnings, tasks, corrections."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text

from bench.town import Town
from hub.alarms.models import AlarmRow
from hub.renewing.models import ConsentTaskRow
from hub.rights.models import RightsCorrectionRow, RightsFindingRow, RightsRequestRow, RightsTellingRow
from service.clock import dutch_date
from service.eventlog.appending import shard_of
from service.work import Work

LINES = 50_000  # as two months bring of a hundred thousand notices a year
MANY = 250  # of everything that waits for somebody: more than a page shows
FINDINGS = 12
CODES = ("notice.shown", "notice.queued", "signal.posted", "match.created", "authz.denied")


def furnish(work: Work, town: Town) -> UUID:
    """Lay it all for one municipality; gives a request that was searched."""
    _lay_log(work, town)
    requests = _lay_requests(work, town)
    work.session.execute(insert(AlarmRow), [_alarm(work, town) for _ in range(MANY)])
    work.session.execute(insert(ConsentTaskRow), [_task(work, town) for _ in range(MANY)])
    work.session.execute(insert(RightsCorrectionRow), [_correction(work, town, one) for one in requests])
    work.session.execute(insert(RightsTellingRow), [_telling(work, town, one) for one in requests])
    return requests[0]


def _lay_log(work: Work, town: Town) -> None:
    """Write a month of lines behind those that the log has already."""
    codes = ", ".join(f"'{code}'" for code in CODES)
    work.session.execute(
        text(
            "INSERT INTO audit_line (shard, idx, event_id, hour, code, outcome, organisation_id, role,"
            " purpose, legal_basis, count, recorded_at)"
            " SELECT :shard, 1000000 + n, decode(md5('line ' || n), 'hex'),"
            " date_trunc('hour', CAST(:now AS timestamptz)) - (n % 720) * interval '1 hour',"
            f" (ARRAY[{codes}])[1 + n % {len(CODES)}],"
            f" CASE n % {len(CODES)} WHEN {len(CODES) - 1} THEN 'denied' ELSE 'ok' END,"
            f" :team, 'staff', 'none', 'none', 1, :now FROM generate_series(1, {LINES}) AS n"
        ),
        {"shard": shard_of(work.now), "now": work.now, "team": town.team_id},
    )


def _lay_requests(work: Work, town: Town) -> list[UUID]:
    """Write requests: the first was searched, a third is decided."""
    ids = [uuid4() for _ in range(MANY)]
    work.session.execute(insert(RightsRequestRow), [_request(work, town, ids, at) for at in range(MANY)])
    work.session.execute(insert(RightsFindingRow), [_finding(work, town, ids[0]) for _ in range(FINDINGS)])
    return ids


def _request(work: Work, town: Town, ids: list[UUID], at: int) -> dict[str, Any]:
    decided = at % 3 == 2
    facts: dict[str, Any] = {"id": ids[at], "root_id": uuid4(), "kind": "erasure"}
    facts |= {"state": "searched" if at == 0 else "decided" if decided else "received"}
    facts |= {
        "organisation_id": town.team_id,
        "received_by": town.team_id,
        "recorded_by": town.casemanager_id,
    }
    facts |= {"key_hash": ids[at].bytes, "body_hash": bytes(32), "identification": "document_at_desk"}
    facts |= {"filed_by": "subject", "authority": "none", "authority_holders": 0, "holders_asking": 0}
    facts |= {"ability": "able", "bracket": "23+", "bracket_ends": None, "extension": None}
    facts |= {"received_at": work.now, "due_on": dutch_date(work.now) + timedelta(days=at % 30)}
    facts |= {"outcome": "rejected" if decided else None, "ground": "still_needed" if decided else None}
    facts |= {"decided_at": work.now if decided else None, "change_id": None, "decided_by": None}
    return facts | {"searched_by": None, "searched_at": work.now if at == 0 else None}


def _finding(work: Work, town: Town, request_id: UUID) -> dict[str, Any]:
    soon = dutch_date(work.now) + timedelta(days=10)
    facts: dict[str, Any] = {"id": uuid4(), "request_id": request_id, "registration_id": uuid4()}
    facts |= {"kind": "signal", "organisation_id": town.team_id, "controller": "municipality"}
    facts |= {"verdict": "possible", "due_on": soon, "advise_by": soon, "advice": None, "left_out": False}
    return facts


def _alarm(work: Work, town: Town) -> dict[str, Any]:
    facts: dict[str, Any] = {"key": uuid4().bytes, "id": uuid4(), "code": "unusual_reading"}
    facts |= {"organisation_id": town.team_id, "staff_id": town.casemanager_id, "measured": 61, "allowed": 40}
    return facts | {"raised_at": work.now, "state": "open"}


def _task(work: Work, town: Town) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": uuid4(), "consent_id": uuid4(), "organisation_id": town.team_id}
    facts |= {"staff_id": town.casemanager_id, "about_kind": "match", "about_id": uuid4()}
    return facts | {"ended_bracket": "12-15", "opened_at": work.now}


def _correction(work: Work, town: Town, request_id: UUID) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": uuid4(), "request_id": request_id, "registration_id": uuid4()}
    facts |= {"kind": "signal", "organisation_id": town.team_id, "due_on": dutch_date(work.now)}
    return facts


def _telling(work: Work, town: Town, request_id: UUID) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": uuid4(), "request_id": request_id, "organisation_id": town.team_id}
    return facts | {"about": uuid4(), "effect": "erase", "ground": "unjustified", "queued_at": work.now}
