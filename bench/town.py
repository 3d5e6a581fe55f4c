"""Lay out a fictive municipality in a fresh hub: schools that post, one team with a casemanager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from nacl.signing import SigningKey

from bench.proving import RequestKey
from hub.context import open_database
from hub.initialising import initialise
from hub.migrating import migrate
from hub.partners import administration, staffing
from hub.partners.kinds import load_kinds
from hub.partners.values import Admission, Authorisation, Registration, StaffRole
from hub.settings import HubSettings
from hub.teams.administration import set_intake_team
from service import clock
from service.clock import dutch_date
from service.work import OPERATOR, Caller, Role, Work

SCHOOLS = 4


@dataclass(frozen=True, slots=True)
class Sender:
    """An organisation that posts, and its reporter."""

    organisation_id: UUID
    reporter_id: UUID


@dataclass(frozen=True, slots=True)
class Town:
    """Who takes part, the same in every database that is measured.

    Attributes:
        request_keys: the senders' own keys, in the same order.
        keys: the hub's own keys, shared by the hubs of one run so that envelopes are prepared once.
    """

    senders: Sequence[Sender]
    request_keys: Sequence[RequestKey]
    team_id: UUID
    casemanager_id: UUID
    keys: Path

    @property
    def casemanager(self) -> Caller:
        """Return the casemanager as a caller."""
        return Caller(Role.STAFF, self.team_id, self.casemanager_id, "casemanager-1")


def plan_town(keys: Path) -> Town:
    """Draw who takes part."""
    return Town(
        senders=[Sender(uuid4(), uuid4()) for _ in range(SCHOOLS)],
        request_keys=[RequestKey(f"school-{number}", SigningKey.generate()) for number in range(SCHOOLS)],
        team_id=uuid4(),
        casemanager_id=uuid4(),
        keys=keys,
    )


def settings_of(town: Town, *, data: Path, database_url: str, port: int) -> HubSettings:
    """Return the settings of one hub of the run."""
    return HubSettings(
        data=data,
        database_url=database_url,
        keys_directory=town.keys,
        public_url=f"http://127.0.0.1:{port}",
        port=port,
        log_level="WARNING",
    )


def environment_of(settings: HubSettings) -> dict[str, str]:
    """Write settings as the environment of the hub's processes, with what deploy/env sets beside them."""
    names = ("data", "database_url", "keys_directory", "public_url", "port", "log_level")
    settled = {f"DAT_HUB_{name.upper()}": str(getattr(settings, name)) for name in names}
    return {**settled, "MALLOC_MMAP_THRESHOLD_": "131072"}


def settle(town: Town, settings: HubSettings) -> None:
    """Make the hub's tables, and its keys where there are none yet, and let everybody take part."""
    database = open_database(settings)
    if town.keys.exists():
        migrate(database)
    else:
        initialise(settings)
    with database.work(OPERATOR) as work:
        for number, sender in enumerate(town.senders):
            _admit(work, sender.organisation_id, "school", number)
            _authorise(work, sender.organisation_id, sender.reporter_id, StaffRole.REPORTER)
            _register(work, sender.organisation_id, town.request_keys[number])
        _admit(work, town.team_id, "municipal_team", SCHOOLS)
        _authorise(work, town.team_id, town.casemanager_id, StaffRole.CASEMANAGER)
        set_intake_team(work, town.team_id)
    database.close()


def _admit(work: Work, organisation_id: UUID, kind: str, number: int) -> None:
    admission = Admission(
        id=organisation_id,
        oin=f"00000099{number:012d}",
        name=f"Organisatie {number}",
        kind=kind,
        covenant_from=dutch_date(clock.now() - timedelta(days=30)),
        covenant_until=dutch_date(clock.now() + timedelta(days=30)),
    )
    administration.admit(work, admission, kinds=load_kinds())
    administration.set_live(work, organisation_id)


def _authorise(work: Work, organisation_id: UUID, staff_id: UUID, role: StaffRole) -> None:
    authorisation = Authorisation(
        organisation_id=organisation_id, role=role, id=staff_id, trained_on=dutch_date(clock.now())
    )
    staffing.authorise(work, authorisation)


def _register(work: Work, organisation_id: UUID, request_key: RequestKey) -> None:
    registration = Registration(
        client_id=request_key.client_id, public_jwk=request_key.public_jwk, organisation_id=organisation_id
    )
    staffing.register_credential(work, registration)
