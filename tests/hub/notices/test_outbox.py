"""What became of mails, for the functional administrator of the organisation and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from hub.health import read_health
from hub.notices import store
from hub.notices.delivery import deliver_due
from hub.notices.errors import MailMissingError
from hub.notices.models import MailRow, MailState
from hub.notices.outbox import Mail, count_mails, list_mails, resend
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from service.database import Database
from service.work import SYSTEM
from tests import builders
from tests.builders import Town, staff_caller

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def town(hub_database: Database) -> Town:
    """A town in which a mail to Anna was given up."""
    town = builders.town(hub_database, now=NOW)
    with hub_database.work(SYSTEM, now=NOW) as work:
        store.put_mails(work.session, [town.anna.id], due_at=NOW)
        work.session.execute(update(MailRow).values(state=MailState.DEAD, attempt=10))
    return town


def administrator(town: Town) -> Staff:
    """Somebody who administers the team."""
    return builders.authorise_staff(
        town.database, town.team, "functional_administrator", now=NOW, contact=None
    )


def mails(town: Town, by: Staff, state: MailState) -> list[Mail]:
    """What an administrator sees."""
    with town.database.work(staff_caller(by), now=LATER) as work:
        return list_mails(work, states=[state])


def test_a_mail_that_was_given_up_is_tried_again_at_once(town: Town) -> None:
    keeper = administrator(town)
    [dead] = mails(town, keeper, MailState.DEAD)
    assert (dead.recipient, dead.attempt, dead.reachable) == (town.anna.id, 10, True)
    with town.database.work(staff_caller(keeper), now=LATER) as work:
        resend(work, dead.id)
    assert mails(town, keeper, MailState.DEAD) == []
    sent: list[str] = []

    class Sends:
        def send(self, address: str, *, mail_id: object, at: datetime) -> None:
            sent.append(address)

    # The last fixed hour was this morning: what waits since then goes now.
    assert deliver_due(town.database, Sends(), worker="w", now=lambda: LATER, since=NOW) == 1
    assert sent == [town.anna.mail_address]
    with pytest.raises(MailMissingError), town.database.work(staff_caller(keeper), now=LATER) as work:
        resend(work, dead.id)


def test_where_a_newer_mail_waits_the_old_one_is_dropped(town: Town) -> None:
    keeper = administrator(town)
    [dead] = mails(town, keeper, MailState.DEAD)
    with town.database.work(SYSTEM, now=LATER) as work:
        store.put_mails(work.session, [town.anna.id], due_at=LATER)
    with town.database.work(staff_caller(keeper), now=LATER) as work:
        resend(work, dead.id)
    with town.database.work(staff_caller(keeper), now=LATER) as work:
        assert not any(count_mails(work).values())
    with town.database.look(SYSTEM) as work:
        assert work.session.scalars(select(MailRow.state)).all() == [MailState.WAITING]


def test_a_mail_that_nobody_tried_yet_tells_no_administrator_that_something_came(town: Town) -> None:
    keeper, lead = administrator(town), town.lead
    with town.database.work(SYSTEM, now=NOW) as work:
        store.put_mails(work.session, [lead.id], due_at=NOW)
    assert mails(town, keeper, MailState.WAITING) == []
    with town.database.work(staff_caller(keeper), now=LATER) as work:
        assert (count_mails(work)[MailState.WAITING], read_health(work).mails.count) == (0, 0)
    with town.database.work(SYSTEM, now=NOW) as work:
        work.session.execute(update(MailRow).where(MailRow.recipient == lead.id).values(attempt=1))
    assert [one.recipient for one in mails(town, keeper, MailState.WAITING)] == [lead.id]
    with town.database.work(staff_caller(keeper), now=LATER) as work:
        assert (count_mails(work)[MailState.WAITING], read_health(work).mails.count) == (1, 1)


def test_mails_of_another_organisation_and_for_other_roles_do_not_exist(town: Town) -> None:
    other = builders.admit_partner(town.database, "municipal_team", now=NOW)
    stranger = builders.authorise_staff(
        town.database, other, "functional_administrator", now=NOW, contact=None
    )
    [dead] = mails(town, administrator(town), MailState.DEAD)
    assert mails(town, stranger, MailState.DEAD) == []
    with pytest.raises(MailMissingError), town.database.work(staff_caller(stranger), now=LATER) as work:
        resend(work, dead.id)
    for act in (lambda work: resend(work, dead.id), read_health, count_mails):
        with (
            pytest.raises(RoleNotAllowedError),
            town.database.work(staff_caller(town.lead), now=LATER) as work,
        ):
            act(work)


def test_the_hub_says_what_waits_and_what_was_missed(town: Town) -> None:
    from hub.chores import ChoreRunRow

    with town.database.work(SYSTEM, now=NOW) as work:
        for name, every, ago in (
            ("retain", 86_400, 5 * 86_400),
            ("expire", 60, 30),
            ("digest", 0, 86_400 * 3),
        ):
            at = NOW - timedelta(seconds=ago)
            slot = int(at.timestamp() // every) if every else int(at.timestamp())
            work.session.add(ChoreRunRow(chore=name, slot=slot, claimed_at=at))
    with town.database.work(staff_caller(administrator(town)), now=NOW) as work:
        found = read_health(work)
    assert {one.name: one.late for one in found.chores} == {"retain": True, "expire": False, "digest": False}
    assert (found.given_up, found.mails.count, found.unmatched.count) == (1, 0, 0)
    assert found.unsequenced > 0
    assert found.unopened == {}
