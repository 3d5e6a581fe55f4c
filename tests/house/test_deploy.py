"""The deployment files: roles that suffice and no more, and files that say what the code says."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
import yaml
from nacl.signing import SigningKey
from sqlalchemy import insert, text
from sqlalchemy.engine import make_url

import hub.models
from hub.alarms.service import list_alarms
from hub.audit.covering import Cover
from hub.audit.models import AuditWantedRow
from hub.audit.reading import ReadingPurpose, record_reading
from hub.audit.restoring import reopen_log
from hub.audit.service import record_refusal
from hub.audit.verification import verify
from hub.base import Base
from hub.cases.service import allow_more
from hub.chores import run_chore
from hub.context import Hub
from hub.matches.overdue import return_overdue
from hub.matches.possible import Judgement, decide_possible, list_possible
from hub.migrating import migrate, require_migrated
from hub.notices.delivery import deliver_due
from hub.questions.errors import NotInMunicipalityError
from hub.questions.service import ANSWERING, ask
from hub.questions.values import Lost, Question, QuestionId
from hub.rights.replaying import replay_erasures, require_replayed
from hub.settings import HubSettings
from hub.signals.committer import GroupCommitter
from hub.signals.service import expire_due, forget_keys
from hub.subjects.keys import Keyring, create_subject_keys
from hub.worker import chores_of
from keys.holder.chores import forget
from keys.holder.custody import create_keys as create_holder_keys
from keys.holder.datakeys.wrapping import Wrapping
from keys.holder.migrating import migrate as migrate_holder
from keys.holder.migrating import require_migrated as require_migrated_holder
from keys.holder.models import LOG as HOLDER_LOG
from keys.holder.models import Base as HolderBase
from keys.holder.settings import HolderSettings
from ledger.note import Signer
from service.clock import dutch_date
from service.database import Database
from service.errors import UnavailableError
from service.eventlog.sharding import sequence
from service.keystore import FileKeyStore
from service.work import OPERATOR, SYSTEM
from tests import builders, databases
from tests.witnesses import InProcessWitness

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
ROLES = ("dat_hub_app", "dat_hub_worker", "dat_hub_operator", "dat_hub_auditor")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
# Where a record of reading goes; nobody may change or delete there.
RECORDING = {"audit_event", "audit_private", "audit_subject", "audit_pending", "audit_wanted", "audit_actor"}
HAS = "SELECT has_table_privilege(:name, :verb)"
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "UMask": "0077",
    "CapabilityBoundingSet": "",
}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def run_script(url: str, script: str) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute((DEPLOY / "postgresql" / script).read_text())


def as_role(url: str, role: str) -> Database:
    join = "&" if "?" in url else "?"
    return Database(f"{url}{join}options={quote(f'-c role={role}')}", record_refusal=record_refusal, pool=4)


@pytest.fixture
def url() -> Iterator[str]:
    """A hub's database, migrated by its owner, with the roles set."""
    url = databases.new_postgresql_url()
    run_script(url, "roles.sql")
    owner = as_role(url, "dat_hub_migrate")
    migrate(owner)
    owner.close()
    run_script(url, "roles.sql")
    yield url
    databases.drop_postgresql(url)


@pytest.fixture
def hub(url: str) -> Iterator[dict[str, Database]]:
    """One database per role."""
    opened = {role: as_role(url, role) for role in ROLES}
    yield opened
    for database in opened.values():
        database.close()


def privileges(database: Database, table: str) -> set[str]:
    verbs = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    with database.look(SYSTEM) as work:
        return {
            verb
            for verb in verbs
            if work.session.scalar(
                text("SELECT has_table_privilege(:name, :verb)"), {"name": table, "verb": verb}
            )
        }


class TakesAll:
    """A mail server that takes everything."""

    def send(self, address: str, *, mail_id: object, at: datetime) -> None: ...


def opened_hub(database: Database, keys: Path) -> Hub:
    """A hub as its worker holds it, with the keys that the worker uses."""
    store = FileKeyStore(keys / "keys")
    store.create("ledger", bytes(32))
    create_subject_keys(store)
    signer = SigningKey.generate()
    committer = GroupCommitter(database, receipt_signer=signer)
    return Hub(HubSettings(data=keys), database, store, Keyring(store, "hub.dat.example"), signer, committer)


def be_restored(worker: Database, signer: Signer, folder: Path) -> None:
    """Do as the worker's role what `dat-hub audit reopen` does; here it is the witness that was restored."""
    for name in ("holder", "restored"):
        (folder / name).mkdir()
        witness = InProcessWitness(folder / name, signer)
        if name == "holder":
            witness.sequencer(worker, signer).turn()
        else:
            assert replay_erasures(worker) == 0
            assert reopen_log(worker, signer, witness.watch).witnessed == 0
            witness.sequencer(worker, signer).turn()
        witness.database.close()
    require_replayed(worker)


