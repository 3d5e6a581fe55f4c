"""One journey for each role, from login to done, by keyboard alone: on a laptop and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from look.language import say_number
from service import clock
from service.clock import dutch_date
from tests.browsers import LAPTOP, PHONE
from tests.pages.conftest import Site
from tests.pages.keyboard import Keys
from tests.pages.test_browser import window
from tests.pages.test_operator import give_up_mails
from tests.promises import acts


def casemanager(site: Site, keys: Keys) -> None:
    """Take up a notice, see whom to call, and write that there was contact."""
    site.meeting()
    keys.log_in(site, "anna")
    number = keys.page.locator("article h3").first.inner_text().partition("zaak ")[2]
    keys.press("Ik pak dit op")
    keys.hear("U pakt het op")
    keys.press("Mijn contacten")
    row = keys.page.locator("tr", has_text=number)
    keys.press(row.get_by_role("link").inner_text())
    keys.press("Laat zien wie ik kan bellen")
    keys.prove("anna")
    keys.press("Laat zien wie ik kan bellen")
    keys.page.get_by_text("Nummer om te noemen").wait_for()
    keys.day("contacted_on", dutch_date(clock.now()))
    keys.press("Opslaan")
    keys.hear("Genoteerd")
    keys.press("Uitloggen")


def team_lead(site: Site, keys: Keys) -> None:
    """Give to somebody by name what waits for the team."""
    site.waiting()
    keys.log_in(site, "lead")
    keys.press("Team")
    keys.press("Geef aan iemand")
    keys.choose("colleague")
    keys.press("Geef")
    keys.hear("Uw collega wordt gevraagd")


def director(site: Site, keys: Keys) -> None:
    """Name who leads for a household."""
    acts.at_home(site.town)
    keys.log_in(site, "director")
    keys.press("Huishoudens")
    keys.choose("colleague")
    keys.press("Geef de regie")
    keys.hear("Genoteerd")


def covenant_manager(site: Site, keys: Keys) -> None:
    """Put an arrangement before a second person."""
    acts.arranged(site.town)
    document = acts.ARRANGEMENT.read_text().replace("00000099000000010000", site.town.people.team.oin)
    fitting = document.replace("00000001-0000-4000-8000-000000000001", "00000000-0000-0000-0000-000000000160")
    keys.log_in(site, "covenants")
    keys.press("Regelingen")
    keys.field("document")
    keys.page.keyboard.insert_text(fitting.replace("days = 7", "days = 6"))
    keys.pick("reason")
    keys.press("Leg het voor aan een tweede persoon")
    keys.hear("Voorgesteld")


def privacy_officer(site: Site, keys: Keys) -> None:
    """Read the log for a purpose, and agree to a change as the second person."""
    change = say_number(acts.propose(site.town))
    keys.log_in(site, "officer")
    keys.press("Logboek")
    keys.pick("purpose")
    keys.press("Verder")
    keys.page.get_by_text("Deze blik staat in het logboek").wait_for()
    keys.press("Wijzigingen")
    keys.press(f"Bekijk {change}")
    keys.press("Ik ben akkoord")
    keys.prove("officer")
    keys.press("Ik ben akkoord")
    keys.hear("U bent akkoord gegaan")


def administrator(site: Site, keys: Keys) -> None:
    """Have a mail tried again that was given up."""
    give_up_mails(site)
    keys.log_in(site, "operator")
    keys.press("Mail")
    keys.press("Stuur opnieuw")
    keys.hear("De mail wordt zo opnieuw geprobeerd")


def rights_officers(site: Site, keys: Keys) -> None:
    """Search for a request, hear who registered it, and erase with two."""
    person = acts.someone()
    site.town.signal("school", person).post(site.town.client("school"))
    request = say_number(acts.filed(site.town, tokens=person))
    keys.log_in(site, "rights")
    keys.press("Verzoeken van inwoners")
    keys.press(request)
    keys.press("Zoek")
    keys.prove("rights")
    keys.press("Zoek")
    keys.hear("Er is gezocht")
    keys.press("Vraag advies")
    keys.hear("om advies")
    give_advice(site)
    keys.page.reload()
    keys.choose("decision")
    keys.press("Besluit")
    keys.hear("Een tweede medewerker moet nu akkoord gaan")
    keys.page.context.clear_cookies()
    keys.log_in(site, "supervisor")
    keys.press("Verzoeken van inwoners")
    keys.press(request)
    keys.press("Bekijk het voorstel")
    keys.press("Ik ben akkoord")
    keys.prove("supervisor")
    keys.press("Ik ben akkoord")
    keys.hear("U bent akkoord gegaan")


def desk(site: Site, keys: Keys) -> None:
    """Say that a consent was asked again."""
    acts.prepare_consent_tasks(site.town)
    keys.log_in(site, "desk")
    keys.press("Opnieuw vragen")
    keys.press("Ik heb het opnieuw gevraagd")
    keys.hear("Genoteerd")


def coordinator(site: Site, keys: Keys) -> None:
    """Give advice on what one's own organisation registered."""
    acts.asked(site.town)
    keys.log_in(site, "head")
    keys.press("Advies")
    keys.choose("advice")
    keys.press("Geef advies")
    keys.hear("Uw advies ligt bij het loket")


def citizen(site: Site, keys: Keys) -> None:
    """Read who takes part and by which rules, and how to object; without a login."""
    keys.page.goto(site.url)
    keys.to("Naar de inhoud")
    keys.page.keyboard.press("Enter")
    keys.press("Openbaar register")
    keys.page.get_by_role("heading", level=1).wait_for()
    keys.press("Voor jongeren")
    keys.press("Zo vraagt u inzage")
    keys.page.get_by_text("Vanaf dat moment wordt er niets verteld").wait_for()


JOURNEYS: dict[str, Callable[[Site, Keys], None]] = {
    one.__name__: one
    for one in (
        casemanager,
        team_lead,
        director,
        covenant_manager,
        privacy_officer,
        administrator,
        rights_officers,
        desk,
        coordinator,
        citizen,
    )
}
# Who is on the road, or at home; the others sit at a desk.
ON_A_PHONE = {"casemanager", "team_lead", "director", "coordinator", "citizen"}


def give_advice(site: Site) -> None:
    """Let the school answer all that it is asked."""
    head = site.town.client("head")
    for one in head.get("/rights-advices").json()["advices"]:
        head.post(f"/rights-advices/{one['adviceId']}/advice", json={"advice": "unjustified"})


def everywhere() -> Iterator[Any]:
    """Give every role on both sizes; where it works less often, only `make prove` goes."""
    for role in sorted(JOURNEYS):
        for size, name in ((LAPTOP, "laptop"), (PHONE, "phone")):
            often = (size == PHONE) == (role in ON_A_PHONE)
            marks = () if often else pytest.mark.prove
            yield pytest.param(role, size, id=f"{role}-{name}", marks=marks)


@pytest.mark.parametrize(("role", "size"), list(everywhere()))
def test_a_role_gets_from_login_to_done_by_keyboard_alone(
    site: Site, browser: Browser, role: str, size: tuple[int, int]
) -> None:
    with window(browser, size) as page:
        JOURNEYS[role](site, Keys(page))
