"""Every page there is, with something on it: read aloud, enlarged, in the dark, on a phone; a new one too."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Window

from hub.alarms.service import raise_alarms
from hub.alarms.values import AlarmCode, Found
from hub.arrangements.values import ClockCode
from hub.matches.models import InquiryClockRow, InquiryRow
from hub.web.app import PAGES
from hub.web.visiting import PUBLIC, Page
from service import clock
from service.work import SYSTEM
from tests.browsers import ENLARGED, LAPTOP, PHONE, SIGHT, TWICE, require_accessible
from tests.pages.conftest import GROUPS, Site, require_dressed
from tests.pages.provider import ROLES
from tests.pages.released import release_a_table
from tests.pages.test_browser import window
from tests.pages.test_operator import give_up_mails
from tests.promises import acts
from tests.promises.town import Town

NOBODY = str(UUID(int=7))
# What lies beside the screen, the page itself or a table in it; and a cell over which the next one lies.
BESIDE = """[document.documentElement, ...document.querySelectorAll('.dat-scroll, td')]
    .filter((one) => one.checkVisibility() && (one.scrollWidth > one.clientWidth
        || one.tagName == 'TD' && one.scrollHeight > one.clientHeight + 1))
    .map((one) => one.getAttribute('aria-label') || one.tagName)"""
# Who has something of everything, in the order in which they are asked to look.
WHO = (
    "anna",
    "lead",
    "director",
    "officer",
    "covenants",
    "operator",
    "desk",
    "rights",
    "head",
    "carla",
)
BEST = {
    "/households": "lead",
    "/team": "lead",
    "/transfers": "carla",
    "/overrides": "lead",
    "/advices": "head",
    "/changes": "officer",
    "/changes/{change:uuid}": "officer",
    "/consent-tasks": "desk",
    "/outcomes": "head",
    "/authority": "rights",
    "/rights-desk": "rights",
    "/rights-desk/{request:uuid}": "rights",
}
PURPOSED = ("/log", "/questions", "/requests")
# Pages whose path has an id in it, and where one comes from.
FILLED: dict[str, Callable[[Site], str]] = {
    "/matches/{match:uuid}": lambda site: f"/matches/{site.owned('anna')}",
    "/changes/{change:uuid}": lambda site: f"/changes/{arranged_change(site)}",
    "/arrangements/{arrangement}": lambda site: f"/arrangements/{acts.arranged(site.town)}",
    "/questions/{question}": lambda _: "/questions/AUD-02?purpose=supervision",
    "/rights-desk/{request:uuid}": lambda site: f"/rights-desk/{acts.asked(site.town)[0]}",
}
# Other states of pages, and who sees them.
STATES: list[tuple[str, Callable[[Site], str]]] = [
    ("anna", lambda _: "/inbox?view=all"),
    ("anna", lambda _: "/inbox?said=taken-up"),
    ("anna", lambda _: "/matches?lang=en"),
    ("anna", lambda _: f"/matches/{NOBODY}"),
    ("desk", lambda site: f"/rights-desk/{acts.filed(site.town)}"),
    ("officer", lambda _: f"/changes/{NOBODY}"),
    ("officer", lambda site: f"/changes/{acts.propose(site.town)}"),
    ("rights", lambda site: f"/changes/{an_erasure(site)}"),
    ("rights", lambda site: f"/rights-desk/{acts.advised(site.town)}"),
    ("rights", lambda _: "/rights-desk?view=decided"),
    ("rights", lambda site: f"/rights-desk/{acts.searched(site.town, kind='access')}"),
    ("operator", lambda _: "/delivery?view=waiting"),
    ("officer", lambda _: "/warnings?view=closed"),
    ("officer", lambda _: "/log"),
    ("officer", lambda _: "/questions/AUD-04?purpose=misuse_check&staff=somebody"),
    ("officer", lambda _: "/questions/AUD-14?purpose=breach&lost=hub_keys"),
    ("anna", lambda _: "/health"),
    ("anna", lambda _: "/no-such-page"),
    ("supervisor", lambda _: "/rights-desk?view=decided"),
]
# Forms that are answered by a page: of each one that shows something, and one that was filled in wrongly.
ACTED: dict[str, Callable[[Site], tuple[str, str, dict[str, str]]]] = {
    "verify": lambda _: ("officer", "/verification", {}),
    "take": lambda site: ("bram", f"/intake/{waiting(site)}/take", {}),
    "look": lambda site: ("anna", f"/matches/{site.owned('anna')}/look", {}),
    "answer_hand_over": lambda site: ("bram", handed_over(site), {"answer": "accepted"}),
    "take_on": lambda site: ("carla", transferred(site), {}),
    "note_absence": lambda _: ("anna", "/absence", {"since": "1", "until": "2"}),
    "decide": lambda site: ("rights", f"/rights-desk/{acts.advised(site.town)}/decision", {"decision": "x"}),
    "propose": lambda _: ("covenants", "/arrangements", {"document": "x", "in_force_date": "2031-01-01"}),
    "log_out": lambda _: ("bram", "/logout", {}),
}
# Pages that end with a file, or lead to another site.
ELSEWHERE = {"get_letter", "begin", "finish"}


@pytest.fixture(scope="module")
def full(site: Site) -> Site:
    """A town in which there is something of everything."""
    town = site.town
    for prepare in (
        acts.prepare_consent_tasks, acts.prepare_inquiry, acts.prepare_judgement, acts.prepare_waiting,
        acts.prepare_transfers, acts.prepare_inbox, acts.prepare_overrides, acts.prepare_corrections,
        acts.prepare_tellings, contradict,
    ):  # fmt: skip
        prepare(town)
    let_clocks_run(site)
    acts.prepare_alarm_closure(town)()
    acts.at_home(town)
    acts.filed(town)
    site.waiting()
    site.meeting()
    give_up_mails(site)
    anna = town.staff("anna")
    with town.database.work(SYSTEM) as work:
        raise_alarms(work, [Found(AlarmCode.UNUSUAL_READING, anna.organisation_id, anna.id, 61, 40, "full")])
    release_a_table(town.database)
    site.settle()
    return site


def test_every_page_with_an_id_in_its_path_is_looked_at_with_one() -> None:
    assert set(FILLED) == {page.path for page in PAGES if page.method == "GET" and "{" in page.path}


def test_every_form_that_is_answered_by_a_page_is_looked_at() -> None:
    answered = {
        page.show.__name__
        for page in PAGES
        if page.method == "POST"
        and ("render(" in inspect.getsource(page.show) or page.show.__name__ == "log_out")
    }
    assert answered <= set(ACTED)


@pytest.mark.parametrize("name", [*WHO, "supervisor", ""])
def test_every_page_is_accessible_and_loses_nothing(full: Site, browser: Browser, name: str) -> None:
    pages = [page for page in PAGES if page.method == "GET" and page.show.__name__ not in ELSEWHERE]
    paths = [path_of(full, page) for page in pages if looks_at(page) == name]
    states = [path(full) for who, path in STATES if who == name]
    visitor = full.visitor(name) if name else None
    if visitor and any(page.proven for page in pages if looks_at(page) == name):
        visitor.prove(name)
    with window(browser, LAPTOP, judged=True, visitor=visitor) as page:
        for path in (*paths, *states):
            answer = page.goto(full.url + path)
            assert answer
            assert answer.status == 200 or path in states, path
            require_dressed(answer.headers, answer.text())
            assert page.locator(".dat-empty").count() == 0 or path in states, path
            require_good(page, path)


@pytest.mark.parametrize("act", sorted(ACTED))
def test_what_a_form_leads_to_is_accessible(full: Site, browser: Browser, act: str) -> None:
    name, path, fields = ACTED[act](full)
    # Whoever logs out here does that nowhere else.
    visitor = full.stranger() if act == "log_out" else full.visitor(name)
    if act == "log_out":
        visitor.log_in(name)
    visitor.prove(name)
    with window(browser, LAPTOP, judged=True, visitor=visitor) as page:
        page.goto(f"{full.url}/sessions")
        page.route(
            f"{full.issuer}/**", lambda route: route.fulfill(status=204)
        )  # or who logs out is gone at once
        send(page, path, fields)
        require_good(page, path)


def looks_at(page: Page) -> str:
    """Who looks at a page: somebody who has something on it; nobody in particular where all may."""
    if page.roles == PUBLIC:
        return ""
    if page.path in BEST:
        return BEST[page.path]
    return next(one for one in WHO if page.roles is None or roles_of(one) & page.roles)


def roles_of(name: str) -> frozenset[str]:
    """As what somebody logs in."""
    return frozenset(ROLES[group] for group in GROUPS[name])


def path_of(site: Site, page: Page) -> str:
    """Where a page is, with ids that exist, and for a purpose where one is asked."""
    if "{" in page.path:
        return FILLED[page.path](site)
    return f"{page.path}?purpose=supervision" if page.path in PURPOSED else page.path


def require_good(page: Window, path: str) -> None:
    """Require that axe finds nothing in the light and in the dark, and that nothing falls off at any size."""
    require_accessible(page)
    for width, height in (TWICE, ENLARGED, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(BESIDE) == [], (path, width)
    page.emulate_media(color_scheme="dark")
    require_accessible(page, only=SIGHT)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})


def send(page: Window, path: str, fields: dict[str, str]) -> None:
    """Send a form as a page of ours would."""
    with page.expect_navigation():
        page.evaluate(
            """([path, fields]) => {
                const form = document.createElement('form');
                form.method = 'post';
                form.action = path;
                fields.form_secret = document.querySelector('[name=form_secret]').value;
                for (const [name, value] of Object.entries(fields)) {
                    const field = document.createElement('input');
                    [field.type, field.name, field.value] = ['hidden', name, value];
                    form.append(field);
                }
                document.body.append(form);
                form.submit();
            }""",
            [path, fields],
        )
    page.wait_for_load_state()


def contradict(town: Town) -> None:
    """Let two partners attest differently how many hold authority over somebody of Anna's."""
    person = acts.someone()
    town.case(person, casemanager=str(town.people.anna.id)).post(town.client("anna"), "/cases")
    for name, holders in (("youth_care", 3), ("school", 2)):
        told = town.signal(name, person, authorityHolders=holders).post(town.client(name))
        assert told.status_code == 202
    town.match()


