"""The desk tells its address when somebody can open it."""

from __future__ import annotations

import socket
from threading import Timer

from dat_client.desk.door import HOST
from dat_client.desk.serving import _free_port, _wait


def test_the_address_is_told_only_when_the_port_answers() -> None:
    port, opened = _free_port(0), list[socket.socket]()
    later = Timer(0.15, lambda: opened.append(socket.create_server((HOST, port))))
    later.start()
    _wait(HOST, port)
    answers = bool(opened)
    later.join()
    opened[0].close()
    assert answers
