"""A visit to a page: who comes, with what, in which language; and what a page is."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, Literal, TypeVar
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.audit.covering import Otherwise
from hub.audit.reading import ReadingPurpose
from hub.context import Hub
from hub.logins.errors import LoginNeededError
from hub.logins.provider import Provider
from hub.logins.sessions import LoginSession
from hub.partners.service import StaffRole
from hub.web.errors import FormInvalidError
from hub.web.texts import Language
from keys.protocol.encoding import b64u
from service.clock import dutch_date, now
from service.work import Caller, Work

Choice = TypeVar("Choice", bound=StrEnum)
Listed = TypeVar("Listed")
Roles = frozenset[StaffRole]
PUBLIC: Roles = frozenset()
SEE_OTHER = 303
OWN_SITE = frozenset({"same-origin", "none"})  # from a page of ours, or typed
FIRST_YEAR, LAST_YEAR = 2000, 2199
LONGEST_NUMBER = 9  # digits
KEPT = (
    "page",
    "known",
    "late",
    "objections",
    "view",
)  # where on a list a form stands, so that it is shown again in its place


@dataclass(frozen=True, slots=True)
class Part(Generic[Listed]):
    """A page of a list, and the number of the next one; None on the last."""

    rows: Sequence[Listed]
    following: int | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page, already judged: its roles and its form were checked.

    Attributes:
        session: None on public pages where nobody is logged in.
        theme: where the colours and letters are.
        token: the cookie's value, from which the form's secret follows; empty without a login.
        faults: names of the fields that were wrong, where a form is shown again.
        places: all that was wrong, as far inside a field as is known.
        home: where a form that is shown again stands by itself; empty on every other page.
    """

    hub: Hub
    request: Request
    form: Mapping[str, str] = field(repr=False)
    language: Language
    provider: Provider | None
    session: LoginSession | None
    theme: str
    token: str = field(repr=False)
    faults: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    home: str = ""

    @property
    def caller(self) -> Caller:
        """Return who it is, as every service function knows them; raises LoginNeededError."""
        return self.login.caller

    @property
    def login(self) -> LoginSession:
        """Return the login behind this visit; raises LoginNeededError."""
        if self.session is None:
            raise LoginNeededError
        return self.session

    @property
    def form_secret(self) -> str:
        """Return what every form of this login carries, and no other site can know."""
        return form_secret(self.token)

    @property
    def proven(self) -> bool:
        """Tell whether somebody proved a moment ago who they are."""
        until = self.session.proven_until if self.session else None
        return until is not None and now() < until

    @property
    def today(self) -> date:
        """Return the day it is in the Netherlands."""
        return dutch_date(now())

    @property
    def term(self) -> int:
        """Return the hub's own term, in working days."""
        return self.hub.settings.term_working_days

    def has(self, *roles: StaffRole) -> bool:
        """Tell whether the visitor has one of these roles."""
        return self.session is not None and not self.session.roles.isdisjoint(roles)

    def looking(self) -> AbstractContextManager[Work]:
        """Open a unit of work that only reads, and shows nothing that must be in the log first."""
        return self.hub.database.look(self.caller)

    def working(self) -> AbstractContextManager[Work]:
        """Open a unit of work that acts."""
        return self.hub.database.work(self.caller)

    def disclosing(self, *, otherwise: Otherwise | None = None) -> AbstractContextManager[Work]:
        """Open a unit of work that shows something: shown only once witnessed."""
        return self.hub.disclosing(self.caller, otherwise=otherwise)

    def path_id(self, name: str) -> UUID:
        """Return an id in the address."""
        return UUID(str(self.request.path_params[name]))

    def query(self, name: str, allowed: Mapping[str, object] | tuple[str, ...], default: str) -> str:
        """Return a choice in the address; what is not one of them is the default."""
        value = self._asked(name) or default
        return value if value in allowed else default

    def query_date(self, name: str, default: date) -> date:
        """Return a day in the address; the default when there is none, or something else."""
        return self.query_day(name) or default

    def query_day(self, name: str) -> date | None:
        """Return a day in the address; None when there is none, or something else."""
        try:
            return _read_day(self.request.query_params.get(name, ""))
        except ValueError:
            return None

    def query_number(self, name: str, *, at_most: int) -> int:
        """Return a number from 1 in the address; 1 when there is none, or something else."""
        text = self._asked(name)
        return min(int(text), at_most) if _is_number(text) and int(text) else 1

    def part(self, found: Sequence[Listed], size: int, *, name: str = "page") -> Part[Listed]:
        """Return the page of a list that was asked for: no page of ours may grow with what is in the hub.

        Args:
            name: of the number in the address, where a page has more than one list.
        """
        page = self.query_number(name, at_most=1000)
        end = page * size
        return Part(found[end - size : end], page + 1 if len(found) > end else None)

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """Return where on a list the visitor is, as its forms carry it."""
        return tuple((name, value) for name in KEPT if (value := self._asked(name)))

    @property
    def purpose(self) -> ReadingPurpose | None:
        """Return for what the log is read, as it was chosen; None while nothing was."""
        value = self.request.query_params.get("purpose", "")
        # A link on another site must not put words in somebody's mouth: the purpose is in the log.
        own = self.request.headers.get("sec-fetch-site", "none") in OWN_SITE
        return ReadingPurpose(value) if own and value in set(ReadingPurpose) else None

    def query_id(self, name: str) -> UUID | None:
        """Return an id in the address; None when there is none, or something else."""
        try:
            return UUID(self.request.query_params.get(name, ""))
        except ValueError:
            return None

    def _asked(self, name: str) -> str:
        """Return what the address asks for, or the form that was sent from there."""
        carried = self.form.get(name, "") if name in KEPT else ""
        return self.request.query_params.get(name) or carried

    def field_id(self, name: str) -> UUID:
        """Return an id in the form; raises FormInvalidError."""
        try:
            return UUID(self.form.get(name, ""))
        except ValueError:
            raise FormInvalidError(places=(name,)) from None

    def field_date(self, name: str) -> date:
        """Return a day in the form; raises FormInvalidError."""
        try:
            return _read_day(self.form.get(name, ""))
        except ValueError:
            raise FormInvalidError(places=(name,)) from None

    def field_days(self, name: str, *, at_most: int) -> timedelta:
        """Return a number of days in the form; raises FormInvalidError."""
        text = self.form.get(name, "")
        if not (_is_number(text) and 1 <= int(text) <= at_most):
            raise FormInvalidError(places=(name,))
        return timedelta(days=int(text))

    def field_of(self, name: str, allowed: type[Choice]) -> Choice:
        """Return a choice in the form; raises FormInvalidError."""
        try:
            return allowed(self.form.get(name, ""))
        except ValueError:
            raise FormInvalidError(places=(name,)) from None


