"""`dat-keys deal`, `import-share`, `rotate`, `destroy-epoch`: the life of a key."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from keys.holder import custody, dealing
from keys.holder.events import record
from keys.holder.files import read_private, write_private
from keys.holder.opening import operating
from keys.holder.settings import HolderSettings
from keys.protocol.sodium import random_scalar
from keys.protocol.tokens import SCHEMES
from service.keystore import FileKeyStore

shares_app = typer.Typer()
notes = Console(stderr=True)


class Scheme(StrEnum):
    """An identity scheme."""

    BSN = "bsn"
    DEMOGRAPHIC = "demographic"
    HOUSEHOLD = "household"


class Schemes(StrEnum):
    """One identity scheme, or all of them."""

    ALL = "all"
    BSN = "bsn"
    DEMOGRAPHIC = "demographic"
    HOUSEHOLD = "household"


OutDirectory = Annotated[Path, typer.Option(help="A new directory, on a medium that you carry.")]


@shares_app.command(epilog="Example: dat-keys deal --threshold 2 --shares 3 --scheme all --out /media/stick")
def deal(
    *,
    threshold: Annotated[int, typer.Option(min=1, help="How many holders make the key.")],
    shares: Annotated[int, typer.Option(min=1, max=255, help="How many holders there are.")],
    out: OutDirectory,
    scheme: Annotated[Schemes, typer.Option(help="Which keys.")] = Schemes.ALL,
    epoch: Annotated[int, typer.Option(min=1, max=65_535)] = 1,
) -> None:
    """Deal new keys to holders, one file each; on an offline machine, which is destroyed afterwards."""
    names = SCHEMES if scheme is Schemes.ALL else (scheme.value,)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number, dealt in enumerate(
        dealing.deal(names, threshold=threshold, shares=shares, epoch=epoch), start=1
    ):
        path = out / f"share-{number}-of-{shares}.json"
        write_private(path, dealing.write_share_file(dealt))
        typer.echo(str(path))
    notes.print("Bring each file to its holder by hand; then destroy the files and this machine's disk.")


@shares_app.command(name="import-share", epilog="Example: dat-keys import-share share-2-of-3.json")
def import_share(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Of mode 0600.")],
) -> None:
    """Keep the shares that were dealt to this holder."""
    shares = dealing.read_share_file(read_private(file))
    dealing.import_shares(FileKeyStore(HolderSettings().keys), shares)
    typer.echo(json.dumps([{"scheme": share.name.scheme, "epoch": share.name.epoch} for share in shares]))
    notes.print("Now destroy the file.")


@shares_app.command(name="draw-delta", epilog="Example: dat-keys draw-delta --out bsn-1-to-2.delta")
def draw_delta(out: Annotated[Path, typer.Option(help="Where it is written, 0600.")]) -> None:
    """Draw the scalar that all holders of a shared key rotate with; offline, as `deal`."""
    write_private(out, random_scalar())
    typer.echo(str(out))


@shares_app.command(epilog="Example: dat-keys rotate --scheme bsn --out bsn-1-to-2.delta")
def rotate(
    *,
    scheme: Annotated[Scheme, typer.Option(help="Which key.")],
    out: Annotated[Path | None, typer.Option(help="Where the scalar for the hub is written, 0600.")] = None,
    delta: Annotated[
        Path | None, typer.Option(help="The scalar of all holders of a shared key.", exists=True)
    ] = None,
    compromised: Annotated[bool, typer.Option("--compromised", help="The key may be known.")] = False,
) -> None:
    """Make the key of the next epoch; sign a new manifest then, and load the scalar at the hub once."""
    keys = FileKeyStore(HolderSettings().keys)
    with operating() as work:
        if compromised:
            epoch = custody.declare_compromised(keys, scheme)
            record(work, "key.compromised", scheme=scheme.value, epoch=epoch)
            notes.print("No scalar is written: stored elements move by blinded update. Tell the hub.")
        else:
            epoch = _rotate(keys, scheme, out=out, delta=delta)
            record(work, "key.rotated", scheme=scheme.value, epoch=epoch)
    typer.echo(json.dumps({"scheme": scheme.value, "epoch": epoch, "compromised": compromised}))


def _rotate(keys: FileKeyStore, scheme: Scheme, *, out: Path | None, delta: Path | None) -> int:
    if (out is None) == (delta is None):
        raise typer.BadParameter("give --out for a key of one holder, --delta for a shared one")
    if out is not None and out.exists():
        raise FileExistsError(out)
    done = custody.rotate(keys, scheme, delta=read_private(delta) if delta else None)
    if out is not None:
        write_private(out, done.delta)
    return done.epoch


@shares_app.command(name="destroy-epoch", epilog="Example: dat-keys destroy-epoch --scheme bsn --epoch 1")
def destroy_epoch(
    scheme: Annotated[Scheme, typer.Option(help="Which key.")],
    epoch: Annotated[int, typer.Option(min=1, help="A past epoch.")],
) -> None:
    """Destroy the share of a past epoch, within 24 hours of the rotation."""
    keys = FileKeyStore(HolderSettings().keys)
    with operating() as work:
        record(work, "key.destroyed", scheme=scheme.value, epoch=epoch)
        custody.destroy_epoch(keys, scheme, epoch)
    typer.echo(json.dumps({"scheme": scheme.value, "destroyed": epoch}))
