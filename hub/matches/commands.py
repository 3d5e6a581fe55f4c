"""`dat-hub orphans`: the matches that nobody owns who may."""

from __future__ import annotations

import json

import typer

from hub.context import open_database
from hub.matches.orphans import list_orphans
from service.clock import wire_time
from service.work import OPERATOR


def show_orphans() -> None:
    """Print the open matches without an owner as a JSON list: number, date and state; ends with 1 if any."""
    database = open_database()
    try:
        with database.look(OPERATOR) as work:
            found = list_orphans(work)
    finally:
        database.close()
    rows = [
        {"matchId": str(one.match_id), "openedAt": wire_time(one.opened_at), "state": one.state}
        for one in found
    ]
    typer.echo(json.dumps(rows))
    raise typer.Exit(code=1 if rows else 0)
