"""A town whose hub answers over HTTP in this process, and a clock that only goes forward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hub.consent.consenting import lapse_due
from hub.informing.overriding import end_due
from hub.informing.service import follow_terms
from hub.matches.service import return_overdue
from hub.signals.service import expire_due
from service import clock
from service.clock import dutch_date
from service.work import SYSTEM
from tests import databases, oauth_client
from tests.builders import everything
from tests.promises.town import Message, Town, settled

BEGIN = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
ADULT: Mapping[str, Any] = {"bracket": "23+", "bracketEnds": None}


@dataclass
class Story:
    """What people of the town do, one after the other; `now` is what every clock says."""

    town: Town
    now: datetime = BEGIN

    @property
    def today(self) -> str:
        """The Dutch date, as on the wire."""
        return dutch_date(self.now).isoformat()

    def wait(self, **time: float) -> None:
        """Let time go by: tokens end, and the worker does what is due."""
        self.now += timedelta(**time)
        self.town.known.clear()
        self.work()

    def work(self) -> None:
        """The worker's chores that these stories turn on."""
        with self.town.database.work(SYSTEM) as work:
            follow_terms(work)
            end_due(work)
            expire_due(work, limit=100)
            lapse_due(work, limit=100)
        self.town.match()
        with self.town.database.work(SYSTEM) as work:
            return_overdue(work)
        self.town.match()

    def call(self, name: str, path: str, body: Mapping[str, Any] | None = None, *, status: int = 200) -> Any:
        """Call as somebody, and expect this status."""
        client = self.town.client(name)
        answer = client.get(path) if body is None else client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def send(self, name: str, path: str, message: Message) -> Any:
        """Post a sealed message as somebody, and let the worker match."""
        answer = message.post(self.town.client(name), path)
        assert answer.status_code in {201, 202}, answer.text
        self.town.match()
        return answer.json()

    def case(self, person: Mapping[str, object], **changes: Any) -> str:
        """Anna registers a case."""
        return str(self.send("anna", "/cases", self.town.case(person, **changes))["caseId"])

    def signal(self, name: str, person: Mapping[str, object], **changes: Any) -> str:
        """An organisation signals."""
        return str(self.send(name, "/signals", self.town.signal(name, person, **changes))["signalId"])

    def consent(self, person: Mapping[str, object], by: str = "desk", **changes: Any) -> str:
        """A desk records a consent."""
        return str(self.send(by, "/consents", self.town.consent(person, by=by, **changes))["consentId"])

    def withdraw(self, consent_id: str, by: str = "desk") -> None:
        """Who recorded a consent withdraws it."""
        self.call(by, f"/consents/{consent_id}/withdrawal", {})
        self.town.match()

    def inbox(self, case_id: str, name: str = "anna") -> list[str]:
        """What a casemanager reads about a case: kinds of notice, and what became of them."""
        found = self.call(name, "/notices?state=all&pageSize=200")["notices"]
        return sorted(f"{one['kind']} {one['state']}" for one in found if one["caseId"] == case_id)

    def acknowledge(self, case_id: str) -> None:
        """Anna takes up what she read about a case."""
        found = self.call("anna", "/notices?state=all&pageSize=200")["notices"]
        for one in found:
            if one["caseId"] == case_id:
                path = f"/notices/{one['noticeId']}/acknowledgement"
                self.call("anna", path, {"outcome": "acknowledged"})


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A town for the stories of one file, on each kind of database."""
    folder = tmp_path_factory.mktemp("town")
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder / 'hub.db'}" if sqlite else databases.new_postgresql_url()
    told: list[Story] = []

    def moment() -> datetime:
        return told[0].now if told else BEGIN

    def seconds() -> float:
        return moment().timestamp()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", moment)
        patch.setattr(oauth_client, "time", seconds)
        with settled(folder, url) as town:
            told.append(Story(town))
            yield told[0]
    if not sqlite:
        databases.drop_postgresql(url)


@pytest.fixture
def person() -> dict[str, object]:
    """Somebody new."""
    return everything(uuid4().hex)
