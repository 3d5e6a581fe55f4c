"""A hub of its own for a promise: keys, tables, organisations with real credentials, prepared messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from starlette.testclient import TestClient

import hub.models  # noqa: F401
from hub.app import serve_hub
from hub.base import Base
from hub.context import Hub
from hub.initialising import initialise
from hub.matches.service import match_changed
from hub.opening import open_hub
from hub.partners.service import Staff
from hub.settings import HubSettings
from hub.subjects.models import RegistrationRow
from hub.teams.administration import open_team
from hub.teams.values import Team
from service import clock
from service.database import Database
from service.work import OPERATOR, SYSTEM
from tests import builders
from tests.builders import Sender
from tests.oauth_client import ApiClient, HttpClient


@dataclass(frozen=True)
class Party:
    """Somebody who calls: the client id and private key that were registered."""

    client_id: str
    key: Any
    sender: Sender | None = None
    staff: Staff | None = None


@dataclass(frozen=True)
class Town:
    """A municipality whose hub can be called; `parties` are named by kind of organisation or by person."""

    hub: Hub
    people: builders.Town
    parties: Mapping[str, Party]
    http: TestClient = field(repr=False)
    known: dict[str, ApiClient] = field(default_factory=dict, repr=False)

    @property
    def database(self) -> Database:
        """The hub's own store."""
        return self.hub.database

    def client(self, name: str, http: HttpClient | None = None, *, url: str | None = None) -> ApiClient:
        """Call as one of the parties: in this process with one token, or through an HTTP client."""
        if http is None and name in self.known:
            return self.known[name]
        party, url = self.parties[name], url or self.hub.settings.public_url
        client = ApiClient(http or self.http, party.client_id, party.key, public_url=url)
        if http is None:
            self.known[name] = client
        return client

    def sender(self, name: str) -> Sender:
        """The organisation and reporter behind a party that posts."""
        sender = self.parties[name].sender
        assert sender is not None
        return sender

    def staff(self, name: str) -> Staff:
        """The member of staff behind a party."""
        staff = self.parties[name].staff
        assert staff is not None
        return staff

    def signal(
        self, name: str, tokens: Mapping[str, object], *, key: UUID | None = None, **changes: Any
    ) -> Message:
        """Prepare a signal in the name of a party."""
        key = key or uuid4()
        sender, keys = self.sender(name), self.hub.subject_keys
        body = builders.signal_body(keys, tokens, sender=sender, key=key, now=clock.now(), **changes)
        return Message(key, body)

    def case(self, tokens: Mapping[str, object], **changes: Any) -> Message:
        """Prepare a case of the team."""
        key, team = uuid4(), self.people.team.id
        body = builders.case_body(self.hub.subject_keys, tokens, organisation_id=team, key=key, **changes)
        return Message(key, dict(body))

    def case_elsewhere(self, tokens: Mapping[str, object]) -> Message:
        """Prepare a case of the other municipality's team."""
        key, team = uuid4(), self.staff("carla").organisation_id
        body = builders.case_body(self.hub.subject_keys, tokens, organisation_id=team, key=key)
        return Message(key, dict(body))

    def consent(self, tokens: Mapping[str, object], *, by: str = "desk", **changes: Any) -> Message:
        """Prepare a consent at the desk of somebody of the staff."""
        key, own = uuid4(), self.staff(by).organisation_id
        body = builders.consent_body(
            self.hub.subject_keys, tokens, organisation_id=own, key=key, now=clock.now(), **changes
        )
        return Message(key, dict(body))

    def objection(self, tokens: Mapping[str, object]) -> Message:
        """Prepare an objection at the team's desk."""
        key, team = uuid4(), self.people.team.id
        body = builders.objection_body(self.hub.subject_keys, tokens, organisation_id=team, key=key)
        return Message(key, dict(body))

    def request(self, tokens: Mapping[str, object], kind: str = "erasure") -> Message:
        """Prepare a citizen's request at the team's desk."""
        key, team = uuid4(), self.people.team.id
        body = builders.request_body(self.hub.subject_keys, tokens, organisation_id=team, key=key, kind=kind)
        return Message(key, dict(body))

    def honey(self, tokens: Mapping[str, object]) -> Message:
        """Prepare somebody who does not exist."""
        key, team = uuid4(), self.people.team.id
        return Message(key, builders.honey_body(self.hub.subject_keys, tokens, organisation_id=team, key=key))

    def match(self) -> None:
        """Let the worker match all that waits."""
        while match_changed(self.database):
            pass

    def kept(self) -> dict[UUID, str | None]:
        """Every registration, with the reason why it is kept apart."""
        with self.database.look(SYSTEM) as work:
            return {row.id: row.quarantine for row in work.session.query(RegistrationRow)}

    def rows(self, question: str, **values: Any) -> list[Any]:
        """Ask the store directly."""
        with self.database.look(SYSTEM) as work:
            return list(work.session.execute(text(question), values))

    def dump(self) -> dict[str, list[str]]:
        """Read every cell of every table as the driver gives it, so that any effect at all shows."""
        with self.database.look(SYSTEM) as work:
            cursor = work.session.connection().connection.cursor()
            return {table.name: _cells(cursor, table.name) for table in Base.metadata.sorted_tables}


