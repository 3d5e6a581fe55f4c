"""Somebody who uses a page by keyboard alone: Tab, Enter, arrows and letters, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Page

from tests.pages.conftest import Site

FARTHEST = 120  # what can have the focus on one page
SAYS = """(wanted) => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const seen = style.outlineStyle != 'none' || style.boxShadow != 'none';
    return [(one.innerText || '').replace(/\\s+/g, ' ').trim(), one.name || '', seen];
}"""


@dataclass(frozen=True)
class Keys:
    """The keyboard of a page; whatever gets the focus must show it."""

    page: Page

    def log_in(self, site: Site, name: str) -> None:
        """Log in as somebody at the provider."""
        self.page.goto(f"{site.url}/login")
        self.prove(name)
        self.page.wait_for_url(f"{site.url}/**")

    def prove(self, name: str) -> None:
        """Choose a name in the provider's form and send it."""
        self.page.wait_for_url("**/interaction/**")
        self.field("login")
        self.page.keyboard.type(f"{name} ")
        assert self.page.locator("select").input_value() == name
        self.press("Inloggen")

    def press(self, text: str) -> None:
        """Go to a link or button that begins so, and press Enter."""
        self.to(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def to(self, text: str) -> None:
        """Press Tab until what has the focus says this."""
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            said, _, seen = self.page.evaluate(SAYS)
            if said.startswith(text):
                assert seen, f"the focus does not show: {text}"
                return
        raise AssertionError(f"not reached by keyboard: {text}")

    def field(self, name: str) -> None:
        """Press Tab until a field has the focus."""
        for _ in range(FARTHEST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(SAYS)[1] == name:
                return
        raise AssertionError(f"not reached by keyboard: {name}")

    def choose(self, name: str, *, downs: int = 1) -> None:
        """Go to a list or to choices, and take one by the arrows."""
        self.field(name)
        for _ in range(downs):
            self.page.keyboard.press("ArrowDown")

    def pick(self, name: str) -> None:
        """Go to choices, and take the first."""
        self.field(name)
        self.page.keyboard.press("Space")

    def day(self, name: str, day: date) -> None:
        """Type a day in its three parts, in the order of this browser's own country."""
        self.field(name)
        for order in ("%m%d%Y", "%d%m%Y"):
            self.page.keyboard.type(f"{day:{order}}")
            if self.page.locator(f"[name={name}]").input_value() == day.isoformat():
                return
            for _ in range(2):
                self.page.keyboard.press("Shift+Tab")
        raise AssertionError(f"not typed: {name}")

    def hear(self, text: str) -> None:
        """Require that the page says this, where a screen reader tells it at once."""
        self.page.get_by_role("status").filter(has_text=text).wait_for()
