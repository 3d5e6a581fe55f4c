"""A town, and a mail server in two tempers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from hub.notices.service import Notice, find_page, show
from hub.partners.service import Staff
from service.database import Database
from tests import builders
from tests.builders import Town, staff_caller
from tests.hub.notices import mail_sink
from tests.hub.notices.mail_sink import Sink


class Inboxes(Town):
    """A town whose notices hang on no match: all of them may be told."""

    def inbox(self, staff: Staff, *, only_new: bool = False) -> list[Notice]:
        with self.database.work(staff_caller(staff), now=self.now) as work:
            page = find_page(work, only_new=only_new)
            return show(work, page, verified=page.told)


@pytest.fixture
def town(hub_database: Database, now: datetime) -> Town:
    town = builders.town(hub_database, now=now)
    return Inboxes(**{field.name: getattr(town, field.name) for field in fields(town)})


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
