"""`dat-keys permissions`: the list of who may ask, signed offline and loaded here."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from keys.holder.files import read_private, write_private
from keys.holder.listing import load_list
from keys.holder.manifests import root_public
from keys.holder.opening import operating
from keys.holder.permission_list import parse_list, read_list, sign_list
from keys.holder.settings import HolderSettings
from keys.protocol.encoding import b64u

permissions_app = typer.Typer(help="Who may ask: a list that is signed offline.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]


@permissions_app.command(name="key", epilog="Example: dat-keys permissions key --out permissions.key")
def create_key(out: Annotated[Path, typer.Option(help="Where the private key is written, 0600.")]) -> None:
    """Draw the key that signs lists, on an offline machine; prints what the holder pins."""
    seed = os.urandom(32)
    write_private(out, seed)
    typer.echo(b64u(root_public(seed)))


@permissions_app.command(
    epilog="Example: dat-keys permissions sign list.json --key permissions.key --out permissions.jws"
)
def sign(
    permissions: File,
    *,
    key: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The private key.")],
    out: Annotated[Path, typer.Option(help="Where the signed list is written.")],
) -> None:
    """Check a list and sign it, on the offline machine."""
    found = parse_list(permissions.read_bytes())
    out.write_text(sign_list(found, read_private(key)) + "\n", "ascii")
    typer.echo(json.dumps({"serial": found.serial, "organisations": len(found.organisations)}))


@permissions_app.command(epilog="Example: dat-keys permissions load permissions.jws")
def load(permissions: File) -> None:
    """Make the holder's list what the signed one says; whoever is not on it may ask no longer."""
    found = read_list(permissions.read_text("ascii").strip(), HolderSettings())
    with operating() as work:
        load_list(work, found)
    typer.echo(json.dumps({"serial": found.serial, "organisations": len(found.organisations)}))
