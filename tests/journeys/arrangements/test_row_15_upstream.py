"""Centres for youth and family signal early; the source is sensitive, so only its domain is shown."""

from __future__ import annotations

from tests.journeys.arrangements.place import Place


def test_a_of_youth_health_the_domain_is_shown_and_neither_name_nor_contact(place: Place) -> None:
    organisation = place.organisation("Gemeente Voorbeeld")
    anna = place.member(place.team(organisation, 1))
    place.adopt("upstream", organisation)
    nurse, school = place.partner("youth_health", "JGZ Voorbeeld"), place.partner("school", "De Linde")
    place.case(anna, "jan")
    for sender in (nurse, school):
        place.signal(sender, "jan", lives="0344")
    notices = sorted((notice.level, notice.partner, notice.reporter_contact) for notice in place.inbox(anna))
    assert notices[0] == (1, "youth", None)
    assert "JGZ" not in repr(place.inbox(anna))
    assert notices[1][1] == "De Linde"
