from __future__ import annotations

import stat
from pathlib import Path

import pytest

from demo.domains import MARKER, DemoError, clear, make_domain
from demo.settings import read_choices


def test_a_folder_that_is_not_a_demos_is_never_cleared(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DemoError, match="choose another"):
        clear(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_demos_folder_starts_clean(tmp_path: Path) -> None:
    clear(tmp_path)
    make_domain(tmp_path, "hub", number=None).write("secret", "text")
    clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [MARKER]


def test_what_lies_in_a_domain_is_its_owners_alone(tmp_path: Path) -> None:
    clear(tmp_path)
    domain = make_domain(tmp_path, "partners/police", number=None)
    file = domain.write("contacts.csv", "text")
    assert stat.S_IMODE(domain.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_process_knows_nothing_of_its_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAT_HUB_DATABASE_URL", "somebody else's")
    clear(tmp_path)
    assert not [name for name in make_domain(tmp_path, "hub", number=None).environment() if "DAT" in name]


def test_what_a_newcomer_chooses_is_read(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("bsn\n")
    variables = {"DATA": str(tmp_path / "d"), "ONCE": "1", "PEOPLE": str(people), "SEED": "7"}
    choices = read_choices(variables)
    assert (choices.data, choices.once, choices.people, choices.seed) == (tmp_path / "d", True, people, 7)


@pytest.mark.parametrize("wrong", [{"PEOPLE": "/there/is/none.csv"}, {"SEED": "seven"}])
def test_a_choice_that_cannot_be_is_refused_in_one_line(wrong: dict[str, str]) -> None:
    with pytest.raises(DemoError):
        read_choices(wrong)


def test_nothing_chosen_is_a_choice_too() -> None:
    choices = read_choices({"DATA": "", "ONCE": "", "PEOPLE": "", "SEED": ""})
    assert (choices.data, choices.once, choices.people) == (Path(".demo").resolve(), False, None)
