"""A town with two teams laid out by posts, and what the people in them do with matches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from hub.matches import handing, owning
from hub.matches.models import AssignmentRow, IntakeItemRow, MatchRow
from hub.matches.orphans import Followed, list_orphans
from hub.matches.service import accept_intake, acknowledge, escalate, return_overdue, sweep_owners
from hub.matches.states import HandOverState, MatchState, RefusalReason
from hub.notices.models import NoticeRow
from hub.notices.service import NoticeState
from hub.partners.service import Staff
from hub.teams import administration
from hub.teams.values import Post, Team
from service.database import Database
from service.work import OPERATOR, SYSTEM, Work
from tests import builders
from tests.builders import Sender, Town, everything, staff_caller


@dataclass(frozen=True)
class World:
    """Two teams of one organisation; the east takes the intake. The lead works in both."""

    town: Town
    east: Team
    west: Team
    cleo: Staff
    school: Sender
    police: Sender

    def later(self, **time: float) -> World:
        return replace(self, town=self.town.later(**time))

    def day(self, days: int = 0) -> date:
        return (self.town.now + timedelta(days=days)).date()

    def system(self, act: Any, *facts: Any, **more: Any) -> Any:
        with self.town.database.work(SYSTEM, now=self.town.now) as work:
            return act(work, *facts, **more)

    def by(self, staff: Staff, act: Any, *facts: Any, **more: Any) -> Any:
        with self.town.database.work(staff_caller(staff), now=self.town.now) as work:
            return act(work, *facts, **more)

    def operator(self, act: Any, *facts: Any, **more: Any) -> Any:
        with self.town.database.work(OPERATOR, now=self.town.now) as work:
            return act(work, *facts, **more)

    def post(self, staff: Staff, team: Team, **days: date) -> Post:
        given: Post = self.operator(administration.give_post, team.id, staff.id, **days)
        return given

    def case_match(self, staff: Staff, team: Team, person: object = None) -> UUID:
        """A person in somebody's caseload of whom the school leaves a signal."""
        tokens = everything(person or uuid4())
        self.town.case(staff, tokens, teamId=str(team.id))
        return self.signals(tokens, self.school)

    def pair_match(self) -> UUID:
        """A person whom nobody serves, known to the school and the police."""
        return self.signals(everything(uuid4()), self.school, self.police)

    def signals(self, tokens: dict[str, object], *senders: Sender) -> UUID:
        before = set(self.ids())
        for sender in senders:
            self.town.signal(sender, tokens)
        self.town.match()
        (new,) = set(self.ids()) - before
        return new

    def ids(self) -> list[UUID]:
        """Every match that nobody found to be of two persons."""
        stands = select(MatchRow.id).where(MatchRow.state != MatchState.REJECTED)
        return self.system(lambda work: list(work.session.scalars(stands)))  # type: ignore[no-any-return]

    def owner(self, match_id: UUID) -> UUID | None:
        return self.assignment(match_id).staff_id

    def assignment(self, match_id: UUID) -> AssignmentRow:
        def find(work: Work) -> AssignmentRow:
            current = (AssignmentRow.match_id == match_id) & AssignmentRow.ended_at.is_(None)
            row = work.session.scalars(select(AssignmentRow).where(current)).one()
            work.session.expunge(row)
            return row

        return self.system(find)  # type: ignore[no-any-return]

    def history(self, match_id: UUID) -> list[tuple[UUID | None, str | None]]:
        def find(work: Work) -> list[tuple[UUID | None, str | None]]:
            query = select(AssignmentRow).where(AssignmentRow.match_id == match_id)
            return [
                (row.staff_id, row.ended_because)
                for row in work.session.scalars(query.order_by(AssignmentRow.assigned_at))
            ]

        return self.system(find)  # type: ignore[no-any-return]

    def take(self, staff: Staff, match_id: UUID) -> Any:
        """Take an item of the intake."""
        item = self.system(
            lambda work: work.session.scalars(
                select(IntakeItemRow.id).where(IntakeItemRow.match_id == match_id)
            ).one_or_none()
        )
        return self.by(staff, accept_intake, item or uuid4())

    def answer(self, staff: Staff, outcome: str = "acknowledged") -> None:
        """Answer everything new in an inbox."""
        for notice in self.town.inbox(staff, only_new=True):
            self.by(staff, acknowledge, notice.notice_id, outcome=NoticeState(outcome))

    def refuse(self, staff: Staff, match_id: UUID) -> None:
        self.by(staff, owning.refuse, match_id, RefusalReason.NO_CAPACITY)

    def reply(self, staff: Staff, match_id: UUID, answer: str) -> Any:
        return self.by(staff, handing.answer_hand_over, match_id, HandOverState(answer))

    def chores(self) -> None:
        """Everything the worker does when time has passed."""
        self.system(sweep_owners)
        self.system(return_overdue)
        self.system(escalate)

    def orphans(self) -> list[Followed]:
        return self.system(list_orphans)  # type: ignore[no-any-return]

    def lines(self, staff: Staff) -> list[NoticeRow]:
        """What stands open in somebody's inbox."""

        def find(work: Work) -> list[NoticeRow]:
            mine = (NoticeRow.recipient == staff.id) & (NoticeRow.state == NoticeState.NEW)
            rows = list(work.session.scalars(select(NoticeRow).where(mine)))
            work.session.expunge_all()
            return rows

        return self.system(find)  # type: ignore[no-any-return]

    def kinds(self, staff: Staff) -> list[str]:
        return sorted(row.kind for row in self.lines(staff))


def world(database: Database, *, now: datetime) -> World:
    """A new world at a moment."""
    organisation = builders.admit_partner(database, "municipal_team", now=now, name="Wijkteams")
    lead, anna, bram, cleo, desk = (
        builders.authorise_staff(
            database, organisation, role, now=now, mail=f"s{number}@team.example", contact=None
        )
        for number, role in enumerate(("team_lead", "casemanager", "casemanager", "casemanager", "desk"))
    )
    town = Town(database, builders.subject_keys(), now, organisation, lead, anna, bram, desk)
    east, west = (
        Team(id=uuid4(), organisation_id=organisation.id, municipality=code) for code in ("0352", "0344")
    )
    made = World(
        town, east, west, cleo,
        builders.sender(database, "school", now=now, name="De Linde"),
        builders.sender(database, "police", now=now, name="Basisteam Oost"),
    )  # fmt: skip
    for team in (east, west):
        made.operator(administration.open_team, team)
        made.post(lead, team)
    made.post(anna, east)
    made.post(bram, east)
    made.post(cleo, west)
    made.operator(administration.set_intake_team, east.id)
    return made
