"""What one unit of work remembered the next one goes on with, and forgets when it writes any of that."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from hub.partners.service import list_staff
from hub.teams import administration as teams
from hub.teams.values import Team
from service.database import Database
from service.work import OPERATOR
from simulation.town import hand_on
from tests import builders


def test_what_is_handed_on_is_asked_anew_by_everybody_as_soon_as_one_writes_it(
    hub_database: Database, now: datetime
) -> None:
    home = builders.admit_partner(hub_database, "municipal_team", now=now)
    remembered: dict[object, object] = {}

    def seen() -> int:
        with hub_database.work(OPERATOR, now=now) as work:
            hand_on(work, remembered)
            return len(list_staff(work, home.id))

    assert seen() == 0
    builders.authorise_staff(hub_database, home, "casemanager", now=now)
    assert seen() == 0  # nobody else may write
    with hub_database.work(OPERATOR, now=now) as work:
        hand_on(work, remembered)
        teams.open_team(work, Team(id=uuid4(), organisation_id=home.id, municipality="0352"))
    assert seen() == 1
