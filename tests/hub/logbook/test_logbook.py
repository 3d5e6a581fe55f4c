"""What was processed goes to the log of processing, every line confirmed, and no employee in any."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx2
import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.trace import format_span_id, format_trace_id, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from hub.audit.lines import index_lines
from hub.audit.models import LOG, AuditLineRow
from hub.audit.reading import ReadingPurpose
from hub.audit.service import sequence_events
from hub.logbook.delivering import LogbookAwayError, OtlpLogbook, deliver_lines, to_otlp
from hub.logbook.lines import LogbookLine, SubjectCodes
from hub.logbook.models import LogbookDeliveryRow
from hub.logbook.reading import LogbookQuery, read_lines
from hub.partners.values import Staff
from hub.questions.errors import PurposeNotAllowedError, QuestionIncompleteError
from ledger.note import Signer
from service.database import Database
from service.datakeys.local import volatile_pool
from service.errors import UnsafeSettingsError
from service.work import SYSTEM
from tests import builders
from tests.builders import Town, everything, staff_caller

SIGNER = Signer.from_seed("hub.test/audit", bytes(32))
REGISTER = "https://register.example/verwerkingen"
REJECTED = ExportTracePartialSuccess(rejected_spans=1)
LINE = LogbookLine(
    trace_id="0" * 31 + "1",
    span_id="0" * 15 + "1",
    parent_span_id=None,
    status=1,
    name="een signaal afgegeven",
    moment=datetime(2026, 11, 18, 12, 0, tzinfo=UTC),
    processing_activity_id=f"{REGISTER}/coordination",
    data_subject_id=None,
)


@dataclass
class Keeps:
    """A log of processing in memory; refuses while it is full."""

    lines: list[LogbookLine] = field(default_factory=list)
    is_full: bool = False

    def write(self, lines: Sequence[LogbookLine]) -> None:
        if self.is_full:
            raise LogbookAwayError
        self.lines += lines


@dataclass(frozen=True)
class Acted:
    """A town in which a signal was left, matched and heard of."""

    town: Town
    officer: Staff
    signal_id: UUID

    @property
    def database(self) -> Database:
        return self.town.database

    def read(self, *, purpose: str = "supervision", **facts: Any) -> list[LogbookLine]:
        with self.database.work(staff_caller(self.officer), now=self.town.now) as work:
            query = LogbookQuery(**facts)
            return list(read_lines(work, query, purpose=ReadingPurpose(purpose), register=REGISTER))

    def deliver(self, logbook: Keeps) -> int:
        return deliver_lines(self.database, logbook, register=REGISTER, limit=7)


@pytest.fixture
def acted(hub_database: Database, now: datetime) -> Acted:
    """A match that was told."""
    town = builders.town(hub_database, now=now)
    officer = builders.authorise_staff(hub_database, town.team, "privacy_officer", now=now)
    school = builders.sender(hub_database, "school", now=now)
    town.case(town.anna, everything("mila"))
    signal_id = town.signal(school, everything("mila"))
    town.match()
    town.inbox(town.anna)
    place(hub_database, now)
    return Acted(town, officer, signal_id)


def place(database: Database, now: datetime) -> None:
    """Give every event its place and its line."""
    with database.work(SYSTEM, now=now) as work:
        sequence_events(work, SIGNER)
    with database.work(SYSTEM, now=now) as work:
        index_lines(work)


def drained(acted: Acted, logbook: Keeps) -> Iterator[int]:
    while count := acted.deliver(logbook):
        yield count


def test_every_event_becomes_a_line_and_is_sent_once(acted: Acted) -> None:
    logbook = Keeps()
    with acted.database.look(SYSTEM) as work:
        size = work.session.query(LOG.leaf).count()
    assert sum(drained(acted, logbook)) == size
    assert len({line.trace_id for line in logbook.lines if not line.parent_span_id}) == size
    assert len({(line.trace_id, line.span_id) for line in logbook.lines}) == len(logbook.lines)
    assert acted.deliver(logbook) == 0


def test_every_line_has_the_fields_of_the_standard(acted: Acted) -> None:
    """Logboek Dataverwerkingen 1.0, component Logboek: its table of fields, and those of `dpl.core`."""
    logbook = Keeps()
    list(drained(acted, logbook))
    [resource] = to_otlp(logbook.lines, hub_id="hub.test")["resourceSpans"]
    assert resource["resource"]["attributes"]
    [scope] = resource["scopeSpans"]
    for span in scope["spans"]:
        assert re.fullmatch("[0-9a-f]{32}", span["traceId"])
        assert set(span["traceId"]) != {"0"}
        assert all(
            re.fullmatch("[0-9a-f]{16}", span[name]) for name in ("spanId", "parentSpanId") if name in span
        )
        assert span["status"]["code"] in (0, 1, 2)  # Unset, Ok, Error
        assert span["name"].strip()
        # In OTLP times are nanoseconds in text; the standard asks for milliseconds.
        times = [int(span[name]) for name in ("startTimeUnixNano", "endTimeUnixNano")]
        assert times[0] <= times[1]
        assert all(one % 1_000_000 == 0 for one in times)
        attributes = {one["key"]: one["value"]["stringValue"] for one in span["attributes"]}
        about = {"dpl.core.data_subject_id", "dpl.core.data_subject_id_type"}
        assert set(attributes) - about == {"dpl.core.processing_activity_id"}
        assert not about & set(attributes) or about <= set(attributes)
        activity = urlsplit(attributes["dpl.core.processing_activity_id"])
        assert activity.scheme, "a URI that stands by itself"
        assert activity.netloc
    assert any(len(span["attributes"]) == 3 for span in scope["spans"])


def test_opentelemetry_reads_every_line_as_it_was_meant(acted: Acted) -> None:
    """OpenTelemetry's own definition of its messages judges the names and types of all that is sent."""
    logbook = Keeps()
    list(drained(acted, logbook))
    written = json.loads(json.dumps(to_otlp(logbook.lines, hub_id="hub.test")))
    for span in written["resourceSpans"][0]["scopeSpans"][0]["spans"]:
        for name in {"traceId", "spanId", "parentSpanId"} & set(span):
            # OTLP's JSON differs from that of its messages in this alone: ids are hexadecimal.
            span[name] = b64encode(bytes.fromhex(span[name])).decode()
    read = ParseDict(written, ExportTraceServiceRequest())
    spans = read.resource_spans[0].scope_spans[0].spans
    assert len(spans) == len(logbook.lines)
    for line, span in zip(logbook.lines, spans, strict=True):
        assert (span.trace_id.hex(), span.span_id.hex()) == (line.trace_id, line.span_id)
        assert span.parent_span_id.hex() == (line.parent_span_id or "")
        assert span.start_time_unix_nano == span.end_time_unix_nano == line.milliseconds * 10**6
        assert (span.name, span.status.code) == (line.name, line.status)
        said = {one.key: one.value.string_value for one in span.attributes}
        assert said["dpl.core.processing_activity_id"] == line.processing_activity_id
        assert said.get("dpl.core.data_subject_id") == line.data_subject_id


