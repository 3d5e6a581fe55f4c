"""`dat-hub cases`: what the operator allows of the registration of cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from hub.cases.service import allow_more
from hub.context import operating
from service.clock import dutch_date

MOST = 5000  # a day

cases_app = typer.Typer(help="The daily quota on registering cases.", no_args_is_help=True)
console = Console()


@cases_app.callback()
def _cases() -> None:
    """Keep `allow` a command of its own."""


@cases_app.command(epilog="Example: dat-hub cases allow 5b0c… 2000 --on 2027-01-04")
def allow(
    organisation_id: Annotated[UUID, typer.Argument(help="Whose caseload is loaded.")],
    extra: Annotated[int, typer.Argument(min=0, max=MOST, help="Cases on top; 0 takes it back.")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The one day; today by default.")
    ] = None,
) -> None:
    """Let an organisation register more cases on one day, as when it loads its caseload; the log says so."""
    with operating() as work:
        allow_more(work, organisation_id, extra=extra, on=on.date() if on else dutch_date(work.now))
    console.print(f"{extra} more cases on that day")
