"""Promise 16: neither that a mail comes, nor when, nor how large it is, tells whether anything was found."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic, sleep
from uuid import UUID, uuid4

import pytest

from hub.chores import claim
from hub.notices.delivery import deliver_due
from hub.notices.digest import Digest, latest_slot
from hub.notices.errors import RhythmNotOfferedError
from hub.notices.mail import Mailer
from hub.notices.rhythm import Rhythm, begins_week, choose_rhythm
from hub.partners.service import Staff
from service import clock
from service.clock import AMSTERDAM
from service.database import Database
from service.work import Work
from tests import builders
from tests.builders import Town, everything, staff_caller
from tests.hub.notices import mail_sink
from tests.hub.notices.mail_sink import Sink
from tests.promises.processes import Running
from tests.promises.town import Town as Living

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)  # eight o'clock in Amsterdam
HOURS = (8, 13)


@dataclass
class Watcher:
    """Somebody who reads the mail server: who got a mail, when, how large, and after how many others."""

    now: datetime = MONDAY
    seen: dict[datetime, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def send(self, address: str, *, mail_id: UUID, at: datetime) -> None:
        mailer = Mailer("", 25, "noreply@hub.example", "https://hub.example/")
        message = mailer._message(address, mail_id, at)
        del message["To"]
        self.seen[at].append((address, len(message.as_bytes())))

    def people(self) -> Counter[str]:
        return Counter(address for mails in self.seen.values() for address, _ in mails)


def slot_of(work: Work, slot: int) -> bool:
    return claim(work, "digest", slot)


@pytest.fixture
def town(hub_database: Database) -> Town:
    return builders.town(hub_database, now=MONDAY)


def find_something(town: Town, now: datetime) -> None:
    """Let a partner post about somebody of Anna's caseload, and of nobody else's."""
    later = town.later(seconds=(now - town.now).total_seconds())
    school = builders.sender(town.database, "school", now=town.now)
    later.case(town.anna, everything(str(now)))
    later.signal(school, everything(str(now)))
    later.match()


def watch(town: Town, turn: object, watcher: Watcher) -> None:
    """Let two days pass, in which things are found at odd moments."""
    for minutes in range(0, 30 * 60, 60):
        watcher.now = MONDAY + timedelta(minutes=minutes)
        if minutes in (60, 240, 1200):
            find_something(town, watcher.now)
        turn(now=lambda: watcher.now)  # type: ignore[operator]


def test_everybody_gets_one_mail_at_each_hour_whatever_was_found(town: Town) -> None:
    watcher = Watcher()
    watch(town, Digest(town.database, watcher, "w", HOURS, slot_of).turn, watcher)
    assert {at.astimezone(AMSTERDAM).hour for at in watcher.seen} == set(HOURS)
    everybody = {one.mail_address for one in (town.lead, town.anna, town.bram, town.desk)}
    for mails in watcher.seen.values():
        assert Counter(address for address, _ in mails) == dict.fromkeys(everybody, 1)
        assert len({size for _, size in mails}) == 1


def test_a_second_worker_adds_nothing(town: Town) -> None:
    watcher = Watcher()
    for name in ("one", "two"):
        Digest(town.database, watcher, name, HOURS, slot_of).turn(now=lambda: MONDAY)
    assert set(watcher.people().values()) == {1}


def test_mutant_that_sends_at_once_tells_whose_caseload_it_was(town: Town) -> None:
    watcher = Watcher()
    watch(town, partial(deliver_due, town.database, watcher, worker="w"), watcher)
    assert set(watcher.people()) == {town.anna.mail_address}
    assert len(watcher.seen) == 3


def choose(town: Town, staff: Staff, rhythm: Rhythm) -> None:
    with town.database.work(staff_caller(staff), now=town.now) as work:
        choose_rhythm(work, rhythm, at_once=True)


def test_who_chose_a_weekly_mail_gets_one_a_week_whatever_was_found(town: Town) -> None:
    choose(town, town.anna, Rhythm.WEEKLY)
    watcher = Watcher()
    digest = Digest(town.database, watcher, "w", HOURS, slot_of)
    for hours in range(0, 9 * 24, 3):
        watcher.now = MONDAY + timedelta(hours=hours)
        if hours in (3, 24, 99):
            find_something(town, watcher.now)
        digest.turn(now=lambda: watcher.now)
    hers = [
        at for at, mails in watcher.seen.items() for address, _ in mails if address == town.anna.mail_address
    ]
    assert hers == [MONDAY, MONDAY + timedelta(days=7)]
    assert watcher.people()[str(town.bram.mail_address)] == 14


def test_only_who_chose_it_gets_a_mail_at_once_and_then_no_other(town: Town) -> None:
    choose(town, town.anna, Rhythm.AT_ONCE)
    watcher = Watcher()
    watch(town, Digest(town.database, watcher, "w", HOURS, slot_of).turn, watcher)
    assert watcher.people()[str(town.anna.mail_address)] == 3
    assert watcher.people()[str(town.bram.mail_address)] == len(slots(watcher))
    with pytest.raises(RhythmNotOfferedError), town.database.work(staff_caller(town.bram)) as work:
        choose_rhythm(work, Rhythm.AT_ONCE, at_once=False)


def slots(watcher: Watcher) -> set[datetime]:
    return {at for at, mails in watcher.seen.items() if len(mails) > 1}


@pytest.mark.prove
def test_an_alarm_reaches_the_privacy_officer_within_a_minute_and_its_mail_says_nothing(
    running: tuple[Living, Running],
) -> None:
    """With the worker as its operator runs it, which looks every twenty seconds."""
    living, hub = running
    officer = builders.authorise_staff(
        living.database, living.people.team, "privacy_officer", now=clock.now(), mail="fg@town.example"
    )
    sink = Sink()
    server = mail_sink.start(sink, port=hub.settings.smtp_port)
    hub.start("worker")
    sleep(5)  # its first turn, in which it looks at everything, is over
    for _ in range(3):
        post = living.signal("school", everything(uuid4().hex)).post(living.client("school")).json()
        path = f"/signals/{post['signalId']}/withdrawal"
        answer = living.client("school").post(path, json={"reason": "reason_gone"})
        assert answer.status_code < 300, answer.text
    begun, told = monotonic(), [""]
    while officer.mail_address not in told and monotonic() < begun + 60:
        sleep(0.1)
        told = [address for address, _ in sink.got]
    print(f"{monotonic() - begun:.1f} s")
    hub.kill("worker")
    server.stop()
    assert officer.mail_address in told
    assert len({mail.get_payload() for mail in sink.mails}) == 1


@pytest.mark.parametrize(
    ("slot", "first"),
    [
        (datetime(2026, 11, 16, 8, tzinfo=AMSTERDAM), True),
        (datetime(2026, 11, 16, 13, tzinfo=AMSTERDAM), False),
        (datetime(2026, 11, 17, 8, tzinfo=AMSTERDAM), False),
        (datetime(2026, 4, 7, 8, tzinfo=AMSTERDAM), True),  # after Easter Monday
    ],
)
def test_a_week_begins_with_the_first_hour_of_its_first_working_day(slot: datetime, first: bool) -> None:
    assert begins_week(slot, HOURS) is first


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (datetime(2026, 11, 16, 6, 59, tzinfo=UTC), datetime(2026, 11, 13, 13, tzinfo=AMSTERDAM)),
        (datetime(2026, 11, 16, 7, 0, tzinfo=UTC), datetime(2026, 11, 16, 8, tzinfo=AMSTERDAM)),
        (datetime(2026, 12, 26, 20, 0, tzinfo=UTC), datetime(2026, 12, 24, 13, tzinfo=AMSTERDAM)),
        (datetime(2026, 7, 6, 6, 0, tzinfo=UTC), datetime(2026, 7, 6, 8, tzinfo=AMSTERDAM)),
    ],
)
def test_the_last_hour_that_struck_is_of_a_dutch_working_day(now: datetime, slot: datetime) -> None:
    assert latest_slot(now, HOURS) == slot
