"""Kinds of partner as configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.partners.kinds import load_kinds
from service.errors import UnsafeSettingsError


def test_the_matrix_of_the_domain_is_built_in() -> None:
    kinds = load_kinds()
    expected = {"police", "housing_association", "school", "school_attendance", "municipal_team"}
    assert expected <= kinds.keys()
    assert {name for name in kinds if kinds[name].may_receive} == {"municipal_team"}
    assert {name for name in expected if "bsn" in kinds[name].schemes} == {"municipal_team"}
    assert kinds["police"].decision


def test_a_deployment_adds_a_kind(tmp_path: Path) -> None:
    file = tmp_path / "kinds.toml"
    file.write_text(
        '[debt_help]\ndomain = "income"\nmay_signal = true\nmay_receive = false\n'
        'schemes = ["demographic"]\nschemes_at_most = ["demographic"]\n'
    )
    kinds = load_kinds(file)
    assert kinds["debt_help"].domain == "income"
    assert "police" in kinds


KIND = """[{name}]
domain = "x"
may_signal = {may_signal}
may_receive = false
schemes = {schemes}
schemes_at_most = {at_most}
"""


def test_the_form_used_below_is_a_good_one(tmp_path: Path) -> None:
    file = tmp_path / "kinds.toml"
    file.write_text(KIND.format(name="x", may_signal="true", schemes="[]", at_most='["bsn"]'))
    assert load_kinds(file)["x"].may_signal


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        "[x]\nmay_signal = true\n",
        KIND.format(name="x", may_signal="true", schemes='["bsn"]', at_most="[]"),
        KIND.format(name="x", may_signal="1", schemes="[]", at_most="[]"),
        KIND.format(name="x", may_signal="true", schemes="[]", at_most='["dna"]'),
        KIND.format(name="school", may_signal="true", schemes="[]", at_most='["bsn"]'),
        KIND.format(name="housing_association", may_signal="true", schemes="[]", at_most='["bsn"]'),
    ],
)
def test_a_file_that_is_wrong_or_gives_a_school_the_bsn_stops_the_start(tmp_path: Path, text: str) -> None:
    file = tmp_path / "kinds.toml"
    file.write_text(text)
    with pytest.raises(UnsafeSettingsError):
        load_kinds(file)


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettingsError):
        load_kinds(tmp_path / "none.toml")
