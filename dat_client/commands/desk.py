"""Open the desk: pages on this machine, for who signals without a system of their own."""

from __future__ import annotations

import webbrowser
from typing import Annotated

import typer

from dat_client.commands.terminal import open_client, say


def open_desk(
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On this machine only; 0: any free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it by itself.")] = True,
) -> None:
    """Open pages to signal contacts, see own signals and receipts, and withdraw (balie). Ctrl-C ends it.

    The pages are on this machine alone. A name, birth date or BSN never leaves it.

    Example: dat desk
    """
    # Here, so that no other command waits for a web server to load.
    from dat_client.desk.serving import serve  # noqa: PLC0415

    def invite(address: str) -> None:
        say(f"Open this once, in the browser of this machine: {address}")
        if browser:
            webbrowser.open(address)

    with open_client(context) as client:
        try:
            serve(client, port=port, invite=invite)
        except KeyboardInterrupt:
            say("Closed.")
