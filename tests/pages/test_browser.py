"""Pages in a real browser, as people use them: on a laptop and a phone, by keyboard, enlarged, read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from hub.web.app import PAGES
from hub.web.inbox import TEAM
from service import clock
from service.clock import dutch_date
from tests.browsers import ENLARGED, LAPTOP, PHONE, require_accessible
from tests.pages.conftest import Site

PUBLIC = ("/about", "/parents", "/young-people", "/your-rights", "/accessibility", "/no-such-page")


@contextmanager
def window(browser: Browser, size: tuple[int, int], *, dark: bool = False) -> Iterator[Page]:
    """A browser of one's own."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="nl-NL",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        bypass_csp=False,
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def log_in(page: Page, site: Site, name: str) -> None:
    """Log in as people do."""
    page.goto(f"{site.url}/login")
    prove(page, name)
    page.wait_for_url(f"{site.url}/**")


def prove(page: Page, name: str) -> None:
    """Fill in the provider's form."""
    page.get_by_label("Naam").select_option(name)
    page.get_by_role("button", name="Inloggen").click()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_casemanager_takes_up_a_notice_and_finds_whom_to_call(
    site: Site, browser: Browser, size: tuple[int, int]
) -> None:
    site.meeting()
    with window(browser, size) as page:
        log_in(page, site, "anna")
        before = page.get_by_role("button", name="Ik pak dit op").count()
        number = page.locator("article h3").first.inner_text().partition("zaak ")[2]
        page.get_by_role("button", name="Ik pak dit op").first.click()
        page.get_by_role("status").wait_for()
        assert page.get_by_role("button", name="Ik pak dit op").count() == before - 1
        page.get_by_role("link", name="Mijn contacten").click()
        page.locator("tr", has_text=number).get_by_role("link").click()
        page.get_by_role("button", name="Laat zien wie ik kan bellen").click()
        prove(page, "anna")
        page.get_by_role("button", name="Laat zien wie ik kan bellen").click()
        page.get_by_text("Nummer om te noemen").wait_for()
        page.get_by_label("Het eerste contact was op").fill(dutch_date(clock.now()).isoformat())
        page.get_by_role("button", name="Opslaan").click()
        assert "Genoteerd" in page.get_by_role("status").inner_text()


def test_a_casemanager_gives_back_what_is_not_for_them_by_keyboard_alone(
    site: Site, browser: Browser
) -> None:
    site.meeting()
    with window(browser, LAPTOP) as page:
        log_in(page, site, "anna")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
        page.keyboard.press("Enter")
        tab_to(page, "Niet voor mij, of vraag een collega")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Niet voor mij").wait_for()
        tab_to_field(page, "reason")
        page.keyboard.press("ArrowDown")
        tab_to(page, "Geef terug aan het team")
        page.keyboard.press("Enter")
        page.get_by_text("Het is terug bij het team.").wait_for()


def test_a_team_lead_sees_the_agenda_and_a_member_takes_what_waits(site: Site, browser: Browser) -> None:
    site.waiting()
    with window(browser, LAPTOP) as page:
        log_in(page, site, "lead")
        page.get_by_role("link", name="Team", exact=True).click()
        waiting = page.get_by_role("button", name="Ik pak het op").count()
        assert waiting
        page.get_by_role("link", name="Agenda van het overleg").click()
        assert page.locator("tbody tr").count() == waiting
        assert page.get_by_role("button", name="Ik pak het op").count() == 0
    with window(browser, PHONE) as page:
        log_in(page, site, "bram")
        page.goto(f"{site.url}/team")
        page.get_by_role("button", name="Ik pak het op").first.click()
        prove(page, "bram")
        page.get_by_role("button", name="Ik pak het op").first.click()
        page.get_by_text("Nummer om te noemen").first.wait_for()


@pytest.mark.parametrize(("size", "dark"), [(LAPTOP, False), (PHONE, True)], ids=["laptop", "phone-dark"])
def test_axe_finds_nothing_on_any_page(
    site: Site, browser: Browser, size: tuple[int, int], dark: bool
) -> None:
    site.waiting()
    match = site.owned("anna")
    with window(browser, size, dark=dark) as page:
        for path in PUBLIC:
            page.goto(site.url + path)
            require_accessible(page)
        log_in(page, site, "anna")
        for path in (*plain_pages(), f"/matches/{match}", "/inbox?view=all", "/inbox?said=taken-up"):
            page.goto(site.url + path)
            require_accessible(page)


def test_nothing_is_lost_at_four_times_the_size(site: Site, browser: Browser) -> None:
    with window(browser, ENLARGED) as page:
        log_in(page, site, "anna")
        for path in (*PUBLIC, *plain_pages(), f"/matches/{site.owned('anna')}"):
            page.goto(site.url + path)
            beside = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert beside <= 0, path


def plain_pages() -> list[str]:
    """The pages that a casemanager can open as they are."""
    return [
        page.path for page in PAGES if page.method == "GET" and page.roles == TEAM and "{" not in page.path
    ]


def tab_to(page: Page, text: str) -> None:
    """Press Tab until what has the focus says this; its focus must be visible."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == text:
            style = "getComputedStyle(document.activeElement)"
            assert page.evaluate(f"{style}.outlineStyle != 'none' || {style}.boxShadow != 'none'")
            return
    raise AssertionError(f"not reached by keyboard: {text}")


def tab_to_field(page: Page, name: str) -> None:
    """Press Tab until a field has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"not reached by keyboard: {name}")
