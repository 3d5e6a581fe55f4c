"""The functional administrator's pages: everything about the hub, and nothing about a person."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser
from sqlalchemy import update

from hub.notices import store
from hub.notices.models import MailRow
from service import clock
from service.clock import dutch_date
from service.work import SYSTEM
from tests.browsers import PHONE
from tests.pages.conftest import Site
from tests.pages.test_browser import log_in, window
from tests.promises import acts

LOOKING = ("/partners", "/delivery", "/delivery?view=waiting", "/health", "/arrangements")


@pytest.fixture(scope="module")
def failing(site: Site) -> Site:
    """A day on which mails to two people were given up."""
    acts.arranged(site.town)
    give_up_mails(site)
    return site


def give_up_mails(site: Site) -> None:
    """Let mails to two people be given up, and no others."""
    recipients = [site.town.staff(name).id for name in ("anna", "desk")]
    with site.town.database.work(SYSTEM) as work:
        work.session.execute(update(MailRow).values(state="delivered"))
        store.put_mails(work.session, recipients, due_at=clock.now())
        work.session.execute(update(MailRow).where(MailRow.state == "waiting").values(state="dead"))


def test_an_administrator_sends_a_mail_again(failing: Site, browser: Browser) -> None:
    with window(browser, PHONE) as page:
        log_in(page, failing, "operator")
        page.get_by_role("link", name="Mail", exact=True).click()
        assert page.get_by_role("button", name="Stuur opnieuw").count() == 2
        page.get_by_role("button", name="Stuur opnieuw").first.click()
        page.get_by_text("De mail wordt zo opnieuw geprobeerd").wait_for()
        assert page.get_by_role("button", name="Stuur opnieuw").count() == 1


def test_an_administrator_sees_no_registration_and_no_match(failing: Site) -> None:
    acts.tell(failing.town)
    pages = "".join(failing.visitor("operator").get(path).text for path in LOOKING)
    things = failing.town.rows("SELECT id FROM registration UNION SELECT id FROM person_match")
    assert len(things) > 2
    shown = set(re.findall(r"[0-9A-F]{4} [0-9A-F]{4}|[0-9a-f-]{36}", pages))
    for (thing,) in things:
        digits = str(thing).replace("-", "")
        assert not {str(thing), f"{digits[:4]} {digits[4:8]}".upper()} & shown


def test_an_arrangement_is_proposed_by_one_and_shown_in_plain_words_to_the_other(failing: Site) -> None:
    covenants = failing.visitor("covenants")
    document = acts.ARRANGEMENT.read_text().replace("00000099000000010000", failing.town.people.team.oin)
    today = dutch_date(clock.now()).isoformat()
    form = {"document": document, "in_force_date": today, "reason": "yearly_review"}
    teams = covenants.post("/arrangements", form)
    assert teams.status_code == 400
    assert "<code>/teams" in teams.text
    assert 'aria-describedby="fault-document-fault"' in teams.text
    assert "meeting_days = 7" in teams.text  # what was filled in is still there
    unread = covenants.post("/arrangements", {**form, "document": "name ="})
    assert 'href="#fault-document"' in unread.text
    fitting = document.replace("00000001-0000-4000-8000-000000000001", "00000000-0000-0000-0000-000000000160")
    proposed = covenants.post("/arrangements", {**form, "document": fitting.replace("days = 7", "days = 6")})
    assert "Een tweede persoon" in proposed.text or "tweede persoon akkoord" in proposed.text
    change = re.findall(r"<h1[^>]*>Regeling", proposed.text)
    assert change
    assert "Nieuw:</strong> Wacht hoogstens 6 dagen op een overleg." in proposed.text
    assert "Vervalt:</strong> Wacht hoogstens 7 dagen op een overleg." in proposed.text
    versions = failing.visitor("operator").get("/arrangements").text
    link = re.findall(r'href="(/arrangements/[0-9a-f]+)"', versions)[0]
    assert "Als iemand een casemanager heeft" in failing.visitor("anna").get(link).text
    assert failing.visitor("anna").get("/arrangements/unknown").status_code == 404
