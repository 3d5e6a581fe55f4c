"""A desk without a network, and a visitor that fills in its forms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from dat_client import Client
from dat_client.desk.acts import Desk
from dat_client.desk.app import create_desk
from dat_client.desk.door import Door
from tests.dat_client.world import World

PORT = 8765
AHEAD = {
    "mayPost": True,
    "told": [{"recipientKind": "municipal_team", "level": 2, "text": "Die hoort dát er contact was."}],
    "noticeTo": ["subject"],
    "consentOf": [],
    "exceptionPossible": True,
    "policy": "0" * 32,
}


@dataclass
class Visitor:
    """A browser's part of HTTP at one desk."""

    desk: Desk
    door: Door
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app = create_desk(self.desk, self.door)

    def enter(self) -> Visitor:
        """Come in by the link."""
        answer = self.get(f"/open/{self.door.link}")
        name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
        self.cookies[name] = value
        return self

    def get(self, path: str, **rest: Any) -> httpx2.Response:
        return asyncio.run(self._send("GET", path, **rest))

    def post(self, path: str, form: dict[str, str] | None = None, **rest: Any) -> httpx2.Response:
        """Send a form with the secret of the pages."""
        sent = {"form_secret": self.door.form_secret} | (form or {})
        return asyncio.run(self._send("POST", path, data=sent, **rest))

    def fill_in(self, path: str, form: dict[str, str], **rest: Any) -> str:
        """Send a form, and give the page that it leads to."""
        answer = self.post(path, form, **rest)
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"]).text

    async def _send(self, method: str, path: str, **rest: Any) -> httpx2.Response:
        headers = {"accept-language": "nl"} | rest.pop("headers", {})
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(
            transport=transport, base_url=self.door.address, cookies=self.cookies
        ) as http:
            return await http.request(method, path, headers=headers, **rest)


@pytest.fixture
def school(world: World) -> Iterator[Client]:
    """A school's client."""
    world.hub.lists["telling-previews"] = AHEAD
    home = world.make_home(partner_kind="school", legal_bases=("NO_OBJECTION", "CONSENT"))
    with world.open(home) as client:
        yield client


@pytest.fixture
def visitor(school: Client) -> Visitor:
    """Somebody at the school's desk, who came in by the link."""
    return Visitor(Desk(school), Door(PORT)).enter()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]
