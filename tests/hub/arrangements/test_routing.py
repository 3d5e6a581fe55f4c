"""The one engine: the first rule that can, decides; equal facts give equal answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.arrangements.routing import Facts, Route, default_arrangement, route
from hub.arrangements.values import Arrangement, IntakeModel, Region, Rule, Target, TeamEntry
from hub.consent.facts import Bracket
from hub.teams.roster import Roster
from hub.teams.values import EmployerKind, Expertise, Member, Profile, Team

EAST, WEST, YOUNG = (UUID(int=number) for number in (1, 2, 3))
ANNA, BRAM, CLEO = (UUID(int=number) for number in (11, 12, 13))
FACTS = Facts(
    case_team=None, casemanager=None, bracket="12-15", senders=frozenset({"school"}), partners=2, earlier=0,
    residence="0344", on=date(2026, 11, 18), number=5,
)  # fmt: skip
LAST = Rule(code="rest", to=Target.QUEUE, tier="all")


def members(team: UUID, *people: UUID, **facts: object) -> dict[UUID, Member]:
    return {
        one: Member(staff_id=one, team_id=team, leads=False, profile=Profile(**facts))  # type: ignore[arg-type]
        for one in people
    }


ROSTER = Roster(
    {id_: Team(id=id_, organisation_id=uuid4()) for id_ in (EAST, WEST, YOUNG)},
    {EAST: members(EAST, ANNA, BRAM), WEST: members(WEST, CLEO), YOUNG: {}},
)


def arrangement(*rules: Rule, **changes: object) -> Arrangement:
    entries = (
        TeamEntry(id=EAST, tier="all"),
        TeamEntry(id=WEST, tier="all", areas=frozenset({"0344"})),
        TeamEntry(id=YOUNG, tier="young", brackets=frozenset({Bracket("0-11")})),
    )
    facts = {
        "name": "test", "hash": "0" * 32, "intake": IntakeModel.AREA, "source": "test",
        "controller": "", "residences": frozenset({"0344"}), "consent_profile": "strictest", "teams": entries,
        "rules": (*rules, LAST),
    }  # fmt: skip
    return Arrangement(**(facts | changes))  # type: ignore[arg-type]


def answer(*rules: Rule, roster: Roster = ROSTER, **facts: object) -> Route:
    return route(arrangement(*rules), replace(FACTS, **facts), roster=roster)  # type: ignore[arg-type]


def test_the_first_rule_that_holds_decides_rou_07() -> None:
    asks = Rule(code="asks", to=Target.NOBODY, partners_at_least=2)
    assert answer(asks).rule == "asks"
    assert answer(asks, partners=1).rule == "rest"
    assert answer(Rule(code="first", to=Target.NOBODY), asks).rule == "first"


def test_a_rule_that_cannot_be_carried_out_leaves_the_turn_to_the_next() -> None:
    mine = Rule(code="mine", to=Target.CASEMANAGER, case=True)
    case = {"case_team": EAST, "casemanager": ANNA}
    assert (answer(mine, **case).staff_id, answer(mine, **case).team_id) == (ANNA, EAST)
    assert answer(mine, **{**case, "casemanager": CLEO}).rule == "rest"
    assert answer(Rule(code="young", to=Target.QUEUE, tier="young")).rule == "rest"


def test_of_the_teams_of_a_tier_the_closest_area_has_it_mat_07() -> None:
    assert answer().team_id == WEST
    assert answer(residence="034401").team_id == WEST
    assert answer(residence="0352").team_id == answer(residence=None).team_id == EAST


@pytest.mark.parametrize(
    ("asked", "differs"),
    [
        ({"case": False}, {"case_team": EAST}),
        ({"brackets": frozenset({Bracket("12-15")})}, {"bracket": "23+"}),
        ({"senders": frozenset({"school", "police"})}, {"senders": frozenset({"youth_care"})}),
        ({"partners_at_least": 2}, {"partners": 1}),
        ({"earlier_at_least": 1}, {"earlier": 0}),
    ],
    ids=["case", "bracket", "senders", "partners", "earlier"],
)
def test_every_condition_is_asked(asked: dict[str, object], differs: dict[str, object]) -> None:
    rule = Rule(code="asks", to=Target.NOBODY, **asked)  # type: ignore[arg-type]
    holds = {"earlier": 1}
    assert answer(rule, **holds).rule == "asks"
    assert answer(rule, **(holds | differs)).rule == "rest"


def test_regions_are_dated_and_overlap_rou_17() -> None:
    regions = tuple(
        Region(code=code, kind="rmc", members=frozenset(codes), since=date(2026, 1, 1), until=until)  # type: ignore[arg-type]
        for code, codes, until in (
            ("one", ["0344", "0352"], None),
            ("two", ["0344"], None),
            ("past", ["0344"], date(2026, 11, 18)),
        )
    )
    for code, found in (("one", "asks"), ("two", "asks"), ("past", "rest")):
        rule = Rule(code="asks", to=Target.NOBODY, region=code)
        facts = replace(FACTS, residence="034401")
        assert route(arrangement(rule, regions=regions), facts, roster=ROSTER).rule == found


def test_of_who_fits_who_has_least_is_asked() -> None:
    profiles = {
        EAST: members(EAST, ANNA, employer=EmployerKind.WELFARE)
        | members(EAST, BRAM, expertise=frozenset({Expertise.HOUSING}), generalist=False)
        | members(EAST, CLEO, employer=EmployerKind.PROVIDER)
    }
    roster = Roster(ROSTER.teams, {**ROSTER.members, **profiles})

    def asked(load: dict[UUID, int] | None = None, **wanted: object) -> UUID | None:
        rule = Rule(code="one", to=Target.MEMBER, tier="all", **wanted)  # type: ignore[arg-type]
        return route(arrangement(rule), replace(FACTS, residence=None), roster=roster, load=load).staff_id

    assert asked(expertise=frozenset({Expertise.HOUSING, Expertise.CARE})) == BRAM
    assert asked(generalist=True) == asked(employers=frozenset({EmployerKind.WELFARE})) == ANNA
    assert asked({ANNA: 3, BRAM: 2}) == BRAM
    assert asked({ANNA: 2, BRAM: 3}) == ANNA
    assert asked(employers=frozenset({EmployerKind.PROVIDER})) is None


@given(number=st.integers(min_value=0, max_value=2**128 - 1), load=st.integers(min_value=0, max_value=3))
def test_equal_facts_give_equal_answers_in_whatever_order_people_are_read(number: int, load: int) -> None:
    rule = Rule(code="one", to=Target.MEMBER, tier="all")
    facts = replace(FACTS, number=number, residence=None)
    turned = Roster(ROSTER.teams, {**ROSTER.members, EAST: members(EAST, BRAM, ANNA)})
    answers = {
        route(arrangement(rule), facts, roster=roster, load={ANNA: load, BRAM: load})
        for roster in (ROSTER, turned)
    }
    assert len(answers) == 1


def test_without_an_arrangement_it_is_as_it_was() -> None:
    case = replace(FACTS, case_team=WEST, casemanager=CLEO)
    default = default_arrangement(EAST)
    assert route(default, case, roster=ROSTER).staff_id == CLEO
    assert route(default, replace(case, casemanager=ANNA), roster=ROSTER).team_id == WEST
    assert route(default, FACTS, roster=ROSTER).team_id == EAST
    assert route(default_arrangement(None), FACTS, roster=ROSTER).team_id is None
