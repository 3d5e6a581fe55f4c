"""Kamper Kompas: nothing is told without the citizen, who names the one who hears, and leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from hub.consent.errors import ConsentIncompleteError
from hub.consent.schemas import NewConsent
from hub.consent.service import record_consent, withdraw_consent
from hub.matches.errors import NotOwnerError
from hub.matches.handing import answer_hand_over, hand_over
from hub.matches.owning import Progress, list_owned, record_progress
from hub.matches.states import HandOverState, MatchState
from hub.matches.viewing import view
from hub.partners.errors import KindUnknownError
from hub.partners.values import Staff
from hub.teams.service import eligible_members
from hub.teams.values import Team
from service.work import Work
from tests import builders
from tests.builders import Sender, everything
from tests.journeys.arrangements.place import Place

AGE = {"bracket": "18-22", "bracketEnds": "2029-Q3"}


@dataclass
class Compass:
    """Verkenners of the municipality and of a church, a guide, and the desk where a citizen says it."""

    place: Place
    explorers: Team
    anna: Staff
    pastor: Staff
    guide: Staff
    desk: Staff
    school: Sender
    office: Sender

    def meet(self, person: str = "jan") -> None:
        for sender in (self.school, self.office):
            self.place.signal(sender, person, lives="0166", **AGE)

    def consent(self, recipient: UUID | None, person: str = "jan", *, days: int = 0) -> UUID:
        """A citizen says at the desk that somebody may hear, who, and after how many days."""
        place, key, named = self.place, uuid4(), {"recipient": str(recipient)} if recipient else {}
        if days:
            named["validFromDate"] = (place.now + timedelta(days=days)).date().isoformat()
        body = builders.consent_body(
            place.town.keys, everything(person), organisation_id=self.desk.organisation_id, key=key,
            now=place.now, partnerKinds=["*"], **named, **AGE,
        )  # fmt: skip
        message = NewConsent.model_validate(body)

        def record(work: Work) -> UUID:
            return record_consent(work, place.town.keys, message, idempotency_key=key, quota_per_day=50).id

        found: UUID = place.by(self.desk, record)
        place.work()
        place.now += timedelta(minutes=1)
        return found


@pytest.fixture
def compass(place: Place) -> Compass:
    return laid_out(place)


def laid_out(place: Place, **changes: object) -> Compass:
    """The teams and people, under the shipped arrangement or one with other rules."""
    organisation = place.organisation("Gemeente Voorbeeld")
    explorers, guides = (place.team(organisation, number) for number in (1, 2))
    place.adopt("citizen_led", organisation, **changes)
    anna, pastor = place.member(explorers), place.member(explorers, employer="community")
    guide = place.member(guides, employer="welfare")
    desk = builders.authorise_staff(place.database, organisation, "desk", now=place.now, contact=None)
    partners = place.partner("school"), place.partner("school_attendance")
    return Compass(place, explorers, anna, pastor, guide, desk, *partners)


def test_a_without_the_citizens_consent_a_match_is_dormant_and_nobody_sees_it(compass: Compass) -> None:
    compass.meet()
    # Nor does a consent that names nobody open it to whoever happens to be there.
    compass.consent(None)
    place = compass.place
    place.wait(days=20)
    assert [match.state for match in place.matches(None)] == [MatchState.HELD]
    for staff in (compass.anna, compass.pastor, compass.guide):
        assert (place.heard(staff), place.agenda(staff), place.by(staff, list_owned)) == ([], [], [])


def test_a_consent_comes_first_whoever_would_hear(place: Place) -> None:
    compass = laid_out(place, rules=[{"code": "guides", "to": "queue", "tier": "guides"}])
    compass.meet()
    assert [match.state for match in place.matches(None)] == [MatchState.HELD]
    consent_id = compass.consent(None)
    assert len(place.agenda(compass.guide)) == 1
    place.by(compass.desk, withdraw_consent, consent_id)
    place.work()
    assert place.matches() == []


def test_b_the_citizen_names_who_hears_and_names_another(compass: Compass) -> None:
    place = compass.place
    first = compass.consent(compass.anna.id)
    compass.meet()
    (match,) = place.matches()
    assert place.owner(match.id) == (compass.explorers.id, compass.anna.id)
    assert place.take(compass.anna, match.id).handles
    assert place.heard(compass.pastor) == []
    compass.consent(compass.pastor.id)
    assert place.owner(match.id) == (compass.explorers.id, compass.pastor.id)
    with pytest.raises(NotOwnerError):
        place.by(compass.anna, view, match.id)
    assert place.take(compass.pastor, match.id).handles
    # What the one who was chosen gives to somebody else stays there.
    place.by(compass.pastor, hand_over, match.id, compass.anna.id)
    place.by(compass.anna, answer_hand_over, match.id, HandOverState.ACCEPTED)
    place.wait(days=1)
    assert place.owner(match.id)[1] == compass.anna.id
    place.by(compass.desk, withdraw_consent, first)
    place.work()
    assert place.owner(match.id)[1] == compass.anna.id
    with pytest.raises(ConsentIncompleteError):
        compass.consent(uuid4())


@pytest.mark.parametrize("taken", [False, True])
def test_b_who_was_named_for_later_hears_from_that_day(compass: Compass, taken: bool) -> None:
    place = compass.place
    compass.consent(compass.anna.id)
    compass.meet()
    (match,) = place.matches()
    if taken:
        assert place.take(compass.anna, match.id).handles
    compass.consent(compass.pastor.id, days=2)
    place.wait(days=1, hours=1)
    assert place.owner(match.id)[1] == compass.anna.id
    place.wait(days=1, hours=1)
    place.work()
    assert place.owner(match.id)[1] == compass.pastor.id


def test_b_with_the_consent_goes_what_it_opened(compass: Compass) -> None:
    compass.meet()
    consent_id = compass.consent(compass.anna.id)
    (match,) = compass.place.matches()
    compass.place.take(compass.anna, match.id)
    compass.place.by(compass.desk, withdraw_consent, consent_id)
    compass.place.work()
    assert compass.place.matches() == []
    assert "void" in compass.place.heard(compass.anna)


def test_c_the_citizen_leads(compass: Compass) -> None:
    compass.consent(compass.anna.id)
    compass.meet()
    (match,) = compass.place.matches()
    compass.place.take(compass.anna, match.id)
    compass.place.by(compass.anna, record_progress, match.id, Progress(subject_leads=True))
    (owned,) = compass.place.by(compass.anna, list_owned)
    assert (owned.subject_leads, owned.case_lead) == (True, None)


def test_d_a_church_may_help_to_find_the_way_and_never_signals_without_a_covenant(compass: Compass) -> None:
    place = compass.place
    compass.consent(compass.pastor.id)
    compass.meet()
    (match,) = place.matches()
    assert place.owner(match.id)[1] == compass.pastor.id
    for kind in ("church", "employer", "sports_club"):
        with pytest.raises(KindUnknownError):
            builders.admit_partner(place.database, kind, now=place.now)
    # Where the municipality does not work so, nobody of a church carries anything.
    other = Place(place.database, place.now, row=1)
    elsewhere = other.team(other.organisation("Andere gemeente"), 1)
    pastor = other.member(elsewhere, employer="community")
    able = other.system(eligible_members, elsewhere.id, on=other.now.date())
    assert pastor.id not in {member.staff_id for member in able}
