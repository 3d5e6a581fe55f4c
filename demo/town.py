"""Set up the fictive municipality Waterstad by the real commands: domains, keys, organisations, services."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from demo.admitting import admission, onboarding
from demo.desks import CASEMANAGERS, COUNTER, DESKS, LEAD, POSTING, TEAM, Desk
from demo.domains import Domain, can_change_accounts, clear, make_domain
from demo.logins import PROVIDER, Login, find_node, invent_logins, write_order, write_settings
from demo.processes import Children, answers, free_ports, listens, run, wait_until
from service.clock import dutch_date, now

HUB_ID = "waterstad.dat-hub.example"
HOLDER_NAME = "sleutelbeheer.dat-hub.example"
PER_DAY = 1_000_000  # elements: the demo does a year's work in a minute
START_WITHIN = 60.0  # seconds
LOGIN_FILE = "login.toml"
ORDER_FILE = "order.json"


@dataclass(frozen=True, slots=True)
class Home:
    """One `dat` home: who works there.

    Attributes:
        name: folder below the organisation's; empty for its only home.
        staff: the pseudonym of the reporter, casemanager or team lead.
        holds_key: whether the key is registered to that one member of staff.
    """

    desk: Desk
    name: str
    role: str
    domain: Domain
    staff: UUID
    holds_key: bool

    @property
    def folder(self) -> Path:
        """Return where its configuration, key, store and files lie."""
        return self.domain.folder / self.name

    @property
    def client_id(self) -> str:
        """Return the name under which its key is registered."""
        return f"{self.desk.folder}-{self.name or 'reporter'}"

    @property
    def label(self) -> str:
        """Return what the story calls it."""
        return f"casemanager {self.name}" if self.role == "casemanager" else self.desk.name

    def dat(self, *arguments: str) -> list[str]:
        """Return a command line of `dat` in this home."""
        return ["dat", "--home", str(self.folder), *arguments]


@dataclass(slots=True)
class Town:
    """Everything that stands: domains, homes, ports, processes."""

    data: Path
    cases_to_load: int
    accounts: bool
    children: Children = field(default_factory=Children)
    domains: dict[str, Domain] = field(default_factory=dict)
    organisations: dict[str, UUID] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)
    ports: tuple[int, int, int, int] = (0, 0, 0, 0)
    logins: list[Login] = field(default_factory=list)
    receipt_key: str = ""

    @property
    def hub_url(self) -> str:
        """Return where the hub listens."""
        return f"http://127.0.0.1:{self.ports[0]}"

    @property
    def holder_url(self) -> str:
        """Return where the key holder listens."""
        return f"http://127.0.0.1:{self.ports[1]}"

    @property
    def issuer(self) -> str:
        """Return where the provider of logins listens."""
        return f"http://127.0.0.1:{self.ports[3]}"

    def hub_settings(self) -> dict[str, str]:
        """Return the variables of hub and worker."""
        return {
            "DAT_HUB_DATA": str(self.domains["hub"].folder),
            "DAT_HUB_HUB_ID": HUB_ID,
            "DAT_HUB_PUBLIC_URL": self.hub_url,
            "DAT_HUB_PORT": str(self.ports[0]),
            "DAT_HUB_SMTP_PORT": str(self.ports[2]),
            "DAT_HUB_MAIL_HOURS": "",
            "DAT_HUB_WITNESS_URL": f"{self.holder_url}/v1/witness",
            "DAT_HUB_WITNESS_KEYS": str(self.domains["hub"].folder / "witness.vkeys"),
            "DAT_HUB_DATA_KEYS_URL": self.holder_url if self.receipt_key else "",
            "DAT_HUB_DATA_KEYS_PUBLIC": self.receipt_key,
        } | ({"DAT_HUB_LOGIN": str(self.domains["hub"].folder / LOGIN_FILE)} if self.logins else {})

    def holder_settings(self) -> dict[str, str]:
        """Return the variables of the key holder."""
        return {
            "DAT_KEYS_DATA": str(self.domains["holder"].folder),
            "DAT_KEYS_NAME": HOLDER_NAME,
            "DAT_KEYS_PUBLIC_URL": self.holder_url,
            "DAT_KEYS_PORT": str(self.ports[1]),
        }

    @property
    def today(self) -> date:
        """Return the day it is in the Netherlands."""
        return dutch_date(now())

    def home_of(self, role: str) -> list[Home]:
        """Give the homes of one role."""
        return [home for home in self.homes if home.role == role]


def lay_out(data: Path, *, cases_to_load: int) -> Town:
    """Make the folders of every trust domain, clean, and say who works where."""
    clear(data)
    town = Town(data, cases_to_load, can_change_accounts(data), ports=_four_ports())
    names = ["hub", "holder", "root", "mail", "logins", *(f"partners/{desk.folder}" for desk in DESKS)]
    for number, name in enumerate(names):
        town.domains[name] = make_domain(data, name, number=number if town.accounts else None)
    town.organisations = {desk.folder: uuid4() for desk in DESKS}
    for desk in POSTING:
        town.homes.append(_home(town, desk, "", "reporter", holds_key=False))
    for name in CASEMANAGERS:
        town.homes.append(_home(town, TEAM, name, "casemanager", holds_key=True))
    town.homes.append(_home(town, TEAM, LEAD, "team_lead", holds_key=True))
    town.homes.append(_home(town, TEAM, COUNTER, "desk", holds_key=True))
    if find_node():
        town.logins = invent_logins([(home.name, home.role, home.staff) for home in town.homes if home.name])
        town.domains["hub"].write(LOGIN_FILE, write_settings(town.issuer, town.logins))
    return town


def make_keys(town: Town) -> None:
    """Draw every party's keys on its own ground, carry public parts to the root, and have it sign them."""
    hub, holder, root = (town.domains[name] for name in ("hub", "holder", "root"))
    with ThreadPoolExecutor(3) as pool:
        hub_part = pool.submit(run, hub, ["dat-hub", "init"], environment=town.hub_settings())
        holder_part = pool.submit(run, holder, ["dat-keys", "init"], environment=town.holder_settings())
        key = root.folder / "root.key"
        pinned = pool.submit(run, root, ["dat-keys", "root", "create", "--out", str(key)]).result().strip()
        root.write("hub.json", hub_part.result())
        root.write("holder.json", holder_part.result())
    files = ("--root", "root.key", "--hub", "hub.json", "--holder", "holder.json", "--out", "manifest.jws")
    run(root, ["dat-keys", "manifest", "sign", *files, "--valid-days", "30"])
    holder.write("manifest.jws", (root.folder / "manifest.jws").read_text())
    # Each learns the other's keys on paper: the witness whose log it cosigns, the hub who cosigns.
    trusted = json.loads(hub_part.result())["ledger"]
    run(holder, ["dat-keys", "witness", "trust", trusted], environment=town.holder_settings())
    hub.write("witness.vkeys", "\n".join(json.loads(holder_part.result())["witness"]) + "\n")
    order = write_order(town.issuer, town.hub_url, json.loads(hub_part.result())["loginKey"], town.logins)
    town.domains["logins"].write(ORDER_FILE, order)
    _entrust_data_keys(town, json.loads(hub_part.result()), json.loads(holder_part.result()))
    root.write("root.pub", pinned + "\n")


