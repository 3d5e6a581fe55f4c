"""The privacy officer's pages: for a purpose, on the record, of the own municipality, with two persons."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from hub.alarms.service import raise_alarms
from hub.alarms.values import AlarmCode, Found
from hub.samples.service import list_drawn
from hub.web.oversight import count_lately
from service import clock
from service.work import SYSTEM
from tests.browsers import PHONE
from tests.builders import staff_caller
from tests.pages.conftest import Site
from tests.pages.test_browser import log_in, prove, window
from tests.promises import acts

LOOKING = ("/oversight", "/warnings", "/reviews", "/keeping", "/changes")
FOR_A_PURPOSE = (
    "/log",
    "/requests",
    "/questions",
    "/questions/AUD-01",
    "/questions/AUD-02",
    "/questions/AUD-11",
)


@pytest.fixture(scope="module")
def busy(site: Site) -> Site:
    """A day on which everything happened that a privacy officer looks at."""
    town = site.town
    acts.override(town)
    acts.filed(town)
    acts.tell(town)
    acts.propose(town)
    assert town.client("anna").get("/notices").status_code == 200
    assert town.client("anna").get("/retention-report").status_code == 403
    anna = town.staff("anna")
    with town.database.work(SYSTEM) as work:
        raise_alarms(work, [Found(AlarmCode.UNUSUAL_READING, anna.organisation_id, anna.id, 61, 40, "pages")])
    site.settle()
    return site


class AsideError(Exception):
    """Undo what was done only to look ahead."""


def readings(site: Site) -> list[tuple[str, str]]:
    """Every look in the log so far: its code and purpose."""
    site.settle()
    return [
        (code, purpose)
        for code, purpose in site.town.rows(
            "SELECT code, purpose FROM audit_line WHERE code = 'log.read' ORDER BY shard, idx"
        )
    ]


def test_the_log_is_read_for_a_purpose_that_was_chosen_first_and_the_look_is_in_it(busy: Site) -> None:
    officer = busy.visitor("officer")
    before = len(readings(busy))
    asked = officer.get("/log")
    assert 'name="purpose" value="supervision"' in asked.text
    assert "Wijkteam Oost" not in asked.text
    assert "Wijkteam Oost" not in officer.get("/log?purpose=curiosity").text
    link_elsewhere = officer.get("/log?purpose=complaint", headers={"sec-fetch-site": "cross-site"})
    assert "Wijkteam Oost" not in link_elsewhere.text
    assert len(readings(busy)) == before
    assert "een noodprocedure gevraagd" in officer.get("/log?purpose=complaint").text
    assert readings(busy)[before:] == [("log.read", "complaint")]


def test_the_overview_counts_down_to_what_leaves_first(busy: Site) -> None:
    page = busy.visitor("officer").get("/oversight").text
    assert re.search(r"Wat het eerst volgens de termijn verdwijnt, over \d+ dag", page)
    assert "over de termijn en niet weg" in page


def test_the_log_is_filtered(busy: Site) -> None:
    officer = busy.visitor("officer")
    refused = officer.get("/log?purpose=supervision&acts=refused").text
    assert "dit hoort niet bij de rol" in refused
    assert "een noodprocedure gevraagd" not in refused
    anna = busy.town.staff("anna").id
    asked = officer.get(f"/log?purpose=supervision&staff={anna}").text
    assert f'name="staff" value="{anna}"' in asked
    assert "Wijkteam Oost" not in asked
    hers = officer.get(f"/log?purpose=misuse_check&staff={anna}").text
    assert "een noodprocedure gevraagd" in hers
    assert "alarm geslagen" not in hers
    assert (
        "Er is niets gevonden"
        in officer.get("/log?purpose=supervision&since=2020-01-01&until=2020-01-02").text
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_where_the_calendar_ends_is_no_day(busy: Site, day: str) -> None:
    officer, period = busy.visitor("officer"), f"purpose=supervision&since={day}&until={day}"
    for path in ("/log", "/questions/AUD-02"):
        assert officer.get(f"{path}?{period}").status_code == 200
    assert officer.get(f"/questions/AUD-02?purpose=supervision&page={'9' * 5000}").status_code == 200


def test_every_question_is_one_click_and_says_what_it_needs_more(busy: Site) -> None:
    officer = busy.visitor("officer")
    page = officer.get("/questions?purpose=supervision").text
    links = re.findall(r'href="(/questions/AUD-\d\d[^"]*)"', page)
    assert len(links) == 15
    for link in links:
        answer = officer.get(link)
        assert answer.status_code == 200, link
        assert ("Waarvoor kijkt u?" in answer.text) == ("purpose" not in link)
    wrong = officer.get("/questions/AUD-04?purpose=misuse_check&staff=somebody").text
    assert 'aria-describedby="fault-staff-fault"' in wrong
    assert 'href="#fault-staff"' in wrong
    lost = officer.get("/questions/AUD-14?purpose=breach&lost=hub_keys&lost=hub_database").text
    assert "de sleutels van de hub" in lost
    assert officer.get("/questions/AUD-99?purpose=breach").status_code == 404


def test_a_privacy_officer_of_another_municipality_sees_nothing_of_this_one(busy: Site) -> None:
    other, ours = busy.visitor("elsewhere"), "Wijkteam Oost"
    for path in (*LOOKING, *(f"{path}?purpose=supervision" for path in FOR_A_PURPOSE)):
        page = other.get(path)
        assert page.status_code == 200, path
        shown = re.sub(r"<select.*?</select>", "", page.text, flags=re.S)  # who takes part is public
        assert ours not in shown.replace("Voorgesteld door</dt><dd>Wijkteam Oost", ""), path
    overview = other.get("/oversight").text
    counts = dict(re.findall(r'href="(/\w+)"><strong class="dat-figure__count">(\d+)', overview))
    assert counts["/warnings"] == counts["/reviews"] == counts["/requests"] == "0"
    anna = busy.town.staff("anna").id
    for path in ("/log", "/questions/AUD-04"):
        assert other.get(f"{path}?purpose=misuse_check&staff={anna}").status_code == 404


def test_what_is_judged_is_judged_once_and_what_is_forgotten_is_named(busy: Site) -> None:
    officer = busy.visitor("officer")
    page = officer.get("/reviews").text
    override = re.findall(r"/overrides/([0-9a-f-]{36})/review", page)[0]
    drawn = re.findall(r"/samples/([0-9a-f-]{36})/finding", page)[0]
    wrong = officer.post(f"/overrides/{override}/review", {"outcome": "perhaps"})
    assert wrong.status_code == 400
    assert 'id="fault-outcome-fault"' in wrong.text
    assert "Verbeter het formulier" in wrong.text
    assert (
        "oordeel staat in het logboek"
        in officer.post(f"/overrides/{override}/review", {"outcome": "justified"}).text
    )
    other = busy.visitor("elsewhere")
    assert other.post(f"/samples/{drawn}/finding", {"finding": "in_order"}).status_code == 404
    assert other.post(f"/overrides/{override}/postponement").status_code == 404
    assert officer.post(f"/samples/{drawn}/finding", {"finding": "in_order"}).status_code == 200
    assert officer.post(f"/samples/{drawn}/finding", {"finding": "no_reason"}).status_code == 409
    assert f"/samples/{drawn}/" not in officer.get("/reviews").text


def test_what_of_the_sample_nobody_judged_in_time_stays_as_late_and_not_for_ever(busy: Site) -> None:
    caller, found = staff_caller(busy.town.staff("officer")), list[bool]()

    def drawn(days: int) -> list[bool]:
        then = clock.now() + timedelta(days=days)
        with suppress(AsideError), busy.town.database.work(caller, now=then) as work:
            found[:] = [one.late for one in list_drawn(work)]
            raise AsideError  # of what will be nothing is written down now
        return list(found)

    assert set(drawn(29)) == {False}
    assert set(drawn(32)) == {True}
    assert drawn(95) == []


def test_what_is_kept_is_counted_once_in_a_while_and_each_look_is_in_the_log(busy: Site) -> None:
    def looks() -> int:
        return len(busy.town.rows("SELECT 1 FROM audit_line WHERE code = 'retention.reported'"))

    busy.settle()
    before, officer = looks(), busy.visitor("officer")
    first = officer.get("/keeping").text
    busy.meeting()
    assert count_of(officer.get("/keeping").text) == count_of(first)
    assert re.search(r"Geteld op \d+ \w+, \d\d:\d\d", first)
    busy.settle()
    assert looks() == before + 2


def test_what_was_counted_for_one_municipality_is_not_shown_to_another(busy: Site) -> None:
    with busy.town.database.look(SYSTEM) as work:
        ours, theirs = (count_lately(work, place).rules for place in (None, UUID(int=7)))
        assert sum(one.rows for one in theirs) < sum(one.rows for one in ours)


def count_of(page: str) -> list[int]:
    """How much there is by each rule."""
    return [int(number) for number in re.findall(r'class="utrecht-table__cell dat-count">(\d+)', page)]


def test_a_warning_is_closed_with_what_was_found(busy: Site) -> None:
    officer = busy.visitor("officer")
    warning = re.findall(r"/warnings/([0-9a-f-]{36})/closure", officer.get("/warnings").text)[0]
    assert "fault-reason" in officer.post(f"/warnings/{warning}/closure", {}).text
    assert (
        busy.visitor("elsewhere").post(f"/warnings/{warning}/closure", {"reason": "explained"}).status_code
        == 404
    )
    assert "afgesloten" in officer.post(f"/warnings/{warning}/closure", {"reason": "explained"}).text
    assert "Er is een goede verklaring" in officer.get("/warnings?view=closed").text


def test_the_log_is_recomputed_now_and_that_is_in_it(busy: Site) -> None:
    page = busy.visitor("officer").post("/verification").text
    assert "Er is niets veranderd, weggelaten of toegevoegd" in page
    busy.settle()
    assert busy.town.rows("SELECT 1 FROM audit_line WHERE code = 'log.verified' AND role = 'staff'")


def test_a_second_person_reads_what_changes_proves_who_they_are_and_agrees(
    busy: Site, browser: Browser
) -> None:
    proposer, change = busy.visitor("covenants"), acts.propose(busy.town)
    assert change in proposer.get("/changes").text
    own = proposer.get(f"/changes/{change}").text
    assert "Trek het terug" in own
    assert "Ik ben akkoord" not in own
    with window(browser, PHONE) as page:
        log_in(page, busy, "officer")
        page.goto(f"{busy.url}/changes/{change}")
        page.get_by_role("button", name="Ik ben akkoord").click()
        prove(page, "officer")
        page.get_by_role("button", name="Ik ben akkoord").click()
        page.get_by_text("U bent akkoord gegaan").wait_for()


def test_forms_in_other_tabs_still_count_after_proving_anew_and_not_after_another_login(site: Site) -> None:
    visitor = site.stranger()
    visitor.log_in("bram")
    before = visitor.form_secret()
    visitor.prove("bram")
    away = {"since": "2031-01-06", "until": "2031-01-05"}
    assert visitor.post("/absence", away, secret=before).status_code == 400
    assert visitor.form_secret() == before
    visitor.get("/login")
    assert visitor.form_secret() != before
    assert visitor.post("/absence", away, secret=before).status_code == 403
