"""One household, one plan, one lead: exactly one, who hears of the others as another person and no more."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from hub.households.schemas import NewExcludedAddress
from hub.households.service import exclude_address, include_address, review_addresses
from hub.matches.errors import HouseholdLedError, HouseholdMissingError, NotEligibleError
from hub.matches.leading import Household, answer_lead, list_households, name_lead, offer_lead
from hub.matches.owning import acknowledge
from hub.matches.states import HandOverState, MatchState
from hub.notices.service import NoticeState
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.statistics.counting import count
from hub.statistics.values import period_of
from hub.teams import administration, store
from hub.teams.values import Team
from service.work import OPERATOR, Work
from tests import builders
from tests.builders import Sender, everything
from tests.journeys.arrangements.place import Place

SCHEMES = frozenset({"bsn", "demographic", "household"})


@dataclass
class Home:
    """A municipality's team and a foundation's; Anna and Bram are of the first, Cleo of the second."""

    place: Place
    team: Team
    family: Team
    lead: Staff
    anna: Staff
    bram: Staff
    cleo: Staff
    director: Staff
    keeper: Staff
    manager: Staff
    school: Sender

    def case(self, staff: Staff, person: str, team: Team | None = None, **home: object) -> UUID:
        """Somebody registers a person of their caseload, with what makes a household."""
        tokens = everything(person) | home
        return self.place.town.case(staff, tokens, teamId=str((team or self.team).id))

    def meet(self, person: str, **changes: object) -> None:
        """The school meets somebody."""
        self.place.signal(self.school, person, **changes)

    def reviewed(self) -> None:
        self.place.by(self.keeper, review_addresses)

    def households(self, staff: Staff) -> list[Household]:
        found: list[Household] = self.place.by(staff, list_households)
        return found

    def two(self) -> Household:
        """A child of Anna's and another of Bram's at one address, both met by the school."""
        self.reviewed()
        for staff, person in ((self.anna, "jan"), (self.bram, "piet")):
            self.case(staff, person, household="home")
            self.meet(person)
        (found,) = self.households(self.director)
        return found

    def name(self, staff: Staff, household: Household, by: Staff | None = None) -> None:
        self.place.by(by or self.lead, name_lead, household.id, staff.id)


@pytest.fixture
def home(place: Place) -> Home:
    town, foundation = (
        place.organisation("Gemeente Voorbeeld", SCHEMES),
        place.organisation("Stichting", SCHEMES),
    )
    team, family = place.team(town, 1), place.team(foundation, 2)
    lead, anna, bram = (place.member(team, role) for role in ("team_lead", "casemanager", "casemanager"))
    cleo = place.member(family)
    place.adopt("household_lead", town)
    director, keeper = (
        builders.authorise_staff(place.database, town, role, now=place.now, contact=None)
        for role in ("process_director", "municipal_coordinator")
    )
    manager = builders.authorise_staff(
        place.database, foundation, "partner_coordinator", now=place.now, contact=None
    )
    school = place.partner("school", "De Linde")
    return Home(place, team, family, lead, anna, bram, cleo, director, keeper, manager, school)


def test_matches_of_one_household_roll_up_to_one_lead_who_hears_of_another_person_only_mat_05(
    home: Home,
) -> None:
    household = home.two()
    assert (household.lead, household.matches, household.partners) == (None, 2, 1)
    home.name(home.anna, household)
    (family,) = (one for one in home.place.inbox(home.anna) if one.kind == "family")
    said = {name: getattr(family, name) for name in family.__slots__}
    brams = next(match for match in home.place.matches() if home.place.owner(match.id)[1] == home.bram.id)
    assert said.pop("match_id") == brams.id
    assert {name for name, value in said.items() if value} == {
        "notice_id", "kind", "queued_at", "due_at", "state",
    }  # fmt: skip
    assert "family" not in home.place.heard(home.bram)
    (own,) = home.households(home.anna)
    assert (own.lead, len(own.own), own.matches) == (home.anna.id, 0, 2)


def test_what_was_of_a_household_is_counted_so_when_the_household_is_no_more_sta_03(home: Home) -> None:
    home.reviewed()
    cases = {}
    for staff, person in ((home.anna, "jan"), (home.bram, "piet")):
        cases[person] = staff, home.case(staff, person, household="home")
        home.meet(person)
    assert len(home.households(home.director)) == 1
    for staff, case_id in cases.values():
        home.place.town.close(staff, case_id)
    home.place.work()
    assert home.households(home.director) == []
    quarter = f"{home.place.now.year}-Q{(home.place.now.month + 2) // 3}"
    with home.place.database.work(OPERATOR, now=home.place.now + timedelta(days=400)) as work:
        found = count(work, period_of(quarter), ["household"])["household"]
    numbers = Counter[str]()
    for one in found.values():
        numbers.update(one.numbers)
    assert numbers == {"household": 2}


@pytest.mark.prove
def test_who_is_met_later_is_asked_of_the_lead_and_a_casemanager_still_hears(home: Home) -> None:
    home.name(home.anna, home.two())
    # Somebody of the address without a casemanager, registered by youth care.
    care = home.place.partner("youth_care", schemes=SCHEMES)
    for sender in (care, home.school):
        tokens = everything("kim") | ({"bsn": "kim", "household": "home"} if sender is care else {})
        home.place.town.signal(sender, tokens, residence="0344")
    home.place.work()
    (match,) = (one for one in home.place.matches() if one.case_id is None)
    assert home.place.owner(match.id) == (home.team.id, home.anna.id)
    assert home.place.rules(match.id)[0][1] == "lead"
    (household,) = home.households(home.director)
    assert (household.matches, household.partners) == (3, 2)
    home.case(home.bram, "sam", household="home")
    home.meet("sam")
    assert home.place.heard(home.anna).count("family") == 2


def test_a_a_second_lead_is_refused(home: Home) -> None:
    household = home.two()
    for who in (home.anna, home.cleo):
        with pytest.raises((RoleNotAllowedError, HouseholdMissingError)):
            home.name(home.anna, household, by=who)
    with pytest.raises(NotEligibleError):
        home.name(home.cleo, household)
    home.name(home.anna, household)
    for by in (home.lead, home.director):
        with pytest.raises(HouseholdLedError):
            home.name(home.bram, household, by=by)


def test_b_another_lead_is_a_hand_over_that_the_colleague_accepts(home: Home) -> None:
    household = home.two()
    home.name(home.anna, household)
    with pytest.raises(HouseholdMissingError):
        home.place.by(home.bram, offer_lead, household.id, home.anna.id)
    with pytest.raises(NotEligibleError):
        home.place.by(home.anna, offer_lead, household.id, home.cleo.id)
    home.place.by(home.anna, offer_lead, household.id, home.bram.id)
    assert "lead" in home.place.heard(home.bram)
    assert [one.asked for one in home.households(home.bram)] == [True]
    home.place.by(home.bram, answer_lead, household.id, HandOverState.RETURNED)
    with pytest.raises(HouseholdMissingError):
        home.place.by(home.bram, answer_lead, household.id, HandOverState.ACCEPTED)
    assert home.households(home.director)[0].lead == home.anna.id
    home.place.by(home.anna, offer_lead, household.id, home.bram.id)
    home.place.by(home.bram, answer_lead, household.id, HandOverState.ACCEPTED)
    assert home.households(home.director)[0].lead == home.bram.id


def test_b_who_is_asked_to_lead_finds_the_household_also_without_a_match_of_it(home: Home) -> None:
    dora = home.place.member(home.team)
    household = home.two()
    home.name(home.anna, household)
    assert home.households(dora) == []
    home.place.by(home.anna, offer_lead, household.id, dora.id)
    assert [(one.id, one.asked) for one in home.households(dora)] == [(household.id, True)]
    assert [one.asked for one in home.households(home.anna)] == [False]
    home.place.by(home.anna, offer_lead, household.id, home.bram.id)
    assert home.households(dora) == []


def test_c_a_household_without_a_lead_in_time_is_a_task_of_the_process_director(home: Home) -> None:
    household = home.two()
    home.place.wait(days=7)
    assert home.place.heard(home.director) == []
    home.place.wait(days=1)
    assert home.place.heard(home.director).count("lead") == 1
    home.name(home.anna, household, by=home.director)
    home.place.wait(days=1)
    # Whoever leads and leaves is missed as well.
    (post,) = home.place.system(lambda work: store.list_posts(work.session, staff=[home.anna.id]))
    home.place.operator(administration.end_post, post.id)
    home.place.work()
    assert home.households(home.director)[0].lead is None
    home.place.wait(days=8)
    (task,) = (one for one in home.place.inbox(home.director) if one.kind == "lead")
    assert task.state == "new"


def test_c_who_leads_and_is_away_for_a_little_goes_on_leading(home: Home) -> None:
    place, household = home.place, home.two()
    home.name(home.anna, household)

    def away(days: int) -> None:
        since = place.now.date()
        place.by(home.anna, administration.record_absence, since=since, until=since + timedelta(days=days))
        place.wait(minutes=5)

    away(2)
    assert home.households(home.director)[0].lead == home.anna.id
    # It gets longer: somebody else is to lead.
    away(20)
    assert home.households(home.director)[0].lead is None


def test_d_the_ladder_reaches_the_management_of_who_does_not_deliver(home: Home) -> None:
    for person in ("jan", "piet"):
        home.case(home.cleo, person, home.family, parent="mother")
        home.meet(person)
    home.place.wait(days=8)
    assert home.place.heard(home.manager) == ["stalled", "stalled"]
    home.place.wait(days=8)
    assert "escalated" in home.place.heard(home.keeper)
    # Nor does a household of a foundation's people stay without a lead unseen.
    assert "lead" in home.place.heard(home.director)
    (household,) = home.households(home.director)
    home.name(home.cleo, household, by=home.director)
    assert home.households(home.cleo)[0].lead == home.cleo.id


def test_an_address_counts_only_while_the_register_was_reviewed_lately_mat_04(home: Home) -> None:
    for staff, person in ((home.anna, "jan"), (home.bram, "piet")):
        home.case(staff, person, household="home", parent=f"parent of {person}")
        home.meet(person)
    assert home.households(home.director) == []
    # The register of another municipality says nothing of this one.
    elsewhere = home.place.organisation("Elders")
    far = builders.authorise_staff(
        home.place.database, elsewhere, "municipal_coordinator", now=home.place.now
    )
    home.place.by(far, review_addresses)
    home.case(home.bram, "eva", household="home")
    home.meet("eva")
    assert home.households(home.director) == []
    home.reviewed()
    home.case(home.anna, "kim", household="home")
    home.meet("kim")
    assert home.households(home.director)[0].matches == 4
    home.place.now += timedelta(days=31)
    home.case(home.anna, "sam", household="home")
    home.meet("sam")
    assert home.households(home.director)[0].matches == 4


@pytest.mark.prove
def test_a_parent_makes_a_household_without_the_register_mat_03(home: Home) -> None:
    for staff, person in ((home.anna, "jan"), (home.bram, "piet")):
        home.case(staff, person, household=f"home of {person}", parent="mother")
        home.meet(person)
    assert home.households(home.director)[0].matches == 2


def test_nobody_is_a_household_by_the_address_of_an_institution_mat_04(home: Home) -> None:
    key = uuid4()
    town = home.place.town
    body = builders.address_body(town.keys, "home", organisation_id=home.keeper.organisation_id, key=key)
    message = NewExcludedAddress.model_validate(body)
    with pytest.raises(RoleNotAllowedError):
        home.place.by(home.anna, exclude_address, town.keys, message, idempotency_key=key)

    def exclude(work: Work) -> UUID:
        return exclude_address(work, town.keys, message, idempotency_key=key).id

    first, again = (home.place.by(home.keeper, exclude) for _ in range(2))
    assert first == again
    home.reviewed()
    for staff, person in ((home.anna, "jan"), (home.bram, "piet")):
        home.case(staff, person, household="home")
        home.meet(person)
    assert home.households(home.director) == []
    home.place.by(home.keeper, include_address, first)
    home.case(home.anna, "kim", household="home")
    home.meet("kim")
    assert home.households(home.director)[0].matches == 3


def test_whose_match_may_not_be_told_is_left_out_and_not_the_household_mat_06(home: Home) -> None:
    home.two()
    home.case(home.anna, "kim", household="home")
    home.meet("kim", subjectNotice="pending")
    assert len(home.place.matches(MatchState.HELD)) == 1
    (household,) = home.households(home.director)
    assert household.matches == 2
    gone = home.place.matches()[0]
    for match in home.place.matches():
        home.place.town.withdraw(home.school, match.signal_id)
        home.place.work()
        if match.id == gone.id:
            assert home.households(home.director)[0].matches == 1
    assert home.households(home.director) == []


@pytest.mark.prove
def test_one_person_with_two_matches_is_no_household(home: Home) -> None:
    home.reviewed()
    home.case(home.anna, "jan", household="home")
    for sender in (home.school, home.place.partner("police")):
        home.place.signal(sender, "jan")
    assert len(home.place.matches()) == 2
    assert home.households(home.director) == []


@pytest.mark.prove
def test_a_family_notice_is_answered_like_any_other_and_opens_nothing(home: Home) -> None:
    home.name(home.anna, home.two())
    (family,) = (one for one in home.place.inbox(home.anna) if one.kind == "family")
    before = home.place.owner(family.match_id)
    home.place.by(home.anna, acknowledge, family.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    assert home.place.owner(family.match_id) == before
