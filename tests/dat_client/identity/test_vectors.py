from __future__ import annotations

import json
from pathlib import Path

import pytest

from dat_client.identity import vectors
from dat_client.identity.person import RefusalReason
from dat_client.identity.vector_people import fictive_people


def test_the_code_gives_the_frozen_identity_vectors_byte_for_byte() -> None:
    assert vectors.identity_vectors().encode() == vectors.IDENTITY_FILE.read_bytes()


def test_the_code_gives_the_frozen_blinding_vectors_byte_for_byte() -> None:
    assert vectors.blinding_vectors().encode() == vectors.BLINDING_FILE.read_bytes()


def test_the_vectors_are_many_and_show_every_refusal() -> None:
    found = json.loads(vectors.IDENTITY_FILE.read_text())["vectors"]

    assert len(found) >= 500
    assert {vector["refused"] for vector in found if "refused" in vector} == set(RefusalReason)


def test_the_people_of_the_vectors_are_the_same_every_time() -> None:
    assert list(fictive_people()) == list(fictive_people())


def test_the_command_notices_a_file_that_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "vectors_nl1.json"
    changed.write_text(vectors.IDENTITY_FILE.read_text().replace("zandwyk", "zandwijk", 1))
    monkeypatch.setattr("sys.argv", ["vectors"])

    assert vectors.main() == 0
    monkeypatch.setattr(vectors, "IDENTITY_FILE", changed)
    assert vectors.main() == 1
    assert "vectors_nl1.json" in capsys.readouterr().out
