"""The fifteen questions of a privacy officer, one test each, and who may ask what."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from hub.audit.models import LOG
from hub.audit.reading import ReadingPurpose
from hub.partners.errors import RoleNotAllowedError
from hub.questions import texts
from hub.questions.errors import (
    NotInMunicipalityError,
    PurposeNotAllowedError,
    QuestionIncompleteError,
    RequestNotVerifiedError,
)
from hub.questions.service import ANSWERING
from hub.questions.values import Lost, QuestionId, merged
from service.work import OPERATOR, SYSTEM
from tests.builders import audit_values, staff_caller
from tests.hub.questions.conftest import FLOOD, NOW, Story

TESTS = Path(__file__).read_text("utf-8")
TODAY = NOW.date().isoformat()


def test_aud_01_who_signalled_and_who_heard(story: Story) -> None:
    lines = story.lines(1)
    first = next(one for one in lines if one["signal"] == str(story.mila))
    assert (first["organisation"], first["date"], first["state"]) == ("De Linde", TODAY, "active")
    assert first["told"] == "Wijkteam Oost (1)"
    assert [one["state"] for one in lines].count("withdrawn") == 1
    assert all(one["removed"] for one in lines if one["state"] == "withdrawn")


def test_aud_02_on_what_each_disclosure_rested(story: Story) -> None:
    [one] = [one for one in story.lines(2) if one["signal"] == str(story.mila)]
    assert (one["sender"], one["receiver"], one["basis"]) == ("De Linde", "Wijkteam Oost", "JW_7_1_4_1")
    assert one["notice"] == "given"
    assert "basis_in_force" in str(one["reasons"])
    assert re.fullmatch("[0-9a-f]{32}", str(one["policy"]))
    assert one["text"] == ""


def test_aud_02_with_which_text_a_consent_was_asked(story: Story) -> None:
    [one] = [one for one in story.lines(2) if one["sender"] == "Woonstad Zuid"]
    assert (one["basis"], one["text"]) == ("CONSENT", "2026-1")


def test_aud_03_what_was_done_about_a_person_on_their_request(story: Story) -> None:
    lines = story.lines(3, request_id=story.request_id)
    acts = [one["act"] for one in lines]
    assert {"signal.accepted", "case.registered", "match.created", "notice.shown"} <= set(acts)
    assert all("signal" not in one for one in lines)


def test_aud_03_leaves_out_what_is_under_an_exception(story: Story) -> None:
    """Also that it met a case, and who looked: no line may show that there was one."""
    acts = {one["act"] for one in story.lines(3, request_id=story.excepted, now=NOW)}
    assert acts == {"case.registered"}


def test_aud_03_takes_a_request_that_was_verified_and_searched(story: Story) -> None:
    with pytest.raises(QuestionIncompleteError):
        story.ask(3)
    with pytest.raises(RequestNotVerifiedError):
        story.ask(3, request_id=story.unsearched)
    with pytest.raises(NotInMunicipalityError):
        story.ask(3, request_id=uuid4())
    with pytest.raises(NotInMunicipalityError):
        story.ask(3, request_id=story.request_id, caller=staff_caller(story.stranger))
    with pytest.raises(PurposeNotAllowedError):
        story.ask(3, request_id=story.request_id, purpose=ReadingPurpose.SUPERVISION)


def test_aud_04_what_one_employee_did(story: Story) -> None:
    of_anna = story.lines(4, staff_id=story.town.anna.id)
    assert {"case.registered", "notice.shown", "override.asked"} <= {one["act"] for one in of_anna}
    of_reporter = story.lines(4, staff_id=story.school.reporter.id)
    assert str(story.mila) in {one["about"] for one in of_reporter}
    assert "case.registered" not in {one["act"] for one in of_reporter}
    # Who brought what another weighed did so too. Source: SIG-12.
    assert [one["act"] for one in story.lines(4, staff_id=story.clerk.id)] == ["signal.accepted"]
    with pytest.raises(NotInMunicipalityError):
        story.ask(4, staff_id=story.town.anna.id, caller=staff_caller(story.stranger))


def test_aud_05_which_overrides(story: Story) -> None:
    [one] = story.lines(5)
    assert (one["ground"], one["employee"]) == ("vital_interest", str(story.town.anna.id))
    assert (one["second"], one["review"]) == (str(story.town.bram.id), "justified")


def test_aud_06_what_of_the_police_was_told(story: Story) -> None:
    [one] = story.lines(6)
    assert (one["sender"], one["receiver"], one["basis"]) == ("Basisteam Oost", "Wijkteam Oost", "WPG_YOUTH")


def test_aud_07_what_was_refused_by_which_rule(story: Story) -> None:
    found = [(one["organisation"], one["rule"]) for one in story.lines(7)]
    assert ("Wijkteam Oost", "role_not_allowed") in found
    malformed = [one for one in story.lines(7) if one["act"] == "message.malformed"]
    assert [(one["organisation"], one["count"]) for one in malformed] == [("De Linde", FLOOD)]
    everywhere = story.ask(7, caller=OPERATOR, purpose=ReadingPurpose.OPERATION).lines
    assert [one["organisation"] for one in everywhere if one["act"] == "message.malformed"] == [
        "",
        "De Linde",
    ]


def test_aud_08_who_checked_the_log(story: Story) -> None:
    lines = story.lines(8)
    assert lines[0]["act"] == "not_cosigned"
    assert int(lines[0]["size"]) > 30


def test_aud_09_what_should_have_been_gone(story: Story) -> None:
    assert {"signal", "caseload", "decision"} & {one["rule"] for one in story.lines(9)}


def test_aud_10_what_nobody_took_up(story: Story) -> None:
    lines = story.lines(10)
    assert lines
    assert {one["organisation"] for one in lines} == {"Wijkteam Oost"}


def test_aud_11_who_has_which_role(story: Story) -> None:
    by_person = {one["employee"]: one for one in story.lines(11)}
    anna, bram = (by_person[str(one.id)] for one in (story.town.anna, story.town.bram))
    assert (anna["role"], anna["granted_by"], anna["clashes"]) == ("casemanager", "operator", "no")
    assert (anna["last_seen"], bram["dormant"]) == (TODAY, "no")
    assert by_person[str(story.town.desk.id)]["dormant"] == "no"


def test_aud_12_which_requests(story: Story) -> None:
    found = [(one["kind"], one["state"]) for one in story.lines(12)]
    assert sorted(found) == [("access", "searched"), ("access", "searched"), ("erasure", "received")]


def test_aud_13_what_was_done_with_keys(story: Story) -> None:
    lines = story.lines(13)
    assert {"key.destroyed", "key.renewed"} <= {one["act"] for one in lines}
    [used] = [one for one in lines if one["act"] == "key.used"]
    assert (used["organisation"], used["count"]) == ("De Linde", 40)


def test_aud_14_what_a_loss_opens_and_who_must_know(story: Story) -> None:
    with pytest.raises(QuestionIncompleteError):
        story.ask(14)
    database = story.lines(14, lost=frozenset({Lost.HUB_DATABASE}))
    worst = story.lines(14, lost=frozenset({Lost.HUB_DATABASE, Lost.HUB_KEYS, Lost.HOLDER_STORE}))
    assert worst[0]["act"] == "identifies_persons"
    assert "identifies_persons" not in {one["act"] for one in database}
    assert {one.get("organisation") for one in database} >= {"De Linde", "Basisteam Oost"}


def test_aud_15_whether_anything_came_in_that_is_on_no_list(story: Story) -> None:
    counts = {one["act"]: one["count"] for one in story.lines(15)}
    assert counts["signal.kind"] == counts["signal.bracket"] == counts["registration.kind"] == 0
    assert counts["envelopes_unopened"] == 0
    assert counts["messages_malformed"] == FLOOD


def test_all_fifteen_are_there_and_each_has_a_test() -> None:
    assert [one.value for one in QuestionId] == [f"AUD-{number:02}" for number in range(1, 16)]
    assert list(ANSWERING) == list(QuestionId)
    for one in QuestionId:
        assert f"def test_{one.value.lower().replace('-', '_')}_" in TESTS
        assert all(texts.title_of(one).values())


def test_every_answer_is_said_in_both_languages(story: Story) -> None:
    about: dict[int, dict[str, object]] = {
        3: {"request_id": story.request_id},
        4: {"staff_id": story.town.anna.id},
        14: {"lost": frozenset(Lost)},
    }
    for number, id_ in enumerate(QuestionId, start=1):
        for one in story.lines(number, **about.get(number, {})):
            said = texts.say(id_, one)
            assert said["nl"] != said["en"]
    one = story.lines(3, **about[3])[0]
    assert texts.say(QuestionId.AUD_03, one)["nl"].startswith(f"{TODAY}: ")


def test_who_asked_what_about_whom_is_in_the_log_and_about_whom_is_sealed(story: Story) -> None:
    story.ask(4, staff_id=story.town.bram.id)
    with story.database.look(SYSTEM) as work:
        leaves = [json.loads(row.leaf) for row in work.session.execute(select(LOG.event))]
        asked = [leaf for leaf in leaves if leaf["ev"] == "log.read" and leaf["pur"] == "misuse_check"]
        subjects = audit_values(work, "subject", [bytes.fromhex(leaf["id"]) for leaf in asked])
    assert str(story.town.bram.id) not in json.dumps(leaves)
    assert any(str(story.town.bram.id).encode() in one for one in subjects)


def test_equal_events_of_a_day_are_one_line(story: Story) -> None:
    for _ in range(2):
        story.ask(8, purpose=ReadingPurpose.EXTERNAL_AUDIT)
    story.settle()
    [count] = [one["count"] for one in story.lines(8) if one.get("purpose") == "external_audit"]
    assert count == 2


def test_only_a_privacy_officer_asks_and_only_about_the_own_municipality(story: Story) -> None:
    with pytest.raises(RoleNotAllowedError):
        story.ask(1, caller=staff_caller(story.town.anna))
    stranger = staff_caller(story.stranger)
    for number in (1, 2, 5, 6, 10, 12):
        assert story.ask(number, caller=stranger).lines == []
    assert {one["organisation"] for one in story.ask(11, caller=stranger).lines} == {"Wijkteam Elders"}
    assert story.ask(1, caller=OPERATOR).lines


def test_a_day_is_a_dutch_one() -> None:
    moments = (datetime(2026, 11, 15, hour, 30, tzinfo=UTC) for hour in (22, 23))
    next_day = datetime(2026, 11, 16, 22, 30, tzinfo=UTC)
    lines = merged([*((one, 1, {"act": "log.read"}) for one in moments), (next_day, 2, {"act": "log.read"})])
    assert [(one["date"], one["count"]) for one in lines] == [("2026-11-15", 1), ("2026-11-16", 3)]


def test_an_answer_comes_in_pages(story: Story) -> None:
    everything = story.lines(1)
    first = story.ask(1, page_size=1)
    assert (list(first.lines), first.next_page) == (everything[:1], 2)
    last = story.ask(1, page_size=1, page=len(everything))
    assert (list(last.lines), last.next_page) == (everything[-1:], None)


def test_a_period_is_a_year_at_most(story: Story) -> None:
    for days in (-1, 400):
        with pytest.raises(QuestionIncompleteError):
            story.ask(1, until=NOW.date() - timedelta(days=5) + timedelta(days=days))
