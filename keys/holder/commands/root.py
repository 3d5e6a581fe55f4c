"""`dat-keys root` and `dat-keys manifest`: the offline root, and the one document it signs."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from keys.holder.errors import PublicPartError
from keys.holder.files import read_private, write_private
from keys.holder.manifests import assemble, root_public
from keys.protocol.encoding import b64u, unb64u
from keys.protocol.manifest import load_manifest, manifest_hash, sign_manifest
from keys.protocol.manifest_values import Manifest
from service import clock
from service.clock import wire_time

root_app = typer.Typer(help="The offline root that partners pin.", no_args_is_help=True)
manifest_app = typer.Typer(help="Every public key in one signed document.", no_args_is_help=True)


@root_app.callback()
def _root() -> None:
    """The offline root that partners pin."""


@root_app.command(epilog="Example: dat-keys root create --out root.key")
def create(out: Annotated[Path, typer.Option(help="Where the private key is written, 0600.")]) -> None:
    """Draw the root's key, on an offline machine; prints the public key that every partner pins."""
    seed = os.urandom(32)
    write_private(out, seed)
    typer.echo(b64u(root_public(seed)))


@root_app.command(epilog="Example: dat-keys root public root.key")
def public(root: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Print the public key that every partner pins."""
    typer.echo(b64u(root_public(read_private(root))))


@manifest_app.command(
    epilog="Example: dat-keys manifest sign --root root.key --hub hub.json --holder holder-1.json "
    "--holder holder-2.json --valid-days 60 --out manifest.jws"
)
def sign(
    *,
    root: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The root's private key.")],
    hub: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="From: dat-hub public-part")],
    holder: Annotated[
        list[Path], typer.Option(exists=True, dir_okay=False, help="From: dat-keys public-part")
    ],
    out: Annotated[Path, typer.Option(help="Where the manifest is written.")],
    valid_days: Annotated[int, typer.Option(min=1, max=400, help="From now.")] = 60,
) -> None:
    """Combine the public parts and sign them; prints the hash that every party compares."""
    manifest = assemble(
        _read(hub), [_read(path) for path in holder], valid_from=clock.now(), life=timedelta(days=valid_days)
    )
    token = sign_manifest(manifest, read_private(root))
    out.write_text(token + "\n", "ascii")
    typer.echo(
        json.dumps({"sha256": manifest_hash(token).hex(), "validUntil": wire_time(manifest.valid_until)})
    )


@manifest_app.command(epilog="Example: dat-keys manifest show manifest.jws --root-public 3b6a…")
def show(
    manifest: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    root_public_key: Annotated[str, typer.Option("--root-public", help="As pinned, base64url.")],
) -> None:
    """Check a manifest against the pinned root and show what is in it."""
    token = manifest.read_text("ascii").strip()
    found = load_manifest(token, pinned_root=unb64u(root_public_key), now=clock.now())
    _print(found, manifest_hash(token).hex())


def _print(manifest: Manifest, digest: str) -> None:
    console = Console()
    console.print(f"hub [bold]{manifest.hub_id}[/], normalisation {manifest.normalisation}, sha256 {digest}")
    console.print(f"valid {wire_time(manifest.valid_from)} to {wire_time(manifest.valid_until)}")
    keys = Table("scheme", "epoch", Column("key", overflow="fold"), "holders")
    for (scheme, epoch), key in sorted(manifest.keys.items()):
        holders = f"{key.threshold} of {len(key.shares)}: " + ", ".join(
            f"{index} {url}" for index, url in sorted(key.holders.items())
        )
        keys.add_row(scheme, str(epoch), b64u(key.public), holders)
    console.print(keys)
    others = Table("for", Column("name", overflow="fold"), "until", Column("public key", overflow="fold"))
    for one in manifest.envelope_keys:
        others.add_row("envelopes", one.kid, wire_time(one.valid_until), b64u(one.public))
    others.add_row("receipts", manifest.hub_id, "", b64u(manifest.receipt_public))
    for name, public_key in manifest.ledger_publics.items():
        others.add_row("ledger", name, "", b64u(public_key))
    console.print(others)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise PublicPartError from None
    if not isinstance(found, dict):
        raise PublicPartError
    return found