def let_clocks_run(site: Site) -> None:
    """Give every inquiry two clocks, of which one was missed."""
    with site.town.database.work(SYSTEM) as work:
        for (match_id,) in work.session.query(InquiryRow.match_id):
            for code, days in ((ClockCode.RECEIPT, -1), (ClockCode.ASSESS, 13)):
                at = work.now + timedelta(days=days)
                missed = at if days < 0 else None
                work.session.add(InquiryClockRow(match_id=match_id, code=code, due_at=at, missed_at=missed))


def arranged_change(site: Site) -> str:
    """An arrangement that waits for a second person, beside one in force."""
    acts.arranged(site.town)
    document = acts.ARRANGEMENT.read_text().replace("00000099000000010000", site.town.people.team.oin)
    fitting = document.replace("00000001-0000-4000-8000-000000000001", "00000000-0000-0000-0000-000000000160")
    today = clock.dutch_date(clock.now()).isoformat()
    form = {
        "document": fitting.replace("days = 7", "days = 5"),
        "in_force_date": today,
        "reason": "yearly_review",
    }
    proposed = site.visitor("covenants").post("/arrangements", form)
    return str(proposed.url).partition("/changes/")[2].partition("?")[0]


def an_erasure(site: Site) -> str:
    """An erasure that waits for a second officer."""
    decided = acts.prepare_rights_decision(site.town)().json()
    return str(decided["changeId"])


def waiting(site: Site) -> str:
    """Something that waits for the team."""
    site.waiting()
    return str(site.town.client("bram").get("/intake-items").json()["items"][-1]["itemId"])


def transferred(site: Site) -> str:
    """Where Carla takes on a case of somebody who moved."""
    return acts.prepare_transfer_acceptance(site.town).path.replace("/case-", "/")


def handed_over(site: Site) -> str:
    """Where Bram answers that he takes over what Anna has."""
    acts.prepare_hand_over_answer(site.town)
    notices = site.town.client("bram").get("/notices").json()["notices"]
    asked = next(one for one in reversed(notices) if one["kind"] == "hand_over")
    return f"/matches/{asked['matchId']}/hand-over-answer"
