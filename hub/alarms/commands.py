"""`dat-hub alarms`: see what was noticed, and say by what an organisation's volume is measured."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import typer
from rich.console import Console

from hub.alarms import service
from hub.alarms.schemas import AlarmsOut, write_alarm
from hub.alarms.texts import TEXTS
from hub.alarms.values import AlarmState, ClosedBecause
from hub.context import open_cover, open_database
from hub.settings import HubSettings
from service.clock import wire_time
from service.work import OPERATOR

alarms_app = typer.Typer(help="Patterns of probing that privacy officers are told of.", no_args_is_help=True)
console = Console()


@alarms_app.command(name="list", epilog="Example: dat-hub alarms list --state open")
def list_alarms(
    *,
    state: Annotated[AlarmState | None, typer.Option()] = None,
    language: Annotated[Literal["nl", "en"], typer.Option()] = "nl",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the alarms, newest first; ends with 1 while one is not closed."""
    settings = HubSettings()
    with open_cover(settings).disclosing(open_database(settings), OPERATOR) as work:
        found = service.list_alarms(work, state=state)
    if as_json:
        print(AlarmsOut(warnings=[write_alarm(one) for one in found]).model_dump_json(by_alias=True))
    elif not found:
        console.print("nothing was noticed")
    for one in [] if as_json else found:
        said = TEXTS[one.code][0 if language == "nl" else 1]
        console.print(
            f"{one.id} {wire_time(one.raised_at)} [bold]{one.code}[/] {one.state}: "
            f"{one.measured} ({one.allowed}) {one.organisation_id or ''} {one.staff_id or ''}\n  {said}",
            highlight=False,
        )
    raise typer.Exit(1 if any(one.state is not AlarmState.CLOSED for one in found) else 0)


@alarms_app.command(name="close", epilog="Example: dat-hub alarms close 3a55… --reason explained")
def close(
    alarm: Annotated[UUID, typer.Argument()],
    reason: Annotated[ClosedBecause, typer.Option(help="What was found.")],
) -> None:
    """Close an alarm for a coded reason, at the word of a privacy officer."""
    with open_database().work(OPERATOR) as work:
        service.close_alarm(work, alarm, reason)
    console.print("closed")


@alarms_app.command(name="caseload", epilog="Example: dat-hub alarms caseload 5b0c… 450")
def caseload(
    organisation: Annotated[UUID, typer.Argument()],
    persons: Annotated[int, typer.Argument(min=1, max=1_000_000)],
) -> None:
    """Record how many persons an organisation works with: more than twice that a year raises an alarm."""
    with open_database().work(OPERATOR) as work:
        service.declare_caseload(work, organisation, persons)
    console.print("recorded")
