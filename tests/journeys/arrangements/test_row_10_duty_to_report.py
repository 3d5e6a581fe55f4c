"""Each signal opens an inquiry with the clocks of the law; the citizens' channel sees nothing."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hub.approving import EFFECTS
from hub.arrangements.clocks import ends_at
from hub.arrangements.errors import ArrangementInvalidError
from hub.arrangements.values import ClockCode
from hub.audit.lines import read_leaf
from hub.changes.kinds import ChangeReason
from hub.changes.service import approve
from hub.consent.loading import default_document
from hub.consent.versions import load_first, propose_policy
from hub.matches.errors import InquiryIncompleteError, NotOwnerError, ProgressInvalidError
from hub.matches.feedback import list_feedback
from hub.matches.inquiring import InquiryStep, NotInvolved, OpenInquiry, list_inquiries, record_inquiry
from hub.matches.states import MatchState
from hub.partners.errors import RoleNotAllowedError
from hub.partners.values import Partner, Staff
from hub.signals.service import WithdrawalReason, get_own, list_own, withdraw
from service.work import Work
from tests import builders
from tests.builders import Sender
from tests.journeys.arrangements.place import Place

LIVES = "0342"
DUTY = {"legalBasis": "DUTY_TO_REPORT", "lives": LIVES}
SENDERS = ["school", "youth_health", "citizen_channel"]


def lay_basis(place: Place, organisation: Partner) -> None:
    """Two persons put the law in force that this arrangement needs; no Dutch law is one."""
    document = deepcopy(default_document())
    youth = next(one for one in document["bases"] if one["code"] == "JW_7_1_4_1")
    duty = {"code": "DUTY_TO_REPORT", "source": "Barnets Lov", "partner_kinds": [*SENDERS, "municipal_team"]}
    document["bases"].append(youth | duty)
    lane = (
        next(name for name, bases in document["lanes"].items() if "JW_7_1_4_1" in bases)
        if "lanes" in document
        else None
    )
    school = next(one for one in document["partners"] if one["kind"] == "school")
    document["partners"].append(school | {"kind": "citizen_channel", "feedback": [], "feedback_codes": []})
    assert lane is None
    people = [
        builders.authorise_staff(place.database, organisation, role, now=place.now, contact=None)
        for role in ("covenant_manager", "privacy_officer")
    ]
    change = place.by(
        people[0],
        propose_policy,
        document,
        in_force_on=place.now.date(),
        reason=ChangeReason.COVENANT_CHANGED,
    )
    place.by(people[1], approve, change.id, effects=EFFECTS)


@dataclass
class Bureau:
    """Two social workers and their lead, the municipality's contact person, and who tells them."""

    place: Place
    lead: Staff
    anna: Staff
    watcher: Staff
    school: Sender
    nurse: Sender
    citizens: Sender

    def open(self) -> list[OpenInquiry]:
        found: list[OpenInquiry] = self.place.by(self.anna, list_inquiries)
        return found

    def record(self, **said: Any) -> OpenInquiry:
        """Anna says something of her one inquiry."""
        (match,) = self.place.matches()
        found: OpenInquiry = self.place.by(self.anna, record_inquiry, match.id, InquiryStep(**said))
        return found


@pytest.fixture
def bureau(place: Place) -> Bureau:
    organisation = place.organisation("Gemeente Voorbeeld")
    team = place.team(organisation, 1)
    anna, lead = place.member(team), place.member(team, "team_lead", employer="provider")
    place.operator(load_first)
    lay_basis(place, organisation)
    place.adopt("duty_to_report", organisation)
    watcher = builders.authorise_staff(place.database, organisation, "municipal_coordinator", now=place.now)
    partners = [place.partner(kind) for kind in SENDERS]
    return Bureau(place, lead, anna, watcher, *partners)


def test_a_one_signal_opens_an_inquiry_with_the_clocks_of_the_profile(bureau: Bureau) -> None:
    place = bureau.place
    place.signal(bureau.school, "jan", **DUTY)
    (match,) = place.matches()
    assert place.owner(match.id)[1] == bureau.anna.id
    assert [rule for _, rule in place.rules()] == ["inquiry"]
    assert [handle.signal_id for handle in place.take(bureau.anna, match.id).handles] == [match.signal_id]
    (inquiry,) = bureau.open()
    assert {one.code.value: one.due_at - inquiry.opened_at for one in inquiry.clocks} == {
        "assess": timedelta(hours=24),
        "decide": timedelta(days=14),
        "complete": timedelta(days=120),
    }
    # A second signal of the same child opens its own; that both are of one child is a match as anywhere.
    place.signal(bureau.nurse, "jan", **DUTY)
    assert [len({one.signal_id, one.other_id}) for one in place.matches()].count(1) == 2
    assert len(place.matches()) == 3


def test_a_what_stands_on_another_basis_or_lives_elsewhere_opens_none(bureau: Bureau) -> None:
    bureau.place.signal(bureau.school, "jan", lives=LIVES)
    bureau.place.signal(bureau.school, "piet", legalBasis="DUTY_TO_REPORT")
    assert bureau.place.matches(None) == []


def test_a_without_a_law_for_it_the_arrangement_is_refused(place: Place) -> None:
    organisation = place.organisation("Gemeente Voorbeeld")
    place.team(organisation, 1)
    with pytest.raises(ArrangementInvalidError) as refusal:
        place.adopt("duty_to_report", organisation)
    assert refusal.value.places == ("/inquiry/bases", "/inquiry/legal_basis")


