"""What a unit of work asks again it asks once, until it writes any of that itself."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from hub.partners import administration, staffing
from hub.partners.service import find_partners, find_staff, list_staff
from hub.teams import administration as teams
from hub.teams.service import get_teams, list_members
from hub.teams.values import Team
from service.database import Database
from service.remembering import each_once, once
from service.work import OPERATOR, SYSTEM
from tests import builders


def test_an_answer_is_asked_once_and_only_for_what_is_not_known(hub_database: Database) -> None:
    asked: list[object] = []

    def ask(keys: object) -> dict[int, str]:
        asked.append(set(keys))  # type: ignore[call-overload]
        return dict.fromkeys(set(keys) - {9}, "found")  # type: ignore[call-overload]

    with hub_database.look(SYSTEM) as work:
        assert each_once(work.session, "things", [1, 9], ask) == {1: "found"}
        assert each_once(work.session, "things", [1, 2, 9], ask) == {1: "found", 2: "found"}
        assert [once(work.session, "one", lambda: len(asked)) for _ in range(2)] == [2, 2]
    assert asked == [{1, 9}, {2}]
    with hub_database.look(SYSTEM) as work:
        assert each_once(work.session, "things", [1], ask) == {1: "found"}
    assert asked[-1] == {1}


def test_what_a_unit_of_work_writes_itself_it_sees(hub_database: Database, now: datetime) -> None:
    home = builders.admit_partner(hub_database, "municipal_team", now=now)
    anna = builders.authorise_staff(hub_database, home, "casemanager", now=now)
    on, team = now.date(), Team(id=uuid4(), organisation_id=home.id, municipality="0352")
    with hub_database.work(OPERATOR, now=now) as work:
        assert len(list_staff(work, home.id)) == 1
        teams.open_team(work, team)
        assert get_teams(work, [team.id])[team.id].municipality == "0352"
        assert list_members(work, [team.id], on=on) == []
        teams.give_post(work, team.id, anna.id)
        assert [one.staff_id for one in list_members(work, [team.id], on=on)] == [anna.id]
        assert find_staff(work, [anna.id])[anna.id].trained_on != date(2026, 11, 17)
        staffing.attest_training(work, anna.id, on=date(2026, 11, 17))
        assert find_staff(work, [anna.id])[anna.id].trained_on == date(2026, 11, 17)
        assert find_partners(work, [home.id])[home.id].state == "active"
        administration.end_organisation(work, home.id)
        assert find_partners(work, [home.id])[home.id].state == "ended"