def _entrust_data_keys(town: Town, hub_part: dict[str, Any], holder_part: dict[str, Any]) -> None:
    """Admit the hub at the key holder, for its data keys alone, and pin the key of its receipts."""
    jwk = town.domains["holder"].write("tmp/hub.jwk", json.dumps(hub_part["dataKeyClient"]))
    hub = ["--organisation", str(uuid4())]
    lines = [["admit", "--client-id", "hub", *hub, "--jwk", str(jwk)], ["data-keys", "permit", *hub]]
    _several(town, "holder", "dat-keys", lines)
    town.receipt_key = holder_part["receiptKey"]


def start_services(town: Town) -> None:
    """Start key holder, hub, worker and the municipality's mail server, each on its own."""
    start, hub, mail = town.children.start, town.domains["hub"], town.domains["mail"]
    start(town.domains["holder"], "holder", ["dat-keys", "serve"], environment=town.holder_settings())
    if (node := find_node()) and town.logins:
        logins = town.domains["logins"]
        start(logins, "logins", [str(node), str(PROVIDER), str(logins.folder / ORDER_FILE)], environment={})
    postbox = ["python", "-m", "demo.postbox", str(town.ports[2]), str(mail.folder / "taken")]
    start(mail, "postbox", postbox, environment={})
    # A hub does not begin before the holder can say what was erased, and writes no line without a data key.
    holder = f"{town.holder_url}/readyz"
    wait_until(lambda: answers(holder), town.children, seconds=START_WITHIN, what="the key holder to answer")
    start(hub, "hub", ["dat-hub", "serve"], environment=town.hub_settings())
    start(hub, "worker", ["dat-hub", "worker"], environment=town.hub_settings())


def onboard(town: Town) -> None:
    """Configure every home, and admit organisations, staff and keys at the hub and at the holder."""
    by_domain = {desk.folder: [home for home in town.homes if home.desk == desk] for desk in DESKS}
    with ThreadPoolExecutor(2) as pool:
        keys = dict(
            zip(by_domain, pool.map(lambda one: _configure(town, one), by_domain.values()), strict=True)
        )
    public = {home.client_id: jwk for domain, homes in by_domain.items()
              for home, jwk in zip(homes, keys[domain], strict=True)}  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        at_hub = pool.submit(_admit_at_hub, town, public)
        _admit_at_holder(town, public)
        at_hub.result()