def answer_all(database: Database, town: builders.Town, *, now: datetime) -> None:
    """Ask what a privacy officer may ask, in the role of the hub's pages or of `dat-hub audit ask`."""
    today, lost = dutch_date(now), frozenset(Lost)
    for id_ in QuestionId:
        with database.work(OPERATOR, now=now) as work:
            [purpose, *_] = ANSWERING[id_].purposes
            question = Question(
                id=id_, purpose=purpose, since=today, until=today, lost=lost, staff_id=town.anna.id,
                request_id=uuid4(),
            )  # fmt: skip
            with suppress(NotInMunicipalityError):  # there is no such request
                assert ask(work, question).id is id_
            work.session.execute(text("SELECT FROM rights_finding, audit_subject"))  # those of AUD-03
    with database.work(OPERATOR, now=now) as work:
        list_alarms(work)


def test_a_hub_lives_within_its_roles(hub: dict[str, Database], now: datetime, tmp_path: Path) -> None:
    app, worker = hub["dat_hub_app"], hub["dat_hub_worker"]
    for database in (app, worker):
        database.require_safe()
        require_migrated(database)
    town = replace(builders.town(hub["dat_hub_operator"], now=now), database=app)
    school = builders.sender(hub["dat_hub_operator"], "school", now=now, name="De Linde")
    police = builders.sender(hub["dat_hub_operator"], "police", now=now, name="Basisteam Oost")
    at_work = replace(town, database=worker)
    with hub["dat_hub_operator"].work(OPERATOR, now=now) as work:
        allow_more(work, town.team.id, extra=200, on=dutch_date(now))

    case_id = town.case(town.anna, builders.everything("jan"))
    told = town.signal(school, builders.everything("jan"))
    town.signal(police, {"A": "jan", "C": "jan"})
    town.signal(school, builders.everything("piet"))
    town.signal(police, builders.everything("piet"))
    at_work.match()
    assert deliver_due(worker, TakesAll(), worker="test", now=lambda: now)
    assert town.inbox(town.anna)[0].case_id == case_id
    with app.work(builders.staff_caller(town.lead), now=now) as work:
        decide_possible(work, list_possible(work)[0].match_id, Judgement.CONFIRMED)

    lifted = town.object(builders.everything("jan"))
    at_work.match()
    town.lift(lifted)
    town.withdraw(school, told, "unjustified")
    town.close(town.anna, case_id)
    at_work.match()

    with worker.work(SYSTEM, now=now + timedelta(days=800)) as work:
        assert expire_due(work, limit=100) + return_overdue(work)
        assert forget_keys(work)
    for chore in chores_of(opened_hub(worker, tmp_path)):
        run_chore(worker, chore)

    signer = Signer.from_seed("hub.dat.example/audit", bytes(32))
    be_restored(worker, signer, tmp_path)
    require_replayed(app)
    auditor = hub["dat_hub_auditor"]
    with Cover().disclosing(auditor, OPERATOR) as work:
        record_reading(work, ReadingPurpose.EXTERNAL_AUDIT, what="tiles")
        work.session.execute(insert(AuditWantedRow))
    for database in (app, auditor):
        answer_all(database, town, now=now)
    with auditor.look(SYSTEM) as work:
        report = verify(work, signer.verifier)
    assert report.verified
    assert report.events


@pytest.mark.parametrize("role", ROLES)
def test_no_role_may_change_what_the_log_holds(hub: dict[str, Database], role: str) -> None:
    for table in ("audit_event", "audit_leaf"):
        assert privileges(hub[role], table) <= {"SELECT", "INSERT"}
    for table in (*Base.metadata.tables, "alembic_version"):
        assert not privileges(hub[role], table) & {"TRUNCATE", "REFERENCES", "TRIGGER"}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO organisation SELECT * FROM organisation",
        "UPDATE credential SET disabled_at = NULL",
        "UPDATE audit_event SET leaf = ''",
        "DELETE FROM audit_pending",
        "UPDATE audit_head SET size = 0",
        "SELECT * FROM audit_private",
        "DELETE FROM decision",
    ],
)
def test_a_hub_that_was_taken_over_cannot(hub: dict[str, Database], statement: str) -> None:
    with pytest.raises(UnavailableError), hub["dat_hub_app"].work(SYSTEM) as work:
        work.session.execute(text(statement))


