"""`dat` as it is typed: exit codes, JSON, hints, and nothing of a person on any stream."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dat_client.cli import run
from dat_client.columns import PERSON_FIELDS
from dat_client.identity.person import Person
from dat_client.proofs import Proved
from keys.protocol.encoding import b64u
from tests.dat_client.fake_services import problem
from tests.dat_client.world import CANARY, CLIENT_ID, HUB_ID, World, neighbour

HEADER = [
    *PERSON_FIELDS,
    "referentie",
    "contactdatum",
    "soort",
    "grondslag",
    "kennisgeving",
    "kennisgeving_op",
    "kennisgeving_aan",
]


def make_row(person: Person, reference: str, contact_date: str) -> list[str]:
    fields = {
        "bsn": person.bsn or "",
        "voornamen": person.given_names,
        "voorvoegsel": person.prefix,
        "geslachtsnaam": person.surname,
        "geboortedatum": str(person.birth_date),
        "geslacht": person.sex,
        "postcode": person.postcode,
        "huisnummer": person.house_number,
        "toevoeging": person.house_addition,
    }
    return [
        *(fields[name] for name in PERSON_FIELDS),
        reference,
        contact_date,
        "contact",
        "NO_OBJECTION",
        "ja",
        contact_date,
        "betrokkene",
    ]


def write_file(path: Path, rows: list[list[str]], *, encoding: str = "utf-8", separator: str = ";") -> Path:
    """Write rows as a partner's system would."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([HEADER, *rows])
    path.write_text(text.getvalue(), encoding=encoding, newline="")
    return path


@pytest.fixture
def file(tmp_path: Path, today: Any) -> Path:
    """Five good rows and one without a name."""
    rows = [make_row(neighbour(number), f"F{number}", str(today)) for number in range(5)]
    rows.insert(2, make_row(Person(surname="", birth_date="19700101"), "F9", str(today)))
    return write_file(tmp_path / "contacten.csv", rows)


def _dat(home: Path, *arguments: object) -> int:
    return run(["--home", str(home), *map(str, arguments)])


def test_configure_writes_private_files_and_prints_only_the_public_key(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "new"
    root = b64u(world.root.public_key().public_bytes_raw())
    code = _dat(
        home, "configure", "--hub-url", world.hub.url, "--holder-url", world.holder.url, "--hub-id", HUB_ID,
        "--organisation-id", world.organisation_id, "--client-id", CLIENT_ID, "--root-key", root,
        "--scheme", "bsn", "--scheme", "demographic", "--reporter", world.reporter,
    )  # fmt: skip
    assert code == 0
    jwk = json.loads(capsys.readouterr().out)
    assert set(jwk) == {"kty", "crv", "x"}
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()}
    assert modes == {"client.toml": 0o600, "request-key.pem": 0o600}

    for service in (world.hub, world.holder):
        service.keys[CLIENT_ID] = jwk
    assert _dat(home, "manifest", "refresh", "--json") == 0
    assert json.loads(capsys.readouterr().out)["hub_id"] == HUB_ID
    assert _dat(home, "doctor", "--json") == 0
    assert {entry["ok"] for entry in json.loads(capsys.readouterr().out)} == {True}
    assert _dat(home, "keygen") == 2


@pytest.mark.parametrize("url", ["http://hub.example", "ftp://127.0.0.1", "https://u:p@hub.example"])
def test_a_token_is_never_sent_over_a_plain_line(world: World, tmp_path: Path, url: str) -> None:
    root = b64u(bytes(32))
    code = _dat(
        tmp_path / "new", "configure", "--hub-url", url, "--holder-url", world.holder.url, "--hub-id", HUB_ID,
        "--organisation-id", uuid4(), "--client-id", CLIENT_ID, "--root-key", root,
    )  # fmt: skip
    assert code == 2
    assert not (tmp_path / "new").exists()


