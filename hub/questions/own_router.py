"""What is kept about the caller, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from hub.context import hub_of
from hub.questions.own import OwnRecord, Period, read_own
from service.http import AnyCaller, WireModel

router = APIRouter(tags=["audit"])


class PeriodOut(WireModel):
    """A key, a post or an absence, and its days; `untilDate` is the first on which it is over."""

    what: str
    since_date: date
    until_date: date | None


class OwnActOut(WireModel):
    """What the log holds of one day: an act, what became of it, and the number of what it was about."""

    act_date: date
    act: str
    outcome: str
    about: str
    count: int


class LoginOut(WireModel):
    """A day on which the caller logged in to the pages."""

    login_date: date


class OwnRecordOut(WireModel):
    """All that is kept about the caller."""

    staff_id: UUID
    organisation: str
    contact_label: str | None
    mail_address: str | None
    active_from_date: date
    active_until_date: date | None
    trained_date: date | None
    roles: list[PeriodOut]
    keys: list[PeriodOut]
    posts: list[PeriodOut]
    absences: list[PeriodOut]
    logins: list[LoginOut]
    since_date: date
    until_date: date
    acts: list[OwnActOut]


@router.get("/own-record", summary="See what is kept about you", operation_id="getOwnRecord")
def get_own_record(
    request: Request,
    caller: AnyCaller,
    since_date: Annotated[date | None, Query(alias="sinceDate")] = None,
    until_date: Annotated[date | None, Query(alias="untilDate")] = None,
) -> OwnRecordOut:
    """Return the caller's own data, and what the log holds of what they did in a period."""
    with hub_of(request).disclosing(caller) as work:
        return write_own(read_own(work, since=since_date, until=until_date))


def write_own(one: OwnRecord) -> OwnRecordOut:
    """Write what is kept about somebody."""
    staff = one.staff
    return OwnRecordOut(
        staff_id=staff.id,
        organisation=one.organisation,
        contact_label=staff.contact_label,
        mail_address=staff.mail_address,
        active_from_date=staff.active_from,
        active_until_date=staff.active_until,
        trained_date=staff.trained_on,
        roles=[
            PeriodOut(what=each.role.value, since_date=each.since, until_date=each.until)
            for each in one.roles
        ],
        keys=_periods(one.keys),
        posts=_periods(one.posts),
        absences=_periods(one.absences),
        logins=[LoginOut(login_date=on) for on in one.logins],
        since_date=one.since,
        until_date=one.until,
        acts=[
            OwnActOut(
                act_date=date.fromisoformat(str(each["date"])),
                act=str(each["act"]),
                outcome=str(each["outcome"]),
                about=str(each["about"]),
                count=int(each["count"]),
            )
            for each in one.acts
        ],
    )


def _periods(periods: tuple[Period, ...]) -> list[PeriodOut]:
    return [PeriodOut(what=one.what, since_date=one.since_on, until_date=one.until_on) for one in periods]