def test_what_was_not_confirmed_is_sent_again_the_same(acted: Acted) -> None:
    first, again = Keeps(is_full=True), Keeps()
    with pytest.raises(LogbookAwayError):
        acted.deliver(first)
    first.is_full = False
    list(drained(acted, first))
    with acted.database.work(SYSTEM) as work:
        work.session.query(LogbookDeliveryRow).delete()
    list(drained(acted, again))
    assert first.lines == again.lines != []


def test_a_line_is_about_one_registration_and_names_no_employee_and_no_number(acted: Acted) -> None:
    logbook = Keeps()
    list(drained(acted, logbook))
    written = json.dumps(to_otlp(logbook.lines, hub_id="hub.test"))
    people = (acted.town.anna, acted.town.lead, acted.officer)
    for number in [acted.signal_id, *(one.id for one in people), acted.town.team.id]:
        assert str(number) not in written
        assert number.hex not in written
    code = SubjectCodes(acted.database.data_keys).write(acted.signal_id)
    names = {line.name for line in logbook.lines if line.data_subject_id == code}
    assert {"een signaal afgegeven", "een match gevonden"} <= names
    children = [line for line in logbook.lines if line.parent_span_id]
    assert children
    assert all(line.data_subject_id for line in children)


def test_lines_are_read_by_trace_activity_or_subject_and_never_all(acted: Acted) -> None:
    logbook = Keeps()
    list(drained(acted, logbook))
    with pytest.raises(QuestionIncompleteError):
        acted.read()
    code = SubjectCodes(acted.database.data_keys).write(acted.signal_id)
    mine = [line for line in logbook.lines if line.data_subject_id == code]
    assert sorted(acted.read(data_subject_id=code, purpose="rights_request"), key=repr) == sorted(
        mine, key=repr
    )
    trace = mine[0].trace_id
    assert acted.read(trace_id=trace) == [line for line in logbook.lines if line.trace_id == trace]
    activity = f"{REGISTER}/coordination"
    found = acted.read(processing_activity_id=activity)
    assert {line.processing_activity_id for line in found} == {activity}
    late = acted.town.now + timedelta(hours=2)
    assert acted.read(processing_activity_id=activity, since=late) == []
    assert acted.read(processing_activity_id=activity, until=late) == found
    with pytest.raises(PurposeNotAllowedError):
        acted.read(data_subject_id=code)


def test_that_the_log_of_processing_was_read_is_in_the_log(acted: Acted) -> None:
    acted.read(trace_id=uuid4().hex)
    place(acted.database, acted.town.now)
    with acted.database.look(SYSTEM) as work:
        newest = work.session.query(AuditLineRow).order_by(AuditLineRow.idx.desc()).first()
        assert newest is not None
        assert (newest.code, newest.purpose) == ("log.read", "supervision")


@pytest.mark.parametrize(
    ("status", "body", "taken"),
    [
        (200, {}, True),
        (200, {"partialSuccess": {"rejectedSpans": "0"}}, True),
        (200, MessageToDict(ExportTraceServiceResponse()), True),
        (200, MessageToDict(ExportTraceServiceResponse(partial_success=REJECTED)), False),
        (202, {}, False),
        (503, {}, False),
        (200, [], False),
    ],
)
def test_only_an_answer_that_rejects_nothing_confirms(status: int, body: object, *, taken: bool) -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(status, json=body)

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    logbook = OtlpLogbook("https://log.example/v1/traces", hub_id="hub.test", http=http)
    try:
        logbook.write([LINE])
    except LogbookAwayError:
        assert not taken
    else:
        assert taken
    context = get_current_span(TraceContextTextMapPropagator().extract(asked[0].headers)).get_span_context()
    assert format_trace_id(context.trace_id) == LINE.trace_id
    assert format_span_id(context.span_id) == LINE.span_id


def test_a_log_of_processing_is_written_over_tls() -> None:
    with pytest.raises(UnsafeSettingsError):
        OtlpLogbook("http://log.example/v1/traces", hub_id="hub.test")


@given(st.uuids(), st.uuids())
def test_a_code_is_read_back_by_its_hub_and_differs_for_others(one: UUID, other: UUID) -> None:
    codes = SubjectCodes(volatile_pool())
    assert codes.read(codes.write(one)) == one
    assert (codes.write(one) == codes.write(other)) == (one == other)
    assert one.hex != codes.write(one)
