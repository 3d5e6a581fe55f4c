"""`dat-hub orphans`: the matches that nobody owns who may."""

from __future__ import annotations

import json

import typer

from hub.context import open_cover, open_database
from hub.matches.orphans import list_orphans
from hub.settings import HubSettings
from service.clock import wire_time
from service.work import OPERATOR


def show_orphans() -> None:
    """Print the open matches without an owner as a JSON list: number, date and state; ends with 1 if any.

    That they were shown is in the log first.
    """
    settings = HubSettings()
    database = open_database(settings)
    try:
        with open_cover(settings).disclosing(database, OPERATOR) as work:
            found = list_orphans(work)
    finally:
        database.close()
    rows = [
        {"matchId": str(one.match_id), "openedAt": wire_time(one.opened_at), "state": one.state}
        for one in found
    ]
    typer.echo(json.dumps(rows))
    raise typer.Exit(code=1 if rows else 0)
