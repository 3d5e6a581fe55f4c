"""Send lines to the log of processing as OTLP over HTTP, and go on only once it has confirmed every one.

The leaves are the outbox: an act and its line are one transaction, and what was confirmed is a number.

Source: Logboek Dataverwerkingen 1.0 ("het wegschrijven van elke logregel bevestigen", no sampling); OTLP 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import httpx2
from sqlalchemy import select

from hub.audit.models import AuditLineRow
from hub.logbook.lines import LogbookLine, write_lines
from hub.logbook.models import LogbookDeliveryRow
from hub.settings import HubSettings
from service.database import Database
from service.errors import UnavailableError, UnsafeSettingsError
from service.work import SYSTEM, Work

BATCH = 200  # events a request
TIMEOUT = 10.0  # seconds
INTERNAL = 1  # kind of span
LOCAL = ("http://127.0.0.1", "http://localhost")


class LogbookAwayError(UnavailableError):
    """The log of processing does not answer, or did not take every line."""

    code = "logbook_away"
    title = "The log of processing did not confirm every line; they are sent again."


class Logbook(Protocol):
    """Somebody who keeps lines."""

    def write(self, lines: Sequence[LogbookLine]) -> None:
        """Write every line durably; raises LogbookAwayError unless all were confirmed."""
        ...


class OtlpLogbook:
    """A log of processing that takes OTLP/HTTP with JSON.

    Args:
        url: its `…/v1/traces`; over TLS, unless it is on this machine.
    """

    def __init__(self, url: str, *, hub_id: str, http: httpx2.Client | None = None) -> None:
        if not url.startswith(("https://", *LOCAL)):
            raise UnsafeSettingsError("DAT_HUB_LOGBOOK_URL: a log of processing is written over TLS")
        self._url, self._hub_id = url, hub_id
        self._http = http or httpx2.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def write(self, lines: Sequence[LogbookLine]) -> None:
        """Write every line, under the trace of the first."""
        first = lines[0]
        headers = {"traceparent": f"00-{first.trace_id}-{first.span_id}-01"}
        try:
            answer = self._http.post(self._url, json=to_otlp(lines, hub_id=self._hub_id), headers=headers)
            if answer.status_code != 200 or _rejected(answer.json()):
                raise LogbookAwayError
        except (httpx2.HTTPError, ValueError, AttributeError):
            raise LogbookAwayError from None


def open_logbook(settings: HubSettings) -> Logbook | None:
    """Return the log of processing that this hub writes to, or None."""
    return OtlpLogbook(settings.logbook_url, hub_id=settings.hub_id) if settings.logbook_url else None


def deliver_lines(database: Database, logbook: Logbook, *, register: str, limit: int = BATCH) -> int:
    """Send what is next of each tree, and keep how far it was confirmed; returns how many events.

    Sent twice after a crash, a line has the same trace and span.

    Raises:
        LogbookAwayError: Nothing is skipped; the same lines are sent again.
    """
    count = 0
    with database.look(SYSTEM) as work:
        shards = list(
            work.session.scalars(select(AuditLineRow.shard).distinct().order_by(AuditLineRow.shard))
        )
    for shard in shards:
        with database.look(SYSTEM) as work:
            row = work.session.get(LogbookDeliveryRow, shard)
            begin = row.confirmed if row else 0
            rows = _next(work, shard, begin, limit)
            lines = list(write_lines(work, rows, register=register))
        if lines:
            logbook.write(lines)
            with database.work(SYSTEM) as work:
                done = LogbookDeliveryRow(shard=shard, confirmed=rows[-1].idx + 1, confirmed_at=work.now)
                work.session.merge(done)
        count += len(rows)
    return count


def _next(work: Work, shard: str, begin: int, limit: int) -> Sequence[AuditLineRow]:
    line = AuditLineRow
    query = select(line).where(line.shard == shard, line.idx >= begin).order_by(line.idx).limit(limit)
    rows = work.session.scalars(query).all()
    work.session.expunge_all()
    return rows


def to_otlp(lines: Sequence[LogbookLine], *, hub_id: str) -> dict[str, Any]:
    """Write lines as one request of OTLP/HTTP with JSON."""
    resource = {
        "attributes": [_attribute("service.name", "dat-hub"), _attribute("service.instance.id", hub_id)]
    }
    scope = {"scope": {"name": "dat-hub"}, "spans": [_span(line) for line in lines]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def _span(line: LogbookLine) -> dict[str, Any]:
    attributes = [_attribute("dpl.core.processing_activity_id", line.processing_activity_id)]
    if line.data_subject_id is not None:
        attributes += [
            _attribute("dpl.core.data_subject_id", line.data_subject_id),
            _attribute("dpl.core.data_subject_id_type", SUBJECT_TYPE),
        ]
    parent = {"parentSpanId": line.parent_span_id} if line.parent_span_id else {}
    nanoseconds = str(line.milliseconds * 1_000_000)
    return {
        "traceId": line.trace_id,
        "spanId": line.span_id,
        **parent,
        "name": line.name,
        "kind": INTERNAL,
        "startTimeUnixNano": nanoseconds,
        "endTimeUnixNano": nanoseconds,
        "attributes": attributes,
        "status": {"code": line.status},
    }


SUBJECT_TYPE = "dat-hub-registration"


def _attribute(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": {"stringValue": value}}


def _rejected(answer: Mapping[str, Any]) -> int:
    return int((answer.get("partialSuccess") or {}).get("rejectedSpans") or 0)
