"""The team lead's pages, households, the mail's rhythm, and the public register."""

from __future__ import annotations

import re
from uuid import UUID

from playwright.sync_api import Browser

from hub.matches.models import MatchRow
from hub.matches.states import MatchState
from hub.signals.models import SignalRow
from hub.statistics.counting import CATEGORIES
from hub.web.texts import CODES
from service.work import SYSTEM
from tests.browsers import PHONE
from tests.pages.conftest import Site
from tests.pages.released import release_a_table
from tests.pages.test_browser import log_in, window
from tests.promises import acts


def test_a_lead_gives_a_match_to_somebody_by_name_and_sees_who_has_what(site: Site, browser: Browser) -> None:
    site.waiting()
    bram = str(site.town.staff("bram").id)
    with window(browser, PHONE) as page:
        log_in(page, site, "lead")
        page.goto(f"{site.url}/team")
        row = page.locator("tr", has_text="wacht op het team").first
        number = row.locator(".dat-number").first.inner_text()
        row.get_by_role("link", name="Geef aan iemand").click()
        assert page.locator("#match option:checked").inner_text() == number
        page.get_by_label("Aan wie").select_option(bram)
        page.get_by_role("button", name="Geef", exact=True).click()
        page.get_by_text("Uw collega wordt gevraagd").wait_for()
    theirs = site.town.client("bram").get("/notices").json()["notices"]
    assert any(one["state"] == "new" for one in theirs)


def test_a_lead_gives_nothing_of_another_team_and_hears_which_field_is_missing(site: Site) -> None:
    lead, owned = site.visitor("lead"), site.owned("anna")
    wrong = lead.post("/team/assignment", {"match": owned, "colleague": ""})
    assert wrong.status_code == 400
    assert 'id="fault-colleague-fault"' in wrong.text
    assert f'value="{owned}" selected' in wrong.text
    nobody = {"match": str(UUID(int=7)), "colleague": str(site.town.staff("bram").id)}
    assert lead.post("/team/assignment", nobody).status_code == 404
    stranger = {"match": owned, "colleague": str(site.town.staff("carla").id)}
    assert lead.post("/team/assignment", stranger).status_code in {403, 404}
    assert "Wie heeft wat" not in site.visitor("anna").get("/team").text


def test_one_leads_for_a_household_and_hands_it_over_by_asking(site: Site) -> None:
    household, lead = acts.at_home(site.town), site.visitor("lead")
    anna, bram = (str(site.town.staff(name).id) for name in ("anna", "bram"))
    assert "nog niemand" in lead.get("/households").text
    # Who calls the meeting is in no team, and chooses from the household's own.
    assert f'value="{anna}"' in site.visitor("director").get("/households").text
    assert "fault-colleague" in lead.post(f"/households/{household}/lead", {}).text
    assert lead.post(f"/households/{household}/lead", {"colleague": anna}).status_code == 200
    assert lead.post(f"/households/{household}/lead", {"colleague": bram}).status_code == 409
    offered = site.visitor("anna").post(f"/households/{household}/offer", {"colleague": bram})
    assert "Uw collega wordt gevraagd" in offered.text
    other = site.visitor("carla")
    assert other.post(f"/households/{household}/answer", {"answer": "accepted"}).status_code == 404
    assert household not in other.get("/households").text
    second = site.visitor("bram")
    assert 'href="/households"' in second.get("/inbox").text.partition("<main")[2]
    assert "Uw collega vraagt u om de regie over te nemen" in second.get("/households").text
    assert "Uw collega vraagt" not in site.visitor("anna").get("/households").text
    assert second.post(f"/households/{household}/answer", {"answer": "accepted"}).status_code == 200
    assert "uzelf" in second.get("/households").text


def test_what_of_an_inquiry_may_not_be_told_any_more_is_not_said_to_be_noted(site: Site) -> None:
    match_id, anna = acts.inquiry_of(site.town), site.visitor("anna")
    form = {"child_not_heard": "too_young"}
    assert "Genoteerd" in anna.post(f"/inquiries/{match_id}", form).text
    with site.town.hub.database.work(SYSTEM) as work:
        match = work.session.get_one(MatchRow, UUID(match_id))
        work.session.get_one(SignalRow, match.signal_id).subject_notice = "pending"
    refused = anna.post(f"/inquiries/{match_id}", form)
    assert (refused.status_code, "Genoteerd" in refused.text) == (404, False)
    with site.town.hub.database.look(SYSTEM) as work:
        assert work.session.get_one(MatchRow, UUID(match_id)).state == MatchState.HELD


def test_a_match_of_two_people_ends_only_with_how_that_is_known(site: Site) -> None:
    match_id, anna = acts.owned(site.town), site.visitor("anna")
    assert "burgerservicenummer" in anna.get(f"/matches/{match_id}").text
    asked = anna.post(f"/matches/{match_id}/retraction")
    assert (asked.status_code, 'id="fault-verified-fault"' in asked.text) == (400, True)
    ended = anna.post(f"/matches/{match_id}/retraction", {"verified": "with_person"})
    assert "De match is gestopt" in ended.text


def test_everybody_chooses_their_own_rhythm_of_mail_from_what_the_hub_offers(site: Site) -> None:
    anna = site.visitor("anna")
    page = anna.get("/sessions").text
    assert 'value="every_time" required checked' in page
    assert "at_once" not in page
    assert "fault-rhythm" in anna.post("/mail-rhythm", {"rhythm": "at_once"}).text
    assert "Zo komt uw mail voortaan" in anna.post("/mail-rhythm", {"rhythm": "weekly"}).text
    assert 'value="weekly" required checked' in anna.get("/sessions").text
    anna.post("/mail-rhythm", {"rhythm": "every_time"})


def test_tra_12_the_register_tells_everybody_the_rules_and_the_figures_of_a_year(site: Site) -> None:
    release_a_table(site.town.database)
    page = site.stranger().get("/register").text
    assert "Wijkteam Oost" in page
    assert "De Jeugdwet (artikel 7.1.4.1)" in page
    assert "minstens 45" in page or ">45<" in page
    assert "niet getoond" in page
    assert page.count("<rect") == 3
    cells = {f"cell_{name}" for names in CATEGORIES.values() for name in names}
    assert cells <= set(CODES)


def test_who_watches_sees_charts_with_their_numbers_as_tables(site: Site) -> None:
    site.meeting()
    page = site.visitor("director").get("/follow-up").text
    assert page.count("<svg") == page.count("De cijfers als tabel") == 2
    assert re.search(r"gevraagd</td><td[^>]*>[1-9]", page)