@pytest.mark.parametrize(
    "what", ["tokens FROM registration", "sealed FROM registration", "token_hash FROM login_session"]
)
def test_what_the_privacy_officers_tool_reads_holds_no_token_no_key_and_no_login(
    hub: dict[str, Database], what: str
) -> None:
    for table in ("credential", "login_session", "match_index"):
        assert not privileges(hub["dat_hub_auditor"], table)
    with pytest.raises(UnavailableError), hub["dat_hub_auditor"].look(SYSTEM) as work:
        work.session.execute(text(f"SELECT {what}"))


def test_every_table_is_somebodys_and_nobody_elses(hub: dict[str, Database]) -> None:
    for table in Base.metadata.tables:
        assert any(privileges(database, table) for database in hub.values()), f"roles.sql: {table}"
        reads = {"SELECT", "INSERT"} if table in RECORDING else {"SELECT"}
        assert privileges(hub["dat_hub_auditor"], table) <= reads


def test_a_key_holder_has_roles_too() -> None:
    url = databases.new_postgresql_url()
    run_script(url, "holder_roles.sql")
    owner = as_role(url, "dat_keys_owner")
    migrate_holder(owner)
    owner.close()
    run_script(url, "holder_roles.sql")
    app, operator = as_role(url, "dat_keys_app"), as_role(url, "dat_keys_operator")
    app.require_safe()
    for database in (app, operator):
        require_migrated_holder(database)
    for table in HolderBase.metadata.tables:
        assert privileges(app, table), f"holder_roles.sql: {table}"
    for table in ("client", "permission", "reporter"):
        assert privileges(app, table) == {"SELECT"}
        assert privileges(operator, table) >= {"SELECT", "INSERT", "UPDATE"}
    for database in (app, operator):
        for table in ("evaluation_event", "evaluation_leaf"):
            assert privileges(database, table) <= {"SELECT", "INSERT"}
        database.close()
    databases.drop_postgresql(url)


def test_a_key_holder_does_its_chores_within_its_role(tmp_path: Path) -> None:
    url = databases.new_postgresql_url()
    run_script(url, "holder_roles.sql")
    owner = as_role(url, "dat_keys_owner")
    migrate_holder(owner)
    owner.close()
    run_script(url, "holder_roles.sql")
    store = FileKeyStore(tmp_path)
    create_holder_keys(store)
    app = as_role(url, "dat_keys_app")
    with app.work(SYSTEM) as work:
        sequence(work, HOLDER_LOG, Signer.from_seed("keys.dat.example/evaluations", bytes(32)))
        forget(work)
    Wrapping(store).renew(app)
    app.close()
    databases.drop_postgresql(url)


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_container_can_do_little(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "ports" not in service or name.startswith("tls")
    assert not [
        value for value in service.get("environment", {}).values() if "password" in str(value).lower()
    ]
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])
    assert {one["source"] for one in service.get("secrets", [])} <= set(COMPOSE["secrets"])


def test_hub_and_holder_share_no_network_no_store_and_no_secret() -> None:
    sides: dict[str, dict[str, set[str]]] = {}
    for name, service in COMPOSE["services"].items():
        side = sides.setdefault(
            "holder" if "holder" in name else "hub", {"networks": set(), "volumes": set(), "secrets": set()}
        )
        side["networks"] |= set(service["networks"])
        side["volumes"] |= {one.split(":")[0] for one in service.get("volumes", []) if one[0] not in "./"}
        side["secrets"] |= {one["source"] for one in service.get("secrets", [])}
    for what in ("networks", "volumes", "secrets"):
        assert sides["hub"][what].isdisjoint(sides["holder"][what])


def settings_named() -> set[str]:
    found = {f"DAT_HUB_{name.upper()}" for name in HubSettings.model_fields}
    return found | {f"DAT_KEYS_{name.upper()}" for name in HolderSettings.model_fields}


def given_to(process: str) -> dict[str, dict[str, str]]:
    """The settings that a process gets from its unit and from compose."""
    lines = (DEPLOY / "env" / f"{process}.env").read_text().splitlines()
    unit = dict(line.split("=", 1) for line in lines if line.strip() and not line.startswith("#"))
    environment = COMPOSE["services"][process]["environment"]
    return {"unit": unit, "compose": {name: str(value) for name, value in environment.items()}}


# Without these a process runs alone, on the wrong store, or under a name that partners do not know.
HUB_NEEDS = {
    *("DAT_HUB_DATA", "DAT_HUB_DATABASE_URL", "DAT_HUB_HUB_ID", "DAT_HUB_PUBLIC_URL"),
    *("DAT_HUB_DATA_KEYS_URL", "DAT_HUB_DATA_KEYS_PUBLIC", "DAT_HUB_WITNESS_URL", "DAT_HUB_WITNESS_KEYS"),
}
NEEDS = {
    "hub": HUB_NEEDS,
    "worker": HUB_NEEDS | {"DAT_HUB_SMTP_HOST", "DAT_HUB_SMTP_STARTTLS"},
    "holder": {"DAT_KEYS_DATA", "DAT_KEYS_DATABASE_URL", "DAT_KEYS_NAME", "DAT_KEYS_PUBLIC_URL"},
}
OF_THE_C_LIBRARY = {"MALLOC_MMAP_THRESHOLD_"}


