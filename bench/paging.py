"""Measure the pages for people: the server's time and the size of each, beside a hundred thousand notices."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import httpx2
from sqlalchemy import insert, select, text, update

from bench.databases import NewDatabase
from bench.furnishing import furnish
from bench.matching import FRESH, store_signals
from bench.messages import MATCH_KEYS
from bench.processes import free_port, running
from bench.progress import step
from bench.town import Town, environment_of, settings_of, settle
from hub.audit.reading import ReadingPurpose
from hub.base import Base
from hub.cases.models import CaseRow
from hub.context import open_database
from hub.logins.provider import Identity
from hub.logins.sessions import find_caller, open_session
from hub.matches.models import AssignmentRow
from hub.matches.service import match_changed
from hub.notices.models import NoticeRow
from hub.partners import staffing
from hub.partners.values import Authorisation, StaffRole
from hub.questions.service import ANSWERING
from hub.settings import HubSettings
from hub.subjects.policy import Token
from hub.subjects.service import NewRegistration, Pseudonyms, RegistrationKind, store_registrations
from hub.web.app import PAGES
from hub.web.front import SESSION_COOKIE
from hub.web.visiting import Page
from service import clock
from service.clock import dutch_date
from service.database import Database
from service.work import OPERATOR, SYSTEM, Work

NOTICES = 100_000
OWN = 120  # notices of the one casemanager whose pages are looked at
WARM_UP, FEWEST, LOOKS = 2, 7, 40
TIMEOUT = 10.0  # seconds
PATIENCE = 2.5  # seconds for a page, so that all of it stays short
LIMIT_MS, LIMIT_BYTES = 50.0, 100_000
ROLES = (
    StaffRole.TEAM_LEAD,
    StaffRole.PRIVACY_OFFICER,
    StaffRole.PROCESS_DIRECTOR,
    StaffRole.FUNCTIONAL_ADMINISTRATOR,
    StaffRole.COVENANT_MANAGER,
    StaffRole.RIGHTS_OFFICER,
)
# Who has the most on a page where not everybody sees the same.
BEST = {
    "/advices": StaffRole.TEAM_LEAD,
    "/outcomes": StaffRole.TEAM_LEAD,
    "/team": StaffRole.TEAM_LEAD,
    "/consent-tasks": StaffRole.CASEMANAGER,
}
PURPOSED = ("/log", "/questions", "/requests")
LOGIN = 'issuer = "http://127.0.0.1:9"\nclient_id = "bench"\n[roles]\n'


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at one page cost.

    Attributes:
        ms: of each look, sorted.
    """

    ms: Sequence[float]
    size: int

    @property
    def p95(self) -> float:
        """Return what 19 of 20 looks stay under."""
        return self.ms[int(len(self.ms) * 0.95)]


