"""May they? Told by the people in it, over HTTP, on each kind of database."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.journeys.consent.conftest import ADULT, Story

Person = dict[str, object]
PARENTS = {"authorityAttested": True, "authorityHolders": 2, "holdersConsented": 2}


def test_sig_15_a_tenant_objects_and_the_landlords_signal_is_stopped(story: Story, person: Person) -> None:
    case_id = story.case(person, **ADULT)
    story.signal("housing_association", person, legalBasis="NO_OBJECTION", **ADULT)
    story.send("desk", "/objections", story.town.objection(person))
    assert story.inbox(case_id) == []
    again = story.signal("housing_association", person, legalBasis="NO_OBJECTION", **ADULT)
    assert story.inbox(case_id) == []
    assert story.call("housing_association", f"/signals/{again}")["state"] == "active"


def test_con_06_of_a_thirteen_year_old_one_consent_is_not_enough(story: Story, person: Person) -> None:
    age = {"bracket": "12-15", "bracketEnds": "2028-Q3", "partnerKinds": ["school"]}
    case_id = story.case(person)
    story.signal("school", person, legalBasis="CONSENT")
    story.consent(person, givenBy="representative", **PARENTS, **age)
    assert story.inbox(case_id) == []
    story.consent(person, givenBy="subject", **age)
    assert story.inbox(case_id) == ["match new"]


def test_con_04_what_was_attested_with_a_consent_stays_known_when_it_is_withdrawn(
    story: Story, person: Person
) -> None:
    age = {"bracket": "12-15", "bracketEnds": "2028-Q3"}
    elsewhere = {"by": "dora", "partnerKinds": ["housing_association"], "givenBy": "representative"}
    case_id = story.case(person)
    story.signal("school", person, legalBasis="CONSENT")
    three = {"authorityAttested": True, "authorityHolders": 3, "holdersConsented": 3}
    other = story.consent(person, **elsewhere, **three, **age)
    for who in ({"givenBy": "subject"}, {"givenBy": "representative", **PARENTS}):
        story.consent(person, partnerKinds=["school"], **who, **age)
    assert story.inbox(case_id) == []
    story.withdraw(other, by="dora")
    story.work()
    assert story.inbox(case_id) == []
    (waits,) = story.call("rights", "/authority-contradictions")["contradictions"]
    assert {one["said"] for one in waits["attestations"]} == {"most", "fewer"}
    # Who finds that it was wrong records it anew, as it is.
    story.wait(minutes=1)
    story.consent(person, **elsewhere, **PARENTS, **age)
    assert story.inbox(case_id) == ["match new"]


STAGES: dict[str, tuple[Callable[[Story, str], object], list[str]]] = {
    "while the notice is queued": (lambda _story, _case_id: None, []),
    "while it is read": (lambda story, case_id: story.inbox(case_id), ["match void", "void new"]),
    "after it was acknowledged": (
        lambda story, case_id: story.acknowledge(case_id),
        ["match void", "void new"],
    ),
}


@pytest.mark.parametrize("stage", STAGES)
def test_con_04_a_consent_is_withdrawn(story: Story, person: Person, stage: str) -> None:
    reach, left = STAGES[stage]
    case_id = story.case(person, **ADULT)
    consent_id = story.consent(person)
    story.signal("housing_association", person, legalBasis="CONSENT", **ADULT)
    reach(story, case_id)
    story.withdraw(consent_id)
    assert story.inbox(case_id) == left
    story.signal("housing_association", person, legalBasis="CONSENT", **ADULT)
    assert story.inbox(case_id) == left


def test_mat_13_a_police_signal_never_reaches_a_school(story: Story, person: Person) -> None:
    case_id = story.case(person)
    decision = {"legalBasis": "WPG_YOUTH", "decisionReference": str(UUID(int=7))}
    police = story.signal("police", person, **decision)
    school = story.signal("school", person)
    story.work()
    assert story.inbox(case_id) == ["match new", "match new"]
    seen = [story.call("school", "/signals?pageSize=200"), story.call("school", f"/signals/{school}")]
    for path in ("/notices", "/intake-items", f"/signals/{police}"):
        answer = story.town.client("school").get(path)
        assert answer.status_code in {403, 404}
        seen.append(answer.json())
    organisation = str(story.town.sender("police").partner.id)
    assert not any(known in json.dumps(seen) for known in (police, organisation))
    told = story.town.rows("SELECT DISTINCT organisation_id FROM staff JOIN notice ON recipient = staff.id")
    assert {UUID(str(row[0])) for row in told} == {story.town.people.team.id}


def test_sig_18_a_signal_about_the_wrong_person_is_taken_back_from_all_who_were_told(
    story: Story, person: Person
) -> None:
    case_id = story.case(person)
    signal_id = story.signal("school", person)
    story.acknowledge(case_id)
    story.call("school", f"/signals/{signal_id}/withdrawal", {"reason": "unjustified"})
    story.town.match()
    assert story.inbox(case_id) == ["match void", "void new"]
    assert UUID(signal_id) not in story.town.kept()


def test_sig_18_whoever_took_it_from_the_intake_hears_too(story: Story, person: Person) -> None:
    signal_id = story.signal("school", person)
    story.signal("youth_care", person)
    item = story.call("lead", "/intake-items")["items"][-1]
    taken = story.call("bram", f"/intake-items/{item['itemId']}/acceptance", {})
    assert signal_id in json.dumps(taken)
    story.call("school", f"/signals/{signal_id}/withdrawal", {"reason": "unjustified"})
    story.town.match()
    assert "void" in {one["kind"] for one in story.call("bram", "/notices?state=all")["notices"]}


def test_tra_01_a_notice_attested_later_opens_the_way(story: Story, person: Person) -> None:
    case_id = story.case(person)
    signal_id = story.signal("school", person, subjectNotice="pending")
    assert story.inbox(case_id) == []
    story.wait(days=40)
    overdue = story.call("school", "/signals?notice=overdue")["signals"]
    assert [one["signalId"] for one in overdue] == [signal_id]
    told = {"givenDate": story.today, "givenTo": ["representative", "subject"], "authorityHolders": 2}
    story.call("school", f"/signals/{signal_id}/subject-notice", told)
    story.work()
    assert story.inbox(case_id) == ["match new"]
    assert story.call("school", "/signals?notice=overdue")["signals"] == []


def test_tra_04_an_exception_needs_two_and_ends(story: Story, person: Person) -> None:
    case_id = story.case(person)
    signal_id = story.signal("school", person, subjectNotice="exception")
    path = f"/signals/{signal_id}/notice-exception"
    asked = story.call("teacher", path, {"code": "protection_of_others"}, status=201)
    approval = f"/change-proposals/{asked['changeId']}/approval"
    story.call("teacher", approval, {}, status=403)
    story.work()
    assert story.inbox(case_id) == []
    story.call("head", approval, {})
    story.work()
    assert story.inbox(case_id) == ["match new"]
    story.wait(days=29)
    assert "void new" in story.inbox(case_id)
    assert story.call("school", f"/signals/{signal_id}")["subjectNotice"] == "pending"


def test_con_11_an_override_without_a_second_person_closes_within_a_day(story: Story, person: Person) -> None:
    case_id = story.case(person)
    signal_id = story.signal("school", person, subjectNotice="pending")
    ask = {"signalId": signal_id, "ground": "vital_interest"}
    story.call("school", "/overrides", ask, status=403)
    override = story.call("anna", "/overrides", ask, status=201)
    story.work()
    assert story.inbox(case_id) == ["match new"]
    path = f"/overrides/{override['overrideId']}"
    story.call("anna", f"{path}/confirmation", {}, status=403)
    story.wait(hours=25)
    assert story.inbox(case_id) == ["match void", "void new"]
    story.call("bram", f"{path}/confirmation", {}, status=409)
    (waiting,) = story.call("officer", "/overrides")["overrides"]
    assert (waiting["overrideId"], waiting["state"]) == (override["overrideId"], "closed")
    story.call("officer", f"{path}/review", {"outcome": "not_needed"})
    story.call("anna", f"{path}/subject-notice", {"outcome": "given", "givenDate": story.today})
    assert story.call("officer", "/overrides")["overrides"] == []


def test_con_09_parental_consent_lapses_at_sixteen(story: Story, person: Person) -> None:
    """Last, for it takes the longest: by July she is sixteen."""
    age = {"bracket": "12-15", "bracketEnds": "2027-Q2"}
    case_id = story.case(person, **age)
    story.consent(person, givenBy="both", partnerKinds=["school"], **PARENTS, **age)
    first = story.signal("school", person, legalBasis="CONSENT", **age)
    assert story.inbox(case_id) == ["match new"]
    story.wait(days=230)
    assert story.call("school", f"/signals/{first}")["state"] == "expired"
    sixteen = {"bracket": "16-17", "bracketEnds": "2029-Q2"}
    case_id = story.case(person, **sixteen)
    story.signal("school", person, legalBasis="CONSENT", **sixteen)
    assert story.inbox(case_id) == []
    story.consent(person, givenBy="subject", partnerKinds=["school"], **sixteen)
    assert story.inbox(case_id) == ["match new"]