def test_a_an_inquiry_goes_with_its_signal(bureau: Bureau) -> None:
    place = bureau.place
    signal_id = place.signal(bureau.school, "jan", **DUTY)
    (match,) = place.matches()
    place.take(bureau.anna, match.id)
    with place.database.work(bureau.school.caller, now=place.now) as work:
        withdraw(work, signal_id, WithdrawalReason.UNJUSTIFIED)
    place.work()
    assert [one.state for one in place.matches(None)] == [MatchState.VOID]
    assert "void" in place.heard(bureau.anna)
    assert bureau.open() == []


def test_a_that_it_was_opened_is_in_the_log_of_the_organisation_whose_team_it_is(bureau: Bureau) -> None:
    bureau.place.signal(bureau.school, "jan", **DUTY)

    def find(work: Work) -> list[UUID | None]:
        leaves = work.session.execute(text("SELECT leaf FROM audit_event")).scalars()
        said = [read_leaf(bytes(leaf)) for leaf in leaves]
        return [one["organisation_id"] for one in said if one["code"] == "inquiry.opened"]

    assert bureau.place.system(find) == [bureau.anna.organisation_id]


def test_a_what_no_longer_stands_is_not_shown_again_though_no_worker_came_by(bureau: Bureau) -> None:
    place = bureau.place
    signals = {place.signal(bureau.school, person, **DUTY) for person in ("jan", "piet")}
    first, second = place.matches()
    for match in (first, second):
        place.take(bureau.anna, match.id)
    for signal_id in signals:
        with place.database.work(bureau.school.caller, now=place.now) as work:
            withdraw(work, signal_id, WithdrawalReason.UNJUSTIFIED)
    heard = InquiryStep(child_heard_on=place.now.date())
    assert place.by(bureau.anna, record_inquiry, first.id, heard) is None
    with pytest.raises(NotOwnerError):
        place.by(bureau.lead, record_inquiry, second.id, heard)
    assert bureau.open() == []


def test_b_a_clock_that_is_missed_calls_the_lead_and_the_municipality_once(bureau: Bureau) -> None:
    place = bureau.place
    place.signal(bureau.school, "jan", **DUTY)
    (match,) = place.matches()
    place.take(bureau.anna, match.id)
    place.wait(hours=23)
    assert place.heard(bureau.watcher) == []
    place.wait(hours=2)
    place.wait(minutes=10)
    assert (place.heard(bureau.watcher), place.heard(bureau.lead)) == (["escalated"], ["stalled"])
    (inquiry,) = bureau.open()
    assert [one.code for one in inquiry.clocks if one.missed_at] == [ClockCode.ASSESS]
    (call,) = place.inbox(bureau.watcher)
    assert (call.partner, call.handle, call.case_id, call.contact_date) == (None, None, None, None)


def test_b_a_clock_that_was_met_calls_nobody(bureau: Bureau) -> None:
    bureau.place.signal(bureau.school, "jan", **DUTY)
    (match,) = bureau.place.matches()
    with pytest.raises(NotOwnerError):
        bureau.record(done=frozenset({ClockCode.ASSESS}))
    bureau.place.take(bureau.anna, match.id)
    bureau.record(done=frozenset({ClockCode.ASSESS}))
    bureau.place.wait(days=2)
    assert bureau.place.heard(bureau.watcher) == []


def test_c_that_the_child_was_heard_and_parents_involved_or_why_not_is_said_before_it_closes(
    bureau: Bureau,
) -> None:
    bureau.place.signal(bureau.school, "jan", **DUTY)
    (match,) = bureau.place.matches()
    bureau.place.take(bureau.anna, match.id)
    today, close = bureau.place.now.date(), frozenset({ClockCode.COMPLETE})
    with pytest.raises(ProgressInvalidError):
        bureau.record(child_heard_on=today + timedelta(days=1))
    with pytest.raises(ProgressInvalidError):
        bureau.record(parents_involved_on=today, parents_not_involved=NotInvolved.UNSAFE)
    bureau.record(child_heard_on=today)
    with pytest.raises(InquiryIncompleteError):
        bureau.record(done=close)
    closed = bureau.record(done=close, parents_not_involved=NotInvolved.UNSAFE)
    assert (closed.child_heard_on, closed.parents_not_involved) == (today, NotInvolved.UNSAFE)
    assert [one.code for one in closed.clocks if one.met_at] == [ClockCode.COMPLETE]


def test_d_what_citizens_say_comes_by_a_channel_of_its_own_that_sees_nothing(bureau: Bureau) -> None:
    place, citizens = bureau.place, bureau.citizens
    signal_id = place.signal(citizens, "jan", **DUTY)
    (match,) = place.matches()
    assert place.owner(match.id)[1] == bureau.anna.id
    looks: list[tuple[Any, dict[str, Any]]] = [
        (list_own, {"cursor": None, "page_size": 10}),
        (get_own, {"signal_id": signal_id}),
        (list_feedback, {}),
    ]
    for look, facts in looks:
        with pytest.raises(RoleNotAllowedError), place.database.work(citizens.caller, now=place.now) as work:
            look(work, **facts)
    for look in (place.agenda, place.inbox):
        with pytest.raises(RoleNotAllowedError):
            look(citizens.reporter)


@pytest.mark.parametrize(
    ("within", "ends"),
    [
        ("24h", datetime(2027, 1, 1, 9, tzinfo=UTC)),
        ("14d", datetime(2027, 1, 14, 9, tzinfo=UTC)),
        ("2m", datetime(2027, 2, 28, 9, tzinfo=UTC)),
        ("4m", datetime(2027, 4, 30, 8, tzinfo=UTC)),
    ],
)
def test_a_clocks_run_in_the_calendar(within: str, ends: datetime) -> None:
    assert ends_at(datetime(2026, 12, 31, 9, tzinfo=UTC), within) == ends
    assert ends.date() > date(2026, 12, 31)