def test_an_import_posts_every_good_row_and_says_which_are_not(
    world: World, home: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _dat(home, "import", file, "--weighed", "--json") == 3

    summary = json.loads(capsys.readouterr().out)
    assert (summary["accepted"], summary["refused_rows"], summary["unfinished"]) == (5, {"no_name": 1}, 0)
    with Path(summary["result"]).open(newline="") as result:
        rows = list(csv.DictReader(result))
    assert [(row["row"], row["status"], row["reason"]) for row in rows][1:3] == [
        ("3", "accepted", ""),
        ("4", "refused", "no_name"),
    ]
    assert {row["id"] for row in rows} - {""} == {str(stored.id) for stored in world.hub.stored.values()}


def test_the_same_file_again_posts_nothing_twice(
    world: World, home: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _dat(home, "import", file, "--weighed", "--json")
    capsys.readouterr()
    calls = len(world.hub.calls)
    assert _dat(home, "import", file, "--weighed", "--json") == 3
    assert json.loads(capsys.readouterr().out)["accepted_earlier"] == 5
    assert (len(world.hub.stored), len(world.hub.calls)) == (5, calls)


def test_what_a_restore_of_the_hub_took_is_told_once_and_the_same_file_posts_it_again(
    world: World, home: Path, file: Path
) -> None:
    _dat(home, "import", file, "--weighed")
    with world.open(home) as client:
        (first, *_), _ = client.verify_receipts()
        assert client.let_go_of_lost(Proved(lost=[first])) == [first]
        (again, *_), _ = client.verify_receipts()
        assert client.let_go_of_lost(Proved(lost=[again])) == []
    _dat(home, "import", file, "--weighed")
    assert len(world.hub.stored) == 6
    with world.open(home) as client:
        good, _ = client.verify_receipts()
    assert len(good) == 6  # the receipt of what was lost stays, as evidence


def test_two_equal_rows_are_two_contacts(world: World, home: Path, tmp_path: Path, today: Any) -> None:
    row = make_row(neighbour(1), "F1", str(today))
    file = write_file(tmp_path / "twee.csv", [row, row])
    assert _dat(home, "import", file, "--weighed") == 0
    assert len(world.hub.stored) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_file_is_read_in_the_encodings_of_offices(
    world: World, home: Path, tmp_path: Path, today: Any, encoding: str, separator: str
) -> None:
    rows = [make_row(CANARY, "F1", f"{today:%d-%m-%Y}")]
    file = write_file(tmp_path / "een.csv", rows, encoding=encoding, separator=separator)
    assert _dat(home, "import", file, "--weighed") == 0
    (stored,) = world.hub.stored.values()
    assert "F" in stored.body["tokenTypes"]


def test_a_line_that_names_the_separator_is_no_header(
    world: World, home: Path, tmp_path: Path, today: Any
) -> None:
    file = write_file(tmp_path / "een.csv", [make_row(CANARY, "F1", f"{today:%d-%m-%Y}")])
    file.write_text("sep=;\r\n" + file.read_text("utf-8"), encoding="cp1252", newline="")
    assert _dat(home, "import", file, "--weighed") == 0
    with file.with_suffix(".result.csv").open() as result:
        assert [row["row"] for row in csv.DictReader(result)] == ["2"]


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
@pytest.mark.parametrize("name", ["Zoë", "Zoëlla", "René", "Citroën"])
def test_a_file_whose_accents_are_lost_is_refused_and_nobody_else_is_posted(
    world: World, home: Path, tmp_path: Path, today: Any, encoding: str, name: str
) -> None:
    row = make_row(replace(CANARY, surname=name, given_names="Anna"), "F1", str(today))
    file = write_file(tmp_path / "oud.csv", [row], encoding=encoding)
    assert _dat(home, "import", file, "--weighed") == 2
    assert list(world.services.sent()) == []


@pytest.mark.parametrize("name", ["O’Brien", "in ‘t Veld", "Citroën", "Šimi-D’Hondt", "KOŠ", "Œuvre"])
def test_names_of_windows_are_taken(world: World, home: Path, tmp_path: Path, today: Any, name: str) -> None:
    row = make_row(replace(CANARY, surname=name, given_names="“Jan”"), "F…1", str(today))
    file = write_file(tmp_path / "nieuw.csv", [row], encoding="cp1252")
    assert _dat(home, "import", file, "--weighed", "--dry-run") == 0


def test_a_column_that_is_there_twice_is_nobodys(world: World, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "twee.csv"
    file.write_text("geslachtsnaam;geboortedatum;GEBOORTEDATUM \nZon;1970-04-07;2010-02-01\n")
    facts = ("--basis", "NO_OBJECTION", "--kind", "contact", "--notice", "pending", "--contact-date", "x")
    assert _dat(home, "import", file, *facts, "--weighed", "--dry-run") == 2


def test_a_header_may_have_lines_within_a_cell(world: World, home: Path, tmp_path: Path, today: Any) -> None:
    file = tmp_path / "kop.csv"
    file.write_text(
        'Naam;"Geboren\nop";Roepnaam\nZon;1-2-2010;"Ria ""R"""\n;;\nMaan;31-02-2010;Jan\n',
        encoding="utf-8-sig",
    )
    facts = ("--basis", "NO_OBJECTION", "--kind", "contact", "--notice", "pending", "--contact-date", today)
    names = (
        "--map",
        "geslachtsnaam=Naam",
        "--map",
        "geboortedatum=Geboren op",
        "--map",
        "voornamen=Roepnaam",
    )
    assert _dat(home, "import", file, *facts, *names, "--weighed") == 3
    with file.with_suffix(".result.csv").open() as result:
        rows = [(row["row"], row["status"], row["reason"]) for row in csv.DictReader(result)]
    assert rows == [("2", "accepted", ""), ("4", "refused", "impossible_birth_date")]


def test_a_result_is_never_written_over_the_file(world: World, home: Path, file: Path) -> None:
    before = file.read_bytes()
    over = file.parent / "elsewhere" / ".." / file.name
    assert _dat(home, "import", file, "--weighed", "--result", over) == 2
    assert file.read_bytes() == before


def test_a_shifted_row_is_refused_and_never_read_as_another_person(
    world: World, home: Path, tmp_path: Path, today: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    good = make_row(neighbour(1), "F1", str(today))
    file = write_file(tmp_path / "scheef.csv", [good, ["extra", *good], good[:-1]])
    assert _dat(home, "import", file, "--weighed", "--json") == 3
    assert json.loads(capsys.readouterr().out)["refused_rows"] == {"row_cell_count": 2}


def test_columns_can_be_named_by_option_and_by_file(world: World, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "eigen.csv"
    file.write_text("Achternaam,Geboren,Roepnaam,Sekse\nZon,19700407,Wilma,vrouw\n")
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        '[columns]\ngeslachtsnaam = "Achternaam"\ngeslacht = "Sekse"\nvoornamen = "Roepnaam"\n'
        '[defaults]\nsoort = "zorg"\ngrondslag = "NO_OBJECTION"\nkennisgeving = "volgt"\nafweging = "ja"\n'
    )
    arguments = ("import", file, "--mapping", mapping, "--map", "geboortedatum=Geboren")
    assert _dat(home, *arguments) == 2
    from dat_client import clock

    home = world.make_home("concerned", signal_kinds=("contact", "concern"))
    assert _dat(home, *arguments, "--contact-date", clock.dutch_date(clock.now())) == 0
    (stored,) = world.hub.stored.values()
    assert stored.body["kind"] == "concern"


def test_a_dry_run_reports_and_sends_nothing(
    world: World, home: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _dat(home, "import", file, "--weighed", "--dry-run") == 3
    report, said = capsys.readouterr()
    assert "no_name" in report
    assert re.search(r"Linkable: 5/6", said)
    assert "A B C D E F G H" in report
    assert list(world.services.sent()) == []
    assert not (home / "posts.db").exists()


def test_a_service_that_goes_away_leaves_a_run_that_goes_on_later(
    world: World, home: Path, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    world.hub.before.extend([lambda _: problem(503, "unavailable", retry_after=3600)])
    assert _dat(home, "import", file, "--weighed", "--json") == 4
    assert json.loads(capsys.readouterr().out)["unfinished"] == 5
    assert _dat(home, "doctor", "--json") == 1
    capsys.readouterr()
    assert _dat(home, "resume", "--json") == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == 5
    assert _dat(home, "import", file, "--weighed") == 3
    assert len(world.hub.stored) == 5


def test_a_person_is_read_from_standard_input_and_never_from_the_command_line(
    world: World,
    home: Path,
    today: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = {"geslachtsnaam": "Zon", "geboortedatum": "07-04-1970", "voornamen": "Wilma", "geslacht": "v"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(person)))
    facts = ("--contact-date", today, "--basis", "NO_OBJECTION", "--notice", "given", "--reference", "F7")
    assert _dat(home, "post", *facts, "--weighed", "--json") == 2
    facts += ("--told-on", today, "--told", "subject")
    assert _dat(home, "post", *facts, "--weighed", "--json") == 0
    (posted,) = world.hub.stored.values()
    assert (posted.body["noticeDate"], posted.body["noticeTo"]) == (str(today), ["subject"])
    signal_id = json.loads(capsys.readouterr().out)["signalId"]
    assert _dat(home, "signals", "show", signal_id, "--json") == 0
    assert json.loads(capsys.readouterr().out)["reference"] == "F7"
    assert _dat(home, "signals", "list") == 0
    assert signal_id in capsys.readouterr().out
    assert _dat(home, "signals", "withdraw", signal_id, "--reason", "unjustified") == 0
    assert _dat(home, "receipts", "verify") == 0
    assert _dat(home, "post", *facts) == 2


def test_somebody_who_does_not_exist_is_registered_from_standard_input(
    world: World, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = {"bsn": "999990019", "geslachtsnaam": "Niemand", "geboortedatum": "07-04-1970"}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(person)))
    assert _dat(home, "honey") == 0
    [seeded] = world.hub.list_kind("honeyTokenId")
    assert capsys.readouterr().out.strip() == str(seeded.id)


@pytest.mark.parametrize("given", ["[]", '{"naam": "Zon"}', '{"geslachtsnaam": 1}', "Zon"])
def test_standard_input_of_another_shape_is_not_repeated(
    home: Path,
    today: Any,
    given: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    facts = ("--contact-date", today, "--basis", "NO_OBJECTION", "--notice", "pending", "--weighed")
    assert _dat(home, "post", *facts) == 2
    assert "Zon" not in capsys.readouterr().err


def test_cases_notices_intake_and_doubts_are_typed(
    world: World, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "caseload.csv"
    file.write_text("geslachtsnaam;geboortedatum;voornamen;referentie\nZon;19700407;Wilma;Z-1\n")
    assert _dat(home, "cases", "import", file, "--basis", "JW_WMO_TASK") == 0
    (case,) = world.hub.stored.values()
    ids = [str(uuid4()) for _ in range(4)]
    world.hub.lists |= {
        "cases": {"cases": [{"caseId": str(case.id), "casemanager": ids[0]}], "nextCursor": None},
        "notices": {
            "notices": [{"noticeId": ids[1], "kind": "match", "state": "new", "caseId": str(case.id)}],
            "nextCursor": None,
        },
        f"notices/{ids[1]}/acknowledgement": {"noticeId": ids[1], "kind": "match", "state": "acknowledged"},
        "intake-items": {"items": [{"itemId": ids[2], "partners": [None], "brackets": ["23+"]}]},
        f"intake-items/{ids[2]}/acceptance": {
            "itemId": ids[2],
            "caseId": str(case.id),
            "handles": [{"signalId": ids[3]}],
        },
        "possible-matches": {"possibleMatches": [{"matchId": ids[3], "brackets": [], "partner": None}]},
        f"possible-matches/{ids[3]}/decision": {"matchId": ids[3]},
        "matches": {"matches": [{"matchId": ids[3], "state": "asked"}]},
        f"matches/{ids[3]}/view": {"matchId": ids[3], "handles": [{"signalId": ids[1]}]},
        f"matches/{ids[3]}/hand-over-answer": {"matchId": ids[3], "handles": [{"signalId": ids[1]}]},
        f"matches/{ids[3]}/refusal": {"matchId": ids[3], "staffId": None},
        f"matches/{ids[3]}/hand-over": {"matchId": ids[3], "staffId": ids[0]},
        f"matches/{ids[3]}/consults": {"matchId": ids[3]},
    }
    capsys.readouterr()
    expected = {
        ("cases", "list"): "Z-1",
        ("notices", "list", "--all"): "Z-1",
        ("notices", "ack", ids[1]): "acknowledged",
        ("intake", "list"): ids[2],
        ("intake", "accept", ids[2]): ids[3],
        ("possible", "list"): ids[3],
        ("possible", "decide", ids[3], "rejected"): ids[3],
        ("cases", "close", str(case.id)): str(case.id),
        ("matches", "list"): ids[3],
        ("matches", "view", ids[3]): ids[1],
        ("matches", "answer", ids[3], "accepted"): ids[1],
    }
    for arguments, shown in expected.items():
        assert _dat(home, *arguments) == 0
        assert shown in capsys.readouterr().out
        assert _dat(home, *arguments, "--json") == 0
        json.loads(capsys.readouterr().out)
    for silent in (
        ("matches", "refuse", ids[3], "--reason", "no_capacity"),
        ("matches", "hand-over", ids[3], ids[0]),
        ("matches", "consult", ids[3], ids[0], "--days", "3"),
        ("agenda", "--html"),
    ):
        assert _dat(home, *silent) == 0
