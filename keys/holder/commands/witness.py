"""`dat-keys witness`: whose logs this holder cosigns, and with which keys."""

from __future__ import annotations

from typing import Annotated

import typer

from keys.holder import custody, witnessing
from keys.holder.opening import inspecting, operating
from keys.holder.settings import HolderSettings
from service.keystore import FileKeyStore

witness_app = typer.Typer(help="Cosign the logs of others.", no_args_is_help=True)


@witness_app.command(epilog="Example: dat-keys witness trust 'hub.example/audit+1f2e3d4c+AT…'")
def trust(
    vkey: Annotated[str, typer.Argument(help="The log's public key, as `dat-hub public-part` prints it.")],
) -> None:
    """Witness a log from now on; compare its key with the hub's administrator by another road."""
    with operating() as work:
        typer.echo(witnessing.trust_log(work, vkey).to_text())


@witness_app.command(epilog="Example: dat-keys witness keys > witness.vkeys")
def keys() -> None:
    """Print the public keys with which this holder cosigns; the hub reads them from a file."""
    settings = HolderSettings()
    for key in custody.cosigner(FileKeyStore(settings.keys), settings.name).keys:
        typer.echo(key.to_text())


@witness_app.command(name="list", epilog="Example: dat-keys witness list")
def list_logs() -> None:
    """List the logs that this holder witnesses."""
    with inspecting() as work:
        for verifier in witnessing.list_logs(work):
            typer.echo(verifier.to_text())
