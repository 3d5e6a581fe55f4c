"""Mail: contentless, one per recipient, leased, tried again, given up, over a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import text

from hub.notices.delivery import RETRIES, deliver_due
from hub.notices.mail import Mailer
from hub.notices.service import NewNotice, NoticeKind, queue
from hub.notices.store import put_mails
from hub.settings import HubSettings
from service.database import Database
from service.work import SYSTEM
from tests import builders
from tests.builders import Town, everything
from tests.hub.notices.mail_sink import Sink


@dataclass
class Recorder:
    """A mail server that remembers ids, and can be away."""

    away: bool = False
    sent: list[UUID] = field(default_factory=list)

    def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
        if self.away:
            raise ConnectionRefusedError
        self.sent.append(mail_id)


def mailer(port: int, *, require_tls: bool = False) -> Mailer:
    return Mailer("127.0.0.1", port, "noreply@hub.example", "https://hub.example/", require_tls)


def notify(town: Town, *, people: int = 1) -> None:
    school = builders.sender(town.database, "school", now=town.now, name="De Linde")
    for number in range(people):
        town.case(town.anna, everything(number))
        town.signal(school, everything(number))
    town.match()


def at(town: Town) -> Callable[[], datetime]:
    return lambda: town.now


def mails(town: Town) -> list[tuple[str, int]]:
    with town.database.look(SYSTEM) as work:
        rows = work.session.execute(text("SELECT state, attempt FROM notice_mail ORDER BY due_at")).all()
    return [(state, attempt) for state, attempt in rows]


def test_ten_notices_are_one_mail_that_says_nothing(town: Town, smtp: Controller, sink: Sink) -> None:
    notify(town, people=10)
    assert deliver_due(town.database, mailer(smtp.port), worker="w", now=at(town)) == 1
    assert deliver_due(town.database, mailer(smtp.port), worker="w", now=at(town)) == 0
    ((recipient, content),) = sink.got
    assert recipient == "anna@team.example"
    for secret in (b"Linde", b"education", b"12-15", str(town.team.id).encode(), str(town.anna.id).encode()):
        assert secret not in content
    assert "https://hub.example/" in sink.mails[0].get_payload()


def test_every_mail_has_one_subject_and_one_size(town: Town, smtp: Controller, sink: Sink) -> None:
    notify(town)
    deliver_due(town.database, mailer(smtp.port), worker="w", now=at(town))
    notify(town.later(hours=3), people=7)
    deliver_due(town.database, mailer(smtp.port), worker="w", now=at(town.later(hours=3)))
    assert len(sink.got) == 2
    assert len({len(content) for _, content in sink.got}) == 1
    assert len({mail["Subject"] for mail in sink.mails}) == 1
    assert len({mail["Message-ID"] for mail in sink.mails}) == 2


def test_a_mail_is_encrypted_where_the_server_offers_it(town: Town, smtp_tls: Controller, sink: Sink) -> None:
    notify(town)
    assert deliver_due(town.database, mailer(smtp_tls.port), worker="w", now=at(town)) == 1
    assert sink.over_tls == [True]


def test_where_tls_is_required_a_server_nobody_vouches_for_gets_nothing(
    town: Town, smtp: Controller, smtp_tls: Controller, sink: Sink
) -> None:
    notify(town)
    strict = mailer(smtp_tls.port, require_tls=True)
    assert deliver_due(town.database, strict, worker="w", now=at(town)) == 0
    later = town.later(minutes=1)
    strict = mailer(smtp.port, require_tls=True)
    assert deliver_due(town.database, strict, worker="w", now=at(later)) == 0
    assert sink.got == []


def test_a_refused_mail_is_tried_again_with_the_same_id(town: Town, smtp: Controller, sink: Sink) -> None:
    notify(town)
    sink.refuses = True
    assert deliver_due(town.database, mailer(smtp.port), worker="w", now=at(town)) == 0
    assert mails(town) == [("waiting", 1)]
    sink.refuses = False
    assert deliver_due(town.database, mailer(smtp.port), worker="w", now=at(town)) == 0
    later = town.later(seconds=7)
    assert deliver_due(town.database, mailer(smtp.port), worker="w", now=at(later)) == 1
    assert mails(town) == [("delivered", 2)]


def test_a_mail_is_given_up_after_the_whole_ladder(town: Town) -> None:
    notify(town)
    away, moment = Recorder(away=True), town
    for _ in range(len(RETRIES) + 1):
        deliver_due(town.database, away, worker="w", now=at(moment))
        moment = moment.later(hours=29)
    assert mails(town) == [("dead", len(RETRIES) + 1)]
    assert len(town.inbox(town.anna)) == 1


def test_a_worker_that_died_after_sending_sends_the_same_id_again(town: Town) -> None:
    notify(town)
    recorder = Recorder()

    class Dies(Recorder):
        def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
            recorder.send(address, mail_id=mail_id, at=at)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(town.database, Dies(), worker="first", now=at(town))
    assert deliver_due(town.database, recorder, worker="second", now=at(town)) == 0
    assert deliver_due(town.database, recorder, worker="second", now=at(town.later(seconds=46))) == 1
    assert len(recorder.sent) == 2
    assert len(set(recorder.sent)) == 1


def test_a_notice_that_comes_while_a_mail_is_under_way_gets_its_own(town: Town) -> None:
    notify(town)

    class Slow(Recorder):
        def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
            if not self.sent:
                notify(town)
            super().send(address, mail_id=mail_id, at=at)

    slow = Slow()
    assert deliver_due(town.database, slow, worker="w", now=at(town)) == 2
    assert len(set(slow.sent)) == 2


def test_a_failed_mail_gives_way_to_a_newer_one_that_waits(town: Town) -> None:
    notify(town)

    class SlowAndAway(Recorder):
        def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
            if not self.sent:
                self.sent.append(mail_id)
                notify(town)
                raise ConnectionRefusedError
            super().send(address, mail_id=mail_id, at=at)

    server = SlowAndAway()
    assert deliver_due(town.database, server, worker="w", now=at(town)) == 1
    assert mails(town) == [("delivered", 1)]


def test_who_has_no_address_has_an_inbox(town: Town) -> None:
    with town.database.writer.begin() as connection:
        connection.execute(text("UPDATE staff SET mail_address = NULL"))
    notify(town)
    assert deliver_due(town.database, Recorder(), worker="w", now=at(town)) == 0
    assert mails(town) == [("dead", 1)]
    assert len(town.inbox(town.anna)) == 1


def test_two_workers_at_once_send_every_mail_once(town: Town) -> None:
    recipients = [
        builders.authorise_staff(
            town.database, town.team, "casemanager", now=town.now, mail=f"c{number}@team.example"
        )
        for number in range(20)
    ]
    school = builders.sender(town.database, "school", now=town.now)
    for number, staff in enumerate(recipients):
        town.case(staff, everything(number))
        town.signal(school, everything(number))
    town.match()
    recorder = Recorder()
    databases = [Database(town.database.url.render_as_string(hide_password=False)) for _ in range(2)]

    def work(pair: tuple[Database, str]) -> int:
        return deliver_due(pair[0], recorder, worker=pair[1], now=at(town))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, zip(databases, "ab", strict=True)))
    for database in databases:
        database.close()
    assert sum(done) == len(recorder.sent) == len(set(recorder.sent)) == 20


def test_a_mailer_is_made_from_the_settings(tmp_path: Path) -> None:
    settings = HubSettings(data=tmp_path, smtp_port=2525, smtp_starttls=True, mail_from="a@b.example")
    made = Mailer.from_settings(settings)
    assert (made.port, made.require_tls, made.sender) == (2525, True, "a@b.example")


def test_the_ladder_takes_three_days() -> None:
    assert sum(RETRIES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


def test_no_mail_leaves_before_the_notice_it_points_to_can_be_read(town: Town) -> None:
    notify(town)
    database = Database(town.database.url.render_as_string(hide_password=False))
    queued, go_on = Event(), Event()
    readable: list[int] = []
    another = NewNotice(
        match_id=uuid4(),
        recipient=town.anna.id,
        kind=NoticeKind.POSSIBLE,
        organisation_id=town.team.id,
    )

    class Looks(Recorder):
        def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
            with town.database.look(SYSTEM) as work:
                readable.append(int(work.session.scalar(text("SELECT count(*) FROM notice"))))

    def queue_slowly() -> None:
        with database.work(SYSTEM, now=town.now) as work:
            queue(work, [another])
            queued.set()
            go_on.wait(20)

    def deliver() -> None:
        deliver_due(town.database, Looks(), worker="w", now=at(town))

    threads = [Thread(target=queue_slowly), Thread(target=deliver)]
    threads[0].start()
    assert queued.wait(20)
    threads[1].start()
    threads[1].join(1.0)
    go_on.set()
    for thread in threads:
        thread.join()
    deliver()
    database.close()
    assert readable == [2]


def test_mail_is_queued_however_often_the_statement_was_used(town: Town) -> None:
    """From about the eleventh use PostgreSQL plans for any parameter, and a partial index needs a literal."""
    for _ in range(15):
        with town.database.work(SYSTEM, now=town.now) as work:
            put_mails(work.session, [town.anna.id], due_at=town.now)
    assert len(mails(town)) == 1
