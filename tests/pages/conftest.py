"""A town with pages: the hub as a process, a real provider of logins, and a browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import httpx2
import pytest
from playwright.sync_api import Browser, sync_playwright

from hub.audit.lines import index_lines
from hub.partners.service import get_partner
from hub.worker import sequencer_of
from service import clock
from service.work import SYSTEM
from tests import databases
from tests.browsers import QUIETLY, chromium
from tests.builders import authorise_staff
from tests.pages.provider import ROLES, provider, write_settings
from tests.promises.acts import someone
from tests.promises.processes import ForkServer, Running, free_port
from tests.promises.town import Town, settled

GROUPS = {
    "anna": ["dat-casemanager"],
    "bram": ["dat-casemanager"],
    "lead": ["dat-lead"],
    "carla": ["dat-casemanager"],
    "director": ["dat-director"],
    "officer": ["dat-privacy"],
    "covenants": ["dat-covenants"],
    "elsewhere": ["dat-privacy"],
    "operator": ["dat-administrator"],
    "desk": ["dat-desk"],
    "rights": ["dat-rights"],
    "dora": ["dat-desk"],
    "supervisor": ["dat-supervisor"],
    "head": ["dat-coordinator"],
    "stranger": ["dat-casemanager"],
    **{f"other_{role}": [group] for group, role in ROLES.items()},  # everybody of another municipality
    "groupless": [],
    "ambitious": ["dat-casemanager", "dat-director"],
    "dismissed": ["dat-privacy"],
    "weak": ["dat-casemanager"],
    "leaver": ["dat-casemanager"],
}
HTML = "text/html; charset=utf-8"
SAME = {"groupless": "anna", "ambitious": "anna", "dismissed": "bram", "weak": "anna"}


@dataclass
class Site:
    """The pages of a town, and how to come in."""

    town: Town
    url: str
    issuer: str
    leaver: UUID
    _visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, name: str) -> Visitor:
        """Somebody who is logged in, in a browser without a window; the same one each time."""
        if name not in self._visitors:
            self._visitors[name] = self.stranger()
            assert self._visitors[name].log_in(name).status_code == 200
        return self._visitors[name]

    def stranger(self) -> Visitor:
        """Somebody who is not logged in."""
        return Visitor(self)

    def forget(self) -> None:
        """Let everybody log in anew."""
        self._visitors.clear()

    def fields(self, page: str) -> dict[str, str]:
        """The hidden fields of a page."""
        return fields_of(page)

    def owned(self, name: str) -> str:
        """A match that somebody has taken up."""
        client = self.town.client(name)
        matches = [one for one in client.get("/matches").json()["matches"] if one["state"] == "taken_up"]
        if not matches:
            self.meeting()
            notice = client.get("/notices").json()["notices"][-1]
            client.post(f"/notices/{notice['noticeId']}/acknowledgement", json={"outcome": "acknowledged"})
            return self.owned(name)
        return str(matches[0]["matchId"])

    def waiting(self) -> None:
        """Let something wait for the team: two partners about somebody whom nobody serves."""
        person = someone()
        for name in ("school", "police"):
            assert self.town.signal(name, person).post(self.town.client(name)).status_code == 202
        self.town.match()

    def settle(self) -> None:
        """Give everything in the log its place and its line, as the worker does."""
        sequencer = sequencer_of(self.town.hub)
        while sequencer.turn():
            pass
        with self.town.database.work(SYSTEM) as work:
            while index_lines(work):
                pass

    def meeting(self) -> None:
        """Let the school leave a signal about somebody from Anna's caseload, and the worker match it."""
        person = someone()
        self.town.case(person, casemanager=str(self.town.people.anna.id)).post(
            self.town.client("anna"), "/cases"
        )
        assert self.town.signal("school", person).post(self.town.client("school")).status_code == 202
        self.town.match()


