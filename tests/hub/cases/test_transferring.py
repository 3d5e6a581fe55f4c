"""ROU-14, ROU-15: who moves "exists" in the new municipality, is accepted, and then the old case ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from hub.cases import transferring
from hub.cases.errors import (
    CaseMissingError,
    TransferInvalidError,
    TransferMissingError,
    TransferStateError,
)
from hub.cases.transferring import ReturnReason, Transfer, TransferReason, TransferState
from hub.partners.values import Staff
from hub.teams.administration import open_team
from hub.teams.values import Team
from service.database import Database
from service.work import OPERATOR
from tests.builders import (
    Sender,
    Town,
    admit_partner,
    authorise_staff,
    everything,
    sender,
    staff_caller,
    town,
)

SOUTH = "0344"


@dataclass
class Region:
    """Anna in the north supports Kees, whom a school met; Carla works in the south."""

    north: Town
    south: Town
    carla: Staff
    school: Sender
    case: UUID

    def act(self, staff: Staff, what: Callable[..., Any], *facts: Any) -> Any:
        with self.north.database.work(staff_caller(staff), now=self.north.now) as work:
            return what(work, *facts)

    def offer(self) -> Transfer:
        found: Transfer = self.act(
            self.north.anna, transferring.offer_transfer, self.case, SOUTH, TransferReason.MOVED
        )
        return found

    def told(self, staff: Staff) -> list[str]:
        return [notice.kind for notice in self.north.inbox(staff)]


@pytest.fixture
def region(hub_database: Database, now: datetime) -> Region:
    north = town(hub_database, now=now)
    team = admit_partner(hub_database, "municipal_team", now=now, name="Wijkteam Zuid")
    carla = authorise_staff(hub_database, team, "casemanager", now=now, mail="carla@zuid.example")
    with hub_database.work(OPERATOR, now=now) as work:
        open_team(work, Team(id=team.id, organisation_id=team.id, whole=True, municipality=SOUTH))
    school = sender(hub_database, now=now)
    case = north.case(north.anna, everything("kees"))
    north.signal(school, everything("kees"))
    north.match()
    return Region(north, replace(north, team=team), carla, school, case)


def test_rou_14_the_new_team_learns_that_somebody_exists_accepts_registers_and_the_old_case_ends(
    region: Region,
) -> None:
    offered = region.offer()
    assert region.offer() == offered
    (seen,) = region.act(region.carla, transferring.list_transfers)
    assert (seen.sender, seen.bracket, seen.contact) == ("Wijkteam Oost", None, None)
    (line,) = region.north.inbox(region.carla)
    said = {name: getattr(line, name) for name in line.__slots__}
    assert {name for name, value in said.items() if value} == {
        "notice_id", "match_id", "kind", "queued_at", "due_at", "state",
    }  # fmt: skip
    accepted = region.act(region.carla, transferring.accept_transfer, offered.id)
    assert (accepted.bracket, accepted.contact) == ("12-15", "anna@team.example")
    assert [one.state for one in region.north.inbox(region.carla)] == ["void"]
    assert region.told(region.north.anna) == ["match"]  # responsible until it is completed
    new = region.south.case(region.carla, everything("kees"))
    done = region.act(region.carla, transferring.complete_transfer, offered.id, new)
    assert done.state is TransferState.COMPLETED
    assert region.act(region.carla, transferring.complete_transfer, offered.id, new) == done
    region.north.match()
    assert "match" in region.told(region.carla)
    assert "void" in region.told(region.north.anna)
    assert region.act(region.carla, transferring.list_transfers) == []


def test_rou_14_consent_is_asked_again_for_the_new_team(region: Region) -> None:
    offered = region.offer()
    region.act(region.carla, transferring.accept_transfer, offered.id)
    region.north.object(everything("kees"))
    new = region.south.case(region.carla, everything("kees"))
    region.act(region.carla, transferring.complete_transfer, offered.id, new)
    region.north.match()
    assert "match" not in region.told(region.carla)


def test_rou_14_nobody_completes_it_with_another_person_or_unaccepted(region: Region) -> None:
    offered = region.offer()
    own = region.south.case(region.carla, everything("kees"))
    with pytest.raises(TransferStateError):
        region.act(region.carla, transferring.complete_transfer, offered.id, own)
    region.act(region.carla, transferring.accept_transfer, offered.id)
    other = region.south.case(region.carla, everything("piet"))
    for wrong in (other, region.case):
        with pytest.raises(TransferInvalidError):
            region.act(region.carla, transferring.complete_transfer, offered.id, wrong)


def test_rou_14_who_is_elsewhere_sees_and_does_nothing_and_the_old_team_stays_where_it_is_given_back(
    region: Region,
) -> None:
    with pytest.raises(TransferInvalidError):
        region.act(region.north.anna, transferring.offer_transfer, region.case, "0999", TransferReason.MOVED)
    with pytest.raises(CaseMissingError):
        region.act(region.carla, transferring.offer_transfer, region.case, SOUTH, TransferReason.MOVED)
    offered = region.offer()
    assert region.act(region.north.bram, transferring.list_transfers) == []
    with pytest.raises(TransferMissingError):
        region.act(region.north.bram, transferring.accept_transfer, offered.id)
    given_back = region.act(region.carla, transferring.return_transfer, offered.id, ReturnReason.NOT_RESIDENT)
    assert given_back.state is TransferState.RETURNED
    assert "transfer" in region.told(region.north.anna)
    with pytest.raises(TransferStateError):
        region.act(region.carla, transferring.accept_transfer, offered.id)
    assert region.offer().id != offered.id
