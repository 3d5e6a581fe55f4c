"""A municipality that divides its work by one of the shipped arrangements, and what its people do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from hub.approving import EFFECTS
from hub.arrangements import versions
from hub.arrangements.loading import parse_arrangement
from hub.arrangements.values import Arrangement
from hub.changes.kinds import ChangeReason
from hub.changes.service import approve
from hub.consent.schemas import NewConsent
from hub.consent.service import record_consent
from hub.consent.versions import load_first
from hub.documents import read_document
from hub.matches import handing
from hub.matches.intake import Accepted, IntakeItem, accept_intake, list_intake
from hub.matches.models import AssignmentRow, IntakeItemRow, MatchRow
from hub.matches.service import escalate, list_notices, match_changed, return_overdue, sweep_owners
from hub.matches.states import MatchState
from hub.notices.models import NoticeRow
from hub.notices.service import Notice
from hub.partners.values import Partner, Staff
from hub.subjects.service import SubjectKeys
from hub.teams import administration
from hub.teams.values import EmployerKind, Expertise, Post, Profile, Team
from service.database import Database
from service.work import OPERATOR, SYSTEM, Work
from tests import builders
from tests.builders import Sender, Town, everything, staff_caller

SHIPPED = Path(__file__).resolve().parents[3] / "deploy" / "arrangements"


@cache
def residence_of_row(row: int) -> str:
    """The first municipality of the shipped file of a row."""
    files = (read_document(path) for path in SHIPPED.glob("*.toml"))
    return str(next(one["residences"][0] for one in files if one["teams"][0]["id"] == str(team_id(row, 1))))


def team_id(row: int, number: int) -> UUID:
    """The id that the shipped file of a row gives to its team of this number."""
    return UUID(f"{row:08d}-0000-4000-8000-{number:012d}")


@dataclass
class Place:
    """What happens in one place; every act is of somebody, in a unit of work of its own."""

    database: Database
    now: datetime
    row: int
    keys: SubjectKeys = field(default_factory=builders.subject_keys)
    arrangement: Arrangement | None = None

    def wait(self, **time: float) -> None:
        """Let time go by, and the worker do what is due."""
        self.now += timedelta(**time)
        self.work()

    def work(self) -> None:
        """Run the worker's chores."""
        self.system(versions.apply_due)
        while match_changed(self.database, now=self.now):
            pass
        for chore in (sweep_owners, return_overdue, escalate):
            self.system(chore)

    def system(self, act: Any, *facts: Any, **more: Any) -> Any:
        with self.database.work(SYSTEM, now=self.now) as work:
            return act(work, *facts, **more)

    def operator(self, act: Any, *facts: Any, **more: Any) -> Any:
        with self.database.work(OPERATOR, now=self.now) as work:
            return act(work, *facts, **more)

    def by(self, staff: Staff, act: Any, *facts: Any, **more: Any) -> Any:
        with self.database.work(staff_caller(staff), now=self.now) as work:
            return act(work, *facts, **more)

    def organisation(
        self, name: str = "Gemeente Voorbeeld", schemes: frozenset[str] | None = None
    ) -> Partner:
        """An organisation that receives matches."""
        return builders.admit_partner(
            self.database, "municipal_team", now=self.now, name=name, schemes=schemes
        )

    def team(self, organisation: Partner, number: int, **facts: Any) -> Team:
        """A team, under the id that the shipped file gives to its team of this number."""
        wanted = team_id(self.row, number)
        lives = {"municipality": residence_of_row(self.row)}
        team = Team(id=wanted, organisation_id=organisation.id, **lives | facts)
        opened: Team = self.operator(administration.open_team, team)
        return opened

    def member(
        self, team: Team, role: str = "casemanager", *, employer: str = "municipality", expertise: str = "",
        generalist: bool = True, since: date | None = None, until: date | None = None,
        contact: str | None = None,
    ) -> Staff:  # fmt: skip
        """Somebody who works in a team."""
        home = Partner(team.organisation_id, "", "", "municipal_team", None, None, frozenset(), False, True)
        staff = builders.authorise_staff(
            self.database, home, role, now=self.now, mail=f"{uuid4().hex[:8]}@team.example", contact=contact
        )
        self.post(staff, team, since=since, until=until)
        profile = Profile(
            employer=EmployerKind(employer),
            expertise=frozenset(Expertise(code) for code in expertise.split()),
            generalist=generalist,
        )
        self.operator(administration.set_profile, staff.id, profile)
        return staff

    def post(self, staff: Staff, team: Team, **days: Any) -> Post:
        """Let somebody work in a team."""
        given: Post = self.operator(administration.give_post, team.id, staff.id, **days)
        return given

    def adopt(self, name: str, organisation: Partner, *, on: date | None = None, **changes: Any) -> str:
        """Two persons put the shipped arrangement in force; returns its hash."""
        manager, director = (
            builders.authorise_staff(self.database, organisation, role, now=self.now, contact=None)
            for role in ("covenant_manager", "process_director")
        )
        self.operator(load_first)
        document = read_document(SHIPPED / f"{name}.toml") | {"controller": organisation.oin} | changes
        change = self.by(
            manager,
            versions.propose_arrangement,
            document,
            in_force_on=on or self.now.date(),
            reason=ChangeReason.COVENANT_CHANGED,
        )
        self.by(director, approve, change.id, effects=EFFECTS)
        self.arrangement = parse_arrangement(document)
        self.work()
        return str(change.payload["hash"])

    def partner(self, kind: str, name: str = "Partner", **facts: Any) -> Sender:
        """An organisation that signals."""
        return builders.sender(self.database, kind, now=self.now, name=name, **facts)

    def case(self, staff: Staff, person: object, **changes: Any) -> UUID:
        """Somebody registers a person of their caseload."""
        return self.town.case(staff, everything(person), **changes)

    def signal(self, sender: Sender, person: object, *, lives: str = "", **changes: Any) -> UUID:
        """A partner signals, and the worker does its work."""
        said = {"residence": lives} if lives else {}
        signal_id = self.town.signal(sender, everything(person), **said, **changes)
        self.work()
        return signal_id

    def consent(self, team: Team, person: object, **changes: Any) -> UUID:
        """A desk of the team's organisation records what a person consents to."""
        home = Partner(team.organisation_id, "", "", "municipal_team", None, None, frozenset(), False, True)
        desk = builders.authorise_staff(self.database, home, "desk", now=self.now, contact=None)
        key = uuid4()
        body = builders.consent_body(
            self.keys, everything(person), organisation_id=home.id, key=key, now=self.now,
            partnerKinds=["*"], **changes,
        )  # fmt: skip
        message = NewConsent.model_validate(body)

        def record(work: Work) -> UUID:
            return record_consent(work, self.keys, message, idempotency_key=key, quota_per_day=50).id

        found: UUID = self.by(desk, record)
        self.work()
        return found

    def consent_to_feedback(self, team: Team, person: object) -> None:
        """A pupil of 12 to 15 and the parents let the sender hear something back."""
        both = {"givenBy": "both", "authorityAttested": True, "authorityHolders": 2, "holdersConsented": 2}
        age = {"bracket": "12-15", "bracketEnds": "2028-Q3"}
        for kind in ("data_processing", "secrecy_waiver"):
            self.consent(team, person, kind=kind, purpose="sender_feedback", **both, **age)

    @property
    def town(self) -> Town:
        nobody: Any = None
        return Town(self.database, self.keys, self.now, nobody, nobody, nobody, nobody, nobody)

    def matches(self, state: MatchState | None = MatchState.OPEN) -> list[MatchRow]:
        """Every match, in the order in which they came."""
        rows = self._read(select(MatchRow).order_by(MatchRow.created_at, MatchRow.id))
        return [row for row in rows if state is None or row.state == state]

    def rules(self, match_id: UUID | None = None) -> list[tuple[str | None, str | None]]:
        """Which rule of which arrangement gave matches to somebody."""
        rows = self._read(select(AssignmentRow).order_by(AssignmentRow.assigned_at))
        return [(row.arrangement, row.rule) for row in rows if match_id in {None, row.match_id}]

    def owner(self, match_id: UUID) -> tuple[UUID, UUID | None]:
        """Whose a match is: team, and member of staff."""
        current = (AssignmentRow.match_id == match_id) & AssignmentRow.ended_at.is_(None)
        (row,) = self._read(select(AssignmentRow).where(current))
        return row.team_id, row.staff_id

    def past_owners(self, match_id: UUID) -> list[tuple[UUID, UUID | None]]:
        """Whose a match was and is, in order."""
        query = select(AssignmentRow).where(AssignmentRow.match_id == match_id)
        rows = self._read(query.order_by(AssignmentRow.assigned_at, AssignmentRow.ended_at.nulls_last()))
        return [(row.team_id, row.staff_id) for row in rows]

    def agenda(self, staff: Staff) -> list[IntakeItem]:
        """What lies before the meeting."""
        found: list[IntakeItem] = self.by(staff, list_intake)
        return found

    def take(self, staff: Staff, match_id: UUID) -> Accepted:
        """Somebody takes a match from the queue."""
        (item,) = self._read(select(IntakeItemRow).where(IntakeItemRow.match_id == match_id))
        taken: Accepted = self.by(staff, accept_intake, item.id)
        return taken

    def inbox(self, staff: Staff) -> list[Notice]:
        """What somebody reads."""
        found: list[Notice] = self.by(staff, lambda work: list_notices(work)[0])
        return found

    def heard(self, staff: Staff) -> list[str]:
        """The kinds of what was ever put before somebody, seen or not."""
        rows = self._read(select(NoticeRow).where(NoticeRow.recipient == staff.id))
        return sorted(row.kind for row in rows)

    def assign(self, staff: Staff, match_id: UUID, to: Staff) -> None:
        """Somebody says who takes a match up."""
        self.by(staff, handing.assign_to, match_id, to.id)

    def _read(self, query: Any) -> list[Any]:
        def read(work: Work) -> list[Any]:
            rows = list(work.session.scalars(query))
            work.session.expunge_all()
            return rows

        found: list[Any] = self.system(read)
        return found
