"""Pages in a real browser, as people use them: on a laptop and a phone, by keyboard, enlarged, read aloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browsers import AXE, LAPTOP, PHONE
from tests.pages.conftest import Site, Visitor


@contextmanager
def window(
    browser: Browser,
    size: tuple[int, int],
    *,
    dark: bool = False,
    judged: bool = False,
    visitor: Visitor | None = None,
) -> Iterator[Page]:
    """A browser of one's own; a visitor who is logged in already brings their cookies.

    Args:
        judged: every page of it has at hand what judges accessibility; it is sent to the browser once.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="nl-NL",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        bypass_csp=False,
    )
    context.set_default_timeout(15_000)
    if judged:
        context.add_init_script(path=AXE)
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


def test_nothing_moves_for_who_asks_that(site: Site, browser: Browser) -> None:
    with window(browser, LAPTOP, visitor=site.visitor("anna")) as page:
        page.goto(f"{site.url}/inbox")
        moving = """[...document.querySelectorAll('*')].filter((one) => {
            const style = getComputedStyle(one);
            return parseFloat(style.transitionDuration) > 0 || style.animationName != 'none';
        }).length"""
        assert page.evaluate(moving) == 0


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
