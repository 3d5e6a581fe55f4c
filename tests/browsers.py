"""A real Chromium for tests, and what judges accessibility."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent / "interop/node_modules/axe-core/axe.min.js"
SIGHT = ("color-contrast", "target-size")  # what another size or dark colours can change
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LAPTOP, PHONE = (1280, 800), (390, 844)
TWICE, ENLARGED = (640, 400), (320, 640)  # 1280 at 200 % and at 400 %

# Chromium as root in a sandbox of its own, and without calling home.
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Where it is; without it the test fails with the line that says how to get it."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.fail(
            "no Chromium here; run: apt-get install chromium  (or: make test BROWSER=no)", pytrace=False
        )
    return found


def require_accessible(page: Page, *, only: Sequence[str] = ()) -> None:
    """Require that axe finds nothing, in the main world where the page's own policy does not count.

    Args:
        only: rules, where the others were asked already; each page costs a third of a second.
    """
    if not AXE.exists():
        pytest.fail("axe-core is not installed; run: make .venv/node", pytrace=False)
    if page.evaluate("typeof window.axe") == "undefined":  # a window that is to be judged has it already
        page.evaluate(AXE.read_text())
    asked = {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": TAGS}
    found = page.evaluate(
        """async (asked) => (await axe.run(document, asked)).violations.map(
            (one) => one.id + one.nodes.map((node) => " " + node.html + node.failureSummary).join())""",
        # Without the rest it says as much about what is wrong, in a third of the time.
        {"runOnly": asked, "resultTypes": ["violations"]},
    )
    assert found == [], f"{page.url}: {found}"
