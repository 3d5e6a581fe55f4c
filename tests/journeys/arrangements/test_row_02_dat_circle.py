"""The weekly contact with police and housing: partners post, the Loket hears, no partner hears of another."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from hub.consent.service import FeedbackCode
from hub.matches.feedback import give_feedback, list_feedback
from hub.matches.owning import acknowledge
from hub.notices.service import NoticeState
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Staff
from hub.signals.errors import SignalMissingError
from hub.signals.service import WithdrawalReason, get_own, list_own, withdraw
from hub.teams.values import Team
from service.errors import RefusedError
from service.work import Work
from tests.builders import Sender
from tests.journeys.arrangements.place import Place


@dataclass
class Circle:
    """The Loket, and who sits at its table."""

    place: Place
    team: Team
    lead: Staff
    anna: Staff
    police: Sender
    housing: Sender


@pytest.fixture
def circle(place: Place) -> Circle:
    organisation = place.organisation("Loket Voorbeeld")
    team = place.team(organisation, 1, municipality="0352")
    people = [place.member(team, role) for role in ("team_lead", "casemanager")]
    place.adopt("dat_circle", organisation)
    return Circle(
        place, team, *people, place.partner("police"), place.partner("housing_association", "Woonvast")
    )


def meet(circle: Circle) -> None:
    """Police and housing both meet somebody whom Anna serves."""
    circle.place.case(circle.anna, "jan", **AGE)
    circle.place.signal(circle.police, "jan", legalBasis="WPG_YOUTH", decisionReference=DECISION, **AGE)
    circle.place.signal(circle.housing, "jan", legalBasis="NO_OBJECTION", **AGE)


AGE = {"bracket": "18-22", "bracketEnds": "2028-Q3"}
DECISION = "5d9d1f4e-6f0c-4f27-9f0a-2f6a4d7a9b11"


def test_the_loket_hears_of_both_and_of_the_police_the_domain_only(circle: Circle) -> None:
    meet(circle)
    found = sorted((notice.level, notice.partner) for notice in circle.place.inbox(circle.anna))
    assert found == [(1, "safety"), (2, "Woonvast")]


def test_a_the_police_never_see_what_the_housing_association_signals_and_the_reverse(circle: Circle) -> None:
    place = circle.place
    meet(circle)
    for sender in (circle.police, circle.housing):
        assert place.heard(sender.reporter) == []
        with pytest.raises((RoleNotAllowedError, RefusedError)):
            place.agenda(sender.reporter)
        own, _ = place.by(sender.reporter, list_own, cursor=None, page_size=10)
        assert [signal.organisation_id for signal in own] == [sender.partner.id]
    theirs, _ = place.by(circle.housing.reporter, list_own, cursor=None, page_size=10)
    for look in (get_own, take_back):
        with pytest.raises(SignalMissingError):
            place.by(circle.police.reporter, look, theirs[0].id)


def take_back(work: Work, signal_id: UUID) -> None:
    """Try to withdraw a signal, which tells whether it is there."""
    withdraw(work, signal_id, WithdrawalReason.REASON_GONE)


def test_the_loket_posts_back_on_consent_to_the_housing_association_and_never_to_the_police(
    circle: Circle,
) -> None:
    place = circle.place
    meet(circle)

    def post_back() -> list[list[str]]:
        for match in place.matches():
            place.by(circle.anna, give_feedback, match.id, FeedbackCode.TAKEN_UP)
        heard = []
        for sender in (circle.housing, circle.police):
            with place.database.work(sender.caller, now=place.now) as work:
                heard.append([one.code.value for one in list_feedback(work)])
        return heard

    for notice in place.inbox(circle.anna):
        place.by(circle.anna, acknowledge, notice.notice_id, outcome=NoticeState.ACKNOWLEDGED)
    assert post_back() == [[], []]
    for kind in ("data_processing", "secrecy_waiver"):
        place.consent(circle.team, "jan", kind=kind, purpose="sender_feedback", **AGE)
    assert post_back() == [["taken_up"], []]


def test_a_two_partners_who_meet_somebody_without_a_case_learn_nothing_of_each_other(circle: Circle) -> None:
    home = {"lives": "0352", **AGE}
    circle.place.signal(circle.police, "piet", legalBasis="WPG_YOUTH", decisionReference=DECISION, **home)
    circle.place.signal(circle.housing, "piet", legalBasis="NO_OBJECTION", **home)
    (match,) = circle.place.matches()
    taken = circle.place.take(circle.anna, match.id)
    assert {handle.signal_id for handle in taken.handles} == {match.signal_id, match.other_id}
    for sender in (circle.police, circle.housing):
        assert circle.place.heard(sender.reporter) == []
        own, _ = circle.place.by(sender.reporter, list_own, cursor=None, page_size=10)
        assert len(own) == 1
        with circle.place.database.work(sender.caller, now=circle.place.now) as work:
            assert list_feedback(work) == []
