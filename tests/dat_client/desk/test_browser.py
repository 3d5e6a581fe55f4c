"""The desk in a real browser: a secretary signals in half a minute, and the person stays on the machine.

All traffic is recorded: what the desk's process connects to, what the services receive, what the browser asks
for; and what both leave behind on the disk is searched.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from dat_client.desk.app import PAGES
from tests.browsers import ENLARGED, LAPTOP, PHONE, QUIETLY, chromium, require_accessible
from tests.dat_client.desk.conftest import AHEAD
from tests.dat_client.test_promises import _canaries, _found
from tests.dat_client.world import CANARY, World, make_world

STROKES_A_SECOND = 2.5  # somebody who looks at the keys
DESK = """
import sys
log = open(sys.argv[1], "a", buffering=1)
sys.addaudithook(lambda what, facts: what == "socket.connect" and log.write(f"{facts[1]}\\n"))
from dat_client.cli import run
sys.exit(run(sys.argv[2:]))
"""


@dataclass
class Town:
    """A desk as a process, its services, and where it leaves traces."""

    world: World
    home: Path
    folder: Path
    process: subprocess.Popen[str]
    link: str

    @property
    def url(self) -> str:
        return self.link.partition("/open/")[0]

    @property
    def connections(self) -> Path:
        """Every address that its process connected to."""
        return self.folder / "connections.log"


@contextmanager
def opened(folder: Path) -> Iterator[Town]:
    """A school's desk, as `dat desk` starts it."""
    world = make_world(folder)
    world.hub.lists["telling-previews"] = AHEAD
    home = world.make_home("school", partner_kind="school", legal_bases=("NO_OBJECTION",))
    command = [sys.executable, "-c", DESK, str(folder / "connections.log")]
    process = subprocess.Popen(
        [*command, "--home", str(home), "desk", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    said = process.stdout.readline()
    yield Town(world, home, folder, process, re.findall(r"http://\S+", said)[0])
    process.terminate()
    assert process.communicate(timeout=20)[0] == ""
    world.services.close()


@contextmanager
def profile(folder: Path, *, size: tuple[int, int] = LAPTOP) -> Iterator[BrowserContext]:
    """A browser with a profile of its own on the disk."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=chromium(),
            args=QUIETLY,
            viewport={"width": size[0], "height": size[1]},
            locale="nl-NL",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        yield context
        context.close()


class Typist:
    """Somebody at the keyboard, whose strokes are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes = 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += len(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.strokes += 1

    def tab_to(self, name: str) -> None:
        for _ in range(30):
            self.press("Tab")
            if (
                self.page.evaluate("document.activeElement.name || document.activeElement.textContent")
                == name
            ):
                assert self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle != 'none'")
                return
        raise AssertionError(f"not reached by keyboard: {name}")


@dataclass
class Evidence:
    """What a morning at the desk left behind."""

    town: Town
    strokes: int
    asked: list[str]
    kept: bytes


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """Signal about two people, look at every page at every size, and close the browser."""
    folder, asked = tmp_path_factory.mktemp("desk"), list[str]()
    with opened(folder / "machine") as town:
        with profile(folder / "profile") as context:
            context.on("request", lambda request: asked.append(request.url))
            page = context.pages[0]
            page.goto(town.link)
            strokes = signal_by_keyboard(page)
            look_first(page)
            send_a_file(page)
            look_around(page, town)
        yield Evidence(town, strokes, asked, kept_in(folder))


def signal_by_keyboard(page: Page) -> int:
    """Signal about somebody as a secretary does all day."""
    typist = Typist(page)
    typist.type("Jansen")
    typist.press("Tab")
    typist.type("Pip")
    typist.press("Tab")
    typist.type("31-12-2010")
    typist.tab_to("geslacht")
    typist.type("v")
    typist.tab_to("afweging")
    typist.press("Space")
    typist.press("Enter")
    page.get_by_text("Verstuurd.").wait_for()
    return typist.strokes


def look_first(page: Page) -> None:
    """Fill in a whole person, see who would hear, and signal."""
    for label, text in {
        "Achternaam bij geboorte": CANARY.surname,
        "Voornamen": CANARY.given_names,
        "Geboren op (31-12-2010)": "13-07-1986",
        "Postcode": CANARY.postcode,
        "Huisnummer": CANARY.house_number,
        "BSN (als u dat mag)": CANARY.bsn or "",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Kijk eerst wie ervan hoort").click()
    page.get_by_role("heading", name="Wie hoort ervan?").wait_for()
    require_accessible(page)
    page.get_by_role("button", name="Signaleren").click()
    page.get_by_text("Vink aan dat u dit contact hebt afgewogen.").wait_for()
    require_accessible(page)
    page.get_by_label("Ik heb dit ene contact afgewogen").check()
    page.get_by_role("button", name="Signaleren").click()
    page.get_by_text("Verstuurd.").wait_for()


def send_a_file(page: Page) -> None:
    """Choose a file as a drop does, read the report, and send it."""
    page.get_by_role("link", name="Bestand").click()
    row = f"{CANARY.surname};13-07-1986;{CANARY.given_names}"
    content = f"geslachtsnaam;geboortedatum;voornamen\n{row}\n;1970-01-01;Jan\n"
    file = {"name": "contacten.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.get_by_label("Elke regel is op zichzelf afgewogen.").check()
    page.get_by_role("button", name="Kijk wat er zou gebeuren").click()
    page.get_by_text("1 van de 2 regels kunnen weg").wait_for()
    require_accessible(page)
    page.get_by_role("button", name="Verstuur 1 regel").click()
    page.get_by_role("heading", name="Wat er van het bestand werd").wait_for()


def look_around(page: Page, town: Town) -> None:
    """Look at every page on a laptop, a phone and enlarged, and once in English in the dark."""
    one = page.goto(f"{town.url}/signals") and page.locator("td a").first.get_attribute("href")
    paths = [page.path for page in PAGES if page.method == "GET" and "{" not in page.path]
    for path in (*paths, str(one)):
        page.goto(town.url + path)
        for size in (LAPTOP, ENLARGED, PHONE):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, size)
        require_accessible(page)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{town.url}/?lang=en")
    require_accessible(page)


def kept_in(folder: Path) -> bytes:
    """Read all below a folder: the home, the store, the browser's profile; not its compiled shaders."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    shaders = ("Dawn", "GPU")
    return b"\n".join(path.read_bytes() for path in files if not path.parent.name.startswith(shaders))


def test_a_secretary_signals_in_half_a_minute_by_keyboard_alone(evidence: Evidence) -> None:
    assert evidence.strokes / STROKES_A_SECOND < 30
    assert len(evidence.town.world.hub.list_kind("signalId")) == 3


def test_nothing_of_the_person_leaves_the_machine(evidence: Evidence) -> None:
    sent = b"\n".join(evidence.town.world.services.sent())
    assert sent.count(b"/signal") >= 3
    assert _found(_canaries(), sent) == set()


def test_the_desk_calls_its_hub_and_key_holder_and_the_browser_the_desk(
    evidence: Evidence,
) -> None:
    town = evidence.town
    known = {town.world.hub.url, town.world.holder.url, town.url}
    connected = {
        "http://{}:{}".format(*re.findall(r"[\w.]+", line))
        for line in town.connections.read_text().splitlines()
    }
    assert connected == known
    assert all(url.startswith(f"{town.url}/") for url in evidence.asked)


def test_no_address_file_cache_or_history_holds_anything_of_the_person(evidence: Evidence) -> None:
    assert b"127.0.0.1" in evidence.kept  # the history is there, and was searched
    assert _found(_canaries(), evidence.kept + "\n".join(evidence.asked).encode()) == set()
