"""A newcomer types `make demo ONCE=1` and looks at what is left."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.searching import Needles

ROOT = Path(__file__).resolve().parent.parent.parent
TEST_PERSONS = ROOT.parent / "shared" / "data" / "brp-testpersonen.csv"
FIGURES = {
    "signals_posted",
    "signals_acknowledged",
    "matches",
    "possible_matches",
    "notices_delivered",
    "notices_by_casemanager",
    "refused_rows",
    "audit_verified",
    "seconds",
    "expected_matches",
    "found_expected",
    "possible_expected",
    "unexpected",
}
REASONS = {"bad_bsn", "impossible_birth_date", "no_name", "too_few_keys", "unknown_birth_date"}
PARTNERS = ("police", "housing", "school", "attendance")
ENDS_WITHIN = 240
EVERY = 4
AN_ID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
A_SECOND = re.compile(rb":[0-9]{2}\.")
pytestmark = pytest.mark.timeout(900)
OFFICIAL = TEST_PERSONS.exists()


@dataclass(frozen=True)
class Visit:
    """What somebody sees who runs it: the API document while it is up, and the figures after Ctrl-C."""

    data: Path
    document: str
    opened: str
    figures: dict[str, Any]


def start(data: Path, **choices: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env={**os.environ, "DATA": str(data), "NO_COLOR": "1", **choices},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Some of the official test persons where they are; all of them take part in `make prove`."""
    if not OFFICIAL:
        return "40"
    head, *rows = TEST_PERSONS.read_bytes().splitlines(keepends=True)
    some = tmp_path_factory.mktemp("people") / "some.csv"
    some.write_bytes(head + b"".join(rows[::EVERY]))
    return str(some)


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory, people: str) -> Visit:
    """Run the demo, look around, and interrupt it."""
    data = tmp_path_factory.mktemp("demo")
    demo = start(data, PEOPLE=people, SEED="5")
    assert demo.stdout is not None
    document = opened = ""
    for line in demo.stdout:
        if "openapi.json" in line:
            document = line.split()[-1]
        if "Ctrl-C" in line:
            break
    try:
        with urlopen(document, timeout=10) as answer:
            opened = json.load(answer)["openapi"]
    finally:
        demo.send_signal(signal.SIGINT)
        said, complaints = demo.communicate(timeout=60)
    assert demo.returncode == 0, said + complaints
    return Visit(data, document, opened, json.loads(said.splitlines()[-1]))


@pytest.fixture(scope="module")
def data(visit: Visit) -> Path:
    return visit.data


@pytest.fixture(scope="module")
def figures(visit: Visit) -> dict[str, Any]:
    return visit.figures


def rows_of(data: Path) -> Iterator[dict[str, str]]:
    for name in (*PARTNERS, "team/noord", "team/midden", "team/zuid"):
        for file in (data / "partners" / name).glob("c*[!t].csv"):
            if not file.name.endswith(".result.csv"):
                with file.open(newline="", encoding="utf-8") as text:
                    dialect = csv.Sniffer().sniff(text.readline(), ",;")
                    text.seek(0)
                    yield from csv.DictReader(text, dialect=dialect)


def facts_of(row: Mapping[str, str]) -> Iterator[str]:
    surname = row.get("geslachtsnaam") or row.get("Achternaam") or ""
    first = row.get("voornamen") or row.get("Roepnaam of voornamen") or ""
    born = row.get("geboortedatum") or row.get("Geboren") or ""
    yield from (surname, first, row.get("bsn") or "", f"{first} {surname}")
    yield from (born, born.replace("-", ""), f"{born[:4]}-{born[4:6]}-{born[6:]}")


def writings_of(text: str) -> Iterator[bytes]:
    folded = "".join(one for one in unicodedata.normalize("NFKD", text.lower()) if "a" <= one <= "z")
    for form in {text, text.lower(), folded, text.strip()} - {""}:
        raw = form.encode()
        yield raw
        yield raw.hex().encode()
        yield base64.b64encode(raw).rstrip(b"=")
        yield from (hashlib.sha256(raw).digest(), hashlib.sha256(raw).hexdigest().encode())


def test_the_last_line_has_every_figure(figures: dict[str, Any]) -> None:
    assert set(figures) >= FIGURES


def test_every_signal_that_was_posted_has_a_receipt(figures: dict[str, Any]) -> None:
    assert figures["signals_acknowledged"] == figures["signals_posted"] > 40


def test_nobody_is_told_of_a_stranger_and_most_are_told_of_whom_they_know(figures: dict[str, Any]) -> None:
    # Namesakes born on one day are in the official file itself: without a BSN nobody tells them apart.
    assert figures["unexpected"] == (figures["unexpected_namesakes"] if OFFICIAL else 0)
    met = figures["found_expected"] + figures["possible_expected"]
    assert met >= 0.85 * figures["expected_matches"]
    assert figures["found_expected"] >= 0.5 * figures["expected_matches"]