@pytest.mark.parametrize("process", NEEDS)
def test_the_examples_give_settings_that_exist_and_all_that_are_needed(process: str) -> None:
    for given in given_to(process).values():
        assert NEEDS[process] <= given.keys() <= settings_named() | OF_THE_C_LIBRARY


def test_hub_and_worker_agree_on_everything_but_their_database_role() -> None:
    for where in ("unit", "compose"):
        hub, worker = given_to("hub")[where], given_to("worker")[where]
        differing = {name for name in hub.keys() & worker.keys() if hub[name] != worker[name]}
        assert differing == {"DAT_HUB_DATABASE_URL"}


@pytest.mark.parametrize("process", ["hub", "worker"])
def test_who_needs_the_key_holder_can_reach_it(process: str) -> None:
    ways_out = {name for name, facts in COMPOSE["networks"].items() if not facts.get("internal")}
    assert "to-holder" in ways_out & set(COMPOSE["services"][process]["networks"])


@pytest.mark.parametrize("side", ["hub", "holder"])
def test_tls_is_of_today_and_logs_no_request(side: str) -> None:
    written = (DEPLOY / "caddy" / f"{side}.Caddyfile").read_text()
    assert "protocols tls1.3" in written
    assert "exclude http.log.error" in written
    assert written.count("reverse_proxy") == 1


def test_tls_lets_in_the_api_of_the_holder_and_of_the_hub_all_but_health_and_metrics() -> None:
    holder, hub = ((DEPLOY / "caddy" / f"{side}.Caddyfile").read_text() for side in ("holder", "hub"))
    assert holder.count("handle @api") == 1
    assert "@inside path /livez /readyz /metrics" in hub
    assert hub.index("handle @inside") < hub.index("respond 404") < hub.index("reverse_proxy")


def tool(name: str) -> str:
    """Where a program of a Debian package lies; where it is not installed the test says so and is skipped."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"NOT JUDGED: {name} is not installed here")
    return found


def judged(*command: str) -> str:
    """What a program says of a file that it finds nothing wrong with."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("path", UNITS, ids=lambda path: str(path.name))
def test_systemd_finds_nothing_in_a_unit(path: Path, tmp_path: Path) -> None:
    """Our programs are not installed here: another stands in for them."""
    analyse, unit = tool("systemd-analyze"), tmp_path / path.name
    unit.write_text(re.sub(r"/opt/dat-hub/bin/[\w-]+", "/bin/true", path.read_text()))
    assert judged(analyse, "verify", "--man=no", str(unit)) == ""
    assert "OK" in judged(analyse, "security", "--offline=true", "--threshold=15", str(unit))


@pytest.mark.parametrize("side", ["hub", "holder"])
def test_caddy_takes_its_file(side: str) -> None:
    file = DEPLOY / "caddy" / f"{side}.Caddyfile"
    judged(tool("caddy"), "validate", "--adapter", "caddyfile", "--config", str(file))
    judged(tool("caddy"), "fmt", "--diff", str(file))


def test_compose_takes_its_file(tmp_path: Path) -> None:
    """By Debian's docker-compose, without a daemon; that of Debian 12 knows no name in the file itself."""
    compose, copy = tool("docker-compose"), tmp_path / "compose.yaml"
    copy.write_text((DEPLOY / "compose.yaml").read_text().replace("\nname: dat-hub\n", "\n"))
    where = ("--project-directory", str(DEPLOY), "--project-name", "dat-hub", "--file", str(copy))
    judged(compose, *where, "config", "--quiet")
    printed = judged(compose, *where, "config", "--services")
    assert set(printed.split()) == set(COMPOSE["services"])


def test_the_yaml_says_nothing_twice() -> None:
    rules = "{extends: relaxed, rules: {line-length: disable, key-duplicates: enable, truthy: enable}}"
    assert judged(tool("yamllint"), "--strict", "-d", rules, str(DEPLOY / "compose.yaml")) == ""


@pytest.mark.parametrize("path", UNITS, ids=lambda path: str(path.name))
def test_a_unit_is_hardened(path: Path) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text())
    service = unit["Service"]
    assert {name: service.get(name) for name in HARDENED} == HARDENED
    assert service["ExecStart"].split()[0] in {"/opt/dat-hub/bin/dat-hub", "/opt/dat-hub/bin/dat-keys"}
    assert (DEPLOY / "env" / Path(service["EnvironmentFile"]).name).exists()
