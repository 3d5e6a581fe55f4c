"""Take pictures of every page: in both languages, on a laptop and a phone; `make screenshots`.

Not a test by its name, so that it runs only when it is asked for.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from dat_client.desk.app import PAGES as DESK_PAGES
from hub.web.app import PAGES
from tests.browsers import LAPTOP, PHONE
from tests.dat_client.desk.test_browser import look_first, opened
from tests.pages.conftest import Site
from tests.pages.test_browser import window

FOLDER = Path(os.environ.get("SCREENSHOTS", "docs/screenshots"))
SIZES = {"laptop": LAPTOP, "phone": PHONE}
LANGUAGES = ("nl", "en")
WHO = ("anna", "lead", "director", "officer", "covenants")


def shoot(page: Page, url: str, name: str) -> None:
    """Take the four pictures of a page."""
    for language in LANGUAGES:
        page.goto(f"{url}{'&' if '?' in url else '?'}lang={language}")
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=FOLDER / f"{name}-{language}-{size}.png", full_page=True, timeout=60_000)


def named(path: str) -> str:
    """Name a picture by the path of its page."""
    return path.strip("/").split("{")[0].strip("/").replace("/", "-") or "front"


@pytest.fixture(scope="module")
def lively(site: Site) -> Site:
    """A town where something happens."""
    for _ in range(3):
        site.meeting()
    site.waiting()
    return site


def test_what_everybody_sees(lively: Site, browser: Browser) -> None:
    with window(browser, LAPTOP) as page:
        for one in PAGES:
            if one.method == "GET" and one.roles == frozenset() and not one.path.startswith("/login"):
                shoot(page, lively.url + one.path, named(one.path))
        shoot(page, f"{lively.url}/no-such-page", "error")


@pytest.mark.parametrize("name", WHO)
def test_what_somebody_sees_who_logged_in(lively: Site, browser: Browser, name: str) -> None:
    visitor = lively.visitor(name)
    with window(browser, LAPTOP, visitor=visitor) as page:
        for one in PAGES:
            if one.method == "GET" and one.roles and "{" not in one.path:
                answer = visitor.get(one.path, follow=False)
                if answer.status_code == 200:
                    shoot(page, lively.url + one.path, f"{name}-{named(one.path)}")
        shoot(page, f"{lively.url}/sessions", f"{name}-sessions")
        if name == "anna":
            shoot(page, f"{lively.url}/matches/{lively.owned('anna')}", "anna-match")


def test_the_desk(browser: Browser, tmp_path: Path) -> None:
    with opened(tmp_path) as town, window(browser, LAPTOP) as page:
        page.goto(town.link)
        look_first(page)
        for one in DESK_PAGES:
            if one.method == "GET" and "{" not in one.path:
                shoot(page, town.url + one.path, f"desk-{named(one.path)}")
        page.goto(f"{town.url}/signals?lang=nl")
        shoot(page, town.url + str(page.locator("td a").first.get_attribute("href")), "desk-signal")