class Visitor:
    """A browser's part of HTTP: it keeps cookies, follows redirects and fills in forms."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies: dict[tuple[str, str], str] = {}
        self._http = HTTP

    def get(self, path: str, **rest: Any) -> httpx2.Response:
        """Go to a page, wherever it leads."""
        return self.send("GET", urljoin(self.site.url, path), **rest)

    def post(
        self, path: str, form: dict[str, str] | None = None, *, secret: str | None = None, **rest: Any
    ) -> httpx2.Response:
        """Send a form with the secret that pages give."""
        secret = self.form_secret() if secret is None else secret
        return self.send(
            "POST", urljoin(self.site.url, path), data={"form_secret": secret} | (form or {}), **rest
        )

    def send(self, method: str, url: str, *, follow: bool = True, **rest: Any) -> httpx2.Response:
        """Send a request, and go where the answer says."""
        for _ in range(12):
            host = url.split("/")[2]
            cookies = "; ".join(f"{name}={value}" for (at, name), value in self.cookies.items() if at == host)
            headers = {"cookie": cookies, "accept-language": "nl"} | rest.get("headers", {})
            answer = self._http.request(method, url, data=rest.get("data"), headers=headers)
            self._keep(host, answer)
            onward = answer.headers.get("location") or refresh_of(answer.text)
            # Every page that any test sees, also without a browser; one that sends on names the provider.
            if not onward and url.startswith(self.site.url) and answer.headers.get("content-type") == HTML:
                require_dressed(answer.headers, answer.text)
            if not (follow and onward):
                return answer
            url, method, rest = urljoin(url, onward), "GET", {}
        raise AssertionError("too many redirects")

    def form_secret(self) -> str:
        """The secret that the pages of this login put in their forms."""
        return fields_of(self.get("/sessions").text).get("form_secret", "")

    def log_in(self, name: str, *, path: str = "/login") -> httpx2.Response:
        """Log in at the provider as somebody."""
        asked = self.get(path)
        assert str(asked.url).startswith(self.site.issuer), asked.text[:300]
        return self.send("POST", str(asked.url), data={"login": name})

    def prove(self, name: str) -> None:
        """Prove once more who it is."""
        assert self.log_in(name, path="/login?proving=yes&next=/sessions").status_code == 200

    def _keep(self, host: str, answer: httpx2.Response) -> None:
        for line in answer.headers.get_list("set-cookie"):
            pair, _, attributes = line.partition(";")
            name, _, value = pair.partition("=")
            if "max-age=0" in attributes.lower() or "1970" in attributes:
                self.cookies.pop((host, name), None)
            else:
                self.cookies[host, name] = value


def refresh_of(page: str) -> str | None:
    """Where a page sends the browser on to by itself."""
    found = re.search(r'<meta http-equiv="refresh" content="0;url=([^"]+)"', page)
    return unescape(found[1]) if found else None


def require_dressed(headers: Mapping[str, str], text: str) -> None:
    """Require that an answer forbids scripts, frames and strangers, and holds nothing inline or from afar."""
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"]
    assert not re.search(r"<(script|style)\b|\s(style|on[a-z]+)=|(src|href)=\"(https?:)?//", text)


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""

    class Reader(HTMLParser):
        found: dict[str, str] = {}  # noqa: RUF012 - one reader, one page

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            facts = dict(attrs)
            if tag == "input" and facts.get("type") == "hidden":
                self.found[str(facts["name"])] = str(facts["value"])

    reader = Reader()
    reader.found = {}
    reader.feed(page)
    return reader.found


# One for all: cookies are kept by the visitors themselves, and making a client reads every certificate.
HTTP = httpx2.Client(timeout=20, verify=False)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, forks: ForkServer) -> Iterator[Site]:
    """The pages of a town, served by a process of their own."""
    folder, port, issuer = tmp_path_factory.mktemp("pages"), free_port(), f"http://127.0.0.1:{free_port()}"
    login, url = write_settings(folder, issuer), f"http://127.0.0.1:{port}"
    with settled(folder, _new_store(folder), port=port, public_url=url, login=login) as town:
        director = authorise_staff(
            town.database, town.people.team, "process_director", now=clock.now(), contact=None
        )
        with town.database.look(SYSTEM) as work:
            other = get_partner(work, town.staff("carla").organisation_id)
        elsewhere = authorise_staff(town.database, other, "privacy_officer", now=clock.now(), contact=None)
        operator = authorise_staff(
            town.database, town.people.team, "functional_administrator", now=clock.now(), contact=None
        )
        own = (
            "anna",
            "bram",
            "carla",
            "lead",
            "officer",
            "covenants",
            "desk",
            "rights",
            "supervisor",
            "head",
        )
        known = {name: str(town.staff(name).id) for name in (*own, "head", "dora")}
        known |= {"elsewhere": str(elsewhere.id), "operator": str(operator.id), "director": str(director.id)}
        for role in ROLES.values():
            known[f"other_{role}"] = str(
                authorise_staff(town.database, other, role, now=clock.now(), contact=None).id
            )
        known |= {"stranger": "11111111-1111-4111-8111-111111111111"}
        leaver = authorise_staff(
            town.database, town.people.team, "casemanager", now=clock.now(), contact=None
        )
        known["leaver"] = str(leaver.id)
        known |= {name: known[same] for name, same in SAME.items()}
        with provider(town, issuer, {name: (known[name], groups) for name, groups in GROUPS.items()}):
            running = Running(forks, town.hub.settings, folder / "log")
            running.start("hub")
            running.wait()
            found = Site(town, url, issuer, leaver.id)
            found.meeting()
            yield found
            HTTP.close()
            running.kill("hub")


def _new_store(folder: Path) -> str:
    """Lay the town in a file; in PostgreSQL where PAGES_ON asks for that, as `make prove` does."""
    if os.environ.get("PAGES_ON") == "postgresql":
        return databases.new_postgresql_url()
    return f"sqlite:///{folder / 'hub.db'}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium without a window; while it stands its event loop runs in this thread: so for a file."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=QUIETLY)
        yield started
        started.close()