def test_casemanagers_have_notices_and_the_mails_went_out(figures: dict[str, Any]) -> None:
    assert figures["notices_delivered"] == sum(figures["notices_by_casemanager"].values()) > 0
    assert figures["mails_delivered"] > 0


def test_rows_that_cannot_be_used_are_refused_with_their_reason(figures: dict[str, Any]) -> None:
    assert figures["refused_rows"]
    assert set(figures["refused_rows"]) <= REASONS


def test_the_audit_log_is_verified(figures: dict[str, Any]) -> None:
    assert figures["audit_verified"] is True


@pytest.mark.usefixtures("figures")
def test_each_trust_domain_is_a_folder_for_its_owner_only(data: Path) -> None:
    for name in ("hub", "holder", "root", "mail", *(f"partners/{partner}" for partner in PARTNERS)):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o700


@pytest.mark.usefixtures("figures")
def test_hub_holder_and_mail_hold_nobody_in_any_writing(data: Path) -> None:
    rows = list(rows_of(data))
    assert len(rows) > 60
    facts = {fact for row in rows for fact in facts_of(row) if len(fact) >= 6 and fact.strip("0-")}
    written = {writing for fact in facts for writing in writings_of(fact) if len(writing) >= 6}
    # A law's date or a table's word that was there before anybody tells of nobody.
    written -= {b"1970-01-01"} | seen_in((ROOT / "hub", ROOT / "keys", ROOT / "service"), written)
    assert seen_in([data / "partners"], written)
    assert seen_in([data / domain for domain in ("hub", "holder", "mail")], written) == set()


def seen_in(folders: Iterable[Path], written: Iterable[bytes]) -> set[bytes]:
    """What stands in any file below; digits inside a longer number are chance."""
    needles = Needles(written)
    files = (path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())
    return {
        needle
        for content in files
        for start, needle in needles.found_in(content)
        if not (needle.isdigit() and in_a_number(content, start, start + len(needle)))
    }


def in_a_number(content: bytes, start: int, end: int) -> bool:
    if AN_ID.match(content, start) or A_SECOND.fullmatch(content, max(0, start - 4), start):
        return True
    around = content[max(0, start - 1) : start] + content[end : end + 1]
    return any(byte in b"0123456789abcdefABCDEF" for byte in around)


@pytest.mark.usefixtures("figures")
def test_no_partner_keeps_a_key_of_another(data: Path) -> None:
    keys = [path.read_bytes() for path in data.glob("partners/**/request-key.pem")]
    assert len(keys) == len(set(keys)) == len(PARTNERS) + 5


def test_a_folder_that_is_no_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    demo = start(tmp_path, ONCE="1")
    _, complaint = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert len(complaint.splitlines()) == 1
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_it_stays_up_until_it_is_interrupted_and_leaves_nothing_running(visit: Visit) -> None:
    assert visit.opened.startswith("3.")
    with pytest.raises(OSError, match="refused"):
        urlopen(visit.document, timeout=5)


@pytest.mark.skipif(
    not OFFICIAL, reason="RvIG TEST PERSONS ABSENT: lay them beside the repository to run this test"
)
@pytest.mark.prove
def test_all_official_test_persons_pass_through_too(tmp_path: Path) -> None:
    figures = figures_of(start(tmp_path / "demo", ONCE="1", PEOPLE=str(TEST_PERSONS), SEED="5"))
    assert figures["signals_acknowledged"] == figures["signals_posted"] > 900
    assert {"bad_bsn", "no_name", "unknown_birth_date"} <= set(figures["refused_rows"]) <= REASONS
    assert figures["unexpected"] == figures["unexpected_namesakes"]
    met = figures["found_expected"] + figures["possible_expected"]
    assert met >= 0.9 * figures["expected_matches"]


@pytest.mark.prove
def test_a_newcomer_who_chooses_nothing_but_once_sees_all_of_it(tmp_path: Path) -> None:
    figures = figures_of(start(tmp_path / "demo", ONCE="1"))
    assert set(figures) >= FIGURES
    assert figures["audit_verified"] is True
    assert figures["unexpected"] == 0
    assert figures["found_expected"] >= 0.5 * figures["expected_matches"] > 0
    assert figures["seconds"] < ENDS_WITHIN


def figures_of(demo: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait until it is over and read its last line."""
    said, complaints = demo.communicate(timeout=ENDS_WITHIN)
    assert demo.returncode == 0, said + complaints
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found
