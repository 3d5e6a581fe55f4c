"""A town in which something of everything happened, once for all questions; and who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

import hub.models  # noqa: F401
from hub.audit.events import KeysDestroyed
from hub.audit.lines import index_lines
from hub.audit.malformed import MalformedMeter
from hub.audit.reading import ReadingPurpose
from hub.audit.service import record, record_refusal, sequence_events
from hub.base import Base
from hub.consent.schemas import NewConsent
from hub.consent.service import record_consent
from hub.informing.overriding import confirm_override
from hub.informing.reviewing import review_override
from hub.informing.values import ReviewOutcome
from hub.matches.escalating import escalate
from hub.partners.errors import RoleNotAllowedError
from hub.partners.service import StaffRole, require_role
from hub.partners.values import Staff
from hub.questions.service import ask
from hub.questions.values import Answer, Facts, Question, QuestionId
from hub.rights import searching
from hub.rights.desks import appoint_desk
from hub.subjects.models import EvaluationHourRow
from hub.subjects.renewing import renew_keys
from ledger.note import Signer
from service.database import Database
from service.keystore import FileKeyStore
from service.work import OPERATOR, SYSTEM, Caller
from tests import builders, databases
from tests.builders import Sender, Town, everything, staff_caller
from tests.hub.informing.acts import open_in_spite, tell_later
from tests.hub.rights.conftest import RightsDesk, officers

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
SIGNER = Signer.from_seed("hub.test/audit", bytes(32))
LATER = NOW + timedelta(days=40)
FLOOD = 40
PURPOSES = {
    QuestionId.AUD_03: ReadingPurpose.RIGHTS_REQUEST,
    QuestionId.AUD_04: ReadingPurpose.MISUSE_CHECK,
    QuestionId.AUD_14: ReadingPurpose.BREACH,
}


@dataclass(frozen=True)
class Story:
    """What happened, and who asks about it."""

    town: Town
    school: Sender
    police: Sender
    officer: Staff
    stranger: Staff
    clerk: Staff
    mila: UUID
    request_id: UUID
    unsearched: UUID
    excepted: UUID

    @property
    def database(self) -> Database:
        return self.town.database

    def ask(
        self, number: int, *, caller: Caller | None = None, now: datetime = LATER, **facts: Any
    ) -> Answer:
        """Ask as the privacy officer of the town, about the month."""
        id_ = list(QuestionId)[number - 1]
        today = NOW.date()
        asked: dict[str, Any] = {
            "purpose": PURPOSES.get(id_, ReadingPurpose.SUPERVISION),
            "since": today - timedelta(days=5),
            "until": today + timedelta(days=60),
        }
        question = Question(id=id_, **{**asked, **facts})
        with self.database.work(caller or staff_caller(self.officer), now=now) as work:
            return ask(work, question)

    def lines(self, number: int, **facts: Any) -> list[Facts]:
        """The lines of an answer."""
        return list(self.ask(number, **facts).lines)

    def settle(self) -> None:
        """Give every event its place and its line."""
        with self.database.work(SYSTEM, now=NOW + timedelta(days=40)) as work:
            sequence_events(work, SIGNER)
        with self.database.work(SYSTEM, now=NOW + timedelta(days=40)) as work:
            while index_lines(work):
                pass


def opened(url: str) -> Database:
    """An empty hub's database."""
    database = Database(url, record_refusal=record_refusal, pool=8)
    if database.dialect == "postgresql":
        databases.empty_tables(url, [table.name for table in Base.metadata.sorted_tables])
    Base.metadata.create_all(database.writer)
    return database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A month in a town."""
    folder = tmp_path_factory.mktemp("story")
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder / 'hub.db'}" if sqlite else databases.postgresql_url_for("hub")
    database = opened(url)
    found = tell(database, folder / "keys")
    found.settle()
    yield found
    database.close()


def tell(database: Database, folder: Path) -> Story:
    """Let it happen."""
    town = builders.town(database, now=NOW)
    school = builders.sender(database, "school", now=NOW, name="De Linde")
    police = builders.sender(database, "police", now=NOW, name="Basisteam Oost")
    officer = builders.authorise_staff(database, town.team, "privacy_officer", now=NOW, contact=None)
    elsewhere = builders.admit_partner(database, "municipal_team", now=NOW, name="Wijkteam Elders")
    stranger = builders.authorise_staff(database, elsewhere, "privacy_officer", now=NOW, contact=None)
    with database.work(OPERATOR, now=NOW) as work:
        for sender in (school, police):
            appoint_desk(work, sender.partner.id, desk_id=town.team.id)
    clerk = builders.authorise_staff(database, school.partner, "partner_coordinator", now=NOW)
    mila = _signals(town, school, police, clerk)
    _override(town, school, officer)
    with pytest.raises(RoleNotAllowedError), database.work(staff_caller(town.anna), now=NOW) as work:
        require_role(work, StaffRole.PRIVACY_OFFICER)
    builders.appoint_desks(database, town.team, now=NOW)
    requests = _requests(town)
    with database.work(SYSTEM, now=NOW) as work:
        record(work, KeysDestroyed(detail={"keys": 3}))
        row = EvaluationHourRow(hour=NOW, organisation_id=school.partner.id, evaluated=40, posted=40)
        work.session.add(row)
        work.session.flush()
    _flood(MalformedMeter(database), school)
    renew_keys(database, FileKeyStore(folder), now=NOW)
    with database.work(SYSTEM, now=NOW + timedelta(days=30)) as work:
        escalate(work)
    return Story(town, school, police, officer, stranger, clerk, mila, *requests)


def _flood(malformed: MalformedMeter, school: Sender) -> None:
    """Let more come in that is not of the agreed form than the log has lines for, and then no more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.clock.now", lambda: NOW)
        for _ in range(FLOOD):
            malformed(school.caller)
        malformed(None)
        patch.setattr("service.clock.now", lambda: NOW + timedelta(minutes=1))
        malformed.meter.settle(now=NOW + timedelta(minutes=1))


