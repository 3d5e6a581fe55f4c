"""Households with their one lead, and inquiries with their clocks, as `dat` is typed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from dat_client.clock import dutch_date
from dat_client.commands.terminal import Json, open_client, write_json, write_list, write_one, write_rows
from dat_client.households import LeadAnswer
from dat_client.inquiries import ClockCode, Inquiry, NotHeard, NotInvolved

households_app = typer.Typer(
    no_args_is_help=True, help="Households with one lead (regie): list, name a lead, hand it over, answer."
)
inquiries_app = typer.Typer(
    no_args_is_help=True, help="Inquiries that a signal opened by itself, with their clocks: list, record."
)
Id = Annotated[UUID, typer.Argument()]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%d-%m-%Y"])]


@households_app.command("list")
def list_households(context: typer.Context, as_json: Json = False) -> None:
    """List the households in which you have part: who leads, and how many partners met somebody.

    Example: dat households list
    """
    with open_client(context) as client:
        columns = ("household_id", "since", "lead", "asked", "matches", "partners")
        write_list(client.list_households(), columns, as_json=as_json, empty="None.")


@households_app.command("lead")
def name_lead(context: typer.Context, household_id: Id, staff_id: Id, as_json: Json = False) -> None:
    """Name who leads, as the start meeting decided; refused where somebody does.

    Example: dat households lead 51aa... 9e1d...
    """
    with open_client(context) as client:
        write_one(client.name_lead(household_id, staff_id=staff_id), as_json=as_json)


@households_app.command("offer")
def offer_lead(context: typer.Context, household_id: Id, colleague: Id, as_json: Json = False) -> None:
    """Ask a colleague to lead from now on; you lead until they accept.

    Example: dat households offer 51aa... 9e1d...
    """
    with open_client(context) as client:
        write_one(client.offer_lead(household_id, colleague=colleague), as_json=as_json)


@households_app.command("answer")
def answer_lead(
    context: typer.Context,
    household_id: Id,
    said: Annotated[LeadAnswer, typer.Argument()],
    as_json: Json = False,
) -> None:
    """Accept or return the lead that a colleague asks you to take.

    Example: dat households answer 51aa... accepted
    """
    with open_client(context) as client:
        write_one(client.answer_lead(household_id, answer=said), as_json=as_json)


@inquiries_app.command("list")
def list_inquiries(context: typer.Context, as_json: Json = False) -> None:
    """List your inquiries, and which clock of each ends first.

    Example: dat inquiries list
    """
    with open_client(context) as client:
        found = client.list_inquiries()
    if as_json:
        write_json([one.model_dump(mode="json") for one in found])
    else:
        write_rows(("match_id", "opened", "next", "due"), [_line(one) for one in found])


@inquiries_app.command("record")
def record_inquiry(
    context: typer.Context,
    match_id: Id,
    *,
    done: Annotated[list[ClockCode] | None, typer.Option(help="What was done; repeat.")] = None,
    child_heard: Day = None,
    child_not_heard: Annotated[NotHeard | None, typer.Option(help="Or why not.")] = None,
    parents_involved: Day = None,
    parents_not_involved: Annotated[NotInvolved | None, typer.Option(help="Or why not.")] = None,
    as_json: Json = False,
) -> None:
    """Say what was done, and when child and parents were heard, or why not.

    Example: dat inquiries record 3f0a... --done assess --child-heard 2026-11-20
    """
    if (child_heard and child_not_heard) or (parents_involved and parents_not_involved):
        raise typer.BadParameter("say a day, or why not")
    with open_client(context) as client:
        found = client.record_inquiry(
            match_id,
            done=done or (),
            child=child_heard.date() if child_heard else child_not_heard,
            parents=parents_involved.date() if parents_involved else parents_not_involved,
        )
    if as_json:
        write_json(found.model_dump(mode="json"))
    else:
        write_rows(("match_id", "opened", "next", "due"), [_line(found)])


def _line(one: Inquiry) -> tuple[str, ...]:
    clock = one.next_clock
    due = clock.due_at.isoformat(timespec="minutes") if clock else ""
    return str(one.match_id), dutch_date(one.opened_at).isoformat(), clock.code if clock else "", due
