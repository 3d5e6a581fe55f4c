"""Taking back: one call, by whoever the person comes to, and nobody learns whether they are known. CON-04."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.consent.errors import NotOwnError
from tests.hub.consent.conftest import PERSON, TWIN, Desk
from tests.hub.consent.test_consenting import at_housing, own

SCOPES: list[tuple[str | list[str], bool]] = [
    ("all", True),
    (["housing_association"], True),
    (["school"], False),
]


@pytest.mark.parametrize("tokens", [PERSON, TWIN])
@pytest.mark.parametrize(
    ("scope", "goes"), [("all", True), (["housing_association"], True), (["school"], False)]
)
def test_con_04_a_desk_takes_back_what_another_organisation_recorded(
    desk: Desk, tokens: dict[str, object], scope: str | list[str], *, goes: bool
) -> None:
    signal, case = desk.signal(), desk.case()
    at_housing(desk).record_consent(**own(desk))
    desk.queued()
    desk.withdraw_everywhere(tokens, scope=scope)
    assert ({signal.id, case.id} <= desk.settled()) is goes
    assert desk.decide(signal, case).allowed is not goes
    assert desk.settled() == set()


def test_con_04_what_is_consented_to_afterwards_stands(desk: Desk) -> None:
    signal, case = desk.signal(), desk.case()
    desk.withdraw_everywhere()
    later = replace(desk, now=desk.now + timedelta(seconds=1))
    later.record_consent()
    later.settled()
    assert later.decide(signal, case).allowed


def test_taking_back_asks_the_same_of_the_store_whether_or_not_there_is_anything(desk: Desk) -> None:
    desk.record_consent()
    desk.withdraw_everywhere({"A": 5, "F": 5})
    known, unknown = (
        desk.statements(lambda t=t: desk.withdraw_everywhere(t))
        for t in (PERSON, {"A": 6, "C": 6, "F": 6, "H": 6})
    )
    assert known == unknown
    assert not any("FROM match_index" in statement for statement in known)


def test_a_partner_takes_back_for_its_own_signals_only(desk: Desk) -> None:
    partner = at_housing(desk)
    partner.withdraw_everywhere(scope=["housing_association"])
    with pytest.raises(NotOwnError):
        partner.withdraw_everywhere()