@dataclass(frozen=True, slots=True)
class Page:
    """A page or an action: where it is, who may come, and what it shows.

    Attributes:
        roles: one of them is needed; `PUBLIC`: everybody, without a login; None: whoever is logged in.
        proven: whether the visitor must have proven a moment ago who they are.
        back: where to go, with the address's ids filled in, after proving.
        again: shows the form once more when a field of it was wrong.
    """

    method: Literal["GET", "POST"]
    path: str
    show: Callable[[Visit], Response]
    roles: Roles | None
    proven: bool = False
    back: str = "/"
    again: Callable[[Visit], Response] | None = None


def _read_day(text: str) -> date:
    """Read a day; raises ValueError, also where the calendar ends and nothing can be counted from it."""
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError
    return day


def _is_number(text: str) -> bool:
    """Tell whether a text is a number of a size that somebody types."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def go_to(path: str, *, said: str = "") -> Response:
    """Send the browser on after an action, so that loading again does not repeat it."""
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}said={said}" if said else path, SEE_OTHER)


def new_token(before: str = "") -> str:
    """Make a cookie of a login; proving anew keeps its first half, for the forms in other tabs."""
    family = before.partition(".")[0] or b64u(secrets.token_bytes(32))
    return f"{family}.{b64u(secrets.token_bytes(32))}"


def form_secret(token: str) -> str:
    """Derive the secret of a login's forms: of the half of its cookie that stays."""
    return b64u(hmac.digest(token.partition(".")[0].encode(), b"form", hashlib.sha256))
