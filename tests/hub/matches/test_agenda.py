"""What a team sees before somebody takes an item: a number, never a name. Source: ROU-05."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from dat_client.agenda import print_agenda, print_agenda_page
from dat_client.answers import IntakeItem
from hub.matches.schemas import IntakeItemAnswer
from hub.matches.service import list_intake
from service.clock import wire_time
from service.database import Database
from service.work import SYSTEM
from tests.hub.matches import follow_up

PLAIN = ("caseload", "signal", "staff", "organisation", "registration", "person_match")


def test_no_byte_of_the_agenda_is_a_token_an_identity_or_a_way_to_call(
    hub_database: Database, now: datetime
) -> None:
    world = follow_up.world(hub_database, now=now)
    match_id = world.case_match(world.town.anna, world.east)
    world.refuse(world.town.anna, match_id)
    world.pair_match()
    late = world.later(days=8)
    items = late.by(world.town.bram, list_intake)
    answers = [
        IntakeItemAnswer.model_validate(
            {name: getattr(item, name) for name in item.__slots__}
            | {"waiting_since": wire_time(item.waiting_since)}
        )
        for item in items
    ]
    assert [one.left for one in answers] == [True, True]
    wire = [one.model_dump_json(by_alias=True) for one in answers]
    read = [IntakeItem.model_validate_json(one) for one in wire]
    printed = [shown(read, now=late.town.now) for shown in (print_agenda, print_agenda_page)]
    said = "".join([*wire, *printed]).lower()
    with hub_database.look(SYSTEM) as work:
        known = {
            str(UUID(str(value)))
            for table in PLAIN
            for (value,) in work.session.execute(text(f"SELECT id FROM {table}"))
        }
        indexes = [row[0] for row in work.session.execute(text("SELECT idx FROM match_index"))]
    assert len(known) > 12
    assert not [one for one in known if one in said or one.replace("-", "") in said]
    assert not [one for one in indexes if bytes(one).hex() in said]
    assert not [word for word in ("linde", "basisteam", "0900", "@team", "balie") if word in said]
    assert set(IntakeItemAnswer.model_fields) == {
        "item_id", "waiting_since", "brackets", "partners", "police_origin", "state", "left",
    }  # fmt: skip