def _signals(town: Town, school: Sender, police: Sender, clerk: Staff) -> UUID:
    town.case(town.anna, everything("mila"))
    mila = town.signal(school, everything("mila"))
    town.case(town.anna, everything("piet"))
    town.signal(police, everything("piet"), legalBasis="WPG_YOUTH", decisionReference=str(uuid4()))
    town.withdraw(school, town.signal(school, everything("saar"), submittedBy=str(clerk.id)))
    _consented(town)
    town.match()
    assert len(town.inbox(town.anna)) == 3
    return mila


def _consented(town: Town) -> None:
    """Let a housing association signal about an adult who consented at the desk."""
    housing = builders.sender(town.database, "housing_association", now=NOW, name="Woonstad Zuid")
    adult: dict[str, Any] = {"bracket": "23+", "bracketEnds": None}
    team, key = town.team.id, uuid4()
    body = builders.consent_body(town.keys, everything("jan"), organisation_id=team, key=key, now=NOW)
    with town.database.work(staff_caller(town.desk), now=NOW) as work:
        message = NewConsent.model_validate(body)
        record_consent(work, town.keys, message, idempotency_key=key, quota_per_day=50)
    town.case(town.anna, everything("jan"), **adult)
    town.signal(housing, everything("jan"), legalBasis="CONSENT", **adult)


def _override(town: Town, school: Sender, officer: Staff) -> None:
    town.case(town.anna, everything("tom"))
    signal_id = town.signal(school, everything("tom"), subjectNotice="exception")
    tell_later(town, school, signal_id)
    town.match()
    override = open_in_spite(town, signal_id)
    with town.database.work(staff_caller(town.bram), now=town.now) as work:
        confirm_override(work, override)
    with town.database.work(staff_caller(officer), now=town.now) as work:
        review_override(work, override, outcome=ReviewOutcome.JUSTIFIED)


def _requests(town: Town) -> tuple[UUID, UUID, UUID]:
    """File one that is searched, one that is not, and one about whom nobody may tell yet."""
    rights, second = officers(town.database, town.team, now=town.now)
    desk = RightsDesk(town, town.team, town.desk, rights, second)
    request = desk.file("access", everything("mila"))
    unsearched = desk.file("erasure", everything("saar"))
    excepted = desk.file("access", everything("tom"))
    with town.database.work(staff_caller(rights), now=town.now) as work:
        assert searching.search(work, request.id)
        assert searching.search(work, excepted.id)
    return request.id, unsearched.id, excepted.id
