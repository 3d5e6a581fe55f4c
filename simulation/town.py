"""Set the region's hub up by its own services: partners go live, teams are staffed, rules adopted."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event

import hub.models  # noqa: F401
from hub.approving import EFFECTS
from hub.arrangements.versions import apply_due, propose_arrangement
from hub.audit.service import record_refusal
from hub.base import Base
from hub.changes.service import ChangeReason, approve
from hub.consent.versions import load_first
from hub.documents import read_document
from hub.onboarding.service import go_live, record_dossier
from hub.onboarding.values import Dossier, Linkage, ProfilePart, Standard
from hub.partners import administration, staffing
from hub.partners.kinds import load_kinds
from hub.partners.values import Admission, Authorisation, Partner, Staff, StaffRole
from hub.subjects.keys import SubjectKeys
from hub.teams.administration import open_team, set_intake_team
from hub.teams.values import Team
from service.clock import AMSTERDAM
from service.database import Database
from service.remembering import REMEMBERED
from service.work import OPERATOR, SYSTEM, Caller, Role, Work
from simulation.scale import FIRST_DAY, KINDS, MUNICIPALITIES, Scale
from simulation.wires import make_keys

SHIPPED = Path(__file__).resolve().parents[1] / "deploy" / "arrangements"
# How each municipality divides its work: shipped arrangements of which one team is enough.
DIVIDED = ("weekly_meeting", "single_desk", "area", "weekly_meeting")
KINDS_OF_HUB = load_kinds()
EVE = datetime.combine(FIRST_DAY - timedelta(days=1), time(9), AMSTERDAM).astimezone(UTC)


@dataclass(slots=True)
class Worker:
    """Somebody of a team: how quick they are is theirs, and on some days they are away."""

    staff: Staff
    role: str
    team: int
    diligence: float
    away: list[tuple[date, date]] = field(default_factory=list)
    left_on: date | None = None

    def is_at_work(self, on: date) -> bool:
        """Tell whether they work on a day."""
        left = self.left_on is not None and self.left_on <= on
        return not left and not any(since <= on < until for since, until in self.away)

    @property
    def caller(self) -> Caller:
        """Return who calls when they do."""
        return Caller(Role.STAFF, self.staff.organisation_id, self.staff.id, "staff")


@dataclass(frozen=True, slots=True)
class Sender:
    """A partner with a reporter."""

    partner: Partner
    reporter: Staff

    @property
    def caller(self) -> Caller:
        """Return who calls when its client posts."""
        return Caller(Role.PARTNER, self.partner.id, None, "client")


@dataclass(slots=True)
class Region:
    """The hub, its clock, and everybody who works with it."""

    database: Database
    keys: SubjectKeys
    chance: random.Random
    now: datetime
    teams: list[UUID] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    desks: list[Staff] = field(default_factory=list)
    senders: dict[str, list[Sender]] = field(default_factory=dict)
    remembered: dict[Any, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the day that it is."""
        return self.now.astimezone(AMSTERDAM).date()

    def set_clock(self, on: date, hour: int) -> None:
        """Let it be an hour of a day, Dutch time."""
        self.now = datetime.combine(on, time(hour), AMSTERDAM).astimezone(UTC)

    @contextmanager
    def work(self, caller: Caller = SYSTEM) -> Iterator[Work]:
        """Open a unit of work at the simulated moment.

        What it remembers of organisations, staff and teams is handed to the next: nobody else writes here.
        """
        try:
            with self.database.work(caller, now=self.now) as work:
                hand_on(work, self.remembered)
                yield work
        except BaseException:
            self.remembered.clear()
            raise

    @contextmanager
    def look(self) -> Iterator[Work]:
        """Open a unit of work that only reads, for those who see everything."""
        with self.database.look(SYSTEM, now=self.now) as work:
            yield work

    def team_of(self, at: int) -> list[Worker]:
        """List who works in a municipality's team and has not left."""
        return [one for one in self.workers if one.team == at and one.left_on is None]


def settle(scale: Scale, url: str) -> Region:
    """Make the hub and let everybody take part, on the day before the year begins."""
    database = Database(url, record_refusal=record_refusal, pool=4)
    if database.dialect == "sqlite":
        event.listen(database.writer, "connect", _hurry)
    Base.metadata.create_all(database.writer)
    region = Region(database, make_keys(database.data_keys), random.Random(scale.seed + 2), EVE)
    with region.work(OPERATOR) as work:
        load_first(work)
    for kind, facts in KINDS.items():
        region.senders[kind] = [_sender(region, kind) for _ in range(min(facts.number, scale.per_kind))]
    for at, code in enumerate(MUNICIPALITIES):
        _municipality(region, at, code, scale)
    with region.work(OPERATOR) as work:
        set_intake_team(work, region.teams[0])
    region.set_clock(FIRST_DAY, 1)
    with region.work() as work:
        apply_due(work)
    return region


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    """Wait for no disk: nothing of a simulation is kept, and it is a year of writing."""
    for pragma in ("synchronous=OFF", "secure_delete=OFF"):
        connection.execute(f"PRAGMA {pragma}").close()