def measure_pages(town: Town, new_database: NewDatabase, folder: Path) -> dict[str, Any]:
    """Return the ratios to the limits, and the time of each page."""
    settings = settings_of(
        town, data=folder / "pages", database_url=new_database("dat_pages"), port=free_port()
    )
    settings.data.mkdir(parents=True, mode=0o700)
    settle(town, settings)
    with _open(settings) as database:
        with step(f"laying {NOTICES:,} notices"):
            match = _lay(database, town)
            with database.work(SYSTEM) as work:
                request = furnish(work, town)
            _tidy(database)
        cookies = _log_in(database, settings, town)
    with _served(settings) as http, step("looking at every page"):
        found = {path: _look(http, path, cookies[role]) for path, role in _chosen(match, request)}
    worst = max(found, key=lambda path: found[path].p95)
    largest = max(found, key=lambda path: found[path].size)
    return {
        "slowest_page_vs_limit": round(found[worst].p95 / LIMIT_MS, 3),
        "largest_page_vs_limit": round(found[largest].size / LIMIT_BYTES, 3),
        "slowest_page": worst,
        "largest_page": largest,
        "p50_ms": {path: round(one.ms[len(one.ms) // 2], 1) for path, one in found.items()},
        "p95_ms": {path: round(one.p95, 1) for path, one in found.items()},
        "bytes": {path: one.size for path, one in found.items()},
        "notices": NOTICES,
    }


def _chosen(match: UUID, request: UUID) -> Iterator[tuple[str, StaffRole | None]]:
    """List the pages, each for the first role that may, with something on them."""
    for page in PAGES:
        if page.method == "GET" and not page.path.startswith("/login"):
            role = _role_for(page)
            if "{" not in page.path and (role or not page.roles):
                yield f"{page.path}?purpose=supervision" if page.path in PURPOSED else page.path, role
    yield "/inbox?view=all", StaffRole.CASEMANAGER
    yield f"/matches/{match}", StaffRole.CASEMANAGER
    yield f"/rights-desk/{request}", StaffRole.RIGHTS_OFFICER
    yield "/rights-desk?view=decided", StaffRole.RIGHTS_OFFICER
    yield "/log?purpose=supervision&acts=told", StaffRole.PRIVACY_OFFICER
    for id_, answering in ANSWERING.items():
        if ReadingPurpose.SUPERVISION in answering.purposes:
            yield f"/questions/{id_}?purpose=supervision", StaffRole.PRIVACY_OFFICER


def _role_for(page: Page) -> StaffRole | None:
    if page.roles is None:
        return StaffRole.CASEMANAGER
    if page.path in BEST:
        return BEST[page.path]
    return next((role for role in (StaffRole.CASEMANAGER, *ROLES) if role in page.roles), None)


def _look(http: httpx2.Client, path: str, cookie: str | None) -> Looked:
    headers = {"cookie": f"{SESSION_COOKIE}={cookie}"} if cookie else {}
    times: list[float] = []
    size, begun = 0, perf_counter()
    while len(times) < FEWEST or (len(times) < LOOKS and perf_counter() - begun < PATIENCE):
        started = perf_counter()
        try:
            answer = http.get(path, headers=headers)
        except httpx2.TimeoutException:
            # Once is enough: whoever waits that long has left.
            return Looked([1000 * TIMEOUT], size)
        times.append(1000 * (perf_counter() - started))
        assert answer.status_code in (200, 303), (path, answer.status_code)
        size = len(answer.content)
    return Looked(sorted(times[WARM_UP:]), size)


def _lay(database: Database, town: Town) -> UUID:
    """Let one casemanager have matches that are real, and everybody else copies of them; gives one match."""
    people = [[os.urandom(16) for _ in MATCH_KEYS] for _ in range(OWN)]
    with database.work(SYSTEM) as work:
        _store_cases(work, town, people)
    store_signals(database, town.senders[0], people)
    while match_changed(database, limit=FRESH):
        pass
    with database.work(SYSTEM) as work:
        notices = work.session.scalars(select(NoticeRow)).all()
        assert len(notices) >= OWN, "not every signal reached the casemanager"
        taken = [one.match_id for one in notices[: OWN // 2]]
        work.session.execute(
            update(AssignmentRow).where(AssignmentRow.match_id.in_(taken)).values(accepted_at=work.now)
        )
        _copy(work, taken[0])
    return taken[0]


def _tidy(database: Database) -> None:
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


# Of every copy: ids that belong together, fifty owners, and all but a few at their end.
_COPIED = {
    "person_match": {"id": "{match}", "signal_id": "{new}", "other_id": "{new}"},
    "notice": {"id": "{new}", "match_id": "{match}", "recipient": "{heir}", "state": "'acknowledged'"},
    "assignment": {"id": "{new}", "match_id": "{match}", "staff_id": "{heir}"},
    "follow_up": {"match_id": "{match}"},
}
_WORDS = {
    "match": "md5('match ' || n)::uuid",
    "heir": "md5('heir ' || n % 50)::uuid",
    "new": "gen_random_uuid()",
}


def _copy(work: Work, match_id: UUID) -> None:
    """Write copies of a match and its notice for others of the team, inside the database."""
    for name, changed in _COPIED.items():
        columns = [column.name for column in Base.metadata.tables[name].columns]
        values = [changed.get(column, f"t.{column}").format(**_WORDS) for column in columns]
        key = "id" if name == "person_match" else "match_id"
        template = f"SELECT * FROM {name} WHERE {key} = '{match_id}' LIMIT 1"
        numbers = f"generate_series(1, {NOTICES}) AS n"
        statement = f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(values)}"
        work.session.execute(text(f"{statement} FROM ({template}) AS t, {numbers}"))


def _store_cases(work: Work, town: Town, people: Sequence[Sequence[bytes]]) -> None:
    ids, end = [uuid4() for _ in people], work.now + timedelta(days=300)
    facts: dict[str, Any] = {"organisation_id": town.team_id, "team_id": town.team_id}
    facts |= {"casemanager": town.casemanager_id}
    facts |= {"legal_basis": "JW_WMO_TASK", "bracket": "12-15", "bracket_ends": "2028-Q3", "closed_at": None}
    facts |= {"opened_at": work.now, "active_until": end, "body_hash": bytes(32)}
    work.session.execute(insert(CaseRow), [facts | {"id": id_, "key_hash": id_.bytes} for id_ in ids])
    store_registrations(
        work,
        [
            NewRegistration(
                id_,
                RegistrationKind.CASE,
                town.team_id,
                work.now,
                end,
                Pseudonyms(
                    id_,
                    tuple(
                        Token(kind.value, 1, index) for kind, index in zip(MATCH_KEYS, person, strict=True)
                    ),
                    bytes(308),
                    1,
                    work.data_keys.take(),
                ),
            )
            for id_, person in zip(ids, people, strict=True)
        ],
    )


def _log_in(database: Database, settings: HubSettings, town: Town) -> dict[StaffRole | None, str]:
    """Open a login for each role, as the provider's answer does; gives their cookies."""
    staff = {StaffRole.CASEMANAGER: town.casemanager_id} | {role: uuid4() for role in ROLES}
    with database.work(OPERATOR) as work:
        for role in ROLES:
            trained = dutch_date(clock.now())
            staffing.authorise(
                work,
                Authorisation(organisation_id=town.team_id, role=role, id=staff[role], trained_on=trained),
            )
    cookies: dict[StaffRole | None, str] = {}
    for role, id_ in staff.items():
        identity = Identity(staff_id=id_, roles=frozenset({role}), session=None, subject=id_.bytes)
        with database.look(SYSTEM) as work:
            caller = find_caller(work, id_, identity.roles)
        with database.work(caller) as work:
            open_session(work, identity, token=id_.hex, proven=True)
        cookies[role] = id_.hex
    return cookies | {None: ""}


@contextmanager
def _open(settings: HubSettings) -> Iterator[Database]:
    database = open_database(settings)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _served(settings: HubSettings) -> Iterator[httpx2.Client]:
    login = settings.data / "login.toml"
    login.write_text(
        LOGIN + "\n".join(f"{json.dumps(role.value)} = {json.dumps(role.value)}" for role in StaffRole)
    )
    environment = environment_of(settings) | {"DAT_HUB_LOGIN": str(login)}
    url = settings.public_url
    with (
        running(
            ["dat-hub", "serve"],
            environment=environment,
            log=settings.data / "hub.log",
            ready_url=f"{url}/livez",
        ),
        httpx2.Client(base_url=url, timeout=TIMEOUT) as http,
    ):
        yield http