def _cells(cursor: Any, table: str) -> list[str]:
    cursor.execute(f'SELECT * FROM "{table}"')
    return sorted(map(repr, cursor.fetchall()))


@dataclass(frozen=True)
class Message:
    """A message as it is sent, and its idempotency key."""

    key: UUID
    body: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        """The header of a single post."""
        return {"Idempotency-Key": str(self.key)}

    @property
    def item(self) -> dict[str, Any]:
        """The same message in a batch."""
        return {"idempotencyKey": str(self.key), **self.body}

    def with_changes(self, **changes: Any) -> Message:
        """The same envelope beside another public part."""
        return replace(self, body={**self.body, **changes})

    def post(self, client: ApiClient, path: str = "/signals") -> Any:
        """Send it."""
        return client.post(path, json=self.body, headers=self.headers)


def settings_of(folder: Path, url: str, **choices: Any) -> HubSettings:
    """Settings of a hub in a folder."""
    many = {"case_quota_per_day": 500}  # a story registers more than a day's work
    return HubSettings(data=folder / "hub", database_url=url, **(many | choices))


@contextmanager
def settled(folder: Path, url: str, **choices: Any) -> Iterator[Town]:
    """A new hub with everybody admitted: two partners of each lane, a team, a desk."""
    settings = settings_of(folder, url, **choices)
    initialise(settings)
    hub = open_hub(settings)
    Base.metadata.create_all(hub.database.writer)
    people, parties = _populate(hub)
    try:
        with TestClient(serve_hub(hub), raise_server_exceptions=False) as http:
            town = Town(hub, people, parties, http)
            for name in parties:
                town.client(name).fetch_token()
            yield town
    finally:
        hub.database.close()


def _populate(hub: Hub) -> tuple[builders.Town, dict[str, Party]]:
    now, database = clock.now(), hub.database
    people = builders.town(database, now=now, keys=hub.subject_keys)
    parties, senders = {}, {}
    for kind in ("school", "police", "housing_association", "youth_care", "school_attendance"):
        sender = builders.sender(database, kind, now=now)
        client_id, key = builders.register_key(database, sender.partner, now=now)
        parties[kind], senders[kind] = Party(client_id, key, sender=sender), sender
    elsewhere = builders.admit_partner(database, "municipal_team", now=now)
    carla = builders.authorise_staff(database, elsewhere, "casemanager", now=now, mail="carla@team.example")
    dora = builders.authorise_staff(database, elsewhere, "desk", now=now, mail="dora@team.example")
    with database.work(OPERATOR, now=now) as work:
        open_team(work, Team(id=elsewhere.id, organisation_id=elsewhere.id, whole=True, municipality="0344"))
    team = {"lead": people.lead, "anna": people.anna, "bram": people.bram, "desk": people.desk}
    for name, role in (
        ("officer", "privacy_officer"),
        ("covenants", "covenant_manager"),
        ("rights", "rights_officer"),
        ("keeper", "municipal_coordinator"),
        ("supervisor", "municipal_supervisor"),
    ):
        team[name] = builders.authorise_staff(database, people.team, role, now=now, contact=None)
    linde = senders["school"]
    head = builders.authorise_staff(database, linde.partner, "partner_coordinator", now=now)
    school = {"teacher": linde.reporter, "head": head}
    builders.appoint_desks(database, people.team, now=now)
    partners = {one.id: one for one in (people.team, elsewhere, linde.partner)}
    for name, staff in {**team, **school, "carla": carla, "dora": dora}.items():
        partner = partners[staff.organisation_id]
        client_id, key = builders.register_key(database, partner, now=now, staff=staff)
        parties[name] = Party(client_id, key, staff=staff)
    return people, parties
