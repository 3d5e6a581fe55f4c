"""A visit to the desk: in which language, with which form, and how a page is made of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from babel.dates import format_datetime
from jinja2 import Environment
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dat_client import clock
from dat_client.desk.acts import Desk
from dat_client.desk.door import Door
from dat_client.desk.forms import Form
from dat_client.desk.texts import SAID, TEXTS, gettext, say_code
from keys.protocol.encoding import b64u
from look.language import LANGUAGE, Language, write_day, write_plain_day
from look.rendering import make_environment
from look.styles import theme

SEE_OTHER = 303
SECRET = Markup('<input type="hidden" name="form_secret" value="{}">')


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page, from the one browser that may."""

    desk: Desk
    door: Door
    request: Request
    form: Form = field(repr=False)
    language: Language

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the form, as they were filled in."""
        return self.form.fields


@dataclass(frozen=True, slots=True)
class Page:
    """A page or an action: where it is and what it shows."""

    method: Literal["GET", "POST"]
    path: str
    show: Callable[[Visit], Response]


def render(visit: Visit, template: str, *, status: int = 200, **facts: object) -> Response:
    """Make a page for this visit."""
    LANGUAGE.set(visit.language)
    said = SAID.get(visit.request.query_params.get("said", ""))
    page = (
        environment()
        .get_template(template)
        .render(
            visit=visit,
            desk=visit.desk,
            here=visit.request.url.path,
            said=gettext(said) if said else None,
            waiting=visit.desk.count_pending(),
            secret=lambda: SECRET.format(visit.door.form_secret),
            once=lambda: b64u(secrets.token_bytes(16)),
            **facts,
        )
    )
    return HTMLResponse(page, status_code=status)


def go_to(path: str, *, said: str = "") -> Response:
    """Send the browser on after an action, so that loading again does not repeat it."""
    return RedirectResponse(f"{path}?said={said}" if said else path, SEE_OTHER)


@cache
def environment() -> Environment:
    """Return the templates, read once."""
    found = make_environment(Path(__file__).parent / "templates", TEXTS)
    found.filters |= {"code": say_code, "date": write_day, "day": write_plain_day, "moment": _say_moment}
    found.globals |= {"theme": theme(None).path}
    return found


def _say_moment(received_at: str) -> str:
    """Write a moment of a receipt on a Dutch clock."""
    moment = clock.parse_time(received_at).astimezone(clock.AMSTERDAM)
    return format_datetime(moment, "d MMMM y, HH:mm", locale=LANGUAGE.get())
