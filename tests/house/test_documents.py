"""The documents: they name what exists, and what exists and matters is named in them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer
import yaml
from typer.main import get_command

from dat_client.columns import CASE_FIELDS, PERSON_FIELDS, SIGNAL_FIELDS
from dat_client.commands.posting import import_signals
from hub.settings import HubSettings
from keys.holder.settings import HolderSettings
from service.errors import DatError
from service.problems import HTTP_TITLES

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted(
    {*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")}
    - {ROOT / "NOTES.md"}
)
TEXTS = [*PAGES, ROOT / "publiccode.yml", *(path for path in (ROOT / "deploy").rglob("*") if path.is_file())]
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
ROOMS = re.compile(r"(?:keys|ledger|look|service|dat_client|hub|demo|tests|docs|deploy|bench)/[\w./-]+")
SPAN = re.compile(r"(?<!`)`((?:dat-hub|dat-keys|dat) [^`]+)`(?!`)")
BLOCK_LINE = re.compile(r"(?:^|/bin/| hub )((?:dat-hub|dat-keys|dat) [a-z].*)$", re.MULTILINE)
PROMISE = re.compile(r"^(\d+)\. \*\*.+?`(tests/promises/test_(\d\d)_\w+\.py)`", re.MULTILINE | re.DOTALL)
PROMISES = tuple(range(1, 17))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_blocks(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", without_blocks(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(without_blocks(page)):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), target
        assert not anchor or anchor[1:] in anchors(path), f"{target}{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_that_is_named_exists(page: Path) -> None:
    for text in CODE.findall(without_blocks(page)):
        path = text.partition("::")[0]
        if ROOMS.fullmatch(path) and "promises/test_" not in path:
            assert (ROOT / path).exists(), path


def commands(app: typer.Typer, name: str) -> Iterator[str]:
    def walk(command: object, path: str) -> Iterator[str]:
        yield path
        for child, sub in getattr(command, "commands", {}).items():
            yield from walk(sub, f"{path} {child}")

    return walk(get_command(app), name)


def all_commands() -> set[str]:
    found: set[str] = set()
    for name, module in (("dat-hub", "hub.cli"), ("dat-keys", "keys.holder.cli"), ("dat", "dat_client.cli")):
        found |= set(commands(import_module(module).app, name))
    return found


def lines_of_commands(page: Path) -> Iterator[list[str]]:
    text = page.read_text("utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)).replace("\\\n", " ")
    for found in (*SPAN.findall(text), *BLOCK_LINE.findall(blocks)):
        yield [word for word in found.split() if word]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_is_named_exists(page: Path) -> None:
    known = all_commands()
    groups = {command for command in known if any(other.startswith(f"{command} ") for other in known)}
    for program, *words in lines_of_commands(page):
        command = program
        while words and command in groups and re.fullmatch("[a-z][a-z-]*", words[0]):
            command = f"{command} {words.pop(0)}"
            assert command in known, command


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"`?\bmake ([a-z]+)\b(?=[`\s]+(?:[A-Z#]|$)|`)", page.read_text())) <= targets


def test_every_setting_is_explained() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    settings = {f"DAT_HUB_{name.upper()}" for name in HubSettings.model_fields}
    settings |= {f"DAT_KEYS_{name.upper()}" for name in HolderSettings.model_fields}
    assert {name for name in settings if f"`{name}`" not in page} == set()
    assert set(re.findall(r"DAT_(?:HUB|KEYS)_[A-Z_]+[A-Z]", page)) <= settings


def codes_of(error: type[DatError]) -> Iterator[str]:
    for child in error.__subclasses__():
        if not child.__module__.startswith("tests"):
            yield child.code
        yield from codes_of(child)


def test_every_problem_is_explained() -> None:
    for path in (
        *ROOT.glob("hub/**/errors.py"),
        *ROOT.glob("keys/**/errors.py"),
        *ROOT.glob("service/**/errors.py"),
    ):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    codes = {*codes_of(DatError), *(code for code, _ in HTTP_TITLES.values())}
    assert {code for code in codes if f"`{code}`" not in page} == set()


def test_every_slice_of_the_hub_stands_in_the_picture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    lines = re.findall(r"^\w+(?: \| \w+)*", page.split("```")[1], re.MULTILINE)
    drawn = {name for line in lines for name in line.split(" | ")}
    slices = {path.parent.name for path in (ROOT / "hub").glob("*/__init__.py")} - {"migrations"}
    assert slices - drawn == set()


def test_every_column_that_the_client_reads_is_explained() -> None:
    page = (ROOT / "dat_client" / "README.md").read_text("utf-8")
    told = str(import_signals.__doc__)
    fields = {*PERSON_FIELDS, *SIGNAL_FIELDS}
    assert {name for name in fields if f"`{name}`" not in page or name not in told} == set()
    assert {name for name in CASE_FIELDS if f"`{name}`" not in page} == set()


def test_each_promise_names_its_test_and_the_test_is_there() -> None:
    page = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
    named = PROMISE.findall(page)
    assert tuple(int(number) for number, _, _ in named) == PROMISES
    assert all(int(number) == int(in_name) for number, _, in_name in named)
    assert [path for _, path, _ in named if not (ROOT / path).exists()] == []
    assert {path for _, path, _ in named} == {
        name_of(one) for one in (ROOT / "tests/promises").glob("test_*.py")
    }


def test_every_promise_and_every_threat_names_tests_that_are_there() -> None:
    page = (ROOT / "docs/threat-model.md").read_text("utf-8")
    promises = page[page.index("## Promises") : page.index("## Who may attack")]
    bullets = [one for one in re.split(r"^(?:\* |\d+\. )", promises, flags=re.MULTILINE)[1:] if "**" in one]
    threats = page[page.index("## STRIDE") : page.index("## What a backup still holds")]
    rows = [row for row in threats.splitlines() if row.startswith("|") and "---" not in row]
    headings = ("Flow", "Threat to a person")
    for text in [
        *bullets,
        *(row for row in rows if not row.startswith(tuple(f"| {one}" for one in headings))),
    ]:
        named = re.findall(r"`(tests/[\w/]+\.py)`", text)
        assert named or "operator:" in text, text
        for path in named:
            assert "def test_" in (ROOT / path).read_text("utf-8"), path


def test_publiccode_says_what_version_0_5_asks() -> None:
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    mandatory = {"publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType",
                 "organisation", "description", "legal", "maintenance", "localisation"}  # fmt: skip
    assert mandatory <= found.keys()
    assert found["publiccodeYmlVersion"] == "0.5"
    assert found["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert found["organisation"]["uri"]
    assert found["legal"]["license"] == "EUPL-1.2"
    assert found["maintenance"]["type"] == "internal"
    assert found["maintenance"]["contacts"][0]["name"]
    assert set(found["localisation"]) == {"localisationReady", "availableLanguages"}
    for language in ("nl", "en"):
        words = found["description"][language]
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]
        assert all(len(feature) <= 100 for feature in words["features"])


def test_one_version_is_told_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()
    assert yaml.safe_load((ROOT / "publiccode.yml").read_text())["softwareVersion"] == version
    assert f"dat-hub:{version}" in (ROOT / "deploy" / "compose.yaml").read_text()


def test_the_licence_is_whole() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert all(f"\n{number}." in licence for number in range(1, 16))
    assert "Appendix" in licence


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_documents_name_nothing_outside_the_project(path: Path) -> None:
    assert "../shared" not in path.read_text("utf-8")
    assert "/work/" not in path.read_text("utf-8")


def test_the_readme_is_one_page() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 100
