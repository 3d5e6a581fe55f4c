"""Serve the desk on this machine until somebody stops it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable

from granian.constants import Interfaces
from granian.server.embed import Server

from dat_client.client import Client
from dat_client.desk.acts import Desk
from dat_client.desk.app import create_desk
from dat_client.desk.door import HOST, Door
from dat_client.errors import ConfigurationError

EVERY = 60  # seconds


def serve(client: Client, *, port: int, invite: Callable[[str], None]) -> None:
    """Serve the pages; `invite` is told the address to open, once they are there.

    Raises:
        ConfigurationError: Something else listens on that port.
    """
    door, desk = Door(_free_port(port)), Desk(client)
    server = Server(
        create_desk(desk, door),
        address=HOST,
        port=door.port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_enabled=False,
    )
    asyncio.run(_serve(server, desk, lambda: invite(door.invitation)))


async def _serve(server: Server, desk: Desk, tell: Callable[[], None]) -> None:
    """Serve, tell when the port answers, and forget in time."""
    serving, forgetting = asyncio.create_task(server.serve()), asyncio.create_task(_forget(desk))
    try:
        await asyncio.to_thread(_wait, server.bind_addr, server.bind_port)
        tell()
        await serving
    finally:
        forgetting.cancel()
        server.stop()  # type: ignore[no-untyped-call]


async def _forget(desk: Desk) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await asyncio.to_thread(desk.forget_old)


def _wait(host: str, port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection((host, port), timeout=0.1).close()
            return
        except OSError:
            time.sleep(0.05)  # a port that is not open yet refuses at once


def _free_port(wanted: int) -> int:
    try:
        with socket.create_server((HOST, wanted)) as found:
            return int(found.getsockname()[1])
    except OSError:
        raise ConfigurationError("that port is taken: choose another, or 0 for any") from None
