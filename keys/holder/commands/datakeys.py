"""`dat-keys data-keys`: for which hub this holder keeps data keys, and how many a day."""

from __future__ import annotations

import json
from typing import Annotated
from uuid import UUID

import typer

from keys.holder.datakeys.rations import RATIONS, permit_hub
from keys.holder.errors import AdmissionInvalidError
from keys.holder.opening import operating

data_keys_app = typer.Typer(help="The data keys of a hub: who may, and how many a day.", no_args_is_help=True)


@data_keys_app.callback()
def _group() -> None:
    """The data keys of a hub: who may, and how many a day."""


@data_keys_app.command(
    epilog="Example: dat-keys data-keys permit --organisation 5b0c… --ration rotation=100000"
)
def permit(
    organisation: Annotated[UUID, typer.Option(help="The hub's id here, under which its key was admitted.")],
    ration: Annotated[
        list[str] | None, typer.Option(help=f"one of {', '.join(RATIONS)}, with =number a day; repeat.")
    ] = None,
) -> None:
    """Keep data keys for a hub; it must have no identity scheme and no reporter."""
    rations = dict(_ration(text) for text in ration or ())
    with operating() as work:
        permit_hub(work, organisation, rations)
    typer.echo(json.dumps({"organisationId": str(organisation), "rations": {**RATIONS, **rations}}))


def _ration(text: str) -> tuple[str, int]:
    name, _, per_day = text.partition("=")
    if not (per_day.isascii() and per_day.isdigit()):
        raise AdmissionInvalidError(places=("/ration",))
    return name, int(per_day)
