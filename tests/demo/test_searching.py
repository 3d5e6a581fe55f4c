from __future__ import annotations

import base64
import hashlib
from datetime import date
from pathlib import Path

import pytest

from demo.people import Individual
from demo.searching import find_people, make_needles

SOMEBODY = Individual(0, "999990019", "Wietske Maria", "van", "Kwakkelstein", "20120317", "V", "9990BC", "12")


def found(tmp_path: Path, content: bytes) -> set[str]:
    (tmp_path / "logs").mkdir(exist_ok=True)
    (tmp_path / "logs" / "hub.log").write_bytes(b"\x00\x01 something before " + content + b" and after")
    return {hit.what for hit in find_people(tmp_path, make_needles([SOMEBODY]))}


def test_a_file_without_anybody_has_nobody(tmp_path: Path) -> None:
    assert found(tmp_path, hashlib.sha256(b"nothing").hexdigest().encode() * 100) == set()


def test_a_date_that_chance_wrote_in_an_id_tells_of_nobody(tmp_path: Path) -> None:
    assert found(tmp_path, b'"20120317-4d3a-4f00-9c1e-0123456789ab"') == set()
    assert found(tmp_path, b'"20120317-4d3a"') == {"birth date"}


@pytest.mark.parametrize(
    "content",
    [
        b"Kwakkelstein",
        b"xxKWAKKELSTEINxx",
        b"kwakkelstein",
        "Kwakkelstein".encode("utf-16-le"),
        b"Kwakkelstein".hex().encode(),
        hashlib.sha256(b"kwakkelstein").digest(),
        hashlib.sha256(b"kwakkelstein").hexdigest().encode(),
        *(base64.b64encode(b"123"[:skip] + b"Kwakkelstein") for skip in range(3)),
    ],
)
def test_a_surname_is_found_in_any_writing(tmp_path: Path, content: bytes) -> None:
    assert "surname" in found(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'"999990019"', "BSN"),
        (b"2012-03-17", "birth date"),
        (b"20120317", "birth date"),
        (b"17-03-2012", "birth date"),
        (b"9990BC12", "address"),
        (b"Wietske", "first name"),
        (hashlib.sha256(b"999990019").digest(), "BSN"),
    ],
)
def test_every_fact_is_looked_for(tmp_path: Path, content: bytes, what: str) -> None:
    assert what in found(tmp_path, content)


def test_digits_of_a_second_with_what_follows_them_are_no_date(tmp_path: Path) -> None:
    assert found(tmp_path, b"2026-11-22 21:47:18.20120317-22") == set()
    assert found(tmp_path, b"21 47 18.20120317-22") == {"birth date"}


@pytest.mark.parametrize("digits", [b"20120317", b"9990bc12"])
def test_digits_inside_a_hash_are_no_date_and_no_address(tmp_path: Path, digits: bytes) -> None:
    assert found(tmp_path, b"ab659f" + digits + b"c7b273") == set()
    assert found(tmp_path, b"at " + digits + b";") != set()


def test_what_is_written_in_hexadecimal_is_found_inside_more_of_it(tmp_path: Path) -> None:
    assert found(tmp_path, b"ab659f" + b"Kwakkelstein".hex().encode() + b"c7b273") == {"surname"}


BAKKER = Individual(0, "", "Anna", "", "Bakker", "20120317", "V", "", "")
SIGNED = b"Fj1nao3wjcqRkBakkerRmMbuFOCgdNG0KTFJ8XI1VWEpt8g"


def test_six_letters_that_chance_wrote_in_a_signature_tell_of_nobody(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(SIGNED)
    assert find_people(tmp_path, make_needles([BAKKER])) == []


@pytest.mark.parametrize("written", [b'{"who": "Bakker"}', b"BAKKER;", b"\x00bakker\x01", SIGNED[5:30]])
def test_six_letters_anywhere_else_are_a_surname(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "log").write_bytes(written)
    assert {hit.what for hit in find_people(tmp_path, make_needles([BAKKER]))} == {"surname"}


def test_a_name_without_its_accents_is_found(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"Muller")
    muller = Individual(0, "", "Anna", "", "Müller", "20120317", "V", "", "")
    assert {hit.what for hit in find_people(tmp_path, make_needles([muller]))} == {"surname"}


def test_what_moves_from_journal_to_store_meanwhile_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, journal, read = tmp_path / "hub.db", tmp_path / "hub.db-wal", Path.read_bytes
    store.write_bytes(b"")
    journal.write_bytes(b"Kwakkelstein")

    def read_and_move(path: Path) -> bytes:
        content = read(path)
        store.write_bytes(b"Kwakkelstein")
        journal.write_bytes(b"")
        return content

    monkeypatch.setattr(Path, "read_bytes", read_and_move)
    assert {hit.what for hit in find_people(tmp_path, make_needles([SOMEBODY]))} == {"surname"}


def test_short_names_are_looked_for_together(tmp_path: Path) -> None:
    short = Individual(0, "", "Bo", "", "Zon", f"{date(2012, 3, 17):%Y%m%d}", "V", "", "")
    (tmp_path / "log").write_bytes(b"Zon, Bo")
    assert {hit.what for hit in find_people(tmp_path, make_needles([short]))} == {"full name"}
