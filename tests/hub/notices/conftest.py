"""A town, and a mail server in two tempers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from service.database import Database
from tests import builders
from tests.builders import Town
from tests.hub.notices import mail_sink
from tests.hub.notices.mail_sink import Sink


@pytest.fixture
def town(hub_database: Database, now: datetime) -> Town:
    return builders.town(hub_database, now=now)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def smtp(sink: Sink) -> Iterator[Controller]:
    controller = mail_sink.start(sink)
    yield controller
    controller.stop()


@pytest.fixture
def smtp_tls(sink: Sink, tmp_path: Path) -> Iterator[Controller]:
    controller = mail_sink.start(sink, mail_sink.self_signed(tmp_path))
    yield controller
    controller.stop()
