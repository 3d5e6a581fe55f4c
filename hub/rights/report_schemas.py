"""The report of a request for access on the wire: codes and dates, the same as in the letter."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hub.rights.reporting import Act, Report
from service.clock import dutch_date
from service.http import WireModel


class RegisteredOut(WireModel):
    """A signal or case about the requester."""

    kind: str
    organisation: str
    contact_date: date | None
    signal_kind: str | None
    legal_basis: str
    registered_date: date
    until_date: date
    state: str
    subject_notice: str | None
    number: int
    brought_by: str | None


class ActOut(WireModel):
    """Somebody who heard of it or looked, by role."""

    act_date: date
    organisation: str
    role: str
    act: str
    level: int | None
    about: list[int]


class WeighedOut(WireModel):
    """What was decided, and the codes of the reasons."""

    first_date: date
    last_date: date
    purpose: str
    allowed: bool
    reasons: list[str]
    replaced_date: date | None
    replaced_by: bool | None


class SaidOut(WireModel):
    """A consent or objection."""

    kind: str
    partner_kinds: list[str]
    recorded_date: date
    ended: bool


class ReportOut(WireModel):
    """All that the hub knows; `doubtful` counts what may be another person's and is not here.

    `withheld` counts signals under an exception, for the officer only, and is null once it was decided.
    """

    request_id: UUID
    desk: str
    made_date: date
    registered: list[RegisteredOut]
    told: list[ActOut]
    looked: list[ActOut]
    decisions: list[WeighedOut]
    said: list[SaidOut]
    doubtful: int
    withheld: int | None


def write_report(report: Report) -> ReportOut:
    """Write a report for other programs."""
    return ReportOut(
        request_id=report.request.id,
        desk=report.desk,
        made_date=report.made_on,
        registered=[
            RegisteredOut(
                kind=one.kind,
                organisation=one.organisation,
                contact_date=one.contact_on,
                signal_kind=one.signal_kind,
                legal_basis=one.legal_basis,
                registered_date=one.registered_on,
                until_date=one.until_on,
                state=one.state,
                subject_notice=one.notice,
                number=one.number,
                brought_by=one.brought_by,
            )
            for one in report.registered
        ],
        told=[_act(one) for one in report.told],
        looked=[_act(one) for one in report.looked],
        decisions=[
            WeighedOut(
                first_date=one.first_on,
                last_date=one.last_on,
                purpose=one.purpose,
                allowed=one.allowed,
                reasons=list(one.reasons),
                replaced_date=one.replaced_on,
                replaced_by=one.replaced_by,
            )
            for one in report.weighed
        ],
        said=[
            SaidOut(
                kind=one.kind,
                partner_kinds=list(one.about),
                recorded_date=dutch_date(one.recorded_at),
                ended=one.ended_at is not None,
            )
            for one in report.said
        ],
        doubtful=report.doubtful,
        withheld=report.withheld,
    )


def _act(one: Act) -> ActOut:
    return ActOut(
        act_date=one.on,
        organisation=one.organisation,
        role=one.role,
        act=one.act,
        level=one.level,
        about=list(one.about),
    )