def hire(region: Region, at: int, role: str, *, name: str = "") -> Worker:
    """Let somebody begin in a team."""
    authorisation = Authorisation(
        organisation_id=region.teams[at],
        role=StaffRole(role),
        mail_address=f"{name or region.chance.randrange(10**9)}@team{at}.example",
        active_from=region.today,
        trained_on=region.today,
    )
    with region.work(OPERATOR) as work:
        staff = staffing.authorise(work, authorisation)
    worker = Worker(staff, role, at, region.chance.uniform(0.45, 0.9))
    region.workers.append(worker)
    return worker


def _sender(region: Region, kind: str) -> Sender:
    partner = _admit(region, kind)
    authorisation = Authorisation(
        organisation_id=partner.id,
        role=StaffRole.REPORTER,
        contact_label="Balie, 0900-0000",
        active_from=region.today,
        trained_on=region.today,
    )
    with region.work(OPERATOR) as work:
        return Sender(partner, staffing.authorise(work, authorisation))


def _municipality(region: Region, at: int, code: str, scale: Scale) -> None:
    team = _admit(region, "municipal_team")
    region.teams.append(team.id)
    with region.work(OPERATOR) as work:
        open_team(work, Team(id=team.id, organisation_id=team.id, whole=True, municipality=code))
    for role, number in (("team_lead", min(2, scale.per_team)), ("casemanager", scale.per_team)):
        for one in range(number):
            hire(region, at, role, name=f"{role}{one}")
    officers: dict[str, Staff] = {}
    with region.work(OPERATOR) as work:
        for role in ("desk", "covenant_manager", "process_director"):
            person = Authorisation(organisation_id=team.id, role=StaffRole(role), active_from=region.today)
            officers[role] = staffing.authorise(work, person)
    region.desks.append(officers["desk"])
    _adopt(region, at, code, officers, controller=team.oin)


def _adopt(region: Region, at: int, code: str, officers: dict[str, Staff], *, controller: str) -> None:
    """Let two persons put an arrangement in force."""
    document: dict[str, Any] = read_document(SHIPPED / f"{DIVIDED[at]}.toml")
    tier = document["rules"][-1]["tier"]
    document |= {
        "name": f"municipality_{at}",
        "controller": controller,
        "residences": [code],
        "teams": [{"id": str(region.teams[at]), "tier": tier}],
    }
    for part in ("successions", "casemanagers"):
        document.pop(part, None)
    with region.work(_as(officers["covenant_manager"])) as work:
        change = propose_arrangement(
            work, document, in_force_on=region.today, reason=ChangeReason.YEARLY_REVIEW
        )
    with region.work(_as(officers["process_director"])) as work:
        approve(work, change.id, effects=EFFECTS)


def _admit(region: Region, kind: str) -> Partner:
    number = sum(map(len, region.senders.values())) + len(region.teams)
    admission = Admission(
        id=UUID(int=region.chance.getrandbits(128), version=4),
        oin=f"00000099{region.chance.randrange(10**8):08d}0000",
        name=f"{kind} {number}",
        kind=kind,
        covenant_from=FIRST_DAY - timedelta(days=30),
        covenant_until=FIRST_DAY + timedelta(days=800),
        decision_reference="Besluit 2026-01",
        locations=("Hoofdlocatie",),
    )
    shown = Dossier(
        accession="TV-2026",
        profile=frozenset(ProfilePart),
        dpia="DPIA-2026",
        dpia_review_on=FIRST_DAY + timedelta(days=800),
        standards=frozenset({Standard.BIO2}),
        linkage=Linkage(rows=1000, linkable=980, measured_on=region.today),
    )
    with region.work(OPERATOR) as work:
        partner = administration.admit(work, admission, kinds=KINDS_OF_HUB)
        record_dossier(work, partner.id, shown)
        return go_live(work, partner.id, kinds=KINDS_OF_HUB, linkable_percent=95)


def _as(staff: Staff) -> Caller:
    return Caller(Role.STAFF, staff.organisation_id, staff.id, "staff")


def hand_on(work: Work, remembered: dict[Any, Any]) -> None:
    """Go on with what an earlier unit of work remembered: only where nobody else writes."""
    work.session.info[REMEMBERED] = remembered