def wait_for_services(town: Town) -> None:
    """Wait until all of them answer."""
    worker = town.domains["hub"].logs / "worker.log"

    def ready() -> bool:
        return (
            answers(f"{town.holder_url}/readyz")
            and answers(f"{town.hub_url}/readyz")
            and listens(town.ports[2])
            and (not town.logins or listens(town.ports[3]))
            and "worker_started" in worker.read_text()
        )

    wait_until(ready, town.children, seconds=START_WITHIN, what="the services to answer")


def _home(town: Town, desk: Desk, name: str, role: str, *, holds_key: bool) -> Home:
    domain = town.domains[f"partners/{desk.folder}"]
    home = Home(desk, name, role, domain, uuid4(), holds_key)
    home.folder.mkdir(exist_ok=True)
    domain.own(home.folder)
    return home


def _configure(town: Town, homes: Sequence[Home]) -> list[str]:
    """Have one organisation configure its homes against the pinned root; gives the public keys it prints."""
    pinned = (town.domains["root"].folder / "root.pub").read_text().strip()
    lines = [[*home.dat("configure")[1:], *_configuration(town, home, pinned)] for home in homes]
    printed = run(homes[0].domain, ["python", "-m", "demo.several", "dat"], given=json.dumps(lines))
    return list(json.loads(printed))


def _configuration(town: Town, home: Home, pinned: str) -> list[str]:
    facts = {
        "--hub-url": town.hub_url,
        "--holder-url": town.holder_url,
        "--hub-id": HUB_ID,
        "--organisation-id": str(town.organisations[home.desk.folder]),
        "--client-id": home.client_id,
        "--root-key": pinned,
        "--reporter": str(home.staff),
    }
    schemes = [part for scheme in home.desk.schemes for part in ("--scheme", scheme)]
    facts["--kind"] = home.desk.kind
    bases = [part for basis in home.desk.bases for part in ("--basis", basis)]
    return [*(f"{name}={value}" for name, value in facts.items()), *schemes, *bases]


def _admit_at_hub(town: Town, public: dict[str, str]) -> None:
    hub = town.domains["hub"]
    lines = [admission(desk, town.organisations[desk.folder], today=town.today) for desk in DESKS]
    lines += [
        line for desk in DESKS for line in onboarding(town.organisations[desk.folder], today=town.today)
    ]
    team = str(town.organisations[TEAM.folder])
    lines.append(["teams", "intake", team])
    lines += [["rights", "desk", str(town.organisations[desk.folder]), team] for desk in DESKS]
    lines.append(["cases", "allow", team, str(town.cases_to_load)])
    for home in town.homes:
        organisation = str(town.organisations[home.desk.folder])
        jwk = hub.write(f"tmp/{home.client_id}.jwk", public[home.client_id])
        trained = ["--trained", str(town.today)]
        lines.append(["partners", "staff", "add", organisation, *_staff(home), *trained])
        holder = ["--staff", str(home.staff)] if home.holds_key else []
        register = ["partners", "credential", "add", organisation, home.client_id]
        lines.append([*register, "--jwk", str(jwk), *holder])
    # Who works in a browser alone has no client and no key, only a login.
    known = {home.staff for home in town.homes}
    lines += [_browsing(town, login) for login in town.logins if login.staff not in known]
    _several(town, "hub", "dat-hub", lines)


def _browsing(town: Town, login: Login) -> list[str]:
    organisation = str(town.organisations[login.folder])
    line = ["partners", "staff", "add", organisation, "--role", login.role, "--id", str(login.staff)]
    return [*line, "--trained", str(town.today)]


def _staff(home: Home) -> list[str]:
    line = ["--role", home.role, "--id", str(home.staff)]
    if home.desk.contact:
        return [*line, "--contact", home.desk.contact]
    return [*line, "--mail", f"{home.name}@sociaalteam.example"]


def _admit_at_holder(town: Town, public: dict[str, str]) -> None:
    holder = town.domains["holder"]
    lines = []
    for home in town.homes:
        organisation = ["--organisation", str(town.organisations[home.desk.folder])]
        jwk = holder.write(f"tmp/{home.client_id}.jwk", public[home.client_id])
        schemes = [part for scheme in home.desk.schemes for part in ("--scheme", f"{scheme}={PER_DAY}")]
        lines.append(["admit", "--client-id", home.client_id, *organisation, "--jwk", str(jwk), *schemes])
        reporter = ["--reporter", str(home.staff), "--per-day", str(PER_DAY)]
        lines.append(["reporter", "add", *organisation, *reporter])
    _several(town, "holder", "dat-keys", lines)


def _several(town: Town, domain: str, program: str, lines: Sequence[Sequence[str]]) -> None:
    settings = town.hub_settings() if program == "dat-hub" else town.holder_settings()
    command = ["python", "-m", "demo.several", program]
    run(town.domains[domain], command, environment=settings, given=json.dumps(lines))


def _four_ports() -> tuple[int, int, int, int]:
    first, second, third, fourth = free_ports(4)
    return first, second, third, fourth
