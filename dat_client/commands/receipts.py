"""Receipts: the partner's own proof of what was posted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from dat_client.commands.terminal import Json, open_client, say, write_json, write_rows
from dat_client.proofs import Proved
from dat_client.store import Kind, Post

app = typer.Typer(no_args_is_help=True, help="Signed receipts (ontvangstbewijzen): list, verify.")


@app.command("list")
def list_receipts(context: typer.Context, as_json: Json = False) -> None:
    """List what was posted from this machine.

    Example: dat receipts list --json
    """
    with open_client(context) as client:
        posts = list(client.store.list_posts(kind=Kind.SIGNAL))
    if as_json:
        write_json([_facts(post) for post in posts])
    elif posts:
        columns = ("signal_id", "state", "received_at", "reference", "reason")
        write_rows(columns, [_columns(post) for post in posts])
    else:
        say("Nothing was posted from this machine.")


@app.command("verify")
def verify(
    context: typer.Context,
    *,
    log: Annotated[
        bool, typer.Option("--log", help="Have the hub prove, too, that each stands in its log.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check the signature of every kept receipt, without any service; exit 1 when one does not hold.

    With --log, what a restore of the hub took is told once (exit 1), and the same file posts it again.

    Example: dat receipts verify --log
    """
    with open_client(context) as client:
        good, bad = client.verify_receipts()
        proved = client.prove_receipts(good) if log else Proved()
        lost = client.let_go_of_lost(proved)
    if as_json:
        write_json({"good": len(good), "bad": _ids(bad), **(_proofs(proved) if log else {})})
    else:
        say(f"{len(good)} receipts hold, {len(bad)} do not.")
        for post in bad:
            say(f"does not hold: {post.remote_id}")
        if log:
            _say_proved(proved, lost)
    if bad or lost or proved.dropped or proved.unknown:
        raise typer.Exit(1)


def _say_proved(proved: Proved, lost: Sequence[Post]) -> None:
    say(f"{len(proved.standing)} stand in the log; of {len(proved.unknown)} the hub could not say.")
    for tree, count in sorted(proved.trees.items()):
        say(f"{count} in {tree}")
    if proved.lost:
        say(f"{len(proved.lost)} were lost by a restore of the hub, which its log itself says.")
    for post in lost:
        say(f"lost; post it again, or the same file: {post.reference or ''} {post.remote_id}")
    for post in proved.dropped:
        say(f"DROPPED, the receipt is your evidence: {post.remote_id}")


def _proofs(proved: Proved) -> dict[str, object]:
    return {
        "standing": len(proved.standing),
        "trees": dict(sorted(proved.trees.items())),
        "lost": _ids(proved.lost),
        "dropped": _ids(proved.dropped),
        "unknown": _ids(proved.unknown),
    }


def _ids(posts: Sequence[Post]) -> list[str]:
    return [str(post.remote_id) for post in posts]


def _columns(post: Post) -> tuple[str, ...]:
    received = post.receipt.received_at if post.receipt else ""
    return (str(post.remote_id or ""), post.state.value, received, post.reference or "", post.code or "")


def _facts(post: Post) -> dict[str, object]:
    return {
        "idempotencyKey": str(post.idempotency_key),
        "state": post.state.value,
        "bodyHash": post.body_hash,
        "receipt": post.receipt.as_wire() if post.receipt else None,
        "reference": post.reference,
        "reason": post.code,
    }
