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
from tests.browsers import ENLARGED, LAPTOP, PHONE, SIGHT, require_accessible
from tests.pages.conftest import Site, Visitor

TWICE = (640, 400)  # 1280 at 200 %
NOBODY = "11111111-1111-4111-8111-111111111111"
THEIRS = {"lead": ("/team", "/team/agenda", "/inbox"), "director": ("/follow-up", "/sessions", "/")}
PUBLIC = (
    "/about",
    "/register",
    "/parents",
    "/young-people",
    "/your-rights",
    "/accessibility",
    "/no-such-page",
)


@contextmanager
def window(
    browser: Browser, size: tuple[int, int], *, dark: bool = False, visitor: Visitor | None = None
) -> Iterator[Page]:
    """A browser of one's own; a visitor who is logged in already brings their cookies."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="nl-NL",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        bypass_csp=False,
    )
    context.set_default_timeout(15_000)
    if visitor is not None:
        context.add_cookies(
            [
                {"name": name, "value": value, "url": f"https://{host}"}
                for (host, name), value in visitor.cookies.items()
            ]
        )
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


def test_a_casemanager_logs_in_takes_up_a_notice_and_finds_whom_to_call(site: Site, browser: Browser) -> None:
    site.meeting()
    with window(browser, LAPTOP) as page:
        log_in(page, site, "anna")
        number = take_up(page)
        page.get_by_role("link", name="Mijn contacten").click()
        page.locator("tr", has_text=number).get_by_role("link").click()
        page.get_by_role("button", name="Laat zien wie ik kan bellen").click()
        prove(page, "anna")
        page.get_by_role("button", name="Laat zien wie ik kan bellen").click()
        page.get_by_text("Nummer om te noemen").wait_for()
        require_accessible(page)
        page.get_by_label("Het eerste contact was op").fill(dutch_date(clock.now()).isoformat())
        page.get_by_role("button", name="Opslaan").click()
        assert "Genoteerd" in page.get_by_role("status").inner_text()
        page.get_by_role("button", name="Uitloggen").click()
        page.wait_for_url(f"{site.issuer}/**")


def test_a_casemanager_takes_up_a_notice_on_a_phone(site: Site, browser: Browser) -> None:
    site.meeting()
    with window(browser, PHONE, visitor=site.visitor("anna")) as page:
        page.goto(f"{site.url}/inbox")
        take_up(page)
        page.get_by_role("link", name="Mijn contacten").click()
        page.get_by_role("heading", name="Mijn contacten").wait_for()


def take_up(page: Page) -> str:
    """Take the first notice up; gives its number."""
    button = page.get_by_role("button", name="Ik pak dit op")
    before = button.count()
    number = page.locator("article h3").first.inner_text().partition("zaak ")[2]
    button.first.click()
    page.get_by_role("status").wait_for()
    assert button.count() == before - 1
    return number


def test_a_casemanager_gives_back_what_is_not_for_them_by_keyboard_alone(
    site: Site, browser: Browser
) -> None:
    site.meeting()
    with window(browser, LAPTOP, visitor=site.visitor("anna")) as page:
        page.goto(f"{site.url}/inbox")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
        page.keyboard.press("Enter")
        tab_to(page, "Niet voor mij, of vraag een collega")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Niet voor mij").wait_for()
        tab_to_field(page, "reason")
        page.keyboard.press("ArrowDown")
        looks = "(one) => getComputedStyle(one).backgroundImage"
        chosen, other = page.locator("input:checked"), page.locator("[name=reason]:not(:checked)")
        assert chosen.evaluate(looks) != other.first.evaluate(looks)
        tab_to(page, "Geef terug aan het team")
        page.keyboard.press("Enter")
        page.get_by_text("Het is terug bij het team.").wait_for()


def test_a_team_lead_sees_the_agenda_and_a_member_takes_what_waits(site: Site, browser: Browser) -> None:
    site.waiting()
    with window(browser, LAPTOP, visitor=site.visitor("lead")) as page:
        page.goto(f"{site.url}/team")
        waiting = page.get_by_role("button", name="Ik pak het op").count()
        assert waiting
        page.get_by_role("link", name="Agenda van het overleg").click()
        assert page.locator("tbody tr").count() == waiting
        assert page.get_by_role("button", name="Ik pak het op").count() == 0
    with window(browser, PHONE) as page:
        log_in(page, site, "bram")
        page.goto(f"{site.url}/team")
        box = page.get_by_role("button", name="Ik pak het op").first.bounding_box()
        assert box
        assert box["x"] + box["width"] <= PHONE[0]
        page.get_by_role("button", name="Ik pak het op").first.click()
        prove(page, "bram")
        page.get_by_role("button", name="Ik pak het op").first.click()
        page.get_by_text("Nummer om te noemen").first.wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["laptop", "phone-dark"])
def test_axe_finds_nothing_on_any_page(site: Site, browser: Browser, dark: bool) -> None:
    site.waiting()
    match, size, only = site.owned("anna"), PHONE if dark else LAPTOP, SIGHT if dark else ()
    with window(browser, size, dark=dark) as page:
        for path in PUBLIC:
            page.goto(site.url + path)
            require_accessible(page, only=only)
    with window(browser, size, dark=dark, visitor=site.visitor("anna")) as page:
        more = ("/inbox?view=all", "/inbox?said=taken-up", f"/matches/{NOBODY}", "/follow-up", "/?lang=en")
        for path in (*plain_pages(), f"/matches/{match}", *more):
            page.goto(site.url + path)
            require_accessible(page, only=only)


@pytest.mark.parametrize(("name", "paths"), sorted(THEIRS.items()), ids=sorted(THEIRS))
def test_axe_finds_nothing_where_others_work(
    site: Site, browser: Browser, name: str, paths: tuple[str, ...]
) -> None:
    site.waiting()
    with window(browser, LAPTOP, visitor=site.visitor(name)) as page:
        for path in paths:
            page.goto(site.url + path)
            require_accessible(page)


def test_axe_finds_nothing_on_what_actions_lead_to(site: Site, browser: Browser) -> None:
    """What is taken is shown once, in answer to a form; a form that is not right leads to an error."""
    site.waiting()
    with window(browser, PHONE) as page:
        log_in(page, site, "bram")
        page.goto(f"{site.url}/login?proving=yes&next=/team")
        prove(page, "bram")
        page.get_by_role("button", name="Ik pak het op").first.click()
        page.get_by_text("Nummer om te noemen").first.wait_for()
        require_accessible(page)
        page.goto(f"{site.url}/absence")
        page.evaluate("document.querySelectorAll('[required]').forEach((one) => one.required = false)")
        page.locator("main button").first.click()
        page.get_by_text("Er klopt iets niet in het formulier").first.wait_for()
        require_accessible(page)


def test_nothing_is_lost_at_twice_and_four_times_the_size(site: Site, browser: Browser) -> None:
    with window(browser, ENLARGED, visitor=site.visitor("anna")) as page:
        for path in (*PUBLIC, *plain_pages(), f"/matches/{site.owned('anna')}"):
            page.goto(site.url + path)
            for size in (ENLARGED, TWICE):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                beside = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert page.evaluate(beside) <= 0, (path, size)


def test_nothing_moves_for_who_asks_that(site: Site, browser: Browser) -> None:
    with window(browser, LAPTOP, visitor=site.visitor("anna")) as page:
        page.goto(f"{site.url}/inbox")
        moving = """[...document.querySelectorAll('*')].filter((one) => {
            const style = getComputedStyle(one);
            return parseFloat(style.transitionDuration) > 0 || style.animationName != 'none';
        }).length"""
        assert page.evaluate(moving) == 0


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
