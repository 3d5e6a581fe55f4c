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
from tests.pages.test_everywhere import ACTED, ELSEWHERE, WHO, full, looks_at, path_of, send

__all__ = ["full"]  # what stands in this town

FOLDER = Path(os.environ.get("SCREENSHOTS", "docs/screenshots"))
SIZES = {"laptop": LAPTOP, "phone": PHONE}
LANGUAGES = ("nl", "en")


def shoot(page: Page, url: str, name: str) -> None:
    """Take the four pictures of a page."""
    for language in LANGUAGES:
        page.goto(f"{url}{'&' if '?' in url else '?'}lang={language}")
        take(page, f"{name}-{language}")


def take(page: Page, name: str) -> None:
    """Take the two pictures of what is on the screen."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=FOLDER / f"{name}-{size}.png", full_page=True, timeout=60_000)


def named(path: str) -> str:
    """Name a picture by the path of its page."""
    plain = path.split("{")
    return (plain[0].strip("/").replace("/", "-") or "front") + ("-one" if len(plain) > 1 else "")


@pytest.mark.parametrize("name", [*WHO, ""])
def test_what_somebody_sees(full: Site, browser: Browser, name: str) -> None:
    pages = [page for page in PAGES if page.method == "GET" and page.show.__name__ not in ELSEWHERE]
    with window(browser, LAPTOP, visitor=full.visitor(name) if name else None) as page:
        for one in pages:
            if looks_at(one) == name:
                where = full.url + path_of(full, one)
                shoot(page, where, "-".join(filter(None, (name, named(one.path)))))
        if not name:
            shoot(page, f"{full.url}/no-such-page", "error")


@pytest.mark.parametrize("act", sorted(ACTED))
def test_what_a_form_leads_to(full: Site, browser: Browser, act: str) -> None:
    for language in LANGUAGES:
        name, path, fields = ACTED[act](full)
        visitor = full.stranger()
        visitor.log_in(name)
        visitor.prove(name)
        with window(browser, LAPTOP, visitor=visitor) as page:
            page.goto(f"{full.url}/sessions?lang={language}")
            page.route(f"{full.issuer}/**", lambda route: route.fulfill(status=204))
            send(page, path, fields)
            take(page, f"{name}-after-{act}-{language}")


def test_the_desk(browser: Browser, tmp_path: Path) -> None:
    with opened(tmp_path) as town, window(browser, LAPTOP) as page:
        page.goto(town.link)
        look_first(page)
        for one in DESK_PAGES:
            if one.method == "GET" and "{" not in one.path:
                shoot(page, town.url + one.path, f"desk-{named(one.path)}")
        page.goto(f"{town.url}/signals?lang=nl")
        shoot(page, town.url + str(page.locator("td a").first.get_attribute("href")), "desk-signal")
